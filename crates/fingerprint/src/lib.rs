//! Fingerprint images to templates, comparison, fusion and search, exhaustive and in stages.
//!
//! The path of a print: [`decode`] a file to a [`GreyImage`], bring it to 500 dpi, [`extract()`] a [`Template`] with its
//! [`Quality`]; [`compare()`] two templates to one score; [`fuse()`] the scores of several fingers of a person;
//! [`identify()`] a person among those enrolled in a [`Gallery`], or [`search`] among millions.
//!
//! Invariant: the same bytes give the same template and the same score on every machine; nothing here reads a clock,
//! the environment, or randomness, and sums are formed in one order.
//! Invariant: no bytes make the decoders panic or take more than bounded memory.
//! Not here: files, and the choice of what a hit means (`abis`).
//! Start reading at [`extract()`], then [`compare()`].

mod compare;
mod error;
mod extract;
mod fuse;
mod gallery;
mod identify;
mod image;
mod maths;
mod position;
pub mod scale;
pub mod search;
mod template;
pub mod thresholds;

#[doc(hidden)]
pub use compare::EVIDENCE;
pub use compare::{Prepared, compare, matched};
pub use error::Error;
pub use extract::{Direction, Extraction, Orientation, Quality, Reason, extract, orientation};
pub use fuse::{Fused, fuse, fuse_crosswise};
pub use gallery::{Gallery, Person};
pub use identify::{Candidate, identify};
pub use image::{DPI, FILE_BYTES_MAX, GreyImage, SIDE_PIXELS_MAX, SIDE_PIXELS_MIN, decode, decode_with_dpi};
pub use minutiae::{Format as RecordFormat, Kind};
pub use position::FingerPosition;
pub use template::{Minutia, Template};
