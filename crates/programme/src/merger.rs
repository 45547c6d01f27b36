//! Units that were merged into others, and what becomes of figures that were given for them.
//!
//! A figure given for a unit speaks of it as it was then. One given before another unit was merged into it speaks of its own part,
//! and the other's figure is added; one given since speaks of all.
//! Not here: counts of events, which belong to the unit that there is now whenever they happened ([`crate::Units::resolve`]).
//! Start reading at [`Mergers::standing`].

use std::collections::BTreeMap;
use time::Day;

/// A unit that is no longer there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Merger {
    /// Its code.
    pub old: String,
    /// The code of the unit that it is part of now.
    pub new: String,
    /// The day from which figures of that one speak of it too.
    pub since: Day,
}

/// How often a successor may itself have one.
const SUCCESSORS_MAX: usize = 16;

/// Who was merged into whom.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Mergers {
    /// By the old unit: the new one.
    new: BTreeMap<String, String>,
    /// By the new unit: the old ones.
    old: BTreeMap<String, Vec<(String, Day)>>,
}

impl Mergers {
    pub(crate) fn new(mergers: impl IntoIterator<Item = Merger>) -> Mergers {
        let mut all = Mergers::default();
        for merger in mergers {
            all.old.entry(merger.new.clone()).or_default().push((merger.old.clone(), merger.since));
            all.new.insert(merger.old, merger.new);
        }
        all
    }

    /// The units that are no longer there.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &str> {
        self.new.keys().map(String::as_str)
    }

    /// What a unit became, then what that became, and so on.
    pub(crate) fn successors<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(self.new.get(code), |code| self.new.get(*code)).take(SUCCESSORS_MAX).map(String::as_str)
    }

    /// A unit and all that were merged into it.
    pub(crate) fn all<'a>(&'a self, code: &'a str) -> Vec<&'a str> {
        self.standing(code, &|_| None)
    }

    /// The units whose figures add up to a unit's: its own, and those of the units merged into it since it was given one. `given`
    /// tells when a unit was given the figure that stands for it.
    pub(crate) fn standing<'a>(&'a self, code: &'a str, given: &dyn Fn(&str) -> Option<Day>) -> Vec<&'a str> {
        let (mut all, mut at) = (vec![code], 0);
        while let Some(code) = all.get(at).copied() {
            at += 1;
            let Some(old) = self.old.get(code) else { continue };
            let own = given(code);
            let apart =
                old.iter().filter(|(old, since)| own.is_none_or(|own| own < *since) && !all.contains(&old.as_str()));
            let apart: Vec<&str> = apart.map(|(old, _)| old.as_str()).collect();
            all.extend(apart);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_add_up_until_one_speaks_of_all() {
        let merger = |old: &str, new: &str, since| Merger { old: old.into(), new: new.into(), since: Day(since) };
        let mergers =
            Mergers::new([merger("a", "b", 10), merger("x", "b", 30), merger("b", "c", 20), merger("r", "r", 1)]);
        let standing = |b: i32, c: i32| {
            mergers.standing("c", &move |code| match code {
                "b" => Some(Day(b)),
                "c" => Some(Day(c)),
                _ => None,
            })
        };
        assert_eq!(standing(9, 9), ["c", "b", "a", "x"]);
        assert_eq!(standing(10, 19), ["c", "b", "x"]);
        assert_eq!(standing(9, 20), ["c"]);
        assert_eq!(mergers.all("r"), ["r"], "a ring has an end");
        assert_eq!(mergers.successors("a").collect::<Vec<_>>(), ["b", "c"]);
    }
}
