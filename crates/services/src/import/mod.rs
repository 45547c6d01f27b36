//! Collecting: files are staged, read, linked and entered; the same command goes on where it was cut off.
//!
//! Every step is a command with an idempotency key made of the run and the rows it takes, so a run that was killed at any
//! moment is repeated by the same command: what was done is not done again, and the rest comes out the same (`again.rs`).
//! Linking looks at the register as it was before the run, and numbers are allotted in file-and-line order.
//!
//! One import runs at a time (`turn.rs`). One that was cut off keeps nobody waiting: the next import of other files ends it as
//! it is (`cut-off`). What it entered stays; its files, sent again, are a new import, for which those rows are there already
//! and the others new; or it is withdrawn as any other.

mod again;
mod enter;
mod plan;
mod stage;
mod staged;
mod turn;
mod withdraw;

pub(crate) use enter::{attach_held, enter_held, number_anew};
pub(crate) use plan::record_of;
pub(crate) use staged::LISTED;
pub use staged::{
    Cells, Current, Outcome, Staged, Summary, begun_since, correct, files, imports, newer, outcomes, row,
};
pub(crate) use turn::Turns;
pub use withdraw::withdraw;

use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Error, unit};
use ids::ImportId;
use journal::{Actor, Change, Value};
use register::heading::Mapping;
use register::row::{Finding, Row, World};
use register::table::IMPORT;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file to be imported.
pub struct Input {
    /// Its name, for messages only.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How sure linkage must be.
pub use linkage::Thresholds;

/// What an import did.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Report {
    /// The run, for `import withdraw`; empty when nothing was new.
    pub import: String,
    /// Each file's form and rows.
    pub files: Vec<FileReport>,
    /// Rows staged by this run.
    pub staged: usize,
    /// Rows that entered a person with a number.
    pub entered: usize,
    /// Rows that entered a person whose number is pending.
    pub pending: usize,
    /// Rows held in a case.
    pub in_case: usize,
    /// Rows that were there already, word for word.
    pub same: usize,
    /// Persons entered.
    pub persons: usize,
    /// Persons that were there and took up a row.
    pub persons_updated: usize,
    /// Cases opened.
    pub cases: usize,
    /// Households made.
    pub households: usize,
    /// Pairs compared.
    pub pairs_scored: u64,
    /// Findings by code.
    pub findings: BTreeMap<String, usize>,
}

/// One file of a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Encoding and delimiter, or XLSX.
    pub form: String,
    /// Its rows.
    pub rows: usize,
    /// Imported before, byte for byte: nothing was done.
    pub known: bool,
}

/// A file read, before it is staged.
pub(crate) struct Read {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
    pub(crate) form: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) file: ids::FileId,
}

