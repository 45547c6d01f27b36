//! The funnel: how many of those invited come out at the end with a card in hand, and where a unit is stuck.
//!
//! Applications and cards are different counts, and a step can hold more than the one before (cards handed over of
//! applications captured before the count began): then everything passed.
//! Start reading at [`funnel`].

use crate::board::{Sources, figures_of, percent};
use crate::{AsOf, MEASURES, Measure, Units};
use serde::Serialize;

/// The steps, by the names of their measures.
pub const STEPS: [&str; 7] =
    ["invited", "captured", "applications", "deduplicated", "personalised", "packed", "handed_over"];

/// Fewer neighbours are not told of.
const NEIGHBOURS_MIN: usize = 3;

/// One step of a unit's funnel.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Step {
    /// The measure's name.
    pub measure: &'static str,
    /// How many came this far.
    pub value: u64,
    /// Of those of the step before, in percent; at most 100.
    pub passed: Option<f64>,
    /// The same of the unit's neighbours together.
    pub neighbours_passed: Option<f64>,
    /// How many of the step before have not come here.
    pub waiting: u64,
    /// How many more would be here if as many passed as with the neighbours.
    pub shortfall: u64,
}

/// A unit's funnel.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Funnel {
    /// The unit's code.
    pub unit: String,
    /// The steps of which anything is known, here or with the neighbours.
    pub steps: Vec<Step>,
    /// The step where the unit is stuck: the largest shortfall against its neighbours; without one, where most wait.
    pub stuck: Option<&'static str>,
}

/// The funnel of a unit beside the units of its level under the same unit; none where there is no such unit.
#[must_use]
pub fn funnel(sources: &Sources<'_>, unit: &str, as_of: AsOf) -> Option<Funnel> {
    let values: Vec<Option<Vec<u64>>> = (0..MEASURES.len())
        .map(|measure| STEPS.contains(&MEASURES[measure].name).then(|| figures_of(sources, measure, as_of)))
        .collect();
    let place = sources.units.find(unit)?;
    Some(of(sources.units, place, |measure, place| values[measure].as_ref().map_or(0, |values| values[place])))
}

/// The same by the unit's place, of the values by measure and place.
pub(crate) fn of(units: &Units, place: usize, value_of: impl Fn(usize, usize) -> u64) -> Funnel {
    let beside = units.children(units.parent(place)).iter().copied();
    let beside: Vec<usize> =
        beside.filter(|other| *other != place && units.at(*other).level == units.at(place).level).collect();
    // Of one or two together everybody could tell what one of them has.
    let beside = if beside.len() < NEIGHBOURS_MIN { Vec::new() } else { beside };
    let mut steps: Vec<Step> = Vec::new();
    let mut before: Option<(u64, u64)> = None;
    for name in STEPS {
        let Some(measure) = Measure::position(name) else { continue };
        let value = value_of(measure, place);
        let others = beside.iter().map(|other| value_of(measure, *other)).sum::<u64>();
        // Of a step that nobody counts or signs nothing is known: the next is compared with the one before it.
        if value == 0 && others == 0 {
            continue;
        }
        let mut step = Step { measure: name, value, passed: None, neighbours_passed: None, waiting: 0, shortfall: 0 };
        if let Some((own, neighbours)) = before {
            step.passed = percent(value.min(own), own);
            step.neighbours_passed = percent(others.min(neighbours), neighbours);
            step.waiting = own.saturating_sub(value);
            if neighbours > 0 {
                let usual = u128::from(own) * u128::from(others.min(neighbours)) / u128::from(neighbours);
                step.shortfall = (usual as u64).saturating_sub(value);
            }
        }
        before = Some((value, others));
        steps.push(step);
    }
    let most = |of: fn(&Step) -> u64| {
        let found =
            steps.iter().filter(|step| of(step) > 0).max_by(|a, b| of(a).cmp(&of(b)).then(std::cmp::Ordering::Greater));
        found.map(|step| step.measure)
    };
    let stuck = most(|step| step.shortfall).or_else(|| most(|step| step.waiting));
    Funnel { unit: units.at(place).code.clone(), steps, stuck }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::{Return, Returns};
    use crate::target::Targets;
    use crate::{Cube, Unit, Units};
    use time::{Day, Instant};

    fn check(figures: &[(&str, [u64; 7])], unit: &str) -> Funnel {
        let units =
            Units::new(figures.iter().map(|(code, _)| Unit { code: (*code).into(), level: 1, ..Unit::default() }));
        let returns = figures.iter().flat_map(|(code, values)| {
            let one = move |(measure, count): (&&str, &u64)| Return {
                unit: (*code).into(),
                day: Day(18_600),
                measure: (*measure).into(),
                count: *count,
                signer: "A".into(),
                recorded: Instant(1),
            };
            STEPS.iter().zip(values).filter(|(_, count)| **count > 0).map(one)
        });
        let returns = Returns::new(&units, returns);
        let sources =
            Sources { units: &units, cube: &Cube::default(), returns: &returns, targets: &Targets::default() };
        funnel(&sources, unit, AsOf::now(Day(18_600))).unwrap()
    }

    #[test]
    fn a_unit_is_stuck_where_its_neighbours_are_not() {
        let all = [
            ("P001", [1000, 900, 850, 400, 390, 0, 100]),
            ("P002", [1000, 900, 880, 860, 850, 0, 300]),
            ("P003", [1000, 900, 880, 860, 850, 0, 300]),
            ("P004", [1000, 900, 880, 860, 850, 0, 300]),
        ];
        let found = check(&all, "P001");
        assert_eq!(found.stuck, Some("deduplicated"));
        let step = found.steps.iter().find(|step| step.measure == "deduplicated").unwrap();
        assert_eq!(
            (step.passed, step.neighbours_passed, step.waiting, step.shortfall),
            (Some(47.06), Some(97.73), 450, 430)
        );
        assert!(
            found.steps.iter().all(|step| step.measure != "packed"),
            "of a step without any figure nothing is known"
        );
        // Whoever is better than all neighbours is stuck where most wait.
        assert_eq!(check(&all[1..2], "P002").stuck, Some("handed_over"));
        assert_eq!(check(&all, "").steps[0].value, 4000);
        // Of two together one of them could tell the other's.
        let few = check(&all[..3], "P001");
        assert!(few.steps.iter().all(|step| step.neighbours_passed.is_none() && step.shortfall == 0));
        assert_eq!(few.stuck, Some("deduplicated"), "where most wait");
    }

    #[test]
    fn more_than_came_is_everything() {
        let found = check(&[("P001", [10, 20, 0, 0, 0, 0, 0])], "P001");
        assert_eq!((found.steps[1].passed, found.steps[1].waiting, found.stuck), (Some(100.0), 0, None));
    }
}
