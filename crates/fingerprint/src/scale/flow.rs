//! Which way the ridges of a finger run.
//!
//! Start reading at [`Flow::at`]. Places are in pixels at 500 dpi from the middle of the finger, y up; directions in turns.

use super::draw::Draw;
use crate::maths::{angle, exponential, sine};

/// Share of the fingers that are arches, and that are loops; the rest are whorls.
const ARCHES: f32 = 0.06;
const LOOPS: f32 = 0.64;
/// Spread of the places of cores and deltas, in pixels.
const PLACE_SPREAD: f32 = 16.0;
/// Waves that make each flow a little different, and how strong each is, in turns.
const WAVES: usize = 3;
const WAVE: f32 = 0.014;

/// The flow of one finger.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    cores: Vec<(f32, f32)>,
    deltas: Vec<(f32, f32)>,
    /// Height of the arch in pixels; 0 in loops and whorls.
    arch: f32,
    /// Waves: how fast along x and y, in turns a pixel, and where each begins.
    waves: [[f32; 3]; WAVES],
}

impl Flow {
    pub(super) fn new(draw: &mut Draw) -> Self {
        let mut near = |x: f32, y: f32| (x + PLACE_SPREAD * draw.normal(), y + PLACE_SPREAD * draw.normal());
        let (core, second, left, right) = (near(0.0, 25.0), near(0.0, -25.0), near(-95.0, -95.0), near(95.0, -95.0));
        let kind = draw.share();
        let (cores, deltas) = if kind < ARCHES {
            (Vec::new(), Vec::new())
        } else if kind < ARCHES + LOOPS {
            (vec![core], vec![if draw.happens(0.5) { left } else { right }])
        } else {
            (vec![core, second], vec![left, right])
        };
        let arch = if cores.is_empty() { draw.between(40.0, 90.0) } else { 0.0 };
        let waves = std::array::from_fn(|_| [draw.between(-0.006, 0.006), draw.between(-0.006, 0.006), draw.share()]);
        Self { cores, deltas, arch, waves }
    }

    /// The direction of the ridges, in turns; half a turn more is the same.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let around = |places: &[(f32, f32)]| places.iter().map(|(px, py)| angle(y - py, x - px)).sum::<f32>();
        let mut turns = 0.5 * (around(&self.cores) - around(&self.deltas));
        if self.arch > 0.0 {
            // Ridges bulge by a bell over x, most at the middle of the finger.
            let height = self.arch * exponential(-y * y / (2.0 * 110.0 * 110.0));
            let slope = -height * x / (70.0 * 70.0) * exponential(-x * x / (2.0 * 70.0 * 70.0));
            turns += angle(slope, 1.0);
        }
        for [along, up, from] in self.waves {
            turns += WAVE * sine(along * x + up * y + from);
        }
        turns
    }
}
