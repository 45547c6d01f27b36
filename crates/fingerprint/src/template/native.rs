//! The template in its own bytes.
//!
//! Layout, big-endian: `VDFT`, version (1 byte), width, height (2 bytes each), quality, count (1 byte each); then for
//! each minutia x, y (2 bytes each), angle, quality, kind (1 byte each); then a CRC-32 (IEEE 802.3) of all before it.
//! The checksum finds damage, not intent: whoever stores templates seals them.
//! Start reading at [`Template::to_bytes`] and [`Template::from_bytes`].

use super::{Minutia, Template};
use crate::Error;
use minutiae::Kind;

const MAGIC: &[u8; 4] = b"VDFT";
const VERSION: u8 = 1;
const HEAD_BYTES: usize = 11;
const MINUTIA_BYTES: usize = 7;
const CHECKSUM_BYTES: usize = 4;

impl Template {
    /// The template in its own bytes, at most 1,800.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD_BYTES + self.minutiae.len() * MINUTIA_BYTES + CHECKSUM_BYTES);
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        out.extend_from_slice(&self.width.to_be_bytes());
        out.extend_from_slice(&self.height.to_be_bytes());
        out.extend_from_slice(&[self.quality, self.minutiae.len() as u8]);
        for minutia in &self.minutiae {
            out.extend_from_slice(&minutia.x.to_be_bytes());
            out.extend_from_slice(&minutia.y.to_be_bytes());
            let kind = match minutia.kind {
                Kind::Other => 0,
                Kind::Ending => 1,
                Kind::Bifurcation => 2,
            };
            out.extend_from_slice(&[minutia.angle, minutia.quality, kind]);
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
        match bytes.get(MAGIC.len()) {
            Some(&VERSION) => {}
            Some(&version) => return Err(Error::TemplateVersion { version }),
            None => return Err(Error::DamagedTemplate),
        }
        let (Some(head), Some(&count)) = (bytes.get(..HEAD_BYTES), bytes.get(HEAD_BYTES - 1)) else {
            return Err(Error::DamagedTemplate);
        };
        let body = HEAD_BYTES + usize::from(count) * MINUTIA_BYTES;
        if bytes.len() != body + CHECKSUM_BYTES || checksum(&bytes[..body]).to_be_bytes() != bytes[body..] {
            return Err(Error::DamagedTemplate);
        }
        let minutiae =
            bytes[HEAD_BYTES..body].chunks_exact(MINUTIA_BYTES).map(minutia).collect::<Result<Vec<_>, _>>()?;
        let word = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
        let template = Self::new(word(5), word(7), head[9], minutiae);
        // What was left out had no place in a template that we wrote.
        if template.minutiae.len() != usize::from(count) || template.quality != head[9] {
            return Err(Error::DamagedTemplate);
        }
        Ok(template)
    }
}

fn minutia(field: &[u8]) -> Result<Minutia, Error> {
    let kind = match field[6] {
        0 => Kind::Other,
        1 => Kind::Ending,
        2 => Kind::Bifurcation,
        _ => return Err(Error::DamagedTemplate),
    };
    if field[5] > 100 {
        return Err(Error::DamagedTemplate);
    }
    let word = |at: usize| u16::from_be_bytes([field[at], field[at + 1]]);
    Ok(Minutia { x: word(0), y: word(2), angle: field[4], quality: field[5], kind })
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
            prop_assert_eq!(Template::from_bytes(&template.to_bytes()), Ok(template));
        }

        #[test]
        fn a_changed_byte_is_noticed(template in templates(), at in any::<prop::sample::Index>(), with in 1..=255u8) {
            let mut bytes = template.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= with;
            prop_assert!(Template::from_bytes(&bytes).is_err());
        }

        #[test]
        fn the_iso_record_keeps_minutiae(template in templates()) {
            let record = template.to_iso(crate::FingerPosition::new(7).ok()).unwrap();
            prop_assert_eq!(Template::from_iso(&record), Ok(template));
        }
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
    }
}
