//! The pair of filters, and one split of a region into four quarters or back.
//!
//! Standard: IAFIS-IC-0110, annex A (two-channel filter banks with symmetric extension).
//! Filters of odd length are symmetric about a sample, filters of even length about the middle between two (and the
//! high-pass one is antisymmetric). Beyond its ends a line is mirrored in the same way.
//! Both directions are the same computation: every output is a weighted sum of samples of two channels around one place,
//! the channels being even and odd samples or the low and the high half.
//! Invariant: sums are formed in one order, so the result is the same everywhere.
//! Start reading at [`Direction::split_or_join`].

use crate::subband::{Region, Side};

/// Taps of the analysis filters from their centre outward, as the stream carries them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bank {
    /// Whether the filters have an odd number of taps.
    pub(crate) odd: bool,
    /// The low-pass filter's half.
    pub(crate) low: Vec<f64>,
    /// The high-pass filter's half; of an even filter the half after the centre.
    pub(crate) high: Vec<f64>,
}

/// The coefficients of the bank with nine and seven taps that the standard's encoders use.
///
/// Source: IAFIS-IC-0110, part 3.
pub(crate) const LOW_9: [f64; 5] = [
    0.852_698_679_009_403_4,
    0.377_402_855_612_653_8,
    -0.110_624_404_418_423_4,
    -0.023_849_465_019_38,
    0.037_828_455_506_995_46,
];
/// The seven taps of the high-pass filter, from the centre outward.
pub(crate) const HIGH_7: [f64; 4] =
    [0.788_485_616_405_664_4, -0.418_092_273_222_212_2, -0.040_689_417_609_558_44, 0.064_538_882_628_938_45];

impl Bank {
    /// The bank of the standard's encoders.
    pub(crate) fn usual() -> Self {
        Self { odd: true, low: LOW_9.to_vec(), high: HIGH_7.to_vec() }
    }
}

/// A weighted sum around one place: steps from it and weights, for the first and for the second channel.
struct Sum {
    terms: [Vec<(isize, f32)>; 2],
}

/// Analysis or synthesis with one bank.
pub(crate) struct Direction {
    synthesis: bool,
    odd: bool,
    sums: [Sum; 2],
    /// How far a sum reaches beyond its place.
    reach: usize,
}

impl Direction {
    /// From pixels to subbands.
    pub(crate) fn analysis(bank: &Bank) -> Self {
        // Weights of the samples at so many steps from an even one; parity and half of the step name channel and term.
        let sum = |weights: Vec<(isize, f64)>| {
            let channel = |parity| {
                let own = weights.iter().filter(|(step, _)| step.rem_euclid(2) == parity);
                own.map(|&(step, weight)| (step.div_euclid(2), weight as f32)).collect()
            };
            Sum { terms: [channel(0), channel(1)] }
        };
        let mirrored = |half: &[f64], centre: isize, sign: f64| {
            let mut weights = Vec::new();
            for (out, &tap) in half.iter().enumerate() {
                let out = out as isize;
                if bank.odd {
                    weights.push((centre + out, tap));
                    if out > 0 {
                        weights.push((centre - out, tap));
                    }
                } else {
                    weights.push((-out, tap));
                    weights.push((1 + out, sign * tap));
                }
            }
            weights
        };
        let sums = [sum(mirrored(&bank.low, 0, 1.0)), sum(mirrored(&bank.high, 1, -1.0))];
        Self::new(false, bank.odd, sums)
    }

