//! How a view ends in every format: the number of its minutiae, the minutiae, and extended data.
//!
//! A minutia has five or six bytes: type and place, angle, and the quality that may be missing.
//!
//! Standards: ISO/IEC 19794-2:2005, 7.4.2; ISO/IEC 19794-2:2011, 8.4; ANSI INCITS 378-2004, 6.5. The formats differ in the
//! unit of the angle and in how they say that there is no quality.
//! Start reading at [`read_all`].

use crate::reader::Reader;
use crate::writer::{fits, word};
use crate::{Error, Format, Kind, Minutia};

/// Length of one minutia with its quality, in bytes.
pub(crate) const MINUTIA_BYTES: usize = 6;
/// Largest value of the fourteen-bit coordinates.
pub(crate) const COORDINATE_MAX: u16 = 0x3FFF;
/// The largest angle in steps of two degrees.
const DEGREES_MAX: u8 = 179;
/// A quality that is not reported.
const UNREPORTED: u8 = 254;

/// The minutiae of a view, of so many bytes each, and the extended data behind them.
pub(crate) fn read_all(reader: &mut Reader<'_>, bytes: usize, format: Format) -> Result<Vec<Minutia>, Error> {
    let count = usize::from(reader.byte()?);
    let start = reader.offset;
    let fields = reader.take(count * bytes)?.chunks_exact(bytes).enumerate();
    let minutiae =
        fields.map(|(index, field)| read(field, start + index * bytes, format)).collect::<Result<_, Error>>()?;
    reader.extended()?;
    Ok(minutiae)
}

/// Writes minutiae with their qualities, and no extended data.
pub(crate) fn write_all(minutiae: &[Minutia], format: Format, out: &mut Vec<u8>) -> Result<(), Error> {
    out.push(minutiae.len() as u8);
    minutiae.iter().try_for_each(|minutia| write(minutia, format, out))?;
    word(0, out);
    Ok(())
}

/// The minutia of a field that begins at `offset`; without a sixth byte it has no quality.
fn read(field: &[u8], offset: usize, format: Format) -> Result<Minutia, Error> {
    let first = u16::from_be_bytes([field[0], field[1]]);
    let second = u16::from_be_bytes([field[2], field[3]]);
    let kind = Kind::from_bits(first >> 14).ok_or(Error::BadValue { field: "minutia type", value: 3, offset })?;
    let angle = angle(field[4], offset + 4, format)?;
    let quality =
        field.get(5).map_or(Ok(0), |&quality| read_quality(quality, offset + 5, "minutia quality", format))?;
    Ok(Minutia { kind, x: first & COORDINATE_MAX, y: second & COORDINATE_MAX, angle, quality })
}

/// A quality from 0 to 100; one that is not reported, or could not be measured, is 0.
pub(crate) fn read_quality(quality: u8, offset: usize, field: &'static str, format: Format) -> Result<u8, Error> {
    match quality {
        0..=100 => Ok(quality),
        UNREPORTED | 255 if format.has_unreported() => Ok(0),
        _ => Err(Error::BadValue { field, value: quality.into(), offset }),
    }
}

/// A quality as the format writes it.
pub(crate) fn quality(quality: u8, format: Format) -> u8 {
    if quality == 0 && format.has_unreported() { UNREPORTED } else { quality }
}

/// Writes a minutia with its quality.
fn write(minutia: &Minutia, format: Format, out: &mut Vec<u8>) -> Result<(), Error> {
    fits("x", minutia.x.into(), COORDINATE_MAX.into())?;
    fits("y", minutia.y.into(), COORDINATE_MAX.into())?;
    fits("minutia quality", minutia.quality.into(), 100)?;
    word(minutia.kind.bits() << 14 | minutia.x, out);
    word(minutia.y, out);
    let angle = if format.in_degrees() { to_degrees(minutia.angle) } else { minutia.angle };
    out.extend([angle, quality(minutia.quality, format)]);
    Ok(())
}

/// An angle in steps of 360/256 degrees.
fn angle(angle: u8, offset: usize, format: Format) -> Result<u8, Error> {
    match angle {
        _ if !format.in_degrees() => Ok(angle),
        // Two degrees are 64/45 steps.
        ..=DEGREES_MAX => Ok(((u16::from(angle) * 128 + 45) / 90) as u8),
        _ => Err(Error::BadValue { field: "minutia angle", value: angle.into(), offset }),
    }
}

/// The nearest step of two degrees.
fn to_degrees(angle: u8) -> u8 {
    ((u16::from(angle) * 90 + 64) / 128 % 180) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_go_to_degrees_and_back() {
        let steps = |degrees| angle(degrees, 0, Format::Ansi2004).unwrap();
        for degrees in 0..=DEGREES_MAX {
            assert_eq!(to_degrees(steps(degrees)), degrees);
        }
        for step in 0..=255u8 {
            let off = steps(to_degrees(step)).wrapping_sub(step) as i8;
            assert!(off.unsigned_abs() <= 1, "{step}");
        }
        assert_eq!([0, 45, 90, 135].map(steps), [0, 64, 128, 192]);
        assert_eq!(
            angle(180, 7, Format::Ansi2009),
            Err(Error::BadValue { field: "minutia angle", value: 180, offset: 7 })
        );
        assert_eq!(angle(180, 7, Format::Iso2011), Ok(180));
    }
}
