//! All events of one person, complete and in order, checkable from one file with nothing but the ledger's key.

use crate::{Checkpoint, Error, Hash, HeadProof, Opening, VerifyingKey, base64_bytes, base64_hashes, verify_inclusion};
use serde::{Deserialize, Serialize};

/// The file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proof {
    /// The format; 1.
    pub version: u32,
    /// The person's id.
    #[serde(with = "base64_bytes")]
    pub person: [u8; 16],
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The person's place in the head map.
    pub head: HeadProof,
    /// The events, oldest first.
    pub events: Vec<ProvenEvent>,
}

/// One event of the person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProvenEvent {
    /// Its position in the ledger.
    pub index: u64,
    /// What the person is shown of it.
    pub opening: Opening,
    /// The way to the root.
    #[serde(with = "base64_hashes")]
    pub path: Vec<Hash>,
}

impl Proof {
    /// The file's bytes.
    pub fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self).map_err(|error| Error::Malformed(error.to_string()))
    }

    /// Reads a file; at most 64 MiB.
    pub fn from_json(bytes: &[u8]) -> Result<Proof, Error> {
        if bytes.len() > 64 << 20 {
            return Err(Error::Malformed("larger than 64 MiB".into()));
        }
        let proof: Proof = serde_json::from_slice(bytes).map_err(|error| Error::Malformed(error.to_string()))?;
        if proof.version == 1 { Ok(proof) } else { Err(Error::Malformed("unknown version".into())) }
    }

    /// Checks everything: signature, each event's commitment and inclusion, that numbers run from 1 without a gap, that
    /// each event names the one before, and that the last one is the person's head in the signed map.
    pub fn check(&self, key: &VerifyingKey) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::verify(&self.checkpoint, key)?;
        if checkpoint.heads.size != checkpoint.size {
            return Err(Error::Head);
        }
        let mut previous = [0; 32];
        let mut number = 0;
        for event in &self.events {
            number += 1;
            let commitment = event.opening.commitment().ok_or(Error::Commitment(number))?;
            if event.opening.link != link_bytes(&self.person, number, &previous) {
                return Err(Error::Chain(number));
            }
            if !verify_inclusion(&commitment, event.index, checkpoint.size, &event.path, &checkpoint.root) {
                return Err(Error::Inclusion(number));
            }
            previous = commitment;
        }
        if self.head.verify(&self.person, number, &previous, &checkpoint.heads.root) {
            Ok(checkpoint)
        } else {
            Err(Error::Head)
        }
    }
}

/// A link's bytes: person, number, previous commitment (the same as `journal::Link::to_bytes`).
fn link_bytes(person: &[u8; 16], number: u64, previous: &Hash) -> Vec<u8> {
    [person.as_slice(), &number.to_be_bytes(), previous].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Heads, HeadsAt, SigningKey, Tile, TileError, Tiles, Tree, commit, inclusion, open};

    struct Edge(Vec<Hash>);

    impl Tiles for Edge {
        fn hashes(&self, tile: Tile) -> Result<Vec<Hash>, TileError> {
            assert_eq!((tile.level, tile.number), (0, 0));
            Ok(self.0[..tile.width as usize].to_vec())
        }
    }

    /// A ledger of twelve events, every third of them about one person.
    fn example() -> (Proof, VerifyingKey) {
        let person = [9; 16];
        let (mut tree, mut chain) = (Tree::default(), Vec::new());
        let mut previous = [0; 32];
        for index in 0..12u64 {
            let head = format!("event {index}").into_bytes();
            let subject = if index % 3 == 0 { person } else { [index as u8; 16] };
            let link = if index % 3 == 0 {
                link_bytes(&person, chain.len() as u64 + 1, &previous)
            } else {
                link_bytes(&subject, 1, &[0; 32])
            };
            let commitment = commit(&[index as u8; 16], &head, b"body", &[&link]);
            tree.append(&commitment, &mut |_, _| ());
            if index % 3 == 0 {
                previous = commitment;
                chain.push((index, open(&[index as u8; 16], &head, b"body", &[&link], 0)));
            }
        }
        let edge = Edge(tree.partial().next().unwrap().1.to_vec());
        let mut heads = Heads::new([(person, chain.len() as u64, previous), ([1; 16], 1, [1; 32])]);
        let key = SigningKey::new("vandan/test", &[1; 32]);
        let note = Checkpoint {
            origin: "vandan/test".into(),
            size: 12,
            root: tree.root(),
            heads: HeadsAt { size: 12, root: heads.root(), made_us: 0 },
            signed_us: 0,
        };
        let events = chain.into_iter().map(|(index, opening)| {
            let path = inclusion(index, 12, &edge).unwrap();
            ProvenEvent { index, opening, path }
        });
        let head = heads.prove(&person).unwrap();
        (Proof { version: 1, person, checkpoint: note.sign(&key), head, events: events.collect() }, key.verifying())
    }

    #[test]
    fn a_whole_proof_is_accepted_also_after_writing_and_reading() {
        let (proof, key) = example();
        assert_eq!(proof.events.len(), 4);
        let again = Proof::from_json(proof.to_json().unwrap().as_bytes()).unwrap();
        assert!(again.check(&key).is_ok());
    }

    #[test]
    fn a_proof_without_its_first_a_middle_or_the_last_event_is_refused() {
        let (proof, key) = example();
        for (taken, error) in [(0, Error::Chain(1)), (1, Error::Chain(2)), (3, Error::Head)] {
            let mut short = proof.clone();
            short.events.remove(taken);
            assert_eq!(short.check(&key), Err(error));
        }
        let none = Proof { events: Vec::new(), ..proof };
        assert_eq!(none.check(&key), Err(Error::Head));
    }

    #[test]
    fn changed_events_are_refused() {
        let (proof, key) = example();
        let mut changed = proof.clone();
        changed.events[2].opening.head = b"nothing happened".to_vec();
        assert_eq!(changed.check(&key), Err(Error::Inclusion(3)));
        let mut changed = proof.clone();
        changed.events.swap(1, 2);
        assert_eq!(changed.check(&key), Err(Error::Chain(2)));
        let mut changed = proof;
        changed.person = [8; 16];
        assert_eq!(changed.check(&key), Err(Error::Chain(1)));
    }
}
