//! A stream to an image.
//!
//! Standard: IAFIS-IC-0110, annexes A (reconstruction), B (order of the parts) and C (codes of the coefficients).
//! Blocks follow each other as one sequence of coefficients, subband by subband, row by row; a subband with bins of width
//! zero has none. A restart marker ends a part of a block at a whole byte, and the sequence goes on behind it.
//! Start reading at [`decode`].

use crate::bits::BitReader;
use crate::coefficient::Symbol;
use crate::huffman::Decoder;
use crate::marker::{COM, DHT, DQT, DRT, DTT, EOI, RST, SOB, SOF};
use crate::quantise::Table;
use crate::segment::{Frame, Reader, TABLES};
use crate::subband::{Layout, Region};
use crate::wavelet::{Bank, Direction};
use crate::{BYTES_MAX, Error, Image, MAGIC, comment};

/// The most segments of a stream, so that tables without a picture cost no time.
const SEGMENTS_MAX: usize = 256;

/// Decodes a stream.
///
/// # Errors
/// Any [`Error`] but those of writing; the first fault found is reported with its offset.
pub fn decode(bytes: &[u8]) -> Result<Image, Error> {
    if bytes.len() > BYTES_MAX {
        return Err(Error::TooLong { bytes: bytes.len(), limit: BYTES_MAX });
    }
    if !bytes.starts_with(&MAGIC) {
        return Err(Error::NotWsq);
    }
    let mut found = Found::default();
    let mut reader = Reader::new(bytes, MAGIC.len());
    for _ in 0..SEGMENTS_MAX {
        let (marker, offset) = reader.marker()?;
        match marker {
            EOI => return found.image(offset),
            SOB => {
                let table = reader.segment()?.block()?;
                let end = found.block(bytes, reader.offset, table)?;
                reader = Reader::new(bytes, end);
            }
            DTT | DQT | DHT | DRT | COM | SOF => found.segment(marker, offset, reader.segment()?)?,
            _ => return Err(Error::BadMarker { marker, offset }),
        }
    }
    Err(Error::BadSegment { field: "the number of segments", offset: reader.offset })
}

/// What has been read of a stream.
#[derive(Default)]
struct Found {
    bank: Option<Bank>,
    bins: Option<Table>,
    tables: [Option<Decoder>; TABLES],
    restarts: bool,
    ppi: Option<u32>,
    frame: Option<Frame>,
    plane: Option<Plane>,
}

impl Found {
    /// A segment that is no block.
    fn segment(&mut self, marker: u16, offset: usize, segment: Reader<'_>) -> Result<(), Error> {
        // Bins and sides say how many coefficients there are, so they stay once the first block has begun.
        let began = self.plane.is_some();
        match marker {
            DTT => self.bank = Some(segment.filters()?),
            DQT if !began => self.bins = Some(segment.bins()?),
            DHT => segment.codes(&mut self.tables)?,
            DRT => self.restarts = segment.restart()? > 0,
            COM => self.ppi = self.ppi.or(comment::resolution(segment.rest())),
            SOF if self.frame.is_none() => self.frame = Some(segment.frame()?),
            _ => return Err(Error::BadMarker { marker, offset }),
        }
        Ok(())
    }

    /// The coefficients of one block, from the byte behind its header; where its data ends.
    fn block(&mut self, bytes: &[u8], offset: usize, table: usize) -> Result<usize, Error> {
        let missing = |field| Error::Missing { field, offset };
        let frame = self.frame.ok_or(missing("the frame header"))?;
        let bins = self.bins.as_ref().ok_or(missing("the quantisation table"))?;
        let table = self.tables.get(table).and_then(Option::as_ref).ok_or(missing("the Huffman table"))?;
        let plane = self.plane.get_or_insert_with(|| Plane::new(&frame, bins));
        let (mut at, mut restart) = (offset, 0);
        loop {
            let mut bits = BitReader::new(bytes, at);
            plane.read(&mut bits, table, bins)?;
            let mut behind = Reader::new(bytes, bits.offset());
            at = bits.offset();
            match behind.marker()? {
                (marker, _) if self.restarts && marker == RST + restart => at = behind.offset,
                (marker, offset) if marker & !7 == RST => return Err(Error::BadMarker { marker, offset }),
                _ => return Ok(at),
            }
            restart = (restart + 1) % 8;
        }
    }

