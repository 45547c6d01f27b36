//! The figures of the charts: where each bar, point and tick lies, as shares of the chart's width and height.
//!
//! Not here: lengths, colours and lines, which are the template's.

use crate::number::{day, percent};
use programme::report::{Hundredths, Row, Series, Stage, Table};
use serde::Serialize;
use text::Language;
use time::Day;

/// Bars on one page at most.
pub(crate) const BARS_MAX: usize = 63;

/// One bar.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Bar {
    name: String,
    label: String,
    share: f64,
    above: bool,
}

/// The units of a table as bars, the best first.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Bars {
    bars: Vec<Bar>,
    /// Where the line of the average stands.
    average: Option<f64>,
}

/// A mark on an axis.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Tick {
    at: f64,
    label: String,
}

/// A course over time.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Course {
    reached: Vec<[f64; 2]>,
    expected: Vec<[f64; 2]>,
    /// The outline of the band.
    band: Vec<[f64; 2]>,
    /// The way from the last day that is known to the target on its deadline; empty where there is none.
    needed: Vec<[f64; 2]>,
    target: Option<f64>,
    deadline: Option<f64>,
    days: Vec<Tick>,
    values: Vec<Tick>,
}

/// A stage of the funnel.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Step {
    name: String,
    label: String,
    /// In percent of the stage before.
    kept: String,
    share: f64,
}

fn of(value: u64, whole: u64) -> f64 {
    value as f64 / whole.max(1) as f64
}

/// The bars of a table, in pages; none where no row has a percentage.
pub(crate) fn bars(language: Language, table: &Table) -> Vec<Bars> {
    let mut rows: Vec<(&Row, Hundredths)> = table.rows.iter().filter_map(|row| Some((row, row.percent?))).collect();
    rows.sort_by(|(a, _), (b, _)| (a.rank.unwrap_or(u64::MAX), &a.unit).cmp(&(b.rank.unwrap_or(u64::MAX), &b.unit)));
    let largest = rows.iter().map(|(_, percent)| percent.0).chain([10_000]).max().unwrap_or(10_000).unsigned_abs();
    let bar = |(row, value): &(&Row, Hundredths)| Bar {
        name: row.name.clone(),
        label: percent(language, *value),
        share: of(value.0.unsigned_abs(), largest),
        above: row.above_average == Some(true),
    };
    let average = table.average().map(|percent| of(percent.0.unsigned_abs(), largest));
    rows.chunks(BARS_MAX).map(|page| Bars { bars: page.iter().map(bar).collect(), average }).collect()
}

/// The funnel.
pub(crate) fn funnel(language: Language, stages: &[Stage]) -> Vec<Step> {
    let widest = stages.iter().map(|stage| stage.count).max().unwrap_or(0);
    let before = std::iter::once(None).chain(stages.iter().map(|stage| Some(stage.count)));
    let step = |(stage, before): (&Stage, Option<u64>)| Step {
        name: stage.name.clone(),
        label: language.count(stage.count),
        kept: before
            .filter(|before| *before > 0)
            .map_or_else(String::new, |before| percent(language, share(stage.count, before))),
        share: of(stage.count, widest),
    };
    stages.iter().zip(before).map(step).collect()
}

/// A count in hundredths of a percent of another, half up, exactly.
pub(crate) fn share(count: u64, whole: u64) -> Hundredths {
    let hundredths = (u128::from(count) * 20_000 + u128::from(whole)) / (2 * u128::from(whole.max(1)));
    Hundredths(i64::try_from(hundredths).unwrap_or(i64::MAX))
}

/// A course with so many days named at most; `None` where nothing has been reached on any day.
pub(crate) fn course(language: Language, series: &Series, named: usize) -> Option<Course> {
    let number = |text: &str| Day::parse(text).map(|day| day.0);
    let first = number(&series.reached.first()?.day)?;
    let days = series.reached.iter().map(|point| &point.day).chain(series.expected.iter().map(|band| &band.day));
    let last = days.chain([&series.deadline]).filter_map(|day| number(day)).max()?.max(first + 1);
    let values = series.reached.iter().map(|point| point.value).chain(series.expected.iter().map(|band| band.high));
    let highest = values.chain(series.target).max()?.max(1);
    let (step, top) = scale(highest);
    let x = |day: i32| f64::from(day - first) / f64::from(last - first);
    let y = |value: u64| of(value, top);
    let place = |day: &str, value: u64| Some([x(number(day)?), y(value)]);
    let reached: Vec<[f64; 2]> = series.reached.iter().filter_map(|point| place(&point.day, point.value)).collect();
    let begin = reached.last().copied()?;
    let deadline = number(&series.deadline).filter(|day| *day >= first).map(x);
    let target = series.target.map(y);
    let needed = target.zip(deadline).filter(|(target, deadline)| *deadline > begin[0] && *target > begin[1]);
    let needed = needed.map_or_else(Vec::new, |(target, deadline)| vec![begin, [deadline, target]]);
    let line = |value: fn(&programme::report::Band) -> u64| {
        series.expected.iter().filter_map(move |band| Some([x(number(&band.day)?), y(value(band))]))
    };
    let expected: Vec<[f64; 2]> = std::iter::once(begin).chain(line(|band| band.middle)).collect();
    let mut lower: Vec<[f64; 2]> = line(|band| band.low).collect();
    lower.reverse();
    let band = std::iter::once(begin).chain(line(|band| band.high)).chain(lower).collect();
    Some(Course {
        expected: if series.expected.is_empty() { Vec::new() } else { expected },
        band: if series.expected.is_empty() { Vec::new() } else { band },
        needed,
        target,
        deadline,
        days: months(first, last, named).into_iter().map(|on| Tick { at: x(on), label: label(on) }).collect(),
        values: (0..=top / step).map(|at| Tick { at: y(at * step), label: language.count(at * step) }).collect(),
        reached,
    })
}

