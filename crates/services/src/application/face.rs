//! The face of an application: whether the file is whole, and how large the picture is, before anything is decoded.
//!
//! Standard: ISO/IEC 10918-1 (JPEG), annex B: markers and segments. ISO/IEC 15444-1 (JPEG 2000), annex I: boxes.
//! Invariant: a face that is taken in ends where its format says that it ends; a decoder that fills up what is missing with
//! grey is not asked.

use crate::Error;

/// Pixels on a side.
const SIDE_PIXELS_MAX: u32 = 4_000;

/// An error unless the sides are those of a face.
fn sides(width: u32, height: u32) -> Result<(), Error> {
    if width > SIDE_PIXELS_MAX || height > SIDE_PIXELS_MAX {
        let arguments = [("width", width), ("height", height), ("max", SIDE_PIXELS_MAX)]
            .map(|(name, value)| (name, value.to_string()));
        return Err(Error::Input { code: "face-dimensions", arguments: arguments.into() });
    }
    if width == 0 || height == 0 { Err(Error::input("face-truncated")) } else { Ok(()) }
}

/// An error unless the file is a JPEG with a size and with its end.
pub(super) fn check_jpeg(file: &[u8]) -> Result<(), Error> {
    let cut = || Error::input("face-truncated");
    let mut rest = file.get(2..).ok_or_else(cut)?;
    let mut sized = false;
    loop {
        let (marker, after) = match rest {
            [0xff, 0xff, ..] => {
                rest = &rest[1..];
                continue;
            }
            [0xff, marker, after @ ..] => (*marker, after),
            _ => return Err(cut()),
        };
        match marker {
            0xd9 => return if sized { Ok(()) } else { Err(cut()) },
            // Markers without a segment.
            0x01 | 0xd0..=0xd8 => {
                rest = after;
                continue;
            }
            _ => {}
        }
        let length = after.first_chunk::<2>().map_or(0, |bytes| usize::from(u16::from_be_bytes(*bytes)));
        let (segment, after) = after.split_at_checked(length).filter(|_| length >= 2).ok_or_else(cut)?;
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let [_, _, _, h1, h0, w1, w0, ..] = *segment else { return Err(cut()) };
            sides(u32::from(u16::from_be_bytes([w1, w0])), u32::from(u16::from_be_bytes([h1, h0])))?;
            sized = true;
        }
        rest = if marker == 0xda { scanned(after).ok_or_else(cut)? } else { after };
    }
}

/// What follows the compressed data of a scan: the next marker that is not one of the scan's own.
fn scanned(data: &[u8]) -> Option<&[u8]> {
    let own = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    data.windows(2).position(own).map(|at| &data[at..])
}

/// An error unless the file is a JPEG 2000 file: its boxes can be read, the header has a size, and the picture its end.
pub(super) fn check_jp2(file: &[u8]) -> Result<(), Error> {
    let damaged = || Error::input("face-jp2");
    let boxes = boxes(file).ok_or_else(damaged)?;
    let find = |boxes: &[([u8; 4], &[u8])], kind: &[u8; 4]| -> Option<Vec<u8>> {
        boxes.iter().find(|(own, _)| own == kind).map(|(_, content)| content.to_vec())
    };
    let header = find(&boxes, b"jp2h").ok_or_else(damaged)?;
    let inner = self::boxes(&header).ok_or_else(damaged)?;
    let size = find(&inner, b"ihdr").filter(|size| size.len() == 14).ok_or_else(damaged)?;
    let number = |at: usize| u32::from_be_bytes([size[at], size[at + 1], size[at + 2], size[at + 3]]);
    sides(number(4), number(0))?;
    let picture = find(&boxes, b"jp2c").ok_or_else(damaged)?;
    // Start of codestream and size; end of codestream.
    if picture.starts_with(&[0xff, 0x4f, 0xff, 0x51]) && picture.ends_with(&[0xff, 0xd9]) {
        return Ok(());
    }
    Err(Error::input("face-truncated"))
}

/// The boxes of a file or of a box, kind and content; none if they do not fill it exactly.
fn boxes(mut bytes: &[u8]) -> Option<Vec<([u8; 4], &[u8])>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (length, head, rest) = match u32::from_be_bytes(*length) {
            // To the end of the file.
            0 => (bytes.len() as u64, 8, rest),
            1 => {
                let (long, rest) = rest.split_first_chunk::<8>()?;
                (u64::from_be_bytes(*long), 16, rest)
            }
            length => (u64::from(length), 8, rest),
        };
        let content = usize::try_from(length.checked_sub(head)?).ok()?;
        let (content, after) = rest.split_at_checked(content)?;
        all.push((*kind, content));
        bytes = after;
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jp2(width: u32, picture: &[u8]) -> Vec<u8> {
        let of = |kind: &[u8; 4], content: &[u8]| {
            [&(content.len() as u32 + 8).to_be_bytes(), kind.as_slice(), content].concat()
        };
        let size = [&400u32.to_be_bytes()[..], &width.to_be_bytes(), &[0, 3, 7, 7, 0, 0]].concat();
        let boxes = [
            of(b"jP  ", &[13, 10, 0x87, 10]),
            of(b"ftyp", b"jp2 \0\0\0\0jp2 "),
            of(b"jp2h", &of(b"ihdr", &size)),
            of(b"jp2c", picture),
        ];
        boxes.concat()
    }

    #[test]
    fn a_jpeg_has_a_size_and_an_end() {
        let jpeg = |width: u16, end: &[u8]| {
            let size = [&[0xff, 0xc0, 0, 11, 8, 1, 0][..], &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
            [
                &[0xff, 0xd8][..],
                &[0xff, 0xe0, 0, 4, 0xff, 0xd9],
                &size,
                &[0xff, 0xda, 0, 2, 1, 0xff, 0, 0xff, 0xd0, 2],
                end,
            ]
            .concat()
        };
        let code = |bytes: &[u8]| check_jpeg(bytes).unwrap_err().code();
        assert_eq!(check_jpeg(&jpeg(300, &[0xff, 0xd9])), Ok(()));
        assert_eq!(code(&jpeg(300, &[])), "face-truncated");
        assert_eq!(code(&jpeg(20_000, &[0xff, 0xd9])), "face-dimensions");
        let whole = jpeg(300, &[0xff, 0xd9]);
        for cut in 0..whole.len() {
            assert_eq!(code(&whole[..cut]), "face-truncated", "{cut}");
        }
    }

    #[test]
    fn a_jp2_has_boxes_a_size_and_an_end() {
        let picture = [0xff, 0x4f, 0xff, 0x51, 0, 0, 0xff, 0xd9];
        let code = |bytes: &[u8]| check_jp2(bytes).unwrap_err().code();
        assert_eq!(check_jp2(&jp2(300, &picture)), Ok(()));
        assert_eq!(code(&jp2(20_000, &picture)), "face-dimensions");
        assert_eq!(code(&jp2(300, &picture[..6])), "face-truncated");
        let whole = jp2(300, &picture);
        for cut in [12, 20, 50, whole.len() - 1] {
            assert_eq!(code(&whole[..cut]), "face-jp2", "{cut}");
        }
    }
}
