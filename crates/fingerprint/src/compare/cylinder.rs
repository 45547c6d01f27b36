//! The surroundings of each minutia as bits, turned so that its own direction points right.
//!
//! A disc of 70 pixels is cut in square cells and six ranges of relative direction; a bit is set where some neighbour
//! of about that direction lies near that cell. Cells beyond the known part of the finger are marked as unknown.
//! Start reading at [`cylinders`].

use super::hull::Hull;
use super::prepared::{Point, turn};
use crate::maths::{cosine, exponential, sine};

/// Radius of the disc in pixels at 500 dpi.
const RADIUS: f32 = 70.0;
/// Cells along the diameter.
const CELLS: usize = 10;
const CELL: f32 = 2.0 * RADIUS / CELLS as f32;
/// Ranges of relative direction.
const RANGES: usize = 6;
/// 80 cells in the disc, six ranges: 480 bits.
const WORDS: usize = 8;
/// Spread of a neighbour over the cells, in pixels.
const SPREAD: f32 = 9.0;
/// Spread of a neighbour over the ranges, in turns.
const SPREAD_TURNS: f32 = 0.11;
/// Sum of contributions from which a bit is set; a neighbour right at a cell's middle contributes 1.
const BIT_MIN: f32 = 0.40;
/// How far beyond the hull the finger is taken as known, in pixels.
const HULL_MARGIN: f32 = 35.0;
/// Fewest neighbours in the disc with which surroundings say anything.
const NEIGHBOURS_MIN: usize = 2;
/// Share of the cells that two surroundings must both know.
const COMMON_MIN: u32 = 40 * RANGES as u32;

/// The surroundings of one minutia.
#[derive(Debug, Clone)]
pub(super) struct Cylinder {
    bits: [u64; WORDS],
    known: [u64; WORDS],
    usable: bool,
}

pub(super) fn cylinders(points: &[Point], hull: &Hull) -> Vec<Cylinder> {
    let cells = disc();
    points.iter().map(|middle| cylinder(middle, points, hull, &cells)).collect()
}

/// The middles of the cells inside the disc.
fn disc() -> Vec<(f32, f32)> {
    let at = |k: usize| (k as f32 + 0.5) * CELL - RADIUS;
    (0..CELLS * CELLS)
        .map(|k| (at(k % CELLS), at(k / CELLS)))
        .filter(|(x, y)| x * x + y * y <= RADIUS * RADIUS)
        .take(WORDS * 64 / RANGES)
        .collect()
}

fn cylinder(middle: &Point, points: &[Point], hull: &Hull, cells: &[(f32, f32)]) -> Cylinder {
    let turns = f32::from(middle.angle) / 256.0;
    let (s, c) = (sine(turns), cosine(turns));
    // Neighbours in the frame of the minutia: x along its direction, y to the right of it (down on paper).
    let reach = RADIUS + 2.0 * SPREAD;
    let near: Vec<(f32, f32, [f32; RANGES])> = points
        .iter()
        .filter(|p| *p != middle)
        .filter_map(|p| {
            let (dx, dy) = (p.x - middle.x, p.y - middle.y);
            (dx * dx + dy * dy <= reach * reach)
                .then(|| (dx * c - dy * s, dx * s + dy * c, ranges(turn(middle.angle, p.angle))))
        })
        .collect();
    let mut out = Cylinder { bits: [0; WORDS], known: [0; WORDS], usable: near.len() >= NEIGHBOURS_MIN };
    for (cell, &(x, y)) in cells.iter().enumerate() {
        let (on_x, on_y) = (middle.x + x * c + y * s, middle.y - x * s + y * c);
        if !hull.covers(on_x, on_y, HULL_MARGIN) {
            continue;
        }
        let mut sums = [0.0f32; RANGES];
        for (near_x, near_y, share) in &near {
            let (dx, dy) = (near_x - x, near_y - y);
            let square = dx * dx + dy * dy;
            if square < 9.0 * SPREAD * SPREAD {
                let weight = exponential(-square / (2.0 * SPREAD * SPREAD));
                sums.iter_mut().zip(share).for_each(|(sum, share)| *sum += weight * share);
            }
        }
        for (range, sum) in sums.iter().enumerate() {
            let bit = range * cells.len() + cell;
            out.known[bit / 64] |= 1 << (bit % 64);
            out.bits[bit / 64] |= u64::from(*sum >= BIT_MIN) << (bit % 64);
        }
    }
    out
}

/// How much a relative direction belongs to each range.
fn ranges(steps: i32) -> [f32; RANGES] {
    std::array::from_fn(|range| {
        let turns = steps as f32 / 256.0 - range as f32 / RANGES as f32;
        let part = turns - (turns + 0.5).floor();
        exponential(-part * part / (2.0 * SPREAD_TURNS * SPREAD_TURNS))
    })
}

/// One less the distance of the bits both know, over the sum of their lengths; 0 where too little is known.
pub(super) fn similarity(a: &Cylinder, b: &Cylinder) -> f32 {
    if !a.usable || !b.usable {
        return 0.0;
    }
    let (mut common, mut ones_a, mut ones_b, mut unlike) = (0, 0, 0, 0);
    for word in 0..WORDS {
        let known = a.known[word] & b.known[word];
        let (first, second) = (a.bits[word] & known, b.bits[word] & known);
        common += known.count_ones();
        ones_a += first.count_ones();
        ones_b += second.count_ones();
        unlike += (first ^ second).count_ones();
    }
    if common < COMMON_MIN || ones_a == 0 || ones_b == 0 {
        return 0.0;
    }
    let length = |ones: u32| (ones as f32).sqrt();
    1.0 - length(unlike) / (length(ones_a) + length(ones_b))
}
