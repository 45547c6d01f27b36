//! Figures of one measure for all units: what events count, what was signed, and which of the two stands.

use super::Sources;
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
    /// The unit signed less than events count.
    pub(super) contradicted: bool,
    /// The unit signed another figure than the units below it come to.
    pub(super) unlike_below: bool,
    /// Days known at the end of the daily counts.
    known: usize,
    /// Days by which the daily counts end before the day asked for: since the last return.
    behind: i32,
}

/// Figures by the unit's place.
pub(super) struct Figures {
    all: Vec<Figure>,
    /// The days of each unit, one after the other.
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
        let mut figures =
            Figures { all: vec![Figure::default(); units.len()], daily: vec![0; units.len() * width], width };
        for (at, place) in places.iter().enumerate() {
            if !sources.cube.counts(at, measure, as_of) {
                continue;
            }
            let figure = &mut figures.all[*place];
            figure.counted += sources.cube.at(at, measure, as_of);
            figure.known = width;
            if width > 0 {
                let days = &mut figures.daily[place * width..(place + 1) * width];
                sources.cube.daily(at, measure, as_of, days);
            }
        }
        let mut signed = vec![None; units.len()];
        for code in sources.returns.units(measure) {
            if let Some(place) = units.find(code) {
                signed[place] = sources.returns.standing(code, measure, as_of);
            }
        }
        let mut own_days = vec![0; width];
        // What the sums of returns below come to, and what came there on the days that stand.
        let mut below: Vec<Below> = vec![Below::default(); units.len()];
        let mut counted_daily = if signed.iter().any(Option::is_some) { figures.daily.clone() } else { Vec::new() };
        for place in (0..units.len()).rev() {
            let Below { value, returned, origin, known, behind } = below[place];
            let own = figures.all[place].counted;
            let counted = own + below[place].counted(units.children(place), &figures);
            let days = place * width..(place + 1) * width;
            let figure = &mut figures.all[place];
            figure.counted = counted;
            figure.known = known.unwrap_or(0).max(figure.known);
            figure.behind = if own != 0 { 0 } else { behind.unwrap_or(0) };
            figure.value = own + value;
            figure.returned = returned;
            figure.origin =
                origin.map_or(Origin::Counted, |below| if own != 0 { below.and(Origin::Counted) } else { below });
            if let Some(standing) = &signed[place] {
                let count = i64::try_from(standing.last.count).unwrap_or(i64::MAX);
                figure.unlike_below = origin.is_some() && figure.value != count && counted != figure.value;
                figure.returned = Some(count);
                figure.contradicted = count < counted;
                if figure.contradicted {
                    (figure.value, figure.origin) = (counted, Origin::Counted);
                    (figure.known, figure.behind) = (width, 0);
                    figures.daily[days.clone()].copy_from_slice(&counted_daily[days.clone()]);
                } else {
                    (figure.value, figure.origin) = (count, Origin::Returned);
                    figure.behind = as_of.day.0 - standing.last.day.0;
                    own_days.fill(0);
                    figure.known = if width > 0 { standing.daily(&mut own_days) } else { 0 };
                    figures.daily[days.clone()].copy_from_slice(&own_days);
                }
            }
            if place == NATION {
                break;
            }
            let (parent, figure) = (units.parent(place), figures.all[place]);
            below[parent].add(&figure);
            // Most units have nothing of most measures.
            if figure.known > 0 {
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

    pub(super) fn days(&self, place: usize) -> &[i64] {
        &self.daily[place * self.width..(place + 1) * self.width]
    }

    pub(super) fn known(&self, place: usize) -> usize {
        self.all[place].known
    }

    pub(super) fn behind(&self, place: usize) -> i32 {
        self.all[place].behind
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
    known: Option<usize>,
    behind: Option<i32>,
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
            self.behind = Some(self.behind.map_or(figure.behind, |behind| behind.min(figure.behind)));
        }
        self.known = Some(self.known.unwrap_or(0).max(figure.known));
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
