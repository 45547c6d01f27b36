//! Maps that carry one impression onto another: a turn and a shift at first, then a linear map that may stretch a little.
//!
//! Skin is pressed and dragged, and some sensors' columns are not as far apart as their rows. Near the pairs at hand a linear
//! map follows that; it is held to a turn the more the fewer pairs there are.
//! Start reading at [`Warp::fit`].

use super::prepared::{Point, turn};
use crate::maths::{angle, cosine, sine};

/// How strongly the linear part is held to a turn: as so many square pixels of spread would.
const HELD: f32 = 2_000.0;
/// The directions vote as two points so many pixels ahead of the minutiae would.
const AHEAD: f32 = 20.0;

/// Carries points of the first impression onto the second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Warp {
    linear: [f32; 4],
    x: f32,
    y: f32,
}

impl Warp {
    /// A turn, in steps of 1/256, that carries one point to another.
    pub(super) fn turning(steps: i32, from: &Point, to: &Point) -> Warp {
        let turns = steps as f32 / 256.0;
        let (s, c) = (sine(turns), cosine(turns));
        Warp { linear: [c, s, -s, c], x: to.x - from.x * c - from.y * s, y: to.y + from.x * s - from.y * c }
    }

    /// Where a point comes to lie.
    pub(super) fn carry(&self, x: f32, y: f32) -> (f32, f32) {
        let [xx, xy, yx, yy] = self.linear;
        (x * xx + y * xy + self.x, x * yx + y * yy + self.y)
    }

    /// What a direction becomes, in steps of 1/256 turn.
    pub(super) fn direction(&self, point: &Point) -> u8 {
        let [xx, xy, yx, yy] = self.linear;
        let (x, y) = (point.ahead.0, point.ahead.1);
        // On paper y points down; directions are counter-clockwise.
        let turns = angle(-(x * yx + y * yy), x * xx + y * xy);
        (turns * 256.0 + 0.5) as u32 as u8
    }

    /// How far it is from a turn.
    pub(super) fn stretch(&self) -> f32 {
        let [xx, xy, yx, yy] = self.linear;
        let (along, aside) = ((xx - yy) / 2.0, (xy + yx) / 2.0);
        (along * along + aside * aside).sqrt() + ((xx * yy - xy * yx) - 1.0).abs() / 2.0
    }

    /// The inverse map.
    pub(super) fn back(&self) -> Warp {
        let [xx, xy, yx, yy] = self.linear;
        let size = xx * yy - xy * yx;
        let size = if size.abs() < 0.1 { 0.1 } else { size };
        let linear = [yy / size, -xy / size, -yx / size, xx / size];
        let x = -(linear[0] * self.x + linear[1] * self.y);
        let y = -(linear[2] * self.x + linear[3] * self.y);
        Warp { linear, x, y }
    }

    /// The map with the least squared distances between weighted pairs of points.
    pub(super) fn fit<'a>(pairs: impl Iterator<Item = (&'a Point, &'a Point, f32)> + Clone) -> Warp {
        let mut sums = [0.0f32; 5];
        for (a, b, weight) in pairs.clone() {
            for (sum, value) in sums.iter_mut().zip([1.0, a.x, a.y, b.x, b.y]) {
                *sum += weight * value;
            }
        }
        let [total, ax, ay, bx, by] = sums;
        let (ax, ay, bx, by) = (ax / total, ay / total, bx / total, by / total);
        let (mut along, mut aside) = (0.0f32, 0.0f32);
        // Sums of q pT and of p pT.
        let (mut across, mut own) = ([0.0f32; 4], [0.0f32; 3]);
        for (a, b, weight) in pairs {
            let (px, py, qx, qy) = (a.x - ax, a.y - ay, b.x - bx, b.y - by);
            along += weight * (px * qx + py * qy);
            aside += weight * (py * qx - px * qy);
            let turns = turn(a.angle, b.angle) as f32 / 256.0;
            along += weight * AHEAD * AHEAD * cosine(turns);
            aside += weight * AHEAD * AHEAD * sine(turns);
            for (sum, value) in across.iter_mut().zip([qx * px, qx * py, qy * px, qy * py]) {
                *sum += weight * value;
            }
            for (sum, value) in own.iter_mut().zip([px * px, px * py, py * py]) {
                *sum += weight * value;
            }
        }
        let length = (along * along + aside * aside).sqrt().max(1e-6);
        let (c, s) = (along / length, aside / length);
        // (Q + h R)(P + h I)^-1 is least in squares with the pull towards the turn R.
        let q = [across[0] + HELD * c, across[1] + HELD * s, across[2] - HELD * s, across[3] + HELD * c];
        let p = [own[0] + HELD, own[1], own[2] + HELD];
        let size = (p[0] * p[2] - p[1] * p[1]).max(1e-3);
        let inverse = [p[2] / size, -p[1] / size, p[0] / size];
        let linear = [
            q[0] * inverse[0] + q[1] * inverse[1],
            q[0] * inverse[1] + q[1] * inverse[2],
            q[2] * inverse[0] + q[3] * inverse[1],
            q[2] * inverse[1] + q[3] * inverse[2],
        ];
        let x = bx - ax * linear[0] - ay * linear[1];
        let y = by - ax * linear[2] - ay * linear[3];
        Warp { linear, x, y }
    }
}
