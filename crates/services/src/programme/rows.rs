//! What a figure is made of: the events that count for a measure in a unit, the newest first.
//!
//! Nothing here names a person. A page ends after [`LOOKED`] events that were looked at, found or not, and the next goes on.

use super::{counters, seen};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::{MEASURES, Measure, NATION, Need, need, of_event};
use journal::Parts;
use std::collections::HashMap;

/// Events on one page.
const PAGE: usize = 100;
/// Events looked at for one page.
const LOOKED: u64 = 5_000;
/// Of these at a time.
const CHUNK: u64 = 500;

/// An event that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// Its place in the ledger.
    pub number: u64,
    /// What happened.
    pub kind: String,
    /// For which unit.
    pub unit: String,
    /// When it was recorded.
    pub recorded: String,
    /// How much it counts; negative where it takes back.
    pub count: i64,
}

/// A page of them. There may be none on it and still a next page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rows {
    /// The events.
    pub items: Vec<Counted>,
    /// What to give as `before` for the next page.
    pub next: Option<u64>,
}

/// The events that count for a measure in a unit and below it, those before the event `before`.
pub fn rows(book: &Book, officer: &Officer, unit: &str, measure: &str, before: Option<u64>) -> Result<Rows, Error> {
    officer.may("status")?;
    let wanted = Measure::position(measure).ok_or(Error::Missing("measure-missing"))?;
    let kinds = MEASURES[wanted].counts.iter().chain(MEASURES[wanted].takes_back);
    let kinds: Vec<&str> = kinds.map(|source| source.kind).collect();
    // Which codes lie within the unit, as far as events have named them.
    let mut near: HashMap<String, bool> = HashMap::new();
    let own =
        counters::with(book, |sources, _| Ok(sources.units.at(seen(sources.units, officer, unit)?).code.clone()))?;
    let mut within = |codes: Vec<String>| {
        counters::with(book, |sources, _| {
            let place = sources.units.find(&own).unwrap_or(NATION);
            for code in codes {
                let at = sources.units.resolve(&code).unwrap_or(NATION);
                near.insert(code, sources.units.within(at, place));
            }
            Ok(near.clone())
        })
    };
    let mut at = before.unwrap_or(u64::MAX).min(book.view(|view| Ok(view.event_count()?))?);
    let (mut page, end) = (Rows::default(), at.saturating_sub(LOOKED));
    while at > end {
        let from = at.saturating_sub(CHUNK).max(end);
        let events = book.view(|view| Ok(view.events(from, (at - from) as usize)?))?;
        let near = within(events.iter().map(|event| event.unit.clone()).collect())?;
        for stored in events.iter().rev() {
            at = stored.number;
            let fits = kinds.contains(&stored.kind.as_str()) && need(&stored.kind) != Need::Nothing;
            if !fits || !near.get(&stored.unit).copied().unwrap_or(false) {
                continue;
            }
            let mut count = 0;
            of_event(&Parts::from_bytes(&stored.bytes)?.event()?, &mut |add| {
                count += if add.measure == wanted { add.count } else { 0 };
            });
            if count == 0 {
                continue;
            }
            let (kind, unit) = (stored.kind.clone(), stored.unit.clone());
            page.items.push(Counted { number: at, kind, unit, recorded: stored.recorded.to_string(), count });
            if page.items.len() == PAGE {
                page.next = Some(at).filter(|at| *at > 0);
                return Ok(page);
            }
        }
        at = from;
    }
    page.next = Some(at).filter(|at| *at > 0);
    Ok(page)
}
