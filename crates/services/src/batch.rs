//! Issuing: batches approved by another officer, cards made, read back, and only then counted.

mod personalise;
mod show;

pub use personalise::{Failed, Made, Outcome, certificate_time, personalise};
pub use show::{Line, Shown, faces, show};

use crate::application::LISTED;
use crate::application::moved;
use crate::book::{Book, Decision};
use crate::command::Command;
use crate::officer::{OFFICER, Officer};
use crate::person::Entry;
use crate::place::{self, Slice};
use crate::rows::first_in;
use crate::seal::open;
use crate::{Error, unit};
use enrolment::table::APPLICATION;
use ids::{ApplicationId, BatchId, CardId, OfficerId, PersonId};
use issuance::CardHolder;
use issuance::table::{BATCH, BATCH_LIST, CARD};
use journal::{Actor, Change, Row, Value};
use lds::Date;
use lds::mrz::Sex;
use ports::Fault;
use ports::store::{Page, Read};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Cards in one batch.
const CARDS_MAX: usize = 500;

/// A batch made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct New {
    /// Its id; none if there is nothing to make.
    pub batch: Option<BatchId>,
    /// How many cards.
    pub cards: usize,
    /// Applications left out because nobody is known to have enrolled them: nobody could approve them.
    pub without_enroller: usize,
}

/// A batch as listed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Summary {
    /// Its id.
    pub batch: String,
    /// open, approved, personalised.
    pub state: String,
    /// Counts the changes.
    pub version: i64,
    /// How many cards.
    pub cards: i64,
}

/// Collects the checked applications of the officer's unit into a batch.
pub fn new(book: &Arc<Book>, command: &Command, limit: usize) -> Result<New, Error> {
    command.officer.may("personalise")?;
    let once = command.once(book.home(), "batch new", &[&(limit as u64).to_be_bytes()])?;
    let (inner, officer) = (Arc::clone(book), command.officer.clone());
    let answer = once.submit(book, move |view| {
        let (id, actor) = (BatchId(inner.id()), officer.actor("issuance"));
        let mut without_enroller = 0;
        let mut wanted = |row: &Row| {
            let person = crate::application::person_of(row)?;
            let person = view.get(&register::table::PERSON, &[person.bytes().into()])?;
            if person.is_none_or(|row| row[2].text() != "active") {
                return Ok(false);
            }
            let known = enroller(view, row)?.is_some();
            without_enroller += usize::from(!known);
            Ok(known)
        };
        let batched = first_in(view, &LISTED, &officer.unit, "checked", limit.min(CARDS_MAX), &mut wanted)?;
        let mut events = Vec::new();
        for mut row in batched.clone() {
            row[9] = id.bytes().into();
            events.push(moved(&inner, &actor, "application.batched", row, "batched")?);
        }
        let cards = events.len();
        if cards > 0 {
            let mut event = inner.event("batch.made", &actor);
            let row = vec![id.bytes().into(), 1.into(), "open".into(), (cards as i64).into(), Value::Null];
            event.changes = listed(view, id, &batched, None, "open")?;
            event.changes.push(Change::put(&BATCH, row));
            events.push(event);
        }
        let new = New { batch: (cards > 0).then_some(id), cards, without_enroller };
        Ok(Decision { events, answer: serde_json::to_vec(&new).unwrap_or_default() })
    })?;
    let damaged = || Fault::Damaged { what: "table command".into(), cause: "malformed answer".into() };
    Ok(serde_json::from_slice(&answer).map_err(|_| damaged())?)
}

/// The officer who enrolled an application; none if it was the operator without a session, or somebody without an account.
fn enroller(view: &dyn Read, row: &Row) -> Result<Option<OfficerId>, Error> {
    let Some(id) = OfficerId::from_bytes(row[5].blob()) else { return Ok(None) };
    Ok(view.get(&OFFICER, &[id.bytes().into()])?.map(|_| id))
}

/// A batch with an application of the officer's unit; another unit's is not there, and nothing is said of it.
fn own(view: &dyn Read, officer: &Officer, id: BatchId) -> Result<Row, Error> {
    let missing = || Error::Missing("batch-missing");
    let batch = view.get(&BATCH, &[id.bytes().into()])?.ok_or_else(missing)?;
    if officer.unit.is_empty() {
        return Ok(batch);
    }
    for row in view.find(&APPLICATION, 2, &batch[..1], CARDS_MAX)? {
        if unit::within(view, row[4].text(), &officer.unit)? {
            return Ok(batch);
        }
    }
    Err(missing())
}

