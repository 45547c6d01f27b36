//! Deduplication by fingerprints: a person's fingers against everybody's.
//!
//! Invariant: the answer does not depend on the order of enrolment; ties are broken by id.
//! Invariant: a person's own earlier prints are no hit.
//! Not here: templates at rest (`services` seals them), and what officers make of a hit.
//! Start reading at [`Register`].

use fingerprint::{FingerPosition, Gallery, Person, Template, identify, thresholds};
use ids::PersonId;

/// The most hits that one search reports.
const HITS_MAX: usize = 20;

/// A person's fingers.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// Who.
    pub person: PersonId,
    /// The captured fingers.
    pub fingers: Vec<(FingerPosition, Template)>,
}

/// Somebody whose fingers are alike beyond the threshold.
#[derive(Clone, PartialEq, Debug)]
pub struct Hit {
    /// Who.
    pub person: PersonId,
    /// The fused evidence in nats.
    pub score: f64,
    /// How many fingers were compared.
    pub fingers: usize,
}

/// The evidence, in nats, from which a pair of persons is a question for officers. Fixed; see `fingerprint::thresholds`.
#[must_use]
pub fn threshold() -> f64 {
    f64::from(thresholds::PERSON)
}

/// Everybody enrolled, ready to be searched exhaustively.
#[derive(Default)]
pub struct Register {
    gallery: Gallery<PersonId>,
}

fn person(enrolled: &Enrolled) -> Person {
    Person::new(enrolled.fingers.iter().map(|(position, template)| (Some(*position), template)))
}

impl Register {
    /// Adds a person's fingers.
    pub fn enrol(&mut self, enrolled: &Enrolled) {
        self.gallery.enrol(enrolled.person, person(enrolled));
    }

    /// How many persons are enrolled.
    #[must_use]
    pub fn persons(&self) -> usize {
        self.gallery.len()
    }

    /// Everybody else whose fingers are alike beyond the threshold, most alike first.
    #[must_use]
    pub fn search(&self, probe: &Enrolled, threads: usize) -> Vec<Hit> {
        identify(&self.gallery, &person(probe), HITS_MAX + 1, threads)
            .into_iter()
            .filter(|candidate| candidate.id != probe.person && candidate.fused.is_hit())
            .take(HITS_MAX)
            .map(|candidate| Hit {
                person: candidate.id,
                score: f64::from(candidate.fused.score),
                fingers: candidate.fused.fingers,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fingerprint::{Kind, Minutia};
    use ids::Uuid;

    /// A finger of somebody made up: 40 minutiae scattered by a small generator.
    fn finger(seed: u64) -> Template {
        let mut state = seed;
        let mut draw = |limit: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % limit
        };
        let minutiae = (0..40)
            .map(|_| Minutia {
                x: 20 + draw(260) as u16,
                y: 20 + draw(360) as u16,
                angle: draw(256) as u8,
                quality: 60,
                kind: Kind::Ending,
            })
            .collect();
        Template::new(300, 400, 80, minutiae)
    }

    fn somebody(id: u8, fingers: &[u64]) -> Enrolled {
        let fingers = fingers
            .iter()
            .enumerate()
            .filter_map(|(at, seed)| Some((FingerPosition::new(at as u8 + 1).ok()?, finger(*seed))));
        Enrolled { person: PersonId(Uuid([id; 16])), fingers: fingers.collect() }
    }

    #[test]
    fn the_same_fingers_under_another_name_are_a_hit_and_strangers_are_none() {
        let mut register = Register::default();
        for id in 1..=20u8 {
            let seeds: Vec<u64> = (0..4).map(|finger| u64::from(id) * 100 + finger).collect();
            register.enrol(&somebody(id, &seeds));
        }
        let again = somebody(99, &[300, 301, 302, 303]);
        let hits = register.search(&again, 2);
        assert_eq!(hits.iter().map(|hit| hit.person).collect::<Vec<_>>(), [PersonId(Uuid([3; 16]))]);
        assert!(hits[0].score >= threshold() && hits[0].fingers == 4);
        assert_eq!(hits, register.search(&again, 1));
        assert_eq!(register.search(&somebody(98, &[9001, 9002, 9003, 9004]), 2), []);
        assert_eq!(register.search(&somebody(3, &[300, 301, 302, 303]), 2), [], "the own prints are no hit");
    }
}
