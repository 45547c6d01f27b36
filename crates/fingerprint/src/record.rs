//! A template as a minutiae record in any format that is written; [`Template::from_iso`] reads them all.
//!
//! Start reading at [`to_record`].

use crate::{Error, FingerPosition, RecordFormat, Template};
use minutiae::Record;

/// A record of one view.
///
/// # Errors
/// [`Error::Record`] when a side does not fit the record's fields.
pub fn to_record(
    template: &Template,
    position: Option<FingerPosition>,
    format: RecordFormat,
) -> Result<Vec<u8>, Error> {
    Ok(Record::parse(&template.to_iso(position)?)?.to_bytes_as(format)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Minutia};

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
            let bytes = to_record(&template, position, format).unwrap();
            assert_eq!(RecordFormat::of(&bytes), Some(format));
            let again = Template::from_iso(&bytes).unwrap();
            let off = |(a, b): (&Minutia, &Minutia)| (a.angle.wrapping_sub(b.angle) as i8).unsigned_abs();
            assert!(again.minutiae().iter().zip(template.minutiae()).map(off).max() <= Some(1), "{format:?}");
            if matches!(format, RecordFormat::Iso2005 | RecordFormat::Iso2011) {
                assert_eq!(again, template);
            }
            assert_eq!(bytes, to_record(&again, position, format).unwrap());
        }
    }
}
