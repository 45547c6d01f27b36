//! Two templates beside each other, and how alike the surroundings of each two minutiae are.
//!
//! Start reading at [`Couple::of`].

use super::cylinder;
use super::prepared::{LANES, Prepared, turn};

/// Two impressions are turned against each other by at most this, in steps of 1/256 turn (90 degrees).
const TURN_MAX: i32 = 64;
/// How many pairs go on to the search for poses.
const CANDIDATES: usize = 64;

/// Two templates.
pub(super) struct Couple<'a> {
    pub(super) a: &'a Prepared,
    pub(super) b: &'a Prepared,
    /// By the minutia of `a`, then by eights of `b`: 0 to 1.
    alike: Vec<[f32; LANES]>,
}

/// Two minutiae with similar surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) a: usize,
    pub(super) b: usize,
    /// 0 to 1.
    pub(super) similarity: f32,
}

impl<'a> Couple<'a> {
    pub(super) fn of(a: &'a Prepared, b: &'a Prepared) -> Couple<'a> {
        let mut alike = vec![[0.0; LANES]; a.points.len() * b.lanes.len()];
        for (i, (first, row)) in a.points.iter().zip(alike.chunks_exact_mut(b.lanes.len().max(1))).enumerate() {
            for (j, second) in b.points.iter().enumerate() {
                if turn(first.angle, second.angle).abs() <= TURN_MAX {
                    row[j / LANES][j % LANES] = cylinder::similarity(&a.cylinders[i], &b.cylinders[j]);
                }
            }
        }
        Couple { a, b, alike }
    }

    /// How alike the surroundings of two minutiae are, 0 to 1.
    pub(super) fn alike(&self, a: usize, b: usize) -> f32 {
        self.alike[a * self.b.lanes.len() + b / LANES][b % LANES]
    }

    /// The same for one minutia of `a` and all of `b`, by eights.
    pub(super) fn row(&self, a: usize) -> &[[f32; LANES]] {
        &self.alike[a * self.b.lanes.len()..(a + 1) * self.b.lanes.len()]
    }

    /// The pairs with the most similar surroundings, most similar first.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let width = self.b.lanes.len() * LANES;
        // Similarity above, place below, so that one comparison of numbers orders both.
        let pack = |(at, similarity): (usize, &f32)| {
            ((similarity * 65_535.0) as u64) << 32 | (u64::from(u32::MAX) - at as u64)
        };
        let mut found: Vec<u64> = self
            .alike
            .as_flattened()
            .iter()
            .enumerate()
            .filter(|(_, similarity)| **similarity > 0.0)
            .map(pack)
            .collect();
        if found.len() > CANDIDATES {
            found.select_nth_unstable_by(CANDIDATES, |x, y| y.cmp(x));
            found.truncate(CANDIDATES);
        }
        found.sort_unstable_by(|x, y| y.cmp(x));
        let unpack = |packed: u64| {
            let at = (u64::from(u32::MAX) - (packed & u64::from(u32::MAX))) as usize;
            Candidate { a: at / width, b: at % width, similarity: self.alike.as_flattened()[at] }
        };
        found.into_iter().map(unpack).collect()
    }
}
