//! Units as a tree: the nation, provinces, districts, communes.
//!
//! Invariant: every unit has one place, each unit above stands before those below it, and the nation is the first.
//! Not here: how units are imported and stored (`register::unit`, `services::unit`).
//! Start reading at [`Units::new`].

use crate::merger::{Merger, Mergers};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// A unit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unit {
    /// Its code; empty for the nation.
    pub code: String,
    /// The unit above; empty for a province.
    pub parent: String,
    /// Its name.
    pub name: String,
    /// 0 the nation, 1 province, 2 district, 3 commune.
    pub level: u8,
    /// Its population; 0 where it is not known.
    pub population: u64,
}

/// All units. A unit is addressed by its place, which holds for this value only.
pub struct Units {
    all: Vec<Unit>,
    parents: Vec<usize>,
    children: Vec<Vec<usize>>,
    places: HashMap<String, usize>,
    populations: Vec<u64>,
    /// The units that are no longer there.
    mergers: Mergers,
    /// The places that others were merged into.
    grown: HashSet<usize>,
}

impl fmt::Debug for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Units").field("all", &self.all).finish_non_exhaustive()
    }
}

/// The place of the nation.
pub const NATION: usize = 0;

impl Units {
    /// Puts units into a tree. A unit whose parent is not there lies directly below the nation; so does one of a ring, which
    /// an import can have bent a tree into. Of two with one code the first is taken.
    #[must_use]
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Units {
        let mut sorted: Vec<Unit> = units.into_iter().filter(|unit| !unit.code.is_empty()).collect();
        sorted.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
        sorted.dedup_by(|a, b| a.code == b.code);
        let known: HashMap<&str, usize> =
            sorted.iter().enumerate().map(|(at, unit)| (unit.code.as_str(), at)).collect();
        let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut roots = Vec::new();
        for (at, unit) in sorted.iter().enumerate() {
            match known.get(unit.parent.as_str()).filter(|parent| **parent != at) {
                Some(parent) => below.entry(*parent).or_default().push(at),
                None => roots.push(at),
            }
        }
        let mut units = Units {
            all: vec![Unit::default()],
            parents: vec![NATION],
            children: vec![Vec::new()],
            places: HashMap::from([(String::new(), NATION)]),
            populations: Vec::new(),
            mergers: Mergers::default(),
            grown: HashSet::new(),
        };
        // Breadth first, so that a unit above stands before those below it.
        let mut waiting: std::collections::VecDeque<(usize, usize)> =
            roots.into_iter().map(|at| (at, NATION)).collect();
        loop {
            while let Some((at, parent)) = waiting.pop_front() {
                let place = units.place(sorted[at].clone(), parent);
                let below = below.remove(&at).unwrap_or_default();
                waiting.extend(
                    below.into_iter().filter(|at| !units.places.contains_key(&sorted[*at].code)).map(|at| (at, place)),
                );
            }
            // Whoever is left lies in a ring: it is cut open at its first.
            let Some(at) = (0..sorted.len()).find(|at| !units.places.contains_key(&sorted[*at].code)) else { break };
            waiting.push_back((at, NATION));
        }
        units.populations = units.all.iter().map(|unit| unit.population).collect();
        for place in (0..units.all.len()).rev().filter(|place| units.all[*place].population == 0) {
            let below = units.children[place].iter().map(|child| units.populations[*child]);
            units.populations[place] = below.fold(0, u64::saturating_add);
        }
        units
    }

    fn place(&mut self, unit: Unit, parent: usize) -> usize {
        if let Some(place) = self.places.get(&unit.code) {
            return *place;
        }
        let place = self.all.len();
        self.places.insert(unit.code.clone(), place);
        self.all.push(unit);
        self.parents.push(parent);
        self.children.push(Vec::new());
        self.children[parent].push(place);
        place
    }

    /// Says where what was counted and signed for units that are no longer there belongs. One that is there stands for itself.
    #[must_use]
    pub fn with_merged(mut self, mergers: impl IntoIterator<Item = Merger>) -> Units {
        self.mergers = Mergers::new(mergers.into_iter().filter(|merger| self.find(&merger.old).is_none()));
        self.grown = self.mergers.gone().filter_map(|old| self.resolve(old)).collect();
        self
    }

    pub(crate) fn mergers(&self) -> &Mergers {
        &self.mergers
    }

    /// Whether another unit was merged into the one at a place.
    #[must_use]
    pub fn has_merged(&self, place: usize) -> bool {
        self.grown.contains(&place)
    }

