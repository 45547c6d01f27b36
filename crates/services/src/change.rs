//! What others changed since a page was drawn: for the second of two officers on one record.
//!
//! A page notes how many events there were when it was drawn ([`now`]). Only when a command is refused for its version are
//! the events from there on looked through, so the price is paid by whoever came second.

use crate::Error;
use crate::book::Book;
use crate::officer::OFFICER;
use crate::schema::PERSON_EVENT;
use crate::unit;
use ids::{BatchId, CaseId};
use issuance::table::BATCH;
use journal::{Actor, Change, Parts, Row, Table, Value};
use ports::store::{Page, Read, StoredEvent};
use register::table::CASE;

/// Events looked through; a page that was drawn longer ago is told of the last ones only.
const EVENTS_MAX: u64 = 20_000;
/// The last events of a person looked through.
const CHAIN_MAX: usize = 1_000;
/// Events taken at a time.
const PAGE: usize = 500;

/// One change of a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// When.
    pub recorded: time::Instant,
    /// What happened.
    pub kind: String,
    /// The account name of the officer; empty for the operator of the machine.
    pub officer: String,
}

/// How far the register has come: what a page notes when it is drawn.
pub fn now(book: &Book) -> Result<u64, Error> {
    book.view(|view| Ok(view.event_count()?))
}

/// The account name of whoever acted; empty for the operator of the machine.
pub(crate) fn name_of(view: &dyn Read, actor: &Actor) -> Result<String, Error> {
    let Some(officer) = actor.officer else { return Ok(String::new()) };
    Ok(view.get(&OFFICER, &[officer.bytes().into()])?.map_or_else(String::new, |row| row[2].text().to_owned()))
}

/// The changes of one row since event `from`, of events whose kind begins with `kind`; with the row as each left it.
pub(crate) fn since(
    book: &Book,
    from: u64,
    table: &'static Table,
    key: &[Value],
    kind: &str,
) -> Result<Vec<(Changed, Row)>, Error> {
    book.view(|view| {
        let mut at = from.max(view.event_count()?.saturating_sub(EVENTS_MAX));
        let mut all = Vec::new();
        loop {
            let events = view.events(at, PAGE)?;
            let Some(last) = events.last() else { return Ok(all) };
            at = last.number + 1;
            for stored in events.iter().filter(|event| event.kind.starts_with(kind)) {
                all.extend(change(view, stored, table, key)?);
            }
        }
    })
}

/// The change that an event made of one row, and the row as it left it; none where it left the row alone.
fn change(
    view: &dyn Read,
    stored: &StoredEvent,
    table: &'static Table,
    key: &[Value],
) -> Result<Option<(Changed, Row)>, Error> {
    let event = Parts::from_bytes(&stored.bytes)?.event()?;
    let row = event.changes.into_iter().find_map(|change| match change {
        Change::Put { table: code, row } if code == table.code && row[..table.key] == *key => Some(row),
        _ => None,
    });
    let Some(row) = row else { return Ok(None) };
    let officer = name_of(view, &event.actor)?;
    Ok(Some((Changed { recorded: event.recorded, kind: event.kind, officer }, row)))
}

/// As [`since`], for a row all of whose changes are events of one person: only that person's chain is looked through.
fn since_of(
    book: &Book,
    from: u64,
    table: &'static Table,
    key: &[Value],
    person: &Value,
) -> Result<Vec<Changed>, Error> {
    book.view(|view| {
        let page = Page::first(CHAIN_MAX).back();
        let places = view.scan_page(&PERSON_EVENT, std::slice::from_ref(person), page)?;
        let numbers = places.iter().map(|place| place[2].int().max(0).unsigned_abs());
        let numbers: Vec<u64> = numbers.take_while(|number| *number >= from).collect();
        let mut events = view.events_at(&numbers)?;
        events.sort_by_key(|event| event.number);
        let mut all = Vec::new();
        for stored in events {
            all.extend(change(view, &stored, table, key)?.map(|(changed, _)| changed));
        }
        Ok(all)
    })
}

fn only(all: Vec<(Changed, Row)>) -> Vec<Changed> {
    all.into_iter().map(|(changed, _)| changed).collect()
}

/// What happened to a case that an officer may see. Who decided and when, never how: a second officer decides blind.
pub fn of_case(book: &Book, officer: &crate::officer::Officer, id: CaseId, from: u64) -> Result<Vec<Changed>, Error> {
    officer.may("adjudicate")?;
    let row = book.view(|view| Ok(view.get(&CASE, &[id.bytes().into()])?))?.ok_or(Error::Missing("case-missing"))?;
    if !book.view(|view| unit::within(view, row[4].text(), &officer.unit))? {
        return Err(Error::Missing("case-missing"));
    }
    since_of(book, from, &CASE, &row[..1], &row[5])
}

/// What happened to a batch that an officer may see.
pub fn of_batch(book: &Book, officer: &crate::officer::Officer, id: BatchId, from: u64) -> Result<Vec<Changed>, Error> {
    crate::batch::show(book, officer, id)?;
    since(book, from, &BATCH, &[id.bytes().into()], "batch.").map(only)
}

/// What happened to an account of the administrator's unit.
pub fn of_account(
    book: &Book,
    officer: &crate::officer::Officer,
    name: &str,
    from: u64,
) -> Result<Vec<Changed>, Error> {
    officer.may("administer")?;
    let row = book.view(|view| Ok(view.find(&OFFICER, 0, &[name.into()], 1)?.pop()))?;
    let row = row.ok_or(Error::Missing("officer-missing"))?;
    if !book.view(|view| unit::within(view, row[4].text(), &officer.unit))? {
        return Err(Error::Missing("officer-missing"));
    }
    since(book, from, &OFFICER, &row[..1], "officer.").map(only)
}
