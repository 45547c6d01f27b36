//! A template: the minutiae of one impression of one finger, at 500 dpi.
//!
//! Invariant: at most [`Template::MINUTIAE_MAX`] minutiae, each inside the image; every way in ensures it.
//! Not here: images. A template cannot be turned back into the image it came from, yet it is a biometric all the same.
//! Start reading at [`Template`].

mod native;
mod record;

use minutiae::Kind;

/// One minutia of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutia {
    /// Pixels at 500 dpi from the left edge.
    pub x: u16,
    /// Pixels at 500 dpi from the top edge.
    pub y: u16,
    /// Direction in steps of 360/256 degrees, counter-clockwise from the right, as ISO/IEC 19794-2 directs it.
    pub angle: u8,
    /// 1 to 100; 0 when not known.
    pub quality: u8,
    /// Ending, bifurcation or other.
    pub kind: Kind,
}

/// The minutiae of one impression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    width: u16,
    height: u16,
    quality: u8,
    minutiae: Vec<Minutia>,
}

impl Template {
    /// The most minutiae that a template holds; what ISO/IEC 19794-2 can carry in one view.
    pub const MINUTIAE_MAX: usize = 255;

    /// A template; minutiae outside the image and beyond the bound are left out, the quality is cut at 100.
    #[must_use]
    pub fn new(width: u16, height: u16, quality: u8, mut minutiae: Vec<Minutia>) -> Self {
        minutiae.retain(|minutia| minutia.x < width && minutia.y < height);
        minutiae.truncate(Self::MINUTIAE_MAX);
        minutiae.iter_mut().for_each(|minutia| minutia.quality = minutia.quality.min(100));
        Self { width, height, quality: quality.min(100), minutiae }
    }

    /// Width of the image in pixels at 500 dpi.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Height of the image in pixels at 500 dpi.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// Quality of the impression, 0 to 100.
    #[must_use]
    pub fn quality(&self) -> u8 {
        self.quality
    }

    /// The minutiae, best first where our own extractor made them.
    #[must_use]
    pub fn minutiae(&self) -> &[Minutia] {
        &self.minutiae
    }
}
