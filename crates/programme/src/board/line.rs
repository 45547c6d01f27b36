//! The lines of a board.

use super::Depth;
use super::figure::Origin;
use super::rank::Base;
use super::sheet::Column;
use crate::forecast::{Outlook, forecast};
use crate::target::Targets;
use crate::{AsOf, MEASURES, NATION, Units, pace};
use serde::Serialize;
use time::Day;

/// One line: a unit and a measure.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Line {
    /// The unit's code; empty for the nation.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// The measure's name.
    pub measure: &'static str,
    /// The people of the unit, where known: as it signed, else as imported.
    pub population: Option<u64>,
    /// The figure; of a mean, whole days.
    pub value: u64,
    /// The value in percent of the target, else of the population; two decimals, rounded half up.
    pub percent: Option<f64>,
    /// The place among its neighbours.
    pub rank: Option<u64>,
    /// Whether its share is above that of all its neighbours together.
    pub above_average: Option<bool>,
    /// That share, in percent: the sum of what the neighbours have, of the sum of their targets or people.
    pub average: Option<f64>,
    /// The target that stands.
    pub target: Option<u64>,
    /// What came a day in the last 7 days.
    pub pace_7d: Option<f64>,
    /// What would have to come a day to make the deadline.
    pub pace_needed: Option<f64>,
    /// When the target is reached, or everybody where everybody counts.
    #[serde(serialize_with = "crate::show::day")]
    pub forecast_date: Option<Day>,
    /// The early end of the band of 80 %.
    #[serde(serialize_with = "crate::show::day")]
    pub forecast_low: Option<Day>,
    /// The late end; none where it may never be.
    #[serde(serialize_with = "crate::show::day")]
    pub forecast_high: Option<Day>,
    /// How likely the deadline is made.
    pub probability: Option<f64>,
    /// The unit above; empty for a province and the nation.
    pub parent: String,
    /// 0 the nation, 1 province, 2 district, 3 commune.
    pub level: u8,
    /// The last day for the target.
    #[serde(serialize_with = "crate::show::day")]
    pub deadline: Option<Day>,
    /// What came a day in the last 28 days.
    pub pace_28d: Option<f64>,
    /// Places won since the earlier day; negative where lost.
    pub rank_change: Option<i64>,
    /// Where the value comes from.
    pub source: Origin,
    /// What events count.
    pub counted: u64,
    /// What was signed.
    pub returned: Option<u64>,
    /// What the forecast rests on; none where there is no goal.
    pub outlook: Option<Outlook>,
    /// What is to be said about the figures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// What is to be said about a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// Nobody knows how many people the unit has: no percent without a target.
    NoPopulation,
    /// More than everybody, or more than the target.
    Over100,
    /// The unit signed less than events count; the events stand.
    ReturnBelowCounted,
    /// The unit signed another figure than the units below it come to; the unit's stands.
    ReturnUnlikeBelow,
    /// Some units counted, others signed.
    MixedSum,
    /// More was taken back than counted: shown as 0.
    BelowZero,
    /// The deadline has passed and the target is not reached.
    DeadlinePast,
    /// The targets directly below come to another figure.
    TargetNotTheSum,
    /// Not every neighbour has a target: ranked by population.
    RankedByPopulation,
    /// Not every neighbour has a target or a population: ranked by value.
    RankedByValue,
    /// Units that are no longer there were merged into it: what they did is in its figure.
    MergedIn,
}

impl Note {
    /// The stable code: `note-no-population` and so on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Note::NoPopulation => "note-no-population",
            Note::Over100 => "note-over-100",
            Note::ReturnBelowCounted => "note-return-below-counted",
            Note::ReturnUnlikeBelow => "note-return-unlike-below",
            Note::MixedSum => "note-mixed-sum",
            Note::BelowZero => "note-below-zero",
            Note::DeadlinePast => "note-deadline-past",
            Note::TargetNotTheSum => "note-target-not-the-sum",
            Note::RankedByPopulation => "note-ranked-by-population",
            Note::RankedByValue => "note-ranked-by-value",
            Note::MergedIn => "note-merged-in",
        }
    }
}

/// A share in percent: hundredths rounded half up on whole numbers, so that no float decides a digit.
#[must_use]
pub(crate) fn percent(value: u64, of: u64) -> Option<f64> {
    let of = u128::from(of);
    (of > 0).then(|| ((u128::from(value) * 20_000 + of) / (2 * of)) as f64 / 100.0)
}

/// What the lines of one measure are drawn from.
pub(super) struct Drawing<'a> {
    pub(super) units: &'a Units,
    pub(super) targets: &'a Targets,
    pub(super) as_of: AsOf,
    pub(super) depth: Depth,
    pub(super) measure: usize,
    pub(super) people: &'a [u64],
    pub(super) column: &'a Column,
}

