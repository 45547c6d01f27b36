//! Moments in certificates: UTC to the second.
//!
//! Standard: RFC 5280, 4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050.

use lds::tlv::{self, Tlv};
use lds::{Date, Error};

const UTC_TIME: u32 = 0x17;
const GENERALIZED_TIME: u32 = 0x18;

/// A date and the second of the day, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// The day, completely known.
    pub date: Date,
    /// 0 to 86,399.
    pub second: u32,
}

impl Time {
    /// The first second of a day.
    pub fn start_of(date: Date) -> Time {
        Time { date, second: 0 }
    }

    /// The last second of a day.
    pub fn end_of(date: Date) -> Time {
        Time { date, second: 86_399 }
    }

    /// The time that a count of seconds since 1970-01-01 00:00:00 UTC means, within the years 1970 to 9999.
    pub fn from_unix(seconds: u64) -> Option<Time> {
        let mut days = seconds / 86_400;
        // Whole 400-year spans have 146,097 days; within one, count years and months as the calendar has them.
        let mut year = 1970 + 400 * (days / 146_097);
        days %= 146_097;
        let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        while days >= 365 + u64::from(leap(year)) {
            days -= 365 + u64::from(leap(year));
            year += 1;
        }
        let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut month = 1;
        for length in lengths {
            if days < length {
                break;
            }
            days -= length;
            month += 1;
        }
        let date = Date::new(u16::try_from(year).ok()?, month, u8::try_from(days + 1).ok()?)?;
        Some(Time { date, second: u32::try_from(seconds % 86_400).ok()? })
    }

    fn digits(self) -> String {
        let Time { date, second } = self;
        let (hour, minute) = (second / 3600, second / 60 % 60);
        format!("{:04}{:02}{:02}{hour:02}{minute:02}{:02}Z", date.year, date.month, date.day, second % 60)
    }

    /// As certificates write it.
    pub(crate) fn encode(self) -> Vec<u8> {
        let digits = self.digits();
        if (1950..2050).contains(&self.date.year) {
            tlv::encode(UTC_TIME, digits.as_bytes().get(2..).unwrap_or_default())
        } else {
            tlv::encode(GENERALIZED_TIME, digits.as_bytes())
        }
    }

    /// Always as GeneralizedTime, as PrivateKeyUsagePeriod asks.
    pub(crate) fn generalized(self) -> Vec<u8> {
        self.digits().into_bytes()
    }

    pub(crate) fn parse(tlv: Tlv<'_>) -> Result<Time, Error> {
        let text = tlv.value.strip_suffix(b"Z").unwrap_or_default();
        let digits = match tlv.tag {
            UTC_TIME if text.len() == 12 => {
                let century: &[u8] = if text.first() >= Some(&b'5') { b"19" } else { b"20" };
                [century, text].concat()
            }
            GENERALIZED_TIME if text.len() == 14 => text.to_vec(),
            _ => return Err(Error::Value { what: "time" }),
        };
        Time::from_digits(&digits).ok_or(Error::Value { what: "time" })
    }

    fn from_digits(digits: &[u8]) -> Option<Time> {
        let number = |from: usize, to: usize| {
            digits
                .get(from..to)?
                .iter()
                .try_fold(0u16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0')))
        };
        let small = |from: usize| number(from, from + 2).map(|number| number as u8);
        let date = Date::new(number(0, 4)?, small(4)?, small(6)?).filter(|date| date.is_full())?;
        let (hour, minute, second) = (u32::from(small(8)?), u32::from(small(10)?), u32::from(small(12)?));
        (hour < 24 && minute < 60 && second < 60).then_some(Time { date, second: hour * 3600 + minute * 60 + second })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_known_moments() {
        for (seconds, text) in [
            (0, "19700101000000Z"),
            (951_782_400, "20000229000000Z"),
            (1_606_780_799, "20201130235959Z"),
            (4_102_444_800, "21000101000000Z"),
            (13_574_563_200, "24000229000000Z"),
        ] {
            let time = Time::from_unix(seconds).unwrap();
            assert_eq!(time.digits(), text);
            let bytes = time.encode();
            assert_eq!(Time::parse(tlv::Reader::new(&bytes).next().unwrap().unwrap()), Ok(time));
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in ["201301000000Z", "20011300000Z", "200101000000", "200101240000Z", "2001010000xxZ"] {
            let bytes = tlv::encode(UTC_TIME, text.as_bytes());
            assert!(Time::parse(tlv::Reader::new(&bytes).next().unwrap().unwrap()).is_err(), "{text}");
        }
    }
}
