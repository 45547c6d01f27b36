//! The markers that stand between the parts of a stream.
//!
//! Standard: IAFIS-IC-0110, annex B, table of marker codes.

/// Start of the image.
pub(crate) const SOI: u16 = 0xFFA0;
/// End of the image.
pub(crate) const EOI: u16 = 0xFFA1;
/// Frame header: sides, shift and scale of the pixels.
pub(crate) const SOF: u16 = 0xFFA2;
/// Block header: coefficients follow.
pub(crate) const SOB: u16 = 0xFFA3;
/// Transform table: the taps of the two filters.
pub(crate) const DTT: u16 = 0xFFA4;
/// Quantisation table: the bins of the 64 subbands.
pub(crate) const DQT: u16 = 0xFFA5;
/// Huffman tables.
pub(crate) const DHT: u16 = 0xFFA6;
/// Restart interval.
pub(crate) const DRT: u16 = 0xFFA7;
/// Comment.
pub(crate) const COM: u16 = 0xFFA8;
/// The first of the eight restart markers, which follow each other in turn.
pub(crate) const RST: u16 = 0xFFB0;