    /// How many units, with the nation.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Never: the nation is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The unit at a place.
    #[must_use]
    pub fn at(&self, place: usize) -> &Unit {
        &self.all[place]
    }

    /// The place of a code, exactly.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<usize> {
        self.places.get(code).copied()
    }

    /// The place that a code's counts belong to: its own, or that of the unit it was merged into. None where nobody knows.
    #[must_use]
    pub fn resolve(&self, code: &str) -> Option<usize> {
        self.find(code).or_else(|| self.mergers.successors(code).find_map(|code| self.find(code)))
    }

    /// The code of the unit that people wrote, as it was then: that of one that is no longer there is its own.
    pub(crate) fn code_of(&self, text: &str) -> Option<String> {
        let place = self.named(text)?;
        let gone = self.find(text.trim()).is_none() && self.resolve(text.trim()).is_some();
        Some(if gone { text.trim().to_owned() } else { self.at(place).code.clone() })
    }

    /// A unit as people write it: its code, a province's three digits, or a province's name, with or without marks. One that is no
    /// longer there is the one it is part of now.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        if let Some(place) = self.resolve(text) {
            return Some(place);
        }
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.find(&format!("P{text}"));
        }
        let folded = vn::fold(text);
        let mut provinces = self.children[NATION].iter().filter(|place| self.all[**place].level == 1);
        let found = provinces.find(|place| !folded.is_empty() && vn::fold(&self.all[**place].name) == folded)?;
        provinces.all(|place| vn::fold(&self.all[*place].name) != folded).then_some(*found)
    }

    /// The place of the unit above; the nation is above itself.
    #[must_use]
    pub fn parent(&self, place: usize) -> usize {
        self.parents[place]
    }

    /// The places directly below, by level and code.
    #[must_use]
    pub fn children(&self, place: usize) -> &[usize] {
        &self.children[place]
    }

    /// Whether a unit is `above` itself or lies below it.
    #[must_use]
    pub fn within(&self, place: usize, above: usize) -> bool {
        let mut at = place;
        while at != above && at != NATION {
            at = self.parents[at];
        }
        at == above
    }

    /// The place and all below it.
    #[must_use]
    pub fn subtree(&self, place: usize) -> Vec<usize> {
        let mut all = vec![place];
        let mut at = 0;
        while at < all.len() {
            all.extend_from_slice(&self.children[all[at]]);
            at += 1;
        }
        all
    }

    /// A unit's population as given; where it has none, the sum of those below it; 0 where nobody knows.
    #[must_use]
    pub fn population(&self, place: usize) -> u64 {
        self.populations[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str, parent: &str, level: u8, population: u64) -> Unit {
        Unit { code: code.into(), parent: parent.into(), name: format!("Tỉnh {code}"), level, population }
    }

    #[test]
    fn every_unit_has_a_place_whatever_the_tree_is() {
        let units = Units::new([
            unit("00004", "D002", 3, 3),
            unit("D002", "P001", 2, 0),
            unit("P001", "", 1, 0),
            unit("D009", "P009", 2, 1),
            unit("D007", "D008", 2, 1),
            unit("D008", "D007", 2, 1),
            unit("P001", "", 1, 99),
        ]);
        assert_eq!(units.len(), 7);
        let commune = units.find("00004").unwrap();
        assert!(units.within(commune, units.find("P001").unwrap()) && units.within(commune, NATION));
        assert!(!units.within(commune, units.find("D009").unwrap()));
        assert_eq!(units.population(NATION), 5, "what lies below a unit with a population is in it");
        for place in 1..units.len() {
            assert!(units.parent(place) < place);
        }
    }

    #[test]
    fn units_are_found_as_people_write_them_and_followed_when_merged() {
        let hue = Unit { name: "Thừa Thiên – Huế".into(), ..unit("P046", "", 1, 0) };
        let merged = [("P300", "P301"), ("P301", "P046"), ("ring", "ring"), ("lost", "P999")];
        let units = Units::new([hue]).with_merged(merged.map(|(old, new)| Merger {
            old: old.to_owned(),
            new: new.to_owned(),
            since: time::Day(0),
        }));
        assert!(units.has_merged(1) && !units.has_merged(NATION));
        for text in ["P046", "046", "thua thien hue", " Thừa Thiên – Huế ", "P300"] {
            assert_eq!(units.named(text), Some(1), "{text}");
        }
        for text in ["", "ring", "lost", "047", "Huế"] {
            assert_eq!(units.named(text).filter(|place| *place != NATION), None, "{text}");
        }
    }
}
