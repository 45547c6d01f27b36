//! Deduplication: each application's fingers against everybody's, hits to cases.
//!
//! Start reading at [`check_all`].

use super::receive::template_context;
use super::{enrolled, moved, person_of};
use crate::book::{Book, Decision};
use crate::case::{self, Opening};
use crate::command::Command;
use crate::person::Entry;
use crate::{Error, gallery};
use abis::Hit;
use enrolment::table::{APPLICATION, CAPTURE};
use fingerprint::{Candidate, FingerPosition, Template};
use ids::{ApplicationId, ImportId, PersonId};
use journal::{Actor, Change, Row, Value};
use ports::Fault;
use ports::store::Read;
use register::table::{PERSON, RECORD};
use std::sync::{Arc, PoisonError};

/// Candidates that are looked at: more than hits, since several may be one person's or nobody's any more.
const CANDIDATES: usize = 2 * abis::HITS_MAX;

/// What a run of searches found.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Checked {
    /// Applications searched.
    pub searched: usize,
    /// Of these, without a hit: they go on.
    pub clear: usize,
    /// Of these, with a hit: a case for two officers.
    pub hits: usize,
    /// Applications searched against, at the end.
    pub gallery: usize,
    /// The gallery was damaged, and was made anew from the register.
    #[serde(default)]
    pub anew: bool,
}

/// Searches every application that waits, in order of arrival, against everybody enrolled before it. One event a run
/// records that all enrolled prints were read.
pub fn check_all(book: &Arc<Book>, command: &Command, progress: &mut dyn FnMut(u64, u64)) -> Result<Checked, Error> {
    let officer = &command.officer;
    officer.may("enrol").or_else(|_| officer.may("adjudicate"))?;
    let once = command.once(book.home(), "application check", &[])?;
    if let Some(answer) = once.answered(book)? {
        return checked(&answer);
    }
    let actor = officer.actor("deduplication");
    let mut waiting = book.view(|view| Ok(view.find(&APPLICATION, 1, &["received".into()], 1_000_000)?))?;
    waiting.sort_by_key(|row| (row[7].int(), row[1].blob().to_vec()));
    let mut done = Checked::default();
    // Others who search wait: whoever comes second searches against what the first has enrolled.
    let mut held = book.gallery.lock().unwrap_or_else(PoisonError::into_inner);
    let (enrolled, anew) = enrolled::gallery(book, &mut held)?;
    done.anew = anew;
    if !waiting.is_empty() {
        let event = book.event("fingerprints.searched", &actor);
        book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    }
    let total = waiting.len() as u64;
    for (at, row) in waiting.into_iter().enumerate() {
        let person = person_of(&row)?;
        let prints = book.view(|view| enrolled::prints(book, view, &row))?;
        let found = enrolled.search(&prints, CANDIDATES);
        let candidates = book.view(|view| {
            let found = found.iter().map(|one| Ok((in_force_of(book, view, one.id)?, one.fused)));
            found.collect::<Result<Vec<_>, Error>>()
        })?;
        let candidates = candidates.into_iter().filter_map(|(id, fused)| Some(Candidate { id: id?, fused }));
        let hits = abis::hits(person, candidates);
        // Without a finger nothing was searched: two officers look at it, as at a hit.
        let unsearched = Hit { person, score: 0.0, fingers: 0 };
        let hits = if prints.is_empty() { vec![unsearched] } else { hits };
        let id = application_of(&row)?;
        match decide(book, &actor, id, hits)? {
            // It was withdrawn, or another run searched it, while this one did.
            None => {}
            Some(hit) => {
                done.searched += 1;
                done.hits += usize::from(hit);
                done.clear += usize::from(!hit);
                enrolled.enrol(vec![gallery::Entry { id, prints }], enrolled.mark())?;
            }
        }
        progress(at as u64 + 1, total);
    }
    enrolled.reach(book.view(|view| Ok(view.event_count()?))?)?;
    while enrolled.tend()? {}
    done.gallery = enrolled.len();
    let answer = serde_json::to_vec(&done).unwrap_or_default();
    checked(&once.submit(book, move |_| Ok(Decision { events: Vec::new(), answer }))?)
}

fn checked(answer: &[u8]) -> Result<Checked, Error> {
    let damaged = || Fault::Damaged { what: "table command".into(), cause: "malformed answer".into() };
    Ok(serde_json::from_slice(answer).map_err(|_| damaged())?)
}

