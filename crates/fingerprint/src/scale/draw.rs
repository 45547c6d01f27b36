//! Numbers drawn from a seed.
//!
//! Start reading at [`Draw::new`].

/// The generator `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    /// A stream of its own for each seed and each branch of it.
    pub(super) fn new(seed: u64, branch: u64) -> Self {
        let mut draw = Self(seed ^ branch.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        draw.next();
        draw
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// 0 up to but not including 1.
    pub(super) fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Between two bounds.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f32) -> bool {
        self.share() < probability
    }

    /// Nearly a normal variable of mean 0 and spread 1: the sum of eight even ones, never beyond 4.9.
    pub(super) fn normal(&mut self) -> f32 {
        let (one, two) = (self.next(), self.next());
        let sum: u64 = [0, 16, 32, 48].iter().map(|shift| (one >> shift & 0xFFFF) + (two >> shift & 0xFFFF)).sum();
        // The variance of each is 1/12 of the square of its range.
        (sum as f32 / 65_536.0 - 4.0) * 1.224_744_9
    }
}
