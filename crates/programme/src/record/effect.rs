//! The pace before and after a day: of a unit that was visited or took something up, beside similar units where nothing happened.
//!
//! Similar are the units of the same level whose pace before, for each of their people, was nearest. What they gained without a visit
//! is taken off; how much they differ among themselves is the uncertainty, and is said with their number. It is a comparison
//! and no proof: who is visited was not drawn by chance.
//! Start reading at [`effect`].

use crate::board::{Sources, all_days, people_of};
use crate::{AsOf, Measure};
use serde::Serialize;
use time::Day;

/// Units compared with.
const SIMILAR: usize = 10;
/// Fewer than this many are not told of: from a mean of two each could tell the other's pace.
const SIMILAR_MIN: usize = 3;

/// What happened around a day. Paces are in hundredths a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Effect {
    /// The unit's code.
    pub unit: String,
    /// The pace of the days before.
    pub before: i64,
    /// The pace of the days from that day on.
    pub after: i64,
    /// How many of the days after have passed; fewer than asked for where they are still to come.
    pub days_after: usize,
    /// The similar units; none where there are fewer than three.
    pub similar: Vec<String>,
    /// What the unit would have gained as the similar units did: the mean of their gains, for its people. None with fewer than three.
    pub similar_gain: Option<i64>,
    /// How much the similar units' gains differ among themselves (standard deviation), for its people; none with fewer than three.
    pub spread: Option<i64>,
}

impl Effect {
    /// What the unit gained beyond what similar units did.
    #[must_use]
    pub fn beyond(&self) -> Option<i64> {
        self.similar_gain.map(|gain| self.after - self.before - gain)
    }

    /// Whether that is more than chance among the similar units explains: beyond twice their spread.
    #[must_use]
    pub fn clear(&self) -> Option<bool> {
        Some(self.beyond()?.abs() > 2 * self.spread?)
    }
}

/// The pace of `window` days before and after a day, beside similar units that `touched` does not name. None where there is no such
/// unit or measure, or the day has not come.
#[must_use]
pub fn effect(
    sources: &Sources<'_>,
    unit: &str,
    measure: &str,
    day: Day,
    window: u16,
    as_of: AsOf,
    touched: &dyn Fn(&str) -> bool,
) -> Option<Effect> {
    let units = sources.units;
    let place = units.find(unit)?;
    let measure = Measure::position(measure)?;
    let window = i32::from(window.clamp(1, 365));
    let last = as_of.day.0.min(day.0.saturating_add(window - 1));
    let days_after = usize::try_from(last - day.0 + 1).ok().filter(|days| *days > 0)?;
    let as_of = AsOf { day: Day(last), known: as_of.known };
    let all = all_days(sources, measure, as_of, window as usize + days_after);
    // A unit that signs has days up to its last return only.
    let around = |place: usize| {
        let days = &all[place];
        let after = days_after.checked_sub(usize::try_from(last - days.last.0).ok()?).filter(|after| *after > 0)?;
        let split = days.counts.len() - after;
        let before = &days.counts[split - (window as usize).min(days.known.saturating_sub(after)).min(split)..split];
        let pace = |days: &[i64]| days.iter().sum::<i64>() as f64 * 100.0 / days.len() as f64;
        (!before.is_empty()).then(|| (pace(before), pace(&days.counts[split..])))
    };
    let (before, after) = around(place)?;
    let peoples = people_of(sources, as_of);
    let people = |place: usize| (peoples[place] as f64).max(1.0);
    let own = before / people(place);
    let mut others: Vec<(f64, f64, usize)> = (1..units.len())
        .filter(|other| *other != place && units.at(*other).level == units.at(place).level)
        .filter(|other| peoples[*other] > 0 && !touched(&units.at(*other).code))
        .filter_map(|other| {
            let (before, after) = around(other)?;
            let of = people(other);
            Some(((before / of - own).abs(), (after - before) / of, other))
        })
        .collect();
    others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    let comparable = peoples[place] > 0 && others.len() >= SIMILAR_MIN;
    others.truncate(if comparable { SIMILAR } else { 0 });
    let gains: Vec<f64> = others.iter().map(|(_, gain, _)| gain * people(place)).collect();
    let count = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / count;
    let spread = (gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    Some(Effect {
        unit: unit.to_owned(),
        before: before.round() as i64,
        after: after.round() as i64,
        days_after,
        similar: others.iter().map(|(_, _, other)| units.at(*other).code.clone()).collect(),
        similar_gain: (!gains.is_empty()).then(|| mean.round() as i64),
        spread: (!gains.is_empty()).then(|| spread.round() as i64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::{Return, Returns};
    use crate::target::Targets;
    use crate::{Cube, Unit, Units};
    use time::Instant;

    #[test]
    fn what_others_gained_without_a_visit_is_taken_off() {
        let unit = |at: u64| Unit { code: format!("P{at:03}"), level: 1, population: 1000, ..Unit::default() };
        let units = Units::new((1..=4).map(unit));
        let mut returns = Vec::new();
        // Ten days before and ten after day 100: a pace of 10, then of 30 for the visited, of 14 to 18 for the others.
        for (unit, after) in [("P001", 30), ("P002", 14), ("P003", 16), ("P004", 18)] {
            for (day, count) in [(89, 0), (99, 100), (109, 100 + 10 * after)] {
                returns.push(Return {
                    unit: unit.into(),
                    day: Day(day),
                    measure: "applications".into(),
                    count,
                    signer: "A".into(),
                    recorded: Instant(1),
                });
            }
        }
        let returns = Returns::new(&units, returns);
        let sources =
            Sources { units: &units, cube: &Cube::default(), returns: &returns, targets: &Targets::default() };
        let ask = |day: i32, touched: &dyn Fn(&str) -> bool| {
            effect(&sources, "P001", "applications", Day(day), 10, AsOf::now(Day(109)), touched)
        };
        let found = ask(100, &|_| false).unwrap();
        assert_eq!((found.before, found.after, found.days_after), (1000, 3000, 10));
        assert_eq!((found.similar.len(), found.similar_gain, found.spread), (3, Some(600), Some(200)));
        assert_eq!((found.beyond(), found.clear()), (Some(1400), Some(true)));
        // Asked three days after the last returns: the days up to them are compared, and no idle days are made up.
        let as_of = AsOf::now(Day(112));
        let later = effect(&sources, "P001", "applications", Day(100), 20, as_of, &|_| false).unwrap();
        assert_eq!((later.before, later.after), (1000, 3000));
        let alone = ask(100, &|unit| unit != "P001").unwrap();
        assert_eq!((alone.similar_gain, alone.beyond(), alone.clear()), (None, None, None));
        let two = ask(100, &|unit| unit == "P004").unwrap();
        assert_eq!((two.similar.len(), two.similar_gain, two.spread), (0, None, None), "two are told of nobody");
        assert_eq!(ask(110, &|_| false), None, "the day has not come");
        assert_eq!(effect(&sources, "P009", "applications", Day(100), 10, AsOf::now(Day(109)), &|_| false), None);
    }
}
