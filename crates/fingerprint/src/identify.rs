//! One person against everybody in a gallery: exhaustive search.
//!
//! Invariant: the answer does not depend on the number of threads; equal scores stand in the order of the ids.
//! Not here: search in stages, for galleries of millions (`search`).
//! Start reading at [`identify`].

use crate::{Fused, Gallery, Person};

/// One answer of a search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<Id> {
    /// Who.
    pub id: Id,
    /// The joint evidence of the fingers.
    pub fused: Fused,
}

/// The `top` most alike persons of a gallery, most alike first, whether or not they reach the threshold
/// ([`Fused::is_hit`]). Every person with a comparable finger is compared. `threads` below 1 counts as 1.
#[must_use]
pub fn identify<Id>(gallery: &Gallery<Id>, probe: &Person, top: usize, threads: usize) -> Vec<Candidate<Id>>
where
    Id: Ord + Clone + Sync + Send,
{
    let persons: Vec<(&Id, &Person)> = gallery.persons().collect();
    let search = |part: &[(&Id, &Person)]| -> Vec<Candidate<Id>> {
        let compared = part.iter().map(|(id, person)| Candidate { id: (*id).clone(), fused: probe.compare(person) });
        best(compared.filter(|candidate| candidate.fused.fingers > 0).collect(), top)
    };
    let share = persons.len().div_ceil(threads.max(1)).max(1);
    if share >= persons.len() {
        return search(&persons);
    }
    let search = &search;
    let found = std::thread::scope(|scope| {
        let running: Vec<_> = persons.chunks(share).map(|part| scope.spawn(move || search(part))).collect();
        running
            .into_iter()
            .flat_map(|thread| match thread.join() {
                Ok(found) => found,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    best(found, top)
}

fn best<Id: Ord>(mut candidates: Vec<Candidate<Id>>, top: usize) -> Vec<Candidate<Id>> {
    candidates.sort_by(|a, b| b.fused.score.total_cmp(&a.fused.score).then_with(|| a.id.cmp(&b.id)));
    candidates.truncate(top);
    candidates
}
