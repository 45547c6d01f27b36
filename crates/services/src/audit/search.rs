//! The auditor's search: events, the newest first, by kind, unit, officer and day.
//!
//! Nothing here names a person: no subject, no purpose (it is free text), nothing of what an event holds. A page ends after
//! [`LOOKED`] events that were looked at, found or not, and the next goes on: it costs the same at any depth.

use crate::Error;
use crate::book::Book;
use crate::officer::{OFFICER, Officer};
use crate::place::Subtree;
use crate::unit::within;
use ids::OfficerId;
use journal::{Head, Parts};
use ports::store::{Read, StoredEvent};
use register::table::UNIT;
use std::collections::HashMap;
use time::Day;

/// Every kind of event that the services write.
pub const KINDS: &[&str] = &[
    "application.approved",
    "application.batched",
    "application.checked",
    "application.recapture",
    "application.received",
    "application.refused",
    "application.returned",
    "approach.changed",
    "attachment.read",
    "batch.approved",
    "batch.made",
    "batch.personalised",
    "card.begun",
    "card.personalised",
    "case.decided",
    "case.moved",
    "case.opened",
    "case.read",
    "case.withdrawn",
    "command.answered",
    "delegation.changed",
    "difficulty.changed",
    "difficulty.escalated",
    "file.staged",
    "fingerprints.searched",
    "import.begun",
    "import.cut-off",
    "import.finished",
    "import.withdrawn",
    "kit.registered",
    "milestone.changed",
    "officer.accepted",
    "officer.changed",
    "officer.closed",
    "officer.made",
    "officer.opened",
    "officer.refused",
    "officer.reset",
    "officer.signed-in",
    "officer.signed-out",
    "passkey.added",
    "passkey.removed",
    "person.entered",
    "person.found",
    "person.merged",
    "person.moved-in",
    "person.moved-out",
    "person.numbered",
    "person.proven",
    "person.read",
    "person.updated",
    "person.withdrawn",
    "persons.extracted",
    "pilot.changed",
    "prints.read",
    "register.linked",
    "report.checked",
    "report.frozen",
    "report.signed",
    "returns.signed",
    "roadmap.changed",
    "row.read",
    "rows.same",
    "rows.staged",
    "rows.withdrawn",
    "targets.set",
    "units.imported",
    "units.moved",
];
/// Events on one page.
const PAGE: usize = 50;
/// Events looked at for one page.
const LOOKED: u64 = 2_000;
/// Of these at a time.
const CHUNK: u64 = 200;
/// Events that are committed together may stand in another order than their times, but not by more.
const SLACK_US: i64 = 60_000_000;

/// What is searched for; what is empty does not count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// One of [`KINDS`].
    pub kind: String,
    /// A unit with everything below it.
    pub unit: String,
    /// An account's name.
    pub officer: String,
    /// A day in Việt Nam, `YYYY-MM-DD`.
    pub day: String,
}

/// An event as found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its place in the ledger.
    pub number: u64,
    /// What happened.
    pub kind: String,
    /// For which unit it counts.
    pub unit: String,
    /// When it was recorded.
    pub recorded: String,
    /// The account's name; none for the operator, and where the auditor may not know which officer.
    pub officer: Option<String>,
    /// The operator of the machine did it.
    pub operator: bool,
}

/// A page of them. There may be none on it and still a next page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// The events, the newest first.
    pub events: Vec<Found>,
    /// What to give as `before` for the next page.
    pub next: Option<u64>,
}

