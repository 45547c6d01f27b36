//! The programme board: what events count, what units sign, what is to be reached, and the board made of the three.
//!
//! Invariant: nobody sees beside or above the unit of their office.
//! Invariant: the counters are derived from the events alone; a kept copy only saves the time of counting anew.
//! Not here: what an event counts for, ranks, forecasts (`programme`).
//! Start reading at [`board`].

mod attention;
mod compare;
mod copy;
mod counters;
mod digest;
mod honour;
mod moment;
mod pages;
mod record;
mod report;
mod returns;
mod rows;
mod sheets;
mod table;
pub mod tables;
mod target;

pub use ::programme::attention::{Kind, Raised, Rule, Severity};
pub use ::programme::funnel::Funnel;
pub use ::programme::honour::{Criteria, Honoured};
pub use ::programme::record::attachment::{BYTES_MAX as FILE_BYTES_MAX, FILES_MAX};
pub use ::programme::record::effect::Effect;
pub use ::programme::record::{KINDS, Record};
pub use ::programme::report::Kind as ReportKind;
pub use ::programme::report::State as Filed;
pub use ::programme::report::sha256;
pub use ::programme::returns::Return;
pub use ::programme::rulebook::Rulebook;
pub use ::programme::target::Basis;
pub use ::programme::{Ahead, Correction, Depth, Line, MEASURES, Note, Origin};
pub use attention::{Attention, attention};
pub use compare::{Compared, Comparing, Pair, Side, compare};
pub use copy::{Judged, Paper, Setter};
pub(crate) use counters::Counters;
pub use counters::{keep, rebuild};
pub use digest::{Digest, Figure, Missing, Told, digest};
pub use honour::{Honours, Judging, honours};
pub use moment::Notice;
pub(crate) use record::replace;
pub use record::{
    ACTS, Act, Fields, Form, Listed, Listing, Opened, Sent, Shown, act, act_named, attach, attachment, effects,
    escalate, record, records, relist,
};
pub use report::{Freezing, Frozen, ReportPage, Words, file, freeze, report_of, reports, reports_page};
pub use returns::{Figures, Signed, SignedPage, Sought, sign, sign_one, signed};
pub use rows::{Behind, Counted, Place, Rows, rows};
pub(crate) use sheets::Sheets;
pub use sheets::refresh;
pub(crate) use table::ATTACHMENT;
pub use table::TABLES;
pub use target::{Preview, Setting, Share, ShownTarget, Standing, newest, preview, set, set_shares, share, versions};

use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::target::Targets;
use ::programme::{AsOf, Measure, NATION, Sheet, Sources, Units};
use moment::Moment;
use time::{Day, Instant};

/// What is asked of a board.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The unit; empty for the officer's own.
    pub unit: String,
    /// The day; none for today.
    pub day: Option<Day>,
    /// As it was known at this instant, counted anew from the events: the day is the instant's. For what is frozen. Of an instant
    /// before anything was recorded here, its day as it is known now; see [`Board::notice`].
    pub until: Option<Instant>,
    /// As it was known at the end of that day, and not as it is known now.
    pub then: bool,
    /// The day whose ranks are compared; none for seven days before.
    pub earlier: Option<Day>,
    /// Only these measures, by name; all where it is empty.
    pub measures: Vec<String>,
    /// How far down.
    pub depth: Depth,
}

impl Default for Asked {
    fn default() -> Asked {
        Asked {
            unit: String::new(),
            day: None,
            until: None,
            then: false,
            earlier: None,
            measures: Vec::new(),
            depth: Depth::Page,
        }
    }
}

/// A board.
#[derive(Clone, PartialEq, Debug)]
pub struct Board {
    /// The unit at its top; empty for the nation.
    pub unit: String,
    /// The units above it that the officer may see, from the top, with their names.
    pub above: Vec<(String, String)>,
    /// Its name; empty for the nation.
    pub name: String,
    /// The day.
    pub day: Day,
    /// How many neighbours it is ranked among, with itself.
    pub ranked: usize,
    /// The day whose ranks were compared.
    pub earlier: Day,
    /// Events counted.
    pub events: u64,
    /// The way from the invitation to the card, beside the unit's neighbours.
    pub funnel: Option<Funnel>,
    /// The lines, measure by measure.
    pub lines: Vec<Line>,
    /// Events in the unit that say they happened after they came; each counts on the day it came.
    pub ahead: Vec<Ahead>,
    /// What is to be said of the instant that was asked for.
    pub notice: Option<Notice>,
}

/// The days before, with which ranks are compared unless another day is asked for.
const EARLIER: i32 = 7;

/// The board of a unit.
pub fn board(book: &Book, officer: &Officer, asked: &Asked) -> Result<Board, Error> {
    officer.may("status")?;
    let today = book.now().day();
    let moment = Moment::of(book, asked.until)?;
    let asked = &asked.at(moment);
    if let Some(until) = asked.until {
        let board = counters::until(book, until, |sources, events| drawn(sources, events, officer, asked, today))?;
        return Ok(Board { notice: moment.notice, ..board });
    }
    let (day, earlier) = asked.days(today);
    let kept = sheets::sheet(book, asked.as_of(day), Some(asked.earlier_as_of(day, earlier)))?;
    let board = from_sheet((&kept.units, &kept.targets, &kept.sheet), &kept.ahead, kept.events, officer, asked, today)?;
    Ok(Board { notice: moment.notice, ..board })
}

