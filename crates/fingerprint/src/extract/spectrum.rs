//! The local spectrum: how much of each block's contrast is a wave of each direction and frequency.
//!
//! A print is, near any point, a wave. Around the centre of every block a window of 32 by 32 pixels (taken at half
//! resolution) is projected on waves of sixteen directions and five frequencies; the energies, as a share of the
//! window's variance, are then averaged with the neighbouring blocks. Averaging the energies and not the estimates
//! lets a crease or a scar lose against the ridges around it.
//! Invariant: every energy is at least 0, and a pure wave has about 1 in its own bin.
//! Start reading at [`Spectra::of`].

use super::BLOCK;
use crate::maths::{cosine, sine};
use crate::{Error, GreyImage};

/// Directions of ridges, evenly over half a turn.
pub(super) const DIRECTIONS: usize = 16;
/// Ridge frequencies in cycles per pixel: periods from about 17 to 5 pixels, 0.25 to 0.85 mm.
pub(super) const FREQUENCIES: [f32; 8] = [0.06, 0.08, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20];
/// Energies of one block.
pub(super) const BINS: usize = DIRECTIONS * FREQUENCIES.len();

/// Side of the window in half-resolution pixels.
const WINDOW: usize = 16;
const SAMPLES: usize = WINDOW * WINDOW;
/// Values of the basis computed together: two vectors of four.
const LANES: usize = 8;
/// Blocks computed together.
const BATCH: usize = 4;
/// Cosine and sine of each bin.
const OUTPUTS: usize = 2 * BINS;
/// Contrast of a block (standard deviation in grey levels) below which an image counts as blank.
const CONTRAST_MIN: f32 = 4.0;

/// Energies of all blocks of an image.
pub(super) struct Spectra {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Energies by block and bin; a bin is `direction * FREQUENCIES.len() + frequency`.
    pub(super) energy: Vec<[f32; BINS]>,
    /// Standard deviation of each block's window in grey levels.
    pub(super) contrast: Vec<f32>,
    /// The contrast that nine tenths of the blocks stay below.
    pub(super) contrast_high: f32,
}

impl Spectra {
    /// # Errors
    /// [`Error::BlankImage`] when no part of the image has contrast.
    pub(super) fn of(image: &GreyImage) -> Result<Self, Error> {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let half = Half::of(image);
        let window = window();
        let total: f32 = window.iter().sum();
        let mut samples = vec![[0.0f32; SAMPLES]; columns * rows];
        let mut contrast = vec![0.0f32; columns * rows];
        for (block, (sample, contrast)) in samples.iter_mut().zip(&mut contrast).enumerate() {
            let variance = half.windowed(block % columns, block / columns, &window, total, sample);
            *contrast = variance.sqrt();
        }
        let mut sorted = contrast.clone();
        sorted.sort_by(f32::total_cmp);
        let contrast_high = sorted[sorted.len() * 9 / 10];
        if contrast_high.max(sorted[sorted.len() - 1] * 0.5) < CONTRAST_MIN {
            return Err(Error::BlankImage);
        }
        let floor = (0.15 * contrast_high).max(CONTRAST_MIN / 2.0);
        let mut energy = project(&samples, columns * rows);
        for (energy, &contrast) in energy.iter_mut().zip(&contrast) {
            // 2 |c|² / (W · W · (variance + floor²)), see the head: a pure wave far above the floor gives 1.
            let scale = 2.0 / (total * total * (contrast * contrast + floor * floor));
            energy.iter_mut().for_each(|bin| *bin *= scale);
        }
        let energy = smooth(&energy, columns, rows);
        Ok(Self { columns, rows, width, height, energy, contrast, contrast_high })
    }
}

/// The image at half resolution.
struct Half {
    width: usize,
    height: usize,
    pixels: Vec<f32>,
}

impl Half {
    fn of(image: &GreyImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let source = image.pixels();
        let (half_width, half_height) = (width / 2, height / 2);
        let mut pixels = Vec::with_capacity(half_width * half_height);
        for y in 0..half_height {
            for x in 0..half_width {
                let at = 2 * y * width + 2 * x;
                let sum = u32::from(source[at])
                    + u32::from(source[at + 1])
                    + u32::from(source[at + width])
                    + u32::from(source[at + width + 1]);
                pixels.push(sum as f32 / 4.0);
            }
        }
        Self { width: half_width, height: half_height, pixels }
    }

