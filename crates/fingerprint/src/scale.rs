//! Scale data: templates of fingers of nobody, made without images, to fill galleries of millions.
//!
//! A finger is a flow of ridges and minutiae along it; an impression shows a part of it, turned, shifted, stretched, with minutiae
//! lost, invented and displaced. The constants are fitted so that mated and non-mated scores are spread as those of real
//! prints (`examples/scale.rs` prints both); `docs/fingerprint.md` says by how much they are not.
//!
//! Method: the flow after Sherlock and Monro (Pattern Recognition 26, 1993), zeros at cores and poles at deltas; everything
//! else is our own.
//! Invariant: the same seed gives the same templates on every machine; no function of the platform's mathematics is called.
//! Not here: images of prints (crate `sample`). A figure that rests on scale data says so.
//! Start reading at [`Finger::new`].

mod draw;
mod finger;
mod flow;
mod impression;

pub use finger::Finger;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compare, thresholds};

    #[test]
    fn a_seed_gives_the_same_templates_on_every_machine() {
        let bytes = |seed: u64| Finger::new(seed).impression(0).to_bytes();
        let checksum = |seed: u64| {
            let bytes = bytes(seed);
            u32::from_be_bytes(std::array::from_fn(|at| bytes[bytes.len() - 4 + at]))
        };
        assert_eq!([0, 1, u64::MAX].map(checksum), [1_050_918_610, 3_731_952_639, 3_777_760_942]);
    }

    #[test]
    fn impressions_of_a_finger_are_alike_and_of_two_are_not() {
        let score = |a: u64, b: u64| compare(&Finger::new(a).impression(0), &Finger::new(b).impression(1));
        let mated = (0..40).filter(|&seed| score(seed, seed) >= thresholds::ONE_FINGER).count();
        let other = (0..40).filter(|&seed| score(seed, seed + 1) >= thresholds::ONE_FINGER).count();
        assert!(mated >= 30, "{mated}");
        assert_eq!(other, 0);
    }
}
