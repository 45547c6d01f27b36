//! How often: reads of persons by an officer, attempts to sign in and requests without a session from an address.
//!
//! Invariant: pages and operations take from the same buckets, so that nobody reads twice as much by using both.
//! Not here: limits of size and time, which belong to whoever listens.
//! Start reading at [`Limits`].

use crate::Error;
use crate::officer::Officer;
use ids::OfficerId;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use time::Instant;

/// How often in a minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rates {
    /// Reads of persons by one officer for one purpose; twice as many for all purposes together.
    pub reads: u32,
    /// Attempts to sign in or to take up an account, from one address.
    pub sign_ins: u32,
    /// Other requests without a session, from one address.
    pub anonymous: u32,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates { reads: 120, sign_ins: 60, anonymous: 600 }
    }
}

/// Whose bucket.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Who {
    Purpose(OfficerId, String),
    Officer(OfficerId),
    SignIn(IpAddr),
    Anonymous(IpAddr),
}

/// What is left in a bucket, since when, and how much it holds.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    last: Instant,
    rate: f64,
}

/// Characters that tell purposes apart.
const PURPOSE_CHARS: usize = 64;
/// Buckets remembered; the fullest are forgotten first.
const BUCKETS_MAX: usize = 10_000;

/// A bucket for each that is limited.
pub struct Limits {
    rates: Rates,
    buckets: Mutex<HashMap<Who, Bucket>>,
}

impl Limits {
    /// Full buckets.
    #[must_use]
    pub fn new(rates: Rates) -> Limits {
        Limits { rates, buckets: Mutex::default() }
    }

    /// Takes one read for a purpose.
    pub fn read(&self, officer: &Officer, purpose: &str, now: Instant) -> Result<(), Error> {
        let purpose: String = purpose.trim().chars().take(PURPOSE_CHARS).collect();
        self.take(Who::Purpose(officer.id, purpose), self.rates.reads, "reads-often", now)?;
        // A purpose that is made up for each read does not help: all purposes share a bucket too.
        self.take(Who::Officer(officer.id), self.rates.reads.saturating_mul(2), "reads-often", now)
    }

    /// Takes one attempt to sign in.
    pub fn sign_in(&self, address: IpAddr, now: Instant) -> Result<(), Error> {
        self.take(Who::SignIn(address), self.rates.sign_ins, "sign-ins-often", now)
    }

    /// Takes one request without a session.
    pub fn anonymous(&self, address: IpAddr, now: Instant) -> Result<(), Error> {
        self.take(Who::Anonymous(address), self.rates.anonymous, "requests-often", now)
    }

    fn take(&self, who: Who, rate: u32, code: &'static str, now: Instant) -> Result<(), Error> {
        let rate = f64::from(rate.max(1));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, bucket| bucket.left < bucket.rate / 2.0);
        }
        if buckets.len() >= BUCKETS_MAX {
            // So many at once are nobody's work: all begin anew rather than fill the memory.
            buckets.clear();
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: rate, last: now, rate });
        let minutes = (now.0 - bucket.last.0).max(0) as f64 / 60_000_000.0;
        bucket.left = (bucket.left + minutes * rate).min(rate);
        bucket.last = now;
        if bucket.left < 1.0 {
            let seconds = ((1.0 - bucket.left) * 60.0 / rate).ceil().max(1.0) as u64;
            return Err(Error::Often { code, seconds });
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(limits: &Limits, purpose: &str, now: i64) -> usize {
        let officer = Officer::operator();
        (0..500).take_while(|_| limits.read(&officer, purpose, Instant(now)).is_ok()).count()
    }

    #[test]
    fn a_bucket_empties_and_fills_again_with_time() {
        let limits = Limits::new(Rates::default());
        assert_eq!(taken(&limits, "a", 0), 120);
        assert_eq!(taken(&limits, "a", 400_000), 0, "one comes back in half a second");
        assert_eq!(taken(&limits, " a ", 1_000_000), 2, "blanks make no other purpose");
        let often = limits.read(&Officer::operator(), "a", Instant(1_000_000));
        assert_eq!(often, Err(Error::Often { code: "reads-often", seconds: 1 }));
    }

    #[test]
    fn made_up_purposes_read_no_more_than_twice_as_much() {
        let limits = Limits::new(Rates::default());
        let read = |at: usize| limits.read(&Officer::operator(), &format!("purpose {at}"), Instant(0));
        assert_eq!((0..1_000).filter(|at| read(*at).is_ok()).count(), 240);
    }

    #[test]
    fn each_address_has_its_own_attempts_and_is_told_when_to_come_back() {
        let limits = Limits::new(Rates { sign_ins: 6, ..Rates::default() });
        let (one, other): (IpAddr, IpAddr) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        assert_eq!((0..50).filter(|_| limits.sign_in(one, Instant(0)).is_ok()).count(), 6);
        assert_eq!(limits.sign_in(one, Instant(0)), Err(Error::Often { code: "sign-ins-often", seconds: 10 }));
        assert_eq!(limits.sign_in(other, Instant(0)), Ok(()));
        assert_eq!(limits.anonymous(one, Instant(0)), Ok(()), "another bucket");
    }

    #[test]
    fn the_buckets_of_very_many_do_not_fill_the_memory() {
        let limits = Limits::new(Rates::default());
        for at in 0..3 * BUCKETS_MAX as u32 {
            let _ = limits.anonymous(IpAddr::from(at.to_be_bytes()), Instant(0));
        }
        assert!(limits.buckets.lock().unwrap().len() <= BUCKETS_MAX);
    }
}
