//! Deduplication by fingerprints: what the answer of a search means.
//!
//! Invariant: a person's own earlier prints are no hit, and nobody is a hit twice.
//! Not here: the search itself (`fingerprint`), the gallery that is searched, and what officers make of a hit.
//! Start reading at [`hits`].

use fingerprint::{Candidate, thresholds};
use ids::PersonId;
use std::collections::BTreeSet;

/// The most hits that one search reports.
pub const HITS_MAX: usize = 20;

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

/// Everybody else whose fingers are alike beyond the threshold, most alike first, from candidates in any order. A person of whom several
/// captures were found has the score of the most alike.
#[must_use]
pub fn hits(own: PersonId, candidates: impl IntoIterator<Item = Candidate<PersonId>>) -> Vec<Hit> {
    let other = candidates.into_iter().filter(|candidate| candidate.id != own && candidate.fused.is_hit());
    let mut hits: Vec<Hit> = other
        .map(|candidate| Hit {
            person: candidate.id,
            score: f64::from(candidate.fused.score),
            fingers: candidate.fused.fingers,
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.person.cmp(&b.person)));
    let mut seen = BTreeSet::new();
    hits.retain(|hit| seen.insert(hit.person));
    hits.truncate(HITS_MAX);
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use fingerprint::Fused;
    use ids::Uuid;

    fn somebody(id: u8) -> PersonId {
        PersonId(Uuid([id; 16]))
    }

    #[test]
    fn others_beyond_the_threshold_are_hits_once_and_the_most_alike_first() {
        let enough = thresholds::PERSON;
        let found = [(1, 90.0), (2, enough), (3, enough - 0.1), (4, 40.0), (2, 50.0), (4, 30.0)];
        let candidates =
            found.map(|(id, score)| Candidate { id: somebody(id), fused: Fused { score, fingers: usize::from(id) } });
        let hits = hits(somebody(1), candidates);
        let people: Vec<_> = hits.iter().map(|hit| (hit.person, hit.score)).collect();
        assert_eq!(people, [(somebody(2), 50.0), (somebody(4), 40.0)]);
        assert!((threshold() - f64::from(enough)).abs() < f64::EPSILON);
    }

    #[test]
    fn no_more_hits_than_officers_can_look_at() {
        let candidates = (1..=60)
            .map(|id| Candidate { id: somebody(id), fused: Fused { score: f32::from(id) + 100.0, fingers: 2 } });
        let hits = hits(somebody(0), candidates);
        assert_eq!((hits.len(), hits[0].person), (HITS_MAX, somebody(60)));
    }
}
