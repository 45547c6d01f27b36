//! The pace before and after a day: of a unit that was visited or took something up, beside similar units where nothing happened.
//!
//! Similar are the units of the same level whose pace before, for each of their people, was nearest. What they gained without a visit
//! is taken off; how much they differ among themselves is the uncertainty, and is said with their number. It is a comparison
//! and no proof: who is visited was not drawn by chance.
//! Invariant: what the comparison needs is copied out of the counters at once; so it is made while they go on counting.
//! Start reading at [`Around::of`].

use super::FEWEST;
use crate::board::{Days, Sources, all_days, people_of};
use crate::{AsOf, Measure};
use serde::Serialize;
use time::Day;

/// Units compared with.
const SIMILAR: usize = 10;
/// Days back from the last that was touched: what was touched before is not compared.
const SPAN: i32 = 365;

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

/// The days around those on which units were touched: of all units of their levels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Around {
    /// Where each unit was touched, by place, and on which day.
    touched: Vec<(usize, Day)>,
    window: i32,
    today: Day,
    /// By place; none of units of other levels.
    copied: Vec<Option<Copied>>,
}

/// What is known of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Copied {
    code: String,
    level: u8,
    people: u64,
    days: Days,
}

/// What a unit did before and after a day.
struct Paces {
    before: f64,
    after: f64,
}

impl Around {
    /// Copies what tells the pace of `window` days before and after the days on which some units were touched. None where there is no
    /// such measure, or none of these units and days.
    #[must_use]
    pub fn of(
        sources: &Sources<'_>,
        measure: &str,
        touched: &[(&str, Day)],
        window: u16,
        as_of: AsOf,
    ) -> Option<Around> {
        let (units, measure) = (sources.units, Measure::position(measure)?);
        let window = i32::from(window.clamp(1, 365));
        let come = touched.iter().filter(|(_, day)| *day <= as_of.day);
        let mut touched: Vec<(usize, Day)> = come.filter_map(|(unit, day)| Some((units.find(unit)?, *day))).collect();
        let newest = touched.iter().map(|(_, day)| day.0).max()?;
        touched.retain(|(_, day)| day.0 > newest - SPAN);
        let oldest = touched.iter().map(|(_, day)| day.0).min()?;
        let last = Day(as_of.day.0.min(newest.saturating_add(window - 1)));
        let as_of = AsOf { day: last, known: as_of.known };
        let width = usize::try_from(last.0 - oldest + 1 + window).ok()?;
        let levels: Vec<u8> = touched.iter().map(|(place, _)| units.at(*place).level).collect();
        let people = people_of(sources, as_of);
        let copied = all_days(sources, measure, as_of, width).into_iter().enumerate().map(|(place, days)| {
            let unit = units.at(place);
            let copied = || Copied { code: unit.code.clone(), level: unit.level, people: people[place], days };
            levels.contains(&unit.level).then(copied)
        });
        Some(Around { copied: copied.collect(), touched, window, today: as_of.day })
    }

    /// The pace before and after of each unit that was touched, beside similar units that `untouched` allows.
    #[must_use]
    pub fn effects(&self, untouched: &dyn Fn(&str) -> bool) -> Vec<Effect> {
        let effect = |(place, day): &(usize, Day)| self.effect(*place, *day, untouched);
        self.touched.iter().filter_map(effect).collect()
    }

