//! The file of a series: `day,count`.

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

/// Why a file is no series.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}, column {column}: {cause}")]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// The column's heading.
    pub column: &'static str,
    /// What is wrong.
    pub cause: &'static str,
}

/// Reads a series. Without being told, counts that (nearly) never fall, and end above where they began, are totals; others are
/// what came on each day.
pub fn read(bytes: &[u8], reading: Option<Reading>) -> Result<Series, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let unreadable = |error: &csv::Error| Fault {
        line: error.position().map_or(1, csv::Position::line),
        column: "day",
        cause: "it cannot be read",
    };
    let headings = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let column = |name: &'static str| {
        let found = headings.iter().position(|heading| heading.eq_ignore_ascii_case(name));
        found.ok_or(Fault { line: 1, column: name, cause: "the column is missing" })
    };
    let (day_at, count_at) = (column("day")?, column("count")?);
    let mut counts: BTreeMap<Day, i64> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let fault = |column, cause| Fault { line: record.position().map_or(0, csv::Position::line), column, cause };
        if record.iter().skip(headings.len()).any(|cell| !cell.is_empty()) {
            return Err(fault("count", "the row has more cells than the heading: a number has no separators"));
        }
        let day = Day::parse(record.get(day_at).unwrap_or_default());
        let day = day.ok_or(fault("day", "it is not a day such as 2021-02-28"))?;
        let count: i64 = record
            .get(count_at)
            .and_then(|cell| cell.parse().ok())
            .filter(|count: &i64| count.unsigned_abs() < 1 << 53)
            .ok_or(fault("count", "it is not a whole number"))?;
        if counts.insert(day, count).is_some() {
            return Err(fault("day", "it stands twice"));
        }
        if counts.len() > ROWS_MAX {
            return Err(fault("day", "there are too many rows"));
        }
    }
    let (Some(first), Some(last)) = (counts.keys().next().copied(), counts.keys().next_back().copied()) else {
        return Err(Fault { line: 1, column: "day", cause: "there is no row" });
    };
    if last.0 - first.0 > DAYS_MAX {
        return Err(Fault { line: 1, column: "day", cause: "the series is longer than ten years" });
    }
    let reading = reading.unwrap_or_else(|| guess(&counts));
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

/// Totals fall at most at one step of ten, where something was taken back.
fn guess(counts: &BTreeMap<Day, i64>) -> Reading {
    let all: Vec<i64> = counts.values().copied().collect();
    let falls = all.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let rises = all.len() > 2 && all.last() > all.first();
    if rises && falls * 10 < all.len() { Reading::Totals } else { Reading::Days }
}
