//! The machine readable zone of size TD1: three lines of thirty characters.
//!
//! Standard: Doc 9303-3, 4 (characters, check digits, dates), Doc 9303-5, 4.2 (TD1). Viet Nam fills line 1 in its own
//! way: the last nine digits of the twelve-digit number as document number, then the whole number as optional data with
//! a check digit of its own in position 30. That digit is read nowhere else, so parsing foreign zones leaves it alone.
//! Invariant: the check digits of a [`Td1`] were right when it was parsed.
//! Start reading at [`Td1::of_number`] and [`Td1::parse`].

mod name;

use alloc::format;
use alloc::string::{String, ToString};

use crate::{Date, Error};

pub use name::name_field;

/// Sex as the zone writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// M
    Male,
    /// F
    Female,
    /// `<`
    Unspecified,
}

/// A TD1 zone, field by field; fillers are kept where they are part of a field.
#[derive(Clone, PartialEq, Eq)]
pub struct Td1 {
    /// Document type, positions 1-2.
    pub document_code: String,
    /// Issuing State, positions 3-5.
    pub issuer: String,
    /// Document number without fillers. More than nine characters continue in the optional data of line 1.
    pub document_number: String,
    /// Optional data of line 1 as they stand, fillers included.
    pub optional_1: String,
    /// Birth, `YYMMDD` with fillers for what is unknown.
    pub birth: String,
    /// Sex.
    pub sex: Sex,
    /// Expiry, `YYMMDD`.
    pub expiry: String,
    /// Nationality, three positions.
    pub nationality: String,
    /// Optional data of line 2 as they stand.
    pub optional_2: String,
    /// The name field as it stands, thirty characters.
    pub name: String,
}

impl core::fmt::Debug for Td1 {
    /// A zone is personal data.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Td1(…)")
    }
}

/// The check digit of a field (Doc 9303-3, 4.9): weights 7, 3, 1, modulo 10.
///
/// # Errors
/// [`Error::Mrz`] for a character that the zone does not have.
pub fn check_digit(field: &str) -> Result<char, Error> {
    let mut sum = 0u32;
    for (byte, weight) in field.bytes().zip([7, 3, 1].into_iter().cycle()) {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'<' => 0,
            _ => return Err(Error::Mrz { what: "character" }),
        };
        sum += u32::from(value) * weight;
    }
    char::from_digit(sum % 10, 10).ok_or(Error::Mrz { what: "check digit" })
}

/// What MRZ-based access derives its key from (Doc 9303-11, 4.3.2 and 9.7.2): number, birth and expiry with check digits.
///
/// # Errors
/// [`Error::Mrz`] for a character that the zone does not have.
pub fn information(document_number: &str, birth: &str, expiry: &str) -> Result<String, Error> {
    let number = format!("{document_number:<<9}");
    Ok(format!("{number}{}{birth}{}{expiry}{}", check_digit(&number)?, check_digit(birth)?, check_digit(expiry)?))
}

impl Td1 {
    /// The zone of a Vietnamese card: twelve-digit number, birth, sex, expiry and name.
    ///
    /// # Errors
    /// [`Error::Mrz`] for a number of another form, [`Error::Transliteration`] for a name that cannot be written.
    pub fn of_number(number: &str, birth: Date, sex: Sex, expiry: Date, full_name: &str) -> Result<Td1, Error> {
        let last_nine = number.get(3..).filter(|_| number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit()));
        Ok(Td1 {
            document_code: "ID".to_string(),
            issuer: "VNM".to_string(),
            document_number: last_nine.ok_or(Error::Mrz { what: "number" })?.to_string(),
            optional_1: format!("{number}<<{}", check_digit(number)?),
            birth: short_date(birth),
            sex,
            expiry: short_date(expiry),
            nationality: "VNM".to_string(),
            optional_2: "<".repeat(11),
            name: name_field(full_name)?,
        })
    }

    /// The key material for access with the zone.
    ///
    /// # Errors
    /// As [`information`].
    pub fn information(&self) -> Result<String, Error> {
        information(&self.document_number, &self.birth, &self.expiry)
    }

    /// The twelve-digit number that a Vietnamese card carries in line 1.
    pub fn personal_number(&self) -> Option<&str> {
        let number = self.optional_1.get(..12)?;
        (self.issuer == "VNM" && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
    }

    /// The ninety characters of the zone.
    pub fn encode(&self) -> String {
        let digit = |field: &str| check_digit(field).unwrap_or('<');
        let (first, rest) = match self.document_number.split_at_checked(9) {
            // A longer number leaves `<` in place of its check digit and goes on in the optional data (Doc 9303-5, 4.2.2).
            Some((first, more)) if !more.is_empty() => {
                (format!("{first}<"), format!("{more}{}{}", digit(&self.document_number), self.optional_1))
            }
            _ => {
                let number = format!("{:<<9}", self.document_number);
                (format!("{number}{}", digit(&number)), self.optional_1.clone())
            }
        };
        let one = format!("{:<<2}{:<<3}{first}{rest:<<15}", self.document_code, self.issuer);
        let sex = match self.sex {
            Sex::Male => 'M',
            Sex::Female => 'F',
            Sex::Unspecified => '<',
        };
        let (birth, expiry) =
            (format!("{}{}", self.birth, digit(&self.birth)), format!("{}{}", self.expiry, digit(&self.expiry)));
        let two = format!("{birth}{sex}{expiry}{:<<3}{:<<11}", self.nationality, self.optional_2);
        let composite = digit(&format!("{}{birth}{expiry}{:<<11}", one.get(5..).unwrap_or(""), self.optional_2));
        format!("{one}{two}{composite}{:<<30}", self.name)
    }

    /// Reads a zone of ninety characters; line ends and spaces around the lines are let through.
    ///
    /// # Errors
    /// [`Error::Mrz`] for the form, [`Error::CheckDigit`] naming the field whose digit is wrong.
    pub fn parse(text: &str) -> Result<Td1, Error> {
        let zone: String = text.chars().filter(|c| !c.is_ascii_whitespace()).take(91).collect();
        if zone.len() != 90 || !zone.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'Z' | b'<')) {
            return Err(Error::Mrz { what: "length or character" });
        }
        let at = |from: usize, to: usize| zone.get(from..to).unwrap_or("");
        let checked = |field: &str, digit: &str, what: &'static str| {
            if digit.starts_with(check_digit(field)?) { Ok(()) } else { Err(Error::CheckDigit { what }) }
        };
        let (document_number, optional_1) = if at(14, 15) == "<" {
            let (more, rest) = at(15, 30).split_once('<').ok_or(Error::Mrz { what: "document number" })?;
            let (more, digit) =
                more.split_at_checked(more.len().saturating_sub(1)).ok_or(Error::Mrz { what: "document number" })?;
            let number = format!("{}{more}", at(5, 14));
            checked(&number, digit, "document number")?;
            (number, format!("<{rest}"))
        } else {
            checked(at(5, 14), at(14, 15), "document number")?;
            (at(5, 14).trim_end_matches('<').to_string(), at(15, 30).to_string())
        };
        checked(at(30, 36), at(36, 37), "birth")?;
        checked(at(38, 44), at(44, 45), "expiry")?;
        checked(&format!("{}{}{}{}", at(5, 30), at(30, 37), at(38, 45), at(48, 59)), at(59, 60), "whole zone")?;
        Ok(Td1 {
            document_code: at(0, 2).to_string(),
            issuer: at(2, 5).to_string(),
            document_number,
            optional_1,
            birth: at(30, 36).to_string(),
            sex: match at(37, 38) {
                "M" => Sex::Male,
                "F" => Sex::Female,
                "<" => Sex::Unspecified,
                _ => return Err(Error::Mrz { what: "sex" }),
            },
            expiry: at(38, 44).to_string(),
            nationality: at(45, 48).to_string(),
            optional_2: at(48, 59).to_string(),
            name: at(60, 90).to_string(),
        })
    }
}

