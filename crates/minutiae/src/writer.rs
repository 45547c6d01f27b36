//! Fields to bytes, and the checks that they fit.

use crate::{Error, Record, VIEWS_MAX, View};

/// The vendor that writers without a registered number of their own name (CBEFF, "vendor unknown").
pub(crate) const VENDOR_UNKNOWN: u16 = 0x0103;

pub(crate) fn word(value: u16, out: &mut Vec<u8>) {
    out.extend(value.to_be_bytes());
}

pub(crate) fn long(value: usize, out: &mut Vec<u8>) {
    out.extend((value as u32).to_be_bytes());
}

pub(crate) fn fits(field: &'static str, value: usize, limit: usize) -> Result<(), Error> {
    if value > limit { Err(Error::DoesNotFit { field, value, limit }) } else { Ok(()) }
}

/// What every format asks of a record: a number of views that it can carry, and resolutions.
pub(crate) fn check_record(record: &Record) -> Result<(), Error> {
    fits("number of views", record.views.len(), VIEWS_MAX)?;
    // A zero would be refused by every reader, ours included.
    if record.resolution_x == 0 || record.resolution_y == 0 {
        return Err(Error::DoesNotFit { field: "resolution", value: 0, limit: usize::from(u16::MAX) });
    }
    Ok(())
}

/// What every format asks of a view, with the largest impression type that it knows.
pub(crate) fn check_view(view: &View, impression: usize) -> Result<(), Error> {
    fits("finger position", view.position.into(), 10)?;
    fits("view number", view.number.into(), 15)?;
    fits("impression type", view.impression.into(), impression)?;
    fits("finger quality", view.quality.into(), 100)?;
    fits("number of minutiae", view.minutiae.len(), 255)
}
