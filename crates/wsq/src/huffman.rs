//! Huffman tables: how many codes there are of each length, and what they stand for in the order of the codes.
//!
//! Standard: IAFIS-IC-0110, annex B and C. Codes have 1 to 16 bits; those of one length follow each other, and no code
//! consists of ones alone, so that padding is no code.
//! Start reading at [`Decoder::new`] or [`Encoder::new`].

/// The longest code in bits.
pub(crate) const LENGTH_MAX: usize = 16;
/// Bits that are looked up at once; most codes are shorter.
const QUICK: u32 = 10;

/// How many codes have 1, 2, … 16 bits.
pub(crate) type Counts = [u8; LENGTH_MAX];

/// A table for reading.
pub(crate) struct Decoder {
    values: Vec<u8>,
    /// For each beginning of a code: its length and its value; length 0 where the code is longer.
    quick: Vec<(u8, u8)>,
    /// For each length: the first 16-bit beginning that is beyond its codes, and what to add to a code for its index.
    limits: [(u32, i32); LENGTH_MAX],
}

impl Decoder {
    /// The table of counts and values; `None` if there are more codes of a length than the shorter ones leave room for.
    pub(crate) fn new(counts: &Counts, values: &[u8]) -> Option<Self> {
        let mut quick = vec![(0, 0); 1 << QUICK];
        let mut limits = [(0, 0); LENGTH_MAX];
        let (mut code, mut index) = (0u32, 0usize);
        for (length, &count) in (1..).zip(counts) {
            let count = usize::from(count);
            let rest = LENGTH_MAX as u32 - length;
            limits[length as usize - 1].1 = index as i32 - code as i32;
            if code + count as u32 > 1 << length || index + count > values.len() {
                return None;
            }
            if let Some(spread) = QUICK.checked_sub(length) {
                let first = (code as usize) << spread;
                for (at, slot) in quick[first..first + (count << spread)].iter_mut().enumerate() {
                    *slot = (length as u8, values[index + (at >> spread)]);
                }
            }
            code += count as u32;
            index += count;
            limits[length as usize - 1].0 = code << rest;
            code <<= 1;
        }
        (index == values.len()).then(|| Self { values: values.to_vec(), quick, limits })
    }

    /// Length and value of the code that 16 bits begin with.
    pub(crate) fn find(&self, bits: u16) -> Option<(u32, u8)> {
        let (length, value) = self.quick[usize::from(bits >> (16 - QUICK))];
        if length > 0 {
            return Some((length.into(), value));
        }
        let length = (QUICK as usize..LENGTH_MAX).find(|&at| u32::from(bits) < self.limits[at].0)?;
        let code = u32::from(bits) >> (LENGTH_MAX - 1 - length);
        let index = code as i32 + self.limits[length].1;
        Some((length as u32 + 1, *self.values.get(usize::try_from(index).ok()?)?))
    }
}

/// A table for writing.
pub(crate) struct Encoder {
    /// Codes of each length.
    pub(crate) counts: Counts,
    /// What they stand for, in the order of the codes.
    pub(crate) values: Vec<u8>,
    /// Code and length of each value; length 0 where the value was not counted.
    codes: [(u16, u8); 256],
}

impl Encoder {
    /// The table that makes values of these frequencies short. There is at least one code in it.
    pub(crate) fn new(frequencies: &[u32; 256]) -> Self {
        let mut values: Vec<u8> = (0..=255).filter(|&value| frequencies[usize::from(value)] > 0).collect();
        if values.is_empty() {
            values.push(1);
        }
        // The frequent ones first; equal ones in their own order.
        values.sort_by_key(|&value| (std::cmp::Reverse(frequencies[usize::from(value)]), value));
        let counts = counts(values.iter().map(|&value| u64::from(frequencies[usize::from(value)])).collect());
        let mut codes = [(0, 0); 256];
        let (mut code, mut next) = (0u32, values.iter());
        for (length, &count) in (1u8..).zip(&counts) {
            for &value in next.by_ref().take(count.into()) {
                codes[usize::from(value)] = (code as u16, length);
                code += 1;
            }
            code <<= 1;
        }
        Self { counts, values, codes }
    }

