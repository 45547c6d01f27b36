//! Returns: aggregate figures that a unit signs, for what the system does not hold.
//!
//! A return says how much there was in all by the end of a day, not how much came on that day. Of several for one unit, measure
//! and day the one recorded last stands. What a unit signed that was merged into another is added to what that one signed before the
//! merger; what it signs since is for both.
//! Invariant: nothing is dropped. What is doubtful is stated as a [`Finding`]; what names no unit or measure that there is
//! counts nowhere until it does.
//! Not here: how a return stands beside what events count (`board`), signatures and storage (`services`).
//! Start reading at [`read`], then at [`Returns`].

mod file;
#[cfg(test)]
mod tests;

pub use crate::file::Fault;
pub use file::read;

use crate::merger::Mergers;
use crate::{AsOf, Cube, MEASURES, Measure, Units};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::{Day, Instant};

/// One signed figure.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Return {
    /// The unit, as signed: see [`Units::named`].
    pub unit: String,
    /// The day at whose end it was so.
    pub day: Day,
    /// The measure, as signed: see [`Measure::find`].
    pub measure: String,
    /// How much in all.
    pub count: u64,
    /// Who signed.
    pub signer: String,
    /// When it was taken up.
    pub recorded: Instant,
}

/// The greatest figure that a unit may sign: a thousand times everybody.
pub const COUNT_MAX: u64 = 100_000_000_000;

/// What is to be said about a return.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// No unit has this code or name; it counts nowhere.
    UnitUnknown,
    /// The unit was merged; it is added to what the unit that it is part of now signed before.
    UnitMerged,
    /// No measure has this name; it counts nowhere.
    MeasureUnknown,
    /// The measure is a mean, which cannot be added up; it counts nowhere.
    MeasureMean,
    /// The day has not come; it counts from that day on.
    DayFuture,
    /// More people than the unit has.
    OverPopulation,
    /// Less than the system has counted itself; the count stands.
    BelowCounted,
    /// Less than the units below it signed; this one stands for all of them.
    BelowUnits,
    /// Less than the unit signed for an earlier day.
    Falls,
    /// The same unit, measure and day was signed before with another figure; this one stands.
    Replaces,
}

impl Finding {
    /// The stable code: `return-unit-unknown` and so on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Finding::UnitUnknown => "return-unit-unknown",
            Finding::UnitMerged => "return-unit-merged",
            Finding::MeasureUnknown => "return-measure-unknown",
            Finding::MeasureMean => "return-measure-mean",
            Finding::DayFuture => "return-day-future",
            Finding::OverPopulation => "return-over-population",
            Finding::BelowCounted => "return-below-counted",
            Finding::BelowUnits => "return-below-units",
            Finding::Falls => "return-falls",
            Finding::Replaces => "return-replaces",
        }
    }
}

/// All returns, by unit and measure.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Returns {
    /// By the unit's code as it was signed and the measure's place; each sorted by day, then by when it was recorded.
    all: BTreeMap<(String, usize), Vec<Return>>,
    /// Those that name no unit or measure that there is.
    elsewhere: Vec<Return>,
    mergers: Mergers,
}

/// What stands of a unit's returns for one measure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing<'a> {
    /// How much in all.
    pub count: u64,
    /// The day of the last one.
    pub day: Day,
    /// What it is the sum of: one, or several where units were merged.
    pub of: Vec<&'a Return>,
    /// Day and figure of each day that has one, in order, as far as they speak of the whole unit.
    pub days: Vec<(Day, u64)>,
}

impl Returns {
    /// Sorts returns by the units and measures there are. The same return twice is one.
    #[must_use]
    pub fn new(units: &Units, returns: impl IntoIterator<Item = Return>) -> Returns {
        let mut all = Returns { mergers: units.mergers().clone(), ..Returns::default() };
        for one in returns {
            let measure = Measure::position(&one.measure).filter(|at| MEASURES[*at].returnable());
            match (units.code_of(&one.unit), measure) {
                (Some(code), Some(measure)) => all.all.entry((code, measure)).or_default().push(one),
                _ => all.elsewhere.push(one),
            }
        }
        for list in all.all.values_mut() {
            list.sort_by(|a, b| (a.day, a.recorded, a).cmp(&(b.day, b.recorded, b)));
            list.dedup();
        }
        all.elsewhere.sort();
        all.elsewhere.dedup();
        all
    }

    /// Those that count nowhere.
    #[must_use]
    pub fn elsewhere(&self) -> &[Return] {
        &self.elsewhere
    }

