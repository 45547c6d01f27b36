//! The count of failed PACE runs in a row, and how long the card waits because of it.
//!
//! Standard: Doc 9303-11, 4.4.1: CAN and MRZ must not block, so guessing is slowed instead. The count goes up *before* a
//! token is compared and back to zero after it fitted, so that cutting the power wins no free guess.
//! Invariant: two slots are written in turn, each with a running number and a checksum; a torn write loses at most
//! itself.
//! Start reading at [`delay_ms`].

use alloc::vec::Vec;
use sha2::{Digest, Sha256};

use crate::storage::{Slot, Storage, WriteFailed};

/// Failures that cost nothing: people mistype.
const FREE: u32 = 3;
/// The longest wait. With it, all access numbers of six digits take 92 days.
const DELAY_MS_MAX: u32 = 8_000;

/// How long the card waits before the next run, after this many failures in a row.
pub(crate) fn delay_ms(failures: u32) -> u32 {
    match failures.checked_sub(FREE) {
        None | Some(0) => 0,
        Some(over) => (500u32 << over.min(8)).min(DELAY_MS_MAX),
    }
}

/// The present count.
pub(crate) fn count(storage: &dyn Storage) -> u32 {
    newest(storage).map_or(0, |(_, _, count)| count)
}

/// Stores another count.
pub(crate) fn set(storage: &mut dyn Storage, count: u32) -> Result<(), WriteFailed> {
    let (used, number) = newest(storage).map_or((1, 0), |(used, number, _)| (used, number));
    let mut record: Vec<u8> = number.wrapping_add(1).to_be_bytes().to_vec();
    record.extend_from_slice(&count.to_be_bytes());
    let sum = Sha256::digest(&record);
    record.extend(sum.iter().take(8));
    storage.write(Slot::FAILURES[1 - used], &record)
}

/// Which slot holds the newest valid record, its running number, and the count.
fn newest(storage: &dyn Storage) -> Option<(usize, u32, u32)> {
    let read = |index: usize| {
        let record = storage.read(Slot::FAILURES[index])?;
        let (fields, sum) = record.split_at_checked(8)?;
        if !Sha256::digest(fields).iter().take(8).eq(sum) {
            return None;
        }
        let (number, count) = fields.split_first_chunk::<4>()?;
        Some((index, u32::from_be_bytes(*number), u32::from_be_bytes(count.try_into().ok()?)))
    };
    match (read(0), read(1)) {
        (Some(a), Some(b)) => Some(if a.1.wrapping_sub(b.1) == 1 { a } else { b }),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryStorage;

    #[test]
    fn waits_grow_and_stop_growing() {
        assert_eq!([0, 3, 4, 5, 6, 7, 8, 1000].map(delay_ms), [0, 0, 1000, 2000, 4000, 8000, 8000, 8000]);
    }

    #[test]
    fn a_torn_write_loses_only_itself() {
        let mut storage = MemoryStorage::default();
        for expected in 1..6 {
            set(&mut storage, expected).unwrap();
            assert_eq!(count(&storage), expected);
            let mut torn = storage.clone();
            let (used, ..) = newest(&torn).unwrap();
            torn.write(Slot::FAILURES[1 - used], &[0xFF; 5]).unwrap();
            assert_eq!(count(&torn), expected);
        }
    }
}
