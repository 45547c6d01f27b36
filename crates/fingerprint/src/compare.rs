//! One template with another: a score that is higher the more alike they are.
//!
//! The steps, one file each: every minutia's surroundings as a string of bits (`cylinder`), and how alike they are (`couple`);
//! the rigid poses on which many minutiae agree (`pose`); all minutiae paired under each pose, which is bettered to a map that
//! may stretch a little (`pairing`, `warp`); what pairs found and pairs missed say, as a handful of numbers (`evidence`); these as
//! one log-likelihood ratio (`score`) whose slopes are learnt (`weights`).
//!
//! Method: cylinder codes after Cappelli, Ferrara and Maltoni (PAMI 32, 2010) with a coarser grid; the code and
//! everything after the codes is our own.
//! Invariant: the score does not depend on the order of the two templates.
//! Invariant: time is bounded: at most [`MINUTIAE_MAX`] minutiae a side, a fixed number of candidates and poses.
//! Start reading at [`compare`].

mod couple;
mod cylinder;
mod evidence;
mod hull;
mod pairing;
mod pose;
mod prepared;
mod score;
mod warp;
mod weights;

use crate::{Minutia, Template};
pub use prepared::Prepared;
use std::cmp::Reverse;

/// The most minutiae of a template that take part in a comparison, the best first.
pub(crate) const MINUTIAE_MAX: usize = 100;

/// By this the minutiae are sorted whoever made the template: best first, then by place.
pub(crate) fn best_first(minutia: &Minutia) -> (Reverse<u8>, u16, u16, u8) {
    (Reverse(minutia.quality), minutia.y, minutia.x, minutia.angle)
}
/// The fewest minutiae with which a comparison is tried.
const MINUTIAE_MIN: usize = 3;
/// The score of two templates that cannot be laid on each other in any way.
pub(crate) const NOTHING: f32 = -20.0;

/// How alike two impressions are: about the natural logarithm of how much more likely the evidence is from one finger
/// than from two, never below -20. See [`crate::thresholds`] for what to make of it.
#[must_use]
pub fn compare(a: &Template, b: &Template) -> f32 {
    Prepared::new(a).compare(&Prepared::new(b))
}

/// The places, in the one template and the other, of the minutiae that [`compare`] laid on each other: what a person who
/// looks at both prints wants to see.
#[must_use]
pub fn matched(a: &Template, b: &Template) -> Vec<([u16; 2], [u16; 2])> {
    let (first, second) = (Prepared::new(a), Prepared::new(b));
    let swapped = !first.precedes(&second);
    let (first, second) = if swapped { (second, first) } else { (first, second) };
    let place = |point: &prepared::Point| [point.x as u16, point.y as u16];
    let pairs = best(&first, &second).1;
    let places = pairs.iter().map(|pair| (place(&first.points[pair.a]), place(&second.points[pair.b])));
    places.map(|(a, b)| if swapped { (b, a) } else { (a, b) }).collect()
}

/// The best score, and the pairs that it was given for.
fn best(a: &Prepared, b: &Prepared) -> (f32, Vec<pairing::Pair>) {
    let mut best = (NOTHING, Vec::new());
    for (evidence, pairs) in tried(a, b) {
        let score = score::score(&evidence);
        if score > best.0 {
            best = (score, pairs);
        }
    }
    best
}

/// What each pose says that is tried to the end, and the pairs under it.
fn tried(a: &Prepared, b: &Prepared) -> Vec<(evidence::Evidence, Vec<pairing::Pair>)> {
    if a.points.len() < MINUTIAE_MIN || b.points.len() < MINUTIAE_MIN {
        return Vec::new();
    }
    let couple = couple::Couple::of(a, b);
    let one = |pose: pose::Pose| {
        let (pairs, warp) = pairing::pair(&couple, &pose);
        (evidence::Evidence::of(&couple, &pairs, &warp), pairs)
    };
    pose::poses(&couple).into_iter().map(one).collect()
}

