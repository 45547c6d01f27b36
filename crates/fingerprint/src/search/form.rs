//! The search form of a print: four bytes a minutia, from which every stage of a search is computed.
//!
//! Invariant: a form holds at most [`Form::MINUTIAE_MAX`] minutiae, best first, so it has at most 400 bytes.
//! Start reading at [`Form::new`].

use crate::{Minutia, Template};
use minutiae::Kind;

/// Largest coordinate, in pixels at 500 dpi: a fingertip is never 52 mm wide or high.
const PLACE_MAX: u16 = 1023;
/// Middle of each range of quality that is told apart; the first is "not known".
const QUALITIES: [u8; 5] = [0, 13, 38, 63, 88];

/// One minutia in 32 bits: x and y (10 bits each, from the left and upper edge of the minutiae's box), direction (8 bits), then the type
/// times five plus the range of quality (4 bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed(u32);

impl Packed {
    fn new(minutia: &Minutia, (left, top): (u16, u16)) -> Self {
        let place = |at: u16, from: u16| u32::from((at - from).min(PLACE_MAX));
        let kind = match minutia.kind {
            Kind::Other => 0,
            Kind::Ending => 1,
            Kind::Bifurcation => 2,
        };
        let quality = if minutia.quality == 0 { 0 } else { 1 + u32::from(minutia.quality.min(99)) / 25 };
        let (x, y) = (place(minutia.x, left), place(minutia.y, top));
        Self(x << 22 | y << 12 | u32::from(minutia.angle) << 4 | (kind * 5 + quality))
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }

    /// Any 32 bits are a minutia.
    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(super) fn x(self) -> i32 {
        (self.0 >> 22) as i32
    }

    pub(super) fn y(self) -> i32 {
        (self.0 >> 12 & 0x3FF) as i32
    }

    pub(super) fn angle(self) -> u8 {
        (self.0 >> 4) as u8
    }

    fn minutia(self) -> Minutia {
        let rest = self.0 as usize & 0xF;
        let kind = [Kind::Other, Kind::Ending, Kind::Bifurcation][(rest / 5).min(2)];
        Minutia { x: self.x() as u16, y: self.y() as u16, angle: self.angle(), quality: QUALITIES[rest % 5], kind }
    }
}

/// The search form of a print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form(pub(super) Vec<Packed>);

impl Form {
    /// The most minutiae of a form: as many as a comparison looks at.
    pub const MINUTIAE_MAX: usize = crate::compare::MINUTIAE_MAX;

    /// The form of a template.
    #[must_use]
    pub fn new(template: &Template) -> Self {
        let all = template.minutiae();
        let edge = |place: fn(&Minutia) -> u16| all.iter().map(place).min().unwrap_or(0);
        let corner = (edge(|m| m.x), edge(|m| m.y));
        let count = all.len().max(1) as i32;
        let mean = |place: fn(&Minutia) -> u16| all.iter().map(|m| i32::from(place(m))).sum::<i32>() / count;
        let (x, y) = (mean(|m| m.x), mean(|m| m.y));
        let mut sorted = all.to_vec();
        // Of equal quality, those in the middle are the likeliest to be seen again.
        let away = |m: &Minutia| (i32::from(m.x) - x).pow(2) + (i32::from(m.y) - y).pow(2);
        sorted.sort_by_key(|m| (std::cmp::Reverse(m.quality), away(m), m.y, m.x, m.angle));
        sorted.truncate(Self::MINUTIAE_MAX);
        Self(sorted.iter().map(|minutia| Packed::new(minutia, corner)).collect())
    }

    /// How many minutiae there are.
    #[must_use]
    pub fn minutiae(&self) -> usize {
        self.0.len()
    }

    /// Four bytes a minutia, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|packed| packed.bits().to_le_bytes()).collect()
    }

    /// Reads what [`Form::to_bytes`] wrote; none where a minutia is cut off or there are more than [`Form::MINUTIAE_MAX`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (all, rest) = bytes.as_chunks::<4>();
        let fits = rest.is_empty() && all.len() <= Self::MINUTIAE_MAX;
        fits.then(|| Self(all.iter().map(|word| Packed::from_bits(u32::from_le_bytes(*word))).collect()))
    }

    /// What the form still knows of the template: places from the corner of its minutiae, and four ranges of quality.
    #[must_use]
    pub fn template(&self) -> Template {
        Template::new(PLACE_MAX + 1, PLACE_MAX + 1, 0, self.0.iter().map(|packed| packed.minutia()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::Finger;

    #[test]
    fn a_form_keeps_what_a_comparison_needs() {
        let template = Finger::new(3).impression(0);
        let form = Form::new(&template);
        let again = form.template();
        assert_eq!(again.minutiae().len(), template.minutiae().len());
        let sorted = |form: &Form| {
            let mut all: Vec<u32> = form.0.iter().map(|packed| packed.0).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(sorted(&Form::new(&again)), sorted(&form));
        let (left, top) = template.minutiae().iter().fold((u16::MAX, u16::MAX), |(x, y), m| (x.min(m.x), y.min(m.y)));
        for m in template.minutiae() {
            let kept = again.minutiae().iter().any(|other| {
                (other.x + left, other.y + top, other.angle, other.kind) == (m.x, m.y, m.angle, m.kind)
                    && other.quality.abs_diff(m.quality) <= 13
            });
            assert!(kept, "{m:?}");
        }
    }
}