    /// The image, when its end has been reached.
    fn image(self, offset: usize) -> Result<Image, Error> {
        let missing = |field| Error::Missing { field, offset };
        let frame = self.frame.ok_or(missing("the frame header"))?;
        let bank = self.bank.ok_or(missing("the transform table"))?;
        let bins = self.bins.ok_or(missing("the quantisation table"))?;
        let plane = self.plane.unwrap_or_else(|| Plane::new(&frame, &bins));
        if plane.found < plane.expected {
            return Err(Error::WrongCount { found: plane.found, expected: plane.expected, offset });
        }
        let mut values = plane.values;
        let join = Direction::synthesis(&bank);
        let mut between = Vec::new();
        for region in plane.layout.splits.iter().rev() {
            join.split_or_join(&mut values, frame.width as usize, region, &mut between);
        }
        // A cast to a byte ends at 0 and 255.
        let pixels = values.iter().map(|value| (value * frame.scale + frame.shift + 0.5) as u8).collect();
        Ok(Image { width: frame.width, height: frame.height, ppi: self.ppi, pixels })
    }
}

/// The coefficients at their places, and how far they have been read.
struct Plane {
    layout: Layout,
    pitch: usize,
    values: Vec<f32>,
    /// Coefficients that the coded subbands hold.
    expected: usize,
    found: usize,
    /// The subband that is being filled, and how much of it is.
    band: usize,
    filled: usize,
}

impl Plane {
    fn new(frame: &Frame, bins: &Table) -> Self {
        let (width, height) = (frame.width as usize, frame.height as usize);
        let mut layout = Layout::new(width, height);
        // A subband without bins has no coefficients: it is empty here.
        for (band, bin) in layout.bands.iter_mut().zip(&bins.bins) {
            if !bin.coded {
                band.x.length = 0;
            }
        }
        let expected = layout.bands.iter().map(Region::area).sum();
        Self { layout, pitch: width, values: vec![0.0; width * height], expected, found: 0, band: 0, filled: 0 }
    }

    /// Reads the codes up to the next marker.
    fn read(&mut self, bits: &mut BitReader<'_>, table: &Decoder, bins: &Table) -> Result<(), Error> {
        loop {
            let held = bits.fill();
            if held == 0 {
                return Ok(());
            }
            let code = table.find(bits.peek()).filter(|(length, _)| *length <= held);
            let Some((length, value)) = code else {
                // Padding is less than a byte.
                return if held < 8 { Ok(()) } else { Err(Error::BadCode { offset: bits.offset() }) };
            };
            if self.found == self.expected && held < 8 {
                return Ok(());
            }
            bits.skip(length);
            let symbol = Symbol::of(value).ok_or(Error::BadCode { offset: bits.offset() })?;
            let cut = |bits: &BitReader<'_>| Error::Truncated { offset: bits.offset() };
            match symbol {
                Symbol::Zeros(run) => self.pass(run, bits)?,
                Symbol::Number(number) => self.put(number, bits, bins)?,
                Symbol::Escaped { bits: length, sign } => {
                    let number = bits.number(length).ok_or_else(|| cut(bits))?;
                    self.put(sign * i32::from(number), bits, bins)?;
                }
                Symbol::EscapedZeros { bits: length } => {
                    let run = bits.number(length).ok_or_else(|| cut(bits))?;
                    self.pass(run.into(), bits)?;
                }
            }
        }
    }

    /// One coefficient.
    fn put(&mut self, quantised: i32, bits: &BitReader<'_>, bins: &Table) -> Result<(), Error> {
        self.room(1, bits)?;
        let mut region = &self.layout.bands[self.band];
        while self.filled >= region.area() {
            self.filled -= region.area();
            self.band += 1;
            region = &self.layout.bands[self.band];
        }
        let row = region.y.start + self.filled / region.x.length;
        let column = region.x.start + self.filled % region.x.length;
        self.values[row * self.pitch + column] = bins.value(self.band, quantised);
        self.filled += 1;
        self.found += 1;
        Ok(())
    }

    /// Zeros, which are there already.
    fn pass(&mut self, run: usize, bits: &BitReader<'_>) -> Result<(), Error> {
        self.room(run, bits)?;
        self.filled += run;
        self.found += run;
        Ok(())
    }

    fn room(&self, count: usize, bits: &BitReader<'_>) -> Result<(), Error> {
        if self.found + count <= self.expected {
            return Ok(());
        }
        Err(Error::WrongCount { found: self.found + count, expected: self.expected, offset: bits.offset() })
    }
}