/// What the numbers of [`Prepared::evidence`] are.
#[doc(hidden)]
pub const EVIDENCE: [&str; evidence::COUNT] = evidence::NAMES;

impl Prepared {
    /// The numbers that the score of each pose that was tried is made of; for training.
    #[doc(hidden)]
    #[must_use]
    pub fn evidence(&self, other: &Self) -> Vec<Vec<f32>> {
        let (a, b) = if self.precedes(other) { (self, other) } else { (other, self) };
        tried(a, b).into_iter().map(|(evidence, _)| evidence.0.to_vec()).collect()
    }

    /// As [`compare`], for templates prepared once and compared often.
    #[must_use]
    pub fn compare(&self, other: &Self) -> f32 {
        // One order for both ways of calling, so that ties cannot fall differently.
        let (a, b) = if self.precedes(other) { (self, other) } else { (other, self) };
        best(a, b).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths::{cosine, sine};
    use crate::{Kind, Minutia, thresholds};
    use proptest::prelude::*;

    fn templates() -> impl Strategy<Value = Template> {
        let minutiae = (100..400u16, 100..400u16, any::<u8>(), 1..=100u8).prop_map(|(x, y, angle, quality)| Minutia {
            x,
            y,
            angle,
            quality,
            kind: Kind::Ending,
        });
        prop::collection::vec(minutiae, 0..50).prop_map(|minutiae| Template::new(500, 500, 80, minutiae))
    }

    /// The template turned by `steps` of 1/256 turn about the middle of the image.
    fn turned(template: &Template, steps: i8) -> Template {
        let turns = f32::from(steps) / 256.0;
        let (s, c) = (sine(turns), cosine(turns));
        let minutiae = template.minutiae().iter().map(|m| {
            let (x, y) = (f32::from(m.x) - 250.0, f32::from(m.y) - 250.0);
            let (x, y) = (x * c + y * s + 250.5, y * c - x * s + 250.5);
            Minutia { x: x as u16, y: y as u16, angle: m.angle.wrapping_add_signed(steps), ..*m }
        });
        Template::new(500, 500, template.quality(), minutiae.collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_order_of_the_two_does_not_matter(a in templates(), b in templates()) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a));
        }

        #[test]
        fn a_turned_print_is_the_same_print(template in templates(), steps in -40..40i8) {
            prop_assume!(template.minutiae().len() >= 20);
            let score = compare(&template, &turned(&template, steps));
            prop_assert!(score > thresholds::ONE_FINGER, "{score}");
        }

        #[test]
        fn random_minutiae_do_not_match(a in templates(), b in templates()) {
            let score = compare(&a, &b);
            prop_assert!(score < thresholds::ONE_FINGER, "{score}");
        }
    }

    #[test]
    fn matched_minutiae_are_named_where_each_template_has_them() {
        let at = |at: u16| Minutia {
            x: 100 + at * 37 % 300,
            y: 100 + at * 91 % 290,
            angle: (at * 53) as u8,
            quality: 60,
            kind: Kind::Ending,
        };
        let template = Template::new(500, 500, 80, (0..40).map(at).collect());
        let shifted = template.minutiae().iter().map(|m| Minutia { x: m.x + 30, y: m.y + 20, ..*m });
        let shifted = Template::new(500, 500, 80, shifted.collect());
        let pairs = matched(&template, &shifted);
        assert!(pairs.len() >= 30, "{}", pairs.len());
        assert!(pairs.iter().all(|(a, b)| (a[0] + 30, a[1] + 20) == (b[0], b[1])));
        let turned_round: Vec<_> = matched(&shifted, &template).into_iter().map(|(b, a)| (a, b)).collect();
        assert_eq!(turned_round, pairs);
    }

    #[test]
    fn too_few_minutiae_are_nothing() {
        let empty = Template::new(500, 500, 0, Vec::new());
        assert_eq!(compare(&empty, &empty), NOTHING);
    }
}
