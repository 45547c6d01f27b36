//! Counts per unit and the board that ranks them.
//!
//! Invariant: every figure is a count of events up to an instant; the same events give the same board, in any order.
//! Not here: where events come from (`services`), targets, pace and forecasts.
//! Start reading at [`board`].

mod measure;
pub mod report;

pub use measure::{MEASURES, Measure};

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A unit of the board.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Its code.
    pub code: String,
    /// The unit above; empty for a province.
    pub parent: String,
    /// Its name.
    pub name: String,
    /// 1 province, 2 district, 3 commune.
    pub level: u8,
    /// Its population; 0 where it is not known.
    pub population: u64,
}

/// Events of one kind for one unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    /// The kind of event.
    pub kind: String,
    /// The unit it counts for; empty where the event had none.
    pub unit: String,
    /// How many.
    pub count: u64,
}

/// One line of the board.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Line {
    /// The unit's code; empty for the nation.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// The measure's name.
    pub measure: &'static str,
    /// Population, where known.
    pub population: Option<u64>,
    /// The count.
    pub value: u64,
    /// The count in percent of the population, two decimals; may be over 100.
    pub percent: Option<f64>,
    /// The place among the units under the same unit: by percent where all have one, else by value. Equal units share it.
    pub rank: Option<u64>,
    /// Whether the unit is above the share of all of them together.
    pub above_average: Option<bool>,
}

/// The board: the nation, then every unit with any count, and every province; for each measure.
#[must_use]
pub fn board(units: &[Unit], counts: &[Count]) -> Vec<Line> {
    let by_code: BTreeMap<&str, &Unit> = units.iter().map(|unit| (unit.code.as_str(), unit)).collect();
    let populations = populations(units, &by_code);
    let mut lines = Vec::new();
    for measure in MEASURES {
        let values = values(measure, counts, &by_code);
        let nation: i64 = counts.iter().map(|count| measure.sign(&count.kind) * count.count as i64).sum();
        let population = populations.get("").copied().filter(|population| *population > 0);
        lines.push(Line {
            unit: String::new(),
            name: String::new(),
            measure: measure.name,
            population,
            value: nation.max(0).unsigned_abs(),
            percent: population.map(|population| percent(nation, population)),
            rank: None,
            above_average: None,
        });
        let mut siblings: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
        for unit in units {
            if unit.level == 1 || values.contains_key(unit.code.as_str()) {
                siblings.entry(&unit.parent).or_default().push(unit);
            }
        }
        for group in siblings.values() {
            lines.extend(ranked(measure, group, &values, &populations));
        }
    }
    lines
}

fn percent(value: i64, population: u64) -> f64 {
    (value as f64 * 10_000.0 / population as f64).round() / 100.0
}

/// Each unit's count, with those of the units below it.
fn values<'a>(measure: &Measure, counts: &'a [Count], units: &BTreeMap<&'a str, &'a Unit>) -> BTreeMap<&'a str, i64> {
    let mut values: BTreeMap<&str, i64> = BTreeMap::new();
    for count in counts {
        let sign = measure.sign(&count.kind);
        if sign == 0 {
            continue;
        }
        let mut at = units.get(count.unit.as_str()).copied();
        // Three levels; a tree that an import bent into a ring ends here.
        let mut seen = BTreeSet::new();
        while let Some(unit) = at.filter(|unit| seen.insert(unit.code.as_str())) {
            *values.entry(&unit.code).or_default() += sign * count.count as i64;
            at = units.get(unit.parent.as_str()).copied();
        }
    }
    values
}

/// Populations as given; where a unit has none, the sum of those below it.
fn populations<'a>(units: &'a [Unit], by_code: &BTreeMap<&'a str, &'a Unit>) -> BTreeMap<&'a str, u64> {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for unit in units {
        if unit.population > 0 {
            all.insert(&unit.code, unit.population);
            let above = by_code.get(unit.parent.as_str()).is_some_and(|parent| parent.population > 0);
            if unit.level == 1 || (!above && unit.parent.is_empty()) {
                *all.entry("").or_default() += unit.population;
            }
        }
    }
    all
}

