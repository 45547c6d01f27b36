//! Poses on which many minutiae agree.
//!
//! Each of the likeliest pairs is taken as the pose of the whole; what the other minutiae say to that is its support.
//! Start reading at [`poses`].

use super::couple::{Candidate, Couple};
use super::prepared::{LANES, Lanes, turn};
use super::warp::Warp;

/// How many poses are tried to the end.
const POSES: usize = 8;
/// A minutia agrees when it comes to lie within so many pixels of another …
const MISS: f32 = 8.0;
/// … and this share of the distance from the anchor, for skin stretches and the anchor's direction may be off …
const STRETCH: f32 = 0.16;
/// … and when the turns differ by at most this, in steps of 1/256 turn.
const TURN_MISS: f32 = 20.0;
/// Poses are one where they carry the middle of the anchor to within so many pixels, and turn alike.
const SAME_PIXELS: f32 = 14.0;
const SAME_TURN: i32 = 12;

/// A pose to begin with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pose {
    pub(super) warp: Warp,
    pub(super) turn: i32,
    support: f32,
    at: usize,
}

/// The poses with the most support, best first.
pub(super) fn poses(couple: &Couple<'_>) -> Vec<Pose> {
    let (a, b, candidates) = (couple.a, couple.b, couple.candidates());
    let mut all: Vec<Pose> = Vec::with_capacity(candidates.len());
    for (at, candidate) in candidates.iter().enumerate() {
        let (from, to) = (&a.points[candidate.a], &b.points[candidate.b]);
        let turn = turn(from.angle, to.angle);
        let warp = Warp::turning(turn, from, to);
        all.push(Pose { warp, turn, support: support(couple, candidate, &warp, turn), at });
    }
    all.sort_by(|x, y| y.support.total_cmp(&x.support).then(x.at.cmp(&y.at)));
    let mut chosen: Vec<Pose> = Vec::with_capacity(POSES);
    for pose in all {
        let (x, y) = a.middle;
        let (own_x, own_y) = pose.warp.carry(x, y);
        let same = chosen.iter().any(|other| {
            let (other_x, other_y) = other.warp.carry(x, y);
            let (dx, dy) = (own_x - other_x, own_y - other_y);
            dx * dx + dy * dy < SAME_PIXELS * SAME_PIXELS && (pose.turn - other.turn).abs() < SAME_TURN
        });
        if !same {
            chosen.push(pose);
            if chosen.len() == POSES {
                break;
            }
        }
    }
    chosen
}

/// How well the other minutiae lie under the pose that one pair gives.
fn support(couple: &Couple<'_>, candidate: &Candidate, warp: &Warp, turned: i32) -> f32 {
    let (a, b) = (couple.a, couple.b);
    let anchor = &a.points[candidate.a];
    let mut sum = candidate.similarity;
    for (i, first) in a.points.iter().enumerate() {
        if i == candidate.a {
            continue;
        }
        let (x, y) = warp.carry(first.x, first.y);
        let (ax, ay) = (first.x - anchor.x, first.y - anchor.y);
        let far = (ax * ax + ay * ay).sqrt();
        let bound = MISS + STRETCH * far;
        let angle = first.angle.wrapping_add(turned as u8);
        let mut best = [0.0f32; LANES];
        for (lanes, alike) in b.lanes.iter().zip(couple.row(i)) {
            fits(lanes, alike, (x, y), angle, 1.0 / (bound * bound), &mut best);
        }
        let best = best.into_iter().fold(0.0f32, f32::max);
        // Who is far away agrees by chance more often.
        sum += best * MISS / bound;
    }
    sum
}

/// How well each of eight minutiae fits a place and a direction, where better than before.
fn fits(lanes: &Lanes, alike: &[f32; LANES], (x, y): (f32, f32), angle: u8, narrow: f32, best: &mut [f32; LANES]) {
    for lane in 0..LANES {
        let (dx, dy) = (lanes.x[lane] - x, lanes.y[lane] - y);
        let off = f32::from(lanes.angle[lane].wrapping_sub(angle) as i8);
        let near = 1.0 - (dx * dx + dy * dy) * narrow;
        let straight = 1.0 - off * off * (1.0 / (TURN_MISS * TURN_MISS));
        let fit = if near > 0.0 && straight > 0.0 { near * straight * (0.25 + alike[lane]) } else { 0.0 };
        best[lane] = if fit > best[lane] { fit } else { best[lane] };
    }
}
