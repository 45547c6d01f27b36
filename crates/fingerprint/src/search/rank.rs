//! The ranking score: how alike two prints are, in microseconds and whole numbers.
//!
//! Pairs of minutiae with similar codes each give a place of one print on the other; the places that most pairs agree on are
//! tried with all minutiae and bettered; what was found and what was missed there makes the score.
//! It orders candidates; whether two prints are of one finger is for [`crate::compare()`] to say.
//!
//! Invariant: the score is the same with every [`Simd`]: integers only, sums in any order are equal, ties go to the first.
//! Start reading at [`rank`].

use super::place::Place;
use super::print::{Print, ROOM};
use super::simd::{Simd, for_each_simd};

/// Prints are turned against each other by at most this, in steps of 1/256 turn (90 degrees).
pub(super) const TURN_MAX: u8 = 64;
/// Bits by which the codes of a candidate pair may differ.
const UNLIKE_MAX: u32 = 15;
/// How many candidate pairs are looked at, and how many places are tried.
const PAIRS: usize = 32;
const PLACES: usize = 4;
/// How far a pair may lie from where another's place puts it: in pixels, and turned in steps of 1/256.
const AGREE: i32 = 16;
const AGREE_TURN: i32 = 14;
/// How far apart two minutiae of a pair may lie, in pixels, at first and then; and how much they may be turned.
const FAR: [i16; 2] = [20, 14];
const TURN_FAR: i16 = 22;

/// What a pair says, in thousandths of a nat: for being there, for lying close, for pointing alike, for similar codes.
const THERE: i32 = 300;
const CLOSE: i32 = 700;
const CLOSE_LEAST: i32 = -350;
const POINTS: i32 = 470;
const POINTS_LEAST: i32 = -350;
const CODE: i32 = 25;
/// What a minutia says that should be there and is not.
const MISSED: i32 = -150;
/// What it says when all minutiae in the common part are paired.
const SHARE: i32 = 1_500;

/// The score of two prints in thousandths of a nat, about; higher is more alike.
pub(super) fn rank(simd: Simd, a: &Print, b: &Print) -> i32 {
    ranked(simd, a, b)
}

for_each_simd! {
    ranked = rank_body(a: &Print, b: &Print) -> i32
}

/// Two minutiae with similar codes.
#[derive(Clone, Copy, Default)]
struct Pair {
    a: u8,
    b: u8,
    unlike: u8,
}

#[inline(always)]
fn rank_body(a: &Print, b: &Print) -> i32 {
    let mut pairs = [Pair::default(); PAIRS];
    let count = candidates(a, b, &mut pairs);
    let (places, tried) = places(a, b, &pairs[..count]);
    let mut first = [(0, Place::default()); PLACES];
    for (slot, place) in first.iter_mut().zip(&places[..tried]) {
        let mut found = [None; ROOM];
        let agreed = laid(a, b, place, FAR[0], &mut found);
        *slot = (agreed, place.fitted(taken(a, b, &found)));
    }
    let mut best = 0;
    first[..tried].sort_by_key(|(agreed, _)| -agreed);
    for (_, place) in &first[..tried.min(2)] {
        let mut found = [None; ROOM];
        laid(a, b, place, FAR[1], &mut found);
        best = best.max(evidence(a, b, place, &found));
    }
    best
}

