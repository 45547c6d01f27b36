//! Persons as sets of prepared prints, and the gallery of those enrolled.
//!
//! Invariant: a gallery holds each id once; enrolling an id again adds its prints.
//! Not here: where templates are kept; a gallery is built from them when a process starts.
//! Start reading at [`Gallery`].

use crate::{FingerPosition, Fused, Prepared, Template, fuse_crosswise};
use std::collections::BTreeMap;

/// The prints of one person, ready for comparison.
#[derive(Debug, Clone, Default)]
pub struct Person {
    prints: Vec<(Option<FingerPosition>, Prepared)>,
}

impl Person {
    /// A person from templates. `None` is a finger of unknown position, which is compared with every finger.
    pub fn new<'a>(templates: impl IntoIterator<Item = (Option<FingerPosition>, &'a Template)>) -> Self {
        let mut prints: Vec<_> =
            templates.into_iter().map(|(position, template)| (position, Prepared::new(template))).collect();
        prints.sort_by_key(|(position, _)| *position);
        Self { prints }
    }

    /// How many prints there are.
    #[must_use]
    pub fn prints(&self) -> usize {
        self.prints.len()
    }

    /// Compares finger by finger and fuses, as [`fuse_crosswise`] does. Of several prints of one finger the best comparison
    /// counts.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Fused {
        let positions = self.prints.chunk_by(|a, b| a.0 == b.0).filter_map(|finger| Some(finger.first()?.0));
        let scored = |position| Some((position, self.score(position, other, position)?));
        let mut fingers: Vec<_> = positions.filter_map(scored).collect();
        let positions: Vec<_> = fingers.iter().map(|finger| finger.0).collect();
        fuse_crosswise(&mut fingers, |own, theirs| self.score(positions[own], other, positions[theirs])).0
    }

    /// The best comparison of a finger with another's finger, prints of unknown fingers among them.
    fn score(&self, own: Option<FingerPosition>, other: &Self, theirs: Option<FingerPosition>) -> Option<f32> {
        let own = self.prints.iter().filter(|(position, _)| *position == own);
        let pairs = own.flat_map(|(position, print)| {
            let theirs = other.prints.iter().filter(move |(of, _)| *of == theirs || of.is_none() || position.is_none());
            theirs.map(move |(_, theirs)| print.compare(theirs))
        });
        pairs.reduce(f32::max)
    }
}

/// The persons enrolled, by id.
#[derive(Debug, Clone)]
pub struct Gallery<Id> {
    persons: BTreeMap<Id, Person>,
}

impl<Id: Ord> Default for Gallery<Id> {
    fn default() -> Self {
        Self { persons: BTreeMap::new() }
    }
}

impl<Id: Ord> Gallery<Id> {
    /// An empty gallery.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a person, or more prints of a person.
    pub fn enrol(&mut self, id: Id, person: Person) {
        let known = self.persons.entry(id).or_default();
        known.prints.extend(person.prints);
        known.prints.sort_by_key(|(position, _)| *position);
    }

    /// Takes a person out; `false` where there was none.
    pub fn remove(&mut self, id: &Id) -> bool {
        self.persons.remove(id).is_some()
    }

    /// A person.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&Person> {
        self.persons.get(id)
    }

    /// How many persons are enrolled.
    #[must_use]
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Whether nobody is enrolled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// All persons in the order of their ids.
    pub fn persons(&self) -> impl Iterator<Item = (&Id, &Person)> {
        self.persons.iter()
    }
}
