//! What scores mean: the fixed bounds, and how they were chosen.
//!
//! The score of [`crate::compare()`] is a log-likelihood ratio in nats, learnt from mated and non-mated pairs weighted alike: at 0
//! the evidence is as likely from one finger as from two. Fingers add up, within bounds: what lies far beyond the pairs that
//! were learnt from is not believed.
//!
//! The bounds follow from that reading and from prior odds, not from a set of prints: see
//! `docs/decisions/fingerprint-engine.md`, which also gives the error rates measured afterwards.
//! Start reading at [`ONE_FINGER`] and [`PERSON`].

/// Score of [`crate::compare()`] from which one finger counts as verified (1:1): evidence of 20 to 1.
pub const ONE_FINGER: f32 = 3.0;

/// Score of [`crate::fuse()`] from which two sets of fingers count as one person's, to be shown to an officer.
///
/// A register of 10⁸ people needs ln 10⁸ = 18.4 nats to make a match as likely as not; the rest is margin.
pub const PERSON: f32 = 20.0;

/// What one finger may say for one person before more counts little.
const FOR_MAX: f32 = 15.0;
/// What one finger may say against: one mated finger in eight may fail (bandaged, swapped, badly placed).
const AGAINST_MAX: f32 = -2.0;
/// Slope beyond both bounds; not 0, so that ranks stay meaningful.
const BEYOND: f32 = 0.02;

/// The evidence of one finger in nats: positive for one person, negative for two.
#[must_use]
pub fn evidence(score: f32) -> f32 {
    let held = score.clamp(AGAINST_MAX, FOR_MAX);
    held + (score - held) * BEYOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_grows_with_the_score_and_one_finger_is_not_enough_for_a_register() {
        let steps: Vec<f32> = (-20..150).map(|score| evidence(score as f32)).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(evidence(150.0) < PERSON && 2.0 * evidence(36.0) > PERSON);
    }
}
