//! An image to a stream.
//!
//! Standard: IAFIS-IC-0110, part 3, encoder number two: filters with nine and seven taps, bins from the variances of the
//! subbands, three blocks of coefficients with one Huffman table for the first and one for the other two.
//! Start reading at [`encode`].

use crate::analyse::variances;
use crate::bits::BitWriter;
use crate::coefficient::{Token, tokens};
use crate::huffman::Encoder;
use crate::marker::{COM, DHT, DQT, DTT, EOI, SOB, SOF, SOI};
use crate::quantise::{Bin, CENTRE_HUNDREDTHS, bin, widths};
use crate::segment::LISTED;
use crate::subband::{BLOCKS, Layout, Region};
use crate::wavelet::{Bank, Direction};
use crate::{Error, Image, Rate, comment, scaled};

/// The pixels are scaled so that the one farthest from their mean comes to this.
const RANGE: f64 = 128.0;
/// The number that the standard gives to the encoder whose settings are used here.
const ENCODER: u8 = 2;

/// Encodes an image.
///
/// # Errors
/// [`Error::BadSides`] and [`Error::WrongPixels`].
pub fn encode(image: &Image, rate: Rate) -> Result<Vec<u8>, Error> {
    let Parts { head: mut out, tables, blocks } = Parts::of(image, rate)?;
    for (block, &number) in blocks.iter().zip(&TABLE_OF_BLOCK) {
        segment(SOB, &[number as u8], &mut out);
        codes(block, &tables[number], &mut out);
    }
    word(EOI, &mut out);
    Ok(out)
}

/// Which Huffman table each block is coded with.
const TABLE_OF_BLOCK: [usize; 3] = [0, 1, 1];

/// What a stream is put together from.
struct Parts {
    /// Everything before the first block.
    head: Vec<u8>,
    tables: [Encoder; 2],
    blocks: [Vec<Token>; 3],
}

impl Parts {
    fn of(image: &Image, rate: Rate) -> Result<Self, Error> {
        image.check()?;
        let (width, height) = (image.width as usize, image.height as usize);
        let scale = Scale::of(&image.pixels);
        let mut plane = scale.apply(&image.pixels);
        let layout = Layout::new(width, height);
        let bank = Bank::usual();
        let split = Direction::analysis(&bank);
        let mut between = Vec::new();
        for region in &layout.splits {
            split.split_or_join(&mut plane, width, region, &mut between);
        }
        let bins = widths(&variances(&plane, width, &layout.bands), rate.bits()).map(bin);
        let coded: Vec<(Region, Bin)> = layout.bands.into_iter().zip(bins.map(|(_, bin)| bin)).collect();
        let block = |block: usize| tokens(&quantised(&plane, width, &coded[BLOCKS[block]..BLOCKS[block + 1]]));
        let blocks: [Vec<Token>; 3] = std::array::from_fn(block);
        let tables = [table(&blocks[..1]), table(&blocks[1..])];

        let mut head = Vec::new();
        word(SOI, &mut head);
        segment(COM, comment::of(image, rate).as_bytes(), &mut head);
        segment(DTT, &filters(&bank), &mut head);
        segment(DQT, &bin_table(&bins.map(|(parts, _)| parts)), &mut head);
        segment(SOF, &frame(image, &scale), &mut head);
        for (number, table) in (0..).zip(&tables) {
            segment(DHT, &[&[number], table.counts.as_slice(), &table.values].concat(), &mut head);
        }
        Ok(Self { head, tables, blocks })
    }
}

/// The codes of some tokens, up to a whole byte.
fn codes(tokens: &[Token], table: &Encoder, out: &mut Vec<u8>) {
    let mut bits = BitWriter::new(out);
    for token in tokens {
        let (code, length) = table.code(token.value);
        bits.put(code, length);
        bits.put(token.extra, token.bits);
    }
    bits.end();
}

/// How pixels become values around zero.
struct Scale {
    /// Shift and scale as the stream carries them.
    parts: [(u8, u32); 2],
    shift: f32,
    scale: f32,
}

impl Scale {
    fn of(pixels: &[u8]) -> Self {
        let sum: u64 = pixels.iter().map(|&pixel| u64::from(pixel)).sum();
        let mean = sum as f64 / pixels.len().max(1) as f64;
        let farthest = pixels.iter().map(|&pixel| (f64::from(pixel) - mean).abs()).fold(0.0, f64::max);
        // An even tone has no scale of its own.
        let scale = if farthest > 0.0 { farthest / RANGE } else { 1.0 };
        let parts = [scaled::nearest(mean, 0xFFFF), scaled::nearest(scale, 0xFFFF)];
        let [shift, scale] = parts.map(|(places, integer)| scaled::number(places, integer) as f32);
        Self { parts, shift, scale }
    }

