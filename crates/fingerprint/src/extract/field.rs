//! Orientation and frequency of the ridges, with confidence, block by block and at any pixel.
//!
//! An orientation has no head: it is kept as the vector of the doubled angle, whose length is the confidence, so that
//! averaging needs no case distinction.
//! Start reading at [`Field::of`] and [`Field::at`].

use super::BLOCK;
use super::spectrum::{BINS, DIRECTIONS, FREQUENCIES, Spectra};
use crate::maths::{angle, cosine, sine};

/// The orientation field of an image.
pub(super) struct Field {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Doubled-angle vectors times confidence, by block.
    vectors: Vec<[f32; 2]>,
    /// Ridge frequency in cycles per pixel, by block.
    frequencies: Vec<f32>,
    /// Share of the contrast that is one wave, 0 to about 1, by block.
    pub(super) confidence: Vec<f32>,
}

/// The field at one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Local {
    /// Orientation of the ridges in turns, 0 up to 0.5, counter-clockwise from the right.
    pub(super) orientation: f32,
    /// Confidence, 0 to about 1.
    pub(super) confidence: f32,
}

impl Field {
    pub(super) fn of(spectra: &Spectra) -> Self {
        let (columns, rows) = (spectra.columns, spectra.rows);
        let peaks: Vec<([f32; 2], f32, f32)> = spectra.energy.iter().map(peak).collect();
        let confidence: Vec<f32> = peaks.iter().map(|peak| peak.2).collect();
        let raw: Vec<[f32; 2]> = peaks.iter().map(|peak| peak.0).collect();
        let vectors = blur(&raw, columns, rows);
        // The frequency varies slowly: average it over a wide neighbourhood, weighted by confidence.
        let mut weighted: Vec<[f32; 2]> =
            peaks.iter().map(|&(_, frequency, confidence)| [frequency * confidence, confidence]).collect();
        for _ in 0..6 {
            weighted = blur(&weighted, columns, rows);
        }
        let frequencies = weighted.iter().map(|w| if w[1] > 1e-4 { w[0] / w[1] } else { 0.11 }).collect();
        Self { columns, rows, vectors, frequencies, confidence }
    }

    /// The field at a pixel, interpolated between the centres of four blocks.
    pub(super) fn at(&self, x: usize, y: usize) -> Local {
        let ((columns, across), (rows, down)) = (between(x, self.columns), between(y, self.rows));
        let mut sum = [0.0f32; 3];
        for (row, share_y) in [(rows.0, 1.0 - down), (rows.1, down)] {
            for (column, share_x) in [(columns.0, 1.0 - across), (columns.1, across)] {
                let (block, share) = (row * self.columns + column, share_x * share_y);
                sum[0] += share * self.vectors[block][0];
                sum[1] += share * self.vectors[block][1];
                sum[2] += share * self.confidence[block];
            }
        }
        Local { orientation: angle(sum[1], sum[0]) / 2.0, confidence: sum[2] }
    }

    /// The distance from ridge to ridge that half of the print stays below, in pixels.
    pub(super) fn period(&self, mask: &super::segment::Mask) -> f32 {
        let inside = |block: &usize| mask.block((block % self.columns) as isize, (block / self.columns) as isize);
        let mut all: Vec<f32> =
            (0..self.frequencies.len()).filter(inside).map(|block| self.frequencies[block]).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).map_or(9.0, |frequency| 1.0 / frequency)
    }

    /// The ridge frequency at a pixel in cycles per pixel.
    pub(super) fn frequency(&self, x: usize, y: usize) -> f32 {
        let (column, row) = ((x / BLOCK).min(self.columns - 1), (y / BLOCK).min(self.rows - 1));
        self.frequencies[row * self.columns + column]
    }
}

/// The two blocks whose centres enclose a coordinate, and how far it lies towards the second.
fn between(at: usize, count: usize) -> ((usize, usize), f32) {
    let place = (at as f32 - (BLOCK as f32 - 1.0) / 2.0) / BLOCK as f32;
    if place <= 0.0 {
        return ((0, 0), 0.0);
    }
    let first = (place as usize).min(count - 1);
    ((first, (first + 1).min(count - 1)), place - place.floor())
}

/// Doubled-angle vector times confidence, frequency, and confidence of one block.
fn peak(energy: &[f32; BINS]) -> ([f32; 2], f32, f32) {
    let count = FREQUENCIES.len();
    let mut directions = [0.0f32; DIRECTIONS];
    for (direction, bins) in directions.iter_mut().zip(energy.chunks_exact(count)) {
        *direction = bins.iter().sum();
    }
    // The sum over three neighbouring directions is highest at the ridges; a crease fills only one.
    let round = |k: usize, by: isize| (k as isize + by).rem_euclid(DIRECTIONS as isize) as usize;
    let support = |k: usize| directions[round(k, -1)] + 2.0 * directions[k] + directions[round(k, 1)];
    let best = (0..DIRECTIONS).max_by(|&a, &b| support(a).total_cmp(&support(b))).unwrap_or(0);
    let mut vector = [0.0f32; 2];
    let mut shape = [0.0f32; FREQUENCIES.len()];
    for by in -3..=3 {
        let k = round(best, by);
        let turns = k as f32 / DIRECTIONS as f32;
        vector[0] += directions[k] * cosine(turns);
        vector[1] += directions[k] * sine(turns);
        if by.abs() <= 1 {
            for (sum, bin) in shape.iter_mut().zip(&energy[k * count..]) {
                *sum += bin;
            }
        }
    }
    // The mean of the peak and its two neighbours; squared energies pull it towards the peak.
    let high = (0..count).max_by(|&a, &b| shape[a].total_cmp(&shape[b])).unwrap_or(0);
    let (mut above, mut below) = (0.0f32, 1e-12f32);
    for (sum, frequency) in shape.iter().zip(FREQUENCIES).take(high + 2).skip(high.saturating_sub(1)) {
        above += sum * sum * frequency;
        below += sum * sum;
    }
    let strongest = energy[best * count..][..count].iter().fold(0.0f32, |high, &bin| high.max(bin));
    let length = (vector[0] * vector[0] + vector[1] * vector[1]).sqrt().max(1e-12);
    let scale = strongest / length;
    ([vector[0] * scale, vector[1] * scale], above / below, strongest)
}

/// One pass of the weights 1 2 1 in both directions.
fn blur(source: &[[f32; 2]], columns: usize, rows: usize) -> Vec<[f32; 2]> {
    let mut across = vec![[0.0f32; 2]; source.len()];
    for block in 0..source.len() {
        let before = if block % columns > 0 { block - 1 } else { block };
        let after = if block % columns + 1 < columns { block + 1 } else { block };
        for part in 0..2 {
            across[block][part] = (source[before][part] + 2.0 * source[block][part] + source[after][part]) / 4.0;
        }
    }
    let mut out = vec![[0.0f32; 2]; source.len()];
    for block in 0..source.len() {
        let before = if block >= columns { block - columns } else { block };
        let after = if block / columns + 1 < rows { block + columns } else { block };
        for part in 0..2 {
            out[block][part] = (across[before][part] + 2.0 * across[block][part] + across[after][part]) / 4.0;
        }
    }
    out
}
