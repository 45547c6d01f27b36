//! What is followed up beside the figures: difficulties, approaches, delegations, acts of law, milestones, pilots.
//!
//! Every step of every one of them is an [`Act`]: a name, its fields, and which action of [`crate::officer::ROLES`] it needs. Pages and
//! operations are drawn from that table, so each says and allows the same.
//! Invariant: everybody sees of a record what `sight` says, wherever it is listed, shown or told.
//! Start reading at [`ACTS`], then at [`act()`].

mod act;
mod apply;
mod attachment;
mod effects;
mod escalate;
mod fields;
mod list;
mod readiness;
pub(super) mod sight;

pub use act::{ACTS, Act, Form, act_named};
pub use attachment::{Opened, Sent, attach, attachment};
pub use effects::effects;
pub use escalate::escalate;
pub use fields::Fields;
pub use list::relist;
pub(crate) use list::replace;

use super::counters;
use super::table::RECORD;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Command, Error};
use ::programme::Units;
use ::programme::record::{By, KINDS, Record, Step};
use ids::{OfficerId, Uuid};
use journal::Row;
use ports::Fault;
use ports::store::Read;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Records on one page.
const PAGE: usize = 100;

/// A record as the officer may see it, and what the officer may do with it now.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// The record.
    pub record: Record,
    /// The acts that its state and the officer's rights allow.
    pub acts: Vec<&'static Act>,
    /// The files that the officer may take back.
    pub files: Vec<Uuid>,
    /// The names of officers and units in it, by id and code.
    pub names: Vec<(String, String)>,
}

/// Makes a record, or takes one a step further; gives it as it is then. `id` is empty for an act that makes one.
pub fn act(
    book: &Arc<Book>,
    command: &Command,
    id: Option<Uuid>,
    name: &str,
    fields: &Fields,
) -> Result<Record, Error> {
    let wanted = act_named(name).ok_or(Error::Missing("act-missing"))?;
    command.officer.may(wanted.need)?;
    if wanted.makes == id.is_some() {
        return Err(Error::Missing(if wanted.makes { "act-missing" } else { "record-missing" }));
    }
    // What the fields name is looked up before anything is written; the turn belongs to whoever is first.
    let place = id.unwrap_or_default();
    let mut parts: Vec<&[u8]> = vec![place.0.as_slice()];
    parts.extend(fields.parts());
    let once = command.once(book.home(), name, &parts)?;
    let (inner, by, fields) = (Arc::clone(book), command.officer.clone(), fields.clone());
    let expected = command.version;
    let withdrawn = if name == "withdraw-file" { Uuid::parse(fields.text("file")) } else { None };
    let lies = attachment::address(book, withdrawn)?;
    let counts = readiness::counts(book, id.filter(|_| name == "count"))?;
    // The units are those of the moment before: a transaction that reads them all keeps everybody else waiting.
    let units = counters::tree(book)?;
    let own = super::seen(&units, &by, "")?;
    fields.check(wanted, &|code| units.find(code).is_some())?;
    let answer = once.submit(book, move |view| {
        let old = match id {
            None => None,
            Some(id) => {
                let found = find(view, id)?.filter(|one| one.kind() == wanted.kind);
                let found =
                    found.filter(|one| sight::whole(&units, own, one)).ok_or(Error::Missing("record-missing"))?;
                if let Some(expected) = expected.filter(|expected| *expected != found.head().version) {
                    return Err(Error::Version { expected, found: found.head().version });
                }
                Some(found)
            }
        };
        let all = waited_for(view, old.as_ref(), &fields)?;
        let when = By { officer: by.id, at: inner.now() };
        let scene =
            apply::Scene { view, units: &units, officer: &by, all: &all, id: inner.id(), by: when, counts: &counts };
        let next = apply::apply(&scene, wanted, old, &fields)?;
        let to =
            if let ("escalate", Record::Difficulty(one)) = (wanted.name, &next) { Some(one.at.clone()) } else { None };
        let step = Step { act: wanted.name.to_owned(), at: when.at, officer: Some(by.id), to };
        let next = next.noted(step);
        let mut event = inner.event(wanted.event, &by.actor("programme"));
        event.unit.clone_from(&next.head().unit);
        event.detail = format!("{{\"act\":\"{}\"}}", wanted.name);
        event.changes = list::changes(view, &units, &next)?;
        event.changes.extend(withdrawn.map(|file| attachment::emptied(file, next.head().id)));
        Ok(Decision { events: vec![event], answer: next.head().id.0.to_vec() })
    })?;
    if let Some(address) = lies {
        // What cannot be removed now opens under no key any more.
        let _ = book.home().blobs.delete(&address);
    }
    let id = Uuid(answer.try_into().map_err(|_| Error::Missing("record-missing"))?);
    book.view(|view| find(view, id))?.ok_or(Error::Missing("record-missing"))
}

