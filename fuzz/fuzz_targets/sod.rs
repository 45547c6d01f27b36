//! EF.SOD and certificates: parsed or refused; nothing that was changed is valid for the data groups.
#![no_main]

use ecdsa::signature::hazmat::PrehashSigner;
use lds::{Curve, Date, PublicKey};
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::{Signature, SigningKey};
use pki::ef_sod::{EfSod, make};
use pki::passive::{Verdict, verify};
use pki::profile::Statement;
use pki::{Certificate, Refused, Time, profile};
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

const GROUPS: [(u8, &[u8]); 2] = [(1, b"first"), (13, b"second")];

struct Example {
    csca: Certificate,
    signer: Vec<u8>,
    sod: Vec<u8>,
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).expect("a key")
}

fn sign(key: &SigningKey) -> impl FnMut(&[u8; 32]) -> Result<pki::Signature, Refused> + '_ {
    |digest| {
        let signature: Signature = key.sign_prehash(digest).map_err(|_| Refused)?;
        Ok(signature.to_bytes().into())
    }
}

fn day(year: u16) -> Time {
    Time::start_of(Date::new(year, 6, 1).expect("a date"))
}

static EXAMPLE: LazyLock<Example> = LazyLock::new(|| {
    let public = |key: &SigningKey| PublicKey {
        curve: Curve::P256,
        point: key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
    };
    let (csca_key, signer_key) = (key(5), key(77));
    let (csca_public, signer_public) = (public(&csca_key), public(&signer_key));
    let statement = |common_name, public_key| Statement {
        serial: [0x9A; 16],
        country: "VN",
        country_in_zone: "VNM",
        organisation: "Thử nghiệm",
        common_name,
        email: "csca@example.vn",
        revocation_uri: "http://example.vn/csca.crl",
        not_before: day(2020),
        not_after: day(2045),
        private_key_until: day(2023),
        public_key,
    };
    let csca = profile::csca(&statement("CSCA", &csca_public), &mut sign(&csca_key)).expect("it signs");
    let csca = Certificate::parse(&csca).expect("a certificate");
    let signer =
        profile::document_signer(&statement("Document signer", &signer_public), &["ID"], &csca, &mut sign(&csca_key));
    let signer = signer.expect("it signs");
    let parsed = Certificate::parse(&signer).expect("a certificate");
    let sod = make(&GROUPS, &parsed, day(2021), &mut sign(&signer_key)).expect("it signs");
    Example { csca, signer, sod }
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let bytes = match way % 4 {
        0 => data.to_vec(),
        1 => changed(&EXAMPLE.signer, data),
        _ => changed(&EXAMPLE.sod, data),
    };
    if let Ok(certificate) = Certificate::parse(&bytes) {
        assert_eq!(certificate.as_bytes(), bytes);
        let _ = (certificate.is_signed_by(&EXAMPLE.csca), EXAMPLE.csca.is_signed_by(&certificate));
    }
    if let Ok(sod) = EfSod::parse(&bytes) {
        let _ = sod.check_signature();
    }
    let csca = std::slice::from_ref(&EXAMPLE.csca);
    let _ = verify(&bytes, &GROUPS, csca, day(2030));
    // Other data groups are never valid, whatever the file says.
    let (verdict, _) = verify(&bytes, &[(1, b"first"), (13, b"another")], csca, day(2030));
    assert_ne!(verdict, Verdict::Valid);
});
