//! Drawn faces of nobody, as a stand-in for a photograph in a chip.
//!
//! A face is a stack of smooth shapes (`shape`) whose places and colours come from the seed; it looks like a drawing
//! and is meant to, so that nobody takes a sample for a person.
//! Invariant: the same seed gives the same bytes.
//! Start reading at [`jpeg`].

mod drawing;
mod shape;

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};

/// Width of a face image in pixels (35 mm by 45 mm at about 265 dpi, as on a card).
pub const WIDTH: usize = 360;
/// Height of a face image in pixels.
pub const HEIGHT: usize = 464;

/// A face as a JPEG file of at most `bytes_max` bytes, as near to it as the quality steps allow. Below about 4,000
/// bytes the lowest quality may still be larger; it is given all the same.
#[must_use]
pub fn jpeg(seed: u64, bytes_max: usize) -> Vec<u8> {
    let pixels = drawing::face(seed);
    // The size grows with the quality, near enough to halve the range.
    let (mut low, mut high) = (10, 96);
    let mut best = encode(&pixels, low);
    while high - low > 3 {
        let middle = (low + high) / 2;
        let file = encode(&pixels, middle);
        if file.len() <= bytes_max {
            (low, best) = (middle, file);
        } else {
            high = middle;
        }
    }
    best
}

fn encode(pixels: &[u8], quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut out, quality).write_image(
        pixels,
        WIDTH as u32,
        HEIGHT as u32,
        ExtendedColorType::Rgb8,
    );
    // Writing into memory fails only when the sides do not fit the pixels, and they are ours.
    debug_assert!(written.is_ok());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_fits_the_size_asked_for_and_depends_on_the_seed() {
        let face = jpeg(1, 15_000);
        assert!((9_000..=15_000).contains(&face.len()), "{} bytes", face.len());
        assert!(face.starts_with(&[0xFF, 0xD8]) && face.ends_with(&[0xFF, 0xD9]));
        assert_eq!(face, jpeg(1, 15_000));
        assert_ne!(face, jpeg(2, 15_000));
    }
}
