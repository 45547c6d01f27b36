//! Withdrawing an import: what only it said is taken back, what others said too stays.

use crate::Error;
use crate::book::{Book, Decision};
use crate::person::{Entry, number_key};
use ids::{CaseId, ImportId, PersonId};
use journal::{Actor, Change, Value};
use register::table::{CASE, IMPORT, NUMBER, RECORD, ROW_OUTCOME, STAGED_FILE};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows taken at a time.
const CHUNK: usize = 1_000;

/// Withdraws an import, finished or not. Gives the persons withdrawn and the persons that keep other sources. Allotted
/// numbers are never given again; the rows as sent stay staged.
pub fn withdraw(book: &Arc<Book>, actor: &Actor, import: ImportId) -> Result<(usize, usize), Error> {
    let state =
        book.view(|view| Ok(view.get(&IMPORT, &[import.bytes().into()])?))?.ok_or(Error::Missing("import-missing"))?;
    if state[2].text() == "withdrawn" {
        return Ok((0, 0));
    }
    let files = book.view(|view| Ok(view.find(&STAGED_FILE, 1, &[import.bytes().into()], 100_000)?))?;
    let names: Arc<BTreeSet<String>> = Arc::new(
        files.iter().filter_map(|row| ids::FileId::from_bytes(row[0].blob())).map(|file| file.to_string()).collect(),
    );
    let (mut withdrawn, mut kept) = (0, 0);
    for file in &files {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let rows = book.view(|view| Ok(view.scan(&ROW_OUTCOME, &file[..1], after.as_deref(), CHUNK)?))?;
            let Some(last) = rows.last() else { break };
            after = Some(last[..2].to_vec());
            let (inner, actor, names) = (Arc::clone(book), actor.clone(), Arc::clone(&names));
            let answer = book.submit(None, move |view| {
                let mut decision = Decision::default();
                let mut persons = BTreeSet::new();
                let mut cases = BTreeSet::new();
                let mut rows_event = inner.event("rows.withdrawn", &actor);
                for mut row in rows {
                    if row[2].text() == "withdrawn" {
                        continue;
                    }
                    if row[2].text() != "same" {
                        persons.extend(PersonId::from_bytes(row[3].blob()));
                        cases.extend(CaseId::from_bytes(row[4].blob()));
                    }
                    row[2] = "withdrawn".into();
                    rows_event.changes.push(Change::put(&ROW_OUTCOME, row));
                }
                let mut counts = (0usize, 0usize);
                for id in persons {
                    let Some(mut entry) = Entry::load(view, inner.home(), id)? else { continue };
                    if entry.status != "active" {
                        continue;
                    }
                    for row in view.find(&RECORD, 0, &[id.bytes().into()], 1_000)? {
                        if ids::FileId::from_bytes(row[2].blob()).is_some_and(|file| names.contains(&file.to_string()))
                        {
                            rows_event.changes.push(Change::delete(&RECORD, row[..1].to_vec()));
                        }
                    }
                    let mut event = inner.event("person.withdrawn", &actor);
                    let others = entry.person.sources.iter().any(|source| !names.contains(&source.file));
                    if others {
                        "person.updated".clone_into(&mut event.kind);
                        entry.person.take_back(&|file| names.contains(file));
                        let facts = entry.person.facts().0;
                        entry.unit = facts.ward;
                        counts.1 += 1;
                    } else {
                        entry.status = "withdrawn".into();
                        counts.0 += 1;
                        if let Some(number) = &entry.person.number {
                            let row =
                                vec![number_key(inner.home(), number).into(), id.bytes().into(), "withdrawn".into()];
                            event.changes.push(Change::put(&NUMBER, row));
                        }
                    }
                    event.unit.clone_from(&entry.unit);
                    event.subjects = vec![id];
                    entry.write(inner.home(), &mut event);
                    decision.events.push(event);
                }
                for id in cases {
                    if let Some(mut row) = view.get(&CASE, &[id.bytes().into()])? {
                        row[1] = (row[1].int() + 1).into();
                        row[3] = "withdrawn".into();
                        rows_event.changes.push(Change::put(&CASE, row));
                    }
                }
                decision.answer = format!("{} {}", counts.0, counts.1).into_bytes();
                decision.events.push(rows_event);
                Ok(decision)
            })?;
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let mut numbers = answer.split(' ').map(|number| number.parse().unwrap_or(0));
            withdrawn += numbers.next().unwrap_or(0);
            kept += numbers.next().unwrap_or(0);
        }
    }
    let mut event = book.event("import.withdrawn", actor);
    book.submit(None, move |view| {
        for mut file in files {
            file[5] = "withdrawn".into();
            // Rows held in a case belong to nobody; their sender's record goes with the file.
            event.changes.push(Change::put(&STAGED_FILE, file));
        }
        if let Some(mut row) = view.get(&IMPORT, &[import.bytes().into()])? {
            row[2] = "withdrawn".into();
            event.changes.push(Change::put(&IMPORT, row));
        }
        for row in view.find(&CASE, 1, &[import.bytes().into()], 1_000_000)? {
            if row[3].text() == "open" {
                let mut row = row;
                row[1] = (row[1].int() + 1).into();
                row[3] = "withdrawn".into();
                event.changes.push(Change::put(&CASE, row));
            }
        }
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    Ok((withdrawn, kept))
}
