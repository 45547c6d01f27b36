//! The same small picture in every format and depth that prints come in, and files that are made to do harm.

mod image_files {
    pub(crate) mod write;
}

use fingerprint::{FILE_BYTES_MAX, GreyImage, decode, decode_with_dpi};
use image_files::write;

/// Sides of the picture.
const SIDE: u32 = 64;

/// A slope from the upper left to the lower right, a little darker in the middle.
fn picture() -> Vec<u8> {
    (0..SIDE * SIDE).map(|at| ((at % SIDE + at / SIDE) * 2) as u8).collect()
}

/// The bytes hold the picture; no pixel is farther off than `most`.
fn check(name: &str, bytes: &[u8], most: u8) {
    let image = decode(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((image.width(), image.height()), (SIDE, SIDE), "{name}");
    let off = image.pixels().iter().zip(picture()).map(|(&seen, expected)| seen.abs_diff(expected)).max();
    assert!(off <= Some(most), "{name}: {off:?}");
    // However the file is cut, it is read or refused.
    for length in (0..bytes.len()).step_by(bytes.len() / 97 + 1) {
        let _ = decode(&bytes[..length]);
    }
}

/// Black or white, as a picture of one bit shows it.
fn check_one_bit(name: &str, bytes: &[u8]) {
    let image = decode(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected: Vec<u8> = picture().iter().map(|&pixel| if pixel < 128 { 0 } else { 255 }).collect();
    assert!(image.pixels() == expected, "{name}");
}

#[test]
fn every_format_and_depth_gives_the_same_picture() {
    let pixels = picture();
    check("PGM", &write::pgm(SIDE, SIDE, &pixels), 0);
    check("PGM of 16 bits", &write::pgm_16(SIDE, SIDE, &pixels), 0);
    check("PGM in words", &write::pgm_in_words(SIDE, SIDE, &pixels), 0);
    check_one_bit("PBM", &write::pbm(SIDE, SIDE, &pixels));
    check("BMP in colour", &write::bmp(SIDE, SIDE, &pixels, 24), 0);
    check("BMP with a palette", &write::bmp(SIDE, SIDE, &pixels, 8), 0);
    check_one_bit("BMP of one bit", &write::bmp(SIDE, SIDE, &pixels, 1));
    check("PNG", &write::png(SIDE, SIDE, &pixels, write::Png::Grey8), 0);
    check("PNG of 16 bits", &write::png(SIDE, SIDE, &pixels, write::Png::Grey16), 0);
    check("PNG in colour", &write::png(SIDE, SIDE, &pixels, write::Png::Colour), 0);
    check("PNG with a palette", &write::png(SIDE, SIDE, &pixels, write::Png::Palette), 0);
    check_one_bit("PNG of one bit", &write::png(SIDE, SIDE, &pixels, write::Png::OneBit));
    check("TIFF", &write::tiff(SIDE, SIDE, &pixels, write::Tiff::Grey8), 0);
    check("TIFF with white as zero", &write::tiff(SIDE, SIDE, &pixels, write::Tiff::WhiteIsZero), 0);
    check("TIFF of 16 bits", &write::tiff(SIDE, SIDE, &pixels, write::Tiff::Grey16), 0);
    check("TIFF in colour", &write::tiff(SIDE, SIDE, &pixels, write::Tiff::Colour), 0);
    check_one_bit("TIFF of one bit", &write::tiff(SIDE, SIDE, &pixels, write::Tiff::OneBit));
    let image = wsq::Image { width: SIDE, height: SIDE, ppi: Some(500), pixels };
    check("WSQ", &wsq::encode(&image, wsq::Rate::new(8.0).expect("a rate")).expect("it fits"), 30);
}

#[test]
fn the_resolution_comes_with_the_image() {
    let image = |ppi| wsq::Image { width: SIDE, height: SIDE, ppi, pixels: picture() };
    let check = |ppi, expected| {
        let stream = wsq::encode(&image(ppi), wsq::Rate::FINE).expect("it fits");
        assert_eq!(decode_with_dpi(&stream).map(|(_, dpi)| dpi), Ok(expected));
    };
    check(Some(569), Some(569));
    check(Some(72), None);
    check(None, None);
    let grey = GreyImage::new(SIDE, SIDE, picture()).expect("it fits");
    assert_eq!(decode_with_dpi(&grey.to_png()), Ok((grey, None)));
}

#[test]
fn files_made_to_do_harm_or_of_another_kind_are_refused() {
    let check = |name: &str, bytes: &[u8], codes: &[&str]| {
        let code = decode(bytes).map_or_else(|error| error.code(), |_| "read");
        assert!(codes.contains(&code), "{name}: {code}");
    };
    let large = ["fingerprint-image-too-large"];
    for side in [4_001, 65_535] {
        check("PGM", &write::pgm(side, side, &[]), &large);
        check("PGM of 16 bits", &write::pgm_16(side, side, &[]), &large);
        check("PBM", &write::pbm(side, side, &[]), &large);
        check("BMP", &write::bmp(side, side, &[], 24), &large);
        check("BMP with a palette", &write::bmp(side, side, &[], 8), &large);
        check("PNG", &write::png(side, side, &[], write::Png::Grey8), &large);
        check("PNG in colour", &write::png(side, side, &[], write::Png::Colour), &large);
        check("TIFF", &write::tiff(side, side, &[], write::Tiff::Grey8), &large);
        check("TIFF in colour", &write::tiff(side, side, &[], write::Tiff::Colour), &large);
    }
    // Sides within the limit, and nothing behind them.
    let damaged = ["fingerprint-damaged-image"];
    check("PGM without pixels", &write::pgm(4_000, 4_000, &[]), &damaged);
    check("PNG without pixels", &write::png(4_000, 4_000, &[], write::Png::Grey8), &damaged);
    check("TIFF without pixels", &write::tiff(4_000, 4_000, &[], write::Tiff::Grey16), &damaged);
    check("BMP without pixels", &write::bmp(4_000, 4_000, &[], 24), &damaged);
    check("sides of zero", &write::pgm(0, 0, &[]), &["fingerprint-damaged-image", "read"]);
    let mut wsq = wsq::encode(&wsq::Image { width: 8, height: 8, ppi: None, pixels: vec![9; 64] }, wsq::Rate::USUAL)
        .expect("it fits");
    let frame = wsq.windows(2).position(|pair| pair == [0xFF, 0xA2]).expect("a frame header");
    wsq[frame + 6..frame + 10].fill(0xFF);
    check("WSQ", &wsq, &["wsq-bad-sides"]);
    check("WSQ without anything", &wsq[..2], &["wsq-truncated"]);
    let palette = write::tiff(SIDE, SIDE, &picture(), write::Tiff::Palette);
    check("TIFF with a palette", &palette, &["fingerprint-unsupported-image"]);
    check("too long", &vec![0xFF; FILE_BYTES_MAX + 1], &["fingerprint-file-too-large"]);
}
