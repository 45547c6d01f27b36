//! All minutiae of two templates paired under a pose, and the pose bettered by the pairs.
//!
//! Start reading at [`pair`].

use super::couple::Couple;
use super::pose::Pose;
use super::prepared::{LANES, turn};
use super::warp::Warp;

/// How far apart two minutiae of one pair may lie in each round, in pixels; the pose is bettered after each but the last.
const FAR: [f32; 4] = [20.0, 18.0, 15.0, 13.0];
/// How much their directions may differ, in steps of 1/256 turn.
const TURN_FAR: i32 = 22;

/// Of two minutiae for one: this many pixels between them, this many steps of turn, and half a neighbourhood that is alike weigh as much.
const PIXELS: f32 = 6.0;
const STEPS: f32 = 8.0;
const ALIKE: f32 = 2.0;
/// The square of the distance at which a pair has half the say in the next pose.
const HALF_SQUARE: f32 = 50.0;
/// Pairs that a pose is bettered by at least.
const PAIRS_MIN: usize = 3;

/// Two minutiae laid on each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Pixels between them.
    pub(super) distance: f32,
    /// Difference of their directions in steps of 1/256 turn, without sign.
    pub(super) turned: i32,
}

/// Pairs minutiae one to one, nearest first, and fits the pose to them.
pub(super) fn pair(couple: &Couple<'_>, pose: &Pose) -> (Vec<Pair>, Warp) {
    let (a, b) = (couple.a, couple.b);
    let mut warp = pose.warp;
    let mut pairs = Vec::new();
    for (round, far) in FAR.into_iter().enumerate() {
        pairs = under(couple, &warp, far);
        if pairs.len() < PAIRS_MIN || round + 1 == FAR.len() {
            break;
        }
        warp = Warp::fit(pairs.iter().map(|pair| {
            let weight = 1.0 / (1.0 + pair.distance * pair.distance / HALF_SQUARE);
            (&a.points[pair.a], &b.points[pair.b], weight)
        }));
    }
    (pairs, warp)
}

fn under(couple: &Couple<'_>, warp: &Warp, far: f32) -> Vec<Pair> {
    let (a, b) = (couple.a, couple.b);
    let mut near: Vec<(f32, Pair)> = Vec::with_capacity(64);
    for (i, first) in a.points.iter().enumerate() {
        let (x, y) = warp.carry(first.x, first.y);
        let angle = warp.direction(first);
        for (eight, lanes) in b.lanes.iter().enumerate() {
            let mut squares = [0.0f32; LANES];
            let mut close = false;
            for (lane, square) in squares.iter_mut().enumerate() {
                let (dx, dy) = (lanes.x[lane] - x, lanes.y[lane] - y);
                *square = dx * dx + dy * dy;
                close |= *square <= far * far;
            }
            if !close {
                continue;
            }
            for (lane, &square) in squares.iter().enumerate() {
                let turned = turn(angle, lanes.angle[lane]).abs();
                if square <= far * far && turned <= TURN_FAR {
                    let b = eight * LANES + lane;
                    let cost = square / (PIXELS * PIXELS) + (turned * turned) as f32 / (STEPS * STEPS)
                        - ALIKE * couple.alike(i, b);
                    near.push((cost, Pair { a: i, b, distance: square.sqrt(), turned }));
                }
            }
        }
    }
    near.sort_by(|x, y| x.0.total_cmp(&y.0).then((x.1.a, x.1.b).cmp(&(y.1.a, y.1.b))));
    let (mut used_a, mut used_b) = (0u128, 0u128);
    near.into_iter()
        .filter_map(|(_, pair)| {
            let (bit_a, bit_b) = (1u128 << pair.a, 1u128 << pair.b);
            let free = used_a & bit_a == 0 && used_b & bit_b == 0;
            if free {
                used_a |= bit_a;
                used_b |= bit_b;
            }
            free.then_some(pair)
        })
        .collect()
}
