//! What a report shows of one unit beside its figures: the main measures over time against the pace that is needed, the way to
//! the card, what nobody has answered and what was promised.
//!
//! Start reading at [`series`].

use super::report::Words;
use super::{AsOf, Board, Line, Measure, Sources};
use ::programme::Days;
use ::programme::board::all_days;
use ::programme::report::{Band, Difficulty, Point, Promise, Series, Stage, UnitPage};
use time::Day;

/// The measures that are drawn over time, where there is anything of them.
const MAIN: [&str; 2] = ["entered", "applications"];
/// Days that a curve goes back.
const BACK: usize = 84;
/// Days between two points.
const STEP: usize = 7;
/// Days that a curve goes on where nothing else ends it.
const AHEAD: i32 = 180;
/// Entries of a list on a page; the others are counted.
const LISTED: usize = 4;

/// What came on each day, in every unit, for the measures that are drawn over time.
pub(super) struct Daily(Vec<(&'static str, Vec<Days>)>);

impl Daily {
    pub(super) fn new(sources: &Sources<'_>, as_of: AsOf) -> Daily {
        let place = |name: &'static str| Some((name, all_days(sources, Measure::position(name)?, as_of, BACK + 1)));
        Daily(MAIN.into_iter().filter_map(place).collect())
    }
}

/// The curves of one unit.
pub(super) fn series(sources: &Sources<'_>, board: &Board, daily: &Daily, unit: &str, words: Words<'_>) -> Vec<Series> {
    let Some(place) = sources.units.find(unit) else { return Vec::new() };
    let curve = |(name, days): &(&'static str, Vec<Days>)| {
        let line = board.lines.iter().find(|line| line.unit == unit && line.measure == *name)?;
        curve(line, &days[place], words)
    };
    daily.0.iter().filter_map(curve).collect()
}

/// One curve; none where fewer than two points are known.
fn curve(line: &Line, days: &Days, words: Words<'_>) -> Option<Series> {
    let everybody = Measure::find(line.measure).is_some_and(|one| one.everybody);
    let goal = line.target.or(line.population.filter(|_| everybody));
    let known = days.known.min(BACK).min(days.counts.len());
    let mut reached: Vec<Point> = (0..=known)
        .step_by(STEP)
        .map(|back| {
            let since: i64 = days.counts.iter().rev().take(back).sum();
            let value = i64::try_from(line.value).unwrap_or(i64::MAX).saturating_sub(days.after).saturating_sub(since);
            Point { day: Day(days.last.0 - back as i32).to_string(), value: value.max(0).unsigned_abs() }
        })
        .collect();
    reached.reverse();
    (reached.len() > 1 && line.value > 0).then(|| Series {
        title: words("measure", line.measure),
        target: goal,
        deadline: line.deadline.map_or_else(String::new, |day| day.to_string()),
        reached,
        expected: goal.map_or_else(Vec::new, |goal| expected(line, days.last, goal)),
    })
}

/// How it is expected to go on: each end of the forecast's band as a straight way to its day.
fn expected(line: &Line, last: Day, goal: u64) -> Vec<Band> {
    let Some(date) = line.forecast_date.filter(|date| *date > last && goal > line.value) else { return Vec::new() };
    let missing = goal - line.value;
    let early = line.forecast_low.unwrap_or(date).min(date);
    let late = line.forecast_high.map(|late| late.max(date));
    let on = |day: i32, end: Option<Day>| {
        // Without a late end it may stay where it is.
        let Some(end) = end else { return line.value };
        let (gone, all) =
            (u128::from((day - last.0).unsigned_abs()), u128::from((end.0 - last.0).max(1).unsigned_abs()));
        line.value + u64::try_from(u128::from(missing) * gone.min(all) / all).unwrap_or(missing)
    };
    let end = line.deadline.map_or(date.0, |deadline| deadline.0.max(date.0)).clamp(last.0 + 1, last.0 + AHEAD);
    // A dozen points, and the last day.
    let step = ((end - last.0) / 12).max(1) as usize;
    let mut ahead: Vec<i32> = (last.0 + 1..end).step_by(step).collect();
    ahead.push(end);
    ahead
        .into_iter()
        .map(|day| Band {
            day: Day(day).to_string(),
            low: on(day, late),
            middle: on(day, Some(date)),
            high: on(day, Some(early)),
        })
        .collect()
}

/// The way to the card.
pub(super) fn funnel(sources: &Sources<'_>, unit: &str, as_of: AsOf, words: Words<'_>) -> Vec<Stage> {
    let funnel = ::programme::funnel::funnel(sources, unit, as_of);
    let steps = funnel.into_iter().flat_map(|funnel| funnel.steps);
    steps.map(|step| Stage { name: words("measure", step.measure), count: step.value }).collect()
}

/// What is followed up, each with the code of its unit and whether it still waits.
pub(super) struct Followed<T> {
    pub(super) unit: String,
    pub(super) waits: bool,
    pub(super) said: T,
}

/// The pages of some units.
pub(super) fn pages(
    sources: &Sources<'_>,
    board: &Board,
    as_of: AsOf,
    units: &[(String, String)],
    difficulties: &[Followed<Difficulty>],
    promises: &[Followed<Promise>],
    words: Words<'_>,
) -> Vec<UnitPage> {
    let daily = Daily::new(sources, as_of);
    let page = |(unit, name): &(String, String)| {
        let (open, difficulties) = waiting(sources, unit, difficulties, |one| &one.due);
        let (promised, promises) = waiting(sources, unit, promises, |one| &one.due);
        UnitPage {
            unit: unit.clone(),
            name: name.clone(),
            series: series(sources, board, &daily, unit, words),
            funnel: funnel(sources, unit, as_of, words),
            open,
            difficulties,
            promised,
            promises,
        }
    };
    units.iter().map(page).collect()
}

/// How many of a unit and those below it wait, and those that are due first.
fn waiting<T: Clone>(
    sources: &Sources<'_>,
    unit: &str,
    all: &[Followed<T>],
    due: impl Fn(&T) -> &str,
) -> (u64, Vec<T>) {
    let Some(place) = sources.units.find(unit) else { return (0, Vec::new()) };
    let within = |one: &&Followed<T>| {
        one.waits && sources.units.resolve(&one.unit).is_some_and(|at| sources.units.within(at, place))
    };
    let mut own: Vec<&T> = all.iter().filter(within).map(|one| &one.said).collect();
    // What has no day comes last.
    own.sort_by_key(|one| (due(one).is_empty(), due(one).to_owned()));
    (own.len() as u64, own.into_iter().take(LISTED).cloned().collect())
}
