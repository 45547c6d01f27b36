//! What is searched: all parts as one.
//!
//! Start reading at [`View::new`].

use super::part::Part;
use fingerprint::search::People;
use ids::ApplicationId;

/// All entries at one moment. Changes that come later are not in it.
pub struct View {
    people: People,
    /// The parts, each with the number of its first person.
    parts: Vec<(u32, Part)>,
}

impl View {
    pub(super) fn new(all: impl Iterator<Item = Part>) -> Self {
        let mut people = People::default();
        let mut parts = Vec::new();
        for part in all {
            parts.push((people.len() as u32, part.clone()));
            people.append(part.people);
        }
        Self { people, parts }
    }

    /// Everybody with the index, by number; also those who are erased.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Whose number it is; none if they are erased.
    #[must_use]
    pub fn id(&self, number: u32) -> Option<ApplicationId> {
        let at = self.parts.partition_point(|(first, _)| *first <= number).checked_sub(1)?;
        let (first, part) = &self.parts[at];
        let at = number - first;
        if part.erased.contains(&at) { None } else { part.ids.get(at as usize).copied() }
    }
}