/// Whether an officer may approve or make this application's card: it lies in the officer's unit, and somebody else
/// enrolled it.
fn check_hands(view: &dyn Read, officer: &Officer, row: &Row) -> Result<(), Error> {
    if !unit::within(view, row[4].text(), &officer.unit)? {
        return Err(Error::refused("batch-elsewhere"));
    }
    match enroller(view, row)? {
        Some(enroller) if enroller != officer.id => Ok(()),
        Some(_) => Err(Error::refused("batch-enroller")),
        None => {
            let application = ApplicationId::from_bytes(row[1].blob()).unwrap_or_default().to_string();
            Err(Error::Refused { code: "batch-enroller-unknown", arguments: vec![("application", application)] })
        }
    }
}

/// Approves a batch and every application in it; refused to an officer who enrolled one of them, and to everybody where it
/// is not known who enrolled one of them.
pub fn approve(book: &Arc<Book>, command: &Command, id: BatchId) -> Result<usize, Error> {
    command.officer.may("approve")?;
    let once = command.once(book.home(), "batch approve", &[id.bytes()])?;
    let (inner, command) = (Arc::clone(book), command.clone());
    let answer = once.submit(book, move |view| {
        let officer = &command.officer;
        let mut batch = own(view, officer, id)?;
        command.expect(batch[1].int())?;
        if batch[2].text() != "open" {
            return Err(Error::refused("batch-approved"));
        }
        let actor = officer.actor("issuance");
        let mut events = Vec::new();
        let rows = view.find(&APPLICATION, 2, &[id.bytes().into()], CARDS_MAX)?;
        let changes = listed(view, id, &rows, Some("open"), "approved")?;
        for row in rows {
            if row[3].text() == "batched" {
                check_hands(view, officer, &row)?;
                events.push(moved(&inner, &actor, "application.approved", row, "approved")?);
            }
        }
        let approved = events.len();
        batch[1] = (batch[1].int() + 1).into();
        batch[2] = "approved".into();
        batch[4] = officer.id.bytes().into();
        let mut event = inner.event("batch.approved", &actor);
        event.changes = changes;
        event.changes.push(Change::put(&BATCH, batch));
        events.push(event);
        Ok(Decision { events, answer: approved.to_string().into_bytes() })
    })?;
    Ok(String::from_utf8_lossy(&answer).parse().unwrap_or(0))
}

/// Years that a card is valid: until the holder is 25, 40 or 60 (law 59/2014/QH13, article 21); after that without expiry.
fn expiry(birth: Date, issue: Date) -> Option<Date> {
    let age = |date: Date| {
        i32::from(date.year) - i32::from(birth.year) - i32::from((date.month, date.day) < (birth.month, birth.day))
    };
    // A card issued within two years before a boundary is valid to the next.
    let until = [25, 40, 60].into_iter().find(|until| age(issue) + 2 < *until)?;
    let day = if (birth.month, birth.day) == (2, 29) { 28 } else { birth.day };
    Some(Date { year: birth.year + until as u16, month: birth.month, day })
}

/// An error if the register lacks a fact that a card must show.
pub(crate) fn check_facts(entry: &Entry) -> Result<(), Error> {
    holder(entry, Vec::new(), Date { year: 2000, month: 1, day: 1 }, "").map(drop)
}

fn holder(entry: &Entry, face_jpeg: Vec<u8>, issue: Date, ward: &str) -> Result<CardHolder, Error> {
    let facts = entry.person.facts().0;
    let missing =
        |fact: &'static str| Error::Refused { code: "holder-fact-missing", arguments: vec![("fact", fact.to_owned())] };
    let birth = facts.birth.ok_or_else(|| missing("birth"))?;
    let birth = match (birth.month(), birth.day()) {
        (Some(month), Some(day)) => Date { year: birth.year() as u16, month, day },
        _ => return Err(missing("birth")),
    };
    let sex = match facts.sex {
        Some('M') => Sex::Male,
        Some(_) => Sex::Female,
        None => return Err(missing("sex")),
    };
    let residence =
        [facts.address.as_str(), ward].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    Ok(CardHolder {
        number: entry.person.number.clone().ok_or_else(|| missing("number"))?,
        full_name: facts.name,
        birth,
        sex,
        nationality: "Việt Nam".into(),
        ethnic: vn::ethnic_name(&facts.ethnic),
        // The register does not hold a religion; the card says nothing.
        religion: String::new(),
        home_town: facts.home_town,
        residence,
        features: String::new(),
        issue,
        expiry: expiry(birth, issue),
        parents: [facts.father, facts.mother],
        old_number: facts.old_number,
        face_jpeg,
    })
}

/// The states a batch can be in, in the order of its life.
pub const STATES: [&str; 3] = ["open", "approved", "personalised"];

