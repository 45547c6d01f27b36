//! Fingerprints of nobody: a master print grown from a seed, and impressions of it as a sensor would see them.
//!
//! A master begins as an orientation field of one of the classes (`flow`), and noise that is filtered again and again
//! along that field until it has become ridges (`grow`); where growing ridges meet, minutiae arise by themselves. An
//! impression shows a part of it, turned, shifted, stretched, pressed, and soiled (`impression`).
//!
//! Method: zero-pole orientation after Sherlock and Monro (1993), growth in the manner of Cappelli's SFinGe (2004); the
//! code is our own. Good enough to exercise a register; not a measure of accuracy on real skin.
//! Invariant: the same seed gives the same pixels on every machine: only additions, multiplications and roots are used.
//! Start reading at [`master`].

mod flow;
mod grow;
mod impression;
mod trigonometry;

use crate::draw::Draw;
use image::{ExtendedColorType, ImageEncoder, codecs::png};

/// Sides of a master in pixels at 500 dpi.
const MASTER_WIDTH: usize = 288;
const MASTER_HEIGHT: usize = 352;
/// Sides of an impression in pixels at 500 dpi: about 13 mm by 16 mm.
pub const WIDTH: usize = 256;
/// See [`WIDTH`].
pub const HEIGHT: usize = 320;

/// A grey image at 500 dpi, rows from the top, dark ridges on light ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// The pixels; 0 is black.
    pub pixels: Vec<u8>,
}

/// The ridges of a finger: positive on a ridge, negative in a valley.
#[derive(Debug, Clone)]
pub struct Master {
    ridges: Vec<f32>,
}

/// The master print of a finger of nobody. `position` is the finger, 1 right thumb … 10 left little finger; other
/// numbers are taken as the right hand. Different seeds and different positions give different fingers.
#[must_use]
pub fn master(seed: u64, position: u8) -> Master {
    let mut draw = Draw::new(seed ^ u64::from(position).wrapping_mul(0xA24B_AED4_963E_E407));
    // The first number of neighbouring seeds is good already; the second keeps it so if the generator changes.
    draw.next();
    let flow = flow::Flow::new(&mut draw, (6..=10).contains(&position));
    Master { ridges: grow::ridges(&flow, &mut draw) }
}

impl Master {
    /// One impression of the finger; different seeds give different captures.
    #[must_use]
    pub fn impression(&self, seed: u64) -> Grey {
        impression::impression(&self.ridges, &mut Draw::new(seed.wrapping_mul(0x9FB2_1C65_1E98_DF25) ^ 0x51))
    }
}

/// The image as a PNG file, with its resolution of 500 dpi left unsaid (say it where it is read).
#[must_use]
pub fn png(image: &Grey) -> Vec<u8> {
    let mut out = Vec::new();
    let encoder = png::PngEncoder::new_with_quality(&mut out, png::CompressionType::Fast, png::FilterType::Up);
    let (width, height) = (image.width as u32, image.height as u32);
    // Writing into memory fails only when the sides do not fit the pixels, and they are ours.
    let written = encoder.write_image(&image.pixels, width, height, ExtendedColorType::L8);
    debug_assert!(written.is_ok());
    out
}

/// A number from 0 up to, and without, 1.
pub(crate) fn unit(draw: &mut Draw) -> f32 {
    (draw.next() >> 40) as f32 / (1u32 << 24) as f32
}

/// A number from `low` to `high`.
pub(crate) fn between(draw: &mut Draw, low: f32, high: f32) -> f32 {
    low + (high - low) * unit(draw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_finger_and_another_seed_another() {
        let print = |seed, position, capture| png(&master(seed, position).impression(capture));
        assert_eq!(print(1, 2, 3), print(1, 2, 3));
        let prints = [print(1, 2, 3), print(2, 2, 3), print(1, 3, 3), print(1, 2, 4)];
        for (k, a) in prints.iter().enumerate() {
            assert!(prints[k + 1..].iter().all(|b| a != b));
        }
    }

    #[test]
    fn an_impression_has_ridges_and_ground() {
        for seed in 0..4 {
            let image = master(seed, 1).impression(9);
            let dark = image.pixels.iter().filter(|&&pixel| pixel < 128).count() * 100 / image.pixels.len();
            assert!((15..=60).contains(&dark), "seed {seed}: {dark} % dark");
        }
    }
}
