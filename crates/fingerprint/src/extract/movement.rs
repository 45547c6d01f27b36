//! Whether the finger moved while it was captured.
//!
//! A movement lays shifted copies of the print on each other: whatever changes along the way is wiped out, whatever changes
//! across it stays. The ridges themselves cannot tell, for a finger may have them all in one direction; what lies between
//! their directions can: pores, rims and breaks are there in every direction alike, until a movement takes one away.
//! Invariant: a number is given for every print; one with no block aside of its ridges has not moved.
//! Start reading at [`movement`].

use super::segment::Mask;
use super::spectrum::{BINS, DIRECTIONS, FREQUENCIES, Spectra};
use crate::maths::{cosine, logarithm, sine};

/// Bins of frequency that count, periods from 12 to 6 pixels: below, the pressure changes; above, a sensor adds its own.
const COUNTED: std::ops::Range<usize> = 1..6;
/// Directions nearer than this to a block's ridges are filled by them.
const ASIDE: usize = 4;
/// Energy that clean ridges alone leave aside of themselves, as a share of the contrast.
const CLEAN: f32 = 0.01;
/// A direction that less than one block in so many has aside of its ridges says nothing.
const BLOCKS_EACH: usize = 50;

/// How much more is left across the movement than along it: the logarithm of the ratio of their energies. Prints
/// of fingers that were held still stay below 0.8, nearly all of them; ones dragged by half a ridge's distance come to 1 and more.
pub(super) fn movement(spectra: &Spectra, mask: &Mask) -> f32 {
    let (mut left, mut blocks) = ([0.0f32; DIRECTIONS], [0u32; DIRECTIONS]);
    for (block, energy) in spectra.energy.iter().enumerate() {
        if !mask.block((block % spectra.columns) as isize, (block / spectra.columns) as isize) {
            continue;
        }
        let directions = directions(energy);
        let ridges = (0..DIRECTIONS).max_by(|&a, &b| directions[a].total_cmp(&directions[b])).unwrap_or(0);
        for direction in 0..DIRECTIONS {
            let apart = direction.abs_diff(ridges);
            if apart.min(DIRECTIONS - apart) >= ASIDE {
                left[direction] += directions[direction];
                blocks[direction] += 1;
            }
        }
    }
    let known = |direction: &usize| blocks[*direction] as usize * BLOCKS_EACH >= mask.blocks();
    let mean = |direction: usize| {
        let mean = CLEAN + left[direction] / blocks[direction].max(1) as f32;
        (direction as f32 / DIRECTIONS as f32, logarithm(mean))
    };
    let means: Vec<(f32, f32)> = (0..DIRECTIONS).filter(known).map(mean).collect();
    let level = means.iter().map(|(_, mean)| mean).sum::<f32>() / means.len().max(1) as f32;
    // The first wave around the half turn of directions, from its crest to its trough.
    let (mut along, mut across) = (0.0f32, 0.0f32);
    for (turns, mean) in means {
        along += (mean - level) * cosine(turns);
        across += (mean - level) * sine(turns);
    }
    4.0 / DIRECTIONS as f32 * (along * along + across * across).sqrt()
}

/// The energy of each direction.
fn directions(energy: &[f32; BINS]) -> [f32; DIRECTIONS] {
    let mut out = [0.0; DIRECTIONS];
    for (direction, bins) in out.iter_mut().zip(energy.chunks_exact(FREQUENCIES.len())) {
        *direction = bins[COUNTED].iter().sum();
    }
    out
}
