//! What a figure is made of: the returns that it rests on, and the events that count for it, the latest day first.
//!
//! Invariant: on all pages together the events count what the board says that events count.
//! Nothing here names a person. The counters say on which day which unit has something to show, so a page looks up that and
//! no more; it ends after [`LOOKED`] events that were looked at, and the next goes on.

use super::{counters, seen};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::returns::Return;
use ::programme::{AsOf, Depth, Line, MEASURES, Measure, NATION, Request, Sources, of_event};
use journal::Parts;
use ports::store::StoredEvent;
use std::fmt;
use time::Day;

/// Events on one page.
const PAGE: usize = 100;
/// Events looked at for one page.
const LOOKED: usize = 5_000;
/// Units asked for events for one page.
const UNITS: usize = 1_000;
/// Returns that are listed.
const RETURNS: usize = 500;

/// Which figure.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Behind {
    /// The unit; empty for the officer's own.
    pub unit: String,
    /// The measure's name.
    pub measure: String,
    /// The day; none for today.
    pub day: Option<Day>,
    /// As it was known at the end of that day, and not as it is known now.
    pub then: bool,
}

/// An event that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// Its place in the ledger.
    pub number: u64,
    /// What happened.
    pub kind: String,
    /// For which unit.
    pub unit: String,
    /// The day it counts for.
    pub happened: Day,
    /// When it was recorded.
    pub recorded: String,
    /// How much it counts; negative where it takes back.
    pub count: i64,
}

/// A page of what a figure is made of.
#[derive(Clone, PartialEq, Debug)]
pub struct Rows {
    /// The figure, as the board has it.
    pub line: Line,
    /// The day.
    pub day: Day,
    /// The returns that were signed for it, by the unit or by those below it, as many as are listed.
    pub returns: Vec<Return>,
    /// How many there are of them.
    pub returns_count: usize,
    /// The events. There may be none on a page and still a next one.
    pub items: Vec<Counted>,
    /// What to give as `before` for the next page.
    pub next: Option<Place>,
}

/// Where a page ends: events are in order of the day they were recorded, the latest first, then by unit, then the latest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The day they were recorded.
    day: Day,
    /// The unit's code.
    unit: String,
    /// The event's number.
    number: u64,
}

impl Place {
    /// Reads what its text says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Place> {
        let (day, rest) = text.split_once('.')?;
        let (unit, number) = rest.split_once('.')?;
        Some(Place { day: Day::parse(day)?, unit: unit.to_owned(), number: number.parse().ok()? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.day, self.unit, self.number)
    }
}

/// What a figure of the board is made of: the page of events that lie behind `before`, or the first.
pub fn rows(book: &Book, officer: &Officer, behind: &Behind, before: Option<Place>) -> Result<Rows, Error> {
    officer.may("status")?;
    let measure = Measure::position(&behind.measure).ok_or(Error::Missing("measure-missing"))?;
    let today = book.now().day();
    let day = behind.day.unwrap_or(today).min(today);
    let as_of = if behind.then { AsOf::then(day) } else { AsOf { day, known: today } };
    let mut page = counters::with(book, |sources, _| {
        let own = seen(sources.units, officer, &behind.unit)?;
        let unit = sources.units.at(own);
        let depth = Depth::Level(unit.level);
        let request = Request { as_of, earlier: None, within: &unit.code, depth, measures: &[measure] };
        let line = ::programme::board(sources, &request).into_iter().next().ok_or(Error::Missing("unit-missing"))?;
        let mut returns = signed(sources, own, measure, as_of);
        let returns_count = returns.len();
        returns.truncate(RETURNS);
        Ok(Rows { line, day, returns, returns_count, items: Vec::new(), next: None })
    })?;
    let begin = |day: Day| Place { day, unit: String::new(), number: u64::MAX };
    let mut at = before.filter(|before| before.day <= as_of.known).unwrap_or(begin(as_of.known));
    let (mut looked, mut asked) = (0, 0);
    // One day at a time: those who ask for something else are not kept waiting.
    let next = |at: &Place, unit: &str| counters::with(book, |sources, _| Ok(known(sources, unit, measure, as_of, at)));
    while let Some((day, units)) = next(&at, &page.line.unit)? {
        at = if day == at.day { at } else { begin(day) };
        for unit in units {
            at = if unit == at.unit { at } else { Place { day, unit, number: u64::MAX } };
            asked += 1;
            while let Some(stored) = latest(book, measure, &at)? {
                for stored in &stored {
                    at.number = stored.number;
                    looked += 1;
                    page.items.extend(counted(stored, measure, as_of)?);
                    if page.items.len() == PAGE || looked >= LOOKED {
                        page.next = Some(at);
                        return Ok(page);
                    }
                }
            }
            // Nothing more of this unit.
            at.number = 0;
            if asked >= UNITS {
                page.next = Some(at);
                return Ok(page);
            }
        }
        at = begin(Day(day.0 - 1));
    }
    Ok(page)
}

