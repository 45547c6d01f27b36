//! Cases: questions that officers decide, each reason kept.
//!
//! A linkage case or a clash of numbers is decided by one officer; a fingerprint case by two who agree, neither of them
//! the enroller, the second not knowing what the first said. That two persons of the register are one takes two as well.

mod fallen;
mod merge;
mod prints;

pub(crate) use fallen::close_fallen;
pub use prints::{Pair, Print, prints};

use crate::book::{Book, Decision};
use crate::command::Command;
use crate::person::Entry;
use crate::place::{self, Listed, Slice};
use crate::schema::PERSON_EVENT;
use crate::seal::{open as unseal, seal};
use crate::{Error, import, officer::Officer, unit};
use ids::{CaseId, ImportId, PersonId};
use journal::{Actor, Change, Event, Parts, Row, Value};
use ports::Fault;
use ports::machine::random;
use ports::store::Read;
use register::person::Source;
use register::table::{CASE, CASE_DECISION, PERSON};
use std::sync::Arc;

/// A case as listed: nothing in it names a person.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// `linkage`, `number-clash` or `fingerprint`.
    pub kind: String,
    /// `open`, `same`, `different`, `recapture`, `expert` or `withdrawn`.
    pub state: String,
    /// Counts the changes.
    pub version: i64,
    /// The unit of the person it is about.
    pub unit: String,
    /// When it was opened.
    pub opened: String,
    /// How many officers have decided.
    pub decisions: usize,
}

/// What an officer may decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// One person.
    Same,
    /// Two persons.
    Different,
    /// The capture must be repeated.
    Recapture,
    /// For an expert.
    Expert,
}

impl Verdict {
    /// The verdict's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::Different => "different",
            Verdict::Recapture => "recapture",
            Verdict::Expert => "expert",
        }
    }
}

/// A new case.
pub(crate) struct Opening<'a> {
    pub(crate) kind: &'static str,
    pub(crate) unit: &'a str,
    pub(crate) a: PersonId,
    pub(crate) b: Option<PersonId>,
    pub(crate) import: ImportId,
    /// What the officer needs to see; sealed.
    pub(crate) body: serde_json::Value,
}

fn context(id: CaseId) -> Vec<u8> {
    [b"case\0".as_slice(), id.bytes()].concat()
}

/// The event that opens a case.
pub(crate) fn open(
    book: &Book,
    view: &dyn Read,
    actor: &Actor,
    opening: Opening<'_>,
) -> Result<(CaseId, Event), Error> {
    let (home, id) = (book.home(), CaseId(book.id()));
    let key: [u8; 32] = random(&*home.entropy);
    let body = serde_json::to_vec(&opening.body).unwrap_or_default();
    let mut event = book.event("case.opened", actor);
    let [province, district] = place::above(view, opening.unit)?;
    let row = vec![
        id.bytes().into(),
        1.into(),
        opening.kind.into(),
        "open".into(),
        opening.unit.into(),
        opening.a.bytes().into(),
        opening.b.map_or(Value::Null, |person| Value::from(person.bytes())),
        opening.import.bytes().into(),
        event.recorded.0.into(),
        home.keys.wrap(&key, &context(id), random(&*home.entropy)).into(),
        seal(&key, &context(id), random(&*home.entropy), &body).into(),
        province,
        district,
    ];
    opening.unit.clone_into(&mut event.unit);
    event.subjects = [Some(opening.a), opening.b].into_iter().flatten().collect();
    event.subjects.dedup();
    event.changes = vec![Change::put(&CASE, row)];
    Ok((id, event))
}

