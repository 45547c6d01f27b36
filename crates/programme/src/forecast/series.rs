//! The file of a series: `day,count`.

use crate::file::{Fault, File};
use serde::Serialize;
use std::collections::BTreeMap;
use time::Day;

/// Rows read.
const ROWS_MAX: usize = 100_000;
/// The longest series, in days: ten years.
const DAYS_MAX: i32 = 3_653;

/// What the counts of a series are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// What came on each day; a day that is not there had nothing.
    Days,
    /// How much there was in all at the end of each day; between two days it came evenly.
    Totals,
}

/// A series of days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    /// How its counts were read.
    pub reading: Reading,
    /// The last day.
    pub last: Day,
    /// What came on each day, up to the last one.
    pub daily: Vec<i64>,
    /// How many of the days are known: one less than the days of totals.
    pub known: usize,
    /// How much there is in all.
    pub value: i64,
}

/// Reads a series on its way to a target. Without being told, counts that (nearly) never fall, and end above where they began, are
/// totals, unless they are days that grow: then each is much more than it grows by, and together they are not past the target.
/// Others are what came on each day.
pub fn read(bytes: &[u8], reading: Option<Reading>, target: u64) -> Result<Series, Fault> {
    let mut file = File::open(bytes, ["day", "count"])?;
    let mut counts: BTreeMap<Day, i64> = BTreeMap::new();
    while let Some(row) = file.row() {
        let row = row?;
        let [day, count] = row.cells();
        let day = Day::parse(day).ok_or(row.fault("day", "it is not a day such as 2021-02-28"))?;
        let count = count.parse().ok().filter(|count: &i64| count.unsigned_abs() < 1 << 53);
        let count = count.ok_or(row.fault("count", "it is not a whole number"))?;
        if counts.insert(day, count).is_some() {
            return Err(row.fault("day", "it stands twice"));
        }
        if counts.len() > ROWS_MAX {
            return Err(row.fault("day", "there are too many rows"));
        }
    }
    let (Some(first), Some(last)) = (counts.keys().next().copied(), counts.keys().next_back().copied()) else {
        return Err(Fault { line: 1, column: "day", cause: "there is no row" });
    };
    if last.0 - first.0 > DAYS_MAX {
        return Err(Fault { line: 1, column: "day", cause: "the series is longer than ten years" });
    }
    let reading = reading.unwrap_or_else(|| guess(&counts, target));
    let days = (last.0 - first.0) as usize + 1;
    Ok(match reading {
        Reading::Days => {
            let daily: Vec<i64> = (first.0..=last.0).map(|day| counts.get(&Day(day)).copied().unwrap_or(0)).collect();
            Series {
                reading,
                last,
                value: daily.iter().fold(0, |sum: i64, count| sum.saturating_add(*count)),
                known: days,
                daily,
            }
        }
        Reading::Totals => {
            let mut daily = vec![0; days];
            let all: Vec<(Day, i64)> = counts.into_iter().collect();
            for pair in all.windows(2) {
                let (width, more) = (i64::from(pair[1].0.0 - pair[0].0.0), pair[1].1 - pair[0].1);
                let share = |step: i64| (i128::from(more) * i128::from(step)).div_euclid(i128::from(width)) as i64;
                for step in 1..=width {
                    let at = (pair[0].0.0 - first.0) as usize + step as usize;
                    daily[at] = share(step) - share(step - 1);
                }
            }
            Series { reading, last, daily, known: days - 1, value: all.last().map_or(0, |last| last.1) }
        }
    })
}

/// Days of growth that totals have at their first day at most, where nothing else tells them from days that grow.
const BEGUN: i64 = 14;

/// Totals fall at most at one step of ten, where something was taken back. So do days that grow: of those, each is many times as much
/// as it grows by. What would have passed the target many days ago, were it days, is totals.
fn guess(counts: &BTreeMap<Day, i64>, target: u64) -> Reading {
    let all: Vec<i64> = counts.values().copied().collect();
    let falls = all.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let (Some(first), Some(last), true) = (all.first(), all.last(), all.len() > 2) else { return Reading::Days };
    if last <= first || falls * 10 >= all.len() {
        return Reading::Days;
    }
    let sum: i128 = all.iter().map(|count| i128::from(*count)).sum();
    let growth = i128::from(last - first) / (all.len() as i128 - 1);
    let small = i128::from(*first) <= growth.max(1) * i128::from(BEGUN);
    if sum > i128::from(target) || small { Reading::Totals } else { Reading::Days }
}
