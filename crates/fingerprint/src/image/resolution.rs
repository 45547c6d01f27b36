//! The resolution that an image file states of itself.
//!
//! Read from the places where PNG (chunk `pHYs`), TIFF (tags 282, 283 and 296), BMP (pixels per metre) and JPEG (the JFIF
//! header) keep it; PGM has none. WSQ's comes with its pixels.
//! Invariant: any bytes are taken; whatever is missing, malformed or different in both directions is no resolution.
//! Not believed: a resolution that prints are not captured at. Programs write 72 or 96 dpi where they know nothing.
//! Start reading at [`stated`].

use super::DPI_RANGE;
use image::ImageFormat;

/// The resolution in dots per inch, the same in both directions.
pub(super) fn stated(bytes: &[u8], format: ImageFormat) -> Option<u32> {
    let both = match format {
        ImageFormat::Png => png(bytes),
        ImageFormat::Tiff => tiff(bytes),
        ImageFormat::Bmp => bmp(bytes),
        ImageFormat::Jpeg => jpeg(bytes),
        _ => None,
    }?;
    believed(both[0]).filter(|_| both[0] == both[1])
}

/// A resolution that prints are captured at.
pub(super) fn believed(dpi: u32) -> Option<u32> {
    DPI_RANGE.contains(&dpi).then_some(dpi)
}

fn png(bytes: &[u8]) -> Option<[u32; 2]> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let (kind, body) = rest.get(4..)?.split_at_checked(4)?;
        match kind {
            b"pHYs" => {
                let per_metre = [at::<4>(body, 0)?, at(body, 4)?].map(u32::from_be_bytes);
                return (body.get(8) == Some(&1)).then(|| per_metre.map(metre));
            }
            // The pixels begin; what follows them is not looked for.
            b"IDAT" => return None,
            _ => rest = body.get(length.checked_add(4)?..)?,
        }
    }
}

fn tiff(bytes: &[u8]) -> Option<[u32; 2]> {
    let little = bytes.starts_with(b"II");
    let word =
        |offset| at(bytes, offset).map(|word| if little { u16::from_le_bytes(word) } else { u16::from_be_bytes(word) });
    let long =
        |offset| at(bytes, offset).map(|long| if little { u32::from_le_bytes(long) } else { u32::from_be_bytes(long) });
    let directory = long(4)? as usize;
    let (mut across, mut down, mut unit) = (None, None, 2);
    for entry in 0..usize::from(word(directory)?) {
        let entry = directory.checked_add(2 + 12 * entry)?;
        let ratio = || {
            let offset = long(entry + 8)? as usize;
            let (above, below) = (u64::from(long(offset)?), u64::from(long(offset.checked_add(4)?)?));
            // In hundredths, so that a resolution in centimetres keeps its digits.
            u32::try_from((above * 100).checked_div(below)?).ok()
        };
        match word(entry)? {
            282 => across = ratio(),
            283 => down = ratio(),
            296 => unit = word(entry + 8)?,
            _ => {}
        }
    }
    let hundredths = [across?, down?].map(u64::from);
    let dpi = match unit {
        2 => hundredths.map(|hundredths| (hundredths + 50) / 100),
        3 => hundredths.map(|hundredths| (hundredths * 254 + 5_000) / 10_000),
        _ => return None,
    };
    Some(dpi.map(|dpi| u32::try_from(dpi).unwrap_or(u32::MAX)))
}

fn bmp(bytes: &[u8]) -> Option<[u32; 2]> {
    // Shorter headers have no such field.
    let header = u32::from_le_bytes(at(bytes, 14)?);
    let per_metre = [at(bytes, 38)?, at(bytes, 42)?].map(u32::from_le_bytes);
    (header >= 40).then(|| per_metre.map(metre))
}

