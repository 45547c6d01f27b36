//! Points in time (UTC microseconds) and the days of Việt Nam (UTC+7) they fall on.

use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_US: i64 = 86_400_000_000;
const OFFSET_US: i64 = 7 * 3_600_000_000;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
pub struct Instant(pub i64);

/// A day in Việt Nam time (UTC+7), counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Instant {
    /// The day in Việt Nam on which this instant falls.
    #[must_use]
    pub fn day(self) -> Day {
        Day((self.0 + OFFSET_US).div_euclid(DAY_US) as i32)
    }

    /// Reads `YYYY-MM-DD` (the end of that day in Việt Nam), or `YYYY-MM-DDTHH:MM:SS` with `Z` or `+07:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Instant> {
        let (date, rest) = text.split_at_checked(10)?;
        let day = Day::parse(date)?;
        if rest.is_empty() {
            return Some(Instant((i64::from(day.0) + 1) * DAY_US - OFFSET_US - 1));
        }
        let (clock, offset_us) = match rest.strip_prefix(['T', ' '])? {
            clock if clock.ends_with('Z') => (clock.strip_suffix('Z')?, 0),
            clock => (clock.strip_suffix("+07:00").unwrap_or(clock), OFFSET_US),
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
        let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
        if parts.next().is_some()
            || !(0..24).contains(&hours)
            || !(0..60).contains(&minutes)
            || !(0..61).contains(&seconds)
        {
            return None;
        }
        let mut micros = 0;
        for place in 0..6 {
            let digit = fraction.as_bytes().get(place).map_or(Some(0), |c| (*c as char).to_digit(10))?;
            micros = micros * 10 + i64::from(digit);
        }
        let within = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
        Some(Instant(i64::from(day.0) * DAY_US + within - offset_us))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.0.div_euclid(DAY_US);
        let within = self.0.rem_euclid(DAY_US);
        let seconds = within / 1_000_000;
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(f, "{}T{hours:02}:{minutes:02}:{:02}.{:06}Z", Day(day as i32), seconds % 60, within % 1_000_000)
    }
}

impl Day {
    /// The day of a calendar date; `None` for a date that does not exist.
    #[must_use]
    pub fn from_date(year: i32, month: u8, day: u8) -> Option<Day> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Days from civil, with March as the first month, so that the leap day is the last.
        let (y, m) = if month > 2 { (year, i32::from(month) - 3) } else { (year - 1, i32::from(month) + 9) };
        let era = y.div_euclid(400);
        let of_era = y.rem_euclid(400);
        let of_year = (153 * m + 2) / 5 + i32::from(day) - 1;
        Some(Day(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468))
    }

    /// Year, month and day.
    #[must_use]
    pub fn date(self) -> (i32, u8, u8) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let m = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * m + 2) / 5 + 1) as u8;
        let month = if m < 10 { m + 3 } else { m - 9 };
        (era * 400 + year_of_era + i32::from(month <= 2), month as u8, day)
    }

    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        Day::from_date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The first instant of this day in Việt Nam.
    #[must_use]
    pub fn start(self) -> Instant {
        Instant(i64::from(self.0) * DAY_US - OFFSET_US)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// How many days a month has.
pub(crate) fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days() {
        for (text, number) in
            [("1970-01-01", 0), ("2000-03-01", 11_017), ("2020-02-29", 18_321), ("1899-12-31", -25_568)]
        {
            assert_eq!(Day::parse(text), Some(Day(number)));
            assert_eq!(Day(number).to_string(), text);
        }
        for text in ["2021-02-29", "2020-13-01", "2020-00-10", "20-01-01", "", "2020-1-1"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_ends_at_midnight_in_viet_nam() {
        let late = Instant::parse("2021-06-30T16:59:59Z").unwrap();
        assert_eq!(late.day().to_string(), "2021-06-30");
        assert_eq!(Instant(late.0 + 1_000_000).day().to_string(), "2021-07-01");
        assert_eq!(Instant::parse("2021-06-30").unwrap().0, Day::parse("2021-07-01").unwrap().start().0 - 1);
        assert_eq!(Instant::parse("2021-07-01T00:00:00+07:00").unwrap().to_string(), "2021-06-30T17:00:00.000000Z");
    }

    proptest! {
        #[test]
        fn days_round_trip(number in -200_000..200_000i32) {
            let (year, month, day) = Day(number).date();
            prop_assert_eq!(Day::from_date(year, month, day), Some(Day(number)));
        }

        #[test]
        fn instants_round_trip(us in 0..4_000_000_000_000_000i64) {
            prop_assert_eq!(Instant::parse(&Instant(us).to_string()), Some(Instant(us)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _ = Instant::parse(&text);
        }
    }
}
