//! Withdrawing an import: what only it said is taken back, what others said too stays.

use super::plan::record_of;
use super::staged::own_import;
use crate::Error;
use crate::application::refuse_waiting;
use crate::book::{Book, Decision};
use crate::case::held_records;
use crate::command::Command;
use crate::person::{Entry, empty_household, number_key};
use ids::{CaseId, FileId, ImportId, PersonId};
use journal::{Actor, Change, Row};
use ports::store::Read;
use register::person::Source;
use register::table::{CASE, IMPORT, NUMBER, RECORD, ROW_OUTCOME, STAGED_FILE, STAGED_ROW};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows taken at a time.
const CHUNK: usize = 1_000;

/// Withdraws an import, finished or not. Gives the persons withdrawn and the persons that keep other sources. Allotted
/// numbers are never given again; the rows as sent stay staged. Open cases about who was withdrawn are closed before the
/// import counts as withdrawn, so that a run that was cut off closes them when it is repeated.
pub fn withdraw(book: &Arc<Book>, command: &Command, import: ImportId) -> Result<(usize, usize), Error> {
    command.officer.may("import")?;
    let once = command.once(book.home(), "import withdraw", &[import.bytes()])?;
    let _turn = book.imports.wait();
    if let Some(answer) = once.answered(book)? {
        return Ok(counts(&answer));
    }
    let actor = command.officer.actor("import");
    let row =
        book.view(|view| Ok(view.get(&IMPORT, &[import.bytes().into()])?))?.ok_or(Error::Missing("import-missing"))?;
    book.view(|view| own_import(view, &command.officer, import))?;
    command.expect(version(&row))?;
    let files = book.view(|view| Ok(view.find(&STAGED_FILE, 1, &[import.bytes().into()], 100_000)?))?;
    let names: BTreeSet<String> =
        files.iter().filter_map(|row| FileId::from_bytes(row[0].blob())).map(|file| file.to_string()).collect();
    let names = Arc::new(names);
    let (mut withdrawn, mut kept) = (0, 0);
    for file in &files {
        let mut after: Option<Row> = None;
        loop {
            let rows = book.view(|view| Ok(view.scan(&ROW_OUTCOME, &file[..1], after.as_deref(), CHUNK)?))?;
            let Some(last) = rows.last() else { break };
            after = Some(last[..2].to_vec());
            let lines: Vec<[u8; 8]> = rows.iter().map(|row| row[1].int().to_be_bytes()).collect();
            let step = once.step(book.home(), &[file[0].blob(), lines.as_flattened()]);
            let (inner, actor, names) = (Arc::clone(book), actor.clone(), Arc::clone(&names));
            let answer =
                book.submit(step.as_deref(), move |view| withdraw_rows(&inner, view, &actor, &names, &rows))?;
            let counts = counts(&answer);
            withdrawn += counts.0;
            kept += counts.1;
        }
    }
    crate::case::close_fallen(book, &actor)?;
    let inner = Arc::clone(book);
    let answer = once.submit(book, move |view| {
        let mut decision = Decision { events: Vec::new(), answer: format!("{withdrawn} {kept}").into_bytes() };
        let Some(mut row) = view.get(&IMPORT, &[import.bytes().into()])? else { return Ok(decision) };
        if row[2].text() == "withdrawn" {
            return Ok(decision);
        }
        let mut event = inner.event("import.withdrawn", &actor);
        row[2] = "withdrawn".into();
        event.changes.push(Change::put(&IMPORT, row));
        for mut file in view.find(&STAGED_FILE, 1, &[import.bytes().into()], 100_000)? {
            // Rows held in a case belong to nobody; their sender's record goes with the file.
            file[5] = "withdrawn".into();
            event.changes.push(Change::put(&STAGED_FILE, file));
        }
        // Held rows are withdrawn, so nothing is left to ask; a clash of persons who stay is another question.
        for row in view.find(&CASE, 1, &[import.bytes().into()], 1_000_000)? {
            if row[2].text() == "linkage" {
                event.changes.extend(case_withdrawn(row));
            }
        }
        decision.events.push(event);
        Ok(decision)
    })?;
    Ok(counts(&answer))
}

/// An import changes twice: it is finished or cut off, and it is withdrawn. So its state says its version.
fn version(row: &Row) -> i64 {
    match row[2].text() {
        "open" => 1,
        "done" | "cut-off" => 2,
        _ => 3,
    }
}

