//! Figures of one measure for all units: what events count, what was signed, and which of the two stands.

use super::Sources;
use crate::returns::COUNT_MAX;
use crate::{AsOf, MEASURES, Measure, NATION};
use serde::Serialize;

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Events, or nothing at all.
    #[default]
    Counted,
    /// Returns.
    Returned,
    /// Some units counted, others signed: their sum.
    Mixed,
}

impl Origin {
    fn and(self, other: Origin) -> Origin {
        if self == other { self } else { Origin::Mixed }
    }
}

/// One unit's figure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figure {
    /// What stands.
    pub(super) value: i64,
    /// What events count, here and below.
    pub(super) counted: i64,
    /// What was signed: by the unit, else the sum of what was signed below.
    pub(super) returned: Option<i64>,
    pub(super) origin: Origin,
    /// The unit signed less than events had counted by that day.
    pub(super) contradicted: bool,
    /// The unit signed another figure than the units below it come to.
    pub(super) unlike_below: bool,
    /// The first of the daily counts that is known.
    start: usize,
    /// How many of the last daily counts nobody knows yet: the days since the last return.
    behind: usize,
}

/// Days after which who signs no more counts as standing, so that the others' pace is still told.
const LAPSED: usize = 28;

/// Figures by the unit's place.
pub(super) struct Figures {
    all: Vec<Figure>,
    /// The days of each unit up to the day asked for, one after the other. What nobody knows is 0.
    daily: Vec<i64>,
    width: usize,
}

/// Where each unit of the cube belongs: the nation's own where nobody knows.
pub(super) fn places(sources: &Sources<'_>) -> Vec<usize> {
    sources.cube.units().map(|code| sources.units.resolve(code).unwrap_or(NATION)).collect()
}

/// The people of each unit: as signed, else as imported; 0 where nobody knows.
pub(super) fn people(sources: &Sources<'_>, places: &[usize], as_of: AsOf) -> Vec<u64> {
    let units = sources.units;
    let mut people: Vec<u64> = (0..units.len()).map(|place| units.population(place)).collect();
    let Some(measure) = Measure::position("population") else { return people };
    if sources.returns.units(measure).next().is_none() {
        return people;
    }
    let figures = Figures::new(sources, places, measure, as_of, 0);
    // Where some of the units below signed, the others' imported figures make up the sum.
    for place in (0..units.len()).rev() {
        let below = units.children(place);
        if sources.returns.standing(&units.at(place).code, measure, as_of).is_some() {
            people[place] = figures.of(place).value.max(0).unsigned_abs();
        } else if below.iter().any(|child| figures.of(*child).returned.is_some()) {
            people[place] = below.iter().map(|child| people[*child]).fold(0, u64::saturating_add);
        }
    }
    people
}

impl Figures {
    /// Adds up one measure, from the communes to the nation.
    pub(super) fn new(sources: &Sources<'_>, places: &[usize], measure: usize, as_of: AsOf, width: usize) -> Figures {
        let units = sources.units;
        let nothing = Figure { start: width, ..Figure::default() };
        let mut figures = Figures { all: vec![nothing; units.len()], daily: vec![0; units.len() * width], width };
        for (at, place) in places.iter().enumerate() {
            if !sources.cube.counts(at, measure, as_of) {
                continue;
            }
            let figure = &mut figures.all[*place];
            figure.counted += sources.cube.at(at, measure, as_of);
            figure.start = 0;
            if width > 0 {
                let days = &mut figures.daily[place * width..(place + 1) * width];
                sources.cube.daily(at, measure, as_of, days);
            }
        }
        let mut signed = vec![None; units.len()];
        for code in sources.returns.units(measure) {
            // One that was merged is told with the unit that it is part of now.
            if let Some(place) = units.resolve(code).filter(|place| signed[*place].is_none()) {
                signed[place] = sources.returns.standing(&units.at(place).code, measure, as_of);
            }
        }
        // What the sums of returns below come to, and what came there on the days that stand.
        let mut below: Vec<Below> = vec![Below { start: width, ..Below::default() }; units.len()];
        let mut counted_daily = if signed.iter().any(Option::is_some) { figures.daily.clone() } else { Vec::new() };
        for place in (0..units.len()).rev() {
            let Below { value, returned, origin, start, .. } = below[place];
            let behind = below[place].behind();
            let own = figures.all[place].counted;
            let counted = own + below[place].counted(units.children(place), &figures);
            let days = place * width..(place + 1) * width;
            let figure = &mut figures.all[place];
            figure.counted = counted;
            figure.start = start.min(figure.start);
            figure.behind = behind;
            figure.value = own + value;
            figure.returned = returned;
            figure.origin =
                origin.map_or(Origin::Counted, |below| if own != 0 { below.and(Origin::Counted) } else { below });
            if let Some(standing) = &signed[place] {
                let count = i64::try_from(standing.count.min(COUNT_MAX)).unwrap_or(i64::MAX);
                let behind = as_of.day.0.abs_diff(standing.day.0) as usize;
                figure.unlike_below = origin.is_some() && figure.value != count && counted != figure.value;
                figure.returned = Some(count);
                if count < counted {
                    // What was counted later was no contradiction when it was signed.
                    let later = counted_daily[days.clone()].iter().rev().take(behind).sum::<i64>();
                    figure.contradicted = behind <= width && count < counted - later;
                } else {
                    (figure.value, figure.origin, figure.behind) = (count, Origin::Returned, behind);
                    let own_days = &mut figures.daily[days.clone()];
                    own_days.fill(0);
                    figure.start = standing.daily(as_of.day, own_days);
                }
            }
            if place == NATION {
                break;
            }
            let (parent, figure) = (units.parent(place), figures.all[place]);
            below[parent].add(&figure);
            // Most units have nothing of most measures.
            if figure.start < width {
                add(&mut figures.daily, days.clone(), parent * width);
            }
            if !counted_daily.is_empty() {
                add(&mut counted_daily, days, parent * width);
            }
        }
        figures
    }