/// What an act of law waits for or is to wait for, over however many others, and itself. None of another kind needs to know others.
fn waited_for(view: &dyn Read, record: Option<&Record>, fields: &Fields) -> Result<Vec<Record>, Error> {
    let Some(Record::Roadmap(own)) = record else { return Ok(Vec::new()) };
    let mut waiting = vec![own.head.id];
    waiting.extend(Uuid::parse(fields.text("on")));
    let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
    while let Some(id) = waiting.pop() {
        if let Some(found) = find(view, id)?.filter(|_| seen.insert(id))
            && let Record::Roadmap(one) = &found
        {
            waiting.extend(&one.depends_on);
            all.push(found);
        }
    }
    Ok(all)
}

/// Which records.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// The kind.
    pub kind: String,
    /// Only those in this state; empty for all.
    pub state: String,
    /// Words that all stand in it, without regard to marks.
    pub query: String,
    /// Where the page before ended: [`Listed::next`].
    pub after: String,
    /// At most so many; a hundred where nothing is said.
    pub limit: Option<usize>,
}

/// A page of records.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Listed {
    /// Those that are due first, then those that were changed last.
    pub items: Vec<Record>,
    /// How many there are on all pages.
    pub count: usize,
    /// What to give as `after` for the next page.
    pub next: Option<String>,
}

/// The order of a list: by the day something is due, then the last changed first.
fn order(record: &Record) -> (i32, i64, Uuid) {
    let head = record.head();
    (head.due.map_or(i32::MAX, |due| due.0), -head.changed.0, head.id)
}

/// The records of a kind that the officer sees.
pub fn records(book: &Book, officer: &Officer, listing: &Listing) -> Result<Listed, Error> {
    officer.may("status")?;
    let Listing { kind, state, query, after, limit } = listing;
    let after = match after.as_str() {
        "" => None,
        text => Some(place(text).ok_or(Error::Missing("cursor-unknown"))?),
    };
    let kind = kind_of(kind)?;
    let units = counters::tree(book)?;
    let own = super::seen(&units, officer, "")?;
    let limit = limit.unwrap_or(PAGE);
    // Of all of them no more are held than stand on the page, and the one that says there is more.
    let (mut count, mut page) = (0, BTreeMap::new());
    book.view(|view| {
        list::each(view, &units.at(own).code, kind, &mut |row| {
            if !state.is_empty() && row[4].text() != state {
                return Ok(());
            }
            // What an officer does not see is not found by words either.
            let seen = sight::seen(&units, own, read(row)?).filter(|one| one.matches(query));
            let Some(one) = seen else { return Ok(()) };
            count += 1;
            let at = order(&one);
            if after.is_none_or(|after| at > after) {
                page.insert(at, one);
                if page.len() > limit.saturating_add(1) {
                    page.pop_last();
                }
            }
            Ok(())
        })
    })?;
    let more = page.len() > limit;
    if more {
        page.pop_last();
    }
    let last = page.last_key_value().filter(|_| more);
    let next = last.map(|((due, changed, id), _)| format!("{due}.{changed}.{id}"));
    Ok(Listed { items: page.into_values().collect(), count, next })
}

/// The place in the order that a page ended at.
fn place(text: &str) -> Option<(i32, i64, Uuid)> {
    let mut parts = text.split('.');
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, Uuid::parse(parts.next()?)?);
    parts.next().is_none().then_some(place)
}

fn kind_of(name: &str) -> Result<&'static str, Error> {
    KINDS.iter().find(|known| **known == name).copied().ok_or(Error::Missing("record-missing"))
}

/// The records of a kind as a unit's own officers see them, whoever asks.
pub(super) fn seen_from(book: &Book, unit: &str, kind: &'static str) -> Result<Vec<Record>, Error> {
    let units = counters::tree(book)?;
    let own = units.find(unit).ok_or(Error::Missing("unit-missing"))?;
    let mut all = Vec::new();
    book.view(|view| {
        list::each(view, unit, kind, &mut |row| {
            all.extend(sight::seen(&units, own, read(row)?));
            Ok(())
        })
    })?;
    Ok(all)
}

