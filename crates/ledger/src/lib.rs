//! The signed ledger: commitments, Merkle tree in tiles, checkpoints, head map, proofs.
//!
//! Standards: RFC 6962 section 2.1 (the tree), C2SP tlog-tiles (its layout), C2SP signed-note and tlog-checkpoint
//! (what is signed).
//! Invariant: the ledger holds no personal data; an entry is a salted commitment to an event.
//! Not here: files (`ports::tiles`), events (`journal`), and what an event means.
//! Start reading at [`commit`], then [`Tree`], then [`Checkpoint`].

mod checkpoint;
mod commitment;
mod heads;
mod proof;
mod tile;
mod tree;

pub use checkpoint::{Checkpoint, HeadsAt, SigningKey, VerifyingKey};
pub use commitment::{Opening, commit, open};
pub use heads::{Head, HeadProof, Heads};
pub use proof::{Proof, ProvenEvent};
pub use tile::{Tile, TileError, Tiles, WIDTH, entry_path, tile_path};
pub use tree::{Tree, inclusion, verify_inclusion};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Why a checkpoint or a proof is refused, or a tree cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no checkpoint of C2SP tlog-checkpoint.
    #[error("line {line} of the checkpoint: {cause}")]
    Checkpoint {
        /// 1 for the first line.
        line: usize,
        /// What is wrong with it.
        cause: &'static str,
    },
    /// No signature by the key asked for, or a wrong one.
    #[error("the checkpoint is not signed by {0}")]
    Signature(String),
    /// A verifier key that cannot be read.
    #[error("the key cannot be read")]
    Key,
    /// The proof file cannot be read.
    #[error("the proof cannot be read: {0}")]
    Malformed(String),
    /// An event of the person is missing, or stands in the wrong place.
    #[error("event {0} of the person is missing or in the wrong place")]
    Chain(u64),
    /// An event is not what was committed to.
    #[error("event {0} of the person is not the one in the ledger")]
    Commitment(u64),
    /// An event is not in the tree that the checkpoint signs.
    #[error("event {0} of the person is not under the signed root")]
    Inclusion(u64),
    /// The last event shown is not the person's last, or the person is not in the head map.
    #[error("the last event shown is not the last one of the person")]
    Head,
    /// A tile is missing or has the wrong size.
    #[error(transparent)]
    Tile(#[from] TileError),
}

impl Error {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Checkpoint { .. } => "checkpoint-malformed",
            Error::Signature(_) => "checkpoint-signature",
            Error::Key => "ledger-key",
            Error::Malformed(_) => "proof-malformed",
            Error::Chain(_) => "proof-chain",
            Error::Commitment(_) => "proof-commitment",
            Error::Inclusion(_) => "proof-inclusion",
            Error::Head => "proof-head",
            Error::Tile(_) => "ledger-tile",
        }
    }
}

/// SHA-256 over parts, one after the other.
pub(crate) fn hash(parts: &[&[u8]]) -> Hash {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Bytes as base64 in JSON.
pub(crate) mod base64_bytes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(serde::de::Error::custom)?;
        T::try_from(bytes).map_err(|_| serde::de::Error::custom("wrong length"))
    }
}

/// Lists of hashes as base64 in JSON.
pub(crate) mod base64_hashes {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, ser::SerializeSeq};

    pub(crate) fn serialize<S: Serializer>(hashes: &[super::Hash], serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(hashes.len()))?;
        for hash in hashes {
            sequence.serialize_element(&STANDARD.encode(hash))?;
        }
        sequence.end()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<super::Hash>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let read = |text: String| {
            let bytes = STANDARD.decode(text).map_err(serde::de::Error::custom)?;
            super::Hash::try_from(bytes).map_err(|_| serde::de::Error::custom("a hash has 32 bytes"))
        };
        texts.into_iter().map(read).collect()
    }
}
