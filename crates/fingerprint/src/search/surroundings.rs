//! What lies around a minutia, as numbers that a sum over its neighbours gives: nothing else is ever learnt from or hashed.
//!
//! Each neighbour within [`REACH`] falls, turned so that the minutia's own direction points right, in a square of [`SQUARE`] pixels and one of [`RANGES`] ranges of relative direction. The number of a neighbour's square and range is its *spot*.
//! Start reading at [`spots`]; [`shares`] says what a spot counts for.

use super::print::{ROOM, SideBySide};
use crate::maths::{exponential, sine};
use std::sync::LazyLock;

/// How far neighbours are looked for, in pixels at 500 dpi.
pub(super) const REACH: i32 = 84;
/// Side of a square in pixels, squares on a side, and ranges of relative direction.
const SQUARE: i32 = 6;
const SIDE: i32 = 2 * REACH / SQUARE + 1;
const RANGES: usize = 16;
/// How many spots there are.
pub(super) const SPOTS: usize = (SIDE * SIDE) as usize * RANGES;

/// Distance of the middles of the bells over the surroundings, in pixels, in a grid of triangles; the farthest of them; their width.
const BELLS_APART: f32 = 18.0;
const BELLS_REACH: f32 = 80.0;
const BELL: f32 = 10.8;
/// Bells over the relative direction, and their width in turns.
const DIRECTIONS: usize = 6;
const DIRECTION: f32 = 0.11;
/// What counts for less is left out.
const LEAST: f32 = 1e-3;

/// Sines of all directions, in 1/16384.
static SINES: LazyLock<[i32; 256]> =
    LazyLock::new(|| std::array::from_fn(|step| (sine(step as f32 / 256.0) * 16_384.0 + 16_384.5) as i32 - 16_384));

/// Sine and cosine of a direction, in 1/16384.
pub(super) fn turned(angle: u8) -> (i32, i32) {
    (SINES[usize::from(angle)], SINES[usize::from(angle.wrapping_add(64))])
}

/// The spots of the neighbours of the minutia at `middle`; gives how many there are.
#[inline(always)]
pub(super) fn spots(minutiae: &SideBySide, middle: usize, out: &mut [u16; ROOM]) -> usize {
    let (x, y, angle) = (minutiae.x[middle], minutiae.y[middle], minutiae.angle[middle]);
    let (s, c) = turned(angle);
    let mut near = [false; ROOM];
    for (at, near) in near.iter_mut().enumerate() {
        let (dx, dy) = ((minutiae.x[at] - x).abs(), (minutiae.y[at] - y).abs());
        *near = (dx <= REACH as i16) & (dy <= REACH as i16);
    }
    near[middle] = false;
    let mut count = 0;
    for (at, _) in near.iter().enumerate().take(minutiae.count).filter(|(_, near)| **near) {
        let (dx, dy) = (i32::from(minutiae.x[at] - x), i32::from(minutiae.y[at] - y));
        // On paper y points down; half a part is added so that the shift rounds to the nearest.
        let along = (dx * c - dy * s + (1 << 13)) >> 14;
        let aside = (dx * s + dy * c + (1 << 13)) >> 14;
        let column = ((along + REACH + SQUARE / 2) as u32 / SQUARE as u32).min(SIDE as u32 - 1);
        let row = ((aside + REACH + SQUARE / 2) as u32 / SQUARE as u32).min(SIDE as u32 - 1);
        let range = u32::from(minutiae.angle[at].wrapping_sub(angle).wrapping_add(8)) / 16;
        out[count] = ((row * SIDE as u32 + column) * RANGES as u32 + range) as u16;
        count += usize::from(dx * dx + dy * dy <= REACH * REACH);
    }
    count
}

/// The middles of the bells.
fn bells() -> Vec<(f32, f32)> {
    let steps = (REACH as f32 / BELLS_APART) as i32;
    let mut out = Vec::new();
    for row in -steps..=steps {
        for column in -steps..=steps {
            let x = (column as f32 + if row & 1 == 1 { 0.5 } else { 0.0 }) * BELLS_APART;
            // The height of a triangle of side 1.
            let y = row as f32 * BELLS_APART * 0.866;
            if x * x + y * y <= BELLS_REACH * BELLS_REACH {
                out.push((x, y));
            }
        }
    }
    out
}

/// How many numbers describe the surroundings of a minutia.
pub(super) fn count() -> usize {
    bells().len() * DIRECTIONS
}

/// By spot: which of the numbers a neighbour there adds to, and how much.
pub(super) fn shares() -> Vec<Vec<(usize, f32)>> {
    let bells = bells();
    let one = |spot: usize| {
        let (square, range) = (spot / RANGES, spot % RANGES);
        let place = |at: usize| (at as i32 * SQUARE - REACH) as f32;
        let (x, y) = (place(square % SIDE as usize), place(square / SIDE as usize));
        let mut out = Vec::new();
        for (bell, (bell_x, bell_y)) in bells.iter().enumerate() {
            let near = exponential(-((x - bell_x) * (x - bell_x) + (y - bell_y) * (y - bell_y)) / (2.0 * BELL * BELL));
            for direction in 0..DIRECTIONS {
                let turns = range as f32 / RANGES as f32 - direction as f32 / DIRECTIONS as f32;
                let part = turns - (turns + 0.5).floor();
                let share = near * exponential(-part * part / (2.0 * DIRECTION * DIRECTION));
                if share > LEAST {
                    out.push((bell * DIRECTIONS + direction, share));
                }
            }
        }
        out
    };
    (0..SPOTS).map(one).collect()
}
