//! A cursor over bytes that knows its offset, and the checks that all formats share.

use crate::{Error, VIEWS_MAX};

/// A cursor that knows its offset.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where the next field begins.
    pub(crate) offset: usize,
}

impl<'a> Reader<'a> {
    /// A cursor behind format identifier and version, if the whole header is there.
    pub(crate) fn behind_magic(bytes: &'a [u8], header: usize) -> Result<Self, Error> {
        if bytes.len() < header {
            return Err(Error::Truncated { offset: bytes.len(), missing: header - bytes.len() });
        }
        Ok(Self { bytes, offset: 8 })
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let Some(field) = rest.get(..count) else {
            return Err(Error::Truncated { offset: self.offset, missing: count - rest.len() });
        };
        self.offset += count;
        Ok(field)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    pub(crate) fn word(&mut self) -> Result<u16, Error> {
        let field = self.take(2)?;
        Ok(u16::from_be_bytes([field[0], field[1]]))
    }

    pub(crate) fn long(&mut self) -> Result<u32, Error> {
        let field = self.take(4)?;
        Ok(u32::from_be_bytes([field[0], field[1], field[2], field[3]]))
    }

    /// A cursor over so many bytes from here, which this one passes over.
    pub(crate) fn part(&mut self, count: usize) -> Result<Self, Error> {
        let offset = self.offset;
        self.take(count)?;
        Ok(Self { bytes: &self.bytes[..self.offset], offset })
    }

    /// A byte that is at most `limit`.
    pub(crate) fn at_most(&mut self, field: &'static str, limit: u8) -> Result<u8, Error> {
        let offset = self.offset;
        let value = self.byte()?;
        if value > limit { Err(Error::BadValue { field, value: value.into(), offset }) } else { Ok(value) }
    }

    /// A resolution in pixels per centimetre; zero would make every distance meaningless.
    pub(crate) fn resolution(&mut self) -> Result<u16, Error> {
        let offset = self.offset;
        match self.word()? {
            0 => Err(Error::BadValue { field: "resolution", value: 0, offset }),
            value => Ok(value),
        }
    }

    /// Extended data: its length, then that many bytes, which are not interpreted.
    pub(crate) fn extended(&mut self) -> Result<(), Error> {
        let length = usize::from(self.word()?);
        self.take(length).map(|_| ())
    }

    /// Nothing remains.
    pub(crate) fn end(&self) -> Result<(), Error> {
        let extra = self.bytes.len() - self.offset;
        if extra > 0 { Err(Error::TrailingBytes { offset: self.offset, extra }) } else { Ok(()) }
    }

    /// Nothing remains, and the length in the header is what was read.
    pub(crate) fn end_of_record(&self, declared: u32) -> Result<(), Error> {
        self.end()?;
        let actual = self.offset;
        if declared as usize == actual { Ok(()) } else { Err(Error::WrongLength { declared, actual }) }
    }
}

/// A number of views within the bounds.
pub(crate) fn views(count: usize, least: usize, offset: usize) -> Result<usize, Error> {
    if (least..=VIEWS_MAX).contains(&count) {
        Ok(count)
    } else {
        Err(Error::BadValue { field: "number of views", value: count as u32, offset })
    }
}
