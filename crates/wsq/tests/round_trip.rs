//! Images that are made here, there and back: how much is lost, and that nothing differs between machines.
//!
//! `vectors/foreign.wsq` is the image of [`ridges`] with 200 by 150 pixels, compressed by the package `wsq` 0.9 of the
//! Python Package Index at its usual rate: it was written by a stranger.

use wsq::{Error, Image, MAGIC, Rate, decode, encode};

/// Ridges around a point, about nine pixels apart, on a ground that darkens to one side: whole numbers only.
fn ridges(width: u32, height: u32) -> Image {
    let pixel = |at: u32| {
        let (x, y) = (i64::from(at % width), i64::from(at / width));
        let (dx, dy) = (x - i64::from(width) / 2, 2 * y - i64::from(height));
        // The wave is a triangle over the squared distance's root, found in whole steps.
        let phase = ((dx * dx + dy * dy) as u64 * 64).isqrt() as i64 % 72;
        let wave = (phase - 36).abs() * 4;
        (30 + wave + x * 50 / i64::from(width)).clamp(0, 255) as u8
    };
    Image { width, height, ppi: Some(500), pixels: (0..width * height).map(pixel).collect() }
}

/// Peak signal-to-noise ratio in decibels.
fn psnr(a: &Image, b: &Image) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let square = |(&a, &b): (&u8, &u8)| (i32::from(a) - i32::from(b)).pow(2);
    let sum: i32 = a.pixels.iter().zip(&b.pixels).map(square).sum();
    10.0 * (255.0 * 255.0 * a.pixels.len() as f64 / f64::from(sum.max(1))).log10()
}

/// FNV-1a, to compare many bytes with one number.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

#[test]
fn ridges_keep_their_shape() {
    let check = |width, height, rate: Rate, most_bytes: usize, least: f64| {
        let image = ridges(width, height);
        let stream = encode(&image, rate).unwrap();
        let again = decode(&stream).unwrap();
        assert_eq!((again.width, again.height, again.ppi), (width, height, Some(500)));
        let (size, psnr) = (stream.len(), psnr(&image, &again));
        println!("{width} by {height} at {}: {size} bytes, {psnr:.1} dB", rate.bits());
        assert!(size <= most_bytes && psnr >= least, "{width} by {height}: {size} bytes, {psnr:.1} dB");
    };
    check(500, 500, Rate::USUAL, 18_500, 32.0);
    check(500, 500, Rate::FINE, 59_000, 39.0);
    check(388, 374, Rate::USUAL, 11_500, 32.0);
    check(101, 77, Rate::FINE, 3_200, 38.0);
    check(500, 500, Rate::new(0.1).unwrap(), 2_800, 21.0);
}

#[test]
fn any_sides_and_tones_come_back() {
    for (width, height) in [(1, 1), (1, 9), (2, 3), (5, 4), (17, 16), (33, 64), (90, 61), (255, 2)] {
        for pixels in [vec![0; (width * height) as usize], vec![255; (width * height) as usize]] {
            let image = Image { width, height, ppi: None, pixels };
            assert_eq!(decode(&encode(&image, Rate::USUAL).unwrap()).as_ref(), Ok(&image));
        }
        let image = ridges(width, height);
        let again = decode(&encode(&image, Rate::new(8.0).unwrap()).unwrap()).unwrap();
        assert!(psnr(&image, &again) > 15.0, "{width} by {height}: {}", psnr(&image, &again));
    }
    // An even slope: hardly any subband varies.
    let pixels = (0..100 * 100u32).map(|at| (at % 100 + at / 100) as u8).collect();
    let slope = Image { width: 100, height: 100, ppi: None, pixels };
    assert!(psnr(&slope, &decode(&encode(&slope, Rate::FINE).unwrap()).unwrap()) > 40.0);
}

#[test]
fn a_strangers_stream_is_read() {
    let image = decode(include_bytes!("vectors/foreign.wsq")).unwrap();
    let psnr = psnr(&ridges(200, 150), &image);
    assert!(psnr > 30.0, "{psnr}");
    // The digest of what the stranger's own decoder makes of it.
    assert_eq!(digest(&image.pixels), 0x104A_4219_2ADE_753A);
}

#[test]
fn the_same_image_gives_the_same_bytes_on_every_machine() {
    let image = ridges(300, 280);
    for (rate, of_stream, of_pixels) in [
        (Rate::USUAL, 9_957_044_204_846_280_961, 4_244_838_121_577_702_835),
        (Rate::FINE, 11_453_981_434_923_230_674, 13_497_980_049_621_458_910),
    ] {
        let stream = encode(&image, rate).unwrap();
        let again = decode(&stream).unwrap();
        assert_eq!((digest(&stream), digest(&again.pixels)), (of_stream, of_pixels), "{}", rate.bits());
    }
}

#[test]
fn images_that_cannot_be_written_are_refused() {
    let check = |width, height, pixels, code: &str| {
        let image = Image { width, height, ppi: None, pixels: vec![0; pixels] };
        assert_eq!(encode(&image, Rate::USUAL).unwrap_err().code(), code);
    };
    check(0, 5, 0, "wsq-bad-sides");
    check(4_001, 1, 4_001, "wsq-bad-sides");
    check(4, 4, 15, "wsq-wrong-pixels");
    for rate in [0.0, -1.0, 9.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Rate::new(rate), Err(Error::BadRate));
    }
    assert_eq!(MAGIC, [0xFF, 0xA0]);
}
