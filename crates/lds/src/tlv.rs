//! BER-TLV data objects, read strictly and written in their shortest form.
//!
//! Standard: ISO/IEC 8825-1 (X.690), 8.1 and 10.1; ISO/IEC 7816-4:2020, 6.3.
//! Invariant: lengths are definite and in their shortest form, tags have at most three bytes, so what is read and
//! written again is the same. [`Reader`] never copies and never recurses: depth costs nothing.
//! Start reading at [`Reader::next`] and [`encode`].

use alloc::vec::Vec;

use crate::Error;

/// Universal tags that several modules use.
pub mod tag {
    /// INTEGER.
    pub const INTEGER: u32 = 0x02;
    /// BIT STRING.
    pub const BIT_STRING: u32 = 0x03;
    /// OCTET STRING.
    pub const OCTET_STRING: u32 = 0x04;
    /// NULL.
    pub const NULL: u32 = 0x05;
    /// OBJECT IDENTIFIER.
    pub const OID: u32 = 0x06;
    /// UTF8String.
    pub const UTF8_STRING: u32 = 0x0C;
    /// PrintableString.
    pub const PRINTABLE_STRING: u32 = 0x13;
    /// SEQUENCE.
    pub const SEQUENCE: u32 = 0x30;
    /// SET.
    pub const SET: u32 = 0x31;
}

/// One data object: its tag, its value, and all its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag's bytes as one number, as in `0x7F49`.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// Tag, length and value.
    pub bytes: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// A reader of the data objects inside this one.
    pub fn inside(&self) -> Reader<'a> {
        Reader::new(self.value)
    }
}

/// Reads data objects one after the other.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, offset: 0 }
    }

    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.offset == self.bytes.len()
    }

    /// Where the next data object begins.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The next data object, or none at the end.
    ///
    /// # Errors
    /// [`Error::Tlv`] where the bytes are no data object.
    #[allow(clippy::should_implement_trait, reason = "an iterator would go on after an error")]
    pub fn next(&mut self) -> Result<Option<Tlv<'a>>, Error> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let malformed = Error::Tlv { offset: self.offset };
        let (tag, tag_len, len, head_len) = head(rest).ok_or(malformed)?;
        debug_assert!(tag_len < head_len);
        let end = head_len.checked_add(len).ok_or(malformed)?;
        let bytes = rest.get(..end).ok_or(malformed)?;
        self.offset += end;
        Ok(Some(Tlv { tag, value: bytes.get(head_len..).unwrap_or_default(), bytes }))
    }

    /// The next data object, which must have this tag.
    ///
    /// # Errors
    /// [`Error::Tag`] where it has another or is missing, [`Error::Tlv`] where there is none.
    pub fn expect(&mut self, tag: u32) -> Result<Tlv<'a>, Error> {
        match self.next()? {
            Some(tlv) if tlv.tag == tag => Ok(tlv),
            found => Err(Error::Tag { expected: tag, found: found.map_or(0, |tlv| tlv.tag) }),
        }
    }

    /// The next data object if it has this tag; otherwise the reader stays where it is.
    ///
    /// # Errors
    /// [`Error::Tlv`] where the bytes are no data object.
    pub fn optional(&mut self, tag: u32) -> Result<Option<Tlv<'a>>, Error> {
        let mut ahead = self.clone();
        match ahead.next()? {
            Some(tlv) if tlv.tag == tag => {
                *self = ahead;
                Ok(Some(tlv))
            }
            _ => Ok(None),
        }
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// [`Error::Tlv`] where something does.
    pub fn finish(self) -> Result<(), Error> {
        if self.is_empty() { Ok(()) } else { Err(Error::Tlv { offset: self.offset }) }
    }
}

/// Exactly one data object with this tag and nothing after it.
///
/// # Errors
/// As [`Reader::expect`] and [`Reader::finish`].
pub fn only(bytes: &[u8], tag: u32) -> Result<Tlv<'_>, Error> {
    let mut reader = Reader::new(bytes);
    let tlv = reader.expect(tag)?;
    reader.finish()?;
    Ok(tlv)
}

/// How many bytes the data object has that starts with these: what a terminal needs to know after its first read.
///
/// # Errors
/// [`Error::Tlv`] where tag and length are malformed or not completely there.
pub fn total_len(start: &[u8]) -> Result<usize, Error> {
    let (_, _, len, head_len) = head(start).ok_or(Error::Tlv { offset: 0 })?;
    head_len.checked_add(len).ok_or(Error::Tlv { offset: 0 })
}