/// Whether a clash of these two over this number is open or has been decided: it is not asked again. Cases from before the
/// number was kept in them count for every number.
pub(crate) fn clash_known(
    book: &Book,
    view: &dyn Read,
    owner: PersonId,
    person: PersonId,
    number: &str,
) -> Result<bool, Error> {
    let pair = |a: PersonId, b: PersonId| if a < b { (a, b) } else { (b, a) };
    for place in view.scan(&PERSON_EVENT, &[person.bytes().into()], None, 100_000)? {
        let at = place[2].int().unsigned_abs();
        let opened = view.events(at, 1)?.pop().filter(|event| event.kind == "case.opened");
        let Some(event) = opened else { continue };
        for change in Parts::from_bytes(&event.bytes)?.event()?.changes {
            let Change::Put { table, row } = change else { continue };
            if table != CASE.code || row[2].text() != "number-clash" {
                continue;
            }
            let Some(row) = view.get(&CASE, &row[..1])?.filter(|row| row[3].text() != "withdrawn") else { continue };
            let contents = contents(book, &row, 0)?;
            let over = contents.body["number"].as_str().is_none_or(|over| over == number);
            if over && pair(contents.a, contents.b.unwrap_or(contents.a)) == pair(owner, person) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The records of the rows that a linkage case holds.
pub(crate) fn held_records(book: &Book, row: &Row) -> Result<Vec<Vec<u8>>, Error> {
    if row[2].text() != "linkage" {
        return Ok(Vec::new());
    }
    Ok(held(&contents(book, row, 0)?.body)?.into_iter().map(|(record, ..)| record).collect())
}

/// How cases are listed.
pub(crate) static LISTED: Listed = Listed { table: &CASE, unit: 4, above: 11, nation: Some(0), province: 2 };

/// The states a case can be in, in the order of its life.
pub const STATES: [&str; 5] = ["open", "same", "different", "recapture", "withdrawn"];

/// The cases of a unit in a state, the oldest first, after the case `after`.
pub fn list(
    book: &Book,
    unit: &str,
    state: &str,
    after: Option<CaseId>,
    limit: usize,
) -> Result<Slice<Summary>, Error> {
    book.view(|view| {
        let after = match after {
            Some(id) => {
                Some(unit::cursor(view, view.get(&CASE, &[id.bytes().into()])?, LISTED.unit, unit, "case-missing")?)
            }
            None => None,
        };
        let rows = LISTED.page(view, unit, &[state.into()], after.as_ref(), limit, false)?;
        let item = |row: &Row| Ok(summary(row, view.scan(&CASE_DECISION, &row[..1], None, 10)?.len()));
        Slice::of(rows, limit, item, |row| CaseId::from_bytes(row[0].blob()).unwrap_or_default().to_string())
    })
}

fn summary(row: &Row, decisions: usize) -> Summary {
    Summary {
        id: CaseId::from_bytes(row[0].blob()).unwrap_or_default().to_string(),
        kind: row[2].text().to_owned(),
        state: row[3].text().to_owned(),
        version: row[1].int(),
        unit: row[4].text().to_owned(),
        opened: time::Instant(row[8].int()).to_string(),
        decisions,
    }
}

/// What a case shows its officer: kind, the person's ids, and the sealed evidence.
pub struct Contents {
    /// The listed part.
    pub summary: Summary,
    /// The person who was there.
    pub a: PersonId,
    /// The other person, where entered.
    pub b: Option<PersonId>,
    /// Rows, probability, and why; or scores.
    pub body: serde_json::Value,
    /// Opened for an officer: the persons in it who live in the officer's unit.
    pub persons: Vec<Entry>,
}

/// The persons in a case.
fn subjects(contents: &Contents) -> Vec<PersonId> {
    let mut subjects: Vec<PersonId> = [Some(contents.a), contents.b].into_iter().flatten().collect();
    subjects.dedup();
    subjects
}

fn contents(book: &Book, row: &Row, decisions: usize) -> Result<Contents, Error> {
    let damaged = |cause: &str| Fault::Damaged { what: "table case_file".into(), cause: cause.into() };
    let id = CaseId::from_bytes(row[0].blob()).ok_or_else(|| damaged("malformed id"))?;
    let key = book.home().keys.unwrap(row[9].blob(), &context(id))?;
    let body = unseal(&key, &context(id), row[10].blob())?;
    Ok(Contents {
        summary: summary(row, decisions),
        a: PersonId::from_bytes(row[5].blob()).ok_or_else(|| damaged("malformed id"))?,
        b: PersonId::from_bytes(row[6].blob()),
        body: serde_json::from_slice(&body).map_err(|_| damaged("the body cannot be read"))?,
        persons: Vec::new(),
    })
}

/// Opens a case for an officer; the read is logged for the persons in it.
pub fn show(book: &Arc<Book>, officer: &Officer, purpose: &str, id: CaseId) -> Result<Contents, Error> {
    officer.may("adjudicate")?;
    crate::person::purpose(purpose)?;
    let actor = officer.actor(purpose);
    let row = book.view(|view| {
        let row = view.get(&CASE, &[id.bytes().into()])?.ok_or(Error::Missing("case-missing"))?;
        if unit::within(view, row[4].text(), &officer.unit)? { Ok(row) } else { Err(Error::Missing("case-missing")) }
    })?;
    let decisions = book.view(|view| Ok(view.scan(&CASE_DECISION, &row[..1], None, 10)?.len()))?;
    let mut contents = contents(book, &row, decisions)?;
    let mut event = book.event("case.read", &actor);
    event.unit.clone_from(&contents.summary.unit);
    event.subjects = subjects(&contents);
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    // The read above names both; who lives outside the officer's unit is not shown.
    contents.persons = book.view(|view| {
        let mut persons = Vec::new();
        for id in subjects(&contents) {
            let entry = Entry::load(view, book.home(), id)?.ok_or(Error::Missing("person-missing"))?;
            if unit::within(view, &entry.unit, &officer.unit)? {
                persons.push(entry);
            }
        }
        Ok(persons)
    })?;
    Ok(contents)
}

/// Decides a case. Gives the case's state afterwards: still `open` when a second officer must agree.
pub fn decide(
    book: &Arc<Book>,
    command: &Command,
    id: CaseId,
    verdict: Verdict,
    reason: &str,
) -> Result<String, Error> {
    command.officer.may("adjudicate")?;
    if reason.trim().is_empty() {
        return Err(Error::refused("reason-missing"));
    }
    let arguments: [&[u8]; 3] = [id.bytes(), verdict.word().as_bytes(), reason.as_bytes()];
    let once = command.once(book.home(), "case decide", &arguments)?;
    let (inner, command, reason) = (Arc::clone(book), command.clone(), reason.to_owned());
    let answer = once.submit(book, move |view| {
        let (book, officer) = (&inner, &command.officer);
        let mut row = view.get(&CASE, &[id.bytes().into()])?.ok_or(Error::Missing("case-missing"))?;
        if !unit::within(view, row[4].text(), &officer.unit)? {
            return Err(Error::Missing("case-missing"));
        }
        let found = row[1].int();
        command.expect(found)?;
        if row[3].text() != "open" {
            return Err(Error::refused("case-decided"));
        }
        let before = view.scan(&CASE_DECISION, &[id.bytes().into()], None, 10)?;
        if before.iter().any(|decision| decision[1].blob() == officer.id.bytes()) {
            return Err(Error::refused("case-own-decision"));
        }
        let contents = contents(book, &row, before.len())?;
        let enrolled = crate::application::of_case(view, &contents)?.map(|application| application[5].clone());
        if enrolled.is_some_and(|enroller| enroller.blob() == officer.id.bytes()) {
            return Err(Error::refused("case-enroller"));
        }
        let actor = officer.actor("adjudication");
        let mut event = book.event("case.decided", &actor);
        let key = book.home().keys.unwrap(row[9].blob(), &context(id))?;
        let sealed = seal(&key, &context(id), random(&*book.home().entropy), reason.as_bytes());
        let decision = vec![
            id.bytes().into(),
            officer.id.bytes().into(),
            verdict.word().into(),
            event.recorded.0.into(),
            sealed.into(),
        ];
        event.unit.clone_from(&contents.summary.unit);
        event.subjects = subjects(&contents);
        event.changes.push(Change::put(&CASE_DECISION, decision));
        if verdict == Verdict::Recapture && row[2].text() != "fingerprint" {
            return Err(Error::refused("case-no-capture"));
        }
        // A fingerprint case ends when two officers say the same; one who leaves it to an expert does not end any case.
        let agreeing = before.iter().filter(|decision| decision[2].text() == verdict.word()).count() + 1;
        let merges = row[2].text() == "number-clash" && verdict == Verdict::Same;
        if merges {
            for id in subjects(&contents) {
                let person = view.get(&PERSON, &[id.bytes().into()])?.ok_or(Error::Missing("person-missing"))?;
                if !unit::within(view, person[4].text(), &officer.unit)? {
                    return Err(Error::refused("case-elsewhere"));
                }
            }
        }
        let needed = if merges || row[2].text() == "fingerprint" { 2 } else { 1 };
        let ends = verdict != Verdict::Expert && agreeing >= needed;
        let state = if ends { verdict.word() } else { "open" }.to_owned();
        row[1] = (found + 1).into();
        row[3] = state.as_str().into();
        event.changes.push(Change::put(&CASE, row.clone()));
        let mut events = vec![event];
        match (row[2].text(), state.as_str()) {
            ("linkage", "same") => {
                events.extend(import::attach_held(book, view, &actor, contents.a, held(&contents.body)?)?);
            }
            ("linkage", "different") => {
                let import = ImportId::from_bytes(row[7].blob()).unwrap_or_default();
                events.extend(import::enter_held(book, view, &actor, import, held(&contents.body)?)?);
            }
            ("number-clash", "same") => {
                // Without a second person the register's own number was claimed anew: nothing is to be merged.
                if let Some(second) = contents.b {
                    events.extend(merge::merge(book, view, &actor, id, contents.a, second)?);
                }
            }
            ("number-clash", "different") => {
                events.extend(import::number_anew(book, view, &actor, contents.b.unwrap_or(contents.a))?);
            }
            ("fingerprint", "same" | "different" | "recapture") => {
                events.extend(crate::application::after_case(book, view, &actor, &contents, &state)?);
            }
            _ => {}
        }
        Ok(Decision { events, answer: state.into_bytes() })
    })?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

type HeldRow = (Vec<u8>, Vec<u8>, Source);

/// The rows that a linkage case holds.
fn held(body: &serde_json::Value) -> Result<Vec<HeldRow>, Error> {
    let damaged = || Fault::Damaged { what: "table case_file".into(), cause: "the rows cannot be read".into() };
    let rows: Vec<Source> = serde_json::from_value(body["rows"].clone()).map_err(|_| damaged())?;
    let tokens: Vec<(Vec<u8>, Vec<u8>)> = serde_json::from_value(body["tokens"].clone()).map_err(|_| damaged())?;
    Ok(rows.into_iter().zip(tokens).map(|(source, (record, content))| (record, content, source)).collect())
}
