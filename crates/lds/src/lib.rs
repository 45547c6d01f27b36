//! The Logical Data Structure of an electronic travel document, and of the Vietnamese identity card that follows it.
//!
//! Standard: ICAO Doc 9303, 8th edition: part 3 and 5 (machine readable zone), part 10 (files), part 11, 9.2 (security
//! infos). DG13 is national; no official text was seen, see [`dg13`].
//! Invariant: parsing takes any bytes, never panics, and allocates no more than a few times what it was given.
//! Not here: signatures (`pki`), cryptography (`eac`), and who may read what (`card-app`).
//! Start reading at [`File`] and [`tlv`].
#![no_std]

extern crate alloc;

pub mod com;
mod date;
pub mod dg1;
pub mod dg13;
pub mod dg2;
mod file;
pub mod image;
pub mod mrz;
pub mod public_key;
pub mod security_info;
pub mod tlv;

pub use date::Date;
pub use file::{APPLICATION_ID, File};
pub use image::CardImage;
pub use public_key::{Curve, PublicKey};

/// Why bytes are not what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A tag, a length or a value is cut off, too long or not in its shortest form.
    #[error("malformed TLV at offset {offset}")]
    Tlv {
        /// Offset within the structure being read.
        offset: usize,
    },
    /// Another tag stands where this one must.
    #[error("tag {expected:X} expected, {found:X} found")]
    Tag {
        /// The tag that the standard asks for.
        expected: u32,
        /// The tag that is there; 0 at the end.
        found: u32,
    },
    /// A structure is well-formed TLV and says something that its standard does not allow.
    #[error("{what} is not valid")]
    Value {
        /// Which part.
        what: &'static str,
    },
    /// The machine readable zone has another form.
    #[error("machine readable zone: {what} is not valid")]
    Mrz {
        /// Which part.
        what: &'static str,
    },
    /// A check digit of the machine readable zone does not fit.
    #[error("machine readable zone: wrong check digit of the {what}")]
    CheckDigit {
        /// Which part.
        what: &'static str,
    },
    /// A text cannot be written with the letters of the machine readable zone.
    #[error("a name has a character with no transliteration: U+{codepoint:04X}")]
    Transliteration {
        /// The character.
        codepoint: u32,
    },
    /// A card image was written by a later version of this program.
    #[error("the card image has version {found}; this program reads version {known}")]
    ImageVersion {
        /// The version stated.
        found: u32,
        /// The version read here.
        known: u32,
    },
    /// Curve, key type or protocol are not among those supported.
    #[error("{what} is not supported")]
    Unsupported {
        /// Which part.
        what: &'static str,
    },
}

impl Error {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Tlv { .. } => "lds-tlv",
            Error::Tag { .. } => "lds-tag",
            Error::Value { .. } => "lds-value",
            Error::Mrz { .. } => "mrz-invalid",
            Error::CheckDigit { .. } => "mrz-check-digit",
            Error::Transliteration { .. } => "mrz-transliteration",
            Error::ImageVersion { .. } => "card-image-version",
            Error::Unsupported { .. } => "lds-unsupported",
        }
    }
}
