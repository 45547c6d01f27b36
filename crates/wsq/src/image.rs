//! What is compressed: a grey image and, where it is known, its resolution.
//!
//! Start reading at [`Image`].

use crate::{Error, SIDE_PIXELS_MAX};

/// An 8-bit grey image, rows from the top; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pixels in each inch, where the stream's comment says so.
    pub ppi: Option<u32>,
    /// The pixels, row by row from the top.
    pub pixels: Vec<u8>,
}

impl Image {
    /// Whether the sides are within the limits and fit the pixels.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_sides(self.width, self.height)?;
        let expected = self.width as usize * self.height as usize;
        if self.pixels.len() == expected {
            Ok(())
        } else {
            Err(Error::WrongPixels { found: self.pixels.len(), expected })
        }
    }
}

/// Whether both sides are within the limits.
pub(crate) fn check_sides(width: u32, height: u32) -> Result<(), Error> {
    let allowed = 1..=SIDE_PIXELS_MAX;
    if allowed.contains(&width) && allowed.contains(&height) {
        Ok(())
    } else {
        Err(Error::BadSides { width, height, limit: SIDE_PIXELS_MAX })
    }
}
