//! The head map: for every person, how many events there are and the last of them, under one root.
//!
//! A binary tree over the 256 bits of hashed person ids. A subtree with one person in it is that person's leaf, so the
//! tree of a million persons is about twenty deep. The root is a pure function of the set, whatever its order. The map is
//! kept while heads change: only the ways from changed leaves to the root are hashed again.

use crate::{Hash, base64_hashes, hash};
use serde::{Deserialize, Serialize};

const EMPTY: Hash = [0; 32];

/// What stands in a place of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Below {
    #[default]
    Nobody,
    /// One person: the number of the leaf.
    Leaf(u32),
    /// Several: the number of the branch.
    Branch(u32),
}

#[derive(Clone, Debug)]
struct Branch {
    below: [Below; 2],
    hash: Hash,
    /// The hash is not that of what is below.
    stale: bool,
}

#[derive(Clone, Debug)]
struct Leaf {
    place: Hash,
    hash: Hash,
}

/// All persons' heads at one moment; some 130 bytes a person.
#[derive(Clone, Default, Debug)]
pub struct Heads {
    root: Below,
    branches: Vec<Branch>,
    leaves: Vec<Leaf>,
}

/// The way from one person's head to the root.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeadProof {
    /// The hashes beside the way, from the root down.
    #[serde(with = "base64_hashes")]
    pub siblings: Vec<Hash>,
}

/// Where a person stands in the map.
fn place(person: &[u8; 16]) -> Hash {
    hash(&[b"vandan person v1\0", person])
}

fn leaf(place: &Hash, number: u64, head: &Hash) -> Hash {
    hash(&[&[2], place, &number.to_be_bytes(), head])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    hash(&[&[3], left, right])
}

fn bit(place: &Hash, depth: usize) -> bool {
    place[depth / 8] & (0x80 >> (depth % 8)) != 0
}

/// A person's head as it comes in: id, number of events, commitment of the last event.
pub type Head = ([u8; 16], u64, Hash);

impl Heads {
    /// The map of these persons.
    #[must_use]
    pub fn new(persons: impl IntoIterator<Item = Head>) -> Heads {
        let mut leaves: Vec<Leaf> = persons.into_iter().map(|head| Leaf::of(&head)).collect();
        // In the tree's order neighbours are made one after the other.
        leaves.sort_unstable_by_key(|leaf| leaf.place);
        let mut heads = Heads::default();
        leaves.into_iter().for_each(|leaf| heads.put(leaf));
        heads
    }

    /// Sets a person's head.
    pub fn set(&mut self, head: &Head) {
        self.put(Leaf::of(head));
    }

    fn put(&mut self, leaf: Leaf) {
        let (mut at, mut depth) = (None::<(u32, usize)>, 0);
        loop {
            let below = match at {
                None => self.root,
                Some((branch, side)) => {
                    let branch = &mut self.branches[branch as usize];
                    branch.stale = true;
                    branch.below[side]
                }
            };
            match below {
                Below::Branch(branch) => {
                    at = Some((branch, usize::from(bit(&leaf.place, depth))));
                    depth += 1;
                }
                Below::Leaf(found) if self.leaves[found as usize].place == leaf.place => {
                    self.leaves[found as usize].hash = leaf.hash;
                    return;
                }
                Below::Leaf(found) => {
                    // The other person goes one branch down, until the two part.
                    let mut below = [Below::Nobody; 2];
                    below[usize::from(bit(&self.leaves[found as usize].place, depth))] = Below::Leaf(found);
                    self.branches.push(Branch { below, hash: EMPTY, stale: true });
                    self.hang(at, Below::Branch(self.branches.len() as u32 - 1));
                }
                Below::Nobody => {
                    self.leaves.push(leaf);
                    self.hang(at, Below::Leaf(self.leaves.len() as u32 - 1));
                    return;
                }
            }
        }
    }

    fn hang(&mut self, at: Option<(u32, usize)>, below: Below) {
        match at {
            None => self.root = below,
            Some((branch, side)) => self.branches[branch as usize].below[side] = below,
        }
    }

    /// The root.
    pub fn root(&mut self) -> Hash {
        self.fresh(self.root)
    }

