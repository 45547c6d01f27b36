//! What jobs do: each a command on a desk, with its figures.

use super::{Figures, Progress};
use crate::import::{self, Input, Thresholds};
use crate::officer::Officer;
use crate::{Command, Desk, Error, application};
use ids::{BatchId, ImportId};
use register::heading::Mapping;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What tells one sending of files from another: its key, and the files; a form that was gone back to may bring others.
#[must_use]
pub fn sending(key: &str, inputs: &[Input]) -> String {
    if key.is_empty() {
        return String::new();
    }
    let mut content = DefaultHasher::new();
    inputs.iter().for_each(|input| (&input.name, &input.bytes).hash(&mut content));
    format!("{key} {:016x}", content.finish())
}

/// Takes files in.
pub fn import(desk: &Desk, officer: &Officer, inputs: Vec<Input>, progress: Progress<'_>) -> Result<Figures, Error> {
    let mut step = |_: &'static str, done: u64, total: u64| progress(done, total);
    let report = import::persons(&desk.book, officer, inputs, &Mapping::default(), Thresholds::default(), &mut step)?;
    Ok(vec![
        ("staged", report.staged as u64),
        ("entered", report.entered as u64),
        ("pending", report.pending as u64),
        ("in-case", report.in_case as u64),
        ("same", report.same as u64),
        ("persons", report.persons as u64),
        ("households", report.households as u64),
    ])
}

/// Withdraws an import.
pub fn withdraw(desk: &Desk, command: &Command, import: ImportId) -> Result<Figures, Error> {
    let (withdrawn, kept) = import::withdraw(&desk.book, command, import)?;
    Ok(vec![("withdrawn", withdrawn as u64), ("kept", kept as u64)])
}

/// Searches the applications that wait against everybody enrolled.
pub fn check(desk: &Desk, command: &Command, progress: Progress<'_>) -> Result<Figures, Error> {
    let checked = application::check_all(&desk.book, command, progress)?;
    Ok(vec![
        ("searched", checked.searched as u64),
        ("clear", checked.clear as u64),
        ("hits", checked.hits as u64),
        ("gallery", checked.gallery as u64),
    ])
}

/// Makes the cards of a batch.
pub fn personalise(desk: &Desk, command: &Command, batch: BatchId, progress: Progress<'_>) -> Result<Figures, Error> {
    let outcome = desk.machine.personalise(command, batch, progress)?;
    Ok(vec![("made", outcome.made.len() as u64), ("failed", outcome.failed.len() as u64)])
}
