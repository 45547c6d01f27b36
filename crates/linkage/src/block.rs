//! Candidate pairs: records that share at least one of several keys, each pair once.
//!
//! A block that is too large is divided by the next value that its records may share, down to a window over records that
//! are alike in everything: it is never left out.

use crate::table::Table;
use rayon::prelude::*;

/// A block up to this size is compared as it is.
const BLOCK_MAX: usize = 64;

/// For each key and record the block that it came to lie in; 0 is none.
pub(crate) struct Blocks {
    /// Record after record, a number a key.
    of: Vec<u32>,
    keys: usize,
    /// By key: its blocks, as records one after the other, and where each begins.
    lists: Vec<List>,
}

#[derive(Default)]
struct List {
    records: Vec<u32>,
    begins: Vec<u32>,
}

impl Blocks {
    /// Brings records together.
    pub(crate) fn of(table: &Table) -> Blocks {
        let keys = table.spec.keys.len();
        let mut of = vec![0; table.len() * keys];
        let mut lists = Vec::with_capacity(keys);
        for key in 0..keys {
            let list = list(table, key);
            // Every block has a number of its own within its key.
            for (number, block) in list.blocks().enumerate() {
                for record in block {
                    of[*record as usize * keys + key] = number as u32 + 1;
                }
            }
            lists.push(list);
        }
        Blocks { of, keys, lists }
    }

    /// Every pair once, where it first meets: folded from left to right within parts of the blocks, in parallel.
    pub(crate) fn fold<T: Send>(&self, start: impl Fn() -> T + Sync, each: impl Fn(&mut T, u32, u32) + Sync) -> Vec<T> {
        let parts: Vec<(usize, std::ops::Range<usize>)> = self
            .lists
            .iter()
            .enumerate()
            .flat_map(|(key, list)| {
                let blocks = list.begins.len().saturating_sub(1);
                (0..blocks).step_by(4_096).map(move |from| (key, from..(from + 4_096).min(blocks)))
            })
            .collect();
        parts
            .into_par_iter()
            .map(|(key, blocks)| {
                let mut state = start();
                let list = &self.lists[key];
                for at in blocks {
                    let block = &list.records[list.begins[at] as usize..list.begins[at + 1] as usize];
                    for (n, a) in block.iter().enumerate() {
                        for b in &block[n + 1..] {
                            if !self.met_before(*a, *b, key) {
                                each(&mut state, *a.min(b), *a.max(b));
                            }
                        }
                    }
                }
                state
            })
            .collect()
    }

    /// Whether two records share a block of an earlier key.
    fn met_before(&self, a: u32, b: u32, key: usize) -> bool {
        let row = |record: u32| &self.of[record as usize * self.keys..][..key];
        row(a).iter().zip(row(b)).any(|(x, y)| x == y && *x != 0)
    }
}

impl List {
    fn blocks(&self) -> impl Iterator<Item = &[u32]> {
        self.begins.windows(2).map(|ends| &self.records[ends[0] as usize..ends[1] as usize])
    }
}

/// The blocks of a key.
fn list(table: &Table, key: usize) -> List {
    let key = &table.spec.keys[key];
    // The upper half is a number of the key, the lower the record: a rare chance meeting makes a block larger, no more.
    let mut keyed: Vec<u64> = (0..table.len() as u32)
        .into_par_iter()
        .filter(|record| table.is_compared(*record))
        .filter_map(|record| {
            let value = table.key(table.row(record), key)?;
            Some(value >> 32 << 32 | u64::from(record))
        })
        .collect();
    keyed.par_sort_unstable();
    let mut list = List { records: Vec::new(), begins: vec![0] };
    let mut block: Vec<u32> = Vec::new();
    for group in keyed.chunk_by(|a, b| a >> 32 == b >> 32) {
        if group.len() < 2 {
            continue;
        }
        block.clear();
        block.extend(group.iter().map(|keyed| *keyed as u32));
        divide(table, &mut block, 0, &mut list);
    }
    list
}

/// Adds a block to the list, in parts if it is too large.
fn divide(table: &Table, block: &mut [u32], depth: usize, list: &mut List) {
    if block.len() < 2 {
        return;
    }
    if block.len() <= BLOCK_MAX {
        list.records.extend_from_slice(block);
        list.begins.push(list.records.len() as u32);
        return;
    }
    let Some((field, part)) = table.spec.divide.get(depth) else {
        // Alike in everything: each with those next to it by content, the windows overlapping by half.
        block.sort_unstable_by_key(|record| (table.content[*record as usize], *record));
        for window in (0..block.len()).step_by(BLOCK_MAX / 2) {
            let end = (window + BLOCK_MAX).min(block.len());
            list.records.extend_from_slice(&block[window..end]);
            list.begins.push(list.records.len() as u32);
            if end == block.len() {
                break;
            }
        }
        return;
    };
    let mut valued: Vec<(u64, u32)> =
        block.iter().map(|record| (table.part(table.row(*record), *field, *part).unwrap_or(0), *record)).collect();
    valued.sort_unstable();
    for group in valued.chunk_by_mut(|a, b| a.0 == b.0) {
        let mut block: Vec<u32> = group.iter().map(|(_, record)| *record).collect();
        divide(table, &mut block, depth + 1, list);
    }
}
