//! Persons with several fingers, searched in stages: what [`crate::identify()`] finds, without comparing with everybody.
//!
//! The fingers that show most are searched, each in the index of its finger; the persons that their ranking scores speak for
//! in all are compared finger by finger, and fused, as an exhaustive search does with everybody.
//! Invariant: a candidate's score is the one that it has in an exhaustive search of the same search forms.
//! Invariant: missing fingers, on either side, speak neither way.
//! Start reading at [`People::search`].

use super::form::Form;
use super::index::Index;
use super::probe::Probe;
use super::simd::Simd;
use crate::{Candidate, FingerPosition, Person};
use std::collections::BTreeMap;

/// Fingers of a probe that are searched, those with the most minutiae first; the others only speak in the comparison.
const SEARCHED: usize = 4;
/// Prints of each finger's search that speak for their persons.
const SPEAKING: usize = 64;
/// Persons that are compared: of a probe of one finger, and of more.
const COMPARED_ONE: usize = 16;
const COMPARED: usize = 10;
/// The least that a finger must say, in thousandths of a nat, to speak for a person, and the most that is believed.
const SAYS_MIN: i32 = 0;
const SAYS_MAX: i32 = 25_000;
/// Where prints of an unknown finger are kept: behind those of the ten.
const UNKNOWN: usize = FingerPosition::COUNT;

/// The prints of one finger, and whose they are, in ascending order.
#[derive(Debug, Clone, Default)]
struct Finger {
    index: Index,
    owners: Vec<u32>,
}

/// The fingers of one person in their search form; none is a finger of unknown position.
pub type Forms = Vec<(Option<FingerPosition>, Form)>;

/// Persons, numbered as they were added, from 0.
#[derive(Debug, Clone, Default)]
pub struct People {
    fingers: [Finger; UNKNOWN + 1],
    count: u32,
}

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// The most alike persons, most alike first.
    pub candidates: Vec<Candidate<u32>>,
    /// Persons on some print of whom finds agree.
    pub voted: Vec<u32>,
    /// Persons for whom ranking scores speak.
    pub ranked: Vec<u32>,
}

impl People {
    /// Indexes persons.
    #[must_use]
    pub fn new(persons: &[Forms], simd: Simd) -> Self {
        let mut fingers: [(Vec<Form>, Vec<u32>); UNKNOWN + 1] = Default::default();
        for (number, forms) in persons.iter().enumerate() {
            for (position, form) in forms {
                let (prints, owners) = &mut fingers[slot(*position)];
                prints.push(form.clone());
                owners.push(number as u32);
            }
        }
        let fingers = fingers.map(|(prints, owners)| {
            let mut index = Index::default();
            index.add(&prints, simd);
            Finger { index, owners }
        });
        Self { fingers, count: persons.len() as u32 }
    }

    /// Takes over other persons, numbered after the own.
    pub fn append(&mut self, other: Self) {
        for (own, finger) in self.fingers.iter_mut().zip(other.fingers) {
            own.index.append(finger.index);
            own.owners.extend(finger.owners.into_iter().map(|owner| owner + self.count));
        }
        self.count += other.count;
    }

    /// How many persons there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many prints there are.
    #[must_use]
    pub fn prints(&self) -> usize {
        self.fingers.iter().map(|finger| finger.owners.len()).sum()
    }

