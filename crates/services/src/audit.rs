//! Proofs for a person: everything that was done with their data, complete and in order.

use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::person::by_number;
use crate::schema::PERSON_EVENT;
use crate::{Error, unit};
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
    let (inner, actor, within, number) =
        (Arc::clone(book), officer.actor(purpose), officer.unit.clone(), number.to_owned());
    let id = book.submit(None, move |view| {
        let found = by_number(view, inner.home(), &number)?;
        let [id] = found[..] else { return Err(Error::Missing("person-missing")) };
        let row = view.get(&PERSON, &[id.bytes().into()])?.ok_or(Error::Missing("person-missing"))?;
        if !unit::within(view, row[4].text(), &within)? {
            return Err(Error::Missing("person-missing"));
        }
        let mut event = inner.event("person.proven", &actor);
        row[4].text().clone_into(&mut event.unit);
        event.subjects = vec![id];
        Ok(Decision { events: vec![event], answer: id.bytes().to_vec() })
    })?;
    let person: [u8; 16] = id.try_into().map_err(|_| Error::Missing("person-missing"))?;
    let note = book.checkpoint(true)?;
    let checkpoint = Checkpoint::parse(&note)?;
    let head = book.heads()?.prove(&person).ok_or(Error::Missing("person-missing"))?;
    let places = book.view(|view| Ok(view.scan(&PERSON_EVENT, &[(&person).into()], None, 1_000_000)?))?;
    let mut events = Vec::with_capacity(places.len());
    for place in places {
        let index = place[2].int().unsigned_abs();
        let stored = book.view(|view| Ok(view.events(index, 1)?))?.pop();
        let stored = stored.filter(|event| event.number == index);
        let damaged = || Fault::Damaged { what: "table event".into(), cause: format!("event {index} is missing") };
        let stored = stored.ok_or_else(damaged)?;
        let parts = Parts::from_bytes(&stored.bytes)?;
        let links: Vec<[u8; 56]> = parts.links.iter().map(Link::to_bytes).collect();
        let own = parts.links.iter().position(|link| link.person.bytes() == &person).ok_or_else(damaged)?;
        let opening = ledger::open(&stored.salt, &parts.head, &parts.body, &links, own);
        events.push(ProvenEvent { index, opening, path: book.inclusion(index, checkpoint.size)? });
    }
    Ok(Proof { version: 1, person, checkpoint: note, head, events })
}
