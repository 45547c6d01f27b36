//! What is followed up beside the figures: difficulties, approaches, delegations, acts of law, milestones, pilots.
//!
//! Every step of every one of them is an [`Act`]: a name, its fields, and which action of [`crate::officer::ROLES`] it needs. Pages and
//! operations are drawn from that table, so each says and allows the same.
//! Invariant: a record is seen by officers of its unit and of the units above it; a difficulty also by those of the unit that
//! has to answer; an approach that others may take up by everybody.
//! Start reading at [`ACTS`], then at [`act()`].

mod act;
mod apply;
mod attachment;
mod escalate;
mod fields;
mod readiness;

pub use act::{ACTS, Act, Form, act_named};
pub use attachment::{Opened, Sent, attach, attachment};
pub use escalate::escalate;
pub use fields::Fields;

use super::counters;
use super::table::RECORD;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Command, Error};
use ::programme::record::effect::Effect;
use ::programme::record::{By, KINDS, Record, Step};
use ::programme::{AsOf, Units};
use ids::{OfficerId, Uuid};
use journal::{Change, Row};
use ports::Fault;
use ports::store::Read;
use std::sync::Arc;
use time::Day;

/// Records of one kind that there may be.
const KIND_MAX: usize = 100_000;
/// Records of one kind that a list gives.
const LISTED: usize = 1_000;

/// A record as the officer may see it, and what the officer may do with it now.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// The record.
    pub record: Record,
    /// The acts that its state and the officer's rights allow.
    pub acts: Vec<&'static Act>,
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
    let answer = counters::with(book, |sources, _| {
        let known = |code: &str| sources.units.find(code).is_some();
        fields.check(wanted, &known)?;
        Ok(())
    })
    .and_then(|()| {
        once.submit(book, move |view| {
            let all = all(view, wanted.kind)?;
            let units = super::counters::units(view)?;
            let old = match id {
                None => None,
                Some(id) => {
                    let found = all.iter().find(|one| one.head().id == id).cloned();
                    let found = found.filter(|one| sees(&units, &by, one)).ok_or(Error::Missing("record-missing"))?;
                    if let Some(expected) = expected.filter(|expected| *expected != found.head().version) {
                        return Err(Error::Version { expected, found: found.head().version });
                    }
                    Some(found)
                }
            };
            let when = By { officer: by.id, at: inner.now() };
            let scene = apply::Scene {
                view,
                units: &units,
                officer: &by,
                all: &all,
                id: inner.id(),
                by: when,
                counts: &counts,
            };
            let next = apply::apply(&scene, wanted, old, &fields)?;
            let to = if let ("escalate", Record::Difficulty(one)) = (wanted.name, &next) {
                Some(one.at.clone())
            } else {
                None
            };
            let step = Step { act: wanted.name.to_owned(), at: when.at, officer: Some(by.id), to };
            let next = next.noted(step);
            let mut event = inner.event(wanted.event, &by.actor("programme"));
            event.unit.clone_from(&next.head().unit);
            event.detail = format!("{{\"act\":\"{}\"}}", wanted.name);
            event.changes = vec![Change::put(&RECORD, row(&next)?)];
            event.changes.extend(withdrawn.map(|file| attachment::emptied(file, next.head().id)));
            Ok(Decision { events: vec![event], answer: next.head().id.0.to_vec() })
        })
    })?;
    if let Some(address) = lies {
        // What cannot be removed now opens under no key any more.
        let _ = book.home().blobs.delete(&address);
    }
    let id = Uuid(answer.try_into().map_err(|_| Error::Missing("record-missing"))?);
    book.view(|view| find(view, id))?.ok_or(Error::Missing("record-missing"))
}

