//! One new record against many: the same keys, the same comparison, the same weights as when all were linked.

use crate::Links;
use crate::model::Model;
use crate::pattern::Layout;
use crate::spec::Spec;
use crate::table::Table;
use rayon::prelude::*;

/// Records under one key that are compared one by one.
const COMPARED_MAX: usize = 256;

/// Records that have been linked, sorted by each of their keys.
#[derive(Clone, Debug)]
pub struct Index {
    table: Table,
    layout: Layout,
    model: Model,
    /// By key of the description: a number of the key's value in the upper half, the record in the lower; ascending.
    runs: Vec<Vec<u64>>,
}

/// A record that may be about the same person.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Found {
    /// Its position.
    pub record: u32,
    /// The probability that both are one person.
    pub probability: f64,
}

impl Index {
    /// Sorts linked records by their keys. `links` are those of this table.
    #[must_use]
    pub fn of(table: Table, links: &Links) -> Index {
        let run = |key| {
            let keyed = |record: u32| Some(table.key(table.row(record), key)? >> 32 << 32 | u64::from(record));
            let mut run: Vec<u64> = (0..table.len() as u32).into_par_iter().filter_map(keyed).collect();
            run.par_sort_unstable();
            run
        };
        let runs = table.spec.keys.iter().map(run).collect();
        Index { layout: Layout::of(&table), model: links.model.clone(), runs, table }
    }

    /// The description of the records.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.table.spec
    }

    /// Records that are about the person of these cells with a probability of at least `ask`, the likeliest first. The cells
    /// are not kept.
    #[must_use]
    pub fn find(&mut self, cells: &[&str], ask: f64) -> Vec<Found> {
        let own = self.table.push_rarest(cells);
        let mut near: Vec<u32> = Vec::new();
        for (key, run) in self.table.spec.keys.iter().zip(&self.runs) {
            let row = self.table.row(own);
            let Some(value) = self.table.key(row, key) else { continue };
            let from = run.partition_point(|keyed| keyed >> 32 < value >> 32);
            let to = from + run[from..].partition_point(|keyed| keyed >> 32 == value >> 32);
            let mut block: Vec<u32> = run[from..to].iter().map(|keyed| *keyed as u32).collect();
            // A crowd is narrowed by what its members may share besides, as it is when all are linked.
            for (field, part) in &self.table.spec.divide {
                if block.len() <= COMPARED_MAX {
                    break;
                }
                let wanted = self.table.part(row, *field, *part);
                block.retain(|record| self.table.part(self.table.row(*record), *field, *part) == wanted);
            }
            block.truncate(COMPARED_MAX);
            near.extend(block);
        }
        near.sort_unstable();
        near.dedup();
        let mut found: Vec<Found> = near
            .into_iter()
            .filter_map(|record| {
                let probability = self.model.probability(self.layout.compare(&self.table, record, own)?);
                (probability >= ask).then_some(Found { record, probability })
            })
            .collect();
        self.table.pop();
        found.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.record.cmp(&b.record)));
        found
    }
}
