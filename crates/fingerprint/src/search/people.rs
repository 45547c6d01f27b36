//! Persons with several fingers, searched in stages: what [`crate::identify()`] finds, without comparing with everybody.
//!
//! The fingers that show most are searched, each in the index of its finger; the persons that their ranking scores speak for
//! in all are compared finger by finger, and fused, as an exhaustive search does with everybody.
//! Invariant: a candidate's score is the one that it has in an exhaustive search of the same search forms.
//! Where nobody is a hit, the hands may have been exchanged when the prints were taken, or the two fingers where there are no
//! others: so they are searched once more. Among more fingers, those that were not exchanged lead to the person.
//! Invariant: missing fingers, on either side, speak neither way.
//! Start reading at [`People::search`].

use super::bytes::{self, MAGIC, Reader, Unreadable, VERSION};
use super::form::Form;
use super::index::Index;
use super::probe::Probe;
use super::simd::Simd;
use crate::{Candidate, FingerPosition, Person};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fingers of a probe that are searched, those with the most minutiae first; the others only speak in the comparison.
const SEARCHED: usize = 4;
/// Fingers that are searched once more, exchanged, where nobody was a hit.
const SEARCHED_EXCHANGED: usize = 2;
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

/// The prints of one finger, and whose they are.
#[derive(Debug, Clone, Default)]
struct Finger {
    index: Index,
    owners: Vec<Owners>,
}

/// Whose the prints are that were added together, in ascending order of persons; shared between copies.
#[derive(Debug, Clone)]
struct Owners {
    /// The number of the first print, and of the first person.
    first: u32,
    person: u32,
    /// By print: the person, counted from the first.
    all: Arc<[u32]>,
}

impl Finger {
    fn new(prints: &[Form], owners: Vec<u32>, simd: Simd) -> Self {
        let mut index = Index::default();
        index.add(prints, simd);
        let owners =
            if owners.is_empty() { Vec::new() } else { vec![Owners { first: 0, person: 0, all: owners.into() }] };
        Self { index, owners }
    }

    fn prints(&self) -> u32 {
        self.owners.last().map_or(0, |last| last.first + last.all.len() as u32)
    }

    /// Whose a print is.
    fn owner(&self, print: u32) -> Option<u32> {
        let at = self.owners.partition_point(|owners| owners.first <= print).checked_sub(1)?;
        let owners = &self.owners[at];
        Some(owners.person + owners.all.get((print - owners.first) as usize)?)
    }

    /// The prints of a person.
    fn of(&self, person: u32) -> impl Iterator<Item = Form> {
        let at = self.owners.partition_point(|owners| owners.person <= person).checked_sub(1);
        let found = at.map(|at| {
            let owners = &self.owners[at];
            let from = owners.all.partition_point(|owner| *owner < person - owners.person);
            let count = owners.all[from..].iter().take_while(|owner| **owner == person - owners.person).count();
            owners.first + from as u32..owners.first + (from + count) as u32
        });
        found.into_iter().flatten().filter_map(|print| self.index.form(print))
    }