/// The records of a kind that the officer sees, in a state where one is named, with all words of a query; those that are due
/// first, then the newest.
pub fn records(book: &Book, officer: &Officer, kind: &str, state: &str, query: &str) -> Result<Vec<Record>, Error> {
    officer.may("status")?;
    let kind = KINDS.iter().find(|known| **known == kind).ok_or(Error::Missing("record-missing"))?;
    let mut all = book.view(|view| all(view, kind))?;
    counters::with(book, |sources, _| {
        all.retain(|one| sees(sources.units, officer, one));
        all.retain(|one| (state.is_empty() || one.state() == state) && one.matches(query));
        all.sort_by_key(|one| (one.head().due.unwrap_or(Day(i32::MAX)), std::cmp::Reverse(one.head().changed)));
        all.truncate(LISTED);
        Ok(all)
    })
}

/// One record, with what the officer may do with it now.
pub fn record(book: &Book, officer: &Officer, id: Uuid) -> Result<Shown, Error> {
    officer.may("status")?;
    let record = book.view(|view| find(view, id))?.ok_or(Error::Missing("record-missing"))?;
    let near = counters::with(book, |sources, _| Ok(sees(sources.units, officer, &record)))?;
    if !near {
        return Err(Error::Missing("record-missing"));
    }
    let acts = ACTS.iter().filter(|act| act.kind == record.kind() && !act.makes && officer.may(act.need).is_ok());
    let acts = acts.filter(|act| act.states.contains(&record.state())).collect();
    let names = book.view(|view| names(view, officer, &record))?;
    Ok(Shown { record, acts, names })
}

/// Days before and after that an effect compares.
const WINDOW: u16 = 28;

/// The pace before and after: of the units that a delegation visited, or that took an approach up, beside units like them.
pub fn effects(book: &Book, officer: &Officer, record: &Record) -> Result<Vec<Effect>, Error> {
    officer.may("status")?;
    let (measure, touched): (&str, Vec<(&str, Day)>) = match record {
        Record::Delegation(one) => ("applications", one.visited()),
        Record::Approach(one) => (&one.measure, one.adopted.iter().map(|one| (one.unit.as_str(), one.day)).collect()),
        _ => return Ok(Vec::new()),
    };
    let as_of = AsOf::now(book.now().day());
    let is_touched = |unit: &str| touched.iter().any(|(own, _)| *own == unit);
    counters::with(book, |sources, _| {
        let effects = touched.iter().filter_map(|(unit, day)| {
            ::programme::record::effect::effect(sources, unit, measure, *day, WINDOW, as_of, &is_touched)
        });
        Ok(effects.collect())
    })
}

/// Whether an officer sees a record.
fn sees(units: &Units, officer: &Officer, record: &Record) -> bool {
    let Some(own) = units.find(&officer.unit) else { return false };
    let within = |unit: &str| units.resolve(unit).is_some_and(|place| units.within(place, own));
    match record {
        Record::Approach(one) if one.state.name() == "shared" => true,
        Record::Difficulty(one) => within(&one.head.unit) || within(&one.at),
        other => within(&other.head().unit),
    }
}

fn names(view: &dyn Read, officer: &Officer, record: &Record) -> Result<Vec<(String, String)>, Error> {
    let text = serde_json::to_string(record).map_err(|_| damaged())?;
    let mut all = Vec::new();
    let named = officers(record);
    for account in crate::officer::reachable(view, officer)? {
        if named.contains(&account.id) {
            all.push((account.id.to_string(), account.name));
        }
    }
    if let Record::Roadmap(one) = record {
        for on in &one.depends_on {
            all.extend(find(view, *on)?.map(|other| (on.to_string(), other.head().title.clone())));
        }
    }
    for unit in crate::unit::all(view)?.into_values() {
        if text.contains(&format!("\"{}\"", unit.code)) {
            all.push((unit.code, unit.name));
        }
    }
    Ok(all)
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

/// All records of a kind.
fn all(view: &dyn Read, kind: &str) -> Result<Vec<Record>, Error> {
    view.find(&RECORD, 0, &[kind.into()], KIND_MAX)?.iter().map(read).collect()
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
