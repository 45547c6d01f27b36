//! The salted commitment to an event, and its opening to one person.
//!
//! A commitment is a hash over three kinds of part: the head (who, what, when), the body (rows), and one link for each
//! person concerned. Each part has a salt of its own, derived from the event's salt, so that an event can be opened to
//! one person without the rows and without the other persons.

use crate::{Hash, base64_bytes, base64_hashes, hash};
use serde::{Deserialize, Serialize};

const EVENT: &[u8] = b"vandan event v1\0";

/// What one person is shown of an event: the head and the own link in clear, the rest as hashes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// The salt of the head.
    #[serde(with = "base64_bytes")]
    pub head_salt: [u8; 16],
    /// The head.
    #[serde(with = "base64_bytes")]
    pub head: Vec<u8>,
    /// The hash of the body.
    #[serde(with = "base64_bytes")]
    pub body: Hash,
    /// The salt of the own link.
    #[serde(with = "base64_bytes")]
    pub link_salt: [u8; 16],
    /// The own link.
    #[serde(with = "base64_bytes")]
    pub link: Vec<u8>,
    /// The position of the own link among all.
    pub position: usize,
    /// The hashes of the other links, in order.
    #[serde(with = "base64_hashes")]
    pub others: Vec<Hash>,
}

/// Derives a part's salt from the event's.
fn part_salt(salt: &[u8; 16], part: &[u8], number: usize) -> [u8; 16] {
    let digest = hash(&[b"vandan salt v1\0", part, &(number as u64).to_be_bytes(), salt]);
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

fn part(salt: &[u8; 16], bytes: &[u8]) -> Hash {
    hash(&[salt, bytes])
}

fn join(head: &Hash, body: &Hash, links: &[Hash]) -> Hash {
    let mut parts: Vec<&[u8]> = vec![EVENT, head, body];
    parts.extend(links.iter().map(|link| link.as_slice()));
    hash(&parts)
}

/// The commitment to an event: `salt` is random and secret, `links` are the bytes of each person's link.
#[must_use]
pub fn commit(salt: &[u8; 16], head: &[u8], body: &[u8], links: &[impl AsRef<[u8]>]) -> Hash {
    let links: Vec<Hash> =
        links.iter().enumerate().map(|(number, link)| part(&part_salt(salt, b"link", number), link.as_ref())).collect();
    join(&part(&part_salt(salt, b"head", 0), head), &part(&part_salt(salt, b"body", 0), body), &links)
}

/// Opens an event to the person whose link stands at `position`.
#[must_use]
pub fn open(salt: &[u8; 16], head: &[u8], body: &[u8], links: &[impl AsRef<[u8]>], position: usize) -> Opening {
    let mut others = Vec::new();
    for (number, link) in links.iter().enumerate() {
        if number != position {
            others.push(part(&part_salt(salt, b"link", number), link.as_ref()));
        }
    }
    Opening {
        head_salt: part_salt(salt, b"head", 0),
        head: head.to_vec(),
        body: part(&part_salt(salt, b"body", 0), body),
        link_salt: part_salt(salt, b"link", position),
        link: links[position].as_ref().to_vec(),
        position,
        others,
    }
}

impl Opening {
    /// The commitment that this opening belongs to; `None` if the position is out of range.
    #[must_use]
    pub fn commitment(&self) -> Option<Hash> {
        if self.position > self.others.len() {
            return None;
        }
        let mut links = self.others.clone();
        links.insert(self.position, part(&self.link_salt, &self.link));
        Some(join(&part(&self.head_salt, &self.head), &self.body, &links))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_leads_back_to_the_commitment_and_a_changed_one_does_not() {
        let (salt, head, body, links) = ([7; 16], b"who and when", b"rows", [b"anna", b"binh"]);
        let commitment = commit(&salt, head, body, &links);
        for position in 0..2 {
            let opening = open(&salt, head, body, &links, position);
            assert_eq!(opening.commitment(), Some(commitment));
            assert!(opening.head_salt != salt && opening.link_salt != salt);
            let changed = Opening { head: b"who and then".to_vec(), ..opening.clone() };
            assert_ne!(changed.commitment(), Some(commitment));
            let changed = Opening { position: 1 - position, ..opening.clone() };
            assert_ne!(changed.commitment(), Some(commitment));
            let changed = Opening { position: 9, ..opening };
            assert_eq!(changed.commitment(), None);
        }
        assert_ne!(commit(&[8; 16], head, body, &links), commitment);
    }
}
