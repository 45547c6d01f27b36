//! The parts of a record as values: record, finger view, minutia. The same for every format.
//!
//! Units and codes are those of ISO/IEC 19794-2:2005, clauses 7.3 (record header), 7.4.1 (view header) and 7.4.2 (minutiae).
//! Start reading at [`Record`].

use crate::{Error, Format, RECORD_BYTES_MAX, ansi_2004, ansi_2009, iso_2005, iso_2011};

/// A finger minutiae record: one header and its finger views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Certification bits (upper four) and device type (lower twelve) of the capture equipment; 0 is unspecified. The two
    /// younger formats carry the device type only, and one that is longer than twelve bits is read as unspecified.
    pub capture_equipment: u16,
    /// Width of the image in pixels, as the writer says, of the widest view. Some writers put a constant here: do not trust it.
    pub width: u16,
    /// Height of the image in pixels, as the writer says, of the highest view.
    pub height: u16,
    /// Horizontal resolution in pixels per centimetre; 197 is 500 dpi.
    pub resolution_x: u16,
    /// Vertical resolution in pixels per centimetre.
    pub resolution_y: u16,
    /// The finger views, in the order of the record.
    pub views: Vec<View>,
}

impl Record {
    /// Reads one whole record in any of the formats.
    ///
    /// # Errors
    /// Any [`Error`] but `DoesNotFit` and `NoView`; the first fault found is reported with its offset.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(Error::TooLong { bytes: bytes.len(), limit: RECORD_BYTES_MAX });
        }
        match Format::of(bytes).ok_or(Error::NotARecord)? {
            Format::Iso2005 => iso_2005::read(bytes),
            Format::Iso2011 => iso_2011::read(bytes),
            Format::Ansi2004 => ansi_2004::read(bytes),
            Format::Ansi2009 => ansi_2009::read(bytes),
        }
    }

    /// The record in the bytes of ISO/IEC 19794-2:2005.
    ///
    /// # Errors
    /// [`Error::DoesNotFit`] when a value is larger than its field allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.to_bytes_as(Format::Iso2005)
    }

    /// The record in the bytes of a format. Formats of ANSI round angles to two degrees.
    ///
    /// # Errors
    /// [`Error::DoesNotFit`] when a value is larger than its field allows; [`Error::NoView`] when the format has no record
    /// without views.
    pub fn to_bytes_as(&self, format: Format) -> Result<Vec<u8>, Error> {
        match format {
            Format::Iso2005 => iso_2005::write(self),
            Format::Iso2011 => iso_2011::write(self),
            Format::Ansi2004 => ansi_2004::write(self),
            Format::Ansi2009 => ansi_2009::write(self),
        }
    }
}

/// The minutiae of one impression of one finger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Finger position: 0 unknown, 1 right thumb … 5 right little, 6 left thumb … 10 left little.
    pub position: u8,
    /// Number of this view among those of the same finger, 0 to 15.
    pub number: u8,
    /// Impression type; 0 is live-scan plain. Up to 15 in the two older formats, up to 29 in the others.
    pub impression: u8,
    /// Quality of the impression, 0 to 100; 0 as well when the writer gives none.
    pub quality: u8,
    /// The minutiae, at most 255.
    pub minutiae: Vec<Minutia>,
}

/// One minutia.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutia {
    /// What it is.
    pub kind: Kind,
    /// Pixels from the left edge, at most 16,383.
    pub x: u16,
    /// Pixels from the top edge, at most 16,383.
    pub y: u16,
    /// Direction in steps of 360/256 degrees, counter-clockwise from the horizontal axis to the right.
    /// It points from a ridge ending into the ridge, and from a bifurcation into the valley between the branches.
    pub angle: u8,
    /// Quality of this minutia, 1 to 100; 0 when the writer gives none.
    pub quality: u8,
}

/// The type of a minutia.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Neither of the two, or not determined.
    Other,
    /// A ridge ending.
    Ending,
    /// A ridge bifurcation.
    Bifurcation,
}

impl Kind {
    /// The two-bit code of the record format; 3 is reserved.
    pub(crate) fn from_bits(bits: u16) -> Option<Self> {
        match bits {
            0 => Some(Self::Other),
            1 => Some(Self::Ending),
            2 => Some(Self::Bifurcation),
            _ => None,
        }
    }

    pub(crate) fn bits(self) -> u16 {
        match self {
            Self::Other => 0,
            Self::Ending => 1,
            Self::Bifurcation => 2,
        }
    }
}
