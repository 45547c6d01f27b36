//! DG2: the face, as a JPEG in an ISO/IEC 19794-5 record in a CBEFF structure.
//!
//! Standard: Doc 9303-10, 4.7.2 and 4.7.2.1; ISO/IEC 19794-5:2005, 5 (record format) and table 2 to 6.
//! Invariant: [`encode`] writes one face of type full frontal; [`parse`] takes every image type and gives its bytes.
//! Start reading at [`encode`].

use alloc::vec::Vec;

use crate::tlv::{self, tag};
use crate::{Error, mrz::Sex};

/// Type of the encoded image (ISO/IEC 19794-5, 5.7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageType {
    /// JPEG
    Jpeg,
    /// JPEG 2000
    Jpeg2000,
}

/// A face as found in DG2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face<'a> {
    /// How the image is encoded.
    pub image_type: ImageType,
    /// Width in pixels, as the record says.
    pub width: u16,
    /// Height in pixels, as the record says.
    pub height: u16,
    /// The image.
    pub image: &'a [u8],
}

const FACE_HEADER_LEN: usize = 20 + 12;

/// The bytes of DG2 for one JPEG.
///
/// # Errors
/// [`Error::Value`] where the image is no JPEG or its size is not to be found.
pub fn encode(jpeg: &[u8], sex: Sex) -> Result<Vec<u8>, Error> {
    let (width, height) = jpeg_size(jpeg).ok_or(Error::Value { what: "JPEG image" })?;
    let too_long = |_| Error::Value { what: "length of the JPEG image" };
    let face_len = u32::try_from(jpeg.len() + FACE_HEADER_LEN).map_err(too_long)?;
    let gender = match sex {
        Sex::Unspecified => 0,
        Sex::Male => 1,
        Sex::Female => 2,
    };
    let mut record = Vec::with_capacity(jpeg.len() + 64);
    record.extend_from_slice(b"FAC\x00010\x00");
    record.extend_from_slice(&(face_len + 14).to_be_bytes());
    record.extend_from_slice(&[0, 1]);
    // Facial information: no feature points, colours, properties, expression or pose stated.
    record.extend_from_slice(&face_len.to_be_bytes());
    record.extend_from_slice(&[0, 0, gender, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    // Image information: full frontal, JPEG, size, 24-bit sRGB, unspecified source and device, no quality.
    record.extend_from_slice(&[1, 0]);
    record.extend_from_slice(&width.to_be_bytes());
    record.extend_from_slice(&height.to_be_bytes());
    record.extend_from_slice(&[1, 0, 0, 0, 0, 0]);
    record.extend_from_slice(jpeg);
    // Biometric header template: version, type (facial features), creator unset, format owner and type (19794-5).
    let header = [
        tlv::encode(0x80, &[0x01, 0x01]),
        tlv::encode(0x81, &[0x02]),
        tlv::encode(0x82, &[0x00]),
        tlv::encode(0x87, &[0x01, 0x01]),
        tlv::encode(0x88, &[0x00, 0x08]),
    ];
    let instance = tlv::wrap(0x7F60, &[tlv::wrap(0xA1, &header), tlv::encode(0x5F2E, &record)]);
    let group = tlv::wrap(0x7F61, &[tlv::encode(tag::INTEGER, &[1]), instance]);
    Ok(tlv::encode(0x75, &group))
}

/// The first face of DG2.
///
/// # Errors
/// [`Error`] where the file or the record is malformed.
pub fn parse(bytes: &[u8]) -> Result<Face<'_>, Error> {
    let mut outer = tlv::only(bytes, 0x75)?.inside();
    let mut group = outer.expect(0x7F61)?.inside();
    if tlv::small_integer(group.expect(tag::INTEGER)?.value)? == 0 {
        return Err(Error::Value { what: "number of biometric instances" });
    }
    let mut instance = group.expect(0x7F60)?.inside();
    instance.expect(0xA1)?;
    let record = match instance.next()? {
        Some(block) if block.tag == 0x5F2E || block.tag == 0x7F2E => block.value,
        other => return Err(Error::Tag { expected: 0x5F2E, found: other.map_or(0, |block| block.tag) }),
    };
    face(record).ok_or(Error::Value { what: "face record" })
}

fn face(record: &[u8]) -> Option<Face<'_>> {
    let rest = record.strip_prefix(b"FAC\x00")?;
    let (head, rest) = rest.split_at_checked(10)?;
    if number(head, 4, 4)? != record.len() || number(head, 8, 2)? == 0 {
        return None;
    }
    let face = rest.get(..number(rest, 0, 4)?)?;
    let image_information = face.get(20 + 8 * number(face, 4, 2)?..)?;
    Some(Face {
        image_type: match image_information.get(1)? {
            0 => ImageType::Jpeg,
            1 => ImageType::Jpeg2000,
            _ => return None,
        },
        width: u16::try_from(number(image_information, 2, 2)?).ok()?,
        height: u16::try_from(number(image_information, 4, 2)?).ok()?,
        image: image_information.get(12..).filter(|image| !image.is_empty())?,
    })
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    Some(bytes.get(at..at + len)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// Width and height from the first start-of-frame segment (ISO/IEC 10918-1, B.2.2).
fn jpeg_size(jpeg: &[u8]) -> Option<(u16, u16)> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, after @ ..] = rest else { return None };
        if *marker == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        let len = number(after, 0, 2)?;
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let (height, width) = (number(after, 3, 2)?, number(after, 5, 2)?);
            return Some((u16::try_from(width).ok()?, u16::try_from(height).ok()?)).filter(|(w, h)| *w > 0 && *h > 0);
        }
        rest = after.get(len..).filter(|_| len >= 2)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The headers of a JPEG of 3 by 2 pixels with a comment before the frame.
    const JPEG: [u8; 24] =
        [0xFF, 0xD8, 0xFF, 0xFE, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0, 0xFF, 0xD9, 0];

    #[test]
    fn round_trip() {
        let bytes = encode(&JPEG, Sex::Female).unwrap();
        let face = parse(&bytes).unwrap();
        assert_eq!((face.width, face.height, face.image), (3, 2, &JPEG[..]));
        assert_eq!(encode(b"\x89PNG", Sex::Male), Err(Error::Value { what: "JPEG image" }));
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_parsed_or_refused(at in 0usize..100, value: u8) {
            let mut bytes = encode(&JPEG, Sex::Male).unwrap();
            let at = at % bytes.len();
            bytes[at] = value;
            let _ = parse(&bytes);
        }
    }
}