fn ranked(
    measure: &Measure,
    group: &[&Unit],
    values: &BTreeMap<&str, i64>,
    populations: &BTreeMap<&str, u64>,
) -> Vec<Line> {
    let value = |unit: &Unit| values.get(unit.code.as_str()).copied().unwrap_or(0).max(0);
    let population = |unit: &Unit| populations.get(unit.code.as_str()).copied();
    let with_population = group.iter().all(|unit| population(unit).is_some());
    // Exact fractions: a/b against c/d as a·d against c·b.
    let order = |a: &Unit, b: &Unit| {
        if with_population {
            let (pa, pb) = (population(a).unwrap_or(1), population(b).unwrap_or(1));
            (i128::from(value(b)) * i128::from(pa)).cmp(&(i128::from(value(a)) * i128::from(pb)))
        } else {
            value(b).cmp(&value(a))
        }
    };
    let mut sorted = group.to_vec();
    sorted.sort_by(|a, b| order(a, b).then_with(|| a.code.cmp(&b.code)));
    let sum: i128 = group.iter().map(|unit| i128::from(value(unit))).sum();
    let people: i128 = group.iter().map(|unit| i128::from(population(unit).unwrap_or(0))).sum();
    let mut lines: Vec<Line> = Vec::new();
    for (at, unit) in sorted.iter().enumerate() {
        let tied = at > 0 && order(sorted[at - 1], unit).is_eq();
        let rank = if tied { lines[at - 1].rank } else { Some(at as u64 + 1) };
        let above =
            with_population.then(|| i128::from(value(unit)) * people > sum * i128::from(population(unit).unwrap_or(0)));
        lines.push(Line {
            unit: unit.code.clone(),
            name: unit.name.clone(),
            measure: measure.name,
            population: population(unit),
            value: value(unit).unsigned_abs(),
            percent: population(unit).map(|population| percent(value(unit), population)),
            rank,
            above_average: above,
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Vec<Unit> {
        let unit = |code: &str, parent: &str, level, population| Unit {
            code: code.into(),
            parent: parent.into(),
            name: code.into(),
            level,
            population,
        };
        vec![
            unit("P001", "", 1, 1000),
            unit("P002", "", 1, 500),
            unit("P003", "", 1, 500),
            unit("D001", "P001", 2, 0),
            unit("00001", "D001", 3, 0),
            unit("D002", "P002", 2, 0),
            unit("00004", "D002", 3, 0),
        ]
    }

    fn count(kind: &str, unit: &str, count: u64) -> Count {
        Count { kind: kind.into(), unit: unit.into(), count }
    }

    fn line<'a>(lines: &'a [Line], unit: &str) -> &'a Line {
        lines.iter().find(|line| line.unit == unit && line.measure == "entered").unwrap()
    }

    #[test]
    fn counts_go_up_the_tree_and_units_are_ranked_by_share() {
        let counts = [
            count("person.entered", "00001", 80),
            count("person.entered", "00004", 60),
            count("person.withdrawn", "00004", 9),
            count("person.merged", "00004", 1),
            // One who moves counts where they are, and once in the nation.
            count("person.moved-out", "00001", 1),
            count("person.moved-in", "00004", 1),
            count("person.moved-out", "00004", 1),
            count("person.moved-in", "00001", 1),
            count("person.read", "00001", 99),
        ];
        let lines = board(&units(), &counts);
        assert_eq!((line(&lines, "").value, line(&lines, "").percent), (130, Some(6.5)));
        let first = line(&lines, "P002");
        assert_eq!(
            (first.value, first.percent, first.rank, first.above_average),
            (50, Some(10.0), Some(1), Some(true))
        );
        let second = line(&lines, "P001");
        assert_eq!(
            (second.value, second.percent, second.rank, second.above_average),
            (80, Some(8.0), Some(2), Some(true))
        );
        let last = line(&lines, "P003");
        assert_eq!((last.value, last.rank, last.above_average), (0, Some(3), Some(false)));
        let commune = line(&lines, "00004");
        assert_eq!((commune.value, commune.percent, commune.rank), (50, None, Some(1)));
    }

    #[test]
    fn order_of_counts_changes_nothing_and_unknown_units_count_for_the_nation() {
        let mut counts = vec![
            count("person.entered", "00001", 3),
            count("person.entered", "99999", 2),
            count("person.entered", "", 1),
        ];
        let forward = board(&units(), &counts);
        counts.reverse();
        assert_eq!(forward, board(&units(), &counts));
        assert_eq!(line(&forward, "").value, 6);
        assert_eq!(line(&forward, "P001").value, 3);
    }
}
