//! How strongly an image is compressed.
//!
//! Start reading at [`Rate`].

use crate::Error;

/// A bit rate: the parameter *r* of the standard, about the bits for each pixel before entropy coding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate(f64);

impl Rate {
    /// 0.75, the usual rate of exchange: about 15 to 1.
    pub const USUAL: Self = Self(0.75);
    /// 2.25, the finer of the two rates in use: about 5 to 1.
    pub const FINE: Self = Self(2.25);

    /// A rate from 0.05 to 8.
    ///
    /// # Errors
    /// [`Error::BadRate`] outside, and for what is no number.
    pub fn new(bits: f64) -> Result<Self, Error> {
        if (0.05..=8.0).contains(&bits) { Ok(Self(bits)) } else { Err(Error::BadRate) }
    }

    /// The rate as a number.
    #[must_use]
    pub fn bits(self) -> f64 {
        self.0
    }
}
