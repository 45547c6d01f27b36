//! The digest of a unit: what its director reads at seven in the morning.
//!
//! Figures are those of the day before, as they were known on the day of the digest; what is followed up is told as it stands now,
//! for its earlier states are not kept.
//! Invariant: nobody of the register is in it, and no officer.

use super::record::seen_from;
use super::{attention, counters, neighbours, seen};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::attention::{Kind, Raised};
use ::programme::record::{Record, difficulty, milestone};
use ::programme::rulebook::Rulebook;
use ::programme::{AsOf, Depth, Request};
use serde::Serialize;
use time::Day;

/// Days ahead that a promise is told of before it is due.
const AHEAD: i32 = 7;

/// A unit's digest.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Digest {
    /// The unit; empty for the nation.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// The day on whose morning it is read.
    #[serde(serialize_with = "::programme::show::some_day")]
    pub day: Day,
    /// The day whose figures it tells.
    #[serde(serialize_with = "::programme::show::some_day")]
    pub of: Day,
    /// The figures of the unit, measure by measure; measures without a figure are left out.
    pub figures: Vec<Figure>,
    /// What the rules raise in the unit and directly below it.
    pub raised: Vec<Raised>,
    /// Returns that used to come and do not.
    pub missing: Vec<Missing>,
    /// Difficulties of the unit and those below it that nobody has answered, and those that it has to answer.
    pub difficulties: Vec<Told>,
    /// Promises that are due within a week, or were.
    pub promises: Vec<Told>,
    /// Milestones that should have been reached.
    pub milestones: Vec<Told>,
}

/// A figure of the day.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Figure {
    /// The measure's name.
    pub measure: &'static str,
    /// How much in all at the end of the day.
    pub value: u64,
    /// How much more than at the end of the day before.
    pub more: i64,
    /// In percent of the target, else of the population.
    pub percent: Option<f64>,
    /// The place among the neighbours.
    pub rank: Option<u64>,
    /// How many neighbours there are, with the unit itself.
    pub ranked: usize,
    /// Places won since the day before; negative where lost.
    pub rank_change: Option<i64>,
    /// Where the figure comes from: counted, returned, mixed.
    pub source: ::programme::Origin,
}

/// A return that used to come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Missing {
    /// The unit.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// The measure's name.
    pub measure: &'static str,
    /// Days since the last.
    pub days: i64,
    /// By when it is to come.
    #[serde(serialize_with = "::programme::show::some_day")]
    pub due: Day,
}

/// Something that is followed up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Told {
    /// The record's id.
    pub id: String,
    /// The unit; empty for the nation.
    pub unit: String,
    /// What it is.
    pub title: String,
    /// By when.
    #[serde(serialize_with = "::programme::show::day")]
    pub due: Option<Day>,
    /// Whether that day has passed.
    pub late: bool,
}

/// The digest of a unit for the morning of a day.
pub fn digest(
    book: &Book,
    officer: &Officer,
    rulebook: &Rulebook,
    unit: &str,
    day: Option<Day>,
) -> Result<Digest, Error> {
    officer.may("status")?;
    let today = book.now().day();
    let day = day.unwrap_or(today).min(today);
    let of = AsOf { day: Day(day.0.saturating_sub(1)), known: day };
    let before = AsOf { day: Day(day.0.saturating_sub(2)), known: day };
    let (unit, name, figures) = counters::with(book, |sources, _| {
        let place = seen(sources.units, officer, unit)?;
        let own = sources.units.at(place);
        let ranked = neighbours(sources.units, place);
        let board = |as_of: AsOf, earlier: Option<AsOf>| {
            let depth = Depth::Level(own.level);
            ::programme::board(sources, &Request { as_of, earlier, within: &own.code, depth, measures: &[] })
        };
        let earlier = board(before, None);
        let figures = board(of, Some(before)).into_iter().filter(|line| line.value > 0 || line.target.is_some());
        let figures = figures.map(|line| {
            let then = earlier.iter().find(|other| other.measure == line.measure).map_or(0, |other| other.value);
            Figure {
                measure: line.measure,
                value: line.value,
                more: i64::try_from(i128::from(line.value) - i128::from(then)).unwrap_or(i64::MAX),
                percent: line.percent,
                rank: line.rank,
                ranked,
                rank_change: line.rank_change,
                source: line.source,
            }
        });
        Ok((own.code.clone(), own.name.clone(), figures.collect()))
    })?;
    let all = attention::on(book, rulebook, &unit, of, Some(Depth::Page))?;
    let (silent, raised): (Vec<Raised>, Vec<Raised>) = all.into_iter().partition(|one| one.kind == Kind::NoReturn);
    let missing = silent.into_iter().map(|one| Missing {
        unit: one.unit,
        name: one.name,
        measure: one.measure,
        days: one.figure,
        due: one.due,
    });
    let followed = followed(book, &unit, day)?;
    let [difficulties, promises, milestones] = followed;
    Ok(Digest {
        unit,
        name,
        day,
        of: of.day,
        figures,
        raised,
        missing: missing.collect(),
        difficulties,
        promises,
        milestones,
    })
}

/// Difficulties unanswered, promises due, milestones late: of the unit and those below it, the same whoever asks.
fn followed(book: &Book, unit: &str, day: Day) -> Result<[Vec<Told>; 3], Error> {
    let kinds = ["difficulty", "delegation", "milestone"].map(|kind| seen_from(book, unit, kind));
    let [difficulties, delegations, milestones] = kinds;
    let (difficulties, delegations, milestones) = (difficulties?, delegations?, milestones?);
    counters::with(book, |sources, _| {
        let units = sources.units;
        let own = units.find(unit).ok_or(Error::Missing("unit-missing"))?;
        let near = |code: &str| units.resolve(code).is_some_and(|place| units.within(place, own));
        let told = |record: &Record, unit: &str, title: &str, due: Option<Day>| Told {
            id: record.head().id.to_string(),
            unit: unit.to_owned(),
            title: title.to_owned(),
            due,
            late: due.is_some_and(|due| due < day),
        };
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        for record in &difficulties {
            let Record::Difficulty(one) = record else { continue };
            let waits = matches!(one.state, difficulty::State::Open | difficulty::State::Assigned);
            if waits && (near(&one.head.unit) || near(&one.at)) {
                all[0].push(told(record, &one.head.unit, &one.head.title, one.head.due));
            }
        }
        for record in &delegations {
            let Record::Delegation(one) = record else { continue };
            let soon = |due: Day| due.0 <= day.0.saturating_add(AHEAD);
            for promise in one.promises.iter().filter(|one| one.outcome.is_none() && soon(one.due) && near(&one.unit)) {
                all[1].push(told(record, &promise.unit, &promise.text, Some(promise.due)));
            }
        }
        for record in &milestones {
            let Record::Milestone(one) = record else { continue };
            let late = one.state == milestone::State::Planned && one.head.due.is_some_and(|due| due < day);
            if late && near(&one.head.unit) {
                all[2].push(told(record, &one.head.unit, &one.head.title, one.head.due));
            }
        }
        for list in &mut all {
            list.sort_by(|a, b| (a.due, &a.unit, &a.title).cmp(&(b.due, &b.unit, &b.title)));
        }
        Ok(all)
    })
}
