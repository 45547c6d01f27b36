//! ISO/IEC 19794-2:2011, clause 8: a header of 15 bytes, then the views with their own length, device, quality, resolution
//! and sides.
//!
//! Start reading at [`read`].

use crate::minutia::{self, MINUTIA_BYTES, read_quality};
use crate::reader::{Reader, views};
use crate::version_30::{DEVICE_BITS, IMPRESSION_MAX, Views, begin, bytes};
use crate::writer::{VENDOR_UNKNOWN, check_view, long, word};
use crate::{Error, Format, Record, View};

/// Length of the record header in bytes.
const HEADER_BYTES: usize = 15;
/// Length of a view without quality, certificates and minutiae.
const VIEW_BYTES_MIN: usize = 34;
/// Length of a view as it is written, without its minutiae: with one block of quality.
const VIEW_BYTES: usize = VIEW_BYTES_MIN + 5;

/// Whether the lengths of the views make up the length of the record.
pub(crate) fn adds_up(bytes: &[u8]) -> bool {
    let walk = || {
        let mut reader = Reader::behind_magic(bytes, HEADER_BYTES)?;
        let declared = reader.long()?;
        let count = reader.word()?;
        reader.byte()?;
        for _ in 0..count {
            let rest = (reader.long()? as usize).checked_sub(4);
            let offset = reader.offset;
            reader.take(rest.ok_or(Error::Truncated { offset, missing: 0 })?)?;
        }
        reader.end_of_record(declared)
    };
    walk().is_ok()
}

pub(crate) fn read(bytes: &[u8]) -> Result<Record, Error> {
    let mut reader = Reader::behind_magic(bytes, HEADER_BYTES)?;
    let declared = reader.long()?;
    let offset = reader.offset;
    let count = views(reader.word()?.into(), 1, offset)?;
    let certificates = reader.at_most("device certification flag", 1)? == 1;
    let mut views = Views::default();
    for _ in 0..count {
        let offset = reader.offset;
        let length = reader.long()?;
        let too_short = Error::BadValue { field: "length of a view", value: length, offset };
        let rest = (length as usize).checked_sub(4).ok_or(too_short)?;
        read_view(reader.part(rest)?, certificates, &mut views)?;
    }
    reader.end_of_record(declared)?;
    Ok(views.into_record())
}

fn read_view(mut reader: Reader<'_>, certificates: bool, views: &mut Views) -> Result<(), Error> {
    // Date and time, technology and vendor of the device.
    reader.take(12)?;
    let device = reader.word()?;
    let mut quality = None;
    for _ in 0..reader.byte()? {
        let offset = reader.offset;
        let value = read_quality(reader.byte()?, offset, "finger quality", Format::Iso2011)?;
        quality = quality.or(Some(value).filter(|&value| value > 0));
        // Vendor and number of the algorithm.
        reader.take(4)?;
    }
    if certificates {
        let count = usize::from(reader.byte()?);
        reader.take(3 * count)?;
    }
    let position = reader.at_most("finger position", 10)?;
    let number = reader.at_most("view number", 15)?;
    let offset = reader.offset;
    let resolution = [reader.resolution()?, reader.resolution()?];
    let impression = reader.at_most("impression type", IMPRESSION_MAX)?;
    let sides = [reader.word()?, reader.word()?];
    // The lower four bits say how the place of a ridge ending was found.
    let field = reader.offset;
    let bytes = usize::from(reader.byte()? >> 4);
    if !(5..=6).contains(&bytes) {
        return Err(Error::BadValue { field: "length of a minutia", value: bytes as u32, offset: field });
    }
    let minutiae = minutia::read_all(&mut reader, bytes, Format::Iso2011)?;
    reader.end()?;
    let view = View { position, number, impression, quality: quality.unwrap_or(0), minutiae };
    views.add(view, device, sides, resolution, offset)
}

pub(crate) fn write(record: &Record) -> Result<Vec<u8>, Error> {
    let mut out = begin(record, HEADER_BYTES, VIEW_BYTES)?;
    word(record.views.len() as u16, &mut out);
    out.push(0);
    for view in &record.views {
        check_view(view, IMPRESSION_MAX.into())?;
        long(bytes(view, VIEW_BYTES), &mut out);
        // Neither the time nor the device's technology and vendor are known.
        out.extend([0xFF; 9]);
        out.extend([0; 3]);
        word(record.capture_equipment & DEVICE_BITS, &mut out);
        out.extend([1, minutia::quality(view.quality, Format::Iso2011)]);
        word(VENDOR_UNKNOWN, &mut out);
        word(0, &mut out);
        out.extend([view.position, view.number]);
        word(record.resolution_x, &mut out);
        word(record.resolution_y, &mut out);
        out.push(view.impression);
        word(record.width, &mut out);
        word(record.height, &mut out);
        out.push((MINUTIA_BYTES as u8) << 4);
        minutia::write_all(&view.minutiae, Format::Iso2011, &mut out)?;
    }
    Ok(out)
}
