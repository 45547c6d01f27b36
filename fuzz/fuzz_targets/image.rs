//! A captured image: decoded or refused; a small one is also searched for a print.
#![no_main]

use fingerprint::{GreyImage, Template, decode, extract};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

/// Ridges as a PGM file, 120 pixels square.
static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = b"P5\n120 120\n255\n".to_vec();
    bytes.extend((0..120u32 * 120).map(|at| if (at % 120 + at / 480) % 9 < 4 { 40 } else { 220 }));
    bytes
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let image = match way % 9 {
        0..=2 => decode(data),
        3 => decode(&changed(&EXAMPLE, data)),
        4 => decode(&[b"\x89PNG\r\n\x1a\n", data].concat()),
        5 => decode(&[b"BM", data].concat()),
        6 => decode(&[b"II*\0", data].concat()),
        7 => decode(&[&[0xFF, 0xA0], data].concat()),
        _ => {
            // The pixels themselves, whatever they are, repeated over a square.
            let pixels = data.iter().copied().chain([0]).cycle().take(100 * 100).collect();
            GreyImage::new(100, 100, pixels)
        }
    };
    let Ok(image) = image else { return };
    if image.width() > 160 || image.height() > 160 {
        return;
    }
    let Ok(found) = extract(image, 500) else { return };
    let bytes = found.template.to_bytes();
    assert!(bytes.len() <= Template::BYTES_MAX);
    let read = Template::from_bytes(&bytes).expect("what was written is read");
    assert_eq!(read.to_bytes(), bytes);
});
