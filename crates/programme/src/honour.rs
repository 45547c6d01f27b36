//! Honours: outstanding units by published criteria, the same for everybody who counts again.
//!
//! Each criterion gives 0 to 10,000 points, the criteria's weights add them up; everything is whole numbers. Each unit's evidence
//! stands beside its points.
//! Not here: who decides on an honour; this is the list that is put before them.
//! Start reading at [`honour`].

use crate::board::{Sources, figures_of, goals_of};
use crate::{AsOf, Measure};
use serde::{Deserialize, Serialize};
use time::Day;

/// What counts how much. Published with the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// The measure whose progress counts.
    pub measure: String,
    /// Weight of progress: the part of the board's target, else of the population, at the end of the period. All of it: 10,000 points.
    pub progress: u32,
    /// Weight of quality: 10,000 points less the findings of the period per 10,000 persons entered in it.
    pub quality: u32,
    /// Weight of improvement: what came in the period beside the period before. As much: 5,000 points; twice as much: 10,000.
    pub improvement: u32,
    /// Weight of terrain: how hard the ground is, 0 to 100 as published for each unit; 100 points each.
    pub terrain: u32,
    /// How many units are outstanding; those that share the last place all are.
    pub places: u32,
}

impl Default for Criteria {
    fn default() -> Criteria {
        Criteria { measure: "entered".into(), progress: 40, quality: 30, improvement: 20, terrain: 10, places: 8 }
    }
}

/// The days that are judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// As it was known on this day.
    pub known: Day,
}

/// One criterion of one unit: points, and the two figures that they are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Evidence {
    /// `progress`, `quality`, `improvement`, `terrain`.
    pub criterion: &'static str,
    /// 0 to 10,000.
    pub points: u64,
    /// Reached; findings; came in the period; published difficulty.
    pub figure: u64,
    /// Of the goal; of the persons entered; beside the period before; of 100. 0 where there is nothing to compare with.
    pub beside: u64,
}

/// One unit's place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Honoured {
    /// The unit's code.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// Its place; equal units share it.
    pub rank: u64,
    /// Its points, 0 to 10,000, rounded down; places follow the exact sum.
    pub points: u64,
    /// Whether it is outstanding.
    pub outstanding: bool,
    /// How it came to them.
    pub evidence: [Evidence; 4],
}

/// The units directly below `within`, by their points. `terrain` gives a unit's published difficulty, 0 to 100. Empty where there
/// is no such unit or measure, or no criterion has a weight.
#[must_use]
pub fn honour(
    sources: &Sources<'_>,
    criteria: &Criteria,
    period: Period,
    within: &str,
    terrain: &dyn Fn(&str) -> u32,
) -> Vec<Honoured> {
    let (Some(root), Some(measure)) = (sources.units.find(within), Measure::position(&criteria.measure)) else {
        return Vec::new();
    };
    let weights = [criteria.progress, criteria.quality, criteria.improvement, criteria.terrain].map(u128::from);
    let all: u128 = weights.iter().sum();
    if all == 0 {
        return Vec::new();
    }
    let at = |measure: usize, day: i32| figures_of(sources, measure, AsOf { day: Day(day), known: period.known });
    let before = period.from.0.saturating_sub(1);
    let length = period.to.0.saturating_sub(before).max(1);
    let [start, end, earlier] = [before, period.to.0, before.saturating_sub(length)].map(|day| at(measure, day));
    let of = |name: &str, day: i32| Measure::position(name).map(|measure| at(measure, day)).unwrap_or_default();
    let [findings_before, findings] = [before, period.to.0].map(|day| of("findings", day));
    let [entered_before, entered] = [before, period.to.0].map(|day| of("entered", day));
    let goals = goals_of(sources, measure, AsOf { day: period.to, known: period.known });
    let gained = |after: &[u64], before: &[u64], place: usize| after[place].saturating_sub(before[place]);
    let mut list: Vec<(u128, Honoured)> = Vec::new();
    for place in sources.units.children(root) {
        let (place, unit) = (*place, sources.units.at(*place));
        let faults = (gained(&findings, &findings_before, place), gained(&entered, &entered_before, place));
        let came = (gained(&end, &start, place), gained(&start, &earlier, place));
        let hard = u64::from(terrain(&unit.code).min(100));
        let evidence = [
            Evidence {
                criterion: "progress",
                points: part(end[place], goals[place], 10_000),
                figure: end[place],
                beside: goals[place],
            },
            // Where nobody was entered there is no quality to show.
            Evidence {
                criterion: "quality",
                points: if faults.1 == 0 { 0 } else { 10_000 - part(faults.0, faults.1, 10_000) },
                figure: faults.0,
                beside: faults.1,
            },
            // A unit that had nothing before cannot have doubled it: whatever came counts as much as keeping its pace.
            Evidence {
                criterion: "improvement",
                points: if came.1 == 0 { u64::from(came.0 > 0) * 5_000 } else { part(came.0, came.1, 5_000) },
                figure: came.0,
                beside: came.1,
            },
            Evidence { criterion: "terrain", points: hard * 100, figure: hard, beside: 100 },
        ];
        let sum: u128 = evidence.iter().zip(weights).map(|(one, weight)| u128::from(one.points) * weight).sum();
        let (unit, name, points) = (unit.code.clone(), unit.name.clone(), (sum / all) as u64);
        list.push((sum, Honoured { unit, name, rank: 0, points, outstanding: false, evidence }));
    }
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.unit.cmp(&b.1.unit)));
    let mut rank = 0;
    for at in 0..list.len() {
        if at == 0 || list[at].0 != list[at - 1].0 {
            rank = at as u64 + 1;
        }
        list[at].1.rank = rank;
        list[at].1.outstanding = rank <= u64::from(criteria.places);
    }
    list.into_iter().map(|(_, honoured)| honoured).collect()
}