fn jpeg(bytes: &[u8]) -> Option<[u32; 2]> {
    let header = bytes.get(6..)?.strip_prefix(b"JFIF\0")?;
    let both = [at(header, 3)?, at(header, 5)?].map(|word| u32::from(u16::from_be_bytes(word)));
    match header.get(2)? {
        1 => Some(both),
        2 => Some(both.map(|per_centimetre| metre(per_centimetre * 100))),
        _ => None,
    }
}

/// Pixels per metre as dots per inch.
fn metre(pixels: u32) -> u32 {
    ((u64::from(pixels) * 254 + 5_000) / 10_000) as u32
}

fn at<const LENGTH: usize>(bytes: &[u8], offset: usize) -> Option<[u8; LENGTH]> {
    bytes.get(offset..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: ImageFormat, bytes: &[u8], expected: Option<u32>) {
        assert_eq!(stated(bytes, format), expected);
        // However it is cut, nothing panics.
        for length in 0..bytes.len() {
            let _ = stated(&bytes[..length], format);
        }
    }

    fn png(across: u32, down: u32, unit: u8) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x01tEXtx\0\0\0\0\0\0\0\x09pHYs".to_vec();
        bytes.extend([across.to_be_bytes(), down.to_be_bytes()].concat());
        bytes.extend([unit, 0, 0, 0, 0, 0, 0, 0, 0, b'I', b'D', b'A', b'T']);
        bytes
    }

    fn tiff(unit: u16, above: u32, below: u32) -> Vec<u8> {
        let mut bytes = b"II*\0\x10\0\0\0".to_vec();
        bytes.extend([above.to_le_bytes(), below.to_le_bytes()].concat());
        bytes.extend(3u16.to_le_bytes());
        for (tag, kind, value) in [(282u16, 5u16, 8u32), (283, 5, 8), (296, 3, unit.into())] {
            bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            bytes.extend([1u32.to_le_bytes(), value.to_le_bytes()].concat());
        }
        bytes
    }

    fn bmp(header: u32, across: u32, down: u32) -> Vec<u8> {
        let mut bytes = vec![0; 54];
        bytes[14..18].copy_from_slice(&header.to_le_bytes());
        bytes[38..42].copy_from_slice(&across.to_le_bytes());
        bytes[42..46].copy_from_slice(&down.to_le_bytes());
        bytes
    }

    fn jpeg(unit: u8, both: u16) -> Vec<u8> {
        let both = both.to_be_bytes();
        [b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01".as_slice(), &[unit], &both, &both].concat()
    }

    #[test]
    fn each_format_states_its_resolution_in_its_own_unit() {
        check(ImageFormat::Png, &png(19_685, 19_685, 1), Some(500));
        check(ImageFormat::Png, &png(39_370, 39_370, 1), Some(1_000));
        check(ImageFormat::Png, &png(19_685, 39_370, 1), None);
        check(ImageFormat::Png, &png(19_685, 19_685, 0), None);
        check(ImageFormat::Png, &png(2_835, 2_835, 1), None);
        check(ImageFormat::Tiff, &tiff(2, 500, 1), Some(500));
        check(ImageFormat::Tiff, &tiff(2, 5_690, 10), Some(569));
        check(ImageFormat::Tiff, &tiff(3, 19_685, 100), Some(500));
        check(ImageFormat::Tiff, &tiff(1, 500, 1), None);
        check(ImageFormat::Tiff, &tiff(2, 500, 0), None);
        check(ImageFormat::Tiff, &tiff(2, u32::MAX, 1), None);
        check(ImageFormat::Bmp, &bmp(40, 19_685, 19_685), Some(500));
        check(ImageFormat::Bmp, &bmp(12, 19_685, 19_685), None);
        check(ImageFormat::Bmp, &bmp(40, 0, 0), None);
        check(ImageFormat::Jpeg, &jpeg(1, 500), Some(500));
        check(ImageFormat::Jpeg, &jpeg(2, 197), Some(500));
        check(ImageFormat::Jpeg, &jpeg(0, 500), None);
        check(ImageFormat::Pnm, b"P5\n1 1\n255\n0", None);
    }
}
