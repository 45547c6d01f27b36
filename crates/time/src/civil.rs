//! Dates as papers give them: a year, perhaps a month, perhaps a day.

use crate::instant::days_in_month;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A date whose month and day may be unknown. A day is never known without its month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CivilDate {
    year: i16,
    month: u8,
    day: u8,
}

/// What a typed date says, with the doubt that remains.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The most likely date.
    pub date: CivilDate,
    /// The same digits with day and month exchanged, where that is a date too and the order is a habit, not a rule.
    pub swapped: Option<CivilDate>,
}

impl CivilDate {
    /// A date of the precision given; `None` if it does not exist or lies outside 1800–2200.
    #[must_use]
    pub fn new(year: i32, month: Option<u8>, day: Option<u8>) -> Option<CivilDate> {
        let (m, d) = (month.unwrap_or(0), day.unwrap_or(0));
        let exists = (1800..=2200).contains(&year)
            && match (month, day) {
                (None, None) => true,
                (Some(m), None) => (1..=12).contains(&m),
                (Some(m), Some(d)) => (1..=12).contains(&m) && d >= 1 && d <= days_in_month(year, m),
                (None, Some(_)) => false,
            };
        exists.then_some(CivilDate { year: year as i16, month: m, day: d })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month, 1–12, where known.
    #[must_use]
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month, where known.
    #[must_use]
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// Reads a date as people type it: `13/11/1978`, `1978-11-13`, `13.09.57`, `11/1978`, `1978`, `19781113`,
    /// `ngày 5 tháng 2 năm 1990`. Day before month is the rule in Việt Nam; a four-digit group in front is a year.
    #[must_use]
    pub fn read(text: &str) -> Option<Reading> {
        if text.len() > 64 {
            return None;
        }
        // What stands behind the third group, such as a time of day, says nothing of the date.
        let mut found = [""; 3];
        let mut count = 0;
        for group in text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).take(3) {
            found[count] = group;
            count += 1;
        }
        let number = |group: &str| group.parse::<i32>().ok();
        let exact = |date: CivilDate| Reading { date, swapped: None };
        match found[..count] {
            [one] if one.len() == 4 => CivilDate::new(number(one)?, None, None).map(exact),
            [one] if one.len() == 8 => {
                let (y, m, d) = (number(&one[..4])?, number(&one[4..6])?, number(&one[6..])?);
                let (d2, m2, y2) = (number(&one[..2])?, number(&one[2..4])?, number(&one[4..])?);
                day_first(d2, m2, y2).or_else(|| CivilDate::new(y, Some(m as u8), Some(d as u8)).map(exact))
            }
            [a, b] if a.len() == 4 => month_of(number(a)?, number(b)?).map(exact),
            [a, b] if b.len() == 4 => month_of(number(b)?, number(a)?).map(exact),
            [y, m, d] if y.len() == 4 => match (number(m)?, number(d)?) {
                (0, 0) => CivilDate::new(number(y)?, None, None).map(exact),
                (m, 0) => month_of(number(y)?, m).map(exact),
                (m, d) => day_first(d, m, number(y)?).map(|reading| Reading { swapped: None, ..reading }),
            },
            [d, m, y] if y.len() == 4 || y.len() == 2 => {
                let mut year = number(y)?;
                if y.len() == 2 {
                    year += if year <= 25 { 2000 } else { 1900 };
                }
                match (number(d)?, number(m)?) {
                    (0, 0) => CivilDate::new(year, None, None).map(exact),
                    (0, m) => month_of(year, m).map(exact),
                    (d, m) => day_first(d, m, year),
                }
            }
            _ => None,
        }
    }
}

fn month_of(year: i32, month: i32) -> Option<CivilDate> {
    CivilDate::new(year, Some(u8::try_from(month).ok()?), None)
}

/// Day, month, year; when only the exchanged order exists, that is the date.
fn day_first(day: i32, month: i32, year: i32) -> Option<Reading> {
    let (day, month) = (u8::try_from(day).ok()?, u8::try_from(month).ok()?);
    let swapped = if day == month { None } else { CivilDate::new(year, Some(day), Some(month)) };
    match CivilDate::new(year, Some(month), Some(day)) {
        Some(date) => Some(Reading { date, swapped }),
        None => swapped.map(|date| Reading { date, swapped: None }),
    }
}

/// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl Serialize for CivilDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<CivilDate, D::Error> {
        let text = String::deserialize(deserializer)?;
        CivilDate::read(&text).map(|reading| reading.date).ok_or_else(|| serde::de::Error::custom("not a date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(typed: &str, date: &str, swapped: Option<&str>) {
        let reading = CivilDate::read(typed).unwrap_or_else(|| panic!("{typed} was not read"));
        assert_eq!(reading.date.to_string(), date, "{typed}");
        assert_eq!(reading.swapped.map(|d| d.to_string()).as_deref(), swapped, "{typed}");
    }

    #[test]
    fn dates_as_people_type_them() {
        check("13/11/1978", "1978-11-13", None);
        check("05/11/1949", "1949-11-05", Some("1949-05-11"));
        check("13.09.1957", "1957-09-13", None);
        check("1997-10-07", "1997-10-07", None);
        check("11/25/1990", "1990-11-25", None);
        check("1951", "1951", None);
        check("00/00/1951", "1951", None);
        check("07/1960", "1960-07", None);
        check("19781113", "1978-11-13", None);
        check("13111978", "1978-11-13", None);
        check("1/2/85", "1985-02-01", Some("1985-01-02"));
        check("ngày 5 tháng 2 năm 1990", "1990-02-05", Some("1990-05-02"));
        check("1985-03-09 00:00:00", "1985-03-09", None);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "không rõ", "31/02/2000x99", "99/99/9999", "12345", "0/0/0", "32/13/1990"] {
            assert_eq!(CivilDate::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn printed_dates_are_read_back(year in 1800..2200i32, month in 1..=12u8, day in 1..=28u8, precision in 0..3) {
            let date = CivilDate::new(year, (precision > 0).then_some(month), (precision > 1).then_some(day)).unwrap();
            prop_assert_eq!(CivilDate::read(&date.to_string()).unwrap().date, date);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}") {
            let _ = CivilDate::read(&text);
        }
    }
}
