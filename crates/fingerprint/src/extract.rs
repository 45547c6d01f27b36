//! From a grey image at 500 dpi to a template with a quality.
//!
//! The steps, one file each: the local spectrum of the image (`spectrum`) gives orientation and frequency of the ridges
//! (`field`) and where there are any (`segment`); filters tuned to both clear the ridges (`enhance`); these are thinned
//! to a skeleton (`thin`), which is mended (`mend`); where its lines end and fork there are minutiae (`find`); the
//! whole is graded (`quality`), and looked at for a movement of the finger (`movement`).
//!
//! Method: short-time spectral analysis after Chikkerur, Cartwright and Govindaraju (Pattern Recognition 40, 2007),
//! contextual filtering after Hong, Wan and Jain (PAMI 20, 1998), both with changes; the code is our own.
//! Invariant: one thread, one order of additions: the same image gives the same template on every machine.
//! Start reading at [`extract`].

mod enhance;
mod field;
mod find;
mod mend;
mod movement;
mod orientation;
mod quality;
mod segment;
mod spectrum;
mod thin;

use crate::{DPI, Error, GreyImage, Template};
pub use orientation::{Direction, Orientation, orientation};
pub use quality::{Quality, Reason};

/// Side of the square blocks in which orientation and frequency are kept, in pixels at 500 dpi.
const BLOCK: usize = 8;

/// Ridges closer together than this, in pixels at 500 dpi, are looked at enlarged, so that they come to lie about so far apart.
const COMMON: f32 = 8.5;
/// The coarsest resolution that an image at 500 dpi is taken for then: it is enlarged 1.6 times at most.
const COARSEST: u32 = DPI * 5 / 8;

/// What was found in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extraction {
    /// The template.
    pub template: Template,
    /// How far the image can be trusted, and what to tell the person at the sensor.
    pub quality: Quality,
}

/// Finds the minutiae of an image of `dpi` dots per inch.
///
/// # Errors
/// [`Error::BadResolution`], [`Error::ImageTooSmall`] and [`Error::ImageTooLarge`] from scaling,
/// [`Error::BlankImage`] when the image has no contrast, [`Error::NoPrint`] when there are no ridges in it.
pub fn extract(image: GreyImage, dpi: u32) -> Result<Extraction, Error> {
    let whole = image.at_500_dpi(dpi)?;
    let (width, height) = (whole.width(), whole.height());
    let (spectra, field, mask) = look(&whole)?;
    let movement = movement::movement(&spectra, &mask);
    // Fine ridges, a child's or a small hand's, are looked at enlarged: everything behind is made for ridges of common width.
    let period = field.period(&mask);
    let drawn = if period < COMMON { ((DPI as f32 * period / COMMON) as u32).max(COARSEST) } else { DPI };
    let (image, field, mask) = if drawn == DPI {
        (whole, field, mask)
    } else {
        let image = whole.at_500_dpi(drawn)?;
        let (_, field, mask) = look(&image)?;
        (image, field, mask)
    };
    let ridges = enhance::enhance(&image, &field, &mask);
    let mut skeleton = thin::skeleton(&ridges);
    mend::mend(&mut skeleton, &field);
    let mut minutiae = find::minutiae(&skeleton, &field, &mask);
    let quality = quality::grade(&image, &field, &mask, &minutiae, movement);
    let back = |at: u16| ((u32::from(at) * drawn + DPI / 2) / DPI) as u16;
    for minutia in &mut minutiae {
        (minutia.x, minutia.y) = (back(minutia.x).min(width as u16 - 1), back(minutia.y).min(height as u16 - 1));
    }
    let template = Template::new(width as u16, height as u16, quality.value, minutiae);
    Ok(Extraction { template, quality })
}

/// The local spectra, orientation and frequency of the ridges in them, and where they are.
fn look(image: &GreyImage) -> Result<(spectrum::Spectra, field::Field, segment::Mask), Error> {
    let spectra = spectrum::Spectra::of(image)?;
    let field = field::Field::of(&spectra);
    let mask = segment::Mask::of(&spectra, &field)?;
    Ok((spectra, field, mask))
}

/// A raster of one byte a pixel with a margin of one pixel that stays 0, so that neighbours can be read unchecked.
#[derive(Debug, Clone)]
struct Raster {
    /// Length of a row with its margins.
    stride: usize,
    cells: Vec<u8>,
}

impl Raster {
    fn new(width: usize, height: usize) -> Self {
        let stride = width + 2;
        Self { stride, cells: vec![0; stride * (height + 2)] }
    }

