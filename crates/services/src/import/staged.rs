//! Staged files as officers see them: imports, their files and rows, and the correction of one row.

use super::plan::record_token;
use super::stage::context;
use super::{Input, Report, Thresholds, take_in};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::place::{Listed, Slice};
use crate::seal::open;
use crate::{Command, Error, unit};
use ids::{FileId, ImportId, PersonId};
use ports::Fault;
use ports::store::Read;
use register::heading::{COLUMNS, Mapping};
use register::row::{Raw, World};
use register::table::{IMPORT, PERSON, RECORD, ROW_OUTCOME, STAGED_FILE, STAGED_ROW};
use serde::Serialize;
use std::sync::Arc;

/// An import as listed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Summary {
    /// Its id.
    pub import: String,
    /// open, cut-off, done, withdrawn.
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

/// How imports are listed.
pub(crate) static LISTED: Listed = Listed { table: &IMPORT, unit: 7, above: 8, nation: None, province: 2 };

/// The imports of the officer's unit, the newest first, before the import `after`.
pub fn imports(book: &Book, officer: &Officer, after: Option<ImportId>, limit: usize) -> Result<Slice<Summary>, Error> {
    officer.may("import")?;
    let id = |row: &journal::Row| ImportId::from_bytes(row[0].blob()).unwrap_or_default().to_string();
    let summary = |row: &journal::Row| {
        Ok(Summary {
            import: id(row),
            state: row[2].text().to_owned(),
            files: row[3].int(),
            rows: row[4].int(),
            begun: time::Instant(row[5].int()).to_string(),
        })
    };
    book.view(|view| {
        let after = match after {
            Some(id) => {
                let row = view.get(&IMPORT, &[id.bytes().into()])?;
                Some(unit::cursor(view, row, LISTED.unit, &officer.unit, "import-missing")?)
            }
            None => None,
        };
        let rows = LISTED.page(view, &officer.unit, &[], after.as_ref(), limit, true)?;
        Slice::of(rows, limit, summary, id)
    })
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
    let (staged, body, outcome, unit) = book.view(|view| {
        own_file(view, officer, file)?;
        let staged = view.get(&STAGED_FILE, &key[..1])?.ok_or_else(missing)?;
        let row = view.get(&STAGED_ROW, &key)?.ok_or_else(missing)?;
        let outcome = view.get(&ROW_OUTCOME, &key)?.ok_or_else(missing)?;
        // The person's unit looks after its people's reads; a row that is nobody's is the importing unit's.
        let of_person = view.get(&PERSON, &outcome[3..4])?.map(|row| row[4].text().to_owned());
        let unit = match of_person.filter(|unit| !unit.is_empty()) {
            Some(unit) => unit,
            None => view.get(&IMPORT, &staged[1..2])?.map_or(String::new(), |row| row[7].text().to_owned()),
        };
        Ok((staged, row[3].clone(), outcome, unit))
    })?;
    let person = PersonId::from_bytes(outcome[3].blob());
    let mut event = book.event("row.read", &officer.actor("correction"));
    event.unit = unit;
    event.subjects = person.into_iter().collect();
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let raw = unsealed(book, &staged, file, body.blob())?;
    let outcome = Outcome {
        line,
        state: outcome[2].text().to_owned(),
        findings: outcome[5].text().split_whitespace().map(str::to_owned).collect(),
        person: person.map(|id| id.to_string()),
        case: ids::CaseId::from_bytes(outcome[4].blob()).map(|id| id.to_string()),
    };
    Ok((outcome, COLUMNS.iter().copied().zip(raw.0).collect()))
}

/// Where the version of a row stands that the register goes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Current {
    /// The import.
    pub import: ImportId,
    /// The file.
    pub file: FileId,
    /// The line in it.
    pub line: i64,
}

