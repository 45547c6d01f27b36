//! Several fingers of a person as one score.
//!
//! Start reading at [`fuse`].

use crate::thresholds;

/// The joint evidence of the fingers that could be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fused {
    /// Sum of the fingers' evidence in nats; compare it with [`thresholds::PERSON`]. 0 where no finger was common.
    pub score: f32,
    /// How many fingers were compared.
    pub fingers: usize,
}

impl Fused {
    /// Whether the two sets of fingers are taken as one person's.
    #[must_use]
    pub fn is_hit(&self) -> bool {
        self.score >= thresholds::PERSON
    }
}

/// Adds up the raw scores of [`crate::compare()`], one for each finger that both sides have. A finger missing on either
/// side is not in the list and speaks neither way.
#[must_use]
pub fn fuse(scores: impl IntoIterator<Item = f32>) -> Fused {
    scores.into_iter().fold(Fused { score: 0.0, fingers: 0 }, |sum, score| Fused {
        score: sum.score + thresholds::evidence(score),
        fingers: sum.fingers + 1,
    })
}
