//! The checkpoint: origin, size and root of the tree, the root of the head map, and when; signed.
//!
//! Standards: C2SP tlog-checkpoint (lines) and C2SP signed-note (signature lines, verifier keys), Ed25519 (RFC 8032).

use crate::{Error, Hash, hash};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::Signer;

/// The kind of a signed note's Ed25519 key.
const ED25519: u8 = 1;

/// What the ledger's owner stands for at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Which ledger.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// The head map it stands for.
    pub heads: HeadsAt,
    /// When it was signed, microseconds since 1970 (UTC).
    pub signed_us: i64,
}

/// The root of the head map, the size of the tree it was made at, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HeadsAt {
    /// How many entries the tree had.
    pub size: u64,
    /// The map's root.
    pub root: Hash,
    /// Microseconds since 1970 (UTC).
    pub made_us: i64,
}

/// The ledger's private key.
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

/// A key to check checkpoints with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyingKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl SigningKey {
    /// The key made of 32 secret bytes, for the ledger called `name`.
    #[must_use]
    pub fn new(name: &str, secret: &[u8; 32]) -> SigningKey {
        SigningKey { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(secret) }
    }

    /// The public half.
    #[must_use]
    pub fn verifying(&self) -> VerifyingKey {
        VerifyingKey { name: self.name.clone(), key: self.key.verifying_key() }
    }
}

impl VerifyingKey {
    /// Reads the form `name+hash+key` of C2SP signed-note.
    pub fn parse(text: &str) -> Result<VerifyingKey, Error> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| Error::Key)?;
        let [ED25519, key @ ..] = bytes.as_slice() else { return Err(Error::Key) };
        let key = ed25519_dalek::VerifyingKey::from_bytes(key.try_into().map_err(|_| Error::Key)?);
        let key = VerifyingKey { name: name.to_owned(), key: key.map_err(|_| Error::Key)? };
        if hex(&key.id()) == id { Ok(key) } else { Err(Error::Key) }
    }

    /// The name of the ledger it belongs to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        let digest = hash(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]);
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

/// The form `name+hash+key` of C2SP signed-note.
impl std::fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), STANDARD.encode(key))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Checkpoint {
    fn body(&self) -> String {
        format!(
            "{}\n{}\n{}\nheads {} {} {}\ntime {}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root),
            self.heads.size,
            STANDARD.encode(self.heads.root),
            self.heads.made_us,
            self.signed_us
        )
    }

    /// The signed note.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        let body = self.body();
        let mut signature = key.verifying().id().to_vec();
        signature.extend_from_slice(&key.key.sign(body.as_bytes()).to_bytes());
        format!("{body}\n\u{2014} {} {}\n", key.name, STANDARD.encode(signature))
    }

    /// Reads a signed note and checks that `key` signed it.
    pub fn verify(note: &str, key: &VerifyingKey) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::parse(note)?;
        let (body, signatures) = note.split_once("\n\n").ok_or(Error::Checkpoint { line: 6, cause: "no signature" })?;
        let body = format!("{body}\n");
        let prefix = format!("\u{2014} {} ", key.name);
        let good = signatures.lines().filter_map(|line| line.strip_prefix(prefix.as_str())).any(|signature| {
            let Ok(bytes) = STANDARD.decode(signature) else { return false };
            let Some((id, signature)) = bytes.split_at_checked(4) else { return false };
            let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
            id == key.id() && key.key.verify_strict(body.as_bytes(), &signature).is_ok()
        });
        if good && checkpoint.body() == body { Ok(checkpoint) } else { Err(Error::Signature(key.name.clone())) }
    }

    /// Reads a note's lines without checking the signature.
    pub fn parse(note: &str) -> Result<Checkpoint, Error> {
        let fault = |line, cause| Error::Checkpoint { line, cause };
        if note.len() > 4096 {
            return Err(fault(1, "too long"));
        }
        let mut lines = note.lines();
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(fault(1, "no origin"))?.to_owned();
        let size = lines.next().and_then(|line| line.parse().ok()).ok_or(fault(2, "no size"))?;
        let root = lines.next().and_then(read_hash).ok_or(fault(3, "no root hash"))?;
        let heads = lines.next().and_then(|line| line.strip_prefix("heads ")).and_then(read_heads);
        let heads = heads.ok_or(fault(4, "no head map"))?;
        let time = lines.next().and_then(|line| line.strip_prefix("time ")).and_then(|text| text.parse().ok());
        let signed_us = time.ok_or(fault(5, "no time"))?;
        Ok(Checkpoint { origin, size, root, heads, signed_us })
    }
}

fn read_heads(text: &str) -> Option<HeadsAt> {
    let mut parts = text.splitn(3, ' ');
    let (size, root, made_us) = (parts.next()?, parts.next()?, parts.next()?);
    Some(HeadsAt { size: size.parse().ok()?, root: read_hash(root)?, made_us: made_us.parse().ok()? })
}

fn read_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn example() -> Checkpoint {
        Checkpoint {
            origin: "vandan/demo".into(),
            size: 9,
            root: [1; 32],
            heads: HeadsAt { size: 8, root: [2; 32], made_us: 4 },
            signed_us: 5,
        }
    }

    #[test]
    fn a_signed_note_is_read_back_and_a_changed_one_is_refused() {
        let key = SigningKey::new("vandan/demo", &[3; 32]);
        let note = example().sign(&key);
        let public = VerifyingKey::parse(&key.verifying().to_string()).unwrap();
        assert_eq!(Checkpoint::verify(&note, &public), Ok(example()));
        let other = SigningKey::new("vandan/demo", &[4; 32]).verifying();
        assert_eq!(Checkpoint::verify(&note, &other), Err(Error::Signature("vandan/demo".into())));
        for changed in
            [note.replace("\n9\n", "\n10\n"), note.replace("time 5", "time 6"), note.replace("time 5", "time 05")]
        {
            assert!(Checkpoint::verify(&changed, &public).is_err());
        }
    }

    #[test]
    fn a_verifier_key_of_the_standard_is_read() {
        // The example key of C2SP signed-note.
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(VerifyingKey::parse(text).unwrap().to_string(), text);
        assert_eq!(
            VerifyingKey::parse("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
            Err(Error::Key)
        );
    }

    proptest! {
        #[test]
        fn any_note_is_read_or_refused(note in "(.|\n){0,200}") {
            let _ = Checkpoint::parse(&note);
            let _ = VerifyingKey::parse(&note);
        }
    }
}
