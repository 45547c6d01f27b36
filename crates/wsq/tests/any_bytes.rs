//! Streams that are damaged or made to do harm: a named error with its offset, no panic, and no work beyond the sides.

use proptest::prelude::*;
use std::sync::LazyLock;
use wsq::{BYTES_MAX, Error, Image, Rate, SIDE_PIXELS_MAX, decode, encode};

/// A stream of 60 by 50 pixels.
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let pixels = (0..60u32 * 50).map(|at| (at * at % 251) as u8).collect();
    encode(&Image { width: 60, height: 50, ppi: Some(500), pixels }, Rate::FINE).expect("it fits")
});

/// Where a marker's segment begins.
fn segment(marker: u8) -> usize {
    SMALL.windows(2).position(|pair| pair == [0xFF, marker]).expect("the stream has it")
}

fn check(change: impl Fn(&mut Vec<u8>), expected: Error) {
    let mut bytes = SMALL.clone();
    change(&mut bytes);
    assert_eq!(decode(&bytes), Err(expected));
}

#[test]
fn each_fault_has_its_name_and_offset() {
    let (transform, bins, codes, frame, block) =
        (segment(0xA4), segment(0xA5), segment(0xA6), segment(0xA2), segment(0xA3));
    let length = SMALL.len();
    let bad = |field, offset| Error::BadSegment { field, offset };
    let sides = |width, height| Error::BadSides { width, height, limit: SIDE_PIXELS_MAX };
    check(|b| b.clear(), Error::NotWsq);
    check(|b| b[1] = 0xA1, Error::NotWsq);
    check(|b| b.resize(BYTES_MAX + 1, 0), Error::TooLong { bytes: BYTES_MAX + 1, limit: BYTES_MAX });
    check(|b| b.truncate(3), Error::Truncated { offset: 3 });
    check(|b| b.truncate(length - 2), Error::Truncated { offset: length - 2 });
    check(|b| b[3] = 0xC0, Error::BadMarker { marker: 0xFFC0, offset: 2 });
    check(|b| b[4..6].fill(0), bad("the length of a segment", 4));
    check(|b| b[transform + 4] = 8, bad("the number of taps", transform + 4));
    check(|b| b[transform + 4] = 255, bad("the number of taps", transform + 4));
    check(|b| b[transform + 7] = 0, bad("a tap", transform + 6));
    check(|b| b[transform + 4] = 7, bad("the length of the transform table", transform + 54));
    check(|b| b[bins + 3] -= 1, Error::Truncated { offset: bins + 2 + 388 });
    check(|b| b[codes + 4] = 8, bad("the number of a Huffman table", codes + 4));
    let shorter = |bytes: &mut Vec<u8>| {
        let counts = &mut bytes[codes + 5..codes + 21];
        let all = counts.iter().sum();
        counts.fill(0);
        counts[0] = all;
    };
    check(shorter, bad("the lengths of the codes", codes + 4));
    check(|b| b[codes + 5..codes + 21].fill(255), bad("the number of codes", codes + 4));
    check(|b| b[frame + 6..frame + 8].fill(0), sides(60, 0));
    check(|b| b[frame + 6..frame + 10].fill(255), sides(65_535, 65_535));
    check(|b| b[block + 4] = 2, Error::Missing { field: "the Huffman table", offset: block + 5 });
    check(|b| drop(b.drain(bins..frame)), Error::Missing { field: "the quantisation table", offset: block - 386 });
    check(|b| drop(b.drain(frame..frame + 19)), Error::Missing { field: "the frame header", offset: block - 14 });
    check(|b| drop(b.drain(transform..bins)), Error::Missing { field: "the transform table", offset: length - 62 });
    // A table or a header where it may not stand any more.
    check(|b| b.splice(length - 2.., SMALL[frame..frame + 19].iter().copied()).for_each(drop), {
        Error::BadMarker { marker: 0xFFA2, offset: length - 2 }
    });
    check(
        |b| b.splice(length - 2.., [0xFF, 0xB0]).for_each(drop),
        Error::BadMarker { marker: 0xFFB0, offset: length - 2 },
    );
}

#[test]
fn blocks_that_are_missing_or_too_many_are_noticed() {
    let blocks: Vec<usize> =
        SMALL.windows(4).enumerate().filter(|(_, at)| **at == [0xFF, 0xA3, 0, 3]).map(|(at, _)| at).collect();
    let (last, length) = (blocks[2], SMALL.len());
    let mut short = SMALL.clone();
    short.drain(last..length - 2);
    assert!(matches!(decode(&short), Err(Error::WrongCount { found, expected, .. }) if found < expected));
    let mut long = SMALL.clone();
    long.splice(length - 2..length - 2, SMALL[last..length - 2].iter().copied());
    assert!(matches!(decode(&long), Err(Error::WrongCount { found, expected, .. }) if found > expected));
    // Comments without end.
    let comments = [SMALL[..2].to_vec(), [0xFF, 0xA8, 0, 2].repeat(100_000)].concat();
    assert!(matches!(decode(&comments), Err(Error::BadSegment { field: "the number of segments", .. })));
}

proptest! {
    #[test]
    fn any_change_of_a_stream_is_read_or_refused(
        changes in prop::collection::vec((any::<usize>(), any::<u8>()), 1..6),
        cut in any::<usize>(),
    ) {
        let mut bytes = SMALL.clone();
        let length = bytes.len();
        for (at, with) in changes {
            // The sides stay small, so that the test is quick.
            let at = at % length;
            if !(segment(0xA2) + 6..segment(0xA2) + 10).contains(&at) {
                bytes[at] = with;
            }
        }
        if cut % 4 == 0 {
            bytes.truncate(cut % length);
        }
        if let Ok(image) = decode(&bytes) {
            prop_assert_eq!(image.pixels.len(), (image.width * image.height) as usize);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
        let _ = decode(&[&[0xFF, 0xA0], bytes.as_slice()].concat());
    }

    #[test]
    fn any_image_comes_back(width in 1..40u32, height in 1..40u32, seed in any::<u64>(), bits in 0.05..8.0f64) {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        let image = Image { width, height, ppi: None, pixels: (0..width * height).map(|_| next()).collect() };
        let again = decode(&encode(&image, Rate::new(bits).unwrap()).unwrap()).unwrap();
        prop_assert_eq!((again.width, again.height, again.pixels.len()), (width, height, image.pixels.len()));
    }
}
