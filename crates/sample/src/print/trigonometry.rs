//! Sine, cosine and angle of a turn, the same bits on every machine.
//!
//! The platform's functions may differ in their last bits, and a growing print would grow that difference.
//! Start reading at [`sine`].

use core::f32::consts::TAU;

/// Sine of an angle in turns. The error is below 2e-5.
pub(crate) fn sine(turns: f32) -> f32 {
    let mut part = turns - turns.floor();
    if part > 0.5 {
        part -= 1.0;
    }
    part = if part > 0.25 { 0.5 - part } else { part.max(-0.5 - part) };
    let (x, square) = (part * TAU, part * part * TAU * TAU);
    x * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0))))
}

/// Cosine of an angle in turns.
pub(crate) fn cosine(turns: f32) -> f32 {
    sine(turns + 0.25)
}

/// The angle of the vector (`x`, `y`) in turns, -0.5 to 0.5. The error is below 1e-4.
pub(super) fn angle(y: f32, x: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let t = ax.min(ay) / ax.max(ay).max(1e-9);
    // A minimax polynomial of atan on 0 to 1.
    let square = t * t;
    let atan = t
        * (0.999_977
            + square
                * (-0.332_623
                    + square * (0.193_543 + square * (-0.116_432 + square * (0.052_653 - square * 0.011_721)))));
    let mut turns = atan / TAU;
    if ay > ax {
        turns = 0.25 - turns;
    }
    if x < 0.0 {
        turns = 0.5 - turns;
    }
    if y < 0.0 { -turns } else { turns }
}

/// A bell of height 1: `1 / (1 + x²/4)⁴`, close to `exp(-x²)` and without a platform's exponential.
pub(super) fn bell(square: f32) -> f32 {
    let base = 1.0 + square / 4.0;
    let twice = base * base;
    1.0 / (twice * twice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_agree_with_the_platform() {
        for step in -300..300 {
            let turns = step as f32 / 200.0;
            let (s, c) = (turns * TAU).sin_cos();
            assert!((sine(turns) - s).abs() < 5e-5 && (cosine(turns) - c).abs() < 5e-5);
            let difference = (angle(s, c) - turns).rem_euclid(1.0);
            assert!(difference.min(1.0 - difference) < 1e-4, "{turns}");
        }
    }
}
