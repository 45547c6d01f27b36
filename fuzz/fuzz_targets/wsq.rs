//! WSQ streams: decoded or refused; a small image is written at any rate and read again with the same sides.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};
use wsq::{Image, Rate, decode, encode};

/// Ridges, 60 by 50 pixels.
static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let pixels = (0..60u32 * 50).map(|at| if (at % 60 + at / 240) % 9 < 4 { 40 } else { 220 }).collect();
    encode(&Image { width: 60, height: 50, ppi: Some(500), pixels }, Rate::FINE).expect("the example fits")
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let read = match way % 4 {
        0 => decode(data),
        1 => decode(&[&wsq::MAGIC, data].concat()),
        2 => decode(&changed(&EXAMPLE, data)),
        _ => {
            let (rate, data) = choice(data);
            let (width, pixels) = choice(data);
            let width = u32::from(width % 64) + 1;
            let height = (pixels.len() as u32 / width).min(64);
            let pixels = pixels[..(width * height) as usize].to_vec();
            let image = Image { width, height, ppi: None, pixels };
            let rate = Rate::new(0.05 + f64::from(rate) / 33.0).expect("a rate below 8");
            let Ok(stream) = encode(&image, rate) else { return };
            let again = decode(&stream).expect("what is written is read");
            assert_eq!((again.width, again.height), (width, height));
            return;
        }
    };
    if let Ok(image) = read {
        assert_eq!(image.pixels.len(), image.width as usize * image.height as usize);
    }
});
