//! Arithmetic that gives the same bits on every machine: no library function decides an order.

/// Weights are whole numbers of this many parts of a bit.
pub(crate) const PARTS: f64 = 256.0;

/// The logarithm to base two, by arithmetic that IEEE 754 defines exactly. `value` is finite and above zero.
pub(crate) fn log2(value: f64) -> f64 {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    // ln m = 2 artanh((m − 1)/(m + 1)), with m drawn near one.
    let (mantissa, exponent) = if mantissa > 1.414 { (mantissa / 2.0, exponent + 1) } else { (mantissa, exponent) };
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let mut sum = 0.0;
    let mut term = ratio;
    let mut odd = 1.0;
    for _ in 0..12 {
        sum += term / odd;
        term *= square;
        odd += 2.0;
    }
    exponent as f64 + sum * 2.0 * std::f64::consts::LOG2_E
}

/// Two to a power, −1,000 to 1,000.
pub(crate) fn exp2(power: f64) -> f64 {
    let power = power.clamp(-1_000.0, 1_000.0);
    let whole = power as i64 - i64::from(power < 0.0);
    let x = (power - whole as f64) * std::f64::consts::LN_2;
    let mut sum = 1.0;
    let mut term = 1.0;
    for n in 1..18 {
        term *= x / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((whole + 1023) as u64) << 52)
}

/// A probability as a weight: its odds in [`PARTS`] of a bit.
pub(crate) fn weight(probability: f64) -> i32 {
    let p = probability.clamp(1e-15, 1.0 - 1e-15);
    (log2(p / (1.0 - p)) * PARTS) as i32
}

/// Mixes 64 bits (the finaliser of MurmurHash3, Appleby 2011, with other constants of Steele's SplitMix64).
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number of bytes, the same on every machine.
pub(crate) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut value = seed ^ (bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for chunk in chunks {
        value = mix(value ^ u64::from_le_bytes(*chunk)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(value ^ u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_agree_with_the_platform() {
        for n in 1..2_000 {
            let value = f64::from(n) * 1.7e-5;
            assert!((log2(value) - value.log2()).abs() < 1e-9, "{value}");
            let power = f64::from(n) / 13.0 - 77.0;
            assert!((exp2(power) / power.exp2() - 1.0).abs() < 1e-9, "{power}");
        }
        assert_eq!((weight(0.5), weight(0.8)), (0, 512));
    }
}
