//! What others changed since a page was drawn: for the second of two officers on one record.
//!
//! A page notes how many events there were when it was drawn ([`now`]). Only when a command is refused for its version are
//! the events from there on looked through, so the price is paid by whoever came second.

use crate::Error;
use crate::book::Book;
use crate::officer::{OFFICER, Officer};
use crate::schema::PERSON_EVENT;
use crate::unit;
use ids::{BatchId, CaseId};
use issuance::table::BATCH;
use journal::{Actor, Change, Parts, Row, Table, Value};
use ports::store::{Page, Read, StoredEvent};
use register::table::CASE;
use std::collections::BTreeSet;

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
    /// The account name of the officer; empty for the operator of the machine, none for an officer of another unit.
    pub officer: Option<String>,
}

/// How far the register has come: what a page notes when it is drawn.
pub fn now(book: &Book) -> Result<u64, Error> {
    book.view(|view| Ok(view.event_count()?))
}

/// The account name of whoever acted, for an officer: of the own unit, of one below it, or of one above it.
fn name_of(view: &dyn Read, actor: &Actor, unit: &str) -> Result<Option<String>, Error> {
    let Some(officer) = actor.officer else { return Ok(Some(String::new())) };
    let Some(row) = view.get(&OFFICER, &[officer.bytes().into()])? else { return Ok(None) };
    let own = row[4].text();
    let near = unit::within(view, own, unit)? || unit::within(view, unit, own)?;
    Ok(near.then(|| row[2].text().to_owned()))
}

/// The changes of one row since event `from`, of events whose kind begins with `kind`; with the row as each left it.
pub(crate) fn since(
    book: &Book,
    officer: &Officer,
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
                all.extend(change(view, stored, table, key, &officer.unit)?);
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
    unit: &str,
) -> Result<Option<(Changed, Row)>, Error> {
    let event = Parts::from_bytes(&stored.bytes)?.event()?;
    let row = event.changes.into_iter().find_map(|change| match change {
        Change::Put { table: code, row } if code == table.code && row[..table.key] == *key => Some(row),
        _ => None,
    });
    let Some(row) = row else { return Ok(None) };
    let officer = name_of(view, &event.actor, unit)?;
    Ok(Some((Changed { recorded: event.recorded, kind: event.kind, officer }, row)))
}

/// The changes of a case, looked for in the chains of the persons in it.
fn in_chains(book: &Book, officer: &Officer, from: u64, case: &Row) -> Result<Vec<Changed>, Error> {
    book.view(|view| {
        let mut numbers = BTreeSet::new();
        for person in case[5..7].iter().filter(|person| !person.is_null()) {
            let page = Page::first(CHAIN_MAX).back();
            let places = view.scan_page(&PERSON_EVENT, std::slice::from_ref(person), page)?;
            let own = places.iter().map(|place| place[2].int().max(0).unsigned_abs());
            numbers.extend(own.take_while(|number| *number >= from));
        }
        let mut events = view.events_at(&numbers.into_iter().collect::<Vec<u64>>())?;
        events.sort_by_key(|event| event.number);
        let mut all = Vec::new();
        for stored in events {
            all.extend(change(view, &stored, &CASE, &case[..1], &officer.unit)?.map(|(changed, _)| changed));
        }
        Ok(all)
    })
}

fn only(all: Vec<(Changed, Row)>) -> Vec<Changed> {
    all.into_iter().map(|(changed, _)| changed).collect()
}

/// What happened to a case that an officer may see. Who decided and when, never how: a second officer decides blind.
pub fn of_case(book: &Book, officer: &Officer, id: CaseId, from: u64) -> Result<Vec<Changed>, Error> {
    officer.may("adjudicate")?;
    let row = book.view(|view| Ok(view.get(&CASE, &[id.bytes().into()])?))?.ok_or(Error::Missing("case-missing"))?;
    if !book.view(|view| unit::within(view, row[4].text(), &officer.unit))? {
        return Err(Error::Missing("case-missing"));
    }
    let found = in_chains(book, officer, from, &row)?;
    // Persons were merged meanwhile, or a whole import was withdrawn: that is found among all events.
    if found.is_empty() { since(book, officer, from, &CASE, &row[..1], "").map(only) } else { Ok(found) }
}

/// What happened to a batch that an officer may see.
pub fn of_batch(book: &Book, officer: &Officer, id: BatchId, from: u64) -> Result<Vec<Changed>, Error> {
    crate::batch::show(book, officer, id)?;
    since(book, officer, from, &BATCH, &[id.bytes().into()], "batch.").map(only)
}

/// What happened to an account of the administrator's unit.
pub fn of_account(book: &Book, officer: &Officer, name: &str, from: u64) -> Result<Vec<Changed>, Error> {
    officer.may("administer")?;
    let row = book.view(|view| Ok(view.find(&OFFICER, 0, &[name.into()], 1)?.pop()))?;
    let row = row.ok_or(Error::Missing("officer-missing"))?;
    if !book.view(|view| unit::within(view, row[4].text(), &officer.unit))? {
        return Err(Error::Missing("officer-missing"));
    }
    since(book, officer, from, &OFFICER, &row[..1], "officer.").map(only)
}
