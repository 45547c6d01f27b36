//! Elementary functions made of additions, multiplications and square roots only.
//!
//! The functions of the standard library call the platform's mathematics library, whose last bits differ between
//! machines; these give the same bits wherever `f32` is IEEE 754, so scores can be compared across machines.
//! Invariant: no function here calls another one of the platform.
//! `wsq` has a logarithm and a power of its own, in `f64` and to its last digits, as bins need them. No crate can lie below that one, which
//! is on the lowest floor; and the scores were learnt on the very bits of these, so that neither could take the other's place.
//! Start reading at [`sine`].

/// A quarter of a turn is one quarter here: angles are fractions of a whole turn.
const TURN: f32 = core::f32::consts::TAU;

/// Sine of an angle in turns. The error is below 2e-6.
pub(crate) fn sine(turns: f32) -> f32 {
    // Into -0.5 ..= 0.5, then folded into -0.25 ..= 0.25 where the series converges quickly.
    let mut part = turns - turns.floor();
    if part > 0.5 {
        part -= 1.0;
    }
    if part > 0.25 {
        part = 0.5 - part;
    } else if part < -0.25 {
        part = -0.5 - part;
    }
    let x = part * TURN;
    let square = x * x;
    x * (1.0
        - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0 * (1.0 - square / 110.0)))))
}

/// Cosine of an angle in turns. The error is below 2e-6.
pub(crate) fn cosine(turns: f32) -> f32 {
    sine(turns + 0.25)
}

/// The angle of the vector (`x`, `y`) in turns, 0 up to but not including 1. The error is below 2e-6; (0, 0) gives 0.
pub(crate) fn angle(y: f32, x: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let (low, high) = if ax < ay { (ax, ay) } else { (ay, ax) };
    if high == 0.0 {
        return 0.0;
    }
    // atan(t) for t up to tan(22.5 degrees) by its series; above, by the half-angle step atan(t) = 1/8 turn + atan(...).
    let ratio = low / high;
    let (t, base) = if ratio > 0.414_213_57 { ((ratio - 1.0) / (ratio + 1.0), 0.125) } else { (ratio, 0.0) };
    let square = t * t;
    let series = 1.0
        - square
            * (1.0 / 3.0
                - square * (0.2 - square * (1.0 / 7.0 - square * (1.0 / 9.0 - square * (1.0 / 11.0 - square / 13.0)))));
    let mut turns = base + t * series / TURN;
    if ax < ay {
        turns = 0.25 - turns;
    }
    if x < 0.0 {
        turns = 0.5 - turns;
    }
    if y < 0.0 {
        turns = 1.0 - turns;
    }
    if turns >= 1.0 { 0.0 } else { turns }
}

/// `e` to the power of `x`, for `x` at most 0; below -40 the answer is 0. The relative error is below 1e-5.
pub(crate) fn exponential(x: f32) -> f32 {
    if x < -40.0 {
        return 0.0;
    }
    // x / 64 lies in -0.625 ..= 0, where six terms suffice; six squarings undo the division.
    let part = x / 64.0;
    let mut value = 1.0
        + part * (1.0 + part / 2.0 * (1.0 + part / 3.0 * (1.0 + part / 4.0 * (1.0 + part / 5.0 * (1.0 + part / 6.0)))));
    for _ in 0..6 {
        value *= value;
    }
    value
}

/// Natural logarithm of a positive number, by splitting off the power of two. The error is below 1e-4.
pub(crate) fn logarithm(x: f32) -> f32 {
    let bits = x.max(1e-30).to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let mantissa = f32::from_bits(bits & 0x007F_FFFF | 0x3F80_0000);
    // ln((1+t)/(1-t)) = 2 (t + t³/3 + t⁵/5 + …) with t up to 1/3.
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = t * (2.0 + square * (2.0 / 3.0 + square * (2.0 / 5.0 + square * 2.0 / 7.0)));
    exponent as f32 * core::f32::consts::LN_2 + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_agree_with_the_platform() {
        for step in -400..400 {
            let turns = step as f32 / 150.0;
            assert!((sine(turns) - (turns * TURN).sin()).abs() < 2e-5, "sine {turns}");
            assert!((cosine(turns) - (turns * TURN).cos()).abs() < 2e-5, "cosine {turns}");
            let (s, c) = (turns * TURN).sin_cos();
            let back = angle(s, c);
            let difference = (back - turns).rem_euclid(1.0);
            assert!(difference.min(1.0 - difference) < 1e-5, "angle {turns} {back}");
            let x = -turns.abs() * 6.0;
            let positive = turns.abs() * 40.0 + 1e-3;
            assert!((logarithm(positive) - positive.ln()).abs() < 1e-4, "logarithm {positive}");
            assert!((exponential(x) - x.exp()).abs() <= 3e-5 * x.exp() + 1e-12, "exponential {x}");
        }
    }
}
