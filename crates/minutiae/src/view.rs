//! A finger view as the two older standards write it: three bytes, then the minutiae.
//!
//! Standards: ISO/IEC 19794-2:2005, 7.4; ANSI INCITS 378-2004, 6.4.
//! Start reading at [`read`].

use crate::minutia::{self, MINUTIA_BYTES};
use crate::reader::Reader;
use crate::writer::check_view;
use crate::{Error, Format, View};

/// Bytes of a view that are not minutiae, with an empty extended data block.
const FRAME_BYTES: usize = 6;

/// The view that begins here.
pub(crate) fn read(reader: &mut Reader<'_>, format: Format) -> Result<View, Error> {
    let position = reader.at_most("finger position", 10)?;
    let packed = reader.byte()?;
    let quality = reader.at_most("finger quality", 100)?;
    let minutiae = minutia::read_all(reader, MINUTIA_BYTES, format)?;
    Ok(View { position, number: packed >> 4, impression: packed & 0x0F, quality, minutiae })
}

/// Bytes that a view takes.
pub(crate) fn bytes(view: &View) -> usize {
    FRAME_BYTES + view.minutiae.len() * MINUTIA_BYTES
}

/// Writes a view without extended data.
pub(crate) fn write(view: &View, format: Format, out: &mut Vec<u8>) -> Result<(), Error> {
    check_view(view, 15)?;
    out.extend([view.position, view.number << 4 | view.impression, view.quality]);
    minutia::write_all(&view.minutiae, format, out)
}
