//! The numbers of a pose as one score: a log-likelihood ratio in nats, one finger against two.
//!
//! A straight line through the numbers of [`Evidence`]; its slopes are learnt by logistic regression (`examples/train.rs`) from
//! mated and non-mated pairs weighted alike, so that the score is the logarithm of how much likelier the evidence is.
//! Start reading at [`score`].

use super::evidence::{COUNT, Evidence};
use super::weights::{BASE, HIGHEST, LOWEST, SLOPES};

/// Each number is held within what was seen in training: nothing is known of what lies beyond.
pub(super) fn score(evidence: &Evidence) -> f32 {
    let mut sum = BASE;
    for at in 0..COUNT {
        sum += SLOPES[at] * evidence.0[at].clamp(LOWEST[at], HIGHEST[at]);
    }
    sum.max(super::NOTHING)
}
