//! What the two younger standards share: views that carry their own quality, sides and resolution behind a header that has none.
//!
//! A [`Record`] has one resolution and one pair of sides, so views that differ in resolution are refused by name, and the
//! sides are those of the largest view. What the capture device was is taken from the first view.
//! Standards: ISO/IEC 19794-2:2011, clause 8; ANSI INCITS 378-2009.
//! Start reading at [`Views`].

use crate::format::MAGIC_30;
use crate::minutia::MINUTIA_BYTES;
use crate::writer::{check_record, long};
use crate::{Error, Record, View};

/// The largest impression type.
pub(crate) const IMPRESSION_MAX: u8 = 29;
/// The bits of a word that are the type of the capture device.
pub(crate) const DEVICE_BITS: u16 = 0x0FFF;

/// Bytes of a view, with so many that are not minutiae.
pub(crate) fn bytes(view: &View, frame: usize) -> usize {
    frame + view.minutiae.len() * MINUTIA_BYTES
}

/// How a record begins, up to its length, with so many bytes in the header and in each view beside its minutiae.
pub(crate) fn begin(record: &Record, header: usize, frame: usize) -> Result<Vec<u8>, Error> {
    check_record(record)?;
    if record.views.is_empty() {
        // Without a view there is no place for the resolution.
        return Err(Error::NoView);
    }
    let mut out = MAGIC_30.to_vec();
    long(header + record.views.iter().map(|view| bytes(view, frame)).sum::<usize>(), &mut out);
    Ok(out)
}

/// Views that carry their own sides and resolution, on the way to a record that has one of each.
#[derive(Default)]
pub(crate) struct Views {
    views: Vec<View>,
    device: u16,
    sides: [u16; 2],
    resolution: [u16; 2],
}

impl Views {
    /// One more view; its resolution, which stands at `offset`, has to be that of the first.
    pub(crate) fn add(
        &mut self,
        view: View,
        device: u16,
        sides: [u16; 2],
        resolution: [u16; 2],
        offset: usize,
    ) -> Result<(), Error> {
        if self.views.is_empty() {
            self.device = if device > DEVICE_BITS { 0 } else { device };
            self.resolution = resolution;
        } else if self.resolution != resolution {
            return Err(Error::MixedResolution { offset });
        }
        self.sides = [self.sides[0].max(sides[0]), self.sides[1].max(sides[1])];
        self.views.push(view);
        Ok(())
    }

    pub(crate) fn into_record(self) -> Record {
        let ([width, height], [resolution_x, resolution_y]) = (self.sides, self.resolution);
        Record { capture_equipment: self.device, width, height, resolution_x, resolution_y, views: self.views }
    }
}
