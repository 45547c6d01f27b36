//! Bins: how wide the steps of a subband's coefficients are, and how wide the step around zero.
//!
//! Standard: IAFIS-IC-0110, annex A (quantisation) and part 3 (bin widths from variances).
//! Invariant: both directions use the numbers as the stream carries them, rounded.
//! Start reading at [`Table`].

use crate::coefficient::ESCAPED_MAX;
use crate::maths::{exponential, logarithm};
use crate::scaled;
use crate::subband::CODED;

/// Where inside a bin its coefficients are taken to lie, in hundredths from its beginning; of the standard's encoders.
pub(crate) const CENTRE_HUNDREDTHS: u32 = 44;
/// How much wider than the others the bin around zero is.
const ZERO_BIN: f64 = 1.2;
/// Subbands of a smaller variance are not coded.
const VARIANCE_MIN: f64 = 1.01;

/// The narrowest bin that is written. Where hardly a subband is coded, the formula would spend the whole rate on it, on
/// steps far below a grey value and on numbers that some readers have no room for.
const WIDTH_MIN: f64 = 0.25;

/// The bins of one subband.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Bin {
    /// Whether the subband is coded; the width that says so may be too small for its own type.
    pub(crate) coded: bool,
    /// Width of a bin.
    pub(crate) width: f32,
    /// Width of the bin around zero.
    pub(crate) zero: f32,
}

/// The bins of all subbands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// Where inside a bin its coefficients are taken to lie, from its beginning, as a part of its width.
    pub(crate) centre: f32,
    /// The bins of the subbands that may be coded.
    pub(crate) bins: [Bin; CODED],
}

impl Table {
    /// The coefficient that a quantised one stands for.
    pub(crate) fn value(&self, band: usize, quantised: i32) -> f32 {
        let Bin { width, zero, .. } = self.bins[band];
        match quantised {
            0 => 0.0,
            1.. => width * (quantised as f32 - self.centre) + zero / 2.0,
            _ => width * (quantised as f32 + self.centre) - zero / 2.0,
        }
    }
}

impl Bin {
    /// The quantised coefficient of a value.
    pub(crate) fn quantised(&self, value: f32) -> i32 {
        let beyond = value.abs() - self.zero / 2.0;
        if beyond <= 0.0 {
            return 0;
        }
        let step = ((beyond / self.width) as i32).min(ESCAPED_MAX - 1) + 1;
        if value > 0.0 { step } else { -step }
    }
}

/// Widths of the subbands' bins from their variances, zero where a subband is not coded.
pub(crate) fn widths(variances: &[f64; CODED], rate: f64) -> [f64; CODED] {
    // Relative widths: fine for the four lowest subbands, otherwise the narrower the more there is in a subband.
    let relative: [f64; CODED] = std::array::from_fn(|band| match variances[band] {
        variance if variance < VARIANCE_MIN => 0.0,
        _ if band < 4 => 1.0,
        variance => 10.0 / (weight(band) * logarithm(variance)),
    });
    let mut chosen: Vec<usize> = (0..CODED).filter(|&band| relative[band] > 0.0).collect();
    // The factor of all widths that spends the rate on the chosen subbands. A subband whose bins come out so wide that
    // nothing is left in it needs no bits: without it the rate is spread anew over the others.
    let mut factor = 1.0;
    while !chosen.is_empty() {
        let share: f64 = chosen.iter().map(|&band| fraction(band)).sum();
        let levels: f64 = chosen
            .iter()
            .map(|&band| fraction(band) * (logarithm(variances[band]) / 2.0 - logarithm(relative[band])))
            .sum();
        let bits = (rate / share - 1.0) * core::f64::consts::LN_2;
        factor = exponential(bits - levels / share) / 2.5;
        let count = chosen.len();
        let empty = |band: usize| relative[band] / factor >= 5.0 * variances[band].sqrt();
        chosen.retain(|&band| !empty(band));
        if chosen.len() == count {
            break;
        }
    }
    relative.map(|width| if width > 0.0 { (width / factor).max(WIDTH_MIN) } else { 0.0 })
}

/// How much of the image's coefficients a subband holds.
fn fraction(band: usize) -> f64 {
    match band {
        0..4 => 1.0 / 1_024.0,
        4..51 => 1.0 / 256.0,
        _ => 1.0 / 16.0,
    }
}

/// How much finer than others a subband is quantised.
fn weight(band: usize) -> f64 {
    match band {
        52 | 56 => 1.32,
        53 | 55 | 58 | 59 => 1.08,
        54 | 57 => 1.42,
        _ => 1.0,
    }
}

/// A bin of this width as the stream carries it: its parts, and what a reader makes of them.
pub(crate) fn bin(width: f64) -> ([(u8, u32); 2], Bin) {
    let parts = [scaled::nearest(width, 0xFFFF), scaled::nearest(ZERO_BIN * width, 0xFFFF)];
    let [width, zero] = parts.map(|(places, integer)| scaled::number(places, integer));
    (parts, Bin { coded: width > 0.0, width: width as f32, zero: zero as f32 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_within_a_bin() {
        let (_, bin) = bin(3.7);
        let table = Table { centre: 0.44, bins: [bin; CODED] };
        for step in -1_000..1_000 {
            let value = step as f32 / 7.0;
            let again = table.value(5, bin.quantised(value));
            assert!((again - value).abs() <= 2.3, "{value} {again}");
        }
        assert_eq!(bin.quantised(2.0), 0);
        assert_eq!(bin.quantised(-2.3), -1);
        assert_eq!(bin.quantised(f32::MAX), ESCAPED_MAX);
    }

    #[test]
    fn more_bits_make_narrower_bins_and_still_subbands_none() {
        let variances: [f64; CODED] =
            std::array::from_fn(|band| if band == 9 { 1.0 } else { 4_000.0 / (band + 1) as f64 });
        let (usual, fine) = (widths(&variances, 0.75), widths(&variances, 2.25));
        assert_eq!((usual[9], fine[9]), (0.0, 0.0));
        assert!((0..CODED).filter(|&band| band != 9).all(|band| fine[band] > 0.0 && fine[band] < usual[band] / 2.0));
        assert_eq!(widths(&[0.0; CODED], 0.75), [0.0; CODED]);
    }
}
