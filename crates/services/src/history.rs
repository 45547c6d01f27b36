//! A person's history: every event of their chain, and what the register said after each change.
//!
//! Two times are told apart. *Recorded*: since when the register says something, and until when it did; that is in its own
//! events. *Valid*: since when it is so in the world; only where a source says it, and most say it of birth alone.
//! Start reading at [`of`], then [`spans`].

use crate::Error;
use crate::book::Book;
use crate::officer::OFFICER;
use crate::person::Entry;
use crate::schema::PERSON_EVENT;
use crate::seal::open;
use crate::status::READS;
use crate::unit::within;
use journal::{Change, Event, Parts, Row};
use ports::store::{Page, Read};
use register::person::{Person, Source};
use register::row::Facts;
use register::table::PERSON;
use serde::Serialize;
use std::collections::HashMap;
use time::{CivilDate, Instant};

/// One event of a person.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    /// When it was recorded.
    pub recorded: String,
    /// What happened.
    pub kind: String,
    /// The officer's id, or `operator`; empty where the reader may not know which officer.
    pub officer: String,
    /// The officer's account name, where there is such an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The purpose that was stated.
    pub purpose: String,
    /// What the register said of the person after it; for changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
    /// The person as this change left them, with the sources.
    #[serde(skip)]
    pub person: Option<Person>,
    /// The unit of the officer's account.
    #[serde(skip)]
    unit: Option<String>,
}

/// How long the register said a thing of somebody, and from which source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Span {
    /// The fact: `name`, `birth`, `ward` …
    pub fact: &'static str,
    /// What was said, in words.
    pub value: String,
    /// The row that said it; none for what the register itself gives.
    pub source: Option<Source>,
    /// Since when the register said so.
    pub learned: String,
    /// When it stopped; none where it still does.
    pub until: Option<String>,
    /// Since when it is so in the world, where that is known.
    pub since: Option<CivilDate>,
}

/// What is so from birth on; of the rest no source that we take in says since when.
const FROM_BIRTH: [&str; 6] = ["birth", "sex", "birth_province", "home_town", "father", "mother"];

/// What is said of a person in words, as the caller writes them.
pub type Words<'a> = &'a dyn Fn(&Person) -> Vec<(&'static str, String)>;

/// For each fact everything that the register ever said, oldest first.
#[must_use]
pub fn spans(items: &[Item], words: Words<'_>) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    for item in items {
        let Some(person) = &item.person else { continue };
        let (facts, provenance) = person.facts();
        for (fact, value) in words(person) {
            let at = provenance.iter().find(|(own, _)| *own == fact).map(|(_, at)| *at);
            let source = at.and_then(|at| person.sources.get(at)).cloned();
            let open = all.iter_mut().rev().find(|span| span.fact == fact && span.until.is_none());
            if open.as_ref().is_some_and(|span| span.value == value) {
                continue;
            }
            if let Some(span) = open {
                span.until = Some(item.recorded.clone());
            }
            if !value.is_empty() {
                let since = facts.birth.filter(|_| FROM_BIRTH.contains(&fact));
                all.push(Span { fact, value, source, learned: item.recorded.clone(), until: None, since });
            }
        }
    }
    all
}

/// The person as the register knew them at an instant; `None` where it did not know them yet.
#[must_use]
pub fn known(items: &[Item], at: Instant) -> Option<&Person> {
    let before = |item: &&Item| Instant::parse(&item.recorded).is_some_and(|recorded| recorded <= at);
    items.iter().filter(before).filter_map(|item| item.person.as_ref()).next_back()
}

/// Leaves names and ids of those officers only whom somebody of a unit may see: of the unit, of one below it, of one
/// above it.
pub fn for_unit(book: &Book, mut items: Vec<Item>, unit: &str) -> Result<Vec<Item>, Error> {
    book.view(|view| {
        for item in &mut items {
            let own = item.unit.as_deref().unwrap_or_default();
            if item.name.is_some() && !within(view, own, unit)? && !within(view, unit, own)? {
                item.name = None;
                item.officer.clear();
            }
        }
        Ok(())
    })?;
    Ok(items)
}

/// Of somebody with more events than these, looks that are older are left out; the whole chain stands in the proof.
const ITEMS_MAX: usize = 1_000;

/// Whether looks may have been left out.
#[must_use]
pub fn is_shortened(items: &[Item]) -> bool {
    items.len() >= ITEMS_MAX
}