/// The step of an axis (1, 2 or 5 with zeros) and where it ends: four to ten steps.
fn scale(highest: u64) -> (u64, u64) {
    let mut unit = 1u64;
    loop {
        for step in [unit, 2 * unit, 5 * unit] {
            let steps = highest.div_ceil(step);
            if steps <= 6 {
                return (step, step * steps.max(1));
            }
        }
        unit *= 10;
    }
}

/// First days of months between two days, so many at most; the two days themselves where no month begins between them.
fn months(first: i32, last: i32, most: usize) -> Vec<i32> {
    let begins: Vec<i32> = (first..=last).filter(|day| Day(*day).date().2 == 1).collect();
    if begins.len() < 2 {
        return vec![first, last];
    }
    let every = begins.len().div_ceil(most.max(1));
    begins.into_iter().step_by(every).collect()
}

fn label(on: i32) -> String {
    day(&Day(on).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use programme::report::{Band, Point};

    #[test]
    fn an_axis_has_round_steps() {
        assert_eq!(scale(50_000_000), (10_000_000, 50_000_000));
        assert_eq!(scale(98_713_820), (20_000_000, 100_000_000));
        assert_eq!(scale(1), (1, 1));
        assert_eq!(scale(7), (2, 8));
        assert!(scale((1 << 53) - 1).1 >= (1 << 53) - 1);
    }

    #[test]
    fn shares_are_exact() {
        assert_eq!(share(85_157_192, 98_713_820), Hundredths(8627));
        assert_eq!(share(33_900_000, 50_000_000), Hundredths(6780));
        assert_eq!(share(1, 0), Hundredths(10_000));
    }

    #[test]
    fn a_course_lies_within_its_frame() {
        let point = |day: &str, value| Point { day: day.into(), value };
        let series = Series {
            title: "x".into(),
            target: Some(50),
            deadline: "2021-07-01".into(),
            reached: vec![point("2021-01-31", 0), point("2021-03-01", 20)],
            expected: vec![Band { day: "2021-07-02".into(), low: 40, middle: 45, high: 55 }],
        };
        let course = course(Language::Vi, &series, 8).unwrap();
        assert_eq!(course.reached[0], [0.0, 0.0]);
        assert_eq!(course.expected.last(), Some(&[1.0, 0.75]));
        assert_eq!(course.values.last().map(|tick| tick.label.as_str()), Some("60"));
        assert_eq!(course.days[0].label, "01/02/2021");
        assert_eq!(course.band.len(), 3);
        assert_eq!(
            course.needed,
            [*course.reached.last().unwrap(), [course.deadline.unwrap(), course.target.unwrap()]]
        );
        let late = Series { deadline: "2021-03-01".into(), ..series.clone() };
        assert!(
            super::course(Language::Vi, &late, 8).unwrap().needed.is_empty(),
            "no pace reaches a deadline that has passed"
        );
        let all = course.reached.iter().chain(&course.expected).chain(&course.needed).chain(&course.band).flatten();
        assert!(all.clone().all(|at| (0.0..=1.0).contains(at)));
        let empty = Series { reached: vec![], ..series };
        assert!(super::course(Language::Vi, &empty, 8).is_none());
    }

    #[test]
    fn a_funnel_says_what_each_stage_keeps() {
        let stage = |name: &str, count| Stage { name: name.into(), count };
        let steps = funnel(Language::Vi, &[stage("a", 200), stage("b", 0), stage("c", 5)]);
        assert_eq!(steps.iter().map(|step| step.kept.as_str()).collect::<Vec<_>>(), ["", "0\u{a0}%", ""]);
        assert_eq!(steps[0].share, 1.0);
    }
}
