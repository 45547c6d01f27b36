//! ANSI INCITS 378-2004: as ISO/IEC 19794-2:2005, but the length takes two bytes (or six, if it does not fit them), a
//! product identifier follows it, and angles are counted in steps of two degrees.
//!
//! Start reading at [`read`].

use crate::format::MAGIC_20;
use crate::reader::Reader;
use crate::writer::{VENDOR_UNKNOWN, long, word};
use crate::{Error, Format, Record, iso_2005, view};

/// Length of the record header in bytes, with a length of two.
const HEADER_BYTES: usize = 26;

pub(crate) fn read(bytes: &[u8]) -> Result<Record, Error> {
    let mut reader = Reader::behind_magic(bytes, HEADER_BYTES)?;
    let declared = match reader.word()? {
        0 => reader.long()?,
        short => short.into(),
    };
    // Owner and type of the product that wrote the record.
    reader.take(4)?;
    let record = iso_2005::rest(&mut reader, Format::Ansi2004)?;
    reader.end_of_record(declared)?;
    Ok(record)
}

pub(crate) fn write(record: &Record) -> Result<Vec<u8>, Error> {
    let mut out = MAGIC_20.to_vec();
    let length = HEADER_BYTES + record.views.iter().map(view::bytes).sum::<usize>();
    match u16::try_from(length) {
        Ok(short) => word(short, &mut out),
        Err(_) => {
            word(0, &mut out);
            long(length + 4, &mut out);
        }
    }
    word(VENDOR_UNKNOWN, &mut out);
    word(0, &mut out);
    iso_2005::write_rest(record, Format::Ansi2004, &mut out)?;
    Ok(out)
}
