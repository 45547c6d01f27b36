//! What speaks for one finger and what against, as a handful of numbers.
//!
//! Each pair speaks for one finger by how much likelier its misfit is between impressions of one finger than by chance; each
//! minutia in the common area that found no partner speaks against it, the more the better its quality. Beside these two sums
//! stand plainer numbers about the same pairs; how much each of them is worth is learnt (`score`).
//! The constants here are plain assumptions about skin and sensors, named below; none was fitted to a set of prints.
//! Start reading at [`Evidence::of`].

use super::couple::Couple;
use super::pairing::Pair;
use super::prepared::{Prepared, turn};
use super::warp::Warp;
use crate::maths::{exponential, logarithm};
use minutiae::Kind;

/// Spread of the place of a minutia between two impressions, in pixels (0.25 mm).
const PLACE: f32 = 5.0;
/// Spread of its direction, in steps of 1/256 turn (8.5 degrees).
const DIRECTION: f32 = 6.0;
/// Share of the pairs of one finger whose misfit is anything within the bounds.
const STRAY: f32 = 0.10;
/// Probability that a minutia seen once is seen again, for the worst and the best quality.
const SEEN_WORST: f32 = 0.35;
const SEEN_BEST: f32 = 0.75;
/// Probability that two impressions agree on the type of a minutia.
const SAME_KIND: f32 = 0.70;
/// Distance from the hull up to which a minutia without partner counts, in pixels.
const MARGIN: f32 = 4.0;
/// Densest and sparsest minutiae, in minutiae a square pixel: 5 to 30 in a square of 100 pixels (5 mm).
const DENSITY: (f32, f32) = (5e-4, 3e-3);
/// What similar surroundings of a pair add, and the similarity that says nothing either way.
const AROUND: f32 = 4.0;
const AROUND_EVEN: f32 = 0.50;
/// Pairs at most so far from each other, in pixels, are looked at together: skin hardly stretches between them.
const TOGETHER: f32 = 110.0;

const TAU: f32 = core::f32::consts::TAU;
const ROOT_TAU: f32 = 2.506_628_3;

/// How many numbers.
pub(crate) const COUNT: usize = 9;

/// What they are, in their order.
pub(crate) const NAMES: [&str; COUNT] = [
    "what the pairs say, in nats",
    "what the missed say, in nats",
    "pairs",
    "share of the common minutiae that are paired",
    "mean square of the misfit in place, in 100 square pixels",
    "mean square of the misfit in direction, in 100 square steps",
    "agreement of neighbouring pairs, for each pair",
    "minutiae of the poorer template",
    "stretch",
];

/// What one pose says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence(pub(crate) [f32; COUNT]);

impl Evidence {
    pub(super) fn of(couple: &Couple<'_>, pairs: &[Pair], warp: &Warp) -> Evidence {
        let (a, b) = (couple.a, couple.b);
        let by_chance = (density(a) * density(b)).sqrt();
        let count = pairs.len() as f32;
        let (mut found, mut distance, mut turned) = (0.0f32, 0.0f32, 0.0f32);
        for pair in pairs {
            found += of_pair(couple, pair, by_chance);
            distance += pair.distance * pair.distance;
            turned += (pair.turned * pair.turned) as f32;
        }
        let (paired_a, paired_b) = pairs.iter().fold((0u128, 0u128), |(x, y), p| (x | 1 << p.a, y | 1 << p.b));
        let (missed_a, lost_a) = missed(a, b, paired_a, warp);
        let (missed_b, lost_b) = missed(b, a, paired_b, &warp.back());
        let common = ((count + missed_a) * (count + missed_b)).sqrt();
        let each = count.max(1.0);
        Evidence([
            found,
            lost_a + lost_b,
            count,
            count / common.max(1.0),
            distance / each * 0.01,
            turned / each * 0.01,
            agreement(couple, pairs) / each,
            a.points.len().min(b.points.len()) as f32,
            warp.stretch(),
        ])
    }
}

/// Minutiae for each square pixel.
fn density(side: &Prepared) -> f32 {
    (side.points.len() as f32 / (side.hull.area + 5_000.0)).clamp(DENSITY.0, DENSITY.1)
}

/// What one pair says.
fn of_pair(couple: &Couple<'_>, pair: &Pair, by_chance: f32) -> f32 {
    let (first, second) = (&couple.a.points[pair.a], &couple.b.points[pair.b]);
    let seen = (seen(first.quality) * seen(second.quality)).sqrt();
    let bell = |value: f32, spread: f32| exponential(-value * value / (2.0 * spread * spread));
    // Densities of place (a square pixel) and direction (a step) for one finger, and by chance. By chance, half of the
    // directions follow the flow of the ridges all the same.
    let place = (1.0 - STRAY) * bell(pair.distance, PLACE) / (TAU * PLACE * PLACE) + STRAY / 707.0;
    let direction = (1.0 - STRAY) * bell(pair.turned as f32, DIRECTION) / (ROOT_TAU * DIRECTION) + STRAY / 47.0;
    let direction_chance = 0.5 * bell(pair.turned as f32, 14.0) / (ROOT_TAU * 14.0) + 0.5 / 256.0;
    let kind = match (first.kind, second.kind) {
        (Kind::Other, _) | (_, Kind::Other) => 1.0,
        (x, y) if x == y => SAME_KIND / 0.5,
        _ => (1.0 - SAME_KIND) / 0.5,
    };
    let around = couple.alike(pair.a, pair.b);
    let ratio = seen * place / by_chance * direction / direction_chance * kind;
    logarithm(ratio) + if around > 0.0 { AROUND * (around - AROUND_EVEN) } else { 0.0 }
}

fn seen(quality: f32) -> f32 {
    SEEN_WORST + (SEEN_BEST - SEEN_WORST) * quality
}

/// The minutiae that lie where the other impression shows the finger and have no partner: how many, and what they say.
fn missed(side: &Prepared, other: &Prepared, paired: u128, warp: &Warp) -> (f32, f32) {
    let (mut count, mut sum) = (0.0f32, 0.0f32);
    for (k, point) in side.points.iter().enumerate() {
        let (x, y) = warp.carry(point.x, point.y);
        if paired >> k & 1 == 0 && other.hull.covers(x, y, MARGIN) {
            count += 1.0;
            sum += logarithm(1.0 - seen(point.quality));
        }
    }
    (count, sum)
}

/// How well neighbouring pairs agree on the distance between them and on how they are turned against each other.
fn agreement(couple: &Couple<'_>, pairs: &[Pair]) -> f32 {
    let mut sum = 0.0f32;
    for (k, pair) in pairs.iter().enumerate() {
        let (p, r) = (&couple.a.points[pair.a], &couple.b.points[pair.b]);
        for other in &pairs[k + 1..] {
            let (q, s) = (&couple.a.points[other.a], &couple.b.points[other.b]);
            let (ax, ay, bx, by) = (p.x - q.x, p.y - q.y, r.x - s.x, r.y - s.y);
            let (first, second) = ((ax * ax + ay * ay).sqrt(), (bx * bx + by * by).sqrt());
            if first >= TOGETHER {
                continue;
            }
            let turned = (turn(p.angle, q.angle) - turn(r.angle, s.angle) + 128).rem_euclid(256) - 128;
            let miss = (first - second) / (3.0 + 0.05 * first);
            sum += (1.0 - miss * miss / 4.0).max(0.0) * (1.0 - (turned * turned) as f32 / 400.0).max(0.0);
        }
    }
    sum
}
