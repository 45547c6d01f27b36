//! The four formats: vectors written out by hand from the layouts, each fault by name and offset, and round trips.

use minutiae::{Error, Format, Kind, Minutia, RECORD_BYTES_MAX, Record, View};
use proptest::prelude::*;

const FORMATS: [Format; 4] = [Format::Iso2005, Format::Iso2011, Format::Ansi2004, Format::Ansi2009];

/// One view with two minutiae and three bytes of extended data.
const ISO_2005: [u8; 45] = [
    b'F', b'M', b'R', 0, b' ', b'2', b'0', 0, 0, 0, 0, 45, 0, 7, 1, 0x2C, 1, 0x90, 0, 0xC5, 0, 0xC5, 1, 0, //
    3, 0x10, 77, 2, //
    0x40, 10, 0, 20, 64, 90, //
    0x81, 0, 0, 30, 128, 0, //
    0, 3, 9, 9, 9,
];

/// The same, with a product identifier and angles in steps of two degrees.
const ANSI_2004: [u8; 47] = [
    b'F', b'M', b'R', 0, b' ', b'2', b'0', 0, 0, 47, 0x01, 0x03, 0, 1, 0, 7, 1, 0x2C, 1, 0x90, 0, 0xC5, 0, 0xC5, 1,
    0, //
    3, 0x10, 77, 2, //
    0x40, 10, 0, 20, 45, 90, //
    0x81, 0, 0, 30, 90, 0, //
    0, 3, 9, 9, 9,
];

/// The same, with two blocks of quality, of which the first says nothing, one certificate, and a date.
const ISO_2011: [u8; 78] = [
    b'F', b'M', b'R', 0, b'0', b'3', b'0', 0, 0, 0, 0, 78, 0, 1, 1, //
    0, 0, 0, 63, 0x07, 0xEA, 11, 23, 2, 18, 37, 0, 0, 10, 0, 5, 0, 7, //
    2, 255, 0, 1, 0, 2, 77, 1, 3, 0, 0, 1, 0, 3, 1, //
    3, 1, 0, 0xC5, 0, 0xC5, 0, 1, 0x2C, 1, 0x90, 0x60, 2, //
    0x40, 10, 0, 20, 64, 90, //
    0x81, 0, 0, 30, 128, 254, //
    0, 3, 9, 9, 9,
];

/// The same, with an algorithm of quality.
const ANSI_2009: [u8; 55] = [
    b'F', b'M', b'R', 0, b'0', b'3', b'0', 0, 0, 0, 0, 55, 0x01, 0x03, 0, 1, 0x80, 0, 7, 1, 0, //
    3, 1, 0, 77, 1, 3, 0, 1, 1, 0x2C, 1, 0x90, 0, 0xC5, 0, 0xC5, 2, //
    0x40, 10, 0, 20, 45, 90, //
    0x81, 0, 0, 30, 90, 255, //
    0, 3, 9, 9, 9,
];

fn vector(format: Format) -> &'static [u8] {
    match format {
        Format::Iso2005 => &ISO_2005,
        Format::Iso2011 => &ISO_2011,
        Format::Ansi2004 => &ANSI_2004,
        Format::Ansi2009 => &ANSI_2009,
    }
}

/// What every vector says.
fn expected() -> Record {
    let minutiae = vec![
        Minutia { kind: Kind::Ending, x: 10, y: 20, angle: 64, quality: 90 },
        Minutia { kind: Kind::Bifurcation, x: 256, y: 30, angle: 128, quality: 0 },
    ];
    let view = View { position: 3, number: 1, impression: 0, quality: 77, minutiae };
    Record { capture_equipment: 7, width: 300, height: 400, resolution_x: 197, resolution_y: 197, views: vec![view] }
}

#[test]
fn records_written_by_hand_are_read() {
    for format in FORMATS {
        let bytes = vector(format);
        assert_eq!(Format::of(bytes), Some(format));
        assert_eq!(Record::parse(bytes), Ok(expected()), "{format:?}");
        // What is written has no extended data, and is of the format that was asked for.
        let written = expected().to_bytes_as(format).expect("it fits");
        assert_eq!((Format::of(&written), Record::parse(&written)), (Some(format), Ok(expected())), "{format:?}");
    }
    // A minutia of five bytes has no quality.
    let mut short = ISO_2011.to_vec();
    short[59] = 0x50;
    short.remove(72);
    short.remove(66);
    (short[11], short[18]) = (76, 61);
    let mut without = expected();
    without.views[0].minutiae[0].quality = 0;
    assert_eq!(Record::parse(&short), Ok(without));
}

fn check(format: Format, change: impl Fn(&mut Vec<u8>), expected: Error) {
    let mut bytes = vector(format).to_vec();
    change(&mut bytes);
    assert_eq!(Record::parse(&bytes), Err(expected), "{format:?}");
}