/// `YYMMDD`; what is unknown is filler (Doc 9303-3, 4.8).
fn short_date(date: Date) -> String {
    let part = |n: u8| if n == 0 { "<<".to_string() } else { format!("{n:02}") };
    format!("{:02}{}{}", date.year % 100, part(date.month), part(date.day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPECIMEN: &str = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<";

    #[test]
    fn specimen_of_doc_9303_5() {
        let zone = Td1::parse(SPECIMEN).unwrap();
        assert_eq!((zone.document_number.as_str(), zone.sex), ("D23145890", Sex::Female));
        assert_eq!(zone.encode(), SPECIMEN);
    }

    #[test]
    fn vietnamese_layout() {
        let (birth, expiry) = (Date::new(1999, 1, 1).unwrap(), Date::new(2039, 1, 1).unwrap());
        let zone = Td1::of_number("001099000017", birth, Sex::Male, expiry, "Nguyễn Văn Mẫu").unwrap();
        let text = zone.encode();
        assert_eq!(&text[..30], "IDVNM0990000176001099000017<<7");
        assert_eq!(&text[30..60], "9901018M3901016VNM<<<<<<<<<<<2");
        assert_eq!(&text[60..], "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<");
        assert_eq!(Td1::parse(&text).unwrap().personal_number(), Some("001099000017"));
    }

    #[test]
    fn published_information_strings() {
        // Doc 9303-11, appendix G.1 and appendix D.2.
        assert_eq!(information("T22000129", "640812", "101031").unwrap(), "T22000129364081251010318");
        assert_eq!(information("L898902C", "690806", "940623").unwrap(), "L898902C<369080619406236");
    }

    #[test]
    fn a_wrong_digit_is_named() {
        for (at, what) in [(6, "document number"), (31, "birth"), (40, "expiry"), (20, "whole zone")] {
            let mut text = SPECIMEN.to_string();
            text.replace_range(at..=at, if &text[at..=at] == "5" { "6" } else { "5" });
            assert_eq!(Td1::parse(&text), Err(Error::CheckDigit { what }));
        }
    }

    #[test]
    fn a_long_document_number_goes_on_in_the_optional_data() {
        let mut zone = Td1::parse(SPECIMEN).unwrap();
        zone.document_number = "D23145890734".to_string();
        zone.optional_1 = "<<<<<<<<<<<".to_string();
        let text = zone.encode();
        assert_eq!(&text[..30], "I<UTOD23145890<7349<<<<<<<<<<<");
        assert_eq!(Td1::parse(&text).unwrap(), zone);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "\\PC{0,120}|[A-Z0-9<]{90}") {
            let _ = Td1::parse(&text);
        }

        #[test]
        fn round_trip(number in "[0-9]{12}", y in 1900u16..2100, m in 1u8..13, d in 1u8..29, name in "[A-Z]{1,9}( [A-Z]{1,9}){0,6}") {
            let date = Date::new(y, m, d).unwrap();
            let zone = Td1::of_number(&number, date, Sex::Female, date, &name).unwrap();
            prop_assert_eq!(Td1::parse(&zone.encode()).unwrap(), zone);
        }
    }
}