/// The newer version of a row, if there is one: somebody has corrected it, or its sender has sent it again. One that another
/// unit took in is not the officer's to see, and is not named.
pub fn newer(book: &Book, officer: &Officer, file: FileId, line: i64) -> Result<Option<Current>, Error> {
    let Some(newer) = superseding(book, officer, file, line)? else { return Ok(None) };
    match book.view(|view| own_import(view, officer, newer.import)) {
        Ok(()) => Ok(Some(newer)),
        Err(Error::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The newer version of a row, whoever took it in.
fn superseding(book: &Book, officer: &Officer, file: FileId, line: i64) -> Result<Option<Current>, Error> {
    officer.may("import")?;
    let missing = || Error::Missing("row-missing");
    let key = [file.bytes().into(), line.into()];
    let (staged, body) = book.view(|view| {
        own_file(view, officer, file)?;
        let staged = view.get(&STAGED_FILE, &key[..1])?.ok_or_else(missing)?;
        Ok((staged, view.get(&STAGED_ROW, &key)?.ok_or_else(missing)?[3].clone()))
    })?;
    // Only who sent it and its number there are looked at; nothing of the row is shown.
    let raw = unsealed(book, &staged, file, body.blob())?;
    let read = register::row::normalise(line.unsigned_abs(), raw, &World { ward_exists: &|_| true, year: 2000 });
    let record = record_token(book, &read.sender, &read.rec_id, staged[2].blob(), read.line);
    let Some(known) = book.view(|view| Ok(view.get(&RECORD, &[record.into()])?))? else { return Ok(None) };
    let Some(current) = FileId::from_bytes(known[2].blob()) else { return Ok(None) };
    if (current, known[3].int()) == (file, line) {
        return Ok(None);
    }
    let staged = book.view(|view| Ok(view.get(&STAGED_FILE, &known[2..3])?))?.ok_or_else(missing)?;
    let import = ImportId::from_bytes(staged[1].blob()).unwrap_or_default();
    Ok(Some(Current { import, file: current, line: known[3].int() }))
}

/// Who made an import, and when, if it was begun since event `from`.
pub fn begun_since(
    book: &Book,
    officer: &Officer,
    import: ImportId,
    from: u64,
) -> Result<Vec<crate::change::Changed>, Error> {
    let found = crate::change::since(book, officer, from, &IMPORT, &[import.bytes().into()], "import.begun")?;
    Ok(found.into_iter().map(|(changed, _)| changed).collect())
}

fn unsealed(book: &Book, staged: &[journal::Value], file: FileId, body: &[u8]) -> Result<Raw, Error> {
    let data_key = book.home().keys.unwrap(staged[6].blob(), &context(file))?;
    let clear = open(&data_key, &context(file), body)?;
    let damaged = || Fault::Damaged { what: "table staged_row".into(), cause: "the row cannot be read".into() };
    Ok(serde_json::from_slice(&clear).map_err(|_| damaged())?)
}

/// Corrects a row: the corrected cells are a new version of the sender's row, in a file of their own; what was sent stays.
/// Whoever has the turn is alone, so the version looked at first is still the newest when the correction is entered.
pub fn correct(
    book: &Arc<Book>,
    command: &Command,
    file: FileId,
    line: i64,
    cells: &[(String, String)],
) -> Result<Report, Error> {
    command.officer.may("import")?;
    let columns = cells.iter().filter(|(name, _)| COLUMNS.contains(&name.as_str()));
    let parts: Vec<&[u8]> = columns.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).collect();
    let place = [file.bytes().as_slice(), &line.to_be_bytes()];
    let once = command.once(book.home(), "row correct", &[place.as_slice(), &parts].concat())?;
    let turn = book.imports.soon()?;
    if let Some(answer) = once.answered(book)? {
        return Ok(Report { import: String::from_utf8_lossy(&answer).into_owned(), ..Report::default() });
    }
    let superseding = superseding(book, &command.officer, file, line)?;
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
    if superseding.is_some() {
        // Sent twice: the newer version is this correction. Any other is what must be corrected instead, or what it says
        // would be taken back unseen; so is one that is not the officer's to see.
        return match newer(book, &command.officer, file, line)? {
            Some(newer) if self::row(book, &command.officer, newer.file, newer.line)?.1 == row => {
                Ok(Report { import: newer.import.to_string(), ..Report::default() })
            }
            _ => Err(Error::Version { expected: 1, found: 2 }),
        };
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
    let (mapping, thresholds) = (Mapping::default(), Thresholds::default());
    let report = take_in(&turn, book, officer, "correction", inputs, &mapping, thresholds, &mut |_, _, _| ())?;
    let answer = report.import.clone().into_bytes();
    once.submit(book, move |_| Ok(Decision { events: Vec::new(), answer }))?;
    Ok(report)
}
