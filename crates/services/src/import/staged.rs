//! Staged files as officers see them: imports, their files and rows, and the correction of one row.

use super::stage::context;
use super::{Input, Report, Thresholds, take_in};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::seal::open;
use crate::{Command, Error, unit};
use ids::{FileId, ImportId, PersonId};
use ports::Fault;
use ports::store::Read;
use register::heading::{COLUMNS, Mapping};
use register::row::Raw;
use register::table::{IMPORT, ROW_OUTCOME, STAGED_FILE, STAGED_ROW};
use serde::Serialize;
use std::sync::Arc;

/// An import as listed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Summary {
    /// Its id.
    pub import: String,
    /// open, done, withdrawn.
    pub state: String,
    /// Its files.
    pub files: i64,
    /// Their rows.
    pub rows: i64,
    /// When it began.
    pub begun: String,
}

/// A staged file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Staged {
    /// Its id.
    pub file: String,
    /// Encoding and delimiter, or XLSX.
    pub form: String,
    /// Its rows.
    pub rows: i64,
    /// staged, entered, withdrawn.
    pub state: String,
}

/// What became of a row. Nothing in it names a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcome {
    /// The line in its file.
    pub line: i64,
    /// entered, pending, case, same, withdrawn.
    pub state: String,
    /// The codes of what was found about it.
    pub findings: Vec<String>,
    /// The person, where entered.
    pub person: Option<String>,
    /// The case, where one holds it.
    pub case: Option<String>,
}

/// An error unless the import is the nation's officer's to see, or was made in the officer's unit; another unit's is not there.
pub(super) fn own_import(view: &dyn Read, officer: &Officer, import: ImportId) -> Result<(), Error> {
    let row = view.get(&IMPORT, &[import.bytes().into()])?.ok_or(Error::Missing("import-missing"))?;
    if unit::within(view, row[7].text(), &officer.unit)? { Ok(()) } else { Err(Error::Missing("import-missing")) }
}

fn own_file(view: &dyn Read, officer: &Officer, file: FileId) -> Result<(), Error> {
    let row = view.get(&STAGED_FILE, &[file.bytes().into()])?.ok_or(Error::Missing("row-missing"))?;
    own_import(view, officer, ImportId::from_bytes(row[1].blob()).unwrap_or_default())
}

/// The imports, newest first.
pub fn imports(book: &Book, officer: &Officer) -> Result<Vec<Summary>, Error> {
    officer.may("import")?;
    let mut rows = book.view(|view| Ok(view.scan(&IMPORT, &[], None, 100_000)?))?;
    let own = |row: &journal::Row| book.view(|view| unit::within(view, row[7].text(), &officer.unit));
    rows = rows
        .into_iter()
        .filter_map(|row| own(&row).map(|own| own.then_some(row)).transpose())
        .collect::<Result<_, _>>()?;
    rows.reverse();
    let summary = |row: &journal::Row| Summary {
        import: ImportId::from_bytes(row[0].blob()).unwrap_or_default().to_string(),
        state: row[2].text().to_owned(),
        files: row[3].int(),
        rows: row[4].int(),
        begun: time::Instant(row[5].int()).to_string(),
    };
    Ok(rows.iter().map(summary).collect())
}

/// The files of an import.
pub fn files(book: &Book, officer: &Officer, import: ImportId) -> Result<Vec<Staged>, Error> {
    officer.may("import")?;
    book.view(|view| own_import(view, officer, import))?;
    let rows = book.view(|view| Ok(view.find(&STAGED_FILE, 1, &[import.bytes().into()], 100_000)?))?;
    let staged = |row: &journal::Row| Staged {
        file: FileId::from_bytes(row[0].blob()).unwrap_or_default().to_string(),
        form: row[3].text().to_owned(),
        rows: row[4].int(),
        state: row[5].text().to_owned(),
    };
    Ok(rows.iter().map(staged).collect())
}

