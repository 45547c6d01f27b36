//! Record linkage: which records are one person.
//!
//! Method: records are brought together by several keys, each pair is compared once into a pattern of 64 bits, a mixture of
//! one person, kin, namesakes and strangers is fitted to how often the patterns stand, and clusters are joined from the best
//! pair on. Nothing is learnt by heart: all weights come from the records themselves.
//! Invariant: the result does not depend on the order of the records, nor on threads; ties are broken by content.
//! Invariant: two different valid twelve-digit numbers are never merged; another given name with no number in common is
//! never merged.
//! Not here: reading files, and what an officer decides about uncertain pairs.
//! Start reading at [`link`].

mod block;
mod cluster;
mod index;
mod likeness;
mod maths;
mod model;
mod pattern;
mod spec;
mod table;
mod text;
mod word;

pub use index::{Found, Index};
pub use likeness::Alike;
pub use spec::{BYTES_MAX, FIELDS_MAX, Fault, Field, Key, Kind, Part, Spec};
pub use table::Table;

use crate::block::Blocks;
use crate::model::{Counts, Model, Observed};
use crate::pattern::{Layout, Pattern};
use crate::table::Rarity;
use foldhash::HashMap;
use rayon::prelude::*;

/// Candidates up to this many are all counted for the model; of more, a sample.
const COUNTED_MAX: u64 = 1_000_000;
/// Random pairs counted for the model.
const RANDOM_MAX: u64 = 500_000;
/// Pairs of families counted for the model.
const FAMILIES_MAX: u64 = 300_000;
/// Records under one family's key that can be one family.
const FAMILY_MAX: usize = 20;
/// Pairs below this probability are forgotten.
const LEAST: f64 = 0.01;
/// The probability that records are one person who are the same word for word.
const ALIKE: f64 = 0.9999;

/// How sure is sure enough.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Thresholds {
    /// The share of merges that shall be right, in all; `None` asks for none.
    pub precision: Option<f64>,
    /// No pair below this probability is merged.
    pub least: f64,
    /// Whether records are merged that have neither a whole date, nor a number, nor a parent in common.
    pub thin: bool,
    /// Pairs at or above this probability that are not merged are a question for an officer.
    pub ask: f64,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds { precision: Some(0.999), least: 0.99, thin: false, ask: 0.20 }
    }
}

/// Two records and how likely they are one person.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    /// The position of the first record.
    pub a: u32,
    /// The position of the second record, greater than the first.
    pub b: u32,
    /// The odds that they are one person, in 1/256 bit.
    pub weight: i32,
    /// The probability that they are one person.
    pub probability: f64,
    /// How they agree.
    pattern: Pattern,
}

/// Why two records agree as they do.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The likeliest reason besides that they are one person.
    pub rival: Rival,
    /// How much likelier one person is than that before anything is looked at, in bits.
    pub before: f64,
    /// What their fields say; with what was known before it adds up to the odds against the rival.
    pub evidence: Vec<Evidence>,
}

/// What some fields say of two records, weighed together where they depend on each other.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// The fields that are known on both sides, by their positions in the description, and how their values agree.
    pub fields: Vec<(usize, Alike)>,
    /// What that says for (positive) or against (negative) one person, in bits.
    pub bits: f64,
}

/// What two records can be about, besides one person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rival {
    /// Brothers or sisters, twins among them.
    Siblings,
    /// Others of one family.
    Relatives,
    /// Two people of one name, date and sex.
    Namesake,
    /// Two people who have nothing to do with each other.
    Stranger,
}

impl Rival {
    /// Its stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Rival::Siblings => "siblings",
            Rival::Relatives => "relatives",
            Rival::Namesake => "namesake",
            Rival::Stranger => "stranger",
        }
    }
}

