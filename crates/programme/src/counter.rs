//! Counters: per unit and measure, how much happened on which day, and on which day it became known.
//!
//! Invariant: the same events give the same cube, in any order, with any delay, however often each comes.
//! Invariant: nothing happens after it was recorded. What says so (a clock in 2036) counts on the day it was recorded and
//! is listed ([`Cube::ahead`]).
//! Invariant: a day as it was known then, plus the [`Cube::corrections`] since, is that day as it is known now.
//! Not here: what an event adds (`measure`), the tree of units (`unit`).
//! Start reading at [`Cube::add`].

mod checkpoint;
mod seen;
mod series;
#[cfg(test)]
mod tests;

pub use checkpoint::Stale;

use crate::measure::{self, MEASURES, Need};
use journal::Event;
use seen::Seen;
use series::Series;
use std::collections::{BTreeMap, HashMap};
use time::{Day, Instant};

/// Which figures are asked for: everything that happened up to the end of a day, as it was known at the end of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AsOf {
    /// Happened on this day or before.
    pub day: Day,
    /// Recorded on this day or before.
    pub known: Day,
}

impl AsOf {
    /// A day as it was known at its end.
    #[must_use]
    pub fn then(day: Day) -> AsOf {
        AsOf { day, known: day }
    }

    /// A day as it is known now.
    #[must_use]
    pub fn now(day: Day) -> AsOf {
        AsOf { day, known: Day(i32::MAX) }
    }
}

/// What became known of a day after it had been shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Correction {
    /// The unit's code, as the event said it.
    pub unit: String,
    /// The measure's name.
    pub measure: &'static str,
    /// The day it happened.
    pub happened: Day,
    /// The day it became known.
    pub recorded: Day,
    /// How much; negative where something was taken back.
    pub count: i64,
}

/// An event whose clock ran ahead of the register's.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Ahead {
    /// The unit's code, as the event said it.
    pub unit: String,
    /// The day that the event says.
    pub happened: Day,
    /// The day it was recorded, on which it counts.
    pub recorded: Day,
}

/// How many events with a clock ahead are named; all are counted.
const AHEAD_MAX: usize = 1_000;

/// The counters.
#[derive(Clone, Debug, Default)]
pub struct Cube {
    units: Vec<Box<str>>,
    places: HashMap<Box<str>, u32>,
    /// By unit, then by measure.
    series: Vec<Series>,
    seen: Seen,
    ahead: BTreeMap<u64, Ahead>,
    ahead_count: u64,
}

impl Cube {
    /// Counts one event of the journal; nothing if its position has been counted.
    pub fn add(&mut self, position: u64, event: &Event) {
        if !self.seen.insert(position) {
            return;
        }
        let recorded = event.recorded.day();
        let (mut place, mut latest) = (None, recorded);
        measure::of_event(event, &mut |add| {
            let place = *place.get_or_insert_with(|| self.intern(&event.unit));
            self.put(place, add.measure, add.happened.min(recorded), recorded, add.count);
            latest = latest.max(add.happened);
        });
        if latest > recorded {
            self.ahead_count += 1;
            self.ahead.insert(position, Ahead { unit: event.unit.clone(), happened: latest, recorded });
            self.cut();
        }
    }

    /// Counts one event by what stands beside it in the journal, and says whether it could: where not, it has to be opened
    /// and given to [`Cube::add`].
    pub fn add_head(&mut self, position: u64, kind: &str, unit: &str, recorded: Instant) -> bool {
        let need = measure::need(kind);
        if need == Need::Whole && !self.seen.contains(position) {
            return false;
        }
        if !self.seen.insert(position) || need == Need::Nothing {
            return true;
        }
        let place = self.intern(unit);
        measure::of_head(kind, recorded, &mut |add| {
            self.put(place, add.measure, add.happened, recorded.day(), add.count);
        });
        true
    }