    /// Index of the pixel at `x`, `y`.
    fn at(&self, x: usize, y: usize) -> usize {
        (y + 1) * self.stride + x + 1
    }

    /// Column and row of an index.
    fn place(&self, index: usize) -> (usize, usize) {
        (index % self.stride - 1, index / self.stride - 1)
    }

    /// Offsets of the eight neighbours, from the right counter-clockwise as seen on paper.
    fn around(&self) -> [isize; 8] {
        let s = self.stride as isize;
        [1, 1 - s, -s, -1 - s, -1, s - 1, s, s + 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Concentric ridges of a given period around a place far below the image, so that they run as arches.
    fn arches(period: f32) -> GreyImage {
        let pixels = (0..300 * 300).map(|at| {
            let (x, y) = ((at % 300) as f32 - 150.0, 500.0 - (at / 300) as f32);
            let wave = crate::maths::cosine((x * x + y * y).sqrt() / period);
            (128.0 + 100.0 * wave) as u8
        });
        GreyImage::new(300, 300, pixels.collect()).unwrap()
    }

    #[test]
    fn clean_ridges_have_no_minutiae_and_good_contrast() {
        for period in [7.0, 9.0, 12.0] {
            let found = extract(arches(period), 500).unwrap();
            assert_eq!(found.template.minutiae(), [], "period {period}");
            assert_eq!(found.quality, Quality { value: 0, reason: Reason::FewMinutiae });
        }
    }

    /// Rings around the middle with grain in the skin, laid on each other in copies up to so many pixels apart.
    fn rings(across: usize, down: usize) -> GreyImage {
        let grain = |x: usize, y: usize| {
            let mixed = ((y / 3 * 1_000 + x / 3) as u32).wrapping_mul(2_654_435_761);
            ((mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D) >> 24) as f32 - 128.0
        };
        let skin = |x: usize, y: usize| {
            let (dx, dy) = (x as f32 - 150.0, y as f32 - 150.0);
            let wave = crate::maths::cosine((dx * dx + dy * dy).sqrt() / 9.0);
            (128.0 + 40.0 * wave + 0.6 * grain(x, y)).clamp(0.0, 255.0)
        };
        let pixels = (0..300 * 300).map(|at| {
            let copy = |copy: usize| skin(at % 300 + across * copy / 10, at / 300 + down * copy / 10);
            ((0..=10).map(copy).sum::<f32>() / 11.0) as u8
        });
        GreyImage::new(300, 300, pixels.collect()).unwrap()
    }

    #[test]
    fn a_finger_that_moved_is_told_from_one_that_was_held_still() {
        let look = |across, down| {
            let (spectra, _, mask) = look(&rings(across, down)).unwrap();
            movement::movement(&spectra, &mask)
        };
        let held = look(0, 0);
        assert!(held < 0.3, "{held}");
        for (across, down) in [(6, 0), (9, 0), (0, 9), (6, 6), (12, 0)] {
            let moved = look(across, down);
            assert!(moved > 1.0, "{across} {down}: {moved}");
        }
    }

    #[test]
    fn directions_are_those_of_the_ridges() {
        let found = orientation(arches(9.0), 500).unwrap();
        assert_eq!((found.block, found.columns, found.directions.len() % found.columns), (8, 38, 0));
        let middle = found.directions[10 * found.columns + 18].unwrap();
        // In the middle the arches run level.
        assert!(middle.turn.min(0.5 - middle.turn) < 0.02 && middle.confidence > 0.5, "{middle:?}");
        let left = found.directions[10 * found.columns + 6].unwrap();
        assert!((left.turn - 0.04).abs() < 0.03, "to the left they rise: {left:?}");
    }

    #[test]
    fn images_without_a_print_are_named() {
        let check = |pixel: &dyn Fn(usize) -> u8, expected: Error| {
            let image = GreyImage::new(300, 300, (0..90_000).map(pixel).collect()).unwrap();
            assert_eq!(extract(image, 500), Err(expected));
        };
        check(&|_| 255, Error::BlankImage);
        check(&|at| 250 + (at * 7 % 5) as u8, Error::BlankImage);
        // Noise has contrast and no ridges.
        check(&|at| ((at as u32).wrapping_mul(2_654_435_761) >> 13) as u8, Error::NoPrint);
        check(&|at| if at % 300 < 150 { 0 } else { 255 }, Error::NoPrint);
    }
}
