//! Everything that can be wrong with a minutiae record, with the offset where it was seen.
//!
//! Start reading at [`enum@Error`].

use thiserror::Error;

/// Why a record could not be read or written. Offsets are bytes from the start of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Error {
    /// The input is longer than [`crate::RECORD_BYTES_MAX`].
    #[error("the record has {bytes} bytes, more than the {limit} that are read")]
    TooLong {
        /// Length of the input in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The first eight bytes are not the format identifier and version of a standard that is read.
    #[error("not a finger minutiae record of ISO/IEC 19794-2 or ANSI INCITS 378")]
    NotARecord,
    /// The input ends inside a field.
    #[error("the record ends at byte {offset}, {missing} bytes short")]
    Truncated {
        /// Where the field begins.
        offset: usize,
        /// How many bytes of it are missing.
        missing: usize,
    },
    /// The length in the header is not the length of the input.
    #[error("the header says {declared} bytes, the record has {actual}")]
    WrongLength {
        /// Length that the header declares, in bytes.
        declared: u32,
        /// Length of the input, in bytes.
        actual: usize,
    },
    /// Bytes remain after the last view.
    #[error("{extra} bytes follow the last finger view at byte {offset}")]
    TrailingBytes {
        /// Where the last view ends.
        offset: usize,
        /// How many bytes follow.
        extra: usize,
    },
    /// A field holds a value that the standard does not allow.
    #[error("{field} has the value {value} at byte {offset}, which the standard does not allow")]
    BadValue {
        /// Name of the field.
        field: &'static str,
        /// The value found.
        value: u32,
        /// Where the field begins.
        offset: usize,
    },
    /// The views of a record have different resolutions; no [`crate::Record`] can hold them together.
    #[error("a view has another resolution than the first at byte {offset}")]
    MixedResolution {
        /// Where the other resolution stands.
        offset: usize,
    },
    /// A record to be written has no view, and the format has no place for a record without one.
    #[error("the format has no record without a finger view")]
    NoView,
    /// A record to be written has a value that does not fit its field.
    #[error("{field} does not fit the record: {value}, at most {limit}")]
    DoesNotFit {
        /// Name of the field.
        field: &'static str,
        /// The value that was to be written.
        value: usize,
        /// The largest that fits.
        limit: usize,
    },
}

impl Error {
    /// A stable name of the error, for programs and for the text table.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "minutiae-too-long",
            Self::NotARecord => "minutiae-not-a-record",
            Self::Truncated { .. } => "minutiae-truncated",
            Self::WrongLength { .. } => "minutiae-wrong-length",
            Self::TrailingBytes { .. } => "minutiae-trailing-bytes",
            Self::BadValue { .. } => "minutiae-bad-value",
            Self::MixedResolution { .. } => "minutiae-mixed-resolution",
            Self::NoView => "minutiae-no-view",
            Self::DoesNotFit { .. } => "minutiae-does-not-fit",
        }
    }

    /// What the error's text names, for a text table: numbers under stable names.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { bytes, limit } => vec![("bytes", bytes.to_string()), ("limit", limit.to_string())],
            Self::NotARecord | Self::NoView => Vec::new(),
            Self::MixedResolution { offset } => vec![("offset", offset.to_string())],
            Self::Truncated { offset, missing } => {
                vec![("offset", offset.to_string()), ("missing", missing.to_string())]
            }
            Self::WrongLength { declared, actual } => {
                vec![("declared", declared.to_string()), ("actual", actual.to_string())]
            }
            Self::TrailingBytes { offset, extra } => vec![("offset", offset.to_string()), ("extra", extra.to_string())],
            Self::BadValue { value, offset, .. } => vec![("value", value.to_string()), ("offset", offset.to_string())],
            Self::DoesNotFit { value, limit, .. } => vec![("value", value.to_string()), ("limit", limit.to_string())],
        }
    }
}
