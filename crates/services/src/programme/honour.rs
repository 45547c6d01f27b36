//! Honours: the units below one by the published criteria, for any period and as it was known on any day.
//!
//! Invariant: the same period, day of knowledge and criteria give the same list, whoever asks and whenever.

use super::{counters, seen};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::honour::{Criteria, Honoured, Period, honour};
use ::programme::rulebook::Rulebook;
use time::Day;

/// Days of a period where none is named.
const PERIOD: i32 = 28;

/// What is judged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judging {
    /// The unit whose units are judged; empty for the officer's own.
    pub unit: String,
    /// The first day; none for four weeks before the last.
    pub from: Option<Day>,
    /// The last day; none for today.
    pub to: Option<Day>,
    /// As it was known on this day; none for today.
    pub known: Option<Day>,
}

/// The list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Honours {
    /// The unit; empty for the nation.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// What was judged.
    pub period: Period,
    /// The criteria.
    pub criteria: Criteria,
    /// Whether how hard the ground is was published for any unit.
    pub has_ground: bool,
    /// Each unit, the first place first.
    pub list: Vec<Honoured>,
}

/// Judges the units directly below one.
pub fn honours(book: &Book, officer: &Officer, rulebook: &Rulebook, judging: &Judging) -> Result<Honours, Error> {
    officer.may("status")?;
    let today = book.now().day();
    let to = judging.to.unwrap_or(today).min(today);
    let from = judging.from.unwrap_or(Day(to.0.saturating_sub(PERIOD - 1)));
    if from > to {
        return Err(Error::input("period-reversed"));
    }
    let period = Period { from, to, known: judging.known.unwrap_or(today).min(today) };
    counters::with(book, |sources, _| {
        let unit = sources.units.at(seen(sources.units, officer, &judging.unit)?);
        let list = honour(sources, &rulebook.criteria, period, &unit.code, &|unit| rulebook.ground_of(unit));
        Ok(Honours {
            unit: unit.code.clone(),
            name: unit.name.clone(),
            period,
            criteria: rulebook.criteria.clone(),
            has_ground: !rulebook.ground.is_empty(),
            list,
        })
    })
}
