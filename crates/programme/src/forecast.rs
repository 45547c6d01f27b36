//! When a target will be reached: a date with a band of 80 %, and the probability of making the deadline.
//!
//! From day counts alone. Days go on as the last four weeks did, each weekday as it was. The band has three parts: days scatter;
//! the mean of so few days is itself uncertain; and the pace drifts from week to week, as much as it did in the last eight.
//! A closed form: the same counts give the same answer, and ten thousand units take milliseconds. The test plays it against
//! simulated programmes and holds the band to its share.
//! Not here: holidays, capacity, plans; a better engine may come, behind the same answer.
//! Start reading at [`forecast`].

mod model;
mod series;
#[cfg(test)]
mod tests;

pub use crate::file::Fault;
pub use series::{Reading, Series, read};

use model::Model;
use serde::Serialize;
use time::Day;

/// Days that a forecast looks back on.
pub const WINDOW: usize = 56;
/// Days that it looks ahead: what lies further is out of sight.
const AHEAD: i32 = 3_650;

/// What is known of the day when a target is reached.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Forecast {
    /// The day when it is as likely as not to have been reached.
    #[serde(serialize_with = "crate::show::day")]
    pub date: Option<Day>,
    /// In one of ten such programmes it is reached before this day.
    #[serde(serialize_with = "crate::show::day")]
    pub low: Option<Day>,
    /// In one of ten it is reached after this day, or not at all where there is none.
    #[serde(serialize_with = "crate::show::day")]
    pub high: Option<Day>,
    /// How likely it is by the deadline, four decimals; none without a deadline, without anything to go by, or where it is
    /// reached and the deadline has passed.
    pub probability: Option<f64>,
    /// What kind of answer this is.
    pub outlook: Outlook,
}

/// What a forecast rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outlook {
    /// It was reached already: the day asked for.
    Reached,
    /// It is under way.
    UnderWay,
    /// At this pace it takes more than ten years.
    OutOfSight,
    /// Nothing came in the last four weeks.
    Standing,
    /// More was taken back than came in the last four weeks.
    Falling,
    /// Fewer than three days are known.
    NoData,
}

impl Outlook {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Outlook::Reached => "outlook-reached",
            Outlook::UnderWay => "outlook-under-way",
            Outlook::OutOfSight => "outlook-out-of-sight",
            Outlook::Standing => "outlook-standing",
            Outlook::Falling => "outlook-falling",
            Outlook::NoData => "outlook-no-data",
        }
    }
}

/// The 0.9 quantile of the normal distribution: a band from 10 % to 90 %.
const BAND: f64 = 1.2816;

/// When `missing` more will have come. `daily` are the counts of the days that end with `today`, of which the last `known` are
/// known; what lies before the programme's first count is no part of it.
#[must_use]
pub fn forecast(today: Day, daily: &[i64], known: usize, missing: i64, deadline: Option<Day>) -> Forecast {
    let without =
        |outlook, probability: Option<f64>| Forecast { date: None, low: None, high: None, probability, outlook };
    let past = deadline.is_some_and(|deadline| deadline <= today);
    if missing <= 0 {
        // Reached after the deadline says nothing of having made it.
        let late = deadline.is_some_and(|deadline| deadline < today);
        let (date, probability) = (Some(today), deadline.filter(|_| !late).map(|_| 1.0));
        return Forecast { date, low: date, high: date, probability, outlook: Outlook::Reached };
    }
    let days = &daily[daily.len() - known.min(daily.len()).min(WINDOW)..];
    let days = &days[days.iter().position(|count| *count != 0).unwrap_or(days.len())..];
    if days.is_empty() && known >= 3 {
        return without(Outlook::Standing, deadline.map(|_| 0.0));
    }
    if days.len() < 3 {
        return without(Outlook::NoData, deadline.filter(|_| past).map(|_| 0.0));
    }
    let model = Model::new(today, days);
    let probability =
        deadline.map(|deadline| if past { 0.0 } else { model.probability(deadline.0 - today.0, missing) });
    match model.week() {
        week if week < 0.0 => return without(Outlook::Falling, probability.map(|_| 0.0)),
        week if week <= 0.0 => return without(Outlook::Standing, probability.map(|_| 0.0)),
        _ => {}
    }
    let at = |quantile: f64| model.reaches(missing, quantile).map(|ahead| Day(today.0 + ahead));
    let (low, date, high) = (at(BAND), at(0.0), at(-BAND));
    let outlook = if date.is_some() { Outlook::UnderWay } else { Outlook::OutOfSight };
    Forecast { date, low, high, probability, outlook }
}