    /// All of them, each with the code of the unit that it was signed for and the measure (by its place); none where it counts
    /// nowhere.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, Option<usize>, &Return)> {
        let own = self.all.iter();
        let own = own.flat_map(|((unit, at), list)| list.iter().map(move |one| (Some(unit.as_str()), Some(*at), one)));
        own.chain(self.elsewhere.iter().map(|one| (None, Measure::position(&one.measure), one)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.elsewhere.len() + self.all.values().map(Vec::len).sum::<usize>()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which units have returns for a measure, those among them that are no longer there.
    pub fn units(&self, measure: usize) -> impl Iterator<Item = &str> {
        self.all.keys().filter(move |(_, other)| *other == measure).map(|(unit, _)| unit.as_str())
    }

    /// What stands for a unit itself: days up to the one asked for, as far as they had been recorded.
    #[must_use]
    pub fn standing(&self, unit: &str, measure: usize, as_of: AsOf) -> Option<Standing<'_>> {
        let known: BTreeMap<&str, Vec<&Return>> = self.known(unit, measure, as_of);
        let of = self.on(&known, unit, as_of.day);
        let day = of.iter().map(|one| one.day).max()?;
        let mut days: Vec<Day> = known.values().flatten().map(|one| one.day).collect();
        days.sort();
        days.dedup();
        let days = days.into_iter().filter_map(|day| {
            let of = self.on(&known, unit, day);
            // Before everybody who speaks for a part of it had signed, the sum says too little.
            let whole = self.speakers(&known, unit, day).into_iter().filter(|code| known.contains_key(code)).count();
            (of.len() == whole).then(|| (day, count(&of)))
        });
        Some(Standing { count: count(&of), day, days: days.collect(), of })
    }

    /// What had been recorded for a unit and those merged into it.
    fn known(&self, unit: &str, measure: usize, as_of: AsOf) -> BTreeMap<&str, Vec<&Return>> {
        let counts = |one: &&Return| one.day <= as_of.day && one.recorded.day() <= as_of.known;
        let known = |code: &str| {
            let ((code, _), list) = self.all.get_key_value(&(code.to_owned(), measure))?;
            let list: Vec<&Return> = list.iter().filter(counts).collect();
            (!list.is_empty()).then_some((code.as_str(), list))
        };
        self.mergers.all(unit).into_iter().filter_map(known).collect()
    }

    /// Those that add up to the unit's figure on a day.
    fn on<'a>(&self, known: &BTreeMap<&str, Vec<&'a Return>>, unit: &str, day: Day) -> Vec<&'a Return> {
        self.speakers(known, unit, day).into_iter().filter_map(|code| last(known.get(code)?, day)).collect()
    }

    /// The units whose returns add up to a unit's on a day.
    fn speakers<'u>(&'u self, known: &BTreeMap<&str, Vec<&Return>>, unit: &'u str, day: Day) -> Vec<&'u str> {
        self.mergers.standing(unit, &|code| last(known.get(code)?, day).map(|one| one.recorded.day()))
    }

    /// Looks at returns beside the units, the counts and each other; `today` is the day they are looked at.
    #[must_use]
    pub fn check<'a>(&'a self, units: &'a Units, cube: &'a Cube, today: Day) -> Check<'a> {
        let merged = cube.units().enumerate().filter(|(_, code)| units.find(code).is_none());
        let merged = merged.filter_map(|(at, code)| Some((at, code, units.resolve(code)?))).collect();
        Check { returns: self, units, cube, today, merged }
    }
}

/// The last of a unit's returns up to a day.
fn last<'a>(known: &[&'a Return], day: Day) -> Option<&'a Return> {
    known[..known.partition_point(|one| one.day <= day)].last().copied()
}

fn count(of: &[&Return]) -> u64 {
    of.iter().map(|one| one.count).fold(0, u64::saturating_add)
}

/// What returns are looked at beside.
#[derive(Debug)]
pub struct Check<'a> {
    returns: &'a Returns,
    units: &'a Units,
    cube: &'a Cube,
    today: Day,
    /// Units that the cube knows and that were merged, by their place there, with the places of those they are part of now.
    merged: Vec<(usize, &'a str, usize)>,
}

