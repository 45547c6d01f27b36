//! How often an officer may read for a purpose: enough for work, too little to copy the register by hand.

use services::officer::Officer;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use time::Instant;

/// Reads in a minute, for one officer and purpose.
const READS_PER_MINUTE: f64 = 120.0;
/// Officers and purposes remembered; the fullest buckets are forgotten first.
const BUCKETS_MAX: usize = 10_000;

/// A bucket for each officer and purpose.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<(ids::OfficerId, String), (f64, Instant)>>);

impl Limits {
    /// Takes one read from the bucket; false if it is empty.
    pub(crate) fn take(&self, officer: &Officer, purpose: &str, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, (left, _)| *left < READS_PER_MINUTE / 2.0);
        }
        let (left, last) = buckets.entry((officer.id, purpose.to_owned())).or_insert((READS_PER_MINUTE, now));
        let minutes = (now.0 - last.0).max(0) as f64 / 60_000_000.0;
        *left = (*left + minutes * READS_PER_MINUTE).min(READS_PER_MINUTE);
        *last = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again_with_time() {
        let (limits, officer) = (Limits::default(), Officer::operator());
        let taken = (0..200).filter(|_| limits.take(&officer, "a", Instant(0))).count();
        assert_eq!(taken, 120);
        assert!(limits.take(&officer, "b", Instant(0)), "another purpose has its own bucket");
        assert!(!limits.take(&officer, "a", Instant(400_000)));
        assert!(limits.take(&officer, "a", Instant(1_000_000)), "one comes back in half a second");
    }
}
