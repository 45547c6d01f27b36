//! A map of one print onto another, in whole numbers.
//!
//! Start reading at [`Place::of`].

use super::print::Print;
use super::surroundings::turned;

/// Parts of 1 in the linear part of a map.
pub(super) const ONE: i64 = 1 << 14;
/// How strongly a map is held to a turn: as so many square pixels of spread would.
const HELD: i64 = 3_000;

/// Carries places of the first print onto the second.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// In 1/16384: how x and y go into x, then into y.
    pub(super) linear: [i32; 4],
    /// In 1/16384 pixel.
    pub(super) x: i32,
    pub(super) y: i32,
    /// The turn that it began with, in steps of 1/256.
    pub(super) turn: u8,
}

impl Place {
    /// The turn that lays one minutia on another.
    pub(super) fn of(a: &Print, i: usize, b: &Print, j: usize) -> Self {
        let turn = b.minutiae.angle[j].wrapping_sub(a.minutiae.angle[i]);
        let (s, c) = turned(turn);
        let (x, y) = (i32::from(a.minutiae.x[i]), i32::from(a.minutiae.y[i]));
        let (to_x, to_y) = (i32::from(b.minutiae.x[j]) << 14, i32::from(b.minutiae.y[j]) << 14);
        Self { linear: [c, s, -s, c], x: to_x - x * c - y * s, y: to_y + x * s - y * c, turn }
    }

    /// Where a place comes to lie, in pixels.
    #[inline(always)]
    pub(super) fn carry(&self, x: i16, y: i16) -> (i16, i16) {
        let [xx, xy, yx, yy] = self.linear;
        let (x, y) = (i32::from(x), i32::from(y));
        let half = 1 << 13;
        (((x * xx + y * xy + self.x + half) >> 14) as i16, ((x * yx + y * yy + self.y + half) >> 14) as i16)
    }

    /// The linear map with the least squared distances between pairs, held to the turn it began with.
    pub(super) fn fitted(&self, pairs: impl Iterator<Item = ([i16; 2], [i16; 2])> + Clone) -> Self {
        let mut sums = [0i64; 5];
        for (a, b) in pairs.clone() {
            for (sum, value) in sums.iter_mut().zip([1, a[0], a[1], b[0], b[1]]) {
                *sum += i64::from(value);
            }
        }
        let [count, ax, ay, bx, by] = sums;
        if count < 3 {
            return *self;
        }
        // Means in whole pixels are enough: what is left over goes into the shift.
        let (mx, my, nx, ny) = (ax / count, ay / count, bx / count, by / count);
        let (mut across, mut own) = ([0i64; 4], [0i64; 3]);
        let (mut along, mut aside) = (0i64, 0i64);
        for (a, b) in pairs {
            let (px, py) = (i64::from(a[0]) - mx, i64::from(a[1]) - my);
            let (qx, qy) = (i64::from(b[0]) - nx, i64::from(b[1]) - ny);
            along += px * qx + py * qy;
            aside += py * qx - px * qy;
            across = [across[0] + qx * px, across[1] + qx * py, across[2] + qy * px, across[3] + qy * py];
            own = [own[0] + px * px, own[1] + px * py, own[2] + py * py];
        }
        let length = (along * along + aside * aside).isqrt().max(1);
        let held = |part: i64| part * HELD / length;
        let q = [across[0] + held(along), across[1] + held(aside), across[2] - held(aside), across[3] + held(along)];
        let p = [own[0] + HELD, own[1], own[2] + HELD];
        let size = (p[0] * p[2] - p[1] * p[1]).max(1);
        let part = |value: i64| ((value / (size / ONE).max(1)).clamp(-2 * ONE, 2 * ONE)) as i32;
        let linear = [
            part(q[0] * p[2] - q[1] * p[1]),
            part(q[1] * p[0] - q[0] * p[1]),
            part(q[2] * p[2] - q[3] * p[1]),
            part(q[3] * p[0] - q[2] * p[1]),
        ];
        let shift = |b: i64, xx: i32, xy: i32| {
            ((b * ONE - ax * i64::from(xx) - ay * i64::from(xy)) / count).clamp(-1 << 26, 1 << 26) as i32
        };
        Self { linear, x: shift(bx, linear[0], linear[1]), y: shift(by, linear[2], linear[3]), turn: self.turn }
    }
}
