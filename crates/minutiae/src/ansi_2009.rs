//! ANSI INCITS 378-2009: a header of 21 bytes, then the views with their own quality, sides and resolution.
//!
//! Start reading at [`read`].

use crate::minutia::{self, MINUTIA_BYTES, read_quality};
use crate::reader::{Reader, views};
use crate::version_30::{DEVICE_BITS, IMPRESSION_MAX, Views, begin};
use crate::writer::{VENDOR_UNKNOWN, check_view, word};
use crate::{Error, Format, Record, View};

/// Length of the record header in bytes.
const HEADER_BYTES: usize = 21;
/// Length of a view without its minutiae.
const VIEW_BYTES: usize = 19;

/// Whether the lengths of the views make up the length of the record.
pub(crate) fn adds_up(bytes: &[u8]) -> bool {
    let walk = || {
        let (mut reader, declared, count) = header(bytes)?;
        for _ in 0..count {
            reader.take(16)?;
            let count = usize::from(reader.byte()?);
            reader.take(count * MINUTIA_BYTES)?;
            reader.extended()?;
        }
        reader.end_of_record(declared)
    };
    walk().is_ok()
}

/// A cursor at the first view, the length that the record declares, and the number of its views.
fn header(bytes: &[u8]) -> Result<(Reader<'_>, u32, usize), Error> {
    let mut reader = Reader::behind_magic(bytes, HEADER_BYTES)?;
    let declared = reader.long()?;
    // Owner and type of the product; certificate and number of the device, whose field is longer than elsewhere.
    reader.take(7)?;
    let offset = reader.offset;
    let count = views(reader.byte()?.into(), 1, offset)?;
    reader.byte()?;
    Ok((reader, declared, count))
}

pub(crate) fn read(bytes: &[u8]) -> Result<Record, Error> {
    let (mut reader, declared, count) = header(bytes)?;
    let device = u16::from_be_bytes([bytes[17], bytes[18]]);
    let mut views = Views::default();
    for _ in 0..count {
        let position = reader.at_most("finger position", 10)?;
        let number = reader.at_most("view number", 15)?;
        let impression = reader.at_most("impression type", IMPRESSION_MAX)?;
        let offset = reader.offset;
        let quality = read_quality(reader.byte()?, offset, "finger quality", Format::Ansi2009)?;
        // Vendor and number of the algorithm that measured it.
        reader.take(4)?;
        let sides = [reader.word()?, reader.word()?];
        let offset = reader.offset;
        let resolution = [reader.resolution()?, reader.resolution()?];
        let minutiae = minutia::read_all(&mut reader, MINUTIA_BYTES, Format::Ansi2009)?;
        views.add(View { position, number, impression, quality, minutiae }, device, sides, resolution, offset)?;
    }
    reader.end_of_record(declared)?;
    Ok(views.into_record())
}

pub(crate) fn write(record: &Record) -> Result<Vec<u8>, Error> {
    let mut out = begin(record, HEADER_BYTES, VIEW_BYTES)?;
    word(VENDOR_UNKNOWN, &mut out);
    out.extend([0; 3]);
    word(record.capture_equipment & DEVICE_BITS, &mut out);
    out.extend([record.views.len() as u8, 0]);
    for view in &record.views {
        check_view(view, IMPRESSION_MAX.into())?;
        let quality = minutia::quality(view.quality, Format::Ansi2009);
        out.extend([view.position, view.number, view.impression, quality]);
        word(VENDOR_UNKNOWN, &mut out);
        for value in [0, record.width, record.height, record.resolution_x, record.resolution_y] {
            word(value, &mut out);
        }
        minutia::write_all(&view.minutiae, Format::Ansi2009, &mut out)?;
    }
    Ok(out)
}
