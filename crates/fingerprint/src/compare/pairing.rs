//! All minutiae of two templates paired under a pose, and the pose bettered by the pairs.
//!
//! Start reading at [`pair`].

use super::pose::Pose;
use super::prepared::{Prepared, turn};

/// How far apart two minutiae of one pair may lie at first, in pixels.
const FAR_FIRST: f32 = 18.0;
/// And once the pose has been bettered.
const FAR_LAST: f32 = 15.0;
/// How much their directions may differ, in steps of 1/256 turn (32 degrees).
const TURN_FAR: i32 = 23;
/// How often the pose is bettered.
const ROUNDS: usize = 2;

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
pub(super) fn pair(a: &Prepared, b: &Prepared, mut pose: Pose) -> (Vec<Pair>, Pose) {
    let mut pairs = under(a, b, &pose, FAR_FIRST);
    for _ in 0..ROUNDS {
        if pairs.len() < 3 {
            break;
        }
        pose = Pose::fit(pairs.iter().map(|pair| {
            let weight = 1.0 / (1.0 + pair.distance * pair.distance / 50.0);
            (&a.points[pair.a], &b.points[pair.b], weight)
        }));
        pairs = under(a, b, &pose, FAR_LAST);
    }
    (pairs, pose)
}

fn under(a: &Prepared, b: &Prepared, pose: &Pose, far: f32) -> Vec<Pair> {
    let mut near: Vec<(f32, Pair)> = Vec::with_capacity(64);
    for (i, first) in a.points.iter().enumerate() {
        let (x, y) = pose.carry(first.x, first.y);
        for (j, second) in b.points.iter().enumerate() {
            let (dx, dy) = (second.x - x, second.y - y);
            let square = dx * dx + dy * dy;
            if square > far * far {
                continue;
            }
            let turned = ((turn(first.angle, second.angle) - pose.turn + 128).rem_euclid(256) - 128).abs();
            if turned <= TURN_FAR {
                let cost = square / 36.0 + (turned * turned) as f32 / 64.0;
                near.push((cost, Pair { a: i, b: j, distance: square.sqrt(), turned }));
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