    /// The hash of what is below, computed anew where something changed. As deep as the tree is, at most 256.
    fn fresh(&mut self, below: Below) -> Hash {
        match below {
            Below::Nobody => EMPTY,
            Below::Leaf(leaf) => self.leaves[leaf as usize].hash,
            Below::Branch(at) => {
                if self.branches[at as usize].stale {
                    let [left, right] = self.branches[at as usize].below;
                    let hash = node(&self.fresh(left), &self.fresh(right));
                    let branch = &mut self.branches[at as usize];
                    (branch.hash, branch.stale) = (hash, false);
                }
                self.branches[at as usize].hash
            }
        }
    }

    /// The proof for a person; `None` if the person is not in the map.
    pub fn prove(&mut self, person: &[u8; 16]) -> Option<HeadProof> {
        let place = place(person);
        let (mut siblings, mut at) = (Vec::new(), self.root);
        while let Below::Branch(branch) = at {
            let side = usize::from(bit(&place, siblings.len()));
            let below = self.branches[branch as usize].below;
            siblings.push(self.fresh(below[1 - side]));
            at = below[side];
        }
        match at {
            Below::Leaf(leaf) if self.leaves[leaf as usize].place == place => Some(HeadProof { siblings }),
            _ => None,
        }
    }
}

impl Leaf {
    fn of((person, number, head): &Head) -> Leaf {
        let place = place(person);
        Leaf { hash: leaf(&place, *number, head), place }
    }
}

impl HeadProof {
    /// Whether the person's last event is number `number` with commitment `head`, under `root`.
    #[must_use]
    pub fn verify(&self, person: &[u8; 16], number: u64, head: &Hash, root: &Hash) -> bool {
        if self.siblings.len() > 256 {
            return false;
        }
        let place = place(person);
        let mut found = leaf(&place, number, head);
        for (depth, sibling) in self.siblings.iter().enumerate().rev() {
            found = if bit(&place, depth) { node(sibling, &found) } else { node(&found, sibling) };
        }
        found == *root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u32) -> [u8; 16] {
        let mut id = [0; 16];
        id[12..].copy_from_slice(&number.to_be_bytes());
        id
    }

    #[test]
    fn every_person_is_proven_with_the_right_head_only() {
        for count in [1u32, 2, 3, 100] {
            let mut heads = Heads::new((0..count).map(|n| (person(n), u64::from(n) + 1, [n as u8; 32])));
            let root = heads.root();
            for n in 0..count {
                let proof = heads.prove(&person(n)).unwrap();
                assert!(proof.verify(&person(n), u64::from(n) + 1, &[n as u8; 32], &root));
                assert!(!proof.verify(&person(n), u64::from(n), &[n as u8; 32], &root));
                assert!(!proof.verify(&person(n), u64::from(n) + 1, &[n as u8 ^ 1; 32], &root));
                assert!(!proof.verify(&person(n + 1), u64::from(n) + 1, &[n as u8; 32], &root));
            }
            assert_eq!(heads.prove(&person(count)), None);
        }
    }

    #[test]
    fn the_root_does_not_depend_on_the_order() {
        let mut forward = Heads::new((0..50).map(|n| (person(n), 1, [0; 32])));
        let mut backward = Heads::new((0..50).rev().map(|n| (person(n), 1, [0; 32])));
        assert_eq!(forward.root(), backward.root());
        assert_ne!(forward.root(), Heads::new((0..49).map(|n| (person(n), 1, [0; 32]))).root());
    }

    /// The root as it is defined, from all leaves at once.
    fn defined(leaves: &[Leaf], depth: usize) -> Hash {
        match leaves {
            [] => EMPTY,
            [only] => only.hash,
            _ => {
                let (left, right) = leaves.split_at(leaves.partition_point(|leaf| !bit(&leaf.place, depth)));
                node(&defined(left, depth + 1), &defined(right, depth + 1))
            }
        }
    }

    #[test]
    fn a_map_that_was_kept_is_the_map_made_anew() {
        let mut kept = Heads::default();
        let mut all = std::collections::BTreeMap::new();
        for step in 0..400u32 {
            // Half of them are persons who are there already.
            let (who, number) = (step * 7919 % 200, u64::from(step) + 1);
            let head: Head = (person(who), number, [step as u8; 32]);
            kept.set(&head);
            all.insert(who, head);
            if step % 23 == 0 {
                let mut leaves: Vec<Leaf> = all.values().map(Leaf::of).collect();
                leaves.sort_unstable_by_key(|leaf| leaf.place);
                assert_eq!(kept.root(), defined(&leaves, 0), "step {step}");
                let (id, number, head) = all[&who];
                let proof = kept.prove(&id).unwrap();
                assert!(proof.verify(&id, number, &head, &kept.root()));
            }
        }
    }
}