    fn apply(&self, pixels: &[u8]) -> Vec<f32> {
        pixels.iter().map(|&pixel| (f32::from(pixel) - self.shift) / self.scale).collect()
    }
}

/// The quantised coefficients of some subbands, row by row.
fn quantised(plane: &[f32], pitch: usize, bands: &[(Region, Bin)]) -> Vec<i32> {
    let mut all = Vec::new();
    for (region, bin) in bands.iter().filter(|(_, bin)| bin.coded) {
        for row in region.y.start..region.y.start + region.y.length {
            let start = row * pitch + region.x.start;
            all.extend(plane[start..start + region.x.length].iter().map(|&value| bin.quantised(value)));
        }
    }
    all
}

/// The Huffman table of some blocks.
fn table(blocks: &[Vec<Token>]) -> Encoder {
    let mut frequencies = [0; 256];
    for token in blocks.iter().flatten() {
        frequencies[usize::from(token.value)] += 1;
    }
    Encoder::new(&frequencies)
}

fn word(word: u16, out: &mut Vec<u8>) {
    out.extend(word.to_be_bytes());
}

fn segment(marker: u16, bytes: &[u8], out: &mut Vec<u8>) {
    word(marker, out);
    word(bytes.len() as u16 + 2, out);
    out.extend(bytes);
}

fn parts((places, integer): (u8, u32), out: &mut Vec<u8>) {
    out.push(places);
    word(integer as u16, out);
}

fn filters(bank: &Bank) -> Vec<u8> {
    let taps = |half: &[f64]| (2 * half.len() - usize::from(bank.odd)) as u8;
    let mut out = vec![taps(&bank.low), taps(&bank.high)];
    for &tap in bank.low.iter().chain(&bank.high) {
        let (places, integer) = scaled::nearest(tap.abs(), u32::MAX);
        out.extend([u8::from(tap < 0.0), places]);
        out.extend(integer.to_be_bytes());
    }
    out
}

fn bin_table(bins: &[[(u8, u32); 2]]) -> Vec<u8> {
    let mut out = Vec::new();
    parts((2, CENTRE_HUNDREDTHS), &mut out);
    let none = [(0, 0); 2];
    (0..LISTED).flat_map(|band| bins.get(band).unwrap_or(&none)).for_each(|&part| parts(part, &mut out));
    out
}

fn frame(image: &Image, scale: &Scale) -> Vec<u8> {
    let mut out = vec![0, 255];
    // The sides have been compared with the limit, which fits a word.
    word(image.height as u16, &mut out);
    word(image.width as u16, &mut out);
    scale.parts.iter().for_each(|&part| parts(part, &mut out));
    out.extend([ENCODER, 0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;
    use crate::marker::{DRT, RST};

    fn ridges() -> Image {
        let pixels = (0..96u32 * 90).map(|at| if (at % 96 + at / 288) % 9 < 4 { 40 } else { 220 }).collect();
        Image { width: 96, height: 90, ppi: None, pixels }
    }

    /// The stream with a restart marker after every so many tokens, the first of them numbered `first`.
    fn restarted(image: &Image, every: usize, first: u16) -> Vec<u8> {
        let Parts { head: mut out, tables, blocks } = Parts::of(image, Rate::FINE).unwrap();
        segment(DRT, &[0, 9], &mut out);
        for (block, &number) in blocks.iter().zip(&TABLE_OF_BLOCK) {
            segment(SOB, &[number as u8], &mut out);
            for (index, part) in block.chunks(every).enumerate() {
                if index > 0 {
                    word(RST + (first + index as u16 - 1) % 8, &mut out);
                }
                codes(part, &tables[number], &mut out);
            }
        }
        word(EOI, &mut out);
        out
    }

    #[test]
    fn restarts_change_nothing_and_come_in_their_order() {
        let image = ridges();
        let plain = decode(&encode(&image, Rate::FINE).unwrap()).unwrap();
        for every in [1, 7, 50, 100_000] {
            assert_eq!(decode(&restarted(&image, every, 0)).as_ref(), Ok(&plain), "{every}");
        }
        let wrong = decode(&restarted(&image, 50, 1)).unwrap_err();
        assert!(matches!(wrong, Error::BadMarker { marker: 0xFFB1, .. }), "{wrong}");
    }
}
