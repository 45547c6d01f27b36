//! DG13: what a Vietnamese card says about its holder beyond the machine readable zone.
//!
//! No official text was seen. The layout is the one that three public readers of the card parse: template 6D holding
//! SEQUENCEs of {INTEGER field number, value}; PrintableString for the number and for the dates of birth and issue as
//! dd/mm/yyyy, UTF8String otherwise and for the expiry. The parents (13) are two SEQUENCEs of one name each, father
//! first. The readers disagree on the old nine-digit number (one reads field 15, the others 16); this writes 16.
//! Invariant: fields are written in ascending order, absent ones not at all; reading accepts both string types.
//! Start reading at [`Dg13`].

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::tlv::{self, Reader, tag};
use crate::{Date, Error};

/// The fields of DG13; every text as it stands on the card, empty where the card says nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Dg13 {
    /// 1: the twelve-digit number.
    pub number: String,
    /// 2: full name.
    pub full_name: String,
    /// 3: birth, dd/mm/yyyy.
    pub birth: String,
    /// 4: sex, as the card prints it (Nam, Nữ).
    pub sex: String,
    /// 5: nationality.
    pub nationality: String,
    /// 6: ethnic group.
    pub ethnic: String,
    /// 7: religion.
    pub religion: String,
    /// 8: home town.
    pub home_town: String,
    /// 9: residence.
    pub residence: String,
    /// 10: identifying features.
    pub features: String,
    /// 11: issue, dd/mm/yyyy.
    pub issue: String,
    /// 12: expiry, dd/mm/yyyy, or "Không thời hạn".
    pub expiry: String,
    /// 13: father and mother.
    pub parents: [String; 2],
    /// 16: the old nine-digit number.
    pub old_number: String,
}

impl core::fmt::Debug for Dg13 {
    /// Everything in it is personal data.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Dg13(…)")
    }
}

/// How a date stands in DG13.
pub fn date(date: Date) -> String {
    date.to_string()
}

const PARENTS: u32 = 13;

impl Dg13 {
    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        use tag::{PRINTABLE_STRING, UTF8_STRING};
        let fields = [
            (1, PRINTABLE_STRING, &self.number),
            (2, UTF8_STRING, &self.full_name),
            (3, PRINTABLE_STRING, &self.birth),
            (4, UTF8_STRING, &self.sex),
            (5, UTF8_STRING, &self.nationality),
            (6, UTF8_STRING, &self.ethnic),
            (7, UTF8_STRING, &self.religion),
            (8, UTF8_STRING, &self.home_town),
            (9, UTF8_STRING, &self.residence),
            (10, UTF8_STRING, &self.features),
            (11, PRINTABLE_STRING, &self.issue),
            (12, UTF8_STRING, &self.expiry),
        ];
        let mut out = Vec::new();
        let mut field = |number: u8, values: &[Vec<u8>]| {
            let mut pieces = alloc::vec![tlv::encode(tag::INTEGER, &[number])];
            pieces.extend_from_slice(values);
            out.extend_from_slice(&tlv::wrap(tag::SEQUENCE, &pieces));
        };
        for (number, string_tag, text) in fields.into_iter().filter(|(_, _, text)| !text.is_empty()) {
            field(number, &[tlv::encode(string_tag, text.as_bytes())]);
        }
        if self.parents.iter().any(|name| !name.is_empty()) {
            let names = self
                .parents
                .each_ref()
                .map(|name| tlv::encode(tag::SEQUENCE, &tlv::encode(UTF8_STRING, name.as_bytes())));
            field(PARENTS as u8, &names);
        }
        if !self.old_number.is_empty() {
            field(16, &[tlv::encode(UTF8_STRING, self.old_number.as_bytes())]);
        }
        tlv::encode(0x6D, &out)
    }

    /// Reads the file. Fields of other numbers are passed over; one SEQUENCE around all fields is let through.
    ///
    /// # Errors
    /// [`Error`] where it is malformed or a field comes twice.
    pub fn parse(bytes: &[u8]) -> Result<Dg13, Error> {
        let mut fields = tlv::only(bytes, 0x6D)?.inside();
        let mut ahead = fields.clone();
        if let Some(outer) = ahead.optional(tag::SEQUENCE)?
            && ahead.is_empty()
            && outer.value.first().is_some_and(|first| u32::from(*first) == tag::SEQUENCE)
        {
            fields = outer.inside();
        }
        let mut dg13 = Dg13::default();
        let mut seen = 0u32;
        while !fields.is_empty() {
            let mut field = fields.expect(tag::SEQUENCE)?.inside();
            let number = tlv::small_integer(field.expect(tag::INTEGER)?.value)?;
            if number < 32 {
                if seen & (1 << number) != 0 {
                    return Err(Error::Value { what: "repeated field of DG13" });
                }
                seen |= 1 << number;
            }
            if number == PARENTS {
                dg13.parents = parents(field)?;
                continue;
            }
            let Some(slot) = dg13.slot(number) else { continue };
            *slot = text(&mut field)?;
            field.finish()?;
        }
        Ok(dg13)
    }

    fn slot(&mut self, number: u32) -> Option<&mut String> {
        Some(match number {
            1 => &mut self.number,
            2 => &mut self.full_name,
            3 => &mut self.birth,
            4 => &mut self.sex,
            5 => &mut self.nationality,
            6 => &mut self.ethnic,
            7 => &mut self.religion,
            8 => &mut self.home_town,
            9 => &mut self.residence,
            10 => &mut self.features,
            11 => &mut self.issue,
            12 => &mut self.expiry,
            16 => &mut self.old_number,
            _ => return None,
        })
    }
}