/// The pairs with the most similar codes, the most similar first.
#[inline(always)]
fn candidates(a: &Print, b: &Print, pairs: &mut [Pair; PAIRS]) -> usize {
    const MANY: usize = 256;
    let mut found = [Pair::default(); MANY];
    let mut by_unlike = [0usize; UNLIKE_MAX as usize + 2];
    let mut count = 0;
    for i in 0..a.minutiae.count {
        let mut unlike = [0u8; ROOM];
        for (j, unlike) in unlike.iter_mut().enumerate() {
            *unlike = (a.codes[i] ^ b.codes[j]).count_ones() as u8;
        }
        for (j, &unlike) in unlike[..b.minutiae.count].iter().enumerate() {
            let turn = b.minutiae.angle[j].wrapping_sub(a.minutiae.angle[i]).wrapping_add(TURN_MAX);
            if u32::from(unlike) <= UNLIKE_MAX && turn <= 2 * TURN_MAX && count < MANY {
                found[count] = Pair { a: i as u8, b: j as u8, unlike };
                by_unlike[usize::from(unlike) + 1] += 1;
                count += 1;
            }
        }
    }
    for at in 1..by_unlike.len() {
        by_unlike[at] += by_unlike[at - 1];
    }
    for pair in &found[..count] {
        let at = &mut by_unlike[usize::from(pair.unlike)];
        if *at < PAIRS {
            pairs[*at] = *pair;
        }
        *at += 1;
    }
    count.min(PAIRS)
}

/// The places that the most pairs agree on, most first, each unlike the others.
#[inline(always)]
fn places(a: &Print, b: &Print, pairs: &[Pair]) -> ([Place; PLACES], usize) {
    let mut lanes = [[0i32; PAIRS]; 6];
    for (at, pair) in pairs.iter().enumerate() {
        let (i, j) = (usize::from(pair.a), usize::from(pair.b));
        let turn = i32::from(b.minutiae.angle[j].wrapping_sub(a.minutiae.angle[i]) as i8);
        let values = [a.minutiae.x[i], a.minutiae.y[i], b.minutiae.x[j], b.minutiae.y[j]].map(i32::from);
        (lanes[0][at], lanes[1][at], lanes[2][at], lanes[3][at]) = values.into();
        (lanes[4][at], lanes[5][at]) = (turn, 20 - i32::from(pair.unlike));
    }
    let [ax, ay, bx, by, turns, weights] = &lanes;
    let mut all = [(0i32, Place::default()); PAIRS];
    for (at, pair) in pairs.iter().enumerate() {
        let place = Place::of(a, usize::from(pair.a), b, usize::from(pair.b));
        let mut sum = 0;
        for k in 0..PAIRS {
            let x = (ax[k] * place.linear[0] + ay[k] * place.linear[1] + place.x) >> 14;
            let y = (ax[k] * place.linear[2] + ay[k] * place.linear[3] + place.y) >> 14;
            let away = (ax[k] - ax[at]).abs() + (ay[k] - ay[at]).abs();
            let off = (x - bx[k]).abs().max((y - by[k]).abs());
            let turned = (turns[k] - turns[at]).abs();
            let agrees = (off <= AGREE + away / 16) & (turned <= AGREE_TURN);
            sum += weights[k] * i32::from(agrees);
        }
        all[at] = (sum, place);
    }
    let mut chosen = [Place::default(); PLACES];
    let mut count = 0;
    let middle = ((a.sides[0] + a.sides[1]) / 2, (a.sides[2] + a.sides[3]) / 2);
    while count < PLACES {
        let mut best = 0;
        let mut at = None;
        for (k, (sum, _)) in all[..pairs.len()].iter().enumerate() {
            if *sum > best {
                (best, at) = (*sum, Some(k));
            }
        }
        let Some(at) = at else { break };
        let place = all[at].1;
        let (x, y) = place.carry(middle.0, middle.1);
        for (sum, other) in &mut all[..pairs.len()] {
            let (other_x, other_y) = other.carry(middle.0, middle.1);
            let turn = other.turn.wrapping_sub(place.turn) as i8;
            if (other_x - x).abs() < 14 && (other_y - y).abs() < 14 && turn.unsigned_abs() < 12 {
                *sum = 0;
            }
        }
        chosen[count] = place;
        count += 1;
    }
    (chosen, count)
}

