//! WSQ, the compression of fingerprint images by wavelets and scalar quantisation: decoder and encoder.
//!
//! Standard: IAFIS-IC-0110, *WSQ Gray-scale Fingerprint Image Compression Specification*, version 3.1.
//! Invariant: no bytes make the decoder panic, and sides and tables are compared with limits before anything is reserved.
//! Invariant: the same bytes give the same pixels, and the same pixels the same bytes, on every machine; no function of
//! the platform's mathematics library is called.
//! Not here: what the resolution means to whoever reads the image, and other formats of images; `fingerprint` does that.
//! Deliberately absent: lossless coding, which the standard has not; bytes after the end of the image are not looked at.
//! Start reading at [`decode()`] or [`encode()`].

mod analyse;
mod bits;
mod coefficient;
mod comment;
mod decode;
mod encode;
mod error;
mod huffman;
mod image;
mod marker;
mod maths;
mod quantise;
mod rate;
mod scaled;
mod segment;
mod subband;
mod wavelet;

pub use decode::decode;
pub use encode::encode;
pub use error::Error;
pub use image::Image;
pub use rate::Rate;

/// What every WSQ stream begins with: the marker of its start.
pub const MAGIC: [u8; 2] = [0xFF, 0xA0];
/// The longest stream that is read, in bytes: as many as the longest image has uncompressed, and some room.
pub const BYTES_MAX: usize = 20 * 1024 * 1024;
/// The longest side that is read or written, in pixels.
pub const SIDE_PIXELS_MAX: u32 = 4_000;
