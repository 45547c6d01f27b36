//! Real prints as WSQ and back: how large they get and how much is lost.
//!
//! The set is not part of the project; without it the test says that it was skipped.

use fingerprint::{decode, decode_with_dpi};
use std::path::{Path, PathBuf};
use wsq::{Image, Rate};

fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("VANDAN_SHARED").map_or(root, PathBuf::from);
    let folder = shared.join("fingerprints/fvc2002");
    folder.is_dir().then_some(folder)
}

/// Peak signal-to-noise ratio in decibels.
fn psnr(a: &[u8], b: &[u8]) -> f64 {
    let sum: u64 = a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2)).sum();
    10.0 * (65_025.0 * a.len() as f64 / sum.max(1) as f64).log10()
}

#[test]
fn prints_are_small_and_keep_their_ridges() {
    let Some(folder) = folder() else {
        println!("skipped: no ../shared");
        return;
    };
    // Decibels that the worst print of each database must reach, at the usual and the fine rate.
    for (database, dpi, usual, fine) in
        [("DB1_B", 500, 26.5, 36.0), ("DB2_B", 569, 29.0, 38.0), ("DB3_B", 500, 26.5, 32.5), ("DB4_B", 500, 26.5, 35.0)]
    {
        for (rate, least, bits_most) in [(Rate::USUAL, usual, 0.6), (Rate::FINE, fine, 1.9)] {
            let (mut worst, mut sum, mut prints, mut bytes, mut pixels) = (f64::MAX, 0.0, 0, 0, 0);
            for name in (101..=110).flat_map(|finger| (1..=8).map(move |capture| format!("{finger}_{capture}.tif"))) {
                let file = std::fs::read(folder.join(database).join(name)).expect("the set is complete");
                let print = decode(&file).expect("an image");
                let (width, height) = (print.width(), print.height());
                let image = Image { width, height, ppi: Some(dpi), pixels: print.pixels().to_vec() };
                let stream = wsq::encode(&image, rate).expect("it fits");
                let (again, stated) = decode_with_dpi(&stream).expect("what is written is read");
                assert_eq!((again.width(), again.height(), stated), (width, height, Some(dpi)));
                let seen = psnr(print.pixels(), again.pixels());
                (worst, sum) = (worst.min(seen), sum + seen);
                (prints, bytes, pixels) = (prints + 1, bytes + stream.len(), pixels + print.pixels().len());
            }
            let (mean, bits) = (sum / f64::from(prints), 8.0 * bytes as f64 / pixels as f64);
            println!(
                "{database} at {}: {prints} prints, {mean:.1} dB, least {worst:.1} dB, {bits:.2} bits a pixel",
                rate.bits()
            );
            assert!(worst >= least && bits <= bits_most, "{database}: {worst:.1} dB, {bits:.2} bits a pixel");
        }
    }
}