fn counts(answer: &[u8]) -> (usize, usize) {
    let text = String::from_utf8_lossy(answer);
    let mut numbers = text.split(' ').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// The change that closes a case whose question has gone away; none if it is closed.
fn case_withdrawn(mut row: Row) -> Option<Change> {
    if row[3].text() != "open" {
        return None;
    }
    row[1] = (row[1].int() + 1).into();
    row[3] = "withdrawn".into();
    Some(Change::put(&CASE, row))
}

/// Takes rows back, and from their persons what only these files said.
fn withdraw_rows(
    book: &Book,
    view: &dyn Read,
    actor: &Actor,
    names: &BTreeSet<String>,
    rows: &[Row],
) -> Result<Decision, Error> {
    let mut decision = Decision::default();
    let mut persons = BTreeSet::new();
    let mut cases = BTreeSet::new();
    let mut rows_event = book.event("rows.withdrawn", actor);
    for row in rows {
        let Some(mut row) = view.get(&ROW_OUTCOME, &row[..2])?.filter(|row| row[2].text() != "withdrawn") else {
            continue;
        };
        if row[2].text() != "same" {
            persons.extend(PersonId::from_bytes(row[3].blob()));
            cases.extend(CaseId::from_bytes(row[4].blob()));
        }
        row[2] = "withdrawn".into();
        rows_event.changes.push(Change::put(&ROW_OUTCOME, row));
    }
    let (mut withdrawn, mut kept) = (0, 0);
    let mut gone: Vec<PersonId> = Vec::new();
    for id in persons {
        let Some(mut entry) = Entry::load(view, book.home(), id)?.filter(|entry| entry.status == "active") else {
            continue;
        };
        let mut event = book.event("person.withdrawn", actor);
        if entry.person.sources.iter().any(|source| !names.contains(&source.file)) {
            "person.updated".clone_into(&mut event.kind);
            entry.person.take_back(&|file| names.contains(file));
            let ward = entry.person.facts().0.ward;
            decision.events.extend(entry.moves(book, actor, &ward));
            kept += 1;
        } else {
            entry.status = "withdrawn".into();
            withdrawn += 1;
            if let Some(number) = &entry.person.number {
                let row = vec![number_key(book.home(), number).into(), id.bytes().into(), "withdrawn".into()];
                event.changes.push(Change::put(&NUMBER, row));
            }
            event.changes.extend(empty_household(view, &entry, &gone)?);
            decision.events.extend(refuse_waiting(book, view, actor, id)?);
            gone.push(id);
        }
        rows_event.changes.extend(records(book, view, names, &entry)?);
        event.unit.clone_from(&entry.unit);
        event.subjects = vec![id];
        entry.write(book.home(), &mut event);
        decision.events.push(event);
    }
    for id in cases {
        let Some(row) = view.get(&CASE, &[id.bytes().into()])? else { continue };
        // Rows that a case holds belong to nobody: their sender may send them again.
        for record in held_records(book, &row)? {
            let known = view.get(&RECORD, &[record.into()])?;
            if let Some(known) = known.filter(|known| known[4].is_null() && is_of(names, known)) {
                rows_event.changes.push(Change::delete(&RECORD, known[..1].to_vec()));
            }
        }
        rows_event.changes.extend(case_withdrawn(row));
    }
    decision.answer = format!("{withdrawn} {kept}").into_bytes();
    if !rows_event.changes.is_empty() {
        decision.events.push(rows_event);
    }
    Ok(decision)
}

/// Whether a record points into one of these files.
fn is_of(names: &BTreeSet<String>, record: &Row) -> bool {
    FileId::from_bytes(record[2].blob()).is_some_and(|file| names.contains(&file.to_string()))
}

/// A person's records that point into these files point back to the version that is believed again; they go where none is
/// left.
fn records(book: &Book, view: &dyn Read, names: &BTreeSet<String>, entry: &Entry) -> Result<Vec<Change>, Error> {
    let mut back: BTreeMap<Vec<u8>, &Source> = BTreeMap::new();
    if entry.status == "active" {
        for source in entry.person.sources.iter().filter(|source| !source.superseded) {
            back.insert(record_of(book, view, source)?, source);
        }
    }
    let mut changes = Vec::new();
    for mut row in view.find(&RECORD, 0, &[entry.id.bytes().into()], 100_000)? {
        if !is_of(names, &row) {
            continue;
        }
        let before =
            back.get(row[0].blob()).and_then(|source| Some((FileId::parse(&source.file)?, source.line as i64)));
        let staged = match before {
            Some((file, line)) => view.get(&STAGED_ROW, &[file.bytes().into(), line.into()])?,
            None => None,
        };
        match staged {
            Some(staged) => {
                row[1] = staged[2].clone();
                row[2] = staged[0].clone();
                row[3] = staged[1].clone();
                changes.push(Change::put(&RECORD, row));
            }
            None => changes.push(Change::delete(&RECORD, row[..1].to_vec())),
        }
    }
    Ok(changes)
}
