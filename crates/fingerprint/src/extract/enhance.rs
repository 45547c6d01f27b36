//! Ridges made clear: evened out, then filtered along their own direction at their own frequency, then cut in two tones.
//!
//! Start reading at [`enhance`].

use super::Raster;
use super::field::Field;
use super::segment::Mask;
use crate::GreyImage;
use crate::maths::{cosine, exponential, sine};

/// Radius of the filters in pixels.
const RADIUS: usize = 8;
const SIDE: usize = 2 * RADIUS + 1;
/// Orientations that filters are made for, over half a turn.
const ORIENTATIONS: usize = 32;
/// Frequencies that filters are made for, in cycles per pixel.
const FREQUENCY_STEPS: usize = 13;
const FREQUENCY_LOW: f32 = 0.06;
const FREQUENCY_STEP: f32 = 0.012;
/// Pixels of a cell that are filtered with the same filter.
const CELL: usize = 4;
/// Radius in pixels of the square over which tone and contrast are evened out.
const EVEN_RADIUS: usize = 10;

/// The ridges of the print as ones; everything else, and everything outside the mask, as zeros.
pub(super) fn enhance(image: &GreyImage, field: &Field, mask: &Mask) -> Raster {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let even = even_out(image);
    // Room for the filter on all sides, and for the last cell.
    let stride = width + 2 * RADIUS + CELL;
    let mut padded = vec![0.0f32; stride * (height + 2 * RADIUS + CELL)];
    for y in 0..height {
        padded[(y + RADIUS) * stride + RADIUS..][..width].copy_from_slice(&even[y * width..][..width]);
    }
    let mut bank: Vec<Option<Box<[f32; SIDE * SIDE]>>> = vec![None; ORIENTATIONS * FREQUENCY_STEPS];
    let mut out = Raster::new(width, height);
    for y in (0..height).step_by(CELL) {
        for x in (0..width).step_by(CELL) {
            if !mask.pixel(x as f32, y as f32) {
                continue;
            }
            let (centre_x, centre_y) = ((x + CELL / 2).min(width - 1), (y + CELL / 2).min(height - 1));
            let local = field.at(centre_x, centre_y);
            let orientation = (local.orientation * 2.0 * ORIENTATIONS as f32 + 0.5) as usize % ORIENTATIONS;
            let frequency = field.frequency(centre_x, centre_y);
            let step =
                (((frequency - FREQUENCY_LOW) / FREQUENCY_STEP + 0.5).max(0.0) as usize).min(FREQUENCY_STEPS - 1);
            let filter = bank[orientation * FREQUENCY_STEPS + step].get_or_insert_with(|| filter(orientation, step));
            let response = filtered(&padded[y * stride + x..], stride, filter);
            for (row, line) in response.iter().enumerate().take(height - y) {
                for (column, &value) in line.iter().enumerate().take(width - x) {
                    let at = out.at(x + column, y + row);
                    out.cells[at] = u8::from(value < 0.0);
                }
            }
        }
    }
    out
}

/// One cell filtered; `source` begins at the upper left corner of the cell's surroundings.
fn filtered(source: &[f32], stride: usize, filter: &[f32; SIDE * SIDE]) -> [[f32; CELL]; CELL] {
    let mut sums = [[0.0f32; CELL]; CELL];
    for (dy, taps) in filter.chunks_exact(SIDE).enumerate() {
        let lines: [&[f32]; CELL] = std::array::from_fn(|row| &source[(dy + row) * stride..][..SIDE + CELL]);
        for (dx, &tap) in taps.iter().enumerate() {
            for (sum, line) in sums.iter_mut().zip(&lines) {
                for column in 0..CELL {
                    sum[column] += tap * line[dx + column];
                }
            }
        }
    }
    sums
}

/// A wave under a bell, longer along the ridge than across, without response to an even tone.
fn filter(orientation: usize, step: usize) -> Box<[f32; SIDE * SIDE]> {
    let turns = orientation as f32 / (2 * ORIENTATIONS) as f32;
    let (s, c) = (sine(turns), cosine(turns));
    let frequency = FREQUENCY_LOW + step as f32 * FREQUENCY_STEP;
    let (along_width, across_width) = (4.5, 3.6);
    let mut taps = Box::new([0.0f32; SIDE * SIDE]);
    let mut bells = [0.0f32; SIDE * SIDE];
    for k in 0..SIDE * SIDE {
        let x = (k % SIDE) as f32 - RADIUS as f32;
        let y = (k / SIDE) as f32 - RADIUS as f32;
        let (along, across) = (x * c - y * s, x * s + y * c);
        bells[k] = exponential(
            -along * along / (2.0 * along_width * along_width) - across * across / (2.0 * across_width * across_width),
        );
        taps[k] = bells[k] * cosine(frequency * across);
    }
    let excess = taps.iter().sum::<f32>() / bells.iter().sum::<f32>();
    taps.iter_mut().zip(&bells).for_each(|(tap, bell)| *tap -= excess * bell);
    taps
}

/// Each pixel less the mean around it, over the standard deviation around it.
fn even_out(image: &GreyImage) -> Vec<f32> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let stride = width + 1;
    let mut sums = vec![[0u64; 2]; stride * (height + 1)];
    for y in 0..height {
        let mut line = [0u64; 2];
        for x in 0..width {
            let pixel = u64::from(image.pixels()[y * width + x]);
            line[0] += pixel;
            line[1] += pixel * pixel;
            let above = sums[y * stride + x + 1];
            sums[(y + 1) * stride + x + 1] = [above[0] + line[0], above[1] + line[1]];
        }
    }
    let mut out = Vec::with_capacity(width * height);
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(EVEN_RADIUS), (y + EVEN_RADIUS + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(EVEN_RADIUS), (x + EVEN_RADIUS + 1).min(width));
            let count = ((bottom - top) * (right - left)) as f32;
            let [sum, squares] = std::array::from_fn(|part| {
                (sums[bottom * stride + right][part] + sums[top * stride + left][part]
                    - sums[top * stride + right][part]
                    - sums[bottom * stride + left][part]) as f32
            });
            let mean = sum / count;
            let deviation = (squares / count - mean * mean).max(0.0).sqrt();
            let value = (f32::from(image.pixels()[y * width + x]) - mean) / (deviation + 4.0);
            out.push(value.clamp(-2.5, 2.5));
        }
    }
    out
}