    /// Code and length of a value.
    pub(crate) fn code(&self, value: u8) -> (u16, u32) {
        let (code, length) = self.codes[usize::from(value)];
        (code, length.into())
    }
}

/// How many codes there are of each length for these frequencies, when one code more, of ones alone, is left out.
fn counts(frequencies: Vec<u64>) -> Counts {
    // The one that is left out is the rarest, so that its code is the longest.
    let total = frequencies.len() + 1;
    // Weight of each tree and the members it has; the two lightest are joined until one is left.
    let mut trees: Vec<(u64, Vec<usize>)> =
        frequencies.into_iter().chain([0]).enumerate().map(|(index, weight)| (weight, vec![index])).collect();
    let mut depths = vec![0usize; total];
    while trees.len() > 1 {
        trees.sort_by_key(|tree| std::cmp::Reverse(tree.0));
        if let (Some(light), Some(heavier)) = (trees.pop(), trees.pop()) {
            let members = [heavier.1, light.1].concat();
            members.iter().for_each(|&member| depths[member] += 1);
            trees.push((heavier.0 + light.0, members));
        }
    }
    let mut of_depth = vec![0usize; total + LENGTH_MAX + 2];
    depths.iter().for_each(|&depth| of_depth[depth] += 1);
    // Two codes that are too long give way: one takes the place of their common beginning, the other goes below a
    // shorter code, which becomes two (annex C of the standard, as in JPEG).
    for depth in (LENGTH_MAX + 1..of_depth.len()).rev() {
        while of_depth[depth] > 0 {
            let Some(shorter) = (1..depth - 1).rev().find(|&depth| of_depth[depth] > 0) else { break };
            of_depth[depth] -= 2;
            of_depth[depth - 1] += 1;
            of_depth[shorter + 1] += 2;
            of_depth[shorter] -= 1;
        }
    }
    if let Some(longest) = (1..=LENGTH_MAX).rev().find(|&depth| of_depth[depth] > 0) {
        of_depth[longest] -= 1;
    }
    std::array::from_fn(|index| of_depth[index + 1] as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value's code is found again, and none consists of ones alone.
    fn check(frequencies: &[u32; 256]) -> Counts {
        let encoder = Encoder::new(frequencies);
        let decoder = Decoder::new(&encoder.counts, &encoder.values).unwrap();
        for &value in &encoder.values {
            let (code, length) = encoder.code(value);
            let rest = 16 - length;
            assert!(length > 0 && u32::from(code) != (1 << length) - 1, "{value}");
            for below in [0, (1u32 << rest) - 1] {
                let bits = (u32::from(code) << rest | below) as u16;
                assert_eq!(decoder.find(bits), Some((length, value)));
            }
        }
        assert_eq!(decoder.find(0xFFFF), None);
        encoder.counts
    }

    #[test]
    fn codes_are_found_again_whatever_the_frequencies() {
        check(&[0; 256]);
        check(&[7; 256]);
        check(&std::array::from_fn(|value| u32::from(value == 180)));
        // Powers of two would make codes of 32 bits.
        let counts = check(&std::array::from_fn(|value| if value < 32 { 1 << value } else { 0 }));
        assert_eq!(counts.iter().map(|&count| u32::from(count)).sum::<u32>(), 32);
        assert_eq!(counts[0], 1);
        check(&std::array::from_fn(|value| (value as u32 * 7_919) % 1_000));
    }

    #[test]
    fn tables_that_cannot_be_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Decoder::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 1;
        assert!(Decoder::new(&counts, &[1]).is_some());
        assert!(Decoder::new(&counts, &[1, 2]).is_none());
        assert!(Decoder::new(&counts, &[]).is_none());
    }
}
