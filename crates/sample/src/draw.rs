//! A small generator of numbers: SplitMix64 (Steele, Lea, Flood 2014). Not for keys.

/// Draws from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The draws of a seed.
    pub(crate) fn new(seed: u64) -> Draw {
        Draw(seed ^ 0x5661_6e44_616e_2121)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 up to, and without, `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list.
    pub(crate) fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One of a list whose early members come more often.
    pub(crate) fn early<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let (a, b) = (self.below(list.len()), self.below(list.len()));
        &list[a * b / list.len().max(1)]
    }
}