    /// Bytes of memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.fingers.iter().map(|finger| finger.index.bytes() + 4 * finger.owners.len()).sum()
    }

    /// A person as the index knows them.
    #[must_use]
    pub fn person(&self, number: u32) -> Person {
        let mut templates = Vec::new();
        for (slot, finger) in self.fingers.iter().enumerate() {
            let from = finger.owners.partition_point(|owner| *owner < number);
            let own = finger.owners[from..].iter().take_while(|owner| **owner == number).enumerate();
            templates
                .extend(own.filter_map(|(at, _)| Some((position(slot), finger.index.template((from + at) as u32)?))));
        }
        Person::new(templates.iter().map(|(position, template)| (*position, template)))
    }

    /// The `top` most alike persons, most alike first, and what the stages came to.
    #[must_use]
    pub fn search(&self, forms: &Forms, top: usize, simd: Simd) -> Searched {
        let mut searched = Searched::default();
        let mut says: BTreeMap<u32, i32> = BTreeMap::new();
        let mut by_minutiae: Vec<_> = forms.iter().collect();
        by_minutiae.sort_by_key(|(position, form)| (std::cmp::Reverse(form.minutiae()), *position));
        for (position, form) in by_minutiae.into_iter().take(SEARCHED) {
            let probe = Probe::new(form, simd);
            let mut own: BTreeMap<u32, i32> = BTreeMap::new();
            for finger in self.compared_with(*position) {
                let ranked = finger.index.search(&probe);
                searched.voted.extend(ranked.iter().map(|one| finger.owners[one.print as usize]));
                for one in ranked.iter().take(SPEAKING).filter(|one| one.score > SAYS_MIN) {
                    let best = own.entry(finger.owners[one.print as usize]).or_default();
                    *best = one.score.min(SAYS_MAX).max(*best);
                }
            }
            own.into_iter().for_each(|(person, score)| *says.entry(person).or_default() += score);
        }
        let mut best: Vec<(u32, i32)> = says.into_iter().collect();
        best.sort_by_key(|(person, score)| (std::cmp::Reverse(*score), *person));
        best.truncate(if forms.len() > 1 { COMPARED } else { COMPARED_ONE }.max(top));
        searched.ranked = best.into_iter().map(|(person, _)| person).collect();
        let templates: Vec<_> = forms.iter().map(|(position, form)| (*position, form.template())).collect();
        let probe = Person::new(templates.iter().map(|(position, template)| (*position, template)));
        let compared = searched.ranked.iter().map(|&id| Candidate { id, fused: probe.compare(&self.person(id)) });
        searched.candidates = compared.filter(|candidate| candidate.fused.fingers > 0).collect();
        searched.candidates.sort_by(|a, b| b.fused.score.total_cmp(&a.fused.score).then_with(|| a.id.cmp(&b.id)));
        searched.candidates.truncate(top);
        searched
    }

    /// The fingers that one of this position is compared with.
    fn compared_with(&self, position: Option<FingerPosition>) -> impl Iterator<Item = &Finger> {
        let of = position.map(|position| slot(Some(position)));
        let all = self.fingers.iter().enumerate();
        all.filter(move |(slot, finger)| {
            (of.is_none() || of == Some(*slot) || *slot == UNKNOWN) && !finger.owners.is_empty()
        })
        .map(|(_, finger)| finger)
    }
}

fn slot(position: Option<FingerPosition>) -> usize {
    position.map_or(UNKNOWN, |position| usize::from(position.number()) - 1)
}

fn position(slot: usize) -> Option<FingerPosition> {
    FingerPosition::new(slot as u8 + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale;
    use crate::{Gallery, identify};

    fn forms(seed: u64, fingers: &[u8], capture: u64) -> Forms {
        let one = |finger: &u8| {
            let print = scale::Finger::new(seed * 10 + u64::from(*finger)).impression(capture);
            (FingerPosition::new(*finger).ok(), Form::new(&print))
        };
        fingers.iter().map(one).collect()
    }

    fn person(forms: &Forms) -> Person {
        let templates: Vec<_> = forms.iter().map(|(position, form)| (*position, form.template())).collect();
        Person::new(templates.iter().map(|(position, template)| (*position, template)))
    }

    #[test]
    fn stages_find_whom_an_exhaustive_search_finds_with_the_same_score() {
        let simd = Simd::best();
        let all: Vec<Forms> = (0..300).map(|seed| forms(seed, &[1, 2, 3], 0)).collect();
        let mut people = People::new(&all[..100], simd);
        people.append(People::new(&all[100..], simd));
        let mut gallery = Gallery::new();
        all.iter().enumerate().for_each(|(number, forms)| gallery.enrol(number as u32, person(forms)));
        assert_eq!((people.len(), people.prints()), (300, 900));
        let (mut hits, mut found) = (0, 0);
        for seed in (0..300).step_by(23) {
            // The thumb is bandaged, the fourth finger was never enrolled, and one finger's position is not known.
            let mut probe = forms(seed, &[2, 3, 4], 1);
            probe[0].0 = None;
            let exhaustive = identify(&gallery, &person(&probe), 1, 1);
            let staged = people.search(&probe, 1, simd).candidates;
            if exhaustive[0].fused.is_hit() {
                hits += 1;
                found += usize::from(staged == exhaustive);
            }
        }
        assert!(hits >= 6, "{hits}");
        assert_eq!(found, hits);
        assert!(
            people.search(&forms(7, &[9], 0), 5, simd).candidates.is_empty(),
            "nobody's left ring finger is enrolled"
        );
    }
}
