//! Logarithm and power, made of additions, multiplications and divisions only.
//!
//! The bins of an image follow from logarithms; those of the platform differ between machines in their last bits, and a
//! bin that differs is another file.
//! Invariant: no function here calls one of the platform.

use core::f64::consts::{LN_2, SQRT_2};

/// Natural logarithm of a positive number that is not subnormal. The relative error is below 1e-14.
pub(crate) fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7FF) as i64 - 1023;
    // The mantissa as a number from 1 to 2, then from 0.71 to 1.41 where the series converges quickly.
    let mut part = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 1023 << 52);
    if part > SQRT_2 {
        part /= 2.0;
        exponent += 1;
    }
    // ln(part) = 2 artanh((part - 1) / (part + 1))
    let ratio = (part - 1.0) / (part + 1.0);
    let square = ratio * ratio;
    let mut sum = 0.0;
    for term in (0..12).rev() {
        sum = sum * square + 1.0 / f64::from(2 * term + 1);
    }
    exponent as f64 * LN_2 + 2.0 * ratio * sum
}

/// `e` to the power of `x`, for `x` from -700 to 700 (clamped there). The relative error is below 1e-13.
pub(crate) fn exponential(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let halves = (x / LN_2).round();
    let part = x - halves * LN_2;
    let mut sum = 1.0;
    for term in (1..20).rev() {
        sum = sum * part / f64::from(term) + 1.0;
    }
    // 2 to the power of a whole number, by its bits.
    sum * f64::from_bits(((halves as i64 + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_agree_with_the_platform() {
        for step in 1..20_000 {
            let x = f64::from(step) * f64::from(step) / 999.0;
            assert!((logarithm(x) - x.ln()).abs() <= 1e-14 * x.ln().abs().max(1.0), "logarithm {x}");
            let y = f64::from(step - 10_000) / 20.0;
            assert!((exponential(y) / y.exp() - 1.0).abs() < 1e-12, "exponential {y}");
        }
        assert!(exponential(1e9).is_finite() && exponential(-1e9) > 0.0);
    }
}
