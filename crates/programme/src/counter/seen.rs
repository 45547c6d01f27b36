//! Which positions have been counted, as stretches.

use std::collections::BTreeMap;

/// A set of positions; as small as the gaps in it are few.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Seen {
    /// First position to last.
    stretches: BTreeMap<u64, u64>,
    /// The stretch of the last insertion: events mostly come in order.
    last: Option<(u64, u64)>,
}

impl Seen {
    /// Takes up a position; false if it was there.
    pub(super) fn insert(&mut self, position: u64) -> bool {
        if let Some((first, last)) = self.last
            && position == last.wrapping_add(1)
            && !self.stretches.contains_key(&(position + 1))
            && !self.stretches.contains_key(&position)
        {
            self.stretches.insert(first, position);
            self.last = Some((first, position));
            return true;
        }
        if self.contains(position) {
            return false;
        }
        let before = self.stretches.range(..position).next_back().map(|(first, last)| (*first, *last));
        let first = before.filter(|(_, last)| *last + 1 == position).map_or(position, |(first, _)| first);
        let last = match position.checked_add(1).and_then(|next| self.stretches.remove(&next)) {
            Some(last) => last,
            None => position,
        };
        self.stretches.insert(first, last);
        self.last = Some((first, last));
        true
    }

    pub(super) fn contains(&self, position: u64) -> bool {
        self.stretches.range(..=position).next_back().is_some_and(|(_, last)| *last >= position)
    }

    /// The first position from 0 on that is not there.
    pub(super) fn first_gap(&self) -> u64 {
        self.stretches.get(&0).map_or(0, |last| last.saturating_add(1))
    }

    pub(super) fn len(&self) -> u64 {
        self.stretches.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The first position that both have.
    pub(super) fn overlap(&self, other: &Seen) -> Option<u64> {
        let shared = |(first, last): (&u64, &u64)| {
            if self.contains(*first) {
                return Some(*first);
            }
            self.stretches.range(*first..=*last).next().map(|(first, _)| *first)
        };
        other.stretches.iter().find_map(shared)
    }

    /// Takes up stretches that have nothing in common with these.
    pub(super) fn merge(&mut self, other: &Seen) {
        let mut all: Vec<(u64, u64)> = self.stretches().chain(other.stretches()).collect();
        all.sort_unstable();
        *self = Seen::of(all);
    }

    /// First and last of each stretch, in order.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (u64, u64)> {
        self.stretches.iter().map(|(first, last)| (*first, *last))
    }

    /// The set of sorted stretches; those that touch become one.
    pub(super) fn of(sorted: impl IntoIterator<Item = (u64, u64)>) -> Seen {
        let mut seen = Seen::default();
        for (first, last) in sorted {
            match seen.stretches.last_entry() {
                Some(mut before) if first <= before.get().saturating_add(1) => {
                    let joined = last.max(*before.get());
                    before.insert(joined);
                }
                _ => {
                    seen.stretches.insert(first, last);
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn stretches_hold_what_a_set_holds(positions in proptest::collection::vec(0..60u64, 0..80)) {
            let (mut seen, mut set) = (Seen::default(), BTreeSet::new());
            for position in positions {
                prop_assert_eq!(seen.insert(position), set.insert(position));
            }
            prop_assert_eq!(seen.len(), set.len() as u64);
            let gap = (0..).find(|position| !set.contains(position)).unwrap();
            prop_assert_eq!(seen.first_gap(), gap);
            let stretches: Vec<(u64, u64)> = seen.stretches().collect();
            for pair in stretches.windows(2) {
                prop_assert!(pair[0].1 + 1 < pair[1].0);
            }
            prop_assert_eq!(Seen::of(stretches.iter().copied()).stretches, seen.stretches);
        }
    }
}
