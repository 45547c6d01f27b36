//! Two days of a unit and of those below it, side by side: as each was known at its end, or as both are known now, and what
//! became known in between.
//!
//! Start reading at [`compare`].

use super::{above, counters, measures, seen};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::{AsOf, Correction, Depth, Line, NATION, Request, Sources};
use std::collections::{BTreeSet, HashMap};
use time::Day;

/// Corrections that are listed; all are in the figures.
const LISTED: usize = 500;
/// Days between the two, unless others are asked for.
const APART: i32 = 7;

/// What is compared.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comparing {
    /// The unit; empty for the officer's own.
    pub unit: String,
    /// The measure; empty for people processed.
    pub measure: String,
    /// One day; none for a week before the other.
    pub first: Option<Day>,
    /// The other day; none for today.
    pub second: Option<Day>,
    /// Each as it was known at its end, and not as it is known now.
    pub then: bool,
}

/// A unit on one of the days.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Side {
    /// The figure.
    pub value: u64,
    /// In percent of target or population.
    pub percent: Option<f64>,
    /// The place among its neighbours.
    pub rank: Option<u64>,
    /// What became known of this day after its end: what is known now without what was known then.
    pub corrected: i64,
}

/// A unit on both days.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    /// The unit's code.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// On the earlier day.
    pub first: Side,
    /// On the later day.
    pub second: Side,
}

impl Pair {
    /// How much more there is on the later day.
    #[must_use]
    pub fn gain(&self) -> i64 {
        let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        whole(self.second.value).saturating_sub(whole(self.first.value))
    }

    /// The same in hundredths of a percent, between the percentages as they are shown.
    #[must_use]
    pub fn percent_gain(&self) -> Option<i64> {
        let hundredths = |percent: f64| (percent * 100.0).round() as i64;
        Some(hundredths(self.second.percent?) - hundredths(self.first.percent?))
    }

    /// Places won; negative where lost.
    #[must_use]
    pub fn rank_gain(&self) -> Option<i64> {
        let place = |rank: u64| i64::try_from(rank).unwrap_or(i64::MAX);
        Some(place(self.first.rank?) - place(self.second.rank?))
    }
}

/// Two days side by side.
#[derive(Clone, PartialEq, Debug)]
pub struct Compared {
    /// The unit; empty for the nation.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// The units above it that the officer may see, from the top, with their names.
    pub above: Vec<(String, String)>,
    /// The measure's name.
    pub measure: String,
    /// The earlier day.
    pub first: Day,
    /// The later day.
    pub second: Day,
    /// The unit itself, then those directly below it in order of the later day's rank.
    pub pairs: Vec<Pair>,
    /// What events told of either day after its end, by unit and day.
    pub corrections: Vec<Correction>,
    /// How many of them there are; the list ends sooner where they are very many.
    pub corrections_count: usize,
}

/// Compares two days.
pub fn compare(book: &Book, officer: &Officer, asked: &Comparing) -> Result<Compared, Error> {
    officer.may("status")?;
    let name: &str = if asked.measure.is_empty() { "entered" } else { &asked.measure };
    let measures = measures(&[name.to_owned()])?;
    let today = book.now().day();
    let second = asked.second.unwrap_or(today).min(today);
    let first = asked.first.unwrap_or(Day(second.0.saturating_sub(APART))).min(today);
    let (first, second) = (first.min(second), first.max(second));
    counters::with(book, |sources, _| {
        let place = seen(sources.units, officer, &asked.unit)?;
        let unit = sources.units.at(place);
        let lines = |as_of: AsOf| lines(sources, &unit.code, as_of, &measures);
        let known = |day: Day| (lines(AsOf::then(day)), lines(AsOf::now(day)));
        let ((then_first, now_first), (then_second, now_second)) = (known(first), known(second));
        let side = |unit: &str, then: &Lines, now: &Lines| {
            let shown = if asked.then { then } else { now };
            let value =
                |lines: &Lines| lines.by.get(unit).map_or(0, |line| i64::try_from(line.value).unwrap_or(i64::MAX));
            shown.by.get(unit).map_or_else(Side::default, |line| Side {
                value: line.value,
                percent: line.percent,
                rank: line.rank,
                corrected: value(now).saturating_sub(value(then)),
            })
        };
        let order = if asked.then { &then_second } else { &now_second };
        let pair = |unit: &String| Pair {
            unit: unit.clone(),
            name: order.by[unit].name.clone(),
            first: side(unit, &then_first, &now_first),
            second: side(unit, &then_second, &now_second),
        };
        let mut corrections = BTreeSet::new();
        for day in [first, second] {
            let all = sources.cube.corrections(day, day, today).into_iter().filter(|one| one.measure == name);
            let within = |code: &str| sources.units.within(sources.units.resolve(code).unwrap_or(NATION), place);
            corrections.extend(all.filter(|one| within(&one.unit)));
        }
        Ok(Compared {
            unit: unit.code.clone(),
            name: unit.name.clone(),
            above: above(sources.units, officer, place),
            measure: name.to_owned(),
            first,
            second,
            pairs: order.order.iter().map(pair).collect(),
            corrections_count: corrections.len(),
            corrections: corrections.into_iter().take(LISTED).collect(),
        })
    })
}

/// The lines of one day, by unit and in order.
struct Lines {
    order: Vec<String>,
    by: HashMap<String, Line>,
}

fn lines(sources: &Sources<'_>, unit: &str, as_of: AsOf, measures: &[usize]) -> Lines {
    let request = Request { as_of, earlier: None, within: unit, depth: Depth::Page, measures };
    let all = ::programme::board(sources, &request);
    let order = all.iter().map(|line| line.unit.clone()).collect();
    Lines { order, by: all.into_iter().map(|line| (line.unit.clone(), line)).collect() }
}
