//! Search of a nation in stages: index, ranking score, decision score, fusion.
//!
//! What is kept of each print is its [`Form`] and, in the [`Index`], where the codes of its minutiae are found. A [`Probe`] looks where its own
//! codes, and the likeliest changes of them, may lie; prints on which finds agree are ranked; [`People`] are compared.
//! Invariant: whole numbers until the decision; the answer is the same on every machine, with and without vector instructions.
//! Not here: the decision score (`compare`), and where forms are kept.
//! Start reading at [`People::search`], then [`Index::search`].

mod bytes;
mod code;
mod form;
mod index;
mod people;
mod place;
mod print;
mod probe;
mod rank;
mod segment;
mod simd;
mod surroundings;

pub use bytes::Unreadable;
pub use form::Form;
pub use index::{Index, Ranked};
pub use people::{Forms, People, Searched};
pub use probe::Probe;
pub use simd::Simd;

/// The ranking score of two prints in thousandths of a nat, about, from their search forms alone; see `rank`.
#[must_use]
pub fn rank(simd: Simd, a: &Form, b: &Form) -> i32 {
    rank::rank(simd, &print::Print::new(simd, &a.0), &print::Print::new(simd, &b.0))
}

/// For training: the numbers of the surroundings of each coded minutia.
#[doc(hidden)]
#[must_use]
pub fn surroundings_of(form: &Form) -> Vec<([u16; 2], Vec<f32>)> {
    let shares = surroundings::shares();
    let minutiae = print::SideBySide::new(&form.0);
    let one = |middle: usize| {
        let (mut numbers, mut spots) = (vec![0.0; surroundings::count()], [0; print::ROOM]);
        let count = surroundings::spots(&minutiae, middle, &mut spots);
        for spot in &spots[..count] {
            shares[usize::from(*spot)].iter().for_each(|(number, share)| numbers[*number] += share);
        }
        ([minutiae.x[middle] as u16, minutiae.y[middle] as u16], numbers)
    };
    (0..minutiae.count).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::Finger;

    fn form(seed: u64, impression: u64) -> Form {
        Form::new(&Finger::new(seed).impression(impression))
    }

    #[test]
    fn ranking_scores_are_the_same_with_and_without_vector_instructions() {
        let scores = |simd: Simd| -> Vec<i32> {
            (0..40)
                .flat_map(|seed| {
                    [rank(simd, &form(seed, 0), &form(seed, 1)), rank(simd, &form(seed, 0), &form(seed + 1, 0))]
                })
                .collect()
        };
        let off = scores(Simd::Off);
        for simd in [Simd::Sse4, Simd::Avx2] {
            assert_eq!(scores(simd), off, "{simd:?}");
        }
        assert_eq!(off[..6], [12_389, 2_833, 25_178, 908, 24_200, 678], "as on every other machine");
    }

    #[test]
    fn mates_rank_above_others() {
        let simd = Simd::best();
        let above = (0..50).filter(|&seed| {
            let own = rank(simd, &form(seed, 0), &form(seed, 1));
            (0..50).filter(|other| *other != seed).all(|other| rank(simd, &form(seed, 0), &form(other, 1)) < own)
        });
        assert!(above.count() >= 42);
    }

    #[test]
    fn few_minutiae_rank_nobody() {
        let empty = Form::new(&crate::Template::new(500, 500, 0, Vec::new()));
        assert_eq!(rank(Simd::best(), &empty, &form(1, 0)), 0);
        assert_eq!(rank(Simd::best(), &empty, &empty), 0);
        let (one, other) = (form(1, 0), form(1, 1));
        assert_eq!(Probe::new(&one, Simd::best()).rank(&other), rank(Simd::best(), &one, &other));
        let mut index = Index::default();
        index.add(&[empty.clone(), form(1, 0)], Simd::best());
        assert_eq!(index.search(&Probe::new(&empty, Simd::best())), []);
    }
}
