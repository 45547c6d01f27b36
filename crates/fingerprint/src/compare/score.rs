//! The evidence of a pairing as a log-likelihood ratio: one finger against two.
//!
//! Each pair speaks for one finger by how much likelier its misfit is between impressions of one finger than by
//! chance; each minutia in the common area that found no partner speaks against it, the more the better its quality.
//! The constants are plain assumptions about skin and sensors, named below; none was fitted to a set of prints.
//! Start reading at [`score`].

use super::cylinder;
use super::pairing::Pair;
use super::pose::Pose;
use super::prepared::Prepared;
use crate::maths::exponential;
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

pub(super) fn score(a: &Prepared, b: &Prepared, pairs: &[Pair], pose: &Pose) -> f32 {
    let density = |side: &Prepared| (side.points.len() as f32 / (side.hull.area + 5_000.0)).clamp(DENSITY.0, DENSITY.1);
    let by_chance = (density(a) * density(b)).sqrt();
    let mut sum = 0.0f32;
    for pair in pairs {
        sum += evidence(a, b, pair, by_chance);
    }
    let (paired_a, paired_b) = pairs.iter().fold((0u128, 0u128), |(x, y), p| (x | 1 << p.a, y | 1 << p.b));
    for (k, point) in a.points.iter().enumerate() {
        let (x, y) = pose.carry(point.x, point.y);
        if paired_a >> k & 1 == 0 && b.hull.covers(x, y, MARGIN) {
            sum += missed(point.quality);
        }
    }
    let back = Pose {
        sine: -pose.sine,
        x: pose.y * pose.sine - pose.x * pose.cosine,
        y: -pose.y * pose.cosine - pose.x * pose.sine,
        turn: -pose.turn,
        ..*pose
    };
    for (k, point) in b.points.iter().enumerate() {
        let (x, y) = back.carry(point.x, point.y);
        if paired_b >> k & 1 == 0 && a.hull.covers(x, y, MARGIN) {
            sum += missed(point.quality);
        }
    }
    sum.max(super::NOTHING)
}

/// What one pair says.
fn evidence(a: &Prepared, b: &Prepared, pair: &Pair, by_chance: f32) -> f32 {
    let (first, second) = (&a.points[pair.a], &b.points[pair.b]);
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
    let around = cylinder::similarity(&a.cylinders[pair.a], &b.cylinders[pair.b]);
    let ratio = seen * place / by_chance * direction / direction_chance * kind;
    logarithm(ratio) + if around > 0.0 { AROUND * (around - AROUND_EVEN) } else { 0.0 }
}

/// What similar surroundings of a pair add, and the similarity that says nothing either way.
const AROUND: f32 = 4.0;
const AROUND_EVEN: f32 = 0.50;

const TAU: f32 = core::f32::consts::TAU;
const ROOT_TAU: f32 = 2.506_628_3;

fn seen(quality: f32) -> f32 {
    SEEN_WORST + (SEEN_BEST - SEEN_WORST) * quality
}

/// What a minutia without partner says.
fn missed(quality: f32) -> f32 {
    logarithm(1.0 - seen(quality))
}

/// Natural logarithm of a positive number, by splitting off the power of two. The error is below 1e-4.
fn logarithm(x: f32) -> f32 {
    let bits = x.max(1e-30).to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let mantissa = f32::from_bits(bits & 0x007F_FFFF | 0x3F80_0000);
    // ln((1+t)/(1-t)) = 2 (t + t³/3 + t⁵/5 + …) with t up to 1/3.
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = t * (2.0 + square * (2.0 / 3.0 + square * (2.0 / 5.0 + square * 2.0 / 7.0)));
    exponent as f32 * core::f32::consts::LN_2 + series
}