impl Drawing<'_> {
    /// The lines of a unit and of those below it.
    pub(super) fn lines(&self, root: usize, lines: &mut Vec<Line>) {
        lines.push(self.line(root));
        let deepest = match self.depth {
            Depth::Page => None,
            Depth::All => Some(u8::MAX),
            Depth::Level(level) => Some(level),
        };
        let level = |place: usize| self.units.at(place).level;
        if deepest.is_some_and(|deepest| level(root) >= deepest) {
            return;
        }
        let mut waiting = vec![root];
        while let Some(parent) = waiting.pop() {
            let order = &self.column.ranks.order[parent];
            for place in order {
                if self.depth == Depth::Page || self.shows(*place) {
                    lines.push(self.line(*place));
                }
            }
            let has_more = |place: &&usize| {
                let children = !self.units.children(**place).is_empty();
                children && deepest.is_some_and(|deepest| level(**place) < deepest)
            };
            waiting.extend(order.iter().rev().filter(has_more));
        }
    }

    /// Whether there is anything to show.
    fn shows(&self, place: usize) -> bool {
        let figure = self.column.figures.of(place);
        let something = figure.value != 0 || figure.counted != 0 || figure.returned.is_some();
        self.units.at(place).level == 1 || something || self.column.ranks.targets[place].is_some()
    }

    fn line(&self, place: usize) -> Line {
        let (units, measure) = (self.units, &MEASURES[self.measure]);
        let Column { figures, ranks, before } = self.column;
        let (unit, figure, rank) = (units.at(place), figures.of(place), ranks.of(place));
        let mean = measure.mean_of.is_some();
        let as_of = self.as_of;
        let value = figure.value.max(0).unsigned_abs();
        let people = Some(self.people[place]).filter(|people| *people > 0);
        let (target, deadline) = ranks.targets[place].filter(|_| !mean).unzip();
        let share = if mean { None } else { target.filter(|target| *target > 0).or(people) };
        let goal = target.or(people.filter(|_| measure.everybody));
        let (days, known) = (figures.days(place), figures.known(place));
        let rate = |count: usize| pace::pace(days, known, count).filter(|_| !mean).map(|pace| pace as f64 / 100.0);
        let outlook = goal.map(|goal| {
            let missing = i64::try_from(goal).unwrap_or(i64::MAX).saturating_sub(figure.value);
            if missing <= 0 {
                return forecast(as_of.day, days, known, missing, deadline);
            }
            // From the last day that is known of everybody.
            let last = Day(as_of.day.0.saturating_sub(figures.behind(place)));
            forecast(last, days, known, missing.saturating_add(figures.after(place)), deadline)
        });
        let needed = target.zip(deadline).and_then(|(target, deadline)| {
            pace::needed(figure.value, target, as_of.day, deadline).map(|pace| pace as f64 / 100.0)
        });
        let before = before.as_ref().and_then(|before| before.of(place));
        Line {
            unit: unit.code.clone(),
            name: unit.name.clone(),
            measure: measure.name,
            population: people,
            value,
            percent: share.and_then(|of| percent(value, of)),
            rank: rank.map(|rank| rank.rank),
            above_average: rank.and_then(|rank| rank.above_average),
            average: rank.and_then(|rank| rank.average),
            target,
            pace_7d: rate(7),
            pace_needed: needed,
            forecast_date: outlook.and_then(|outlook| outlook.date),
            forecast_low: outlook.and_then(|outlook| outlook.low),
            forecast_high: outlook.and_then(|outlook| outlook.high),
            probability: outlook.and_then(|outlook| outlook.probability),
            parent: if place == NATION { String::new() } else { units.at(units.parent(place)).code.clone() },
            level: unit.level,
            deadline,
            pace_28d: rate(28),
            rank_change: rank.zip(before).map(|(now, before)| before.rank as i64 - now.rank as i64),
            source: figure.origin,
            counted: if mean { value } else { figure.counted.max(0).unsigned_abs() },
            returned: figure.returned.map(|returned| returned.max(0).unsigned_abs()),
            outlook: outlook.map(|outlook| outlook.outlook),
            notes: self.notes(place, share, target.zip(deadline)),
        }
    }

    fn notes(&self, place: usize, share: Option<u64>, target: Option<(u64, Day)>) -> Vec<Note> {
        let (figure, as_of) = (self.column.figures.of(place), self.as_of);
        let whole = MEASURES[self.measure].everybody || target.is_some();
        let base = self.column.ranks.of(place).map(|rank| rank.base);
        let mean = MEASURES[self.measure].mean_of.is_some();
        let something = figure.value != 0 || figure.returned.is_some() || target.is_some();
        let sum = || {
            let (count, deadline) = target?;
            let sum = self.targets.sum_below(self.units, place, self.measure, deadline, as_of.known)?;
            Some(sum != count)
        };
        let all = [
            (Note::NoPopulation, something && !mean && self.people[place] == 0),
            (Note::Over100, whole && share.is_some_and(|of| i128::from(figure.value) > i128::from(of))),
            (Note::ReturnBelowCounted, figure.contradicted),
            (Note::ReturnUnlikeBelow, figure.unlike_below),
            (Note::MixedSum, figure.origin == Origin::Mixed),
            (Note::BelowZero, figure.value < 0),
            (Note::DeadlinePast, target.is_some_and(|(count, last)| last < as_of.day && figure.value < count as i64)),
            (Note::TargetNotTheSum, sum().unwrap_or(false)),
            (Note::RankedByPopulation, target.is_some() && base == Some(Base::Population)),
            (Note::RankedByValue, something && !mean && base == Some(Base::Value)),
            (Note::MergedIn, something && self.units.has_merged(place)),
        ];
        all.into_iter().filter(|(_, holds)| *holds).map(|(note, _)| note).collect()
    }
}