/// For each minutia of `a` under a place, the nearest of `b` that points about the same way, with how far it is and how much turned; gives
/// how well they agree in all.
#[inline(always)]
fn laid(a: &Print, b: &Print, place: &Place, far: i16, found: &mut [Option<(u8, i16, i16)>; ROOM]) -> i32 {
    let room = b.minutiae.count.next_multiple_of(16).min(ROOM);
    let mut agreed = 0;
    for (i, found) in found.iter_mut().enumerate().take(a.minutiae.count) {
        let (x, y) = place.carry(a.minutiae.x[i], a.minutiae.y[i]);
        let angle = a.minutiae.angle[i].wrapping_add(place.turn);
        let mut best = i16::MAX;
        for j in 0..room {
            let (dx, dy) = ((b.minutiae.x[j] - x).saturating_abs(), (b.minutiae.y[j] - y).saturating_abs());
            // The longer side and half of the shorter: about the distance.
            let distance = dx.max(dy).saturating_add(dx.min(dy) / 2);
            let turned = i16::from(b.minutiae.angle[j].wrapping_sub(angle) as i8).abs();
            // The distance above, the minutia below: the least of all is the nearest and the first of its kind.
            let key = distance << 6 | j as i16;
            let near = (distance <= far) & (turned <= TURN_FAR);
            best = best.min(if near { key } else { i16::MAX });
        }
        if best < i16::MAX {
            let j = (best & 63) as usize;
            let (distance, turned) = (best >> 6, i16::from(b.minutiae.angle[j].wrapping_sub(angle) as i8).abs());
            *found = Some((j as u8, distance, turned));
            agreed += i32::from(far - distance) * 4 + i32::from(TURN_FAR - turned);
        }
    }
    agreed
}

/// The pairs that were found, as places.
fn taken<'a>(
    a: &'a Print,
    b: &'a Print,
    found: &'a [Option<(u8, i16, i16)>; ROOM],
) -> impl Iterator<Item = ([i16; 2], [i16; 2])> + Clone + 'a {
    found[..a.minutiae.count].iter().enumerate().filter_map(|(i, found)| {
        let j = usize::from((*found)?.0);
        Some(([a.minutiae.x[i], a.minutiae.y[i]], [b.minutiae.x[j], b.minutiae.y[j]]))
    })
}

/// What was found and what was missed says.
#[inline(always)]
fn evidence(a: &Print, b: &Print, place: &Place, found: &[Option<(u8, i16, i16)>; ROOM]) -> i32 {
    let mut sum = 0;
    let (mut used, mut pairs, mut missed) = (0u64, 0, 0);
    let mut carried = [i16::MAX, i16::MIN, i16::MAX, i16::MIN];
    for (i, found) in found.iter().enumerate().take(a.minutiae.count) {
        let (x, y) = place.carry(a.minutiae.x[i], a.minutiae.y[i]);
        carried = [carried[0].min(x), carried[1].max(x), carried[2].min(y), carried[3].max(y)];
        match *found {
            Some((j, distance, turned)) if used >> j & 1 == 0 => {
                used |= 1 << j;
                pairs += 1;
                let (distance, turned) = (i32::from(distance), i32::from(turned));
                let unlike = (a.codes[i] ^ b.codes[usize::from(j)]).count_ones() as i32;
                sum += THERE
                    + (CLOSE - 7 * distance * distance).max(CLOSE_LEAST)
                    + (POINTS - 4 * turned * turned).max(POINTS_LEAST)
                    + CODE * (18 - unlike);
            }
            _ => missed += i32::from(within(&b.sides, x, y)),
        }
    }
    let mut missed_b = 0;
    for j in 0..b.minutiae.count {
        missed_b += i32::from(used >> j & 1 == 0 && within(&carried, b.minutiae.x[j], b.minutiae.y[j]));
    }
    let common = ((pairs + missed) * (pairs + missed_b)).isqrt().max(1);
    sum + MISSED * (missed + missed_b) + SHARE * pairs / common
}

fn within(sides: &[i16; 4], x: i16, y: i16) -> bool {
    x >= sides[0] && x <= sides[1] && y >= sides[2] && y <= sides[3]
}