#[test]
fn each_fault_has_its_name_and_offset() {
    let bad = |field, value, offset| Error::BadValue { field, value, offset };
    for format in FORMATS {
        let length = vector(format).len();
        check(format, |b| b.clear(), Error::NotARecord);
        check(format, |b| b[5] = b'4', Error::NotARecord);
        check(format, |b| b.resize(300_000, 0), Error::TooLong { bytes: 300_000, limit: RECORD_BYTES_MAX });
        for cut in 0..length {
            assert!(Record::parse(&vector(format)[..cut]).is_err(), "{format:?} {cut}");
        }
    }
    let iso = |change: &dyn Fn(&mut Vec<u8>), expected| check(Format::Iso2005, change, expected);
    iso(&|b| b.truncate(20), Error::Truncated { offset: 20, missing: 4 });
    iso(&|b| b.truncate(35), Error::Truncated { offset: 28, missing: 5 });
    iso(&|b| b[11] = 44, Error::WrongLength { declared: 44, actual: 45 });
    iso(&|b| b.push(0), Error::TrailingBytes { offset: 45, extra: 1 });
    iso(&|b| b[19] = 0, bad("resolution", 0, 18));
    iso(&|b| b[22] = 200, bad("number of views", 200, 22));
    iso(&|b| b[24] = 11, bad("finger position", 11, 24));
    iso(&|b| b[26] = 101, bad("finger quality", 101, 26));
    iso(&|b| b[28] = 0xC0, bad("minutia type", 3, 28));
    iso(&|b| b[33] = 254, bad("minutia quality", 254, 33));
    let ansi = |change: &dyn Fn(&mut Vec<u8>), expected| check(Format::Ansi2004, change, expected);
    ansi(&|b| b[9] = 46, Error::WrongLength { declared: 46, actual: 47 });
    ansi(&|b| b.push(0), Error::TrailingBytes { offset: 47, extra: 1 });
    ansi(&|b| b[34] = 180, bad("minutia angle", 180, 34));
    let iso = |change: &dyn Fn(&mut Vec<u8>), expected| check(Format::Iso2011, change, expected);
    iso(&|b| b[11] = 77, Error::WrongLength { declared: 77, actual: 78 });
    iso(&|b| b[13] = 0, bad("number of views", 0, 12));
    iso(&|b| b[12] = 9, bad("number of views", 9 * 256 + 1, 12));
    iso(&|b| b[14] = 2, bad("device certification flag", 2, 14));
    iso(&|b| b[18] = 3, bad("length of a view", 3, 15));
    iso(&|b| b[18] = 62, Error::Truncated { offset: 75, missing: 1 });
    iso(&|b| b[15..19].fill(255), Error::Truncated { offset: 19, missing: 0xFFFF_FFFB - 59 });
    iso(&|b| b[39] = 101, bad("finger quality", 101, 39));
    iso(&|b| b[49] = 16, bad("view number", 16, 49));
    iso(&|b| b[54] = 30, bad("impression type", 30, 54));
    iso(&|b| b[59] = 0x70, bad("length of a minutia", 7, 59));
    let ansi = |change: &dyn Fn(&mut Vec<u8>), expected| check(Format::Ansi2009, change, expected);
    ansi(&|b| b[42] = 180, bad("minutia angle", 180, 42));
    ansi(&|b| b[24] = 101, bad("finger quality", 101, 24));
    ansi(&|b| b[21] = 11, bad("finger position", 11, 21));
}

#[test]
fn views_that_one_record_cannot_hold_are_refused_and_sides_are_the_largest() {
    let mut record = expected();
    record.views.push(View { number: 2, ..record.views[0].clone() });
    // Where the second view begins, and its fields behind that.
    for (format, resolution, width) in [(Format::Iso2011, 66 + 26, 66 + 31), (Format::Ansi2009, 52 + 12, 52 + 8)] {
        let bytes = record.to_bytes_as(format).expect("it fits");
        let mut other = bytes.clone();
        assert_eq!(other[resolution..resolution + 2], [0, 197], "{format:?}");
        other[resolution + 1] = 236;
        assert_eq!(Record::parse(&other), Err(Error::MixedResolution { offset: resolution }));
        let mut wider = bytes;
        assert_eq!(wider[width..width + 2], [1, 0x2C]);
        wider[width] = 2;
        assert_eq!(Record::parse(&wider).map(|record| record.width), Ok(0x22C));
    }
    let none = Record { views: Vec::new(), ..expected() };
    for (format, refused) in FORMATS.map(|format| (format, matches!(format, Format::Iso2011 | Format::Ansi2009))) {
        assert_eq!(none.to_bytes_as(format).err(), refused.then_some(Error::NoView));
    }
}