/// One record as the officer sees it, with what the officer may do with it now.
pub fn record(book: &Book, officer: &Officer, id: Uuid) -> Result<Shown, Error> {
    officer.may("status")?;
    let units = counters::tree(book)?;
    let own = super::seen(&units, officer, "")?;
    let record = book.view(|view| find(view, id))?.ok_or(Error::Missing("record-missing"))?;
    let record = sight::seen(&units, own, record).ok_or(Error::Missing("record-missing"))?;
    let acts = ACTS.iter().filter(|act| act.kind == record.kind() && !act.makes && officer.may(act.need).is_ok());
    let acts = acts.filter(|act| act.states.contains(&record.state()) && sight::offered(&units, own, &record, act));
    let acts: Vec<&Act> = acts.collect();
    let files = match &record {
        Record::Difficulty(one) if acts.iter().any(|act| act.name == "withdraw-file") => {
            one.files().filter(|file| sight::reaches(&units, own, &file.unit)).map(|file| file.id).collect()
        }
        _ => Vec::new(),
    };
    let names = book.view(|view| names(view, (&units, own), officer, &record))?;
    Ok(Shown { record, acts, files, names })
}

/// The names of officers, units and other records in a record, as far as the officer may know them.
fn names(
    view: &dyn Read,
    (units, own): (&Units, usize),
    officer: &Officer,
    record: &Record,
) -> Result<Vec<(String, String)>, Error> {
    let mut all = Vec::new();
    let named = officers(record);
    for account in crate::officer::reachable(view, officer)? {
        if named.contains(&account.id) {
            all.push((account.id.to_string(), account.name));
        }
    }
    if let Record::Roadmap(one) = record {
        for on in &one.depends_on {
            let other = find(view, *on)?.filter(|other| sight::whole(units, own, other));
            all.extend(other.map(|other| (on.to_string(), other.head().title.clone())));
        }
    }
    let mut codes = Vec::new();
    words(&serde_json::to_value(record).map_err(|_| damaged())?, &mut codes);
    all.extend(crate::unit::names(view, codes.iter().map(String::as_str))?);
    Ok(all)
}

/// The longest code of a unit.
const CODE_MAX: usize = 8;

/// The texts in a document that may be a unit's code.
fn words(document: &serde_json::Value, found: &mut Vec<String>) {
    match document {
        serde_json::Value::String(text) if text.len() <= CODE_MAX => found.push(text.clone()),
        serde_json::Value::Array(all) => all.iter().for_each(|one| words(one, found)),
        serde_json::Value::Object(all) => all.values().for_each(|one| words(one, found)),
        _ => {}
    }
}

/// The officers that a record names.
fn officers(record: &Record) -> Vec<OfficerId> {
    let head = record.head();
    let mut all: Vec<OfficerId> = [Some(head.maker), head.owner].into_iter().flatten().collect();
    all.extend(head.trail.iter().filter_map(|step| step.officer));
    if let Record::Difficulty(one) = record {
        all.extend(one.attachments.iter().map(|file| file.officer));
    }
    match record {
        Record::Delegation(one) => all.extend(&one.members),
        Record::Approach(one) => all.extend(one.adopted.iter().map(|adoption| adoption.officer)),
        Record::Pilot(one) => all.extend(one.signed.iter().map(|(officer, ..)| *officer)),
        Record::Difficulty(_) | Record::Roadmap(_) | Record::Milestone(_) => {}
    }
    all
}

fn find(view: &dyn Read, id: Uuid) -> Result<Option<Record>, Error> {
    view.get(&RECORD, &[(&id.0).into()])?.map(|row| read(&row)).transpose()
}

fn damaged() -> Fault {
    Fault::Damaged { what: "table programme_record".into(), cause: "a record cannot be read".into() }
}

fn read(row: &Row) -> Result<Record, Error> {
    Ok(serde_json::from_str(row[7].text()).map_err(|_| damaged())?)
}

fn row(record: &Record) -> Result<Row, Error> {
    let head = record.head();
    Ok(vec![
        (&head.id.0).into(),
        head.version.into(),
        record.kind().into(),
        head.unit.as_str().into(),
        record.state().into(),
        head.due.map_or(journal::Value::Null, |due| i64::from(due.0).into()),
        head.changed.0.into(),
        serde_json::to_string(record).map_err(|_| damaged())?.into(),
    ])
}
