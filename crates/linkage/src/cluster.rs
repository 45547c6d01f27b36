//! Pairs to persons: the best pairs first, and nothing that contradicts itself.

use crate::model::Model;
use crate::pattern::Layout;
use crate::table::Table;
use crate::{Pair, maths};

/// Members of two clusters that are compared before the clusters are joined.
const MEMBERS_MAX: usize = 24;
/// Two records that are one person with less than this probability contradict their being put together by others.
const CONTRADICTION: f64 = 0.3;
/// No contradiction counts for more than that of this probability.
const LEAST: f64 = 1e-3;
/// By how much the pair that joins two clusters has to outweigh the worst contradiction between them: 7 bits.
const OUTWEIGHED: i32 = 7 * maths::PARTS as i32;

/// For every record the position of its cluster's first member. `pairs` are taken in their order.
pub(crate) fn cluster<'a>(
    table: &Table,
    layout: &Layout,
    model: &Model,
    pairs: impl Iterator<Item = &'a Pair>,
) -> Vec<u32> {
    let mut parents: Vec<u32> = (0..table.len() as u32).collect();
    let mut next: Vec<u32> = (0..table.len() as u32).collect();
    for pair in pairs {
        let (a, b) = (root(&mut parents, pair.a), root(&mut parents, pair.b));
        if a == b {
            continue;
        }
        let (first, second) = (members(&next, a), members(&next, b));
        if first.len() + second.len() > 2 && contradicts(table, layout, model, pair.weight, &first, &second) {
            continue;
        }
        let (low, high) = (a.min(b), a.max(b));
        parents[high as usize] = low;
        next.swap(low as usize, high as usize);
    }
    (0..table.len() as u32).map(|at| root(&mut parents, at)).collect()
}

/// The members of a cluster: they stand in a ring.
fn members(next: &[u32], root: u32) -> Vec<u32> {
    let mut members = vec![root];
    let mut at = next[root as usize];
    while at != root {
        members.push(at);
        at = next[at as usize];
    }
    members
}

fn contradicts(table: &Table, layout: &Layout, model: &Model, best: i32, first: &[u32], second: &[u32]) -> bool {
    let number = |record: &u32| model.unique_value(table, *record);
    // Numbers are looked at however many members there are.
    let mut numbers = first.iter().chain(second).filter_map(number);
    if let Some(one) = numbers.next()
        && numbers.any(|other| other != one)
    {
        return true;
    }
    let looked_at = |members: &[u32]| members.iter().copied().take(MEMBERS_MAX).collect::<Vec<_>>();
    let (first, second) = (looked_at(first), looked_at(second));
    let pairs = first.iter().flat_map(|a| second.iter().map(|b| (*a, *b)));
    let one = |(a, b)| layout.compare(table, a, b).map_or(0.0, |pattern| model.probability(pattern));
    let least = pairs.map(one).fold(1.0, f64::min);
    least < CONTRADICTION && best + maths::weight(least.max(LEAST)) < OUTWEIGHED
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        let above = parents[parents[at as usize] as usize];
        parents[at as usize] = above;
        at = above;
    }
    at
}
