//! Rigid poses on which several candidate pairs agree.
//!
//! Start reading at [`poses`].

use super::cylinder::Candidate;
use super::prepared::{Point, Prepared, turn};
use crate::maths::{angle, cosine, sine};

/// How many poses are tried to the end.
const POSES: usize = 4;
/// Two pairs agree when the one, carried along by the other, misses by at most this many pixels …
const MISS: f32 = 7.0;
/// … and this share of their distance, for skin stretches …
const STRETCH: f32 = 0.10;
/// … and when their turns differ by at most this, in steps of 1/256 turn (21 degrees).
const TURN_MISS: i32 = 15;

/// A turn and a shift that carry points of the first template onto the second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pose {
    pub(super) cosine: f32,
    pub(super) sine: f32,
    pub(super) x: f32,
    pub(super) y: f32,
    /// The turn in steps of 1/256, counter-clockwise.
    pub(super) turn: i32,
}

impl Pose {
    /// Where a point of the first template comes to lie in the second.
    pub(super) fn carry(&self, x: f32, y: f32) -> (f32, f32) {
        (x * self.cosine + y * self.sine + self.x, y * self.cosine - x * self.sine + self.y)
    }

    /// The pose with the least squared distances between weighted pairs of points.
    pub(super) fn fit<'a>(pairs: impl Iterator<Item = (&'a Point, &'a Point, f32)> + Clone) -> Self {
        let mut sums = [0.0f32; 5];
        for (a, b, weight) in pairs.clone() {
            for (sum, value) in sums.iter_mut().zip([1.0, a.x, a.y, b.x, b.y]) {
                *sum += weight * value;
            }
        }
        let [total, ax, ay, bx, by] = sums;
        let (ax, ay, bx, by) = (ax / total, ay / total, bx / total, by / total);
        let (mut along, mut aside) = (0.0f32, 0.0f32);
        for (a, b, weight) in pairs {
            let (px, py, qx, qy) = (a.x - ax, a.y - ay, b.x - bx, b.y - by);
            along += weight * (px * qx + py * qy);
            aside += weight * (py * qx - px * qy);
            // The directions vote as two points 20 pixels ahead of the minutiae would.
            let turns = turn(a.angle, b.angle) as f32 / 256.0;
            along += weight * 400.0 * cosine(turns);
            aside += weight * 400.0 * sine(turns);
        }
        let length = (along * along + aside * aside).sqrt().max(1e-6);
        let (cosine, sine) = (along / length, aside / length);
        let turns = angle(sine, cosine);
        let turn = i32::from((turns * 256.0 + 0.5) as u32 as u8 as i8);
        Self { cosine, sine, x: bx - ax * cosine - ay * sine, y: by - ay * cosine + ax * sine, turn }
    }
}

/// The poses with the most support, best first.
pub(super) fn poses(a: &Prepared, b: &Prepared, candidates: &[Candidate]) -> Vec<Pose> {
    let count = candidates.len();
    let mut agree = vec![false; count * count];
    let mut support: Vec<(f32, usize)> = Vec::with_capacity(count);
    for (k, candidate) in candidates.iter().enumerate() {
        let mut sum = candidate.similarity;
        let anchor = Anchor::of(a, b, candidate);
        for (l, other) in candidates.iter().enumerate() {
            if k != l && candidate.a != other.a && candidate.b != other.b {
                let share = anchor.agreement(&a.points[other.a], &b.points[other.b]);
                agree[k * count + l] = share > 0.0;
                sum += other.similarity * share;
            }
        }
        support.push((sum, k));
    }
    support.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
    let mut chosen: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    for &(_, k) in &support {
        // A pair that agrees with a chosen one leads to the same pose.
        if chosen.iter().any(|&earlier| agree[earlier * count + k]) {
            continue;
        }
        chosen.push(k);
        let members = (0..count).filter(|&l| l == k || agree[k * count + l]);
        out.push(Pose::fit(members.map(|l| {
            let candidate = &candidates[l];
            (&a.points[candidate.a], &b.points[candidate.b], candidate.similarity)
        })));
        if out.len() == POSES {
            break;
        }
    }
    out
}

/// A candidate pair taken as the pose of the whole.
struct Anchor<'a> {
    a: &'a Point,
    b: &'a Point,
    turn: i32,
    sine: f32,
    cosine: f32,
}

impl<'a> Anchor<'a> {
    fn of(a: &'a Prepared, b: &'a Prepared, candidate: &Candidate) -> Self {
        let (a, b) = (&a.points[candidate.a], &b.points[candidate.b]);
        let turn = turn(a.angle, b.angle);
        let turns = turn as f32 / 256.0;
        Self { a, b, turn, sine: sine(turns), cosine: cosine(turns) }
    }

    /// 1 where another pair lies just as this one says, falling to 0 at the bounds.
    fn agreement(&self, a: &Point, b: &Point) -> f32 {
        let turned = (turn(a.angle, b.angle) - self.turn + 128).rem_euclid(256) - 128;
        if turned.abs() > TURN_MISS {
            return 0.0;
        }
        let (px, py) = (a.x - self.a.x, a.y - self.a.y);
        let (qx, qy) = (b.x - self.b.x, b.y - self.b.y);
        let distance = (px * px + py * py).sqrt();
        // The anchor's own direction may be off; what counts is the length, then the bearing within the same bound.
        let (dx, dy) = (px * self.cosine + py * self.sine - qx, py * self.cosine - px * self.sine - qy);
        let miss = (dx * dx + dy * dy).sqrt();
        let bound = MISS + (STRETCH + 0.12) * distance;
        let lengths = ((qx * qx + qy * qy).sqrt() - distance).abs();
        if miss > bound || lengths > MISS + STRETCH * distance { 0.0 } else { 1.0 - 0.5 * miss / bound }
    }
}