    pub(super) fn of(&self, place: usize) -> &Figure {
        &self.all[place]
    }

    /// What came on each day up to the last that is known.
    pub(super) fn days(&self, place: usize) -> &[i64] {
        &self.daily[place * self.width..place * self.width + self.end(place)]
    }

    /// How many of these, from the last back, are known.
    pub(super) fn known(&self, place: usize) -> usize {
        self.end(place).saturating_sub(self.all[place].start)
    }

    /// How many days the last that is known lies back.
    pub(super) fn behind(&self, place: usize) -> i32 {
        i32::try_from(self.all[place].behind).unwrap_or(i32::MAX)
    }

    /// What came after the last day that is known of all below: some are further than others.
    pub(super) fn after(&self, place: usize) -> i64 {
        self.daily[place * self.width + self.end(place)..(place + 1) * self.width].iter().sum()
    }

    fn end(&self, place: usize) -> usize {
        self.width.saturating_sub(self.all[place].behind)
    }

    /// Divides the sums of a mean by what it is of, rounding half up.
    pub(super) fn divide(&mut self, by: &Figures) {
        for (figure, by) in self.all.iter_mut().zip(&by.all) {
            let (days, count) = (figure.value.max(0), by.counted.max(0));
            figure.value = if count > 0 { (2 * days + count) / (2 * count) } else { 0 };
        }
    }
}

/// What the units below one come to.
#[derive(Clone, Copy, Default)]
struct Below {
    value: i64,
    returned: Option<i64>,
    origin: Option<Origin>,
    start: usize,
    /// The days that the slowest of those is behind who have not lapsed, and the fastest of all.
    slowest: Option<usize>,
    fastest: Option<usize>,
}

impl Below {
    fn add(&mut self, figure: &Figure) {
        self.value = self.value.saturating_add(figure.value);
        if let Some(returned) = figure.returned {
            self.returned = Some(self.returned.unwrap_or(0).saturating_add(returned));
        }
        // A unit with nothing says nothing about where the sum comes from.
        if figure.value != 0 || figure.returned.is_some() {
            self.origin = Some(self.origin.map_or(figure.origin, |origin| origin.and(figure.origin)));
            self.fastest = Some(self.fastest.map_or(figure.behind, |fastest| fastest.min(figure.behind)));
            if figure.behind <= LAPSED {
                self.slowest = self.slowest.max(Some(figure.behind));
            }
        }
        self.start = self.start.min(figure.start);
    }

    /// The days by which the sum of days ends before the day asked for: there everybody is known who has not lapsed.
    fn behind(&self) -> usize {
        self.slowest.or(self.fastest).unwrap_or(0)
    }

    fn counted(&self, children: &[usize], figures: &Figures) -> i64 {
        children.iter().map(|child| figures.all[*child].counted).sum()
    }
}

/// Adds one stretch of days to another that lies before it.
fn add(daily: &mut [i64], from: std::ops::Range<usize>, to: usize) {
    let (before, after) = daily.split_at_mut(from.start);
    let width = from.len();
    for (sum, count) in before[to..to + width].iter_mut().zip(&after[..width]) {
        *sum += count;
    }
}

/// The measure that a mean is of.
pub(super) fn mean_of(measure: usize) -> Option<usize> {
    MEASURES[measure].mean_of.and_then(Measure::position)
}