#[test]
fn values_that_do_not_fit_are_refused() {
    let check = |change: &dyn Fn(&mut Record), field, value, limit| {
        let mut record = expected();
        change(&mut record);
        for format in FORMATS {
            assert_eq!(record.to_bytes_as(format), Err(Error::DoesNotFit { field, value, limit }), "{format:?}");
        }
    };
    check(&|r| r.views[0].minutiae[0].x = 16_384, "x", 16_384, 16_383);
    check(&|r| r.views[0].minutiae[0].quality = 101, "minutia quality", 101, 100);
    check(&|r| r.views[0].position = 11, "finger position", 11, 10);
    check(&|r| r.resolution_x = 0, "resolution", 0, 65_535);
    let swipe = |r: &mut Record| r.views[0].impression = 24;
    let mut record = expected();
    swipe(&mut record);
    for format in FORMATS {
        let limit = Error::DoesNotFit { field: "impression type", value: 24, limit: 15 };
        let older = matches!(format, Format::Iso2005 | Format::Ansi2004);
        assert_eq!(record.to_bytes_as(format).err(), older.then_some(limit));
    }
}

#[test]
fn a_record_too_long_for_two_bytes_of_length_is_read_again() {
    let minutia = Minutia { kind: Kind::Other, x: 1, y: 2, angle: 0, quality: 0 };
    let view = View { position: 1, number: 0, impression: 0, quality: 9, minutiae: vec![minutia; 255] };
    let record = Record { views: vec![view; 50], ..expected() };
    for format in FORMATS {
        let bytes = record.to_bytes_as(format).expect("it fits");
        assert!(bytes.len() > 0x1_0000);
        assert_eq!(Record::parse(&bytes).as_ref(), Ok(&record), "{format:?}");
    }
}

fn minutiae() -> impl Strategy<Value = Minutia> {
    let kind = prop_oneof![Just(Kind::Other), Just(Kind::Ending), Just(Kind::Bifurcation)];
    (kind, 0..=0x3FFFu16, 0..=0x3FFFu16, any::<u8>(), 0..=100u8).prop_map(|(kind, x, y, angle, quality)| Minutia {
        kind,
        x,
        y,
        angle,
        quality,
    })
}

fn views() -> impl Strategy<Value = View> {
    (0..=10u8, 0..=15u8, 0..=15u8, 0..=100u8, prop::collection::vec(minutiae(), 0..60)).prop_map(
        |(position, number, impression, quality, minutiae)| View { position, number, impression, quality, minutiae },
    )
}

/// Records that each of the formats can hold.
fn records() -> impl Strategy<Value = Record> {
    let head = (0..=0x0FFFu16, any::<u16>(), any::<u16>(), 1..=u16::MAX, 1..=u16::MAX);
    (head, prop::collection::vec(views(), 1..4)).prop_map(
        |((capture_equipment, width, height, resolution_x, resolution_y), views)| Record {
            capture_equipment,
            width,
            height,
            resolution_x,
            resolution_y,
            views,
        },
    )
}

fn formats() -> impl Strategy<Value = Format> {
    prop::sample::select(FORMATS.as_slice())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(record in records(), format in formats()) {
        let bytes = record.to_bytes_as(format).unwrap();
        prop_assert_eq!(Format::of(&bytes), Some(format));
        let read = Record::parse(&bytes).unwrap();
        // Steps of two degrees are coarser; read once, they stay.
        prop_assert_eq!(read.to_bytes_as(format).unwrap(), bytes);
        let mut near = read.clone();
        for (view, original) in near.views.iter_mut().zip(&record.views) {
            for (minutia, original) in view.minutiae.iter_mut().zip(&original.minutiae) {
                let off = minutia.angle.wrapping_sub(original.angle) as i8;
                prop_assert!(off.unsigned_abs() <= 1);
                minutia.angle = original.angle;
            }
        }
        prop_assert_eq!(&near, &record);
        if matches!(format, Format::Iso2005 | Format::Iso2011) {
            prop_assert_eq!(read, record);
        }
    }

    #[test]
    fn any_change_of_a_record_is_read_or_refused(
        record in records(), format in formats(), at in any::<usize>(), with in any::<u8>(), cut in any::<usize>(),
    ) {
        let mut bytes = record.to_bytes_as(format).unwrap();
        let length = bytes.len();
        bytes[at % length] = with;
        bytes.truncate(length - cut % 8);
        if let Ok(read) = Record::parse(&bytes) {
            let format = Format::of(&bytes).unwrap();
            prop_assert_eq!(Record::parse(&read.to_bytes_as(format).unwrap()), Ok(read));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Record::parse(&bytes);
        let _ = Record::parse(&[b"FMR\0 20\0", bytes.as_slice()].concat());
        let _ = Record::parse(&[b"FMR\x00030\0", bytes.as_slice()].concat());
    }
}