/// Rows of a file after a line, at most `limit`; with `found` only those about which there is something to be known.
pub fn outcomes(
    book: &Book,
    officer: &Officer,
    file: FileId,
    after: i64,
    found: bool,
    limit: usize,
) -> Result<Vec<Outcome>, Error> {
    officer.may("import")?;
    book.view(|view| {
        own_file(view, officer, file)?;
        let (mut wanted, mut after) = (Vec::new(), after);
        while wanted.len() < limit {
            let start = [file.bytes().into(), after.into()];
            let rows = view.scan(&ROW_OUTCOME, &start[..1], Some(&start), 500)?;
            let Some(last) = rows.last() else { break };
            after = last[1].int();
            let outcomes = rows.iter().map(|row| Outcome {
                line: row[1].int(),
                state: row[2].text().to_owned(),
                findings: row[5].text().split_whitespace().map(str::to_owned).collect(),
                person: PersonId::from_bytes(row[3].blob()).map(|id| id.to_string()),
                case: ids::CaseId::from_bytes(row[4].blob()).map(|id| id.to_string()),
            });
            let room = limit - wanted.len();
            wanted
                .extend(outcomes.filter(|one| !found || !one.findings.is_empty() || one.state != "entered").take(room));
        }
        Ok(wanted)
    })
}

/// The cells of a row by the names of their columns.
pub type Cells = Vec<(&'static str, String)>;

/// A row as it was sent, by its columns' names. The read is an event first.
pub fn row(book: &Arc<Book>, officer: &Officer, file: FileId, line: i64) -> Result<(Outcome, Cells), Error> {
    officer.may("import")?;
    let missing = || Error::Missing("row-missing");
    let key = [file.bytes().into(), line.into()];
    let (staged, body, outcome) = book.view(|view| {
        own_file(view, officer, file)?;
        let staged = view.get(&STAGED_FILE, &key[..1])?.ok_or_else(missing)?;
        let row = view.get(&STAGED_ROW, &key)?.ok_or_else(missing)?;
        Ok((staged, row[3].clone(), view.get(&ROW_OUTCOME, &key)?.ok_or_else(missing)?))
    })?;
    let person = PersonId::from_bytes(outcome[3].blob());
    let mut event = book.event("row.read", &officer.actor("correction"));
    event.subjects = person.into_iter().collect();
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let data_key = book.home().keys.unwrap(staged[6].blob(), &context(file))?;
    let clear = open(&data_key, &context(file), body.blob())?;
    let damaged = || Fault::Damaged { what: "table staged_row".into(), cause: "the row cannot be read".into() };
    let raw: Raw = serde_json::from_slice(&clear).map_err(|_| damaged())?;
    let outcome = Outcome {
        line,
        state: outcome[2].text().to_owned(),
        findings: outcome[5].text().split_whitespace().map(str::to_owned).collect(),
        person: person.map(|id| id.to_string()),
        case: ids::CaseId::from_bytes(outcome[4].blob()).map(|id| id.to_string()),
    };
    Ok((outcome, COLUMNS.iter().copied().zip(raw.0).collect()))
}

/// Corrects a row: the corrected cells are a new version of the sender's row, in a file of their own; what was sent stays.
pub fn correct(
    book: &Arc<Book>,
    command: &Command,
    file: FileId,
    line: i64,
    cells: &[(String, String)],
) -> Result<Report, Error> {
    let (_, mut row) = row(book, &command.officer, file, line)?;
    let named = |name: &str| cells.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
    for (name, value) in &mut row {
        // Who sent it, and its number there, make it a version of the same row.
        if !matches!(*name, "rec_id" | "file_province")
            && let Some(corrected) = named(name)
        {
            *value = corrected;
        }
    }
    if row.iter().any(|(name, value)| *name == "rec_id" && value.trim().is_empty()) {
        return Err(Error::refused("row-without-number"));
    }
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    // What was empty and is not corrected is left out: of that the new version says nothing, and the row sent still speaks.
    row.retain(|(name, value)| {
        matches!(*name, "rec_id" | "file_province" | "full_name") || !value.is_empty() || named(name).is_some()
    });
    let head: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let body: Vec<String> = row.iter().map(|(_, value)| quoted(value)).collect();
    let bytes = format!("{}\r\n{}\r\n", head.join(","), body.join(",")).into_bytes();
    let inputs = vec![Input { name: format!("{file} line {line}"), bytes }];
    let officer = &command.officer;
    take_in(book, officer, "correction", inputs, &Mapping::default(), Thresholds::default(), &mut |_, _, _| ())
}