    fn effect(&self, place: usize, day: Day, untouched: &dyn Fn(&str) -> bool) -> Option<Effect> {
        let last = Day(self.today.0.min(day.0.saturating_add(self.window - 1)));
        let days_after = usize::try_from(last.0 - day.0 + 1).ok().filter(|days| *days > 0)?;
        let touched = self.copied.get(place)?.as_ref()?;
        let Paces { before, after } = self.paces(touched, last, days_after)?;
        let people = |one: &Copied| (one.people as f64).max(1.0);
        let own = before / people(touched);
        let mut others: Vec<(f64, f64, &str)> = self
            .copied
            .iter()
            .enumerate()
            .filter_map(|(at, one)| Some((at, one.as_ref()?)))
            .filter(|(at, one)| *at != place && one.level == touched.level && one.people > 0)
            .filter(|(_, one)| untouched(&one.code))
            .filter_map(|(_, one)| {
                let (paces, of) = (self.paces(one, last, days_after)?, people(one));
                Some(((paces.before / of - own).abs(), (paces.after - paces.before) / of, one.code.as_str()))
            })
            .collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(b.2)));
        let comparable = touched.people > 0 && others.len() >= FEWEST;
        others.truncate(if comparable { SIMILAR } else { 0 });
        let gains: Vec<f64> = others.iter().map(|(_, gain, _)| gain * people(touched)).collect();
        let count = gains.len() as f64;
        let mean = gains.iter().sum::<f64>() / count;
        let spread = (gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        Some(Effect {
            unit: touched.code.clone(),
            before: before.round() as i64,
            after: after.round() as i64,
            days_after,
            similar: others.iter().map(|(_, _, other)| (*other).to_owned()).collect(),
            similar_gain: (!gains.is_empty()).then(|| mean.round() as i64),
            spread: (!gains.is_empty()).then(|| spread.round() as i64),
        })
    }

    /// The paces of the days up to `last`, of which `days_after` come after. A unit that signs has days up to its last return only.
    fn paces(&self, one: &Copied, last: Day, days_after: usize) -> Option<Paces> {
        let Days { counts, known, last: own, .. } = &one.days;
        let later = usize::try_from(own.0 - last.0).unwrap_or(0);
        let counts = counts.get(..counts.len().checked_sub(later)?)?;
        let behind = usize::try_from(last.0 - own.0).unwrap_or(0);
        let after = days_after.checked_sub(behind).filter(|after| *after > 0)?;
        let split = counts.len().checked_sub(after)?;
        let known = known.saturating_sub(later).saturating_sub(after);
        let before = &counts[split - (self.window as usize).min(known).min(split)..split];
        let pace = |days: &[i64]| days.iter().sum::<i64>() as f64 * 100.0 / days.len() as f64;
        (!before.is_empty()).then(|| Paces { before: pace(before), after: pace(&counts[split..]) })
    }
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
        let of = |touched: &[(&str, Day)], window: u16, today: i32| {
            Around::of(&sources, "applications", touched, window, AsOf::now(Day(today)))
        };
        let ask = |day: i32, untouched: &dyn Fn(&str) -> bool| {
            of(&[("P001", Day(day))], 10, 109).and_then(|around| around.effects(untouched).pop())
        };
        let found = ask(100, &|_| true).unwrap();
        assert_eq!((found.before, found.after, found.days_after), (1000, 3000, 10));
        assert_eq!((found.similar.len(), found.similar_gain, found.spread), (3, Some(600), Some(200)));
        assert_eq!((found.beyond(), found.clear()), (Some(1400), Some(true)));
        // Asked three days after the last returns: the days up to them are compared, and no idle days are made up.
        let later = of(&[("P001", Day(100))], 20, 112).unwrap().effects(&|_| true).remove(0);
        assert_eq!((later.before, later.after), (1000, 3000));
        // Beside others that were touched on other days it is the same.
        let among = of(&[("P004", Day(95)), ("P001", Day(100)), ("P003", Day(104))], 10, 109).unwrap();
        assert_eq!(among.effects(&|_| true)[1], found);
        let early = of(&[("P001", Day(91)), ("P001", Day(100))], 5, 109).unwrap().effects(&|_| true);
        assert_eq!(
            (early[0].before, early[0].after, early[0].days_after),
            (1000, 1000, 5),
            "days to come are not in it"
        );
        let alone = ask(100, &|unit| unit == "P001").unwrap();
        assert_eq!((alone.similar_gain, alone.beyond(), alone.clear()), (None, None, None));
        let two = ask(100, &|unit| unit != "P004").unwrap();
        assert_eq!((two.similar.len(), two.similar_gain, two.spread), (0, None, None), "two are told of nobody");
        assert_eq!(ask(110, &|_| true), None, "the day has not come");
        assert_eq!(of(&[("P009", Day(100))], 10, 109), None);
    }
}