    fn append(&mut self, other: Self, persons: u32) {
        let first = self.prints();
        self.index.append(other.index);
        self.owners.extend(other.owners.into_iter().map(|owners| Owners {
            first: owners.first + first,
            person: owners.person + persons,
            ..owners
        }));
    }
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
        let fingers = fingers.map(|(prints, owners)| Finger::new(&prints, owners, simd));
        Self { fingers, count: persons.len() as u32 }
    }

    /// Takes over other persons, numbered after the own.
    pub fn append(&mut self, other: Self) {
        for (own, finger) in self.fingers.iter_mut().zip(other.fingers) {
            own.append(finger, self.count);
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
        self.fingers.iter().map(|finger| finger.prints() as usize).sum()
    }

    /// Bytes of memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.fingers.iter().map(|finger| finger.index.bytes() + 4 * finger.prints() as usize).sum()
    }

    /// A person's fingers.
    #[must_use]
    pub fn forms(&self, number: u32) -> Forms {
        let fingers = self.fingers.iter().enumerate();
        fingers.flat_map(|(slot, finger)| finger.of(number).map(move |form| (position(slot), form))).collect()
    }

    /// A person as the index knows them.
    #[must_use]
    pub fn person(&self, number: u32) -> Person {
        person(&self.forms(number))
    }

    /// The persons with their index as bytes, with which [`People::from_bytes`] has nothing to build.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes() + (1 << 12));
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        out.extend_from_slice(&self.count.to_le_bytes());
        for finger in &self.fingers {
            let owners: Vec<u32> = (0..finger.prints()).filter_map(|print| finger.owner(print)).collect();
            bytes::put_words(&mut out, &owners);
            finger.index.write(&mut out);
        }
        out
    }

    /// Reads what [`People::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Unreadable`], where a byte is too many, too few or not what it can be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut from = Reader(bytes);
        if from.take(MAGIC.len())? != MAGIC || from.take(1)? != [VERSION] {
            return Err(Unreadable);
        }
        let mut people = Self { count: from.word()?, ..Self::default() };
        for finger in &mut people.fingers {
            let owners = from.words_of(|word| word)?;
            let index = Index::read(&mut from)?;
            let fits = index.len() == owners.len()
                && owners.is_sorted()
                && owners.last().is_none_or(|last| *last < people.count);
            if !fits {
                return Err(Unreadable);
            }
            let owners =
                (!owners.is_empty()).then(|| Owners { first: 0, person: 0, all: owners.into() }).into_iter().collect();
            *finger = Finger { index, owners };
        }
        if from.0.is_empty() { Ok(people) } else { Err(Unreadable) }
    }

    /// The `top` most alike persons, most alike first, and what the stages came to.
    #[must_use]
    pub fn search(&self, forms: &Forms, top: usize, simd: Simd) -> Searched {
        self.search_among(forms, top, simd, &|_| true)
    }

    /// As [`People::search`], among those of whom `among` is true.
    #[must_use]
    pub fn search_among(&self, forms: &Forms, top: usize, simd: Simd, among: &dyn Fn(u32) -> bool) -> Searched {
        let mut searched = self.search_as_taken(forms, SEARCHED, top, simd, among);
        if searched.candidates.first().is_some_and(|best| best.fused.is_hit()) {
            return searched;
        }
        for exchanged in [hands_exchanged(forms), neighbours_exchanged(forms)].into_iter().flatten() {
            let other = self.search_as_taken(&exchanged, SEARCHED_EXCHANGED, top, simd, among);
            searched.voted.extend(other.voted);
            searched.ranked.extend(other.ranked);
            // Only a hit is worth telling: by chance one of the ways is always the more alike.
            searched.candidates.extend(other.candidates.into_iter().filter(|candidate| candidate.fused.is_hit()));
        }
        sort(&mut searched.candidates);
        let mut seen = BTreeSet::new();
        searched.candidates.retain(|candidate| seen.insert(candidate.id));
        searched.candidates.truncate(top);
        searched
    }

    /// A search by so many fingers, each where its position says.
    fn search_as_taken(
        &self,
        forms: &Forms,
        fingers: usize,
        top: usize,
        simd: Simd,
        among: &dyn Fn(u32) -> bool,
    ) -> Searched {
        let mut searched = Searched::default();
        let mut says: BTreeMap<u32, i32> = BTreeMap::new();
        let mut by_minutiae: Vec<_> = forms.iter().collect();
        by_minutiae.sort_by_key(|(position, form)| (std::cmp::Reverse(form.minutiae()), *position));
        for (position, form) in by_minutiae.into_iter().take(fingers) {
            let probe = Probe::new(form, simd);
            let mut own: BTreeMap<u32, i32> = BTreeMap::new();
            for finger in self.compared_with(*position) {
                let ranked = finger.index.search(&probe);
                let owned = ranked.iter().filter_map(|one| Some((finger.owner(one.print)?, one.score)));
                let owned: Vec<(u32, i32)> = owned.filter(|(owner, _)| among(*owner)).collect();
                searched.voted.extend(owned.iter().map(|(owner, _)| *owner));
                for (owner, score) in owned.into_iter().take(SPEAKING).filter(|(_, score)| *score > SAYS_MIN) {
                    let best = own.entry(owner).or_default();
                    *best = score.min(SAYS_MAX).max(*best);
                }
            }
            own.into_iter().for_each(|(person, score)| *says.entry(person).or_default() += score);
        }
        let mut best: Vec<(u32, i32)> = says.into_iter().collect();
        best.sort_by_key(|(person, score)| (std::cmp::Reverse(*score), *person));
        best.truncate(if forms.len() > 1 { COMPARED } else { COMPARED_ONE }.max(top));
        searched.ranked = best.into_iter().map(|(person, _)| person).collect();
        let probe = person(forms);
        let compared = searched.ranked.iter().map(|&id| Candidate { id, fused: probe.compare(&self.person(id)) });
        searched.candidates = compared.filter(|candidate| candidate.fused.fingers > 0).collect();
        sort(&mut searched.candidates);
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

fn sort(candidates: &mut [Candidate<u32>]) {
    candidates.sort_by(|a, b| b.fused.score.total_cmp(&a.fused.score).then_with(|| a.id.cmp(&b.id)));
}

/// The prints as they are if left and right were exchanged when they were taken; none where fewer than two have a position.
fn hands_exchanged(forms: &Forms) -> Option<Forms> {
    let exchanged: Forms = forms
        .iter()
        .filter_map(|(position, form)| Some((Some(position.as_ref()?.other_hand()), form.clone())))
        .collect();
    (exchanged.len() > 1).then_some(exchanged)
}

/// The prints as they are if two fingers side by side were put down for each other; none where there are more than these.
fn neighbours_exchanged(forms: &Forms) -> Option<Forms> {
    let [(Some(first), one), (Some(second), other)] = &forms[..] else { return None };
    first.beside(*second).then(|| vec![(Some(*second), one.clone()), (Some(*first), other.clone())])
}

fn person(forms: &Forms) -> Person {
    let templates: Vec<_> = forms.iter().map(|(position, form)| (*position, form.template())).collect();
    Person::new(templates.iter().map(|(position, template)| (*position, template)))
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

    #[test]
    fn exchanged_hands_are_found() {
        let simd = Simd::best();
        let all: Vec<Forms> = (0..40).map(|seed| forms(seed, &[1, 2, 6, 7], 0)).collect();
        let people = People::new(&all, simd);
        let (mut due, mut found) = (0, 0);
        for seed in 0..40 {
            let taken = forms(seed, &[1, 2, 6, 7], 1);
            let best = |forms: &Forms| people.search(forms, 1, simd).candidates.first().copied();
            let Some(own) = best(&taken).filter(|best| best.id == seed as u32 && best.fused.is_hit()) else { continue };
            due += 1;
            found += usize::from(best(&hands_exchanged(&taken).unwrap()) == Some(own));
        }
        assert!(due > 20, "{due}");
        assert!(found + 2 >= due, "{found} of {due}");
        assert_eq!(hands_exchanged(&forms(1, &[3], 0)), None, "one finger is searched where it is said to be");
    }

    #[test]
    fn neighbouring_fingers_put_down_for_each_other_are_found() {
        let simd = Simd::best();
        // Two fingers that are exchanged; two beside a third; two of ten, where the others are enough.
        for fingers in [&[2, 3][..], &[1, 2, 3], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] {
            let all: Vec<Forms> = (0..40).map(|seed| forms(seed, fingers, 0)).collect();
            let people = People::new(&all, simd);
            let (mut due, mut found, mut strangers) = (0, 0, 0);
            for seed in 0..40 {
                let taken = forms(seed, fingers, 1);
                let mut exchanged = taken.clone();
                for (position, _) in &mut exchanged {
                    let number = position.unwrap().number();
                    *position = FingerPosition::new(if matches!(number, 2 | 3) { 5 - number } else { number }).ok();
                }
                let is_hit = |forms: &Forms, own: bool| {
                    let searched = people.search_among(forms, 1, simd, &|id| (id == seed as u32) == own);
                    searched.candidates.first().is_some_and(|best| best.fused.is_hit())
                };
                strangers += usize::from(is_hit(&taken, false)) + usize::from(is_hit(&exchanged, false));
                if is_hit(&taken, true) {
                    due += 1;
                    found += usize::from(is_hit(&exchanged, true));
                }
            }
            println!("{} fingers: {found} of {due} found, {strangers} strangers", fingers.len());
            assert!(due >= 20 && found * 10 >= due * 9, "{fingers:?}: {found} of {due}");
            assert_eq!(strangers, 0, "{fingers:?}");
        }
    }

    #[test]
    fn persons_are_the_same_after_they_were_bytes() {
        let simd = Simd::best();
        let all: Vec<Forms> = (0..60).map(|seed| forms(seed, &[1, 2], 0)).collect();
        let mut people = People::new(&all[..25], simd);
        people.append(People::new(&all[25..], simd));
        let bytes = people.to_bytes();
        let again = People::from_bytes(&bytes).unwrap();
        assert_eq!(again.to_bytes(), bytes);
        for seed in 0..60 {
            assert_eq!(again.forms(seed as u32), all[seed as usize]);
            let probe = forms(seed, &[1, 2], 1);
            assert_eq!(again.search(&probe, 3, simd).candidates, people.search(&probe, 3, simd).candidates);
        }
        let among = people.search_among(&all[7], 1, simd, &|number| number != 7).candidates;
        assert!(among.iter().all(|candidate| candidate.id != 7));
    }

    #[test]
    fn bytes_that_are_changed_never_point_outside() {
        let simd = Simd::best();
        let people = People::new(&[forms(1, &[1], 0), forms(2, &[1], 0)], simd);
        let bytes = people.to_bytes();
        assert_eq!(People::from_bytes(&bytes[..bytes.len() - 1]).unwrap_err(), Unreadable);
        assert_eq!(People::from_bytes(&[&bytes[..], &[0]].concat()).unwrap_err(), Unreadable);
        let probe = forms(1, &[1], 1);
        // Each byte of the head and of the minutiae, and every so many of the rest.
        for at in (0..2_000).chain((2_000..bytes.len()).step_by(997)) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x81;
            if let Ok(read) = People::from_bytes(&changed) {
                let _ = read.search(&probe, 3, simd);
            }
        }
    }
}
