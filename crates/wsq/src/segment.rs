//! The segments between markers: tables and headers.
//!
//! Standard: IAFIS-IC-0110, annex B. A segment begins with its own length, which counts itself.
//! Start reading at [`Reader::segment`].

use crate::Error;
use crate::huffman::{Counts, Decoder, LENGTH_MAX};
use crate::image::check_sides;
use crate::quantise::{Bin, Table};
use crate::scaled;
use crate::subband::CODED;
use crate::wavelet::Bank;

/// The most taps of a filter; the standard's encoders use nine and seven.
const TAPS_MAX: usize = 32;
/// The largest tap; more would not be a filter that anybody uses.
const TAP_MAX: f64 = 64.0;
/// Huffman tables that a stream may hold at a time.
pub(crate) const TABLES: usize = 8;
/// Subbands with bins in the stream, those that are never coded included.
pub(crate) const LISTED: usize = 64;

/// A cursor over bytes that begin at an offset of the stream.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where the next byte stands in the stream.
    pub(crate) offset: usize,
}

impl<'a> Reader<'a> {
    /// A cursor at an offset of the stream.
    pub(crate) fn new(stream: &'a [u8], offset: usize) -> Self {
        Self { bytes: stream.get(offset..).unwrap_or_default(), offset }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let Some((field, rest)) = self.bytes.split_at_checked(count) else {
            return Err(Error::Truncated { offset: self.offset + self.bytes.len() });
        };
        self.bytes = rest;
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

    /// The next marker and where it stands; more bytes `FF` before it are passed over.
    pub(crate) fn marker(&mut self) -> Result<(u16, usize), Error> {
        let mut offset = self.offset;
        let mut marker = self.word()?;
        while marker == 0xFFFF {
            offset += 1;
            marker = 0xFF00 | u16::from(self.byte()?);
        }
        Ok((marker, offset))
    }

    /// The segment that begins here, without its length.
    pub(crate) fn segment(&mut self) -> Result<Reader<'a>, Error> {
        let offset = self.offset;
        let length = usize::from(self.word()?);
        let length = length.checked_sub(2).ok_or(Error::BadSegment { field: "the length of a segment", offset })?;
        let offset = self.offset;
        Ok(Reader { bytes: self.take(length)?, offset })
    }

    /// The bytes that remain.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.bytes
    }

    fn end(self, field: &'static str) -> Result<(), Error> {
        if self.bytes.is_empty() { Ok(()) } else { Err(Error::BadSegment { field, offset: self.offset }) }
    }

    /// A scaled number of 16 bits.
    fn scaled(&mut self) -> Result<f64, Error> {
        Ok(scaled::number(self.byte()?, self.word()?.into()))
    }

    /// A transform table.
    pub(crate) fn filters(mut self) -> Result<Bank, Error> {
        let offset = self.offset;
        let bad = |field, offset| Error::BadSegment { field, offset };
        let lengths = [usize::from(self.byte()?), usize::from(self.byte()?)];
        let odd = lengths[0] % 2 == 1;
        if lengths.iter().any(|length| !(1..=TAPS_MAX).contains(length) || (length % 2 == 1) != odd) {
            return Err(bad("the number of taps", offset));
        }
        let mut half = |length: usize| {
            let tap = |_| {
                let offset = self.offset;
                let (sign, places) = (self.byte()?, self.byte()?);
                let integer = self.take(4)?;
                let integer = u32::from_be_bytes([integer[0], integer[1], integer[2], integer[3]]);
                let tap = scaled::number(places, integer);
                if tap > TAP_MAX {
                    return Err(bad("a tap", offset));
                }
                Ok(if sign == 0 { tap } else { -tap })
            };
            (0..length.div_ceil(2)).map(tap).collect::<Result<Vec<f64>, Error>>()
        };
        let (low, high) = (half(lengths[0])?, half(lengths[1])?);
        self.end("the length of the transform table")?;
        Ok(Bank { odd, low, high })
    }

    /// A quantisation table.
    pub(crate) fn bins(mut self) -> Result<Table, Error> {
        let centre = self.scaled()? as f32;
        let mut bins = [Bin::default(); CODED];
        for band in 0..LISTED {
            let (width, zero) = (self.scaled()?, self.scaled()?);
            if let Some(bin) = bins.get_mut(band) {
                *bin = Bin { coded: width > 0.0, width: width as f32, zero: zero as f32 };
            }
        }
        self.end("the length of the quantisation table")?;
        Ok(Table { centre, bins })
    }

    /// Huffman tables, put where their numbers say.
    pub(crate) fn codes(mut self, tables: &mut [Option<Decoder>; TABLES]) -> Result<(), Error> {
        while !self.bytes.is_empty() {
            let offset = self.offset;
            let bad = |field| Error::BadSegment { field, offset };
            let number = usize::from(self.byte()?);
            let slot = tables.get_mut(number).ok_or(bad("the number of a Huffman table"))?;
            let field = self.take(LENGTH_MAX)?;
            let counts: Counts = std::array::from_fn(|length| field[length]);
            let values: usize = counts.iter().map(|&count| usize::from(count)).sum();
            if values > 256 {
                return Err(bad("the number of codes"));
            }
            let values = self.take(values)?;
            *slot = Some(Decoder::new(&counts, values).ok_or(bad("the lengths of the codes"))?);
        }
        Ok(())
    }

    /// A restart interval; zero switches restarts off.
    pub(crate) fn restart(mut self) -> Result<u16, Error> {
        let interval = self.word()?;
        self.end("the length of the restart interval")?;
        Ok(interval)
    }

    /// A frame header.
    pub(crate) fn frame(mut self) -> Result<Frame, Error> {
        // What black and white were on the card; pixels are not changed by it.
        self.take(2)?;
        let (height, width) = (u32::from(self.word()?), u32::from(self.word()?));
        check_sides(width, height)?;
        let (shift, scale) = (self.scaled()? as f32, self.scaled()? as f32);
        // Which encoder and which program wrote the stream.
        self.take(3)?;
        self.end("the length of the frame header")?;
        Ok(Frame { width, height, shift, scale })
    }

    /// The number of the Huffman table in a block header.
    pub(crate) fn block(mut self) -> Result<usize, Error> {
        let table = usize::from(self.byte()?);
        self.end("the length of the block header")?;
        Ok(table)
    }
}

/// A frame header: sides, and how pixels follow from what the filters make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// Added to every pixel, after the scale.
    pub(crate) shift: f32,
    /// What every pixel is multiplied with.
    pub(crate) scale: f32,
}
