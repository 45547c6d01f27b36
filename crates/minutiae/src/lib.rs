//! Finger minutiae records: ISO/IEC 19794-2 of 2005 and 2011, ANSI INCITS 378 of 2004 and 2009, read and written.
//!
//! Standards: ISO/IEC 19794-2:2005 and 19794-2:2011, record format; ANSI INCITS 378-2004 and 378-2009. The card formats of
//! ISO/IEC 19794-2 are not read. One file for each standard, with what is its own; all four fill the same [`Record`].
//! Invariant: a [`Record`] that was parsed is written back, in the format it came in, to bytes that parse to the same record.
//! Invariant: no byte string makes the parser panic, and its memory is bounded by the length of the input.
//! Not here: what an angle or a quality means to a comparison, and scaling to one resolution; `fingerprint` does that.
//! Deliberately absent: extended data (ridge counts, cores, deltas) is checked for length and skipped; so are dates, vendors
//! and certificates, which are written as unknown.
//! Start reading at [`Record::parse`].

mod ansi_2004;
mod ansi_2009;
mod error;
mod format;
mod iso_2005;
mod iso_2011;
mod minutia;
mod reader;
mod record;
mod version_30;
mod view;
mod writer;

pub use error::Error;
pub use format::Format;
pub use record::{Kind, Minutia, Record, View};

/// The longest record that is read, in bytes; 16 views of 255 minutiae with some extended data fit several times.
pub const RECORD_BYTES_MAX: usize = 256 * 1024;

/// The most finger views that one record may carry.
///
/// Source: the standards give one byte or two; ten fingers with up to sixteen views each is the sensible bound.
pub const VIEWS_MAX: usize = 160;
