//! The slopes of the decision score, as `examples/train.rs` learnt and printed them. Not to be edited by hand.

use super::evidence::COUNT;

/// The score where all numbers are 0.
pub(super) const BASE: f32 = -1.3736529;

/// What each number adds.
#[rustfmt::skip]
pub(super) const SLOPES: [f32; COUNT] = [
    0.35454577, // what the pairs say, in nats
    0.18222669, // what the missed say, in nats
    0.3257049, // pairs
    1.4949285, // share of the common minutiae that are paired
    -1.5901041, // mean square of the misfit in place, in 100 square pixels
    0.124366626, // mean square of the misfit in direction, in 100 square steps
    0.031678274, // agreement of neighbouring pairs, for each pair
    -0.2090782, // minutiae of the poorer template
    -7.44674, // stretch
];

/// The lowest that was seen of each.
#[rustfmt::skip]
pub(super) const LOWEST: [f32; COUNT] = [
    -22.876749, // what the pairs say, in nats
    -67.87344, // what the missed say, in nats
    1.0, // pairs
    0.08006408, // share of the common minutiae that are paired
    0.0, // mean square of the misfit in place, in 100 square pixels
    0.0, // mean square of the misfit in direction, in 100 square steps
    0.0, // agreement of neighbouring pairs, for each pair
    7.0, // minutiae of the poorer template
    0.0, // stretch
];

/// The highest.
#[rustfmt::skip]
pub(super) const HIGHEST: [f32; COUNT] = [
    167.72426, // what the pairs say, in nats
    0.0, // what the missed say, in nats
    58.0, // pairs
    1.0, // share of the common minutiae that are paired
    1.9959303, // mean square of the misfit in place, in 100 square pixels
    3.3166666, // mean square of the misfit in direction, in 100 square steps
    14.196459, // agreement of neighbouring pairs, for each pair
    65.0, // minutiae of the poorer template
    0.24949719, // stretch
];
