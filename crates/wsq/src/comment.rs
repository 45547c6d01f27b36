//! The comment that states width, height and resolution as lines of words: NISTCOM.
//!
//! Lines are `NAME value`; the first is `NIST_COM` with their count. The standard of the format has no field for the
//! resolution, so this comment is where writers put it.
//! Start reading at [`resolution`].

use crate::{Image, Rate};

/// Resolutions that are believed, in pixels for each inch.
const PPI: std::ops::RangeInclusive<u32> = 1..=10_000;

/// The resolution that a comment states; a writer that does not know it says -1.
pub(crate) fn resolution(comment: &[u8]) -> Option<u32> {
    if !comment.starts_with(b"NIST_COM") {
        return None;
    }
    let line = comment.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"PPI "))?;
    let number = std::str::from_utf8(line).ok()?.trim().parse().ok()?;
    PPI.contains(&number).then_some(number)
}

/// The comment of an image.
pub(crate) fn of(image: &Image, rate: Rate) -> String {
    let ppi = image.ppi.map_or("-1".to_owned(), |ppi| ppi.to_string());
    format!(
        "NIST_COM 9\nPIX_WIDTH {}\nPIX_HEIGHT {}\nPIX_DEPTH 8\nPPI {ppi}\nLOSSY 1\nCOLORSPACE GRAY\nCOMPRESSION WSQ\n\
         WSQ_BITRATE {:.6}",
        image.width,
        image.height,
        rate.bits()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resolution_is_found_where_it_is_stated() {
        let check = |comment: &[u8], expected| assert_eq!(resolution(comment), expected);
        check(b"NIST_COM 2\nPPI 500\n", Some(500));
        check(b"NIST_COM 2\nPPI 1000", Some(1_000));
        check(b"NIST_COM 2\nPPI -1\n", None);
        check(b"NIST_COM 2\nPPI 0\n", None);
        check(b"NIST_COM 2\nPPI 99999999999999\n", None);
        check(b"NIST_COM 2\nPPI \xFF\n", None);
        check(b"PPI 500\n", None);
        let image = Image { width: 3, height: 4, ppi: Some(569), pixels: vec![0; 12] };
        check(of(&image, Rate::USUAL).as_bytes(), Some(569));
        check(of(&Image { ppi: None, ..image }, Rate::FINE).as_bytes(), None);
    }
}