impl Check<'_> {
    /// What is to be said about a return.
    #[must_use]
    pub fn findings(&self, one: &Return) -> Vec<Finding> {
        let mut found = Vec::new();
        let place = self.units.named(&one.unit);
        let code = self.units.code_of(&one.unit).unwrap_or_default();
        let gone = place.is_some() && self.units.find(&code).is_none();
        let measure = Measure::position(&one.measure);
        if place.is_none() {
            found.push(Finding::UnitUnknown);
        } else if gone {
            found.push(Finding::UnitMerged);
        }
        match measure.map(|at| MEASURES[at].returnable()) {
            None => found.push(Finding::MeasureUnknown),
            Some(false) => found.push(Finding::MeasureMean),
            Some(true) => {}
        }
        if one.day > self.today {
            found.push(Finding::DayFuture);
        }
        let (Some(place), Some(measure)) = (place, measure) else { return found };
        let as_of = AsOf { day: one.day, known: one.recorded.day().max(self.today) };
        // Nobody knows any longer how many people there were in a unit that was merged, nor which units were below it.
        if !gone {
            let people = Measure::position("population").and_then(|at| self.returns.standing(&code, at, as_of));
            let people = people.map_or_else(|| self.units.population(place), |standing| standing.count);
            if MEASURES[measure].everybody && people > 0 && one.count > people {
                found.push(Finding::OverPopulation);
            }
            if self.signed_below(place, measure, as_of) > u128::from(one.count) {
                found.push(Finding::BelowUnits);
            }
        }
        let counted = if gone {
            i128::from(self.cube.value(&code, measure, as_of))
        } else {
            self.counted(place, measure, as_of, one)
        };
        if counted > i128::from(one.count) {
            found.push(Finding::BelowCounted);
        }
        let others = self.returns.all.get(&(code, measure)).map_or(&[][..], Vec::as_slice);
        // Of several for one day the one recorded last stands.
        let superseded =
            |other: &Return| others.iter().any(|later| later.day == other.day && later.recorded > other.recorded);
        if others.iter().any(|other| other.day < one.day && other.count > one.count && !superseded(other)) {
            found.push(Finding::Falls);
        }
        let replaced = |other: &&Return| other.day == one.day && other.recorded < one.recorded;
        if others.iter().filter(replaced).any(|other| other.count != one.count) {
            found.push(Finding::Replaces);
        }
        found.sort();
        found
    }

    /// What the units below one signed, each for everything below it.
    fn signed_below(&self, place: usize, measure: usize, as_of: AsOf) -> u128 {
        let (mut sum, mut waiting) = (0, self.units.children(place).to_vec());
        while let Some(place) = waiting.pop() {
            match self.returns.standing(&self.units.at(place).code, measure, as_of) {
                Some(standing) => sum += u128::from(standing.count),
                None => waiting.extend(self.units.children(place)),
            }
        }
        sum
    }

    /// What events say of a unit and everything below it, as it was when a return was signed for it.
    fn counted(&self, place: usize, measure: usize, as_of: AsOf, one: &Return) -> i128 {
        let own = self.units.subtree(place).into_iter();
        let own = own.map(|at| i128::from(self.cube.value(&self.units.at(at).code, measure, as_of)));
        let (code, given) = (self.units.at(place).code.as_str(), one.recorded.day());
        // A unit that was merged into it later is not in what it signed.
        let apart = self.returns.mergers.standing(code, &|_| Some(given));
        let within = |old: &str, now: usize| self.units.within(now, place) && !apart.contains(&old);
        let merged = self.merged.iter().filter(|(_, old, now)| within(old, *now));
        own.sum::<i128>() + merged.map(|(at, ..)| i128::from(self.cube.at(*at, measure, as_of))).sum::<i128>()
    }
}

impl Standing<'_> {
    /// What came on each day up to `end`, which no return comes after: between two returns evenly, and nothing after the last.
    /// Gives the first day that is known; one return alone says nothing about any day.
    pub fn daily(&self, end: Day, days: &mut [i64]) -> usize {
        let Some(first) = self.days.first() else { return days.len() };
        let before = end.0 - days.len() as i32;
        for pair in self.days.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let width = i128::from(to.0.0 - from.0.0);
            let more = i128::from(to.1) - i128::from(from.1);
            // Whole numbers that add up exactly: the difference of two rounded shares.
            let share = |step: i128| (more * step).div_euclid(width);
            for day in (from.0.0 + 1).max(before + 1)..=to.0.0 {
                let step = i128::from(day - from.0.0);
                days[(day - before - 1) as usize] += (share(step) - share(step - 1)) as i64;
            }
        }
        ((first.0.0 - before).max(0) as usize).min(days.len())
    }
}