    /// The position after the last one up to which every event has been counted: where to go on.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.seen.first_gap()
    }

    /// How many events have been looked at.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.seen.len()
    }

    /// The codes that events named, in the order of their first event: the places that [`Cube::at`] takes.
    pub fn units(&self) -> impl ExactSizeIterator<Item = &str> {
        self.units.iter().map(|unit| &**unit)
    }

    /// The sum for a unit itself, without those below it.
    #[must_use]
    pub fn value(&self, unit: &str, measure: usize, as_of: AsOf) -> i64 {
        self.places.get(unit).map_or(0, |place| self.at(*place as usize, measure, as_of))
    }

    /// [`Cube::value`] by the unit's place in [`Cube::units`].
    #[must_use]
    pub fn at(&self, place: usize, measure: usize, as_of: AsOf) -> i64 {
        self.series[place * MEASURES.len() + measure].value(as_of)
    }

    /// Whether anything had been counted for a unit and measure: what came later says nothing about a day as it was known.
    #[must_use]
    pub fn counts(&self, place: usize, measure: usize, as_of: AsOf) -> bool {
        self.series[place * MEASURES.len() + measure].counts(as_of)
    }

    /// The last day up to `until` on which something became known of `day` and those before it.
    #[must_use]
    pub fn last_known(&self, place: usize, measure: usize, day: Day, until: Day) -> Option<Day> {
        self.series[place * MEASURES.len() + measure].last_known(day, until)
    }

    /// Adds what happened on each of the days that end with the day asked for to `days`, the last day last.
    pub fn daily(&self, place: usize, measure: usize, as_of: AsOf, days: &mut [i64]) {
        self.series[place * MEASURES.len() + measure].daily(as_of, days);
    }

    /// What became known about a day and those before it after it was shown: recorded after `then`, up to and with `now`.
    #[must_use]
    pub fn corrections(&self, day: Day, then: Day, now: Day) -> Vec<Correction> {
        let mut all = Vec::new();
        for (at, series) in self.series.iter().enumerate() {
            let (unit, measure) = (&self.units[at / MEASURES.len()], MEASURES[at % MEASURES.len()].name);
            for cell in series.recorded(then, now).iter().filter(|cell| cell.happened <= day && cell.count != 0) {
                let (happened, recorded, count) = (cell.happened, cell.recorded, cell.count);
                all.push(Correction { unit: unit.to_string(), measure, happened, recorded, count });
            }
        }
        all.sort_unstable();
        all
    }

    /// Events with a clock ahead, by position, the first thousand of them.
    pub fn ahead(&self) -> impl Iterator<Item = (u64, &Ahead)> {
        self.ahead.iter().map(|(position, ahead)| (*position, ahead))
    }

    /// How many events had a clock ahead.
    #[must_use]
    pub fn ahead_count(&self) -> u64 {
        self.ahead_count
    }

    /// Takes up another cube's counts. Refused if both have counted a position: nobody could say what counted twice.
    pub fn merge(&mut self, other: &Cube) -> Result<(), Overlap> {
        if let Some(position) = self.seen.overlap(&other.seen) {
            return Err(Overlap { position });
        }
        for (at, unit) in other.units.iter().enumerate() {
            let place = self.intern(unit) as usize;
            for measure in 0..MEASURES.len() {
                for cell in other.series[at * MEASURES.len() + measure].cells() {
                    self.series[place * MEASURES.len() + measure].add(cell.happened, cell.recorded, cell.count);
                }
            }
        }
        self.seen.merge(&other.seen);
        self.ahead_count += other.ahead_count;
        self.ahead.extend(other.ahead.iter().map(|(position, ahead)| (*position, ahead.clone())));
        self.cut();
        Ok(())
    }

    fn put(&mut self, place: u32, measure: usize, happened: Day, recorded: Day, count: i64) {
        self.series[place as usize * MEASURES.len() + measure].add(happened, recorded, count);
    }

    /// Keeps the names of the first events with a clock ahead.
    fn cut(&mut self) {
        while self.ahead.len() > AHEAD_MAX {
            self.ahead.pop_last();
        }
    }

    fn intern(&mut self, unit: &str) -> u32 {
        if let Some(place) = self.places.get(unit) {
            return *place;
        }
        let place = self.units.len() as u32;
        self.units.push(unit.into());
        self.places.insert(unit.into(), place);
        self.series.resize(self.units.len() * MEASURES.len(), Series::default());
        place
    }
}

/// Two cubes have counted the same event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("event {position} was counted in both")]
pub struct Overlap {
    /// The first position that both have.
    pub position: u64,
}
