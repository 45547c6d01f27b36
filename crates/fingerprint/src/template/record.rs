//! The template as a minutiae record of ISO/IEC 19794-2 or ANSI INCITS 378, and back.
//!
//! Coordinates are scaled to 500 dpi by the record's own resolution; a record of ours says 197 pixels per centimetre.
//! Image sides in foreign records are often a constant, so minutiae outside them widen the sides instead of going.
//! Start reading at [`Template::to_record`].

use super::{Minutia, Template};
use crate::{Error, FingerPosition, RecordFormat};
use minutiae::{Record, View};

/// 500 dpi in pixels per centimetre, as the standard rounds it.
const RESOLUTION: u16 = 197;

impl Template {
    /// A record of one view. Formats of ANSI round angles to two degrees.
    ///
    /// # Errors
    /// [`Error::Record`] when a coordinate does not fit the record's fields.
    pub fn to_record(&self, position: Option<FingerPosition>, format: RecordFormat) -> Result<Vec<u8>, Error> {
        let minutiae = self.minutiae.iter().map(|m| minutiae::Minutia {
            kind: m.kind,
            x: m.x,
            y: m.y,
            angle: m.angle,
            quality: m.quality,
        });
        let view = View {
            position: position.map_or(0, FingerPosition::number),
            number: 0,
            impression: 0,
            quality: self.quality,
            minutiae: minutiae.collect(),
        };
        let record = Record {
            capture_equipment: 0,
            width: self.width,
            height: self.height,
            resolution_x: RESOLUTION,
            resolution_y: RESOLUTION,
            views: vec![view],
        };
        Ok(record.to_bytes_as(format)?)
    }

    /// The first view of a record in any of the formats.
    ///
    /// # Errors
    /// [`Error::Record`] when the bytes are no record, [`Error::NoView`] when it is empty.
    pub fn from_record(bytes: &[u8]) -> Result<Self, Error> {
        let record = Record::parse(bytes)?;
        let view = record.views.first().ok_or(Error::NoView)?;
        let scale = |value: u16, resolution: u16| {
            let (value, resolution) = (u32::from(value), u32::from(resolution));
            let scaled = (value * u32::from(RESOLUTION) + resolution / 2) / resolution;
            scaled.min(u32::from(SIDE_MAX)) as u16
        };
        let minutiae: Vec<Minutia> = view
            .minutiae
            .iter()
            .map(|m| Minutia {
                x: scale(m.x, record.resolution_x).min(SIDE_MAX - 1),
                y: scale(m.y, record.resolution_y).min(SIDE_MAX - 1),
                angle: m.angle,
                quality: m.quality,
                kind: m.kind,
            })
            .collect();
        let side = |declared: u16, resolution: u16, largest: Option<u16>| {
            scale(declared, resolution).max(largest.map_or(0, |at| at + 1))
        };
        let width = side(record.width, record.resolution_x, minutiae.iter().map(|m| m.x).max());
        let height = side(record.height, record.resolution_y, minutiae.iter().map(|m| m.y).max());
        Ok(Self::new(width, height, view.quality, minutiae))
    }
}

/// The longest side that a record can describe, in pixels: its coordinates have fourteen bits.
const SIDE_MAX: u16 = 0x4000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn a_template_is_the_same_whatever_record_carried_it() {
        let minutia = |at: u16| Minutia {
            x: 20 + at * 37 % 260,
            y: 20 + at * 91 % 330,
            angle: (at * 32) as u8,
            quality: 60,
            kind: if at.is_multiple_of(2) { Kind::Ending } else { Kind::Bifurcation },
        };
        let template = Template::new(300, 400, 70, (0..30).map(minutia).collect());
        let position = FingerPosition::new(7).ok();
        for format in [RecordFormat::Iso2005, RecordFormat::Iso2011, RecordFormat::Ansi2004, RecordFormat::Ansi2009] {
            let bytes = template.to_record(position, format).unwrap();
            assert_eq!(RecordFormat::of(&bytes), Some(format));
            let again = Template::from_record(&bytes).unwrap();
            let off = |(a, b): (&Minutia, &Minutia)| (a.angle.wrapping_sub(b.angle) as i8).unsigned_abs();
            assert!(again.minutiae().iter().zip(template.minutiae()).map(off).max() <= Some(1), "{format:?}");
            if matches!(format, RecordFormat::Iso2005 | RecordFormat::Iso2011) {
                assert_eq!(again, template);
            }
            assert_eq!(bytes, again.to_record(position, format).unwrap());
        }
    }
}
