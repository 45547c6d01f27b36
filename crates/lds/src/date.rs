//! A calendar date of which month or day may be unknown.
//!
//! Standard: Doc 9303-3, 4.8 (dates, and how unknown parts are written).

use core::fmt;

/// Year, month and day. A month or day of zero is unknown; a known day has a known month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Four-digit year.
    pub year: u16,
    /// 1 to 12, or 0.
    pub month: u8,
    /// 1 to 31, or 0.
    pub day: u8,
}

impl Date {
    /// A date that exists in the calendar, or one whose day, or month and day, are unknown.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let days = match month {
            0 => 0,
            2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (year <= 9999 && day <= days).then_some(Date { year, month, day })
    }

    /// Whether month and day are known.
    pub fn is_full(self) -> bool {
        self.day != 0
    }
}

/// dd/mm/yyyy, or what is known of it: mm/yyyy, yyyy.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Date { year, month: 0, .. } => write!(f, "{year:04}"),
            Date { year, month, day: 0 } => write!(f, "{month:02}/{year:04}"),
            Date { year, month, day } => write!(f, "{day:02}/{month:02}/{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn knows_the_calendar() {
        for (y, m, d, text) in [
            (1999, 1, 31, Some("31/01/1999")),
            (2000, 2, 29, Some("29/02/2000")),
            (1900, 2, 29, None),
            (1999, 13, 1, None),
            (1999, 0, 1, None),
            (1999, 4, 31, None),
            (1954, 0, 0, Some("1954")),
            (1954, 3, 0, Some("03/1954")),
        ] {
            assert_eq!(Date::new(y, m, d).map(|date| date.to_string()).as_deref(), text);
        }
    }
}
