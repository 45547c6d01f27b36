//! Ranks among the units of one level under one unit.

use super::Sources;
use super::figure::Figures;
use super::line::percent;
use crate::{AsOf, Better, MEASURES};
use std::cmp::Ordering;
use time::Day;

/// What the shares of a group are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Base {
    Target,
    Population,
    /// Not every unit has either: by value.
    Value,
}

/// One unit's standing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank {
    pub(super) rank: u64,
    pub(super) above_average: Option<bool>,
    /// The share of the whole group, in percent: what above and below are judged by.
    pub(super) average: Option<f64>,
    pub(super) base: Base,
}

/// Ranks and targets by the unit's place.
pub(super) struct Ranks {
    all: Vec<Option<Rank>>,
    /// The units below each unit: by level, then by rank.
    pub(super) order: Vec<Vec<usize>>,
    pub(super) targets: Vec<Option<(u64, Day)>>,
}

impl Ranks {
    pub(super) fn new(sources: &Sources<'_>, figures: &Figures, people: &[u64], measure: usize, as_of: AsOf) -> Ranks {
        let units = sources.units;
        let mut ranks = Ranks {
            all: vec![None; units.len()],
            order: vec![Vec::new(); units.len()],
            targets: targets(sources, measure, as_of),
        };
        for parent in 0..units.len() {
            let below = units.children(parent);
            let mut from = 0;
            // Children are sorted by level: units of one level compete.
            while from < below.len() {
                let level = units.at(below[from]).level;
                let to = from + below[from..].iter().take_while(|place| units.at(**place).level == level).count();
                ranks.group(sources, figures, people, measure, &below[from..to], parent);
                from = to;
            }
        }
        ranks
    }

    fn group(
        &mut self,
        sources: &Sources<'_>,
        figures: &Figures,
        people: &[u64],
        measure: usize,
        group: &[usize],
        parent: usize,
    ) {
        let mean = MEASURES[measure].mean_of.is_some();
        let base = if mean {
            Base::Value
        } else if group.iter().all(|place| self.targets[*place].is_some_and(|(count, _)| count > 0)) {
            Base::Target
        } else if group.iter().all(|place| people[*place] > 0) {
            Base::Population
        } else {
            Base::Value
        };
        let value = |place: usize| i128::from(figures.of(place).value.max(0));
        let of = |place: usize| match base {
            Base::Target => self.targets[place].map_or(1, |(count, _)| i128::from(count)),
            Base::Population => i128::from(people[place]),
            Base::Value => 1,
        };
        // Exact fractions: a/b against c/d as a·d against c·b.
        let share = |a: usize, b: usize| (value(a) * of(b)).cmp(&(value(b) * of(a)));
        let better = |a: usize, b: usize| match MEASURES[measure].better {
            Better::More => share(b, a),
            Better::Less => share(a, b),
        };
        let mut sorted = group.to_vec();
        sorted.sort_by(|a, b| better(*a, *b).then_with(|| sources.units.at(*a).code.cmp(&sources.units.at(*b).code)));
        let (sum, all): (i128, i128) =
            group.iter().fold((0, 0), |(sum, all), place| (sum + value(*place), all + of(*place)));
        let whole = u64::try_from(sum).ok().zip(u64::try_from(all).ok()).filter(|_| base != Base::Value);
        let average = whole.and_then(|(sum, all)| percent(sum, all));
        let mut rank = 1;
        for (at, place) in sorted.iter().enumerate() {
            if at > 0 && better(sorted[at - 1], *place) != Ordering::Equal {
                rank = at as u64 + 1;
            }
            let above_average = (base != Base::Value).then(|| value(*place) * all > sum * of(*place));
            self.all[*place] = Some(Rank { rank, above_average, average, base });
        }
        self.order[parent].extend(sorted);
    }

    /// None for the nation, which has no neighbour.
    pub(super) fn of(&self, place: usize) -> Option<Rank> {
        self.all[place]
    }
}

/// What each unit is to have and by when, by place: its own target; where it has none, the sum of those below if each has one for
/// the same deadline.
pub(super) fn targets(sources: &Sources<'_>, measure: usize, as_of: AsOf) -> Vec<Option<(u64, Day)>> {
    let units = sources.units;
    let mut targets = vec![None; units.len()];
    if !sources.targets.any(measure) {
        return targets;
    }
    for place in (0..units.len()).rev() {
        let own = sources.targets.standing(&units.at(place).code, measure, as_of.day, as_of.known);
        targets[place] = own.map(|aim| (aim.count, aim.deadline)).or_else(|| {
            let mut below = units.children(place).iter().map(|child| targets[*child]);
            let (mut sum, deadline): (u64, Day) = below.next()??;
            for target in below {
                let (count, other) = target?;
                if other != deadline {
                    return None;
                }
                sum = sum.saturating_add(count);
            }
            Some((sum, deadline))
        });
    }
    targets
}
