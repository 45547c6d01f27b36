//! The template in its own bytes, at most 600.
//!
//! Layout, big-endian: `VDFT`, version (1 byte), width, height (2 bytes each), quality, count (1 byte each); then for
//! each minutia 40 bits: x, y (11 each), angle (8), quality (7), kind (3); then a CRC-32 (IEEE 802.3) of all before it.
//! Version 1, which is still read, has 7 bytes a minutia: x, y (2 bytes each), angle, quality, kind (1 byte each).
//! The checksum finds damage, not intent: whoever stores templates seals them.
//! Start reading at [`Template::to_bytes`] and [`Template::from_bytes`].

use super::{Minutia, Template};
use crate::Error;
use minutiae::Kind;

const MAGIC: &[u8; 4] = b"VDFT";
const VERSION: u8 = 2;
const VERSION_LOOSE: u8 = 1;
const HEAD_BYTES: usize = 11;
const MINUTIA_BYTES: usize = 5;
const MINUTIA_BYTES_LOOSE: usize = 7;
const CHECKSUM_BYTES: usize = 4;
/// Places from here on are not written: 104 mm at 500 dpi, farther than any hand's print of a finger.
const PLACE_END: u16 = 1 << 11;

impl Template {
    /// The most bytes that a template is written in.
    pub const BYTES_MAX: usize = HEAD_BYTES + Self::WRITTEN_MAX * MINUTIA_BYTES + CHECKSUM_BYTES;
    /// The most minutiae that are written: more than a comparison looks at.
    const WRITTEN_MAX: usize = 117;

    /// The template in its own bytes, at most [`Template::BYTES_MAX`]. Of more minutiae than there is room for the best are
    /// written, so that every comparison gives the same score.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut written: Vec<Minutia> = self.minutiae.iter().filter(|m| m.x.max(m.y) < PLACE_END).copied().collect();
        if written.len() > Self::WRITTEN_MAX {
            written.sort_by_key(crate::compare::best_first);
            written.truncate(Self::WRITTEN_MAX);
        }
        let mut out = Vec::with_capacity(HEAD_BYTES + written.len() * MINUTIA_BYTES + CHECKSUM_BYTES);
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        out.extend_from_slice(&self.width.to_be_bytes());
        out.extend_from_slice(&self.height.to_be_bytes());
        out.extend_from_slice(&[self.quality, written.len() as u8]);
        for minutia in &written {
            let kind = match minutia.kind {
                Kind::Other => 0,
                Kind::Ending => 1,
                Kind::Bifurcation => 2,
            };
            let fields =
                [(minutia.x, 11), (minutia.y, 11), (minutia.angle.into(), 8), (minutia.quality.into(), 7), (kind, 3)];
            let bits = fields.iter().fold(0u64, |bits, (value, width)| bits << width | u64::from(*value));
            out.extend_from_slice(&bits.to_be_bytes()[8 - MINUTIA_BYTES..]);
        }
        out.extend_from_slice(&checksum(&out).to_be_bytes());
        out
    }

    /// Reads what [`Template::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::NotATemplate`], [`Error::TemplateVersion`] and [`Error::DamagedTemplate`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if !bytes.starts_with(MAGIC) {
            return Err(Error::NotATemplate);
        }
        let (minutia_bytes, minutia): (usize, ReadMinutia) = match bytes.get(MAGIC.len()) {
            Some(&VERSION) => (MINUTIA_BYTES, packed),
            Some(&VERSION_LOOSE) => (MINUTIA_BYTES_LOOSE, loose),
            Some(&version) => return Err(Error::TemplateVersion { version }),
            None => return Err(Error::DamagedTemplate),
        };
        let (Some(head), Some(&count)) = (bytes.get(..HEAD_BYTES), bytes.get(HEAD_BYTES - 1)) else {
            return Err(Error::DamagedTemplate);
        };
        let body = HEAD_BYTES + usize::from(count) * minutia_bytes;
        if bytes.len() != body + CHECKSUM_BYTES || checksum(&bytes[..body]).to_be_bytes() != bytes[body..] {
            return Err(Error::DamagedTemplate);
        }
        let minutiae = bytes[HEAD_BYTES..body].chunks_exact(minutia_bytes).map(minutia);
        let minutiae = minutiae.collect::<Option<Vec<_>>>().ok_or(Error::DamagedTemplate)?;
        let word = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
        let template = Self::new(word(5), word(7), head[9], minutiae);
        // What was left out had no place in a template that we wrote.
        if template.minutiae.len() != usize::from(count) || template.quality != head[9] {
            return Err(Error::DamagedTemplate);
        }
        Ok(template)
    }
}

