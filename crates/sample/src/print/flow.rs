//! The orientation of the ridges of a finger, by its class.
//!
//! Around a core the ridges turn by half a turn one way, around a delta the other way; the orientation anywhere is half
//! the sum of the bearings of the cores less half that of the deltas, plus a bow that every finger has.
//! Start reading at [`Flow::at`].

use super::trigonometry::{angle, bell, sine};
use super::{MASTER_HEIGHT, MASTER_WIDTH, between};
use crate::draw::Draw;

/// The orientation field of a finger.
pub(super) struct Flow {
    cores: Vec<(f32, f32)>,
    deltas: Vec<(f32, f32)>,
    /// Height of the bow in an arch, in turns at its steepest; 0 in other classes.
    arch: f32,
    /// Middle of the bow, in pixels from the left.
    middle: f32,
    /// How much the upper ridges bow, in turns.
    bow: f32,
    /// Ridges and valleys in pixels.
    pub(super) period: f32,
}

impl Flow {
    /// A finger of a class drawn as often as among people: a third whorls, most others loops, few arches.
    pub(super) fn new(draw: &mut Draw, left_hand: bool) -> Self {
        let (width, height) = (MASTER_WIDTH as f32, MASTER_HEIGHT as f32);
        let x = width / 2.0 + between(draw, -14.0, 14.0);
        let y = height * 0.42 + between(draw, -18.0, 18.0);
        let class = draw.below(100);
        // Loops mostly open towards the little finger; on paper the right hand's to the right.
        let side = if left_hand != (class.is_multiple_of(10)) { 1.0 } else { -1.0 };
        let mut flow = Self {
            cores: Vec::new(),
            deltas: Vec::new(),
            arch: 0.0,
            middle: x,
            bow: between(draw, 0.03, 0.06),
            period: between(draw, 8.2, 9.8),
        };
        if class < 8 {
            flow.arch = between(draw, 0.08, 0.14);
        } else if class < 65 {
            flow.cores.push((x, y));
            let (away, below) = (between(draw, 55.0, 95.0), between(draw, 80.0, 125.0));
            flow.deltas.push((x + side * away, y + below));
        } else {
            let (half, lean) = (between(draw, 8.0, 26.0), between(draw, -12.0, 12.0));
            flow.cores.extend([(x + lean, y - half), (x - lean, y + half)]);
            for side in [-1.0, 1.0] {
                flow.deltas.push((x + side * between(draw, 75.0, 110.0), y + between(draw, 85.0, 130.0)));
            }
        }
        flow
    }

    /// Orientation at a place, in turns, counter-clockwise from the right.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        // Bearings on paper: y grows downwards.
        let bearing = |&(px, py): &(f32, f32)| angle(py - y, x - px);
        let poles = self.cores.iter().map(bearing).sum::<f32>() - self.deltas.iter().map(bearing).sum::<f32>();
        let across = (x - self.middle) / MASTER_WIDTH as f32;
        let down = y / MASTER_HEIGHT as f32;
        let rise = self.arch * bell((down - 0.6) * (down - 0.6) * 9.0) + self.bow * (1.0 - down).max(0.0);
        poles / 2.0 - rise * sine(across.clamp(-0.5, 0.5))
    }
}
