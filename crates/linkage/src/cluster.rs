//! Pairs to persons: the best pairs first, and never two numbers in one person.

use crate::Pair;
use crate::prepare::Ready;

/// For every record the position of its cluster's first member.
pub(crate) fn cluster(records: &[Ready], pairs: &[Pair], same: f64) -> Vec<u32> {
    let mut sure: Vec<&Pair> = pairs
        .iter()
        .filter(|pair| pair.probability >= same && !pair.evidence.forbidden && !pair.evidence.kin)
        .collect();
    let content = |pair: &Pair| {
        let (x, y) = (records[pair.a as usize].content, records[pair.b as usize].content);
        (x.min(y), x.max(y))
    };
    sure.sort_by(|x, y| {
        y.evidence
            .total()
            .total_cmp(&x.evidence.total())
            .then_with(|| content(x).cmp(&content(y)))
            .then_with(|| (x.a, x.b).cmp(&(y.a, y.b)))
    });
    let mut parents: Vec<u32> = (0..records.len() as u32).collect();
    let mut numbers: Vec<u64> = records.iter().map(|record| record.number).collect();
    for pair in sure {
        let (a, b) = (root(&mut parents, pair.a), root(&mut parents, pair.b));
        let (x, y) = (numbers[a as usize], numbers[b as usize]);
        if a != b && (x == 0 || y == 0 || x == y) {
            let (first, second) = (a.min(b), a.max(b));
            parents[second as usize] = first;
            numbers[first as usize] = x.max(y);
        }
    }
    (0..records.len() as u32).map(|at| root(&mut parents, at)).collect()
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        let above = parents[parents[at as usize] as usize];
        parents[at as usize] = above;
        at = above;
    }
    at
}
