//! A finger view as the two older standards write it: four bytes, the minutiae, the extended data.
//!
//! Standards: ISO/IEC 19794-2:2005, 7.4; ANSI INCITS 378-2004, 6.4.
//! Start reading at [`read`].

use crate::minutia::{self, MINUTIA_BYTES};
use crate::reader::Reader;
use crate::writer::{check_view, word};
use crate::{Error, Format, Minutia, View};

/// Bytes of a view that are not minutiae, with an empty extended data block.
const FRAME_BYTES: usize = 6;

/// The view that begins here.
pub(crate) fn read(reader: &mut Reader<'_>, format: Format) -> Result<View, Error> {
    let position = reader.at_most("finger position", 10)?;
    let packed = reader.byte()?;
    let quality = reader.at_most("finger quality", 100)?;
    let count = usize::from(reader.byte()?);
    let minutiae = minutiae(reader, count, MINUTIA_BYTES, format)?;
    reader.extended()?;
    Ok(View { position, number: packed >> 4, impression: packed & 0x0F, quality, minutiae })
}

/// So many minutiae of so many bytes each.
pub(crate) fn minutiae(
    reader: &mut Reader<'_>,
    count: usize,
    bytes: usize,
    format: Format,
) -> Result<Vec<Minutia>, Error> {
    let start = reader.offset;
    let fields = reader.take(count * bytes)?.chunks_exact(bytes).enumerate();
    fields.map(|(index, field)| minutia::read(field, start + index * bytes, format)).collect()
}

/// Bytes that a view takes.
pub(crate) fn bytes(view: &View) -> usize {
    FRAME_BYTES + view.minutiae.len() * MINUTIA_BYTES
}

/// Writes a view without extended data.
pub(crate) fn write(view: &View, format: Format, out: &mut Vec<u8>) -> Result<(), Error> {
    check_view(view, 15)?;
    out.extend([view.position, view.number << 4 | view.impression, view.quality, view.minutiae.len() as u8]);
    view.minutiae.iter().try_for_each(|minutia| minutia::write(minutia, format, out))?;
    word(0, out);
    Ok(())
}