/// How a version's minutia is read; none where it is none that we write.
type ReadMinutia = fn(&[u8]) -> Option<Minutia>;

const _: () = assert!(Template::BYTES_MAX <= 600);

fn packed(field: &[u8]) -> Option<Minutia> {
    let bits = field.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let part = |from: u32, width: u32| (bits >> from) as u16 & ((1 << width) - 1);
    minutia(part(29, 11), part(18, 11), part(10, 8) as u8, part(3, 7) as u8, part(0, 3) as u8)
}

fn loose(field: &[u8]) -> Option<Minutia> {
    let word = |at: usize| u16::from_be_bytes([field[at], field[at + 1]]);
    minutia(word(0), word(2), field[4], field[5], field[6])
}

/// A minutia, if its quality and kind are some that we write.
fn minutia(x: u16, y: u16, angle: u8, quality: u8, kind: u8) -> Option<Minutia> {
    let kind = *[Kind::Other, Kind::Ending, Kind::Bifurcation].get(usize::from(kind))?;
    (quality <= 100).then_some(Minutia { x, y, angle, quality, kind })
}

/// CRC-32 as IEEE 802.3 has it, bit by bit: templates are short.
fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Prepared;
    use proptest::prelude::*;

    fn templates() -> impl Strategy<Value = Template> {
        let kinds = prop_oneof![Just(Kind::Other), Just(Kind::Ending), Just(Kind::Bifurcation)];
        let minutiae = (0..500u16, 0..600u16, any::<u8>(), 0..=100u8, kinds)
            .prop_map(|(x, y, angle, quality, kind)| Minutia { x, y, angle, quality, kind });
        (0..=100u8, prop::collection::vec(minutiae, 0..=255))
            .prop_map(|(quality, minutiae)| Template::new(500, 600, quality, minutiae))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(template in templates()) {
            let bytes = template.to_bytes();
            prop_assert!(bytes.len() <= Template::BYTES_MAX);
            let read = Template::from_bytes(&bytes).unwrap();
            if template.minutiae().len() <= Template::WRITTEN_MAX {
                prop_assert_eq!(&read, &template);
            }
            prop_assert_eq!(format!("{:?}", Prepared::new(&read)), format!("{:?}", Prepared::new(&template)));
        }

        #[test]
        fn a_changed_byte_is_noticed(template in templates(), at in any::<prop::sample::Index>(), with in 1..=255u8) {
            let mut bytes = template.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= with;
            prop_assert!(Template::from_bytes(&bytes).is_err());
        }

        #[test]
        fn a_record_keeps_minutiae(template in templates()) {
            let record = template.to_record(crate::FingerPosition::new(7).ok(), crate::RecordFormat::Iso2005).unwrap();
            prop_assert_eq!(Template::from_record(&record), Ok(template));
        }
    }

    /// Data folders hold templates of the first version.
    #[test]
    fn the_first_version_is_read() {
        let mut bytes = b"VDFT\x01\x01\xf4\x02\x58\x3c\x02".to_vec();
        bytes.extend_from_slice(&[1, 0x2c, 0, 9, 200, 77, 2, 0, 5, 2, 1, 0, 0, 1]);
        bytes.extend_from_slice(&checksum(&bytes).to_be_bytes());
        let read = Template::from_bytes(&bytes).unwrap();
        let minutia = |x, y, angle, quality, kind| Minutia { x, y, angle, quality, kind };
        let expected = vec![minutia(300, 9, 200, 77, Kind::Bifurcation), minutia(5, 513, 0, 0, Kind::Ending)];
        assert_eq!(read, Template::new(500, 600, 60, expected));
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
    }
}