    /// From subbands to pixels, with the filters that undo the bank's.
    pub(crate) fn synthesis(bank: &Bank) -> Self {
        let alternate = |index: usize| if index.is_multiple_of(2) { 1.0 } else { -1.0 };
        let reach = (bank.low.len().max(bank.high.len()) / 2 + 1) as isize;
        // The weight of a half's sample for the output that lies `step` pixels after the first pixel of its pair.
        let low = |step: isize| {
            let (index, sign) = if bank.odd { (step.unsigned_abs(), 1.0) } else { (half_index(step), -1.0) };
            bank.high.get(index).map(|tap| sign * alternate(index) * tap)
        };
        let high = |step: isize| {
            let (index, sign) = if bank.odd {
                ((step - 1).unsigned_abs(), 1.0)
            } else {
                (half_index(step), if step > 0 { 1.0 } else { -1.0 })
            };
            bank.low.get(index).map(|tap| sign * alternate(index) * tap)
        };
        let sum = |parity: isize| {
            let terms = |weight: &dyn Fn(isize) -> Option<f64>| {
                let near = (-reach..=reach).filter_map(|place| Some((place, weight(parity - 2 * place)? as f32)));
                near.collect()
            };
            Sum { terms: [terms(&low), terms(&high)] }
        };
        Self::new(true, bank.odd, [sum(0), sum(1)])
    }

    fn new(synthesis: bool, odd: bool, sums: [Sum; 2]) -> Self {
        let steps = sums.iter().flat_map(|sum| sum.terms.iter().flatten()).map(|(step, _)| step.unsigned_abs());
        let reach = steps.max().unwrap_or(0);
        Self { synthesis, odd, sums, reach }
    }

    /// Splits a region of the plane into its quarters, or joins them; `pitch` is the width of the plane.
    pub(crate) fn split_or_join(&self, plane: &mut [f32], pitch: usize, region: &Region, between: &mut Vec<f32>) {
        let (width, height) = (region.x.length, region.y.length);
        if width == 0 || height == 0 {
            return;
        }
        between.clear();
        between.resize(width * height, 0.0);
        let columns = self.places(&region.x);
        let mut lines = [Vec::new(), Vec::new()];
        let mut sum = vec![0.0; columns.outputs[0].len()];
        for (row, out) in between.chunks_exact_mut(width).enumerate() {
            let start = (region.y.start + row) * pitch + region.x.start;
            let line = &plane[start..start + width];
            for (padded, inputs) in lines.iter_mut().zip(&columns.inputs) {
                padded.clear();
                padded.extend(inputs.iter().map(|&(at, sign)| sign * line[at]));
            }
            for (outputs, weights) in columns.outputs.iter().zip(&self.sums) {
                let sum = &mut sum[..outputs.len()];
                sum.fill(0.0);
                for (padded, terms) in lines.iter().zip(&weights.terms) {
                    for &(step, weight) in terms {
                        add(sum, &padded[self.reach.wrapping_add_signed(step)..], weight);
                    }
                }
                outputs.iter().zip(&*sum).for_each(|(&at, &value)| out[at] = value);
            }
        }
        let rows = self.places(&region.y);
        for (outputs, weights) in rows.outputs.iter().zip(&self.sums) {
            for (index, &at) in outputs.iter().enumerate() {
                let start = (region.y.start + at) * pitch + region.x.start;
                let out = &mut plane[start..start + width];
                out.fill(0.0);
                for (inputs, terms) in rows.inputs.iter().zip(&weights.terms) {
                    for &(step, weight) in terms {
                        let (row, sign) = inputs[(self.reach + index).wrapping_add_signed(step)];
                        add(out, &between[row * width..], sign * weight);
                    }
                }
            }
        }
    }

    /// Where the two channels of a line come from and where the two outputs go.
    fn places(&self, side: &Side) -> Places {
        let (length, low) = (side.length, side.low());
        let halves = if side.mirrored { [length - low, 0] } else { [0, low] };
        let counts = [low, length - low];
        let of_pair = |channel: usize| (0..counts[channel]).map(|index| 2 * index + channel).collect::<Vec<_>>();
        let of_half = |channel: usize| (halves[channel]..halves[channel] + counts[channel]).collect::<Vec<_>>();
        let reach = self.reach as isize;
        let inputs = |channel: usize| {
            // One more place than there are outputs of this channel: the other channel may have one more.
            let places = -reach..low as isize + reach;
            let input = |place: isize| {
                if self.synthesis {
                    let (index, sign) = self.beyond_half(place, channel, length);
                    // A channel without samples reads the line's first with weight zero.
                    if sign == 0.0 { (0, 0.0) } else { (halves[channel] + index, sign) }
                } else {
                    (self.beyond(2 * place + channel as isize, length), 1.0)
                }
            };
            places.map(input).collect()
        };
        let outputs = if self.synthesis { [of_pair(0), of_pair(1)] } else { [of_half(0), of_half(1)] };
        Places { inputs: [inputs(0), inputs(1)], outputs }
    }

