//! Record linkage: which records are one person.
//!
//! Method: blocking by several keys, Fellegi–Sunter weights (log₂ of how much likelier an agreement is for one person
//! than for two), frequencies of names taken from the records themselves, clustering that respects what cannot be one.
//! Invariant: the result does not depend on the order of the records; ties are broken by content.
//! Invariant: two different valid twelve-digit numbers are never merged; kin are not merged on what a family shares.
//! Not here: reading files, and what an officer decides about uncertain pairs.
//! Start reading at [`link`].

mod block;
mod cluster;
mod compare;
mod prepare;

pub use compare::{Evidence, Field};
pub use prepare::Record;

use rayon::prelude::*;

/// How sure is sure enough.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Thresholds {
    /// Pairs at or above this probability are merged without asking.
    pub same: f64,
    /// Pairs at or above this probability, and below [`Thresholds::same`], are a question for an officer.
    pub ask: f64,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds { same: 0.98, ask: 0.20 }
    }
}

/// Two records and how likely they are one person.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    /// The position of the first record.
    pub a: u32,
    /// The position of the second record, greater than the first.
    pub b: u32,
    /// What speaks for and against, in bits.
    pub evidence: Evidence,
    /// The probability that they are one person.
    pub probability: f64,
}

/// The result.
#[derive(Clone, PartialEq, Debug)]
pub struct Links {
    /// For every record the position of its cluster's first member.
    pub cluster: Vec<u32>,
    /// Pairs for an officer: uncertain, and not in one cluster already. By descending probability.
    pub uncertain: Vec<Pair>,
    /// All pairs at or above a probability of 0.01, in order of position.
    pub pairs: Vec<Pair>,
    /// How many pairs were compared.
    pub pairs_scored: u64,
    /// Blocks that were too large for a key and were left to the other keys.
    pub blocks_left: u64,
}

/// Links records to persons. `threads` are taken from the caller's pool; it changes nothing in the result.
#[must_use]
pub fn link(records: &[Record], thresholds: Thresholds) -> Links {
    let prepared = prepare::prepare(records);
    let (candidates, blocks_left) = block::candidates(&prepared.records);
    let prior = prior(records.len());
    let pairs: Vec<Pair> = candidates
        .par_iter()
        .filter_map(|&(a, b)| {
            let evidence = compare::compare(&prepared, a as usize, b as usize);
            let probability = probability(evidence.total() + prior);
            (probability >= 0.01).then_some(Pair { a, b, evidence, probability })
        })
        .collect();
    let cluster = cluster::cluster(&prepared.records, &pairs, thresholds.same);
    let mut uncertain: Vec<Pair> = pairs
        .iter()
        .filter(|pair| pair.probability >= thresholds.ask && !pair.evidence.forbidden)
        .filter(|pair| cluster[pair.a as usize] != cluster[pair.b as usize])
        .cloned()
        .collect();
    uncertain.sort_by(|x, y| y.probability.total_cmp(&x.probability).then_with(|| (x.a, x.b).cmp(&(y.a, y.b))));
    Links { cluster, uncertain, pairs, pairs_scored: candidates.len() as u64, blocks_left }
}

/// The odds, in bits, that two records taken at random are one person: about one partner in ten per record.
fn prior(records: usize) -> f64 {
    -(records.max(10) as f64 * 8.0).log2()
}

fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

#[cfg(test)]
mod tests;
