//! Targets: how much of a measure a unit is to have by a deadline, in versions, and how a total is shared out.
//!
//! A target of a unit that was merged into another is added to the one that the other had before the merger; one that is set since
//! stands for both.
//! Invariant: shares add up to the total exactly, and the same weights give the same shares.
//! Not here: who may set a target (`services`).
//! Start reading at [`Target`], then at [`share`].

use crate::merger::Mergers;
use crate::{MEASURES, Measure, Units};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::{Day, Instant};

/// A target as it was set at an instant. A later one for the same unit, measure and deadline is its next version.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Target {
    /// The unit's code; empty for the nation.
    pub unit: String,
    /// The measure's name.
    pub measure: String,
    /// The last day on which it can be reached.
    pub deadline: Day,
    /// 1 for the first.
    pub version: u32,
    /// How much in all; none withdraws it.
    pub count: Option<u64>,
    /// How it came about.
    pub basis: Basis,
    /// When it was set.
    pub set: Instant,
}

/// How a unit came to its part of a total.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// By the people who live there.
    Population,
    /// By what it can do in a day.
    Capacity,
    /// By hand.
    Hand,
}

impl Basis {
    /// Its name, as it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Basis::Population => "population",
            Basis::Capacity => "capacity",
            Basis::Hand => "hand",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Basis> {
        [Basis::Population, Basis::Capacity, Basis::Hand].into_iter().find(|one| one.name() == name)
    }
}

/// What is to be said about a target.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// No unit has this code.
    UnitUnknown,
    /// The unit was merged; its target is added to what the unit that it is part of now was set before.
    UnitMerged,
    /// No measure has this name.
    MeasureUnknown,
    /// The deadline had passed when it was set.
    DeadlinePast,
    /// It is above the unit's population, though everybody counts once.
    OverPopulation,
    /// The units directly below have targets for this deadline, and they add up to another figure.
    NotTheSum,
}

impl Finding {
    /// The stable code: `target-unit-unknown` and so on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Finding::UnitUnknown => "target-unit-unknown",
            Finding::UnitMerged => "target-unit-merged",
            Finding::MeasureUnknown => "target-measure-unknown",
            Finding::DeadlinePast => "target-deadline-past",
            Finding::OverPopulation => "target-over-population",
            Finding::NotTheSum => "target-not-the-sum",
        }
    }
}

/// All targets in all versions.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Targets {
    /// By measure and unit, then by deadline; versions in order.
    all: BTreeMap<(usize, String), BTreeMap<Day, Vec<Target>>>,
    mergers: Mergers,
}

/// What a unit is to have, and by when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Aim {
    /// How much in all.
    pub count: u64,
    /// The last day on which it can be reached.
    pub deadline: Day,
}

impl Targets {
    /// Sorts targets; those of measures that are not there are passed over (and found by [`Targets::findings`]).
    #[must_use]
    pub fn new(units: &Units, targets: impl IntoIterator<Item = Target>) -> Targets {
        let mut all = Targets { mergers: units.mergers().clone(), ..Targets::default() };
        for target in targets {
            let Some(measure) = Measure::position(&target.measure) else { continue };
            let deadlines = all.all.entry((measure, target.unit.clone())).or_default();
            deadlines.entry(target.deadline).or_default().push(target);
        }
        for versions in all.all.values_mut().flat_map(BTreeMap::values_mut) {
            versions.sort_by(|a, b| (a.version, a.set, a).cmp(&(b.version, b.set, b)));
            versions.dedup();
        }
        all
    }

    /// The target that stands for a unit: of those set by the end of `known`, the one with the next deadline from `day` on;
    /// where all have passed, the last.
    #[must_use]
    pub fn standing(&self, unit: &str, measure: usize, day: Day, known: Day) -> Option<Aim> {
        let codes = self.mergers.all(unit).into_iter();
        let deadlines = codes.filter_map(|code| self.all.get(&(measure, code.to_owned()))).flat_map(BTreeMap::keys);
        let deadlines: BTreeSet<Day> = deadlines.copied().collect();
        let aim = |deadline: &Day| {
            let count = self.of_deadline(unit, measure, *deadline, known)?;
            Some(Aim { count, deadline: *deadline })
        };
        let next = deadlines.range(day..).find_map(aim);
        next.or_else(|| deadlines.range(..day).rev().find_map(aim))
    }

    /// The target of a unit for one deadline, as it was known.
    #[must_use]
    pub fn of_deadline(&self, unit: &str, measure: usize, deadline: Day, known: Day) -> Option<u64> {
        let version = |code: &str| {
            let versions = self.all.get(&(measure, code.to_owned()))?.get(&deadline)?;
            versions.iter().rev().find(|target| target.set.day() <= known)
        };
        let codes = self.mergers.standing(unit, &|code| version(code).map(|target| target.set.day()));
        // A version without a count withdraws the target.
        let counts = codes.into_iter().filter_map(|code| version(code)?.count);
        counts.reduce(u64::saturating_add)
    }

