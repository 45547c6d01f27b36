//! ISO/IEC 19794-2:2005, clause 7: a header of 24 bytes, then the views.
//!
//! Every length is compared with what remains before anything is reserved.
//! Start reading at [`read`].

use crate::format::MAGIC_20;
use crate::reader::{Reader, views};
use crate::writer::{check_record, long, word};
use crate::{Error, Format, Record, view};

/// Length of the record header in bytes.
const HEADER_BYTES: usize = 24;

pub(crate) fn read(bytes: &[u8]) -> Result<Record, Error> {
    let mut reader = Reader::behind_magic(bytes, HEADER_BYTES)?;
    let declared = reader.long()?;
    let record = rest(&mut reader, Format::Iso2005)?;
    reader.end_of_record(declared)?;
    Ok(record)
}

/// What follows the length, and in ANSI INCITS 378-2004 the product identifier: the same in both standards.
pub(crate) fn rest(reader: &mut Reader<'_>, format: Format) -> Result<Record, Error> {
    let capture_equipment = reader.word()?;
    let (width, height) = (reader.word()?, reader.word()?);
    let (resolution_x, resolution_y) = (reader.resolution()?, reader.resolution()?);
    let offset = reader.offset;
    let count = views(reader.byte()?.into(), 0, offset)?;
    reader.byte()?;
    let views = (0..count).map(|_| view::read(reader, format)).collect::<Result<_, Error>>()?;
    Ok(Record { capture_equipment, width, height, resolution_x, resolution_y, views })
}

pub(crate) fn write(record: &Record) -> Result<Vec<u8>, Error> {
    let mut out = MAGIC_20.to_vec();
    long(HEADER_BYTES + record.views.iter().map(view::bytes).sum::<usize>(), &mut out);
    write_rest(record, Format::Iso2005, &mut out)?;
    Ok(out)
}

/// Writes what [`rest`] reads.
pub(crate) fn write_rest(record: &Record, format: Format, out: &mut Vec<u8>) -> Result<(), Error> {
    check_record(record)?;
    for value in [record.capture_equipment, record.width, record.height, record.resolution_x, record.resolution_y] {
        word(value, out);
    }
    out.extend([record.views.len() as u8, 0]);
    record.views.iter().try_for_each(|view| view::write(view, format, out))
}
