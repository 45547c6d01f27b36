//! Candidate pairs: records that share at least one of several keys.

use crate::prepare::{Ready, hash};

/// A block larger than this is left to the other keys: so many people share a key by chance.
const BLOCK_MAX: usize = 400;

/// All pairs that share a key, each once, in order; and how many blocks were too large.
pub(crate) fn candidates(records: &[Ready]) -> (Vec<(u32, u32)>, u64) {
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(records.len() * 9);
    for (at, record) in records.iter().enumerate() {
        for key in keys(record).into_iter().flatten() {
            keyed.push((key, at as u32));
        }
    }
    keyed.sort_unstable();
    let mut pairs = Vec::new();
    let mut left = 0;
    for block in keyed.chunk_by(|a, b| a.0 == b.0) {
        if block.len() > BLOCK_MAX {
            left += 1;
            continue;
        }
        for (n, (_, a)) in block.iter().enumerate() {
            pairs.extend(block[n + 1..].iter().map(|(_, b)| (*a, *b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    (pairs, left)
}

/// The keys of a record; `None` where what a key needs is not known.
fn keys(record: &Ready) -> [Option<u64>; 11] {
    let (year, month, day) = record.birth;
    // Day and month in either order.
    let date = (year > 0 && day > 0)
        .then(|| (u32::from(year) << 16) | (u32::from(month.min(day)) << 8) | u32::from(month.max(day)));
    let day_month = (day > 0).then(|| (u32::from(month.min(day)) << 8) | u32::from(month.max(day)));
    let name = (record.name.key != 0).then_some(record.name.key);
    let father = (record.father.key != 0).then_some(record.father.key);
    let mother = (record.mother.key != 0).then_some(record.mother.key);
    let family = record.name.folded.first().map(|word| hash(&[word.as_bytes()]));
    let given = record.name.folded.last().map(|word| hash(&[word.as_bytes()]));
    let key = |kind: u8, a: Option<u64>, b: Option<u64>| Some(hash(&[&[kind], &a?.to_le_bytes(), &b?.to_le_bytes()]));
    let number = |value: u64| (value != 0).then_some(value);
    [
        key(1, number(record.number), Some(0)),
        key(2, number(u64::from(record.old_number)), Some(0)),
        key(3, name, day_month.map(u64::from)),
        key(4, name, number(u64::from(year))),
        key(5, date.map(u64::from), father),
        key(6, date.map(u64::from), mother),
        key(7, number(record.household), given),
        key(8, name, father),
        key(9, name, mother),
        key(10, date.map(u64::from), number(record.home)),
        key(11, date.map(u64::from), family),
    ]
}
