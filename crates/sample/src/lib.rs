//! Synthetic people, fingerprints and faces of nobody, the same for the same seed.
//!
//! Invariant: the same seed gives the same bytes on every machine. Nobody in a sample exists; districts and communes are
//! invented, provinces are not.
//! Start reading at [`people::files`], [`print::master`] and [`face::jpeg`].

mod draw;
pub mod face;
pub mod people;
pub mod print;
mod province;