/// Searches the events of the auditor's unit, those before the event `before`.
pub fn search(book: &Book, officer: &Officer, wanted: &Wanted, before: Option<u64>) -> Result<Page, Error> {
    officer.may("audit")?;
    if !wanted.kind.is_empty() && !KINDS.contains(&wanted.kind.as_str()) {
        return Err(Error::input("kind-unknown"));
    }
    let day = match wanted.day.as_str() {
        "" => None,
        day => Some(Day::parse(day).ok_or(Error::input("day-malformed"))?),
    };
    book.view(|view| {
        let mut names = Names { unit: officer.unit.clone(), known: HashMap::new() };
        let by = match wanted.officer.as_str() {
            "" => None,
            name => Some(names.find(view, name)?.ok_or(Error::Missing("officer-missing"))?),
        };
        let unit = if wanted.unit.is_empty() { &officer.unit } else { &wanted.unit };
        let there = wanted.unit.is_empty() || view.get(&UNIT, &[unit.as_str().into()])?.is_some();
        if !there || !within(view, unit, &officer.unit)? {
            return Err(Error::Missing("unit-missing"));
        }
        let units = Subtree::of(view, unit)?;
        let times = day.map(|day| (day.start().0, Day(day.0 + 1).start().0));
        let mut at = before.unwrap_or(u64::MAX).min(view.event_count()?);
        if let Some((_, end)) = times {
            at = at.min(first_from(view, at, end + SLACK_US)?);
        }
        let (mut page, end) = (Page::default(), at.saturating_sub(LOOKED));
        while at > end {
            let from = at.saturating_sub(CHUNK).max(end);
            for stored in view.events(from, (at - from) as usize)?.iter().rev() {
                if times.is_some_and(|(start, _)| stored.recorded.0 < start - SLACK_US) {
                    return Ok(page);
                }
                at = stored.number;
                let timely = times.is_none_or(|(start, end)| (start..end).contains(&stored.recorded.0));
                let fits = timely && units.has(&stored.unit) && (wanted.kind.is_empty() || stored.kind == wanted.kind);
                if fits && let Some(found) = names.found(view, stored, by)? {
                    page.events.push(found);
                    if page.events.len() == PAGE {
                        page.next = (at > 0).then_some(at);
                        return Ok(page);
                    }
                }
            }
            at = from;
        }
        page.next = (at > 0).then_some(at);
        Ok(page)
    })
}

/// The number of the first event recorded at an instant or after it, among those before `count`.
fn first_from(view: &dyn Read, count: u64, instant: i64) -> Result<u64, Error> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        let earlier = view.events(middle, 1)?.first().is_some_and(|event| event.recorded.0 < instant);
        if earlier { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

/// Names of officers whom the auditor may know: of the unit, of one below it, of one above it.
struct Names {
    unit: String,
    known: HashMap<OfficerId, Option<String>>,
}

impl Names {
    fn is_near(&self, view: &dyn Read, own: &str) -> Result<bool, Error> {
        Ok(within(view, own, &self.unit)? || within(view, &self.unit, own)?)
    }

    /// The account with a name.
    fn find(&self, view: &dyn Read, name: &str) -> Result<Option<OfficerId>, Error> {
        match view.find(&OFFICER, 0, &[name.into()], 1)?.pop() {
            Some(row) if self.is_near(view, row[4].text())? => Ok(OfficerId::from_bytes(row[0].blob())),
            _ => Ok(None),
        }
    }

    fn of(&mut self, view: &dyn Read, id: OfficerId) -> Result<Option<String>, Error> {
        if let Some(name) = self.known.get(&id) {
            return Ok(name.clone());
        }
        let name = match view.get(&OFFICER, &[id.bytes().into()])? {
            Some(row) if self.is_near(view, row[4].text())? => Some(row[2].text().to_owned()),
            _ => None,
        };
        self.known.insert(id, name.clone());
        Ok(name)
    }

    /// An event as it is shown; none where another officer did it than is searched for.
    fn found(&mut self, view: &dyn Read, stored: &StoredEvent, by: Option<OfficerId>) -> Result<Option<Found>, Error> {
        let who = Head::from_bytes(&Parts::from_bytes(&stored.bytes)?.head)?.actor.officer;
        if by.is_some() && who != by {
            return Ok(None);
        }
        let officer = match who {
            Some(id) => self.of(view, id)?,
            None => None,
        };
        Ok(Some(Found {
            number: stored.number,
            kind: stored.kind.clone(),
            unit: stored.unit.clone(),
            recorded: stored.recorded.to_string(),
            officer,
            operator: who.is_none(),
        }))
    }
}
