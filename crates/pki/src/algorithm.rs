//! Hashes and signatures by their object identifiers.
//!
//! Standard: RFC 5758 and RFC 8017 (identifiers), SEC 1, 4.1.4 (ECDSA). Verified here: ECDSA on P-256 and
//! brainpoolP256r1. Everything else, RSA above all, is answered with "unsupported" and never with "wrong".

use bp256::BrainpoolP256r1;
use ecdsa::signature::hazmat::PrehashVerifier;
use lds::tlv::{self, tag};
use lds::{Curve, PublicKey};
use p256::NistP256;
use sha2::Digest;

/// ecdsa-with-SHA256, 1.2.840.10045.4.3.2
const ECDSA_SHA256: [u8; 8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1; read for old documents, never written.
    Sha1,
    /// SHA-224
    Sha224,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    const TABLE: [(Hash, &'static [u8], &'static [u8]); 5] = [
        (Hash::Sha1, &[0x2B, 0x0E, 0x03, 0x02, 0x1A], &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01]),
        (
            Hash::Sha224,
            &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x01],
        ),
        (Hash::Sha256, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], &ECDSA_SHA256),
        (
            Hash::Sha384,
            &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03],
        ),
        (
            Hash::Sha512,
            &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
            &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04],
        ),
    ];

    /// The hash with this object identifier.
    pub(crate) fn from_oid(oid: &[u8]) -> Option<Hash> {
        Hash::TABLE.into_iter().find(|(_, hash, _)| *hash == oid).map(|(hash, ..)| hash)
    }

    /// The hash used by this ECDSA signature algorithm.
    fn from_ecdsa_oid(oid: &[u8]) -> Option<Hash> {
        Hash::TABLE.into_iter().find(|(_, _, ecdsa)| *ecdsa == oid).map(|(hash, ..)| hash)
    }

    /// The digest of `data`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => sha1::Sha1::digest(data).to_vec(),
            Hash::Sha224 => sha2::Sha224::digest(data).to_vec(),
            Hash::Sha256 => sha2::Sha256::digest(data).to_vec(),
            Hash::Sha384 => sha2::Sha384::digest(data).to_vec(),
            Hash::Sha512 => sha2::Sha512::digest(data).to_vec(),
        }
    }
}

/// AlgorithmIdentifier of ecdsa-with-SHA256, which has no parameters.
pub(crate) fn ecdsa_sha256() -> Vec<u8> {
    tlv::encode(tag::SEQUENCE, &tlv::encode(tag::OID, &ECDSA_SHA256))
}

/// AlgorithmIdentifier of SHA-256, without parameters as RFC 5754 recommends.
pub(crate) fn sha256() -> Vec<u8> {
    tlv::encode(tag::SEQUENCE, &tlv::encode(tag::OID, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]))
}

/// Ecdsa-Sig-Value of r and s.
pub(crate) fn signature_value(signature: &crate::Signature) -> Vec<u8> {
    let (r, s) = signature.split_at(32);
    tlv::wrap(tag::SEQUENCE, &[tlv::integer(r), tlv::integer(s)])
}

/// What checking a signature found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Right,
    Wrong,
    Unsupported,
}

/// Checks a signature by a SubjectPublicKeyInfo. `digest_algorithm` is what CMS states beside the signature algorithm;
/// where both name a hash they must agree.
pub(crate) fn check(
    algorithm: &[u8],
    digest_algorithm: Option<Hash>,
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Check {
    let Some(hash) = Hash::from_ecdsa_oid(algorithm) else { return Check::Unsupported };
    if digest_algorithm.is_some_and(|stated| stated != hash) {
        return Check::Wrong;
    }
    let key = match PublicKey::parse(public_key) {
        Ok(key) => key,
        Err(lds::Error::Unsupported { .. }) => return Check::Unsupported,
        Err(_) => return Check::Wrong,
    };
    let digest = hash.digest(message);
    macro_rules! on {
        ($curve:ty) => {{
            let key = ecdsa::VerifyingKey::<$curve>::from_sec1_bytes(&key.point);
            let signature = ecdsa::Signature::<$curve>::from_der(signature);
            key.is_ok_and(|key| signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()))
        }};
    }
    let right = match key.curve {
        Curve::P256 => on!(NistP256),
        Curve::BrainpoolP256r1 => on!(BrainpoolP256r1),
    };
    if right { Check::Right } else { Check::Wrong }
}
