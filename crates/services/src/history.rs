//! A person's history: every event of their chain, and what the register said after each change.

use crate::Error;
use crate::book::Book;
use crate::officer::OFFICER;
use crate::person::Entry;
use crate::schema::PERSON_EVENT;
use crate::seal::open;
use journal::{Change, Parts};
use register::person::Person;
use register::row::Facts;
use register::table::PERSON;
use serde::Serialize;

/// One event of a person.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    /// When it was recorded.
    pub recorded: String,
    /// What happened.
    pub kind: String,
    /// The officer's id, or `operator`.
    pub officer: String,
    /// The officer's account name, where there is such an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The purpose that was stated.
    pub purpose: String,
    /// What the register said of the person after it; for changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
}

/// The history of a person who has been read already (the read is logged there, and is the last item here).
pub fn of(book: &Book, entry: &Entry) -> Result<Vec<Item>, Error> {
    let context = [b"person\0".as_slice(), entry.id.bytes()].concat();
    book.view(|view| {
        let mut items = Vec::new();
        for place in view.scan(&PERSON_EVENT, &[entry.id.bytes().into()], None, 10_000)? {
            let number = place[2].int().unsigned_abs();
            let Some(stored) = view.events(number, 1)?.pop().filter(|event| event.number == number) else { continue };
            let event = Parts::from_bytes(&stored.bytes)?.event()?;
            let own = |change: &Change| match change {
                Change::Put { table, row } if *table == PERSON.code && row[0].blob() == entry.id.bytes() => {
                    Some(row[7].blob().to_vec())
                }
                _ => None,
            };
            let facts = match event.changes.iter().find_map(own) {
                None => None,
                Some(sealed) => {
                    let body = open(&entry.key, &context, &sealed)?;
                    serde_json::from_slice::<Person>(&body).ok().map(|person| person.facts().0)
                }
            };
            let account = match event.actor.officer {
                Some(officer) => view.get(&OFFICER, &[officer.bytes().into()])?,
                None => None,
            };
            items.push(Item {
                name: account.map(|row| row[2].text().to_owned()),
                recorded: event.recorded.to_string(),
                kind: event.kind,
                officer: event.actor.officer.map_or_else(|| "operator".to_owned(), |officer| officer.to_string()),
                purpose: event.actor.purpose,
                facts,
            });
        }
        Ok(items)
    })
}