    /// The version to give the next target of a unit, measure and deadline.
    #[must_use]
    pub fn next_version(&self, unit: &str, measure: usize, deadline: Day) -> u32 {
        let versions = self.all.get(&(measure, unit.to_owned())).and_then(|deadlines| deadlines.get(&deadline));
        versions.and_then(|versions| versions.last()).map_or(1, |last| last.version.saturating_add(1))
    }

    /// What is to be said about a target beside the others. `people` are those of each unit, by place; see
    /// [`crate::board::people_of`].
    #[must_use]
    pub fn findings(&self, target: &Target, units: &Units, people: &[u64], known: Day) -> Vec<Finding> {
        let mut found = Vec::new();
        let (place, measure) = (units.find(&target.unit), Measure::position(&target.measure));
        if place.is_none() {
            let merged = units.resolve(&target.unit).is_some();
            found.push(if merged { Finding::UnitMerged } else { Finding::UnitUnknown });
        }
        if measure.is_none() {
            found.push(Finding::MeasureUnknown);
        }
        if target.deadline < target.set.day() {
            found.push(Finding::DeadlinePast);
        }
        let (Some(place), Some(measure)) = (place, measure) else { return found };
        let people = people.get(place).copied().unwrap_or(0);
        if MEASURES[measure].everybody && people > 0 && target.count.is_some_and(|count| count > people) {
            found.push(Finding::OverPopulation);
        }
        if self.sum_below(units, place, measure, target.deadline, known).is_some_and(|sum| Some(sum) != target.count) {
            found.push(Finding::NotTheSum);
        }
        found
    }

    /// The sum of the targets directly below a unit; none unless every unit below has one for this deadline.
    #[must_use]
    pub fn sum_below(&self, units: &Units, place: usize, measure: usize, deadline: Day, known: Day) -> Option<u64> {
        let below = units.children(place);
        if below.is_empty() {
            return None;
        }
        let mut counts = below.iter().map(|child| self.of_deadline(&units.at(*child).code, measure, deadline, known));
        counts.try_fold(0u64, |sum, count| Some(sum.saturating_add(count?)))
    }

    /// Whether a measure has any target.
    #[must_use]
    pub fn any(&self, measure: usize) -> bool {
        self.all.range((measure, String::new())..).next().is_some_and(|((found, _), _)| *found == measure)
    }
}

/// Why a total cannot be shared out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unshared {
    /// No unit has a weight: no population, no capacity.
    #[error("no unit has a weight")]
    NoWeight,
}

impl Unshared {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        "target-no-weight"
    }
}