/// What an import tells while it works: a step's name, how much is done, of how much.
pub type Progress<'a> = &'a mut dyn FnMut(&'static str, u64, u64);

/// Imports files. Nothing is changed if any of them cannot be read. An officer of a unit imports what its province sends,
/// and what would change somebody elsewhere is held in a case there.
pub fn persons(
    book: &Arc<Book>,
    officer: &Officer,
    inputs: Vec<Input>,
    mapping: &Mapping,
    thresholds: Thresholds,
    progress: Progress<'_>,
) -> Result<Report, Error> {
    officer.may("import")?;
    let turn = book.imports.wait();
    take_in(&turn, book, officer, "import", inputs, mapping, thresholds, progress)
}

/// Whether an import, a correction or a withdrawal is under way.
#[must_use]
pub fn is_running(book: &Book) -> bool {
    book.imports.taken()
}

/// Takes files in for whoever has the turn.
#[expect(clippy::too_many_arguments, reason = "the turn is only there to be held")]
fn take_in(
    _: &turn::Turn<'_>,
    book: &Arc<Book>,
    officer: &Officer,
    purpose: &str,
    inputs: Vec<Input>,
    mapping: &Mapping,
    thresholds: Thresholds,
    progress: Progress<'_>,
) -> Result<Report, Error> {
    let (home, actor) = (book.home(), &officer.actor(purpose));
    let contents: Vec<Vec<u8>> =
        inputs.iter().map(|input| home.keys.mac("file content", &input.bytes)[..16].to_vec()).collect();
    let mut distinct: BTreeSet<&Vec<u8>> = BTreeSet::new();
    let known: Vec<bool> =
        contents.iter().map(|content| stage::is_imported(book, content)).collect::<Result<_, _>>()?;
    // A file named twice counts once; a file imported before is left out.
    let fresh: Vec<bool> =
        contents.iter().zip(&known).map(|(content, known)| !known && distinct.insert(content)).collect();
    let mut report = Report::default();
    let year = book.now().day().date().0;
    let run = if fresh.iter().any(|fresh| *fresh) {
        Some(begin(book, officer, mapping, &contents, &fresh, year)?)
    } else {
        None
    };
    let year = run.as_ref().map_or(year, |run| run.year);
    let units = book.view(unit::all)?;
    let ward_exists = |code: &str| units.is_empty() || units.contains_key(code);
    let world = World { ward_exists: &ward_exists, year };
    let mut files = Vec::new();
    let total = inputs.len() as u64;
    let read = read_all(inputs, contents, mapping, &world)?;
    own_senders(book, officer, &read)?;
    for (at, (mut file, fresh)) in read.into_iter().zip(fresh).enumerate() {
        progress("read", at as u64 + 1, total);
        let (name, form, rows) = (file.name.clone(), file.form.clone(), file.rows.len());
        report.files.push(FileReport { name, form, rows, known: !fresh });
        if fresh && run.is_some() {
            file.rows.sort_by_key(|row| row.line);
            files.push(file);
        }
    }
    let Some(run) = run else { return Ok(report) };
    let run = run.record(book, actor, &files)?;
    report.import = run.id.to_string();
    let keys = stage::begin(book, actor, &run, &mut files)?;
    report.staged = files.iter().map(|file| file.rows.len()).sum();
    // Linking needs the files' ids only, so the disk and the comparisons work side by side; entering waits for both.
    let (staged, plan) = std::thread::scope(|scope| {
        let planning = scope.spawn(|| plan::plan(book, actor, &run, &files, thresholds));
        let staged = stage::stage(book, actor, &run, &files, &keys, progress);
        progress("link", 0, 1);
        (staged, planning.join())
    });
    staged?;
    let plan = plan.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    progress("link", 1, 1);
    enter::enter(book, actor, &run, plan, &files, &mut report, progress)?;
    Ok(report)
}

/// A run of an import, new or taken up again.
pub(crate) struct Run {
    pub(crate) id: ImportId,
    /// The key that all of the run's commands derive theirs from.
    pub(crate) content: Vec<u8>,
    /// The unit of the officer who imports; empty for the nation.
    pub(crate) unit: String,
    /// The province and the district above it.
    above: [Value; 2],
    /// The year that dates are judged by.
    pub(crate) year: i32,
    begun: bool,
}

/// An error unless every row comes from the province of the officer's unit.
fn own_senders(book: &Book, officer: &Officer, read: &[Read]) -> Result<(), Error> {
    if officer.unit.is_empty() {
        return Ok(());
    }
    let own = book.view(|view| unit::province(view, &officer.unit))?.unwrap_or_default();
    for file in read {
        if let Some(row) = file.rows.iter().find(|row| row.sender != own) {
            let arguments = vec![("file", file.name.clone()), ("line", row.line.to_string()), ("province", own)];
            return Err(Error::Input { code: "sender-elsewhere", arguments });
        }
    }
    Ok(())
}

/// Finds the unfinished run of these files, or makes ready a new one. The same files under another mapping, or for another
/// unit, are another run.
fn begin(
    book: &Arc<Book>,
    officer: &Officer,
    mapping: &Mapping,
    contents: &[Vec<u8>],
    fresh: &[bool],
    year: i32,
) -> Result<Run, Error> {
    let mut parts: Vec<&[u8]> =
        contents.iter().zip(fresh).filter(|(_, fresh)| **fresh).map(|(content, _)| content.as_slice()).collect();
    parts.sort_unstable();
    let (named, unit) = (mapping.to_string(), officer.unit.clone());
    if !named.is_empty() || !unit.is_empty() {
        parts.extend([named.as_bytes(), b"\0", unit.as_bytes()]);
    }
    let content = book.home().keys.mac("import", &parts.concat())[..16].to_vec();
    let (open, above) =
        book.view(|view| Ok((view.find(&IMPORT, 1, &["open".into()], 100)?, crate::place::above(view, &unit)?)))?;
    if let Some(row) = open.iter().find(|row| row[1].blob() == content) {
        let id = ImportId::from_bytes(row[0].blob()).ok_or(Error::Missing("import-missing"))?;
        return Ok(Run { id, content, unit, above, year: row[6].int() as i32, begun: true });
    }
    Ok(Run { id: ImportId(book.id()), content, unit, above, year, begun: false })
}

impl Run {
    /// The idempotency key of one of the run's steps.
    pub(crate) fn key(&self, book: &Book, step: &str, number: usize) -> Vec<u8> {
        let message = [self.id.bytes().as_slice(), step.as_bytes(), &(number as u64).to_be_bytes()].concat();
        book.home().keys.mac("command", &message)[..16].to_vec()
    }

    pub(crate) fn row(&self, state: &str, files: usize, rows: usize, begun: i64) -> Vec<Value> {
        vec![
            self.id.bytes().into(),
            self.content.as_slice().into(),
            state.into(),
            (files as i64).into(),
            (rows as i64).into(),
            begun.into(),
            i64::from(self.year).into(),
            self.unit.as_str().into(),
            self.above[0].clone(),
            self.above[1].clone(),
        ]
    }

    /// Records that the run begins, if it is new. Whatever is open then was cut off, and ends in the same transaction.
    fn record(self, book: &Arc<Book>, actor: &Actor, files: &[Read]) -> Result<Run, Error> {
        if self.begun {
            return Ok(self);
        }
        let rows = files.iter().map(|file| file.rows.len()).sum();
        let mut event = book.event("import.begun", actor);
        event.changes = vec![Change::put(&IMPORT, self.row("open", files.len(), rows, event.recorded.0))];
        let mut ended = book.event("import.cut-off", &Actor::default());
        book.submit(None, move |view| {
            for mut row in view.find(&IMPORT, 1, &["open".into()], 100)? {
                row[2] = "cut-off".into();
                ended.changes.push(Change::put(&IMPORT, row));
            }
            let mut events = vec![ended, event];
            events.retain(|event| !event.changes.is_empty());
            Ok(Decision { events, answer: Vec::new() })
        })?;
        Ok(self)
    }
}

/// Reads all files, on all cores; the first fault in the files' order is the one reported.
fn read_all(
    inputs: Vec<Input>,
    contents: Vec<Vec<u8>>,
    mapping: &Mapping,
    world: &World<'_>,
) -> Result<Vec<Read>, Error> {
    use rayon::prelude::*;
    let read: Vec<Result<Read, Error>> = inputs
        .into_par_iter()
        .zip(contents)
        .map(|(input, content)| {
            let sheet =
                register::sheet::read(&input.bytes, mapping).map_err(|error| Error::in_file(&error, &input.name))?;
            let rows = register::row::rows(&sheet, world);
            Ok(Read { name: input.name, content, form: sheet.form, rows, file: ids::FileId::default() })
        })
        .collect();
    read.into_iter().collect()
}

/// The codes of findings, for a row's outcome.
pub(crate) fn codes(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.code()).collect::<Vec<_>>().join(" ")
}
