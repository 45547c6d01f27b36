//! An invented person, test keys, and a card made with them.

#![allow(dead_code, clippy::unwrap_used, clippy::missing_panics_doc, reason = "each test uses its part")]

use ecdsa::signature::hazmat::PrehashSigner;
use issuance::{CardHolder, Profile, Signer, assemble};
use lds::mrz::Sex;
use lds::{CardImage, Curve, Date, PublicKey};
use p256::ecdsa::{Signature, SigningKey};
use pki::profile::{self, Statement};
use pki::{Certificate, Refused, Time};

/// Repeatable bytes, different for every seed.
pub(crate) fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |out: &mut [u8]| {
        for byte in out {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
    }
}

pub(crate) fn day(year: u16) -> Time {
    Time::start_of(Date { year, month: 11, day: 1 })
}

/// A CSCA and a document signer.
pub(crate) struct Keys {
    pub(crate) csca: Certificate,
    pub(crate) signer: Certificate,
    key: SigningKey,
}

impl Keys {
    pub(crate) fn new(seed: u8) -> Keys {
        let (csca_key, key) =
            (SigningKey::from_slice(&[seed; 32]).unwrap(), SigningKey::from_slice(&[seed + 100; 32]).unwrap());
        let public = |key: &SigningKey| PublicKey {
            curve: Curve::P256,
            point: key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        };
        let (csca_public, public) = (public(&csca_key), public(&key));
        let statement = |common_name, public_key| Statement {
            serial: [seed; 16],
            country: "VN",
            country_in_zone: "VNM",
            organisation: "Test keys, not for use",
            common_name,
            email: "csca@vandan.example",
            revocation_uri: "http://vandan.example/csca.crl",
            not_before: day(2020),
            not_after: day(2052),
            private_key_until: day(2025),
            public_key,
        };
        let mut sign = |digest: &[u8; 32]| sign(&csca_key, digest);
        let csca = profile::csca(&statement("Test CSCA", &csca_public), &mut sign).unwrap();
        let csca = Certificate::parse(&csca).unwrap();
        let signer = profile::document_signer(&statement("Test signer", &public), &["ID"], &csca, &mut sign).unwrap();
        Keys { signer: Certificate::parse(&signer).unwrap(), csca, key }
    }
}

fn sign(key: &SigningKey, digest: &[u8; 32]) -> Result<pki::Signature, Refused> {
    let signature: Signature = key.sign_prehash(digest).map_err(|_| Refused)?;
    Ok(signature.to_bytes().into())
}

/// The headers of a JPEG of 300 by 400 pixels, filled up to a length: readers keep it, nobody decodes it.
pub(crate) fn jpeg(len: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 1, 0x90, 1, 0x2C, 1, 1, 0x11, 0];
    bytes.resize(len.max(64) - 2, 0x5A);
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    bytes
}

pub(crate) fn holder(face_len: usize) -> CardHolder {
    CardHolder {
        number: "001099000017".into(),
        full_name: "Nguyễn Văn Mẫu".into(),
        birth: Date { year: 1999, month: 1, day: 1 },
        sex: Sex::Male,
        nationality: "Việt Nam".into(),
        ethnic: "Kinh".into(),
        religion: "Không".into(),
        home_town: "Phúc Xá, Ba Đình, Hà Nội".into(),
        residence: "Số 1, đường Mẫu, Phúc Xá, Ba Đình, Hà Nội".into(),
        features: "Nốt ruồi cách 1 cm trên sau cánh mũi trái".into(),
        issue: Date { year: 2021, month: 3, day: 1 },
        expiry: Some(Date { year: 2039, month: 1, day: 1 }),
        parents: ["Nguyễn Văn Cha".into(), "Trần Thị Mẹ".into()],
        old_number: "012345678".into(),
        face_jpeg: jpeg(face_len),
    }
}

pub(crate) fn card(keys: &Keys, profile: &Profile, holder: &CardHolder, seed: u64) -> CardImage {
    let mut sign = |digest: &[u8; 32]| sign(&keys.key, digest);
    let signer = Signer { certificate: &keys.signer, at: day(2021), sign: &mut sign };
    assemble(holder, profile, &mut seeded(seed), signer).unwrap()
}