/// Tag, tag length, value length, and the length of tag and length together.
fn head(bytes: &[u8]) -> Option<(u32, usize, usize, usize)> {
    let mut tag = u32::from(*bytes.first()?);
    let mut at = 1;
    if tag & 0x1F == 0x1F {
        loop {
            let byte = *bytes.get(at)?;
            // A first subsequent byte of 0x80 would be a longer way to write the same number.
            if at == 1 && byte & 0x7F == 0 || at == 3 {
                return None;
            }
            tag = tag << 8 | u32::from(byte);
            at += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    let tag_len = at;
    let first = *bytes.get(at)?;
    at += 1;
    if first < 0x80 {
        return Some((tag, tag_len, usize::from(first), at));
    }
    let count = usize::from(first & 0x7F);
    if !(1..=4).contains(&count) {
        return None;
    }
    let digits = bytes.get(at..at + count)?;
    let len = digits.iter().fold(0u32, |len, digit| len << 8 | u32::from(*digit));
    let shortest = if count == 1 { len >= 0x80 } else { digits.first() != Some(&0) };
    Some((tag, tag_len, usize::try_from(len).ok().filter(|_| shortest)?, at + count))
}

/// Appends one data object.
pub fn write(out: &mut Vec<u8>, tag: u32, value: &[u8]) {
    for shift in [24, 16, 8, 0] {
        let byte = (tag >> shift) as u8;
        if shift == 0 || tag >> shift != 0 {
            out.push(byte);
        }
    }
    let len = value.len();
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let digits = len.to_be_bytes();
        let skip = digits.iter().take_while(|digit| **digit == 0).count();
        out.push(0x80 | (digits.len() - skip) as u8);
        out.extend(digits.iter().skip(skip));
    }
    out.extend_from_slice(value);
}

/// One data object.
pub fn encode(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 8);
    write(&mut out, tag, value);
    out
}

/// One data object around several pieces, in order.
pub fn wrap<P: AsRef<[u8]>>(tag: u32, pieces: &[P]) -> Vec<u8> {
    let mut value = Vec::with_capacity(pieces.iter().map(|piece| piece.as_ref().len()).sum());
    for piece in pieces {
        value.extend_from_slice(piece.as_ref());
    }
    encode(tag, &value)
}

/// A non-negative INTEGER of any length from its big-endian bytes, in DER.
pub fn integer(magnitude: &[u8]) -> Vec<u8> {
    let skip = magnitude.iter().take_while(|byte| **byte == 0).count();
    let mut value = Vec::with_capacity(magnitude.len() + 1);
    if magnitude.get(skip).is_none_or(|byte| byte & 0x80 != 0) {
        value.push(0);
    }
    value.extend(magnitude.iter().skip(skip));
    encode(tag::INTEGER, &value)
}

/// The value of a small non-negative INTEGER.
///
/// # Errors
/// [`Error::Value`] where it is empty, negative or larger than 32 bits.
pub fn small_integer(value: &[u8]) -> Result<u32, Error> {
    let invalid = Error::Value { what: "integer" };
    match value {
        [first, ..] if value.len() <= 5 && first & 0x80 == 0 => {
            let number = value.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
            u32::try_from(number).map_err(|_| invalid)
        }
        _ => Err(invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_short_and_long_forms() {
        let mut reader = Reader::new(&[0x5F, 0x1F, 0x01, 0xAA, 0x04, 0x00]);
        assert_eq!(reader.next().unwrap().map(|t| (t.tag, t.value.len())), Some((0x5F1F, 1)));
        assert_eq!(reader.next().unwrap().map(|t| (t.tag, t.value.len())), Some((0x04, 0)));
        assert_eq!(reader.next().unwrap(), None);
        assert_eq!(total_len(&[0x75, 0x82, 0x3A, 0x98]), Ok(4 + 15_000));
    }

    #[test]
    fn refuses_what_is_not_the_shortest_form() {
        for bytes in [
            &[0x30][..],
            &[0x30, 0x80],
            &[0x30, 0x81, 0x7F],
            &[0x30, 0x82, 0x00, 0x80],
            &[0x30, 0x85, 0, 0, 0, 0, 1],
            &[0x1F, 0x80, 0x01, 0],
            &[0x1F, 0x81, 0x82, 0x83, 0],
            &[0x30, 0x02, 0x00],
            &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            assert!(Reader::new(bytes).next().is_err(), "{bytes:02X?}");
        }
    }

    #[test]
    fn integers_keep_their_sign_bit_clear() {
        assert_eq!(integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0x7F]), [2, 1, 0x7F]);
        assert_eq!(small_integer(&[0, 0x80]), Ok(128));
        assert!(small_integer(&[0x80]).is_err() && small_integer(&[]).is_err());
    }

    proptest! {
        #[test]
        fn round_trip(tag in prop_oneof![Just(0x30u32), Just(0x5F1F), Just(0x7F2E), Just(0x87)], value in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let bytes = encode(tag, &value);
            let tlv = only(&bytes, tag).unwrap();
            prop_assert_eq!(tlv.value, &value[..]);
            prop_assert_eq!(total_len(&bytes[..bytes.len().min(8)]).unwrap(), bytes.len());
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(&bytes);
            while let Ok(Some(tlv)) = reader.next() {
                prop_assert_eq!(encode(tlv.tag, tlv.value), tlv.bytes);
            }
        }
    }
}
