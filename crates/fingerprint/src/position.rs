//! Which finger of a person.
//!
//! Standard: ISO/IEC 19794-2:2005, table 2, codes 1 to 10.
//! Start reading at [`FingerPosition`].

use crate::Error;

/// A finger: 1 right thumb … 5 right little finger, 6 left thumb … 10 left little finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FingerPosition(u8);

impl FingerPosition {
    /// How many there are.
    pub const COUNT: usize = 10;

    /// The finger with this number.
    ///
    /// # Errors
    /// [`Error::BadPosition`] outside 1 to 10.
    pub fn new(position: u8) -> Result<Self, Error> {
        if (1..=10).contains(&position) { Ok(Self(position)) } else { Err(Error::BadPosition { position }) }
    }

    /// The number, 1 to 10.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// The same finger of the other hand.
    #[must_use]
    pub fn other_hand(self) -> Self {
        Self(if self.0 > 5 { self.0 - 5 } else { self.0 + 5 })
    }

    /// Whether the two lie side by side on one hand, where one may be put down for the other. A thumb lies beside none.
    #[must_use]
    pub fn beside(self, other: Self) -> bool {
        let (low, high) = (self.0.min(other.0), self.0.max(other.0));
        high - low == 1 && !matches!(low, 1 | 5 | 6)
    }

    /// All ten, from the right thumb to the left little finger.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=10).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingers_lie_beside_each_other_on_one_hand_only() {
        let beside = |low: u8| FingerPosition(low).beside(FingerPosition(low + 1));
        assert_eq!((1..10).filter(|low| beside(*low)).collect::<Vec<_>>(), [2, 3, 4, 7, 8, 9]);
        assert!(FingerPosition(8).beside(FingerPosition(7)) && !FingerPosition(2).beside(FingerPosition(4)));
        assert!(!FingerPosition(2).beside(FingerPosition(2)));
    }
}
