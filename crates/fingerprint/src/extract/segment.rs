//! Where the print is: blocks with contrast in which one wave prevails.
//!
//! Start reading at [`Mask::of`].

use super::BLOCK;
use super::field::Field;
use super::spectrum::Spectra;
use crate::Error;

/// Share of one wave in a block's contrast from which the block may belong to the print.
const CONFIDENCE_MIN: f32 = 0.16;
/// Contrast from which a block may belong to the print, as a share of the high contrast of the image.
const CONTRAST_SHARE_MIN: f32 = 0.22;
/// Fewest blocks of a print: about 4 mm by 4 mm.
const BLOCKS_MIN: usize = 100;

/// The blocks of an image that belong to the print.
pub(super) struct Mask {
    columns: usize,
    rows: usize,
    inside: Vec<bool>,
    width: usize,
    height: usize,
}

impl Mask {
    /// # Errors
    /// [`Error::NoPrint`] when fewer than [`BLOCKS_MIN`] blocks hang together.
    pub(super) fn of(spectra: &Spectra, field: &Field) -> Result<Self, Error> {
        let least = spectra.contrast_high * CONTRAST_SHARE_MIN;
        let inside = spectra
            .contrast
            .iter()
            .zip(&field.confidence)
            .map(|(&contrast, &confidence)| contrast > least && confidence > CONFIDENCE_MIN)
            .collect();
        let mut mask =
            Self { columns: spectra.columns, rows: spectra.rows, inside, width: spectra.width, height: spectra.height };
        mask.vote(4);
        mask.vote(5);
        mask.keep_large(true);
        mask.keep_large(false);
        if mask.blocks() < BLOCKS_MIN {
            return Err(Error::NoPrint);
        }
        Ok(mask)
    }

    /// Number of blocks inside.
    pub(super) fn blocks(&self) -> usize {
        self.inside.iter().filter(|&&inside| inside).count()
    }

    /// Whether a block is inside; beyond the image nothing is.
    pub(super) fn block(&self, column: isize, row: isize) -> bool {
        let across = 0..self.columns as isize;
        let down = 0..self.rows as isize;
        across.contains(&column) && down.contains(&row) && self.inside[row as usize * self.columns + column as usize]
    }

    /// Whether a pixel lies in a block inside and in the image.
    pub(super) fn pixel(&self, x: f32, y: f32) -> bool {
        if x < 0.0 || y < 0.0 || x >= self.width as f32 || y >= self.height as f32 {
            return false;
        }
        self.block((x / BLOCK as f32) as isize, (y / BLOCK as f32) as isize)
    }

    /// Each block becomes what at least `votes` of the nine around it are.
    fn vote(&mut self, votes: usize) {
        let out = (0..self.inside.len())
            .map(|block| {
                let (column, row) = ((block % self.columns) as isize, (block / self.columns) as isize);
                let count = (0..9).filter(|k| self.block(column + k % 3 - 1, row + k / 3 - 1)).count();
                // At the rim of the image fewer neighbours exist to vote.
                let missing = (0..9)
                    .filter(|k| {
                        let (c, r) = (column + k % 3 - 1, row + k / 3 - 1);
                        c < 0 || r < 0 || c >= self.columns as isize || r >= self.rows as isize
                    })
                    .count();
                count * 9 >= votes * (9 - missing)
            })
            .collect();
        self.inside = out;
    }

    /// Turns over every connected region of blocks that are `of` this kind and that is small: islands below an eighth
    /// of the whole, and holes of any size that does not touch the rim.
    fn keep_large(&mut self, of: bool) {
        let total = self.blocks();
        let mut seen = vec![false; self.inside.len()];
        for start in 0..self.inside.len() {
            if seen[start] || self.inside[start] != of {
                continue;
            }
            let mut region = vec![start];
            seen[start] = true;
            let mut next = 0;
            let mut at_rim = false;
            while next < region.len() {
                let block = region[next];
                next += 1;
                let (column, row) = (block % self.columns, block / self.columns);
                at_rim |= column == 0 || row == 0 || column + 1 == self.columns || row + 1 == self.rows;
                for (exists, neighbour) in [
                    (column > 0, block.wrapping_sub(1)),
                    (column + 1 < self.columns, block + 1),
                    (row > 0, block.wrapping_sub(self.columns)),
                    (row + 1 < self.rows, block + self.columns),
                ] {
                    if exists && !seen[neighbour] && self.inside[neighbour] == of {
                        seen[neighbour] = true;
                        region.push(neighbour);
                    }
                }
            }
            let turn = if of { region.len() * 8 < total } else { !at_rim && region.len() <= HOLE_BLOCKS_MAX };
            if turn {
                region.iter().for_each(|&block| self.inside[block] = !of);
            }
        }
    }
}

/// The largest hole that is filled, in blocks.
const HOLE_BLOCKS_MAX: usize = 60;