/// The result.
#[derive(Clone, Debug)]
pub struct Links {
    /// For every record the position of its cluster's first member.
    pub cluster: Vec<u32>,
    /// Pairs for an officer: uncertain, and not in one cluster already. The likeliest first.
    pub uncertain: Vec<Pair>,
    /// All pairs at or above a probability of 0.01, the likeliest first. Of more than sixteen records that are read as the same, those
    /// of the first with each other one.
    pub pairs: Vec<Pair>,
    /// How many pairs were compared.
    pub pairs_scored: u64,
    model: Model,
}

impl Links {
    /// What speaks for and against one person.
    #[must_use]
    pub fn explain(&self, pair: &Pair) -> Explanation {
        self.model.explain(pair.pattern)
    }
}

/// Links records to persons, on the threads of the caller's pool; they change nothing in the result.
#[must_use]
pub fn link(table: &mut Table, thresholds: Thresholds) -> Links {
    table.settle();
    let crowds = table.set_crowds_aside();
    let rarity = table.count();
    let table = &*table;
    let layout = Layout::of(table);
    let blocks = Blocks::of(table);
    let sizes = blocks.fold(|| 0u64, |count, _, _| *count += 1);
    let pairs_scored: u64 = sizes.iter().sum();
    let one_in = pairs_scored.div_ceil(COUNTED_MAX).max(1);
    let candidates = gather(blocks.fold(HashMap::default, |counts: &mut HashMap<Pattern, u32>, a, b| {
        let both = maths::mix(table.content[a as usize].wrapping_add(table.content[b as usize]));
        if both.is_multiple_of(one_in)
            && let Some(pattern) = layout.compare(table, a, b)
        {
            *counts.entry(pattern).or_default() += 1;
        }
    }));
    let random = random(table, &layout);
    let (families, families_one_in) = families(table, &layout, &rarity);
    let observed = Observed {
        records: table.compared().count(),
        rarity: &rarity,
        candidates: &candidates,
        one_in: one_in as f64,
        random: &random,
        families: &families,
        families_one_in,
    };
    let model = Model::fit(&table.spec, layout.clone(), &observed);
    let known: HashMap<Pattern, f64> =
        candidates.iter().map(|(pattern, _)| (*pattern, model.probability(*pattern))).collect();
    let found = blocks.fold(Vec::new, |found: &mut Vec<Pair>, a, b| {
        let Some(pattern) = layout.compare(table, a, b) else { return };
        let probability = if table.same_words(a, b) {
            ALIKE
        } else {
            known.get(&pattern).copied().unwrap_or_else(|| model.probability(pattern))
        };
        if probability >= LEAST {
            found.push(Pair { a, b, weight: maths::weight(probability), probability, pattern });
        }
    });
    drop(blocks);
    let mut pairs: Vec<Pair> = found.into_iter().flatten().collect();
    for (first, others) in &crowds {
        pairs.extend(others.iter().map(|other| {
            let (a, b) = (*first.min(other), *first.max(other));
            let pattern = layout.whole(table, table.row(a), table.row(b));
            Pair { a, b, weight: maths::weight(ALIKE), probability: ALIKE, pattern }
        }));
    }
    // In an order of content: positions decide only between records that are the same word for word.
    let content = |at: u32| table.content[at as usize];
    pairs.sort_by_cached_key(|pair| {
        let (x, y) = (content(pair.a), content(pair.b));
        (std::cmp::Reverse(pair.weight), x.min(y), x.max(y), pair.a, pair.b)
    });
    pairs.dedup_by_key(|pair| (pair.a, pair.b));
    let sure = sure(&pairs, thresholds);
    let merged = pairs[..sure].iter().filter(|pair| thresholds.thin || !model.is_thin(pair.pattern));
    let cluster = cluster::cluster(table, &layout, &model, merged);
    let asked = pairs.iter().take_while(|pair| pair.probability >= thresholds.ask);
    let apart = |pair: &&Pair| cluster[pair.a as usize] != cluster[pair.b as usize];
    let uncertain = asked.filter(apart).cloned().collect();
    Links { cluster, uncertain, pairs, pairs_scored, model }
}

