//! Numbers as the stream carries them: an integer and the count of places that its point moves to the left.
//!
//! Standard: IAFIS-IC-0110, annex B (scaled parameters of DQT, SOF and DTT).
//! Start reading at [`number`].

/// The most places that are written; powers of ten up to this one are exact.
const PLACES_MAX: u8 = 20;

/// The number that an integer and its places stand for.
pub(crate) fn number(places: u8, integer: u32) -> f64 {
    f64::from(integer) / power_of_ten(places)
}

/// Places and integer that are nearest to a number from 0 up, with as many digits as fit below `limit`.
pub(crate) fn nearest(value: f64, limit: u32) -> (u8, u32) {
    let mut places = 0;
    while places < PLACES_MAX && value * power_of_ten(places + 1) < f64::from(limit) {
        places += 1;
    }
    let integer = (value * power_of_ten(places) + 0.5).min(f64::from(limit)) as u32;
    if integer == 0 { (0, 0) } else { (places, integer) }
}

fn power_of_ten(places: u8) -> f64 {
    (0..places).fold(1.0, |power, _| power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(number(2, 44), 0.44);
        assert_eq!(number(255, 0), 0.0);
        assert!(number(255, 1) > 0.0);
        assert_eq!(nearest(0.0, 65_535), (0, 0));
        assert_eq!(nearest(127.34, 65_535), (2, 12_734));
        assert_eq!(nearest(1e9, 65_535), (0, 65_535));
        for value in [1e-3, 0.37, 1.0, 65.535, 6_553.6, 65_534.0] {
            let (places, integer) = nearest(value, 65_535);
            assert!((number(places, integer) / value - 1.0).abs() < 1e-4, "{value}");
        }
    }
}
