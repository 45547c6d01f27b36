//! The four formats, and which of them bytes are in.
//!
//! Two standards share each of the two version fields, so that lengths have to tell them apart.
//! Start reading at [`Format::of`].

use crate::{ansi_2009, iso_2011};

/// Format identifier and version of the two older standards, each closed by a zero byte.
pub(crate) const MAGIC_20: [u8; 8] = *b"FMR\0 20\0";
/// Format identifier and version of the two younger standards.
pub(crate) const MAGIC_30: [u8; 8] = *b"FMR\x00030\0";

/// A format of minutiae records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// ISO/IEC 19794-2:2005, record format.
    Iso2005,
    /// ISO/IEC 19794-2:2011, record format.
    Iso2011,
    /// ANSI INCITS 378-2004.
    Ansi2004,
    /// ANSI INCITS 378-2009.
    Ansi2009,
}

impl Format {
    /// The format that bytes are in, as far as their beginning and their lengths tell; `None` if in none of the four.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let head = &bytes[..bytes.len().min(MAGIC_20.len())];
        if head.is_empty() {
            None
        } else if MAGIC_20.starts_with(head) {
            Some(if is_ansi_2004(bytes) { Self::Ansi2004 } else { Self::Iso2005 })
        } else if MAGIC_30.starts_with(head) {
            let ansi = !iso_2011::adds_up(bytes) && ansi_2009::adds_up(bytes);
            Some(if ansi { Self::Ansi2009 } else { Self::Iso2011 })
        } else {
            None
        }
    }

    /// Whether angles are counted in steps of two degrees instead of 360/256.
    pub(crate) fn in_degrees(self) -> bool {
        matches!(self, Self::Ansi2004 | Self::Ansi2009)
    }

    /// Whether a quality may say that there is none.
    pub(crate) fn has_unreported(self) -> bool {
        matches!(self, Self::Iso2011 | Self::Ansi2009)
    }
}

/// ISO writes the length in four bytes, of which the first two are at most 4 here; ANSI writes it in two, of which the
/// least is 26, and a length that does not fit them behind two bytes of zero.
fn is_ansi_2004(bytes: &[u8]) -> bool {
    match bytes.get(8..14) {
        Some(&[0, 0, a, b, c, d]) => u32::from_be_bytes([a, b, c, d]) as usize == bytes.len(),
        Some(&[high, low, ..]) => u16::from_be_bytes([high, low]) >= 26,
        _ => false,
    }
}