/// How many of the pairs, from the likeliest, are merged: as many as leave the asked share right.
fn sure(pairs: &[Pair], thresholds: Thresholds) -> usize {
    let pairs = &pairs[..pairs.partition_point(|pair| pair.probability >= thresholds.least)];
    let Some(precision) = thresholds.precision else { return pairs.len() };
    let (mut right, mut count) = (0.0, 0);
    for (at, pair) in pairs.iter().enumerate() {
        right += pair.probability;
        if right >= precision * (at + 1) as f64 {
            count = at + 1;
        }
    }
    // Pairs of one weight go together.
    while count > 0 && count < pairs.len() && pairs[count].weight == pairs[count - 1].weight {
        count -= 1;
    }
    count
}

fn gather(parts: Vec<HashMap<Pattern, u32>>) -> Counts {
    let mut all: HashMap<Pattern, u32> = HashMap::default();
    for part in parts {
        for (pattern, count) in part {
            *all.entry(pattern).or_default() += count;
        }
    }
    let mut counts: Counts = all.into_iter().collect();
    counts.sort_unstable();
    counts
}

/// Pairs that have nothing to do with each other: neighbours in the order of a number of their content.
fn random(table: &Table, layout: &Layout) -> Counts {
    let mut order: Vec<(u64, u32)> =
        table.compared().map(|record| (maths::mix(table.content[record as usize]), record)).collect();
    order.sort_unstable();
    let count = order.len();
    let mut counts: HashMap<Pattern, u32> = HashMap::default();
    let mut taken = 0;
    for stride in 1..=count / 2 {
        for at in 0..count {
            if taken >= RANDOM_MAX {
                return gather(vec![counts]);
            }
            let (a, b) = (order[at].1, order[(at + stride) % count].1);
            *counts.entry(layout.whole(table, table.row(a), table.row(b))).or_default() += 1;
            taken += 1;
        }
    }
    gather(vec![counts])
}

/// Pairs of one family: of one household; where records do not say it, of the same parents or at the same address. Of many, a
/// sample: also for how many each counted one stands.
fn families(table: &Table, layout: &Layout, rarity: &[Rarity]) -> (Counts, f64) {
    let spec = &table.spec;
    let told = spec.household.is_some_and(|field| rarity[field].known * 2 > table.len() as u64);
    let is_told = |key: &&Key| key.parts.iter().any(|(field, _)| spec.household == Some(*field));
    let mut groups: Vec<Vec<u64>> = Vec::new();
    let mut pairs = 0;
    for key in spec.family.iter().filter(|key| is_told(key) == told) {
        let keyed = |record: u32| Some(table.key(table.row(record), key)? >> 32 << 32 | u64::from(record));
        let mut keyed: Vec<u64> = (0..table.len() as u32)
            .into_par_iter()
            .filter(|record| table.is_compared(*record))
            .filter_map(keyed)
            .collect();
        keyed.par_sort_unstable();
        pairs += chunks(&keyed).map(|group| (group.len() * (group.len() - 1) / 2) as u64).sum::<u64>();
        groups.push(keyed);
    }
    let one_in = pairs.div_ceil(FAMILIES_MAX).max(1);
    let mut counts: HashMap<Pattern, u32> = HashMap::default();
    for group in groups.iter().flat_map(|keyed| chunks(keyed)).filter(|group| (group[0] >> 32).is_multiple_of(one_in)) {
        for (n, a) in group.iter().enumerate() {
            for b in &group[n + 1..] {
                *counts.entry(layout.whole(table, table.row(*a as u32), table.row(*b as u32))).or_default() += 1;
            }
        }
    }
    (gather(vec![counts]), one_in as f64)
}

/// Records under one key, where they can be one family.
fn chunks(keyed: &[u64]) -> impl Iterator<Item = &[u64]> {
    keyed.chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() <= FAMILY_MAX)
}

#[cfg(test)]
mod tests;
