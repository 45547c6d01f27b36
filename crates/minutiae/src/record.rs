//! The parts of a record as values: record, finger view, minutia.
//!
//! Standard: ISO/IEC 19794-2:2005, clauses 7.3 (record header), 7.4.1 (view header) and 7.4.2 (minutiae).
//! Start reading at [`Record`].

/// A finger minutiae record: one header and its finger views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Certification bits (upper four) and device type (lower twelve) of the capture equipment; 0 is unspecified.
    pub capture_equipment: u16,
    /// Width of the image in pixels, as the writer says. Some writers put a constant here: do not trust it.
    pub width: u16,
    /// Height of the image in pixels, as the writer says.
    pub height: u16,
    /// Horizontal resolution in pixels per centimetre; 197 is 500 dpi.
    pub resolution_x: u16,
    /// Vertical resolution in pixels per centimetre.
    pub resolution_y: u16,
    /// The finger views, in the order of the record.
    pub views: Vec<View>,
}

/// The minutiae of one impression of one finger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Finger position: 0 unknown, 1 right thumb … 5 right little, 6 left thumb … 10 left little.
    pub position: u8,
    /// Number of this view among those of the same finger, 0 to 15.
    pub number: u8,
    /// Impression type, 0 to 15; 0 is live-scan plain.
    pub impression: u8,
    /// Quality of the impression, 0 to 100.
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
