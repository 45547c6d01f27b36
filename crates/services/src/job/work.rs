//! What jobs do: each a command on a desk, with its figures.

use super::{Done, Progress};
use crate::import::{self, Input, Thresholds};
use crate::officer::Officer;
use crate::{Command, Desk, Error, application};
use ids::{BatchId, ImportId};
use register::heading::Mapping;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What tells one sending of files from another.
#[must_use]
pub fn digest(inputs: &[Input]) -> String {
    let mut content = DefaultHasher::new();
    inputs.iter().for_each(|input| (&input.name, &input.bytes).hash(&mut content));
    format!("{:016x}", content.finish())
}

/// Takes files in.
pub fn import(desk: &Desk, officer: &Officer, inputs: Vec<Input>, progress: Progress<'_>) -> Result<Done, Error> {
    let mut step = |_: &'static str, done: u64, total: u64| progress(done, total);
    let report = import::persons(&desk.book, officer, inputs, &Mapping::default(), Thresholds::default(), &mut step)
        .map_err(without_cells)?;
    Ok(Done {
        figures: vec![
            ("known-files", report.files.iter().filter(|file| file.known).count() as u64),
            ("staged", report.staged as u64),
            ("entered", report.entered as u64),
            ("pending", report.pending as u64),
            ("in-case", report.in_case as u64),
            ("same", report.same as u64),
            ("persons", report.persons as u64),
            ("households", report.households as u64),
        ],
        made: Some(report.import).filter(|import| !import.is_empty()),
    })
}

/// A job's error is seen by others than whoever sent the file: what stood in a line that should have been headings may be a
/// person.
fn without_cells(error: Error) -> Error {
    match error {
        Error::Input { code: "file-columns-missing", mut arguments } => {
            arguments.retain(|(name, _)| matches!(*name, "file" | "line" | "missing"));
            Error::Input { code: "columns-missing", arguments }
        }
        other => other,
    }
}

/// Withdraws an import.
pub fn withdraw(desk: &Desk, command: &Command, import: ImportId) -> Result<Done, Error> {
    let (withdrawn, kept) = import::withdraw(&desk.book, command, import)?;
    Ok(figures(vec![("withdrawn", withdrawn as u64), ("kept", kept as u64)]))
}

fn figures(figures: Vec<(&'static str, u64)>) -> Done {
    Done { figures, made: None }
}

/// Searches the applications that wait against everybody enrolled.
pub fn check(desk: &Desk, command: &Command, progress: Progress<'_>) -> Result<Done, Error> {
    let checked = application::check_all(&desk.book, command, progress)?;
    Ok(figures(vec![
        ("searched", checked.searched as u64),
        ("clear", checked.clear as u64),
        ("hits", checked.hits as u64),
        ("gallery", checked.gallery as u64),
    ]))
}

/// Makes the cards of a batch. One that cannot be made is an error that says how many were, and why the first was not; the
/// same command goes on with those that are missing.
pub fn personalise(desk: &Desk, command: &Command, batch: BatchId, progress: Progress<'_>) -> Result<Done, Error> {
    let outcome = desk.machine.personalise(command, batch, progress)?;
    let made = outcome.made.len() as u64;
    match outcome.failed.into_iter().next() {
        None => Ok(figures(vec![("made", made)])),
        // What failed of the machine is written down, and said as any other fault.
        Some(failed) if matches!(failed.error, Error::Fault(_)) => Err(failed.error),
        Some(failed) => Err(Error::Refused {
            code: "cards-failed",
            arguments: vec![
                ("made", made.to_string()),
                ("application", failed.application.to_string()),
                ("reason", failed.error.code().to_owned()),
            ],
        }),
    }
}
