//! Personal numbers: the 12-digit one with its structure, and the old nine-digit one.
//!
//! Source: decree 137/2015/NĐ-CP, article 13, and circular 07/2016/TT-BCA: province of birth registration (3), century and
//! sex (1), year of birth (2), six digits. In the files they lose leading zeros.

use std::fmt;

/// The sex as registered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// The century of birth with which the fourth digit begins counting: 0 for the 20th.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Century(pub u8);

/// A 12-digit personal number whose structure is right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalNumber(u64);

/// An old nine-digit number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OldNumber(u32);

/// The digits of a cell as a number, and how many there are; letters make it none, separators do not.
fn digits(text: &str) -> Option<(u64, usize)> {
    let (mut value, mut count) = (0, 0);
    for c in text.trim().chars() {
        match c {
            '0'..='9' if count < 18 => {
                value = value * 10 + u64::from(c as u32 - u32::from(b'0'));
                count += 1;
            }
            ' ' | '.' | '-' | '\'' | '\u{a0}' => {}
            _ => return None,
        }
    }
    (count > 0).then_some((value, count))
}

impl PersonalNumber {
    /// Makes a number of its parts; `None` if a part is out of range.
    #[must_use]
    pub fn new(province: u16, sex: Sex, year: i32, serial: u32) -> Option<PersonalNumber> {
        let century = u64::try_from((year - 1900).div_euclid(100)).ok().filter(|century| *century <= 4)?;
        if province == 0 || province > 999 || serial > 999_999 {
            return None;
        }
        let digit = century * 2 + u64::from(sex == Sex::Female);
        let cell = (u64::from(province) * 10 + digit) * 100 + year.rem_euclid(100).unsigned_abs() as u64;
        Some(PersonalNumber(cell * 1_000_000 + u64::from(serial)))
    }

    /// Reads twelve digits, or nine to eleven whose lost zeros belong in front; structure is checked.
    /// Gives the number and whether zeros were put back.
    #[must_use]
    pub fn read(text: &str) -> Option<(PersonalNumber, bool)> {
        let (value, count) = digits(text.strip_suffix(".0").unwrap_or(text))?;
        let lost = match count {
            12 => false,
            // 00x provinces lose two zeros, 0xx one.
            10 | 11 => true,
            _ => return None,
        };
        let number = PersonalNumber(value);
        (number.province() >= 1 && number.province() <= 96 || number.province() >= 100 && number.province() < 400)
            .then_some((number, lost))
    }

    /// Province or country of birth registration, 1–999.
    #[must_use]
    pub fn province(self) -> u16 {
        (self.0 / 1_000_000_000) as u16
    }

    /// The sex that the fourth digit says.
    #[must_use]
    pub fn sex(self) -> Sex {
        if (self.0 / 100_000_000) % 2 == 1 { Sex::Female } else { Sex::Male }
    }

    /// The year of birth.
    #[must_use]
    pub fn year(self) -> i32 {
        let century = (self.0 / 100_000_000) % 10 / 2;
        1900 + 100 * century as i32 + (self.0 / 1_000_000 % 100) as i32
    }

    /// The cell that serials are counted in: province, century and sex, year; as its six digits.
    #[must_use]
    pub fn cell(self) -> u32 {
        (self.0 / 1_000_000) as u32
    }

    /// The last six digits.
    #[must_use]
    pub fn serial(self) -> u32 {
        (self.0 % 1_000_000) as u32
    }

    /// The number of a cell with another serial.
    #[must_use]
    pub fn with_serial(self, serial: u32) -> PersonalNumber {
        PersonalNumber(self.0 / 1_000_000 * 1_000_000 + u64::from(serial % 1_000_000))
    }
}

impl OldNumber {
    /// Reads nine digits, or eight whose leading zero was lost.
    #[must_use]
    pub fn read(text: &str) -> Option<(OldNumber, bool)> {
        let (value, count) = digits(text.strip_suffix(".0").unwrap_or(text))?;
        matches!(count, 8 | 9).then_some((OldNumber(value as u32), count == 8))
    }
}

impl From<PersonalNumber> for u64 {
    /// All twelve digits.
    fn from(number: PersonalNumber) -> u64 {
        number.0
    }
}

impl From<OldNumber> for u32 {
    /// All nine digits.
    fn from(number: OldNumber) -> u32 {
        number.0
    }
}

impl fmt::Display for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Display for OldNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

/// Numbers do not show themselves in logs.
impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalNumber(…)")
    }
}

impl fmt::Debug for OldNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OldNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_files_have_them() {
        let (number, lost) = PersonalNumber::read("079192535041").unwrap();
        assert_eq!(
            (number.province(), number.sex(), number.year(), number.serial(), lost),
            (79, Sex::Female, 1992, 535_041, false)
        );
        assert_eq!(PersonalNumber::read("79192535041"), Some((number, true)));
        assert_eq!(PersonalNumber::read("079 192 535 041"), Some((number, false)));
        assert_eq!(
            PersonalNumber::read("1192535041").map(|(number, _)| number.to_string()).as_deref(),
            Some("001192535041")
        );
        assert_eq!(OldNumber::read("016235427").unwrap().0.to_string(), "016235427");
        assert_eq!(
            OldNumber::read("16235427").map(|(number, lost)| (number.to_string(), lost)),
            Some(("016235427".into(), true))
        );
        for text in ["", "abc", "000192535041", "97x", "999999999999", "1234567"] {
            assert_eq!(PersonalNumber::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn parts_round_trip(province in 1..97u16, female: bool, year in 1900..2099i32, serial in 0..1_000_000u32) {
            let sex = if female { Sex::Female } else { Sex::Male };
            let number = PersonalNumber::new(province, sex, year, serial).unwrap();
            prop_assert_eq!((number.province(), number.sex(), number.year(), number.serial()), (province, sex, year, serial));
            prop_assert_eq!(PersonalNumber::read(&number.to_string()), Some((number, false)));
        }
    }
}