/// The batches in a state that have an application of the unit, the newest first, before the batch `after`.
pub fn list(
    book: &Book,
    unit: &str,
    state: &str,
    after: Option<BatchId>,
    limit: usize,
) -> Result<Slice<Summary>, Error> {
    let given: [Value; 2] = [unit.into(), state.into()];
    book.view(|view| {
        let after: Option<Row> = after.map(|id| [given.as_slice(), &[id.bytes().into()]].concat());
        let page = Page { after: after.as_deref(), limit: limit + 1, back: true };
        let keys: Vec<Row> =
            view.scan_page(&BATCH_LIST, &given, page)?.into_iter().map(|row| row[2..].to_vec()).collect();
        let rows = view.get_all(&BATCH, &keys)?.into_iter().flatten().collect();
        Slice::of(rows, limit, |row| Ok(summary(row)), |row| summary(row).batch)
    })
}

/// The changes that take a batch from the lists of one state to those of another.
fn listed(view: &dyn Read, id: BatchId, rows: &[Row], from: Option<&str>, to: &str) -> Result<Vec<Change>, Error> {
    let mut units = BTreeSet::from([String::new()]);
    for unit in rows.iter().map(|row| row[4].text()).collect::<BTreeSet<_>>() {
        units.insert(unit.to_owned());
        units.extend(place::above(view, unit)?.iter().map(|above| above.text().to_owned()));
    }
    let mut changes = Vec::new();
    for unit in units {
        let row = |state: &str| vec![unit.as_str().into(), state.into(), id.bytes().into()];
        changes.extend(from.map(|from| Change::delete(&BATCH_LIST, row(from))));
        changes.push(Change::put(&BATCH_LIST, row(to)));
    }
    Ok(changes)
}

/// Puts every batch into the lists of the units that its cards lie in now; see `unit::import`.
pub(crate) fn replace(book: &Arc<Book>, actor: &Actor) -> Result<(), Error> {
    let mut after: Option<Row> = None;
    loop {
        let rows = book.view(|view| Ok(view.scan(&BATCH, &[], after.as_deref(), 100)?))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last[..1].to_vec());
        for key in rows.into_iter().map(|row| row[..1].to_vec()) {
            crate::unit::move_rows(book, actor, move |view| {
                let Some(batch) = view.get(&BATCH, &key)? else { return Ok(Vec::new()) };
                let id = BatchId::from_bytes(key[0].blob()).unwrap_or_default();
                let cards = view.find(&APPLICATION, 2, &key, CARDS_MAX)?;
                let mut wanted = listed(view, id, &cards, None, batch[2].text())?;
                let mut stale = Vec::new();
                for row in view.find(&BATCH_LIST, 0, &key, UNITS_MAX)? {
                    match wanted.iter().position(|change| *change == Change::put(&BATCH_LIST, row.clone())) {
                        Some(at) => drop(wanted.swap_remove(at)),
                        None => stale.push(Change::delete(&BATCH_LIST, row)),
                    }
                }
                stale.extend(wanted);
                Ok(stale)
            })?;
        }
    }
}

/// A batch's cards lie in no more units, those above counted too.
const UNITS_MAX: usize = 3 * CARDS_MAX + 1;

fn summary(row: &Row) -> Summary {
    Summary {
        batch: BatchId::from_bytes(row[0].blob()).unwrap_or_default().to_string(),
        state: row[2].text().to_owned(),
        version: row[1].int(),
        cards: row[3].int(),
    }
}

/// The access number of a card, for the envelope that goes to its holder; the read is logged.
pub fn access_number(book: &Arc<Book>, officer: &Officer, card: CardId) -> Result<String, Error> {
    officer.may("personalise")?;
    let row = book
        .view(|view| Ok(view.find(&CARD, 0, &[card.bytes().into()], 1)?))?
        .pop()
        .filter(|row| row[3].text() != "begun")
        .ok_or(Error::Missing("card-missing"))?;
    let damaged = || Fault::Damaged { what: "table card".into(), cause: "malformed row".into() };
    let person = PersonId::from_bytes(row[0].blob()).ok_or_else(damaged)?;
    let entry = book.view(|view| Entry::load(view, book.home(), person))?.ok_or(Error::Missing("person-missing"))?;
    if !book.view(|view| unit::within(view, &entry.unit, &officer.unit))? {
        return Err(Error::Missing("card-missing"));
    }
    let mut event = book.event("person.read", &officer.actor("access number"));
    event.unit.clone_from(&entry.unit);
    event.subjects = vec![person];
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let context = [b"card\0".as_slice(), person.bytes(), card.bytes()].concat();
    let body = open(&entry.key, &context, row[6].blob())?;
    let body: BTreeMap<String, String> = serde_json::from_slice(&body).map_err(|_| damaged())?;
    body.get("can").cloned().ok_or_else(|| damaged().into())
}
