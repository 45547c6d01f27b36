//! The head map: for every person, how many events there are and the last of them, under one root.
//!
//! A binary tree over the 256 bits of hashed person ids. A subtree with one person in it is that person's leaf, so the
//! tree of a million persons is about twenty deep. The root is a pure function of the set, whatever its order.

use crate::{Hash, base64_hashes, hash};
use serde::{Deserialize, Serialize};

const EMPTY: Hash = [0; 32];

/// All persons' heads at one moment, sorted by hashed id.
#[derive(Clone, Default, Debug)]
pub struct Heads {
    leaves: Vec<(Hash, Hash)>,
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

fn root_of(leaves: &[(Hash, Hash)], depth: usize) -> Hash {
    match leaves {
        [] => EMPTY,
        [(_, only)] => *only,
        _ => {
            let middle = leaves.partition_point(|(place, _)| !bit(place, depth));
            node(&root_of(&leaves[..middle], depth + 1), &root_of(&leaves[middle..], depth + 1))
        }
    }
}

impl Heads {
    /// The map of these persons: id, number of events, commitment of the last event.
    #[must_use]
    pub fn new(persons: impl IntoIterator<Item = ([u8; 16], u64, Hash)>) -> Heads {
        let mut leaves: Vec<(Hash, Hash)> = persons
            .into_iter()
            .map(|(person, number, head)| {
                let place = place(&person);
                (place, leaf(&place, number, &head))
            })
            .collect();
        leaves.sort_unstable();
        Heads { leaves }
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        root_of(&self.leaves, 0)
    }

    /// The proof for a person; `None` if the person is not in the map.
    #[must_use]
    pub fn prove(&self, person: &[u8; 16]) -> Option<HeadProof> {
        let place = place(person);
        let mut leaves = self.leaves.as_slice();
        let mut siblings = Vec::new();
        while leaves.len() > 1 {
            let depth = siblings.len();
            let (left, right) = leaves.split_at(leaves.partition_point(|(place, _)| !bit(place, depth)));
            let (own, other) = if bit(&place, depth) { (right, left) } else { (left, right) };
            siblings.push(root_of(other, depth + 1));
            leaves = own;
        }
        leaves.first().is_some_and(|(found, _)| *found == place).then_some(HeadProof { siblings })
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
            let heads = Heads::new((0..count).map(|n| (person(n), u64::from(n) + 1, [n as u8; 32])));
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
        let forward = Heads::new((0..50).map(|n| (person(n), 1, [0; 32])));
        let backward = Heads::new((0..50).rev().map(|n| (person(n), 1, [0; 32])));
        assert_eq!(forward.root(), backward.root());
        assert_ne!(forward.root(), Heads::new((0..49).map(|n| (person(n), 1, [0; 32]))).root());
    }
}
