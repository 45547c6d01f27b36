//! Pairs to persons: the best pairs first, and nothing that contradicts itself.

use crate::model::Model;
use crate::pattern::Layout;
use crate::table::Table;
use crate::{Pair, maths};
use foldhash::HashMap;

/// Members of two clusters that are compared before the clusters are joined.
const MEMBERS_MAX: usize = 24;
/// Two records that are one person with less than this probability contradict their being put together by others.
const CONTRADICTION: f64 = 0.3;
/// No contradiction counts for more than that of this probability.
const LEAST: f64 = 1e-3;
/// By how much the pair that joins two clusters has to outweigh the worst contradiction between them: 7 bits.
const OUTWEIGHED: i32 = 7 * maths::PARTS as i32;

/// Records that are joined so far.
struct Clusters<'a> {
    table: &'a Table,
    layout: &'a Layout,
    model: &'a Model,
    parents: Vec<u32>,
    /// The members of a cluster stand in a ring.
    next: Vec<u32>,
    /// By the first member of a cluster of several: the twelve-digit number that one of them has.
    numbers: HashMap<u32, u64>,
}

/// For every record the position of its cluster's first member. `pairs` are taken in their order.
pub(crate) fn cluster<'a>(
    table: &Table,
    layout: &Layout,
    model: &Model,
    pairs: impl Iterator<Item = &'a Pair>,
) -> Vec<u32> {
    let own: Vec<u32> = (0..table.len() as u32).collect();
    let mut clusters = Clusters { table, layout, model, parents: own.clone(), next: own, numbers: HashMap::default() };
    pairs.for_each(|pair| clusters.join(pair));
    (0..table.len() as u32).map(|at| root(&mut clusters.parents, at)).collect()
}

impl Clusters<'_> {
    /// Joins the clusters of a pair, if nothing speaks against that.
    fn join(&mut self, pair: &Pair) {
        let (a, b) = (root(&mut self.parents, pair.a), root(&mut self.parents, pair.b));
        if a == b {
            return;
        }
        let (one, other) = (self.number(a), self.number(b));
        if one.is_some() && other.is_some() && one != other {
            return;
        }
        let (first, second) = (self.members(a), self.members(b));
        if first.len() + second.len() > 2 && self.contradict(pair.weight, &first, &second) {
            return;
        }
        let (low, high) = (a.min(b), a.max(b));
        self.parents[high as usize] = low;
        self.next.swap(low as usize, high as usize);
        self.numbers.remove(&high);
        if let Some(number) = one.or(other) {
            self.numbers.insert(low, number);
        }
    }

    /// The number that a member of a cluster has.
    fn number(&self, root: u32) -> Option<u64> {
        let known = self.numbers.get(&root).copied();
        if known.is_some() || self.next[root as usize] != root {
            known
        } else {
            self.model.unique_value(self.table, root)
        }
    }

    /// The members of a cluster, up to so many.
    fn members(&self, root: u32) -> Vec<u32> {
        let mut members = vec![root];
        let mut at = self.next[root as usize];
        while at != root && members.len() < MEMBERS_MAX {
            members.push(at);
            at = self.next[at as usize];
        }
        members
    }

    /// Whether two members speak against each other, and the pair that would join them does not outweigh it.
    fn contradict(&self, best: i32, first: &[u32], second: &[u32]) -> bool {
        let pairs = first.iter().flat_map(|a| second.iter().map(|b| (*a, *b)));
        let one = |(a, b)| {
            let pattern = self.layout.compare(self.table, a, b);
            pattern.map_or(0.0, |pattern| self.model.probability(pattern))
        };
        let least = pairs.map(one).fold(1.0, f64::min);
        least < CONTRADICTION && best + maths::weight(least.max(LEAST)) < OUTWEIGHED
    }
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        let above = parents[parents[at as usize] as usize];
        parents[at as usize] = above;
        at = above;
    }
    at
}