/// Works with what a board is made of: as it is known now, or as it was known at an instant.
fn sourced<T>(
    book: &Book,
    until: Option<Instant>,
    work: impl FnOnce(&Sources<'_>, u64) -> Result<T, Error>,
) -> Result<T, Error> {
    match until {
        Some(until) => counters::until(book, until, work),
        None => counters::with(book, work),
    }
}

fn drawn(sources: &Sources<'_>, events: u64, officer: &Officer, asked: &Asked, today: Day) -> Result<Board, Error> {
    let (day, earlier) = asked.days(today);
    let sheet = Sheet::new(sources, asked.as_of(day), Some(asked.earlier_as_of(day, earlier)), &[]);
    let ahead: Vec<Ahead> = sources.cube.ahead().map(|(_, ahead)| ahead.clone()).collect();
    from_sheet((sources.units, sources.targets, &sheet), &ahead, events, officer, asked, today)
}

fn from_sheet(
    (units, targets, sheet): (&Units, &Targets, &Sheet),
    ahead: &[Ahead],
    events: u64,
    officer: &Officer,
    asked: &Asked,
    today: Day,
) -> Result<Board, Error> {
    let measures = measures(&asked.measures)?;
    let (day, earlier) = asked.days(today);
    let place = seen(units, officer, &asked.unit)?;
    let unit = units.at(place);
    let lines = sheet.lines(units, targets, place, asked.depth, &measures);
    let funnel = Some(sheet.funnel(units, place));
    let above = above(units, officer, place);
    let (code, name, as_of) = (unit.code.clone(), unit.name.clone(), asked.as_of(day));
    let counted = |one: &&Ahead| one.recorded <= as_of.day.min(as_of.known);
    let within = |one: &&Ahead| units.within(units.resolve(&one.unit).unwrap_or(NATION), place);
    let ahead = ahead.iter().filter(counted).filter(within).cloned().collect();
    let ranked = neighbours(units, place);
    Ok(Board { unit: code, name, above, ranked, day, earlier, events, funnel, lines, ahead, notice: None })
}

impl Asked {
    /// The same of what can be shown.
    fn at(&self, moment: Moment) -> Asked {
        Asked { until: moment.until, day: moment.day.or(self.day), ..self.clone() }
    }

    /// The day, and the one whose ranks are compared.
    fn days(&self, today: Day) -> (Day, Day) {
        let day = self.until.map(Instant::day).or(self.day).unwrap_or(today).min(today);
        (day, self.earlier.unwrap_or(Day(day.0 - EARLIER)).min(day))
    }

    /// A day as it was known then, or as it is known now.
    fn as_of(&self, day: Day) -> AsOf {
        if self.then || self.until.is_some() { AsOf::then(day) } else { AsOf::now(day) }
    }

    /// The day whose ranks are compared, as it was known when the day itself was shown.
    fn earlier_as_of(&self, day: Day, earlier: Day) -> AsOf {
        AsOf { day: earlier, known: self.as_of(day).known }
    }
}

/// What came on each of the days that end with `day` in each unit directly below one, the last day last.
pub fn days_below(
    book: &Book,
    officer: &Officer,
    unit: &str,
    measure: &str,
    day: Day,
    days: usize,
) -> Result<Vec<(String, Vec<i64>)>, Error> {
    officer.may("status")?;
    measures(&[measure.to_owned()])?;
    let kept = sheets::sheet_of_day(book, AsOf::now(day))?;
    let place = seen(&kept.units, officer, unit)?;
    Ok(kept.sheet.days_below(&kept.units, place, measure, days))
}

/// The places of measures by name.
fn measures(names: &[String]) -> Result<Vec<usize>, Error> {
    names.iter().map(|name| Measure::position(name).ok_or(Error::Missing("measure-missing"))).collect()
}

/// The place of a unit that the officer may see; of the officer's own where none is named.
fn seen(units: &Units, officer: &Officer, unit: &str) -> Result<usize, Error> {
    let missing = Error::Missing("unit-missing");
    // Who belonged to a unit that was merged was not given the whole of the new one: an administrator decides that.
    let merged = || units.resolve(&officer.unit).map_or(missing.clone(), |_| Error::Missing("unit-merged"));
    let own = units.find(&officer.unit).ok_or_else(merged)?;
    let place = if unit.is_empty() { own } else { units.find(unit).ok_or(missing.clone())? };
    if units.within(place, own) { Ok(place) } else { Err(missing) }
}

/// A fault of a rule's file, as it is said.
#[must_use]
pub fn of_rules(fault: &::programme::attention::Fault) -> Error {
    let arguments = vec![
        ("file", fault.file.clone()),
        ("line", fault.line.to_string()),
        ("column", fault.column.to_string()),
        ("detail", fault.cause.clone()),
    ];
    Error::Input { code: "rule-malformed", arguments }
}

/// How many units are ranked with one, with itself.
fn neighbours(units: &Units, place: usize) -> usize {
    let level = units.at(place).level;
    let beside = units.children(units.parent(place)).iter().filter(|other| units.at(**other).level == level).count();
    if place == NATION { 1 } else { beside }
}

/// The units above one, from the officer's own down to the one above it.
fn above(units: &Units, officer: &Officer, place: usize) -> Vec<(String, String)> {
    let own = units.find(&officer.unit).unwrap_or(NATION);
    let (mut all, mut at) = (Vec::new(), place);
    while at != own && at != NATION {
        at = units.parent(at);
        all.push((units.at(at).code.clone(), units.at(at).name.clone()));
    }
    all.reverse();
    all
}
