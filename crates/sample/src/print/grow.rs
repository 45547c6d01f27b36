//! Ridges grown from noise by filtering along the flow, again and again.
//!
//! Start reading at [`ridges`].

use super::flow::Flow;
use super::trigonometry::{bell, cosine, sine};
use super::{MASTER_HEIGHT, MASTER_WIDTH, unit};
use crate::draw::Draw;

/// Radius of the filters in pixels.
const RADIUS: usize = 7;
const SIDE: usize = 2 * RADIUS + 1;
/// Orientations that filters are made for, over half a turn.
const ORIENTATIONS: usize = 48;
/// Side of the cells that share a filter, in pixels.
const CELL: usize = 4;
/// How often the filters are applied; more passes leave fewer minutiae.
const PASSES: usize = 12;

const STRIDE: usize = MASTER_WIDTH + 2 * RADIUS + CELL;
const LINES: usize = MASTER_HEIGHT + 2 * RADIUS + CELL;

/// The ridges of a finger, -1 to 1, row by row from the top.
pub(super) fn ridges(flow: &Flow, draw: &mut Draw) -> Vec<f32> {
    let bank: Vec<[f32; SIDE * SIDE]> = (0..ORIENTATIONS).map(|k| filter(k, flow.period)).collect();
    let (columns, rows) = (MASTER_WIDTH / CELL, MASTER_HEIGHT / CELL);
    let choice: Vec<usize> = (0..columns * rows)
        .map(|cell| {
            let middle = |k: usize| (k * CELL + CELL / 2) as f32;
            let turns = flow.at(middle(cell % columns), middle(cell / columns)) * 2.0;
            ((turns - turns.floor()) * ORIENTATIONS as f32 + 0.5) as usize % ORIENTATIONS
        })
        .collect();
    let mut here = vec![0.0f32; STRIDE * LINES];
    for y in 0..MASTER_HEIGHT {
        for x in 0..MASTER_WIDTH {
            here[(y + RADIUS) * STRIDE + x + RADIUS] = unit(draw) - 0.5;
        }
    }
    let mut next = here.clone();
    for _ in 0..PASSES {
        for (cell, &filter) in choice.iter().enumerate() {
            let (x, y) = (cell % columns * CELL, cell / columns * CELL);
            let sums = filtered(&here[y * STRIDE + x..], &bank[filter]);
            for (row, line) in sums.iter().enumerate() {
                let at = (y + row + RADIUS) * STRIDE + x + RADIUS;
                for (value, sum) in next[at..at + CELL].iter_mut().zip(line) {
                    // Held near -1 and 1, so that weak places grow and strong ones stay.
                    let strong = sum * 6.0;
                    *value = strong / (1.0 + strong * strong).sqrt();
                }
            }
        }
        std::mem::swap(&mut here, &mut next);
    }
    (0..MASTER_HEIGHT).flat_map(|y| here[(y + RADIUS) * STRIDE + RADIUS..][..MASTER_WIDTH].to_vec()).collect()
}

fn filtered(source: &[f32], filter: &[f32; SIDE * SIDE]) -> [[f32; CELL]; CELL] {
    let mut sums = [[0.0f32; CELL]; CELL];
    for (dy, taps) in filter.chunks_exact(SIDE).enumerate() {
        let lines: [&[f32]; CELL] = std::array::from_fn(|row| &source[(dy + row) * STRIDE..][..SIDE + CELL]);
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

/// A wave under a bell, without response to an even tone; its taps' sizes sum to 1.
fn filter(orientation: usize, period: f32) -> [f32; SIDE * SIDE] {
    let turns = orientation as f32 / (2 * ORIENTATIONS) as f32;
    let (s, c) = (sine(turns), cosine(turns));
    let mut taps = [0.0f32; SIDE * SIDE];
    let mut bells = [0.0f32; SIDE * SIDE];
    for k in 0..SIDE * SIDE {
        let (x, y) = ((k % SIDE) as f32 - RADIUS as f32, (k / SIDE) as f32 - RADIUS as f32);
        let (along, across) = (x * c - y * s, x * s + y * c);
        bells[k] = bell((along * along + across * across) / 24.0);
        taps[k] = bells[k] * cosine(across / period);
    }
    let excess = taps.iter().sum::<f32>() / bells.iter().sum::<f32>();
    taps.iter_mut().zip(&bells).for_each(|(tap, bell)| *tap -= excess * bell);
    let size: f32 = taps.iter().map(|tap| tap.abs()).sum();
    taps.map(|tap| tap / size)
}
