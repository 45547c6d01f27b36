//! Proofs for a person: everything that was done with their data, complete and in order.

mod search;

pub use search::{Found, KINDS, Page, Wanted, search};

use crate::Error;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::person::one_by_number;
use crate::schema::PERSON_EVENT;
use journal::{Link, Parts};
use ledger::{Checkpoint, Proof, ProvenEvent};
use ports::Fault;
use register::table::PERSON;
use std::sync::Arc;

/// Makes the proof of one person's events. Making it is a read, and the proof contains it.
pub fn prove(book: &Arc<Book>, officer: &Officer, purpose: &str, number: &str) -> Result<Proof, Error> {
    if officer.may("audit").is_err() {
        officer.may("read")?;
    }
    crate::person::purpose(purpose)?;
    let (inner, actor, within, number) =
        (Arc::clone(book), officer.actor(purpose), officer.unit.clone(), number.to_owned());
    let id = book.submit(None, move |view| {
        let id = one_by_number(view, inner.home(), &number, &within)?;
        let row = view.get(&PERSON, &[id.bytes().into()])?.ok_or(Error::Missing("person-missing"))?;
        let mut event = inner.event("person.proven", &actor);
        row[4].text().clone_into(&mut event.unit);
        event.subjects = vec![id];
        Ok(Decision { events: vec![event], answer: id.bytes().to_vec() })
    })?;
    let person: [u8; 16] = id.try_into().map_err(|_| Error::Missing("person-missing"))?;
    // Checkpoint, head and events are of one state: events of this person may come in at any moment.
    book.still(|note, heads, view| {
        let checkpoint = Checkpoint::parse(&note)?;
        let head = heads.prove(&person).ok_or(Error::Missing("person-missing"))?;
        let mut events = Vec::new();
        for place in view.scan(&PERSON_EVENT, &[(&person).into()], None, 1_000_000)? {
            let index = place[2].int().unsigned_abs();
            let stored = view.events(index, 1)?.pop().filter(|event| event.number == index);
            let damaged = || Fault::Damaged { what: "table event".into(), cause: format!("event {index} is missing") };
            let stored = stored.ok_or_else(damaged)?;
            let parts = Parts::from_bytes(&stored.bytes)?;
            let links: Vec<[u8; 56]> = parts.links.iter().map(Link::to_bytes).collect();
            let own = parts.links.iter().position(|link| link.person.bytes() == &person).ok_or_else(damaged)?;
            let opening = ledger::open(&stored.salt, &parts.head, &parts.body, &links, own);
            events.push(ProvenEvent { index, opening, path: book.inclusion(index, checkpoint.size)? });
        }
        Ok(Proof { version: 1, person, checkpoint: note, head, events })
    })
}

/// What is recorded of a file of one person who is new.
pub const IMPORTED: &[&str] =
    &["import.begun", "file.staged", "rows.staged", "register.linked", "person.entered", "import.finished"];
/// What is recorded of a row of it, corrected: the row is read, and taken in as a version of itself.
pub const CORRECTED: &[&str] = &[
    "row.read",
    "import.begun",
    "file.staged",
    "rows.staged",
    "register.linked",
    "person.updated",
    "import.finished",
    "command.answered",
];

/// What an edge declares that it records, before it answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Records {
    /// Nothing, and why not.
    Nothing(&'static str),
    /// Events of these kinds, in order.
    Events(&'static [&'static str]),
}