    /// Fills `out` with the windowed samples around a block less their weighted mean; gives their variance.
    fn windowed(
        &self,
        column: usize,
        row: usize,
        window: &[f32; SAMPLES],
        total: f32,
        out: &mut [f32; SAMPLES],
    ) -> f32 {
        let left = (column * BLOCK / 2 + BLOCK / 4) as isize - WINDOW as isize / 2;
        let top = (row * BLOCK / 2 + BLOCK / 4) as isize - WINDOW as isize / 2;
        for y in 0..WINDOW {
            let line = (top + y as isize).clamp(0, self.height as isize - 1) as usize * self.width;
            for x in 0..WINDOW {
                let across = (left + x as isize).clamp(0, self.width as isize - 1) as usize;
                out[y * WINDOW + x] = self.pixels[line + across];
            }
        }
        let mean = out.iter().zip(window).map(|(pixel, weight)| pixel * weight).sum::<f32>() / total;
        let mut variance = 0.0;
        for (pixel, weight) in out.iter_mut().zip(window) {
            let difference = *pixel - mean;
            variance += difference * difference * weight;
            *pixel = difference * weight;
        }
        variance / total
    }
}

/// A raised cosine in both directions.
fn window() -> [f32; SAMPLES] {
    let side: [f32; WINDOW] = std::array::from_fn(|k| 0.5 - 0.5 * cosine((k as f32 + 0.5) / WINDOW as f32));
    std::array::from_fn(|k| side[k / WINDOW] * side[k % WINDOW])
}

/// The waves in groups of [`LANES`]: first all cosines, then all sines.
fn basis() -> Vec<[[f32; LANES]; SAMPLES]> {
    let mut groups = vec![[[0.0; LANES]; SAMPLES]; OUTPUTS / LANES];
    for output in 0..OUTPUTS {
        let bin = output % BINS;
        let direction = (bin / FREQUENCIES.len()) as f32 / (2 * DIRECTIONS) as f32;
        let frequency = FREQUENCIES[bin % FREQUENCIES.len()];
        // Ridges run along (cos, -sin); the wave runs across them, along (sin, cos).
        let (across_x, across_y) = (sine(direction), cosine(direction));
        for (sample, wave) in groups[output / LANES].iter_mut().enumerate() {
            let middle = (WINDOW as f32 - 1.0) / 2.0;
            let x = ((sample % WINDOW) as f32 - middle) * 2.0;
            let y = ((sample / WINDOW) as f32 - middle) * 2.0;
            let phase = frequency * (x * across_x + y * across_y);
            wave[output % LANES] = if output < BINS { cosine(phase) } else { sine(phase) };
        }
    }
    groups
}

/// Energies of all windows, not yet scaled.
fn project(samples: &[[f32; SAMPLES]], count: usize) -> Vec<[f32; BINS]> {
    let basis = basis();
    let mut energy = vec![[0.0; BINS]; count];
    for (batch, energy) in samples.chunks(BATCH).zip(energy.chunks_mut(BATCH)) {
        // A short last batch computes its first window again in the free places.
        let windows: [&[f32; SAMPLES]; BATCH] = std::array::from_fn(|k| batch.get(k).unwrap_or(&batch[0]));
        for (group, waves) in basis.iter().enumerate() {
            let mut sums = [[0.0f32; LANES]; BATCH];
            for (at, wave) in waves.iter().enumerate() {
                for (sum, window) in sums.iter_mut().zip(&windows) {
                    let sample = window[at];
                    for lane in 0..LANES {
                        sum[lane] += sample * wave[lane];
                    }
                }
            }
            let bin = group * LANES % BINS;
            for (energy, sum) in energy.iter_mut().zip(&sums) {
                for lane in 0..LANES {
                    energy[bin + lane] += sum[lane] * sum[lane];
                }
            }
        }
    }
    energy
}

/// Averages the energies of each block with its neighbours, weights 1 2 1 in both directions.
fn smooth(energy: &[[f32; BINS]], columns: usize, rows: usize) -> Vec<[f32; BINS]> {
    let pass = |source: &[[f32; BINS]], step: usize, count: usize, place: &dyn Fn(usize) -> usize| {
        let mut out = vec![[0.0; BINS]; source.len()];
        for block in 0..source.len() {
            let here = place(block);
            let before = if here > 0 { block - step } else { block };
            let after = if here + 1 < count { block + step } else { block };
            for bin in 0..BINS {
                out[block][bin] = (source[before][bin] + 2.0 * source[block][bin] + source[after][bin]) / 4.0;
            }
        }
        out
    };
    let across = pass(energy, 1, columns, &|block| block % columns);
    pass(&across, columns, rows, &|block| block / columns)
}