/// What follows from a search: the application goes on, or a case is opened. Gives whether there was a hit; none if the
/// application no longer waits for a search.
fn decide(book: &Arc<Book>, actor: &Actor, application: ApplicationId, hits: Vec<Hit>) -> Result<Option<bool>, Error> {
    let (inner, actor) = (Arc::clone(book), actor.clone());
    let answer = book.submit(None, move |view| {
        let row = view.find(&APPLICATION, 0, &[application.bytes().into()], 1)?.pop();
        let Some(mut row) = row.filter(|row| row[3].text() == "received") else { return Ok(Decision::default()) };
        let Some(hit) = hits.first() else {
            let event = moved(&inner, &actor, "application.checked", row, "checked")?;
            return Ok(Decision { events: vec![event], answer: b"clear".to_vec() });
        };
        let person = person_of(&row)?;
        let candidate = |hit: &Hit| serde_json::json!({ "person": hit.person.to_string(), "score": hit.score });
        let body = serde_json::json!({
            "application": application.to_string(),
            "enroller": ids::OfficerId::from_bytes(row[5].blob()).map(|id| id.to_string()),
            "score": hit.score,
            "threshold": abis::threshold(),
            "fingers": hit.fingers,
            "candidates": hits.iter().filter(|hit| hit.person != person).map(candidate).collect::<Vec<_>>(),
        });
        let unit = row[4].text();
        let opening = Opening {
            kind: "fingerprint",
            unit,
            a: hit.person,
            b: (hit.person != person).then_some(person),
            import: ImportId::default(),
            body,
        };
        let (id, mut event) = case::open(&inner, view, &actor, opening)?;
        row[2] = (row[2].int() + 1).into();
        row[3] = "case".into();
        row[10] = Value::from(id.bytes());
        event.changes.push(Change::put(&APPLICATION, row));
        Ok(Decision { events: vec![event], answer: b"hit".to_vec() })
    })?;
    Ok(match answer.as_slice() {
        b"hit" => Some(true),
        b"clear" => Some(false),
        _ => None,
    })
}

pub(super) fn application_of(row: &Row) -> Result<ApplicationId, Fault> {
    let damaged = || Fault::Damaged { what: "table application".into(), cause: "malformed id".into() };
    ApplicationId::from_bytes(row[1].blob()).ok_or_else(damaged)
}

/// Of whom an application in the gallery is; none if it or they are not in the register.
fn in_force_of(book: &Book, view: &dyn Read, application: ApplicationId) -> Result<Option<PersonId>, Error> {
    match view.find(&APPLICATION, 0, &[application.bytes().into()], 1)?.pop() {
        Some(row) => in_force(book, view, person_of(&row)?),
        None => Ok(None),
    }
}

/// The person, or whom they were merged into; none if they are not in the register. A merged person's rows are the
/// survivor's, so they lead there.
fn in_force(book: &Book, view: &dyn Read, person: PersonId) -> Result<Option<PersonId>, Error> {
    let row = view.get(&PERSON, &[person.bytes().into()])?;
    match row.as_ref().map(|row| row[2].text()) {
        Some("merged") => {}
        Some("withdrawn") | None => return Ok(None),
        Some(_) => return Ok(Some(person)),
    }
    let Some(entry) = Entry::load(view, book.home(), person)? else { return Ok(None) };
    for source in &entry.person.sources {
        let record = view.get(&RECORD, &[crate::import::record_of(book, view, source)?.into()])?;
        let Some(now) = record.and_then(|record| PersonId::from_bytes(record[4].blob())) else { continue };
        let active = view.get(&PERSON, &[now.bytes().into()])?.is_some_and(|row| row[2].text() == "active");
        if active {
            return Ok(Some(now));
        }
    }
    Ok(None)
}

/// The templates of an application, opened.
pub(crate) fn templates(book: &Book, view: &dyn Read, row: &Row) -> Result<Vec<(FingerPosition, Template)>, Error> {
    let (person, application): (PersonId, ApplicationId) = (person_of(row)?, application_of(row)?);
    let entry = Entry::load(view, book.home(), person)?.ok_or(Error::Missing("person-missing"))?;
    let mut fingers = Vec::new();
    for capture in view.scan(&CAPTURE, &row[..2], None, 10)? {
        if capture[6].is_null() {
            continue;
        }
        let context = template_context(person, application, capture[2].int());
        let bytes = crate::seal::open(&entry.key, &context, capture[6].blob())?;
        let damaged = || Fault::Damaged { what: "table capture".into(), cause: "malformed template".into() };
        let template = Template::from_bytes(&bytes).map_err(|_| damaged())?;
        let position = FingerPosition::new(capture[2].int() as u8).map_err(|_| damaged())?;
        fingers.push((position, template));
    }
    Ok(fingers)
}
