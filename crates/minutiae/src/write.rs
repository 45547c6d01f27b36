//! [`Record`] to bytes.
//!
//! Standard: ISO/IEC 19794-2:2005, clause 7. No extended data is written.
//! Start reading at [`Record::to_bytes`].

use crate::{
    COORDINATE_MAX, Error, HEADER_BYTES, MAGIC, MINUTIA_BYTES, Minutia, Record, VIEW_HEADER_BYTES, VIEWS_MAX, View,
};

impl Record {
    /// The record in the standard's bytes.
    ///
    /// # Errors
    /// [`Error::DoesNotFit`] when a value is larger than its field allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        fits("number of views", self.views.len(), VIEWS_MAX)?;
        let length = self.views.iter().map(view_bytes).sum::<usize>() + HEADER_BYTES;
        let mut out = Vec::with_capacity(length);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&(length as u32).to_be_bytes());
        for word in [self.capture_equipment, self.width, self.height] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        for resolution in [self.resolution_x, self.resolution_y] {
            // A zero would be refused by every reader, ours included.
            if resolution == 0 {
                return Err(Error::DoesNotFit { field: "resolution", value: 0, limit: usize::from(u16::MAX) });
            }
            out.extend_from_slice(&resolution.to_be_bytes());
        }
        out.extend_from_slice(&[self.views.len() as u8, 0]);
        for view in &self.views {
            write_view(view, &mut out)?;
        }
        Ok(out)
    }
}

fn view_bytes(view: &View) -> usize {
    VIEW_HEADER_BYTES + view.minutiae.len() * MINUTIA_BYTES + 2
}

fn write_view(view: &View, out: &mut Vec<u8>) -> Result<(), Error> {
    fits("finger position", view.position.into(), 10)?;
    fits("view number", view.number.into(), 15)?;
    fits("impression type", view.impression.into(), 15)?;
    fits("finger quality", view.quality.into(), 100)?;
    fits("number of minutiae", view.minutiae.len(), 255)?;
    out.extend_from_slice(&[
        view.position,
        view.number << 4 | view.impression,
        view.quality,
        view.minutiae.len() as u8,
    ]);
    for minutia in &view.minutiae {
        write_minutia(minutia, out)?;
    }
    out.extend_from_slice(&[0, 0]);
    Ok(())
}

fn write_minutia(minutia: &Minutia, out: &mut Vec<u8>) -> Result<(), Error> {
    fits("x", minutia.x.into(), COORDINATE_MAX.into())?;
    fits("y", minutia.y.into(), COORDINATE_MAX.into())?;
    fits("minutia quality", minutia.quality.into(), 100)?;
    out.extend_from_slice(&(minutia.kind.bits() << 14 | minutia.x).to_be_bytes());
    out.extend_from_slice(&minutia.y.to_be_bytes());
    out.extend_from_slice(&[minutia.angle, minutia.quality]);
    Ok(())
}

fn fits(field: &'static str, value: usize, limit: usize) -> Result<(), Error> {
    if value > limit { Err(Error::DoesNotFit { field, value, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use proptest::prelude::*;

    fn minutiae() -> impl Strategy<Value = Minutia> {
        let kind = prop_oneof![Just(Kind::Other), Just(Kind::Ending), Just(Kind::Bifurcation)];
        (kind, 0..=COORDINATE_MAX, 0..=COORDINATE_MAX, any::<u8>(), 0..=100u8)
            .prop_map(|(kind, x, y, angle, quality)| Minutia { kind, x, y, angle, quality })
    }

    fn views() -> impl Strategy<Value = View> {
        (0..=10u8, 0..=15u8, 0..=15u8, 0..=100u8, prop::collection::vec(minutiae(), 0..60)).prop_map(
            |(position, number, impression, quality, minutiae)| View {
                position,
                number,
                impression,
                quality,
                minutiae,
            },
        )
    }

    fn records() -> impl Strategy<Value = Record> {
        let head = (any::<u16>(), any::<u16>(), any::<u16>(), 1..=u16::MAX, 1..=u16::MAX);
        (head, prop::collection::vec(views(), 0..4)).prop_map(
            |((capture_equipment, width, height, resolution_x, resolution_y), views)| Record {
                capture_equipment,
                width,
                height,
                resolution_x,
                resolution_y,
                views,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(record in records()) {
            prop_assert_eq!(Record::parse(&record.to_bytes().unwrap()), Ok(record));
        }

        #[test]
        fn any_change_of_a_record_is_read_or_refused(record in records(), at in any::<usize>(), with in any::<u8>(), cut in any::<usize>()) {
            let mut bytes = record.to_bytes().unwrap();
            let length = bytes.len();
            bytes[at % length] = with;
            bytes.truncate(length - cut % 8);
            if let Ok(read) = Record::parse(&bytes) {
                prop_assert_eq!(Record::parse(&read.to_bytes().unwrap()), Ok(read));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Record::parse(&bytes);
        }
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        let minutia = Minutia { kind: Kind::Ending, x: COORDINATE_MAX + 1, y: 0, angle: 0, quality: 0 };
        let view = View { position: 1, number: 0, impression: 0, quality: 0, minutiae: vec![minutia] };
        let record = Record {
            capture_equipment: 0,
            width: 1,
            height: 1,
            resolution_x: 197,
            resolution_y: 197,
            views: vec![view],
        };
        assert_eq!(record.to_bytes(), Err(Error::DoesNotFit { field: "x", value: 16_384, limit: 16_383 }));
    }
}
