//! Everything that can be wrong with a WSQ stream or an image to be written as one, with the offset where it was seen.
//!
//! Start reading at [`enum@Error`].

use thiserror::Error;

/// Why a stream could not be read or written. Offsets are bytes from the start of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Error {
    /// The input is longer than [`crate::BYTES_MAX`].
    #[error("the stream has {bytes} bytes, more than the {limit} that are read")]
    TooLong {
        /// Length of the input in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The first two bytes are not the start of a WSQ image.
    #[error("not a WSQ image")]
    NotWsq,
    /// The input ends before the image does.
    #[error("the stream ends at byte {offset}, before the image does")]
    Truncated {
        /// Where more was expected.
        offset: usize,
    },
    /// A marker that is unknown, or not allowed at its place.
    #[error("the marker {marker:#06x} is not allowed at byte {offset}")]
    BadMarker {
        /// The two bytes found.
        marker: u16,
        /// Where they stand.
        offset: usize,
    },
    /// A segment whose length or values the standard does not allow, or that are beyond our limits.
    #[error("{field} is not allowed at byte {offset}")]
    BadSegment {
        /// What is wrong.
        field: &'static str,
        /// Where the field or its segment begins.
        offset: usize,
    },
    /// A block comes before what it needs.
    #[error("{field} is missing before byte {offset}")]
    Missing {
        /// What is missing.
        field: &'static str,
        /// Where it was needed.
        offset: usize,
    },
    /// Bits that are no code of the block's Huffman table.
    #[error("no code of the table fits the bits before byte {offset}")]
    BadCode {
        /// Where the decoder had read to.
        offset: usize,
    },
    /// Fewer or more coefficients than the subbands hold.
    #[error("{found} coefficients up to byte {offset}, where the subbands hold {expected}")]
    WrongCount {
        /// Coefficients found.
        found: usize,
        /// Coefficients that the subbands hold.
        expected: usize,
        /// Where the decoder had read to.
        offset: usize,
    },
    /// The image has no pixels, or is wider or higher than [`crate::SIDE_PIXELS_MAX`].
    #[error("the image is {width} by {height} pixels; 1 to {limit} on a side are taken")]
    BadSides {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The limit of either in pixels.
        limit: u32,
    },
    /// The pixels of an image to be written are not its width times its height.
    #[error("an image with {found} pixels, where its sides make {expected}")]
    WrongPixels {
        /// Pixels found.
        found: usize,
        /// Width times height.
        expected: usize,
    },
    /// A bit rate outside what is written.
    #[error("the bit rate is outside 0.05 to 8 bits a pixel")]
    BadRate,
}

impl Error {
    /// A stable name of the error, for programs and for the text table.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "wsq-too-long",
            Self::NotWsq => "wsq-not-wsq",
            Self::Truncated { .. } => "wsq-truncated",
            Self::BadMarker { .. } => "wsq-bad-marker",
            Self::BadSegment { .. } => "wsq-bad-segment",
            Self::Missing { .. } => "wsq-missing",
            Self::BadCode { .. } => "wsq-bad-code",
            Self::WrongCount { .. } => "wsq-wrong-count",
            Self::BadSides { .. } => "wsq-bad-sides",
            Self::WrongPixels { .. } => "wsq-wrong-pixels",
            Self::BadRate => "wsq-bad-rate",
        }
    }

    /// What the error's text names, for a text table: numbers under stable names.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { bytes, limit } => vec![("bytes", bytes.to_string()), ("limit", limit.to_string())],
            Self::Truncated { offset }
            | Self::BadSegment { offset, .. }
            | Self::Missing { offset, .. }
            | Self::BadCode { offset } => vec![("offset", offset.to_string())],
            Self::BadMarker { marker, offset } => {
                vec![("marker", format!("{marker:04X}")), ("offset", offset.to_string())]
            }
            Self::WrongCount { found, expected, offset } => {
                let numbers = [("found", found), ("expected", expected), ("offset", offset)];
                numbers.map(|(name, number)| (name, number.to_string())).to_vec()
            }
            Self::BadSides { width, height, limit } => {
                let numbers = [("width", width), ("height", height), ("limit", limit)];
                numbers.map(|(name, number)| (name, number.to_string())).to_vec()
            }
            Self::WrongPixels { found, expected } => {
                vec![("found", found.to_string()), ("expected", expected.to_string())]
            }
            Self::NotWsq | Self::BadRate => Vec::new(),
        }
    }
}
