//! A run that was cut off and is taken up again: what it has done already is not done again, and no row is left out.
//!
//! The plan of the second time is that of the first, because it is made of how the register was before the run: rows and
//! versions that the run itself has attached are thought away (`plan.rs`). Where officers have decided something in between,
//! the plan may differ all the same. So every command of a run is known by the rows it takes, never by its place among the
//! others, and a row that has its outcome keeps it.
//! Invariant: an import is `done` only if each of its rows has an outcome.

use super::plan::{Planned, record_of};
use super::{Read as Sent, Run};
use crate::Error;
use crate::book::Book;
use ids::{CaseId, FileId, PersonId};
use journal::{Row, Value};
use ports::Fault;
use ports::store::Read;
use register::table::{CASE, PERSON, RECORD, ROW_OUTCOME, STAGED_ROW};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Rows of outcomes taken at a time.
const PAGE: usize = 5_000;

/// The idempotency key of the command that takes these rows.
pub(super) fn key<'a>(book: &Book, run: &Run, step: &str, rows: impl Iterator<Item = &'a Planned>) -> Vec<u8> {
    let mut message = [run.id.bytes().as_slice(), step.as_bytes(), b"\0"].concat();
    for row in rows {
        message.extend_from_slice(row.file.bytes());
        message.extend_from_slice(&row.source.line.to_be_bytes());
    }
    book.home().keys.mac("command rows", &message)[..16].to_vec()
}

fn place(row: &Planned) -> Row {
    vec![row.file.bytes().into(), (row.source.line as i64).into()]
}

/// The rows that have no outcome yet; the outcomes of the others are handed to `done`.
pub(super) fn fresh(view: &dyn Read, rows: Vec<Planned>, done: &mut dyn FnMut(&Row)) -> Result<Vec<Planned>, Error> {
    let places: Vec<Row> = rows.iter().map(place).collect();
    let outcomes = view.get_all(&ROW_OUTCOME, &places)?;
    let without = |(row, outcome): (Planned, Option<Row>)| match outcome {
        Some(outcome) => {
            done(&outcome);
            None
        }
        None => Some(row),
    };
    Ok(rows.into_iter().zip(outcomes).filter_map(without).collect())
}

/// Rows that are one person with rows entered before the run was cut off are that person's, not another's.
pub(super) fn rejoin(
    book: &Book,
    known: &mut Vec<(PersonId, Vec<Planned>)>,
    new: &mut [Vec<Planned>],
) -> Result<(), Error> {
    let mut places: HashMap<PersonId, usize> =
        known.iter().enumerate().map(|(at, (person, _))| (*person, at)).collect();
    book.view(|view| {
        for rows in new {
            let mut person = None;
            let fresh = fresh(view, rows.clone(), &mut |outcome| {
                person = person.or(PersonId::from_bytes(outcome[3].blob()));
            })?;
            let Some(person) = person.filter(|_| !fresh.is_empty()) else { continue };
            if view.get(&PERSON, &[person.bytes().into()])?.is_none_or(|row| row[2].text() != "active") {
                continue;
            }
            let late: HashSet<Row> = fresh.iter().map(place).collect();
            rows.retain(|row| !late.contains(&place(row)));
            let at = *places.entry(person).or_insert(known.len());
            match known.get_mut(at) {
                Some((_, own)) => own.extend(fresh),
                None => known.push((person, fresh)),
            }
        }
        Ok(())
    })
}

/// The content of the version of a sender's row that this person had before the run, whose files are `own`.
pub(super) fn version_before(
    book: &Book,
    view: &dyn Read,
    own: &HashSet<String>,
    person: PersonId,
    record: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let Some(entry) = crate::person::Entry::load(view, book.home(), person)? else { return Ok(None) };
    for source in entry.person.sources.iter().rev().filter(|source| !own.contains(&source.file)) {
        if record_of(book, view, source)? == record {
            let file = FileId::parse(&source.file).unwrap_or_default();
            let staged = view.get(&STAGED_ROW, &[file.bytes().into(), (source.line as i64).into()])?;
            return Ok(staged.map(|row| row[2].blob().to_vec()));
        }
    }
    Ok(None)
}

/// Whose row this is; where it is held itself, the person against whom it is held.
pub(super) fn person_of(view: &dyn Read, record: &[u8]) -> Result<Option<PersonId>, Error> {
    let Some(record) = view.get(&RECORD, &[record.into()])? else { return Ok(None) };
    if let Some(person) = PersonId::from_bytes(record[4].blob()) {
        return Ok(Some(person));
    }
    let outcome = view.get(&ROW_OUTCOME, &record[2..4])?;
    let Some(case) = outcome.and_then(|outcome| CaseId::from_bytes(outcome[4].blob())) else { return Ok(None) };
    let case = view.get(&CASE, &[Value::from(case.bytes())])?;
    Ok(case.and_then(|case| PersonId::from_bytes(case[5].blob())))
}

/// A fault if a row of these files has no outcome: nobody would ever find that it was lost.
pub(super) fn complete(book: &Book, files: &[Sent]) -> Result<(), Error> {
    for file in files {
        let mut lines: BTreeSet<i64> = file.rows.iter().map(|row| row.line as i64).collect();
        let prefix: [Value; 1] = [file.file.bytes().into()];
        let mut after: Option<Row> = None;
        loop {
            let rows = book.view(|view| Ok(view.scan(&ROW_OUTCOME, &prefix, after.as_deref(), PAGE)?))?;
            let Some(last) = rows.last() else { break };
            after = Some(last[..2].to_vec());
            for row in &rows {
                lines.remove(&row[1].int());
            }
        }
        if let Some(line) = lines.first() {
            let cause = format!("{} rows have no outcome, the first in line {line}", lines.len());
            return Err(Fault::Damaged { what: format!("the import of file {}", file.file), cause }.into());
        }
    }
    Ok(())
}