    /// The sample that stands for a place before, in or after a line.
    fn beyond(&self, place: isize, length: usize) -> usize {
        let length = length as isize;
        let (period, last) = if self.odd { (2 * (length - 1), 0) } else { (2 * length, 1) };
        if period == 0 {
            return 0;
        }
        let within = place.rem_euclid(period);
        (if within < length { within } else { period - last - within }) as usize
    }

    /// The sample of a half that stands for a place before, in or after it, with its sign; 0 where there is none.
    fn beyond_half(&self, place: isize, channel: usize, length: usize) -> (usize, f32) {
        let counts = [length.div_ceil(2), length / 2];
        if self.odd {
            // Mirroring about a sample of the line keeps even samples even and odd ones odd.
            let index = self.beyond(2 * place + channel as isize, length) / 2;
            return (index, if counts[channel] == 0 { 0.0 } else { 1.0 });
        }
        let within = place.rem_euclid(length as isize) as usize;
        let antisymmetric = channel == 1;
        match within < counts[channel] {
            true => (within, 1.0),
            // The middle of an odd line is its own mirror image: where the half is antisymmetric, it is zero.
            false if antisymmetric && 2 * within + 1 == length => (0, 0.0),
            false => (length - 1 - within, if antisymmetric { -1.0 } else { 1.0 }),
        }
    }
}

/// Where the samples of the two channels are found, padded by the filters' reach, and where the outputs go.
struct Places {
    inputs: [Vec<(usize, f32)>; 2],
    outputs: [Vec<usize>; 2],
}

/// Which tap of an even filter's half lies so many pixels after the first of a pair.
fn half_index(step: isize) -> usize {
    if step > 0 { (step - 1) as usize } else { -step as usize }
}

fn add(sum: &mut [f32], line: &[f32], weight: f32) {
    sum.iter_mut().zip(line).for_each(|(sum, value)| *sum += weight * value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subband::Layout;

    /// Splits a plane of made-up values as far as the standard does and joins it again; the largest difference.
    fn there_and_back(bank: &Bank, width: usize, height: usize) -> f32 {
        let plane: Vec<f32> =
            (0..width * height).map(|at| ((at * 7_919 + at * at % 313) % 255) as f32 - 127.0).collect();
        let (mut changed, mut between) = (plane.clone(), Vec::new());
        let layout = Layout::new(width, height);
        let (split, join) = (Direction::analysis(bank), Direction::synthesis(bank));
        layout.splits.iter().for_each(|region| split.split_or_join(&mut changed, width, region, &mut between));
        layout.splits.iter().rev().for_each(|region| join.split_or_join(&mut changed, width, region, &mut between));
        plane.iter().zip(&changed).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn what_is_split_is_joined_again() {
        let root = core::f64::consts::FRAC_1_SQRT_2;
        let haar = Bank { odd: false, low: vec![root], high: vec![-root] };
        // Two taps against six.
        let uneven = Bank { odd: false, low: vec![root], high: vec![-root, root / 8.0, root / 8.0] };
        for (width, height) in [(1, 1), (1, 5), (2, 2), (3, 2), (5, 7), (16, 16), (33, 31), (97, 94), (120, 61)] {
            for bank in [&Bank::usual(), &haar, &uneven] {
                let difference = there_and_back(bank, width, height);
                assert!(difference < 0.01, "{width} by {height}, {bank:?}: {difference}");
            }
        }
    }

    #[test]
    fn an_even_tone_lies_in_the_low_half() {
        let mut plane = vec![10.0; 9 * 8];
        let layout = Layout::new(9, 8);
        Direction::analysis(&Bank::usual()).split_or_join(&mut plane, 9, &layout.splits[0], &mut Vec::new());
        for (at, value) in plane.iter().enumerate() {
            let expected = if at % 9 < 5 && at / 9 < 4 { 20.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-3, "{at}: {value}");
        }
    }
}
