//! A finger: its minutiae, before anybody has taken a print of it.
//!
//! Start reading at [`Finger::new`].

use super::draw::Draw;
use super::flow::Flow;
use crate::maths::exponential;
use minutiae::Kind;

/// Half the width and half the height of the pad, in pixels at 500 dpi.
const PAD: (f32, f32) = (135.0, 190.0);
/// Minutiae a square pixel: the mean of fingers, and its spread as a share of it.
const DENSITY: f32 = 8.0e-4;
const DENSITY_SPREAD: f32 = 0.30;
/// Minutiae keep away from each other: nearly none is closer than half of this, in pixels.
const APART: f32 = 15.0;
/// Spread of the directions about the flow, in turns.
const DIRECTION_SPREAD: f32 = 0.018;

/// A minutia of a finger; places in pixels from the middle, y up, directions in turns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) direction: f32,
    pub(super) kind: Kind,
    /// How easily it is seen, 0 to 1.
    pub(super) clear: f32,
}

/// A finger of nobody.
#[derive(Debug, Clone)]
pub struct Finger {
    pub(super) seed: u64,
    pub(super) marks: Vec<Mark>,
}

impl Finger {
    /// The finger that belongs to a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed, 0);
        let flow = Flow::new(&mut draw);
        let density = DENSITY * (1.0 + DENSITY_SPREAD * draw.normal()).clamp(0.4, 1.8);
        let count = (core::f32::consts::PI * PAD.0 * PAD.1 * density) as usize;
        let mut marks: Vec<Mark> = Vec::with_capacity(count);
        // Crowded fingers run out of room: a bounded number of tries.
        for _ in 0..count * 4 {
            if marks.len() == count {
                break;
            }
            let (along, up) = (draw.between(-1.0, 1.0), draw.between(-1.0, 1.0));
            if along * along + up * up > 1.0 {
                continue;
            }
            let (x, y) = (along * PAD.0, up * PAD.1);
            let square = |mark: &Mark| (mark.x - x) * (mark.x - x) + (mark.y - y) * (mark.y - y);
            let nearest = marks.iter().map(square).fold(f32::MAX, f32::min);
            if draw.happens(exponential(-nearest / (APART * APART))) {
                continue;
            }
            let sense = if draw.happens(0.5) { 0.5 } else { 0.0 };
            marks.push(Mark {
                x,
                y,
                direction: flow.at(x, y) + sense + DIRECTION_SPREAD * draw.normal(),
                kind: if draw.happens(0.55) { Kind::Ending } else { Kind::Bifurcation },
                clear: draw.share(),
            });
        }
        Self { seed, marks }
    }
}
