//! The board: for every unit and measure the value, its share, its rank among its neighbours, its pace and its outlook.
//!
//! **Value.** What events count stands, unless the unit signed more: then the return stands. Both are told beside it. A unit's own
//! return stands for everything below it; where the units below say something else, that is stated.
//! **Percent** is of the target where there is one, else of the population: two decimals, rounded half up, over 100 where it is.
//! **Rank** is among the units of one level under one unit, by exact fractions: of the target where each of them has one, else
//! of the population where each has one, else by value. Equal units share a rank.
//! **Above average**: the unit's share is above that of all these units together.
//!
//! Not here: rights (`services` names the unit that somebody may see), words (`text`).
//! Start reading at [`board`] and [`Sheet`].

mod figure;
mod line;
mod rank;
mod sheet;
#[cfg(test)]
mod tests;

pub use figure::Origin;
pub(crate) use line::percent;
pub use line::{Line, Note};
pub use sheet::{Sheet, board};

use crate::returns::Returns;
use crate::target::Targets;
use crate::{AsOf, Cube, Measure, Units};
use figure::Figures;
use time::Day;

/// What a board is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The units, with their populations.
    pub units: &'a Units,
    /// What events count.
    pub cube: &'a Cube,
    /// What units signed.
    pub returns: &'a Returns,
    /// What is to be reached.
    pub targets: &'a Targets,
}

/// Which part of the board is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The day, and when it was known.
    pub as_of: AsOf,
    /// The day whose ranks are compared, as it was known then or is known now.
    pub earlier: Option<AsOf>,
    /// The unit's code; empty for the nation. Nothing beside or above it is shown.
    pub within: &'a str,
    /// How far down.
    pub depth: Depth,
    /// Only these measures, by place; all where it is empty.
    pub measures: &'a [usize],
}

/// How far down a board goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// The unit and those directly below it, whether there is anything to show or not: a page.
    Page,
    /// The unit and every unit below it: provinces always, others where there is anything to show.
    All,
    /// The same down to a level: 1 for provinces, 2 for districts.
    Level(u8),
}

/// How many people each unit has, by place: as it signed, else as imported.
#[must_use]
pub fn people_of(sources: &Sources<'_>, as_of: AsOf) -> Vec<u64> {
    figure::people(sources, &figure::places(sources), as_of)
}

/// What each unit is to have of a measure, by place: its own target or the sum of those below it, else its people; 0 where nobody
/// knows. The same that percents are of.
pub(crate) fn goals_of(sources: &Sources<'_>, measure: usize, as_of: AsOf) -> Vec<u64> {
    let targets = rank::targets(sources, measure, as_of).into_iter().map(|target| target.map(|(count, _)| count));
    let people = people_of(sources, as_of);
    targets.zip(people).map(|(target, people)| target.filter(|count| *count > 0).unwrap_or(people)).collect()
}

/// What came on each of some days, in a unit and below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Days {
    /// The counts, the last day last.
    pub counts: Vec<i64>,
    /// How many of them are known, from the last back.
    pub known: usize,
    /// The last day: the day asked for, or the last up to which everybody has signed.
    pub last: Day,
    /// What came after it, in units that are further than others.
    pub after: i64,
}

/// The last days of a unit and measure, for a line beside the table; none where there is no such unit or measure.
#[must_use]
pub fn days(sources: &Sources<'_>, unit: &str, measure: &str, as_of: AsOf, count: usize) -> Option<Days> {
    let (place, measure) = (sources.units.find(unit)?, Measure::position(measure)?);
    Some(days_of(&Figures::new(sources, &figure::places(sources), measure, as_of, count), place, as_of))
}

/// [`days`] of every unit, by place.
#[must_use]
pub fn all_days(sources: &Sources<'_>, measure: usize, as_of: AsOf, count: usize) -> Vec<Days> {
    let figures = Figures::new(sources, &figure::places(sources), measure, as_of, count);
    (0..sources.units.len()).map(|place| days_of(&figures, place, as_of)).collect()
}

fn days_of(figures: &Figures, place: usize, as_of: AsOf) -> Days {
    let last = Day(as_of.day.0.saturating_sub(figures.behind(place)));
    Days { counts: figures.days(place).to_vec(), known: figures.known(place), last, after: figures.after(place) }
}

/// What stands for each unit, by place.
pub(crate) fn figures_of(sources: &Sources<'_>, measure: usize, as_of: AsOf) -> Vec<u64> {
    let figures = figures(sources, &figure::places(sources), measure, as_of, 0);
    (0..sources.units.len()).map(|place| figures.of(place).value.max(0).unsigned_abs()).collect()
}

/// The figures of a measure; of a mean, divided.
fn figures(sources: &Sources<'_>, places: &[usize], measure: usize, as_of: AsOf, width: usize) -> Figures {
    let mut figures = Figures::new(sources, places, measure, as_of, width);
    if let Some(by) = figure::mean_of(measure) {
        figures.divide(&Figures::new(sources, places, by, as_of, 0));
    }
    figures
}