/// A share of `all` points, at most 10,000; nothing of nothing.
fn part(value: u64, of: u64, all: u128) -> u64 {
    if of == 0 { 0 } else { (u128::from(value) * all / u128::from(of)).min(10_000) as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::{Return, Returns};
    use crate::target::Targets;
    use crate::{Cube, Unit, Units};
    use time::Instant;

    #[test]
    fn places_follow_the_published_weights_with_evidence() {
        let unit = |code: &str| Unit { code: code.into(), level: 1, population: 1000, ..Unit::default() };
        let units = Units::new([unit("P001"), unit("P002"), unit("P003"), unit("P004")]);
        let signed = [
            ("P001", [100, 200, 400], 20),
            ("P002", [100, 400, 600], 0),
            ("P003", [100, 200, 400], 20),
            ("P004", [0, 0, 0], 0),
        ];
        let mut returns = Vec::new();
        for (unit, counts, findings) in signed {
            let mut sign = |day, measure: &str, count| {
                returns.push(Return {
                    unit: unit.into(),
                    day: Day(day),
                    measure: measure.into(),
                    count,
                    signer: "A".into(),
                    recorded: Instant(1),
                });
            };
            for (at, count) in counts.into_iter().enumerate() {
                sign(100 + 10 * at as i32, "entered", count);
            }
            sign(120, "findings", findings);
        }
        let returns = Returns::new(&units, returns);
        let sources =
            Sources { units: &units, cube: &Cube::default(), returns: &returns, targets: &Targets::default() };
        let period = Period { from: Day(111), to: Day(120), known: Day(i32::MAX) };
        let list =
            |criteria: &Criteria| honour(&sources, criteria, period, "", &|unit| if unit == "P001" { 100 } else { 0 });
        let criteria = Criteria { places: 2, ..Criteria::default() };
        let found = list(&criteria);
        // P001: 40 % of 4,000, 30 % of 9,000, 20 % of 10,000 (twice the period before), 10 % of 10,000.
        assert_eq!((found[0].unit.as_str(), found[0].points, found[0].rank), ("P001", 7_300, 1));
        assert_eq!(found[0].evidence[1], Evidence { criterion: "quality", points: 9_000, figure: 20, beside: 200 });
        assert_eq!((found[1].unit.as_str(), found[1].points), ("P003", 6_300));
        assert_eq!((found[2].unit.as_str(), found[2].points, found[2].outstanding), ("P002", 6_066, false));
        assert_eq!(found[3].points, 0);
        let equal = Criteria { terrain: 0, ..criteria };
        assert_eq!(list(&equal)[..2].iter().map(|one| one.rank).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(list(&Criteria { progress: 0, quality: 0, improvement: 0, terrain: 0, ..equal }), []);
    }
}