/// The history of a person who has been read already (the read is logged there, and is the last item here): everything but
/// looks, however long ago, and the looks among the last thousand events.
pub fn of(book: &Book, entry: &Entry) -> Result<Vec<Item>, Error> {
    let context = [b"person\0".as_slice(), entry.id.bytes()].concat();
    book.view(|view| {
        let mut items = Vec::new();
        let mut officers = HashMap::new();
        for event in events(view, entry)? {
            let own = |change: &Change| match change {
                Change::Put { table, row } if *table == PERSON.code && row[0].blob() == entry.id.bytes() => {
                    Some(row[7].blob().to_vec())
                }
                _ => None,
            };
            let person = match event.changes.iter().find_map(own) {
                None => None,
                Some(sealed) => serde_json::from_slice::<Person>(&open(&entry.key, &context, &sealed)?).ok(),
            };
            let account = match event.actor.officer {
                Some(officer) => match officers.get(&officer) {
                    Some(account) => Option::clone(account),
                    None => {
                        let account = view.get(&OFFICER, &[officer.bytes().into()])?;
                        officers.insert(officer, account.clone());
                        account
                    }
                },
                None => None,
            };
            items.push(Item {
                name: account.as_ref().map(|row| row[2].text().to_owned()),
                unit: account.map(|row| row[4].text().to_owned()),
                recorded: event.recorded.to_string(),
                kind: event.kind,
                officer: event.actor.officer.map_or_else(|| "operator".to_owned(), |officer| officer.to_string()),
                purpose: event.actor.purpose,
                facts: person.as_ref().map(|person| person.facts().0),
                person,
            });
        }
        Ok(items)
    })
}

/// The events of a person, the oldest first.
fn events(view: &dyn Read, entry: &Entry) -> Result<Vec<Event>, Error> {
    let (mut all, mut after): (Vec<Event>, Option<Row>) = (Vec::new(), None);
    loop {
        let page = Page::after(after.as_deref(), ITEMS_MAX).back();
        let places = view.scan_page(&PERSON_EVENT, &[entry.id.bytes().into()], page)?;
        let numbers: Vec<u64> = places.iter().map(|place| place[2].int().unsigned_abs()).collect();
        let mut stored = view.events_at(&numbers)?;
        stored.sort_unstable_by_key(|event| std::cmp::Reverse(event.number));
        for one in stored {
            if after.is_none() || !READS.contains(&one.kind.as_str()) {
                all.push(Parts::from_bytes(&one.bytes)?.event()?);
            }
        }
        match places.last() {
            Some(last) if places.len() == ITEMS_MAX => after = Some(last[..PERSON_EVENT.key].to_vec()),
            _ => break,
        }
    }
    all.reverse();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(recorded: &str, address: &str) -> Item {
        let facts = Facts { address: address.to_owned(), birth: CivilDate::new(1990, None, None), ..Facts::default() };
        let source = serde_json::json!({ "sender": "001", "rec_id": "1", "form": "DC01", "file": "f", "line": 2,
            "recorded": 0, "facts": facts });
        let person = Person { number: None, sources: vec![serde_json::from_value(source).expect("a source")] };
        Item {
            recorded: recorded.to_owned(),
            kind: "person.updated".to_owned(),
            officer: "operator".to_owned(),
            name: None,
            purpose: String::new(),
            facts: None,
            person: Some(person),
            unit: None,
        }
    }

    #[test]
    fn a_value_is_said_until_another_comes() {
        let items = [
            item("2026-01-01T00:00:00Z", "1"),
            item("2026-01-02T00:00:00Z", "1"),
            item("2026-01-03T00:00:00Z", ""),
            item("2026-01-04T00:00:00Z", "2"),
        ];
        let words = |person: &Person| vec![("address", person.facts().0.address)];
        let said: Vec<(String, String, Option<String>)> =
            spans(&items, &words).into_iter().map(|span| (span.value, span.learned, span.until)).collect();
        let text = str::to_owned;
        assert_eq!(
            said,
            [
                (text("1"), text("2026-01-01T00:00:00Z"), Some(text("2026-01-03T00:00:00Z"))),
                (text("2"), text("2026-01-04T00:00:00Z"), None),
            ]
        );
        let at = |day: &str| known(&items, Instant::parse(day).expect("a day")).map(|person| person.facts().0.address);
        assert_eq!(at("2025-12-31"), None);
        assert_eq!(at("2026-01-02"), Some(text("1")), "the end of the day in Viet Nam");
        assert_eq!(at("2026-01-05"), Some(text("2")));
    }
}