/// The last day on which something became known that is in the figure and not before the place, and the units of which it did.
fn known(sources: &Sources<'_>, within: &str, measure: usize, as_of: AsOf, at: &Place) -> Option<(Day, Vec<String>)> {
    let own = sources.units.find(within).unwrap_or(NATION);
    let mut last: Option<(Day, Vec<String>)> = None;
    for (unit, code) in sources.cube.units().enumerate() {
        let done = code < at.unit.as_str() || (code == at.unit && at.number == 0);
        let until = if done { Day(at.day.0 - 1) } else { at.day };
        let place = sources.units.resolve(code).unwrap_or(NATION);
        let Some(day) = sources.cube.last_known(unit, measure, as_of.day, until) else { continue };
        if !sources.units.within(place, own) || last.as_ref().is_some_and(|(last, _)| *last > day) {
            continue;
        }
        match last.as_mut().filter(|(last, _)| *last == day) {
            Some((_, units)) => units.push(code.to_owned()),
            None => last = Some((day, vec![code.to_owned()])),
        }
    }
    // A program that starts again may know the units in another order.
    last.map(|(day, mut units)| {
        units.sort_unstable();
        (day, units)
    })
}

/// The latest events of a unit and a day that may count, before a place; none where there are no more.
fn latest(book: &Book, measure: usize, at: &Place) -> Result<Option<Vec<StoredEvent>>, Error> {
    let span = at.day.start()..Day(at.day.0 + 1).start();
    let mut kinds: Vec<&str> =
        MEASURES[measure].counts.iter().chain(MEASURES[measure].takes_back).map(|source| source.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut all = book.view(|view| {
        let mut all = Vec::new();
        for kind in &kinds {
            all.extend(view.events_of(kind, &at.unit, span.clone(), at.number, PAGE)?);
        }
        Ok(all)
    })?;
    all.sort_unstable_by_key(|stored| std::cmp::Reverse(stored.number));
    // Of several kinds only so many are sure to be without a gap.
    all.truncate(PAGE);
    Ok(Some(all).filter(|all| !all.is_empty()))
}

/// What an event counts for a measure as of a day; none where it does not.
fn counted(stored: &StoredEvent, measure: usize, as_of: AsOf) -> Result<Option<Counted>, Error> {
    let recorded = stored.recorded.day();
    let (mut count, mut happened) = (0, recorded);
    of_event(&Parts::from_bytes(&stored.bytes)?.event()?, &mut |add| {
        let day = add.happened.min(recorded);
        if add.measure == measure && day <= as_of.day {
            (count, happened) = (count + add.count, day);
        }
    });
    Ok((count != 0).then(|| Counted {
        number: stored.number,
        kind: stored.kind.clone(),
        unit: stored.unit.clone(),
        happened,
        recorded: stored.recorded.to_string(),
        count,
    }))
}

/// The return of a unit; where it signed none, those of the units below it.
fn signed(sources: &Sources<'_>, place: usize, measure: usize, as_of: AsOf) -> Vec<Return> {
    let (mut all, mut waiting) = (Vec::new(), vec![place]);
    while let Some(place) = waiting.pop() {
        match sources.returns.standing(&sources.units.at(place).code, measure, as_of) {
            Some(standing) => all.extend(standing.of.into_iter().cloned()),
            None => waiting.extend(sources.units.children(place).iter().rev()),
        }
    }
    all
}
