//! Several fingers of a person as one score.
//!
//! Start reading at [`fuse`].

use crate::{FingerPosition, thresholds};

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

/// As [`fuse`], of fingers in the order of their positions, where two may have been put down for each other.
///
/// Where the fingers as taken are no hit although one speaks for one person, those that lie side by side and speak against it
/// are compared crosswise: `crosswise(a, b)` is the score of the one person's finger `a` of the list and the other's finger `b`.
/// If that makes a hit, it is the answer, `fingers` have those scores, and the list names the first of each two that were exchanged;
/// by chance some way is always the more alike, so that nothing less is told.
pub fn fuse_crosswise(
    fingers: &mut [(Option<FingerPosition>, f32)],
    crosswise: impl Fn(usize, usize) -> Option<f32>,
) -> (Fused, Vec<usize>) {
    let sum = |fingers: &[(_, f32)]| fuse(fingers.iter().map(|(_, score)| *score));
    let taken = sum(fingers);
    if taken.is_hit() || fingers.iter().all(|(_, score)| *score < thresholds::ONE_FINGER) {
        return (taken, Vec::new());
    }
    let (mut exchanged, mut firsts) = (fingers.to_vec(), Vec::new());
    let mut at = 0;
    while let Some(&[(one, first), (other, second)]) = fingers.get(at..at + 2) {
        let beside = one.zip(other).is_some_and(|(one, other)| one.beside(other)) && first.max(second) < 0.0;
        let scores = if beside { crosswise(at, at + 1).zip(crosswise(at + 1, at)) } else { None };
        let evidence = |first, second| thresholds::evidence(first) + thresholds::evidence(second);
        let better = scores.filter(|scores| evidence(scores.0, scores.1) > evidence(first, second));
        if let Some(scores) = better {
            (exchanged[at].1, exchanged[at + 1].1) = scores;
            firsts.push(at);
            // A finger is exchanged with one other at most.
            at += 1;
        }
        at += 1;
    }
    let fused = sum(&exchanged);
    if !fused.is_hit() {
        return (taken, Vec::new());
    }
    fingers.copy_from_slice(&exchanged);
    (fused, firsts)
}
