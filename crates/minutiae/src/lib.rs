//! Finger minutiae records: ISO/IEC 19794-2:2005, record format, read and written.
//!
//! Standard: ISO/IEC 19794-2:2005, clause 7 (finger minutiae record format); card formats (clause 8) are not read.
//! Invariant: a [`Record`] that was parsed is written back to bytes that parse to the same record.
//! Invariant: no byte string makes the parser panic, and its memory is bounded by the length of the input.
//! Not here: what an angle or a quality means to a comparison, and unit conversion; `fingerprint` does that.
//! Deliberately absent: extended data (ridge counts, cores, deltas) is checked for length and skipped.
//! Start reading at [`Record::parse`].

mod error;
mod parse;
mod record;
mod write;

pub use error::Error;
pub use record::{Kind, Minutia, Record, View};

/// The longest record that is read, in bytes; 16 views of 255 minutiae with some extended data fit several times.
pub const RECORD_BYTES_MAX: usize = 256 * 1024;

/// The most finger views that one record may carry.
///
/// Source: ISO/IEC 19794-2:2005 gives one byte; ten fingers with up to sixteen views each is the sensible bound.
pub const VIEWS_MAX: usize = 160;

/// Length of the record header in bytes.
pub(crate) const HEADER_BYTES: usize = 24;
/// Length of a finger view header in bytes.
pub(crate) const VIEW_HEADER_BYTES: usize = 4;
/// Length of one minutia in bytes.
pub(crate) const MINUTIA_BYTES: usize = 6;
/// Largest value of the fourteen-bit coordinates.
pub(crate) const COORDINATE_MAX: u16 = 0x3FFF;
/// Format identifier `FMR` and version ` 20`, each closed by a zero byte.
pub(crate) const MAGIC: [u8; 8] = *b"FMR\0 20\0";