fn parents(mut field: Reader<'_>) -> Result<[String; 2], Error> {
    let mut names = [String::new(), String::new()];
    for name in &mut names {
        match field.optional(tag::SEQUENCE)? {
            Some(inner) => *name = text(&mut inner.inside())?,
            None if field.is_empty() => {}
            None => *name = text(&mut field)?,
        }
    }
    field.finish()?;
    Ok(names)
}

fn text(reader: &mut Reader<'_>) -> Result<String, Error> {
    let tlv = reader.next()?.ok_or(Error::Value { what: "field of DG13" })?;
    if tlv.tag != tag::UTF8_STRING && tlv.tag != tag::PRINTABLE_STRING {
        return Err(Error::Tag { expected: tag::UTF8_STRING, found: tlv.tag });
    }
    Ok(core::str::from_utf8(tlv.value).map_err(|_| Error::Value { what: "text in DG13" })?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Dg13 {
        Dg13 {
            number: "001099000017".into(),
            full_name: "Nguyễn Văn Mẫu".into(),
            birth: "01/01/1999".into(),
            sex: "Nam".into(),
            expiry: "01/01/2039".into(),
            parents: ["Nguyễn Văn Cha".into(), "Trần Thị Mẹ".into()],
            old_number: "012345678".into(),
            ..Dg13::default()
        }
    }

    #[test]
    fn layout_byte_by_byte() {
        let bytes = sample().encode();
        let mut expected = alloc::vec![0x30, 17, 2, 1, 1, 0x13, 12];
        expected.extend_from_slice(b"001099000017");
        assert_eq!(&bytes[3..22], &expected[..]);
        assert_eq!(bytes[..3], [0x6D, 0x81, bytes.len() as u8 - 3]);
        assert_eq!(Dg13::parse(&bytes).unwrap(), sample());
    }

    #[test]
    fn one_more_sequence_around_all_fields_is_let_through() {
        let bytes = sample().encode();
        let wrapped = tlv::encode(0x6D, &tlv::encode(tag::SEQUENCE, &bytes[3..]));
        assert_eq!(Dg13::parse(&wrapped).unwrap(), sample());
    }

    #[test]
    fn a_repeated_field_is_refused() {
        let field = [0x30, 6, 2, 1, 4, 0x0C, 1, b'A'];
        assert!(Dg13::parse(&tlv::encode(0x6D, &[field, field].concat())).is_err());
    }

    proptest! {
        #[test]
        fn round_trip(texts in proptest::collection::vec("\\PC{0,60}", 15)) {
            let mut dg13 = Dg13::default();
            for number in 1..=16 {
                if let Some(slot) = dg13.slot(number) {
                    *slot = texts[number as usize % 15].clone();
                }
            }
            dg13.parents = [texts[13].clone(), texts[14].clone()];
            prop_assert_eq!(Dg13::parse(&dg13.encode()).unwrap(), dg13);
        }

        #[test]
        fn any_bytes_are_parsed_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Dg13::parse(&tlv::encode(0x6D, &bytes));
        }
    }
}
