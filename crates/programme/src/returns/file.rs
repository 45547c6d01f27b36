//! The file of returns: `unit,day,measure,count,signer`.

use super::{COUNT_MAX, Return};
use crate::file::{Fault, File};
use std::collections::BTreeMap;
use time::{Day, Instant};

/// Rows read of one file.
const ROWS_MAX: usize = 1_000_000;
/// Longest cell.
const CELL_MAX: usize = 200;
/// The columns, which may stand in any order.
const COLUMNS: [&str; 5] = ["unit", "day", "measure", "count", "signer"];

/// Reads a file, taken up at `recorded`. What is no day or no whole number refuses the file; units and measures are looked
/// at by [`super::Check::findings`].
pub fn read(bytes: &[u8], recorded: Instant) -> Result<Vec<Return>, Fault> {
    let mut file = File::open(bytes, COLUMNS)?;
    let mut returns = Vec::new();
    let mut said = BTreeMap::new();
    while let Some(row) = file.row() {
        let row = row?;
        if returns.len() == ROWS_MAX {
            return Err(row.fault("unit", "there are too many rows"));
        }
        if let Some((_, column)) = row.cells().iter().zip(COLUMNS).find(|(cell, _)| cell.len() > CELL_MAX) {
            return Err(row.fault(column, "it is too long"));
        }
        let [unit, day, measure, count, signer] = row.cells();
        let count: u64 = count.parse().map_err(|_| row.fault("count", "it is not a whole number"))?;
        if count > COUNT_MAX {
            return Err(row.fault("count", "it is more than 100,000,000,000"));
        }
        let signer = vn::clean(signer);
        if signer.is_empty() {
            return Err(row.fault("signer", "nobody has signed"));
        }
        let day = Day::parse(day).ok_or(row.fault("day", "it is not a day such as 2021-02-28"))?;
        let before = said.insert((unit.to_owned(), measure.to_owned(), day), count);
        if before.is_some_and(|before| before != count) {
            return Err(row.fault("count", "an earlier row has another figure for this unit, measure and day"));
        }
        returns.push(Return { unit: unit.to_owned(), day, measure: measure.to_owned(), count, signer, recorded });
    }
    Ok(returns)
}
