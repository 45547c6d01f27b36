//! Instants, civil dates of any precision, days in Việt Nam time.
//!
//! Invariant: an [`Instant`] is UTC; a [`CivilDate`] is what stands on a paper and is never an instant.
//! Not here: the clock, which is an argument wherever time is needed.
//! Start reading at [`CivilDate`].

mod civil;
mod instant;

pub use civil::{CivilDate, Reading};
pub use instant::{Day, Instant};
