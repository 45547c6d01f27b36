//! Bytes to [`Record`].
//!
//! Standard: ISO/IEC 19794-2:2005, clause 7. Every length is compared with what remains before anything is reserved.
//! Start reading at [`Record::parse`].

use crate::{Error, HEADER_BYTES, Kind, MAGIC, MINUTIA_BYTES, Minutia, RECORD_BYTES_MAX, Record, VIEWS_MAX, View};

/// A cursor that knows its offset.
struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let Some(field) = rest.get(..count) else {
            return Err(Error::Truncated { offset: self.offset, missing: count - rest.len() });
        };
        self.offset += count;
        Ok(field)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    fn word(&mut self) -> Result<u16, Error> {
        let field = self.take(2)?;
        Ok(u16::from_be_bytes([field[0], field[1]]))
    }
}

impl Record {
    /// Reads one whole record.
    ///
    /// # Errors
    /// Any [`Error`] but `DoesNotFit`; the first fault found is reported with its offset.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(Error::TooLong { bytes: bytes.len(), limit: RECORD_BYTES_MAX });
        }
        let head = &bytes[..bytes.len().min(MAGIC.len())];
        if head.is_empty() || !MAGIC.starts_with(head) {
            return Err(Error::NotARecord);
        }
        if bytes.len() < HEADER_BYTES {
            return Err(Error::Truncated { offset: bytes.len(), missing: HEADER_BYTES - bytes.len() });
        }
        let mut reader = Reader { bytes, offset: MAGIC.len() };
        let length = reader.take(4)?;
        let declared = u32::from_be_bytes([length[0], length[1], length[2], length[3]]);
        let capture_equipment = reader.word()?;
        let (width, height) = (reader.word()?, reader.word()?);
        let (resolution_x, resolution_y) = (resolution(&mut reader)?, resolution(&mut reader)?);
        let count = usize::from(reader.byte()?);
        reader.byte()?;
        if count > VIEWS_MAX {
            return Err(Error::BadValue { field: "number of views", value: count as u32, offset: 22 });
        }
        let mut views = Vec::with_capacity(count.min(16));
        for _ in 0..count {
            views.push(view(&mut reader)?);
        }
        if reader.offset < bytes.len() {
            return Err(Error::TrailingBytes { offset: reader.offset, extra: bytes.len() - reader.offset });
        }
        if declared as usize != bytes.len() {
            return Err(Error::WrongLength { declared, actual: bytes.len() });
        }
        Ok(Self { capture_equipment, width, height, resolution_x, resolution_y, views })
    }
}

/// A resolution in pixels per centimetre; zero would make every distance meaningless.
fn resolution(reader: &mut Reader<'_>) -> Result<u16, Error> {
    let offset = reader.offset;
    match reader.word()? {
        0 => Err(Error::BadValue { field: "resolution", value: 0, offset }),
        value => Ok(value),
    }
}

fn view(reader: &mut Reader<'_>) -> Result<View, Error> {
    let offset = reader.offset;
    let position = reader.byte()?;
    if position > 10 {
        return Err(Error::BadValue { field: "finger position", value: position.into(), offset });
    }
    let packed = reader.byte()?;
    let quality = reader.byte()?;
    if quality > 100 {
        return Err(Error::BadValue { field: "finger quality", value: quality.into(), offset: offset + 2 });
    }
    let count = usize::from(reader.byte()?);
    let start = reader.offset;
    let fields = reader.take(count * MINUTIA_BYTES)?;
    let mut minutiae = Vec::with_capacity(count);
    for (index, field) in fields.chunks_exact(MINUTIA_BYTES).enumerate() {
        minutiae.push(minutia(field, start + index * MINUTIA_BYTES)?);
    }
    // Extended data: its length, then that many bytes, which are not interpreted.
    let extended = usize::from(reader.word()?);
    reader.take(extended)?;
    Ok(View { position, number: packed >> 4, impression: packed & 0x0F, quality, minutiae })
}

fn minutia(field: &[u8], offset: usize) -> Result<Minutia, Error> {
    let first = u16::from_be_bytes([field[0], field[1]]);
    let second = u16::from_be_bytes([field[2], field[3]]);
    let kind = Kind::from_bits(first >> 14).ok_or(Error::BadValue { field: "minutia type", value: 3, offset })?;
    if field[5] > 100 {
        return Err(Error::BadValue { field: "minutia quality", value: field[5].into(), offset: offset + 5 });
    }
    Ok(Minutia { kind, x: first & 0x3FFF, y: second & 0x3FFF, angle: field[4], quality: field[5] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of one view with two minutiae and three bytes of extended data, written out by hand.
    const SMALL: [u8; 45] = [
        b'F', b'M', b'R', 0, b' ', b'2', b'0', 0, 0, 0, 0, 45, 0, 0, 1, 0x2C, 1, 0x90, 0, 0xC5, 0, 0xC5, 1, 0, //
        3, 0x10, 77, 2, //
        0x40, 10, 0, 20, 64, 90, //
        0x81, 0, 0, 30, 255, 0, //
        0, 3, 9, 9, 9,
    ];

    #[test]
    fn a_record_written_by_hand_is_read() {
        let record = Record::parse(&SMALL).unwrap();
        assert_eq!((record.width, record.height, record.resolution_x), (300, 400, 197));
        let view = &record.views[0];
        assert_eq!((view.position, view.number, view.impression, view.quality), (3, 1, 0, 77));
        assert_eq!(view.minutiae[0], Minutia { kind: Kind::Ending, x: 10, y: 20, angle: 64, quality: 90 });
        assert_eq!(view.minutiae[1], Minutia { kind: Kind::Bifurcation, x: 256, y: 30, angle: 255, quality: 0 });
    }

    #[test]
    fn each_fault_has_its_name_and_offset() {
        let check = |change: &dyn Fn(&mut Vec<u8>), expected: Error| {
            let mut bytes = SMALL.to_vec();
            change(&mut bytes);
            assert_eq!(Record::parse(&bytes), Err(expected));
        };
        check(&|b| b.clear(), Error::NotARecord);
        check(&|b| b[5] = b'3', Error::NotARecord);
        check(&|b| b.truncate(20), Error::Truncated { offset: 20, missing: 4 });
        check(&|b| b.truncate(35), Error::Truncated { offset: 28, missing: 5 });
        check(&|b| b[11] = 44, Error::WrongLength { declared: 44, actual: 45 });
        check(&|b| b.push(0), Error::TrailingBytes { offset: 45, extra: 1 });
        check(&|b| b[19] = 0, Error::BadValue { field: "resolution", value: 0, offset: 18 });
        check(&|b| b[24] = 11, Error::BadValue { field: "finger position", value: 11, offset: 24 });
        check(&|b| b[28] = 0xC0, Error::BadValue { field: "minutia type", value: 3, offset: 28 });
        check(&|b| b[33] = 101, Error::BadValue { field: "minutia quality", value: 101, offset: 33 });
        check(&|b| b.resize(300_000, 0), Error::TooLong { bytes: 300_000, limit: RECORD_BYTES_MAX });
    }
}