/// Shares a total out by weights: whole numbers that add up exactly, by largest remainder; of equal remainders the greater
/// weight first, then the earlier place. A unit without a weight gets nothing, and the caller says so.
pub fn share(total: u64, weights: &[u64]) -> Result<Vec<u64>, Unshared> {
    let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if sum == 0 {
        return if total == 0 { Ok(vec![0; weights.len()]) } else { Err(Unshared::NoWeight) };
    }
    let product = |at: usize| u128::from(total) * u128::from(weights[at]);
    let mut shares: Vec<u64> = (0..weights.len()).map(|at| (product(at) / sum) as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| {
        (product(*b) % sum).cmp(&(product(*a) % sum)).then(weights[*b].cmp(&weights[*a])).then(a.cmp(b))
    });
    let rest = total - shares.iter().sum::<u64>();
    for at in order.into_iter().take(rest as usize) {
        shares[at] += 1;
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Merger, Unit};
    use proptest::prelude::*;

    fn target(unit: &str, deadline: &str, version: u32, count: Option<u64>, set: &str) -> Target {
        Target {
            unit: unit.into(),
            measure: "applications".into(),
            deadline: Day::parse(deadline).unwrap(),
            version,
            count,
            basis: Basis::Hand,
            set: Instant::parse(set).unwrap(),
        }
    }

    #[test]
    fn the_last_version_known_stands_for_the_next_deadline() {
        let targets = Targets::new(
            &Units::new([]),
            [
                target("P001", "2021-07-01", 1, Some(100), "2020-11-01"),
                target("P001", "2021-07-01", 2, Some(120), "2021-02-01"),
                target("P001", "2021-03-01", 1, Some(50), "2020-11-01"),
                target("P001", "2021-09-01", 1, Some(500), "2020-11-01"),
                target("P001", "2021-09-01", 2, None, "2020-11-02"),
            ],
        );
        let measure = Measure::position("applications").unwrap();
        let day = |text: &str| Day::parse(text).unwrap();
        let at =
            |text: &str, known: &str| targets.standing("P001", measure, day(text), day(known)).map(|aim| aim.count);
        assert_eq!(at("2021-02-15", "2021-02-15"), Some(50));
        assert_eq!(at("2021-03-01", "2021-03-01"), Some(50));
        assert_eq!(at("2021-03-02", "2021-03-02"), Some(120));
        assert_eq!(at("2021-03-02", "2021-01-02"), Some(100));
        // All deadlines have passed: the last target stands; one withdrawn does not.
        assert_eq!(at("2022-01-01", "2022-01-01"), Some(120));
        assert_eq!(at("2021-03-02", "2020-10-02"), None);
        assert_eq!(targets.next_version("P001", measure, day("2021-07-01")), 3);
    }

    #[test]
    fn what_does_not_fit_is_stated() {
        let unit = |code: &str, parent: &str, level| Unit {
            code: code.into(),
            parent: parent.into(),
            level,
            population: 10,
            ..Unit::default()
        };
        let units = Units::new([unit("P001", "", 1), unit("P002", "", 1)]);
        let all = [
            target("", "2021-07-01", 1, Some(100), "2020-11-01"),
            target("P001", "2021-07-01", 1, Some(40), "2021-08-01"),
            target("P002", "2021-07-01", 1, Some(61), "2020-11-01"),
        ];
        let targets = Targets::new(&units, all.clone());
        let (known, people) = (Day::parse("2021-09-01").unwrap(), [20, 10, 10]);
        assert_eq!(targets.findings(&all[0], &units, &people, known), [Finding::NotTheSum]);
        assert_eq!(targets.findings(&all[1], &units, &people, known), [Finding::DeadlinePast]);
        assert_eq!(targets.findings(&all[2], &units, &people, known), []);
        let wrong = Target { measure: "appl".into(), ..target("P003", "2021-07-01", 1, Some(1), "2020-11-01") };
        assert_eq!(targets.findings(&wrong, &units, &people, known), [Finding::UnitUnknown, Finding::MeasureUnknown]);
        let everybody = Target { measure: "entered".into(), ..all[1].clone() };
        assert!(targets.findings(&everybody, &units, &people, known).contains(&Finding::OverPopulation));
    }

    #[test]
    fn what_a_merged_unit_was_to_do_is_added_until_a_target_stands_for_all() {
        let merger = Merger { old: "P009".into(), new: "P001".into(), since: Day::parse("2021-02-01").unwrap() };
        let units = Units::new([Unit { code: "P001".into(), level: 1, ..Unit::default() }]).with_merged([merger]);
        let of = |targets: &[Target]| {
            let (measure, day) = (Measure::position("applications").unwrap(), Day::parse("2021-06-01").unwrap());
            Targets::new(&units, targets.to_vec()).standing("P001", measure, day, day).map(|aim| aim.count)
        };
        let [own, old] =
            [("P001", 100), ("P009", 40)].map(|(unit, count)| target(unit, "2021-07-01", 1, Some(count), "2020-11-01"));
        assert_eq!(of(&[own.clone(), old.clone()]), Some(140));
        assert_eq!(of(std::slice::from_ref(&old)), Some(40));
        for (count, expected) in [(Some(120), Some(120)), (None, None)] {
            let whole = target("P001", "2021-07-01", 2, count, "2021-02-01");
            assert_eq!(of(&[own.clone(), old.clone(), whole]), expected);
        }
        let before = target("P001", "2021-07-01", 2, Some(110), "2021-01-31");
        assert_eq!(of(&[own, old.clone(), before]), Some(150));
        assert_eq!(Targets::new(&units, []).findings(&old, &units, &[], old.set.day()), [Finding::UnitMerged]);
    }

    #[test]
    fn shares_are_those_of_the_largest_remainder() {
        assert_eq!(share(10, &[1, 1, 1]), Ok(vec![4, 3, 3]));
        assert_eq!(share(3, &[5, 0, 6]), Ok(vec![1, 0, 2]));
        assert_eq!(share(5, &[0, 0]), Err(Unshared::NoWeight));
        assert_eq!(share(0, &[]), Ok(vec![]));
        assert_eq!(
            share(u64::MAX, &[u64::MAX, u64::MAX]).unwrap().iter().map(|x| u128::from(*x)).sum::<u128>(),
            u128::from(u64::MAX)
        );
    }

    proptest! {
        #[test]
        fn shares_add_up_and_are_within_one(total in 0..100_000_000u64, weights in proptest::collection::vec(0..9_000_000u64, 1..80)) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let shares = share(total, &weights).unwrap();
            prop_assert_eq!(shares.iter().sum::<u64>(), total);
            let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            for (share, weight) in shares.iter().zip(&weights) {
                let exact = u128::from(total) * u128::from(*weight);
                prop_assert!(u128::from(*share) * sum + sum > exact && u128::from(*share) * sum < exact + sum);
            }
        }
    }
}
