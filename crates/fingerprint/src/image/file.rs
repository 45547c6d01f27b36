//! Image files to grey images, under limits.
//!
//! Invariant: nothing is decoded before the size of the file and the sides of the image have been compared with the
//! limits, so that a small file cannot ask for much memory.
//! Start reading at [`decode`].

use super::{GreyImage, SIDE_PIXELS_MAX, check_sides, resolution};
use crate::Error;
use image::{ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The largest image file that is read, in bytes: 4,000 by 4,000 pixels of 8-bit grey, uncompressed, and some room.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Memory that one decoder may take, in bytes.
const DECODER_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Decodes an image file in WSQ, PNG, TIFF, BMP, PGM or JPEG to 8-bit grey, at the resolution it has.
///
/// # Errors
/// [`Error::NotAnImage`], [`Error::UnsupportedImage`], [`Error::DamagedImage`], [`Error::FileTooLarge`],
/// [`Error::ImageTooLarge`] and [`Error::Wsq`].
pub fn decode(bytes: &[u8]) -> Result<GreyImage, Error> {
    decode_with_dpi(bytes).map(|(image, _)| image)
}

/// Decodes as [`decode`] does, and says which resolution in dots per inch the file states of itself, if it states one
/// that prints are captured at.
///
/// # Errors
/// As [`decode`].
pub fn decode_with_dpi(bytes: &[u8]) -> Result<(GreyImage, Option<u32>), Error> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Error::FileTooLarge { bytes: bytes.len(), limit: FILE_BYTES_MAX });
    }
    if bytes.starts_with(&wsq::MAGIC) {
        let image = wsq::decode(bytes)?;
        let dpi = image.ppi.and_then(resolution::believed);
        return Ok((GreyImage::new(image.width, image.height, image.pixels)?, dpi));
    }
    let format = image::guess_format(bytes).map_err(|_| Error::NotAnImage)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Tiff | ImageFormat::Bmp | ImageFormat::Pnm | ImageFormat::Jpeg)
    {
        return Err(Error::NotAnImage);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let decoder = reader.into_decoder().map_err(decoding)?;
    let (width, height) = decoder.dimensions();
    check_sides(width, height)?;
    let decoded = image::DynamicImage::from_decoder(decoder).map_err(decoding)?;
    let image = GreyImage::new(width, height, decoded.into_luma8().into_raw())?;
    Ok((image, resolution::stated(bytes, format)))
}

fn decoding(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::ImageTooLarge { width: u32::MAX, height: u32::MAX, limit: SIDE_PIXELS_MAX },
        ImageError::Unsupported(_) => Error::UnsupportedImage,
        _ => Error::DamagedImage,
    }
}
