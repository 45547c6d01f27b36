//! Grey images.
//!
//! Not here: the search for a print inside the image; `extract` does that.
//! Start reading at [`GreyImage`]; files are decoded in `file`, scaled in `scale`.

mod file;
mod resolution;
mod scale;

pub use file::{FILE_BYTES_MAX, decode, decode_with_dpi};

use crate::Error;

/// The longest side of an image that is read, in pixels.
pub const SIDE_PIXELS_MAX: u32 = 4_000;
/// The shortest side of an image that may hold a print, in pixels at 500 dpi (about 3 mm).
pub const SIDE_PIXELS_MIN: u32 = 60;
/// The resolution that everything behind [`GreyImage::at_500_dpi`] works at, in dots per inch.
pub const DPI: u32 = 500;
/// Resolutions that are scaled, in dots per inch.
const DPI_RANGE: std::ops::RangeInclusive<u32> = 150..=2_000;

/// An 8-bit grey image, rows from the top, dark ridges on light ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreyImage {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl GreyImage {
    /// An image from its pixels.
    ///
    /// # Errors
    /// [`Error::ImageTooLarge`] beyond [`SIDE_PIXELS_MAX`]; [`Error::DamagedImage`] when the pixels are not
    /// `width * height`.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, Error> {
        check_sides(width, height)?;
        if pixels.len() != width as usize * height as usize {
            return Err(Error::DamagedImage);
        }
        Ok(Self { width, height, pixels })
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row from the top; 0 is black.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The image as a PNG file.
    #[must_use]
    pub fn to_png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let encoder = image::codecs::png::PngEncoder::new(&mut file);
        let written = image::ImageEncoder::write_image(
            encoder,
            &self.pixels,
            self.width,
            self.height,
            image::ExtendedColorType::L8,
        );
        // Writing into memory fails only when the sides do not fit the pixels, and every way in ensures that they do.
        debug_assert!(written.is_ok());
        file
    }

    /// The same image scaled from `dpi` to 500 dots per inch.
    ///
    /// # Errors
    /// [`Error::BadResolution`] outside 150 to 2,000 dpi, [`Error::ImageTooSmall`] when less than
    /// [`SIDE_PIXELS_MIN`] remains on a side, [`Error::ImageTooLarge`] when it grows beyond the limit.
    pub fn at_500_dpi(self, dpi: u32) -> Result<Self, Error> {
        if !DPI_RANGE.contains(&dpi) {
            return Err(Error::BadResolution { dpi, low: *DPI_RANGE.start(), high: *DPI_RANGE.end() });
        }
        let side = |pixels: u32| (pixels * DPI + dpi / 2) / dpi;
        let (width, height) = (side(self.width), side(self.height));
        check_sides(width, height)?;
        if width < SIDE_PIXELS_MIN || height < SIDE_PIXELS_MIN {
            return Err(Error::ImageTooSmall { width, height, limit: SIDE_PIXELS_MIN });
        }
        if dpi == DPI {
            return Ok(self);
        }
        Ok(Self { width, height, pixels: scale::resample(&self, width, height) })
    }
}

fn check_sides(width: u32, height: u32) -> Result<(), Error> {
    if width > SIDE_PIXELS_MAX || height > SIDE_PIXELS_MAX {
        return Err(Error::ImageTooLarge { width, height, limit: SIDE_PIXELS_MAX });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pgm(width: u32, height: u32, pixels: usize) -> Vec<u8> {
        let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
        bytes.resize(bytes.len() + pixels, 128);
        bytes
    }

    #[test]
    fn each_bad_file_has_its_error() {
        let check = |bytes: &[u8], code: &str| assert_eq!(decode(bytes).unwrap_err().code(), code);
        check(b"", "fingerprint-not-an-image");
        check(b"plain words", "fingerprint-not-an-image");
        check(b"GIF89a..........", "fingerprint-not-an-image");
        check(b"\x89PNG\r\n\x1a\n", "fingerprint-damaged-image");
        check(&pgm(80, 80, 100), "fingerprint-damaged-image");
        check(&pgm(20_000, 10, 0), "fingerprint-image-too-large");
        check(&vec![0; FILE_BYTES_MAX + 1], "fingerprint-file-too-large");
    }

    #[test]
    fn scaling_keeps_the_size_in_millimetres() {
        let image = decode(&pgm(569, 1_138, 569 * 1_138)).unwrap();
        let scaled = image.clone().at_500_dpi(569).unwrap();
        assert_eq!((scaled.width(), scaled.height()), (500, 1_000));
        assert!(scaled.pixels().iter().all(|&pixel| pixel == 128));
        assert_eq!(image.at_500_dpi(100).unwrap_err().code(), "fingerprint-bad-resolution");
        let small = decode(&pgm(50, 90, 4_500)).unwrap();
        assert_eq!(small.at_500_dpi(500).unwrap_err().code(), "fingerprint-image-too-small");
    }
}
