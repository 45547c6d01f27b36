//! How ready a pilot is, as far as the board can count it: its measures in the pilot's units.

use super::super::counters;
use super::find;
use crate::Error;
use crate::book::Book;
use ::programme::record::Record;
use ::programme::{AsOf, Depth, Measure, Request, Units};
use ids::Uuid;
use std::collections::{BTreeMap, BTreeSet};

/// By measure and whether in percent: what the pilot's units come to; none where there is nothing to compare with.
pub(super) type Counts = BTreeMap<(&'static str, bool), Option<i64>>;

/// What the criteria of a pilot are counted by; nothing where none is asked for. Sums of the units; percents of the sum of what is to be
/// reached there, rounded down; of a mean the worst unit's.
pub(super) fn counts(book: &Book, pilot: Option<Uuid>) -> Result<Counts, Error> {
    let Some(id) = pilot else { return Ok(Counts::new()) };
    let Some(Record::Pilot(pilot)) = book.view(|view| find(view, id))? else { return Ok(Counts::new()) };
    let as_of = AsOf::now(book.now().day());
    counters::with(book, |sources, _| {
        let mut counts = Counts::new();
        for (measure, percent) in pilot.criteria.iter().filter_map(|criterion| criterion.counted_by()) {
            let Some(at) = Measure::position(measure.name) else { continue };
            let (mut sum, mut goal, mut worst) = (0_i128, Some(0_i128), 0_i128);
            for unit in topmost(sources.units, &pilot.units) {
                let level = sources.units.find(unit).map_or(0, |place| sources.units.at(place).level);
                let request =
                    Request { as_of, earlier: None, within: unit, depth: Depth::Level(level), measures: &[at] };
                let lines = ::programme::board(sources, &request);
                let line = lines.first();
                let value = line.map_or(0, |line| i128::from(line.value));
                (sum, worst) = (sum + value, worst.max(value));
                let own = line.and_then(|line| line.target.or(line.population)).filter(|goal| *goal > 0);
                goal = goal.zip(own).map(|(goal, own)| goal + i128::from(own));
            }
            let value = match (measure.mean_of.is_some(), percent) {
                (true, _) => Some(worst),
                (false, true) => goal.filter(|goal| *goal > 0).map(|goal| sum * 100 / goal),
                (false, false) => Some(sum),
            };
            counts.insert((measure.name, percent), value.map(|value| i64::try_from(value).unwrap_or(i64::MAX)));
        }
        Ok(counts)
    })
}

/// The units that lie below no other of them: what is counted there is in the other's figure.
fn topmost<'a>(units: &Units, codes: &'a [String]) -> BTreeSet<&'a str> {
    let within = |code: &str, above: &str| {
        let places = units.find(code).zip(units.find(above));
        code != above && places.is_some_and(|(place, above)| units.within(place, above))
    };
    codes.iter().filter(|code| !codes.iter().any(|above| within(code, above))).map(String::as_str).collect()
}
