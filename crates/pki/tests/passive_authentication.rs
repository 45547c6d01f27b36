//! A chain of our own, made, verified, and then broken in every way that has a reason.

#![allow(clippy::unwrap_used, reason = "a test")]

use der::Decode;
use ecdsa::signature::hazmat::PrehashSigner;
use lds::{Curve, Date, PublicKey};
use p256::ecdsa::{Signature, SigningKey};
use pki::passive::{Reason, Verdict, verify};
use pki::profile::Statement;
use pki::{Certificate, Refused, Time, ef_sod, profile};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn sign(key: &SigningKey) -> impl FnMut(&[u8; 32]) -> Result<pki::Signature, Refused> + '_ {
    |digest| {
        let signature: Signature = key.sign_prehash(digest).map_err(|_| Refused)?;
        Ok(signature.to_bytes().into())
    }
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey { curve: Curve::P256, point: key.verifying_key().to_sec1_point(false).as_bytes().to_vec() }
}

fn day(year: u16) -> Time {
    Time::start_of(Date::new(year, 6, 1).unwrap())
}

fn statement<'a>(common_name: &'a str, public_key: &'a PublicKey, years: [u16; 2]) -> Statement<'a> {
    Statement {
        serial: [0x9A; 16],
        country: "VN",
        country_in_zone: "VNM",
        organisation: "Thử nghiệm",
        common_name,
        email: "csca@example.vn",
        revocation_uri: "http://example.vn/csca.crl",
        not_before: day(years[0]),
        not_after: day(years[1]),
        private_key_until: day(years[0] + 3),
        public_key,
    }
}

struct Chain {
    csca: Certificate,
    signer: Certificate,
}

fn chain(csca_seed: u8) -> Chain {
    let (csca_key, signer_key) = (key(csca_seed), key(77));
    let csca = profile::csca(&statement("CSCA", &public(&csca_key), [2020, 2052]), &mut sign(&csca_key)).unwrap();
    let csca = Certificate::parse(&csca).unwrap();
    let public_key = public(&signer_key);
    let statement = statement("Document signer", &public_key, [2020, 2045]);
    let signer = profile::document_signer(&statement, &["ID"], &csca, &mut sign(&csca_key)).unwrap();
    Chain { signer: Certificate::parse(&signer).unwrap(), csca }
}

const GROUPS: [(u8, &[u8]); 2] = [(1, b"first"), (13, b"second")];

fn sod(chain: &Chain) -> Vec<u8> {
    ef_sod::make(&GROUPS, &chain.signer, day(2021), &mut sign(&key(77))).unwrap()
}

#[track_caller]
fn check(sod: &[u8], groups: &[(u8, &[u8])], csca: &[Certificate], year: u16, reasons: &[Reason]) {
    let (verdict, found) = verify(sod, groups, csca, day(year));
    assert_eq!(found, reasons);
    assert_eq!(verdict == Verdict::Valid, reasons.is_empty());
}

#[test]
fn a_genuine_file_is_valid() {
    let chain = chain(5);
    check(&sod(&chain), &GROUPS, std::slice::from_ref(&chain.csca), 2030, &[]);
    check(&sod(&chain), &GROUPS[..1], &[self::chain(6).csca, chain.csca], 2030, &[]);
}

#[test]
fn every_reason() {
    let (chain, other) = (chain(5), chain(6));
    let (sod, trusted) = (sod(&chain), std::slice::from_ref(&chain.csca));
    check(&sod, &[(1, b"First")], trusted, 2030, &[Reason::HashMismatch(1)]);
    check(&sod, &[(2, b"")], trusted, 2030, &[Reason::NotSigned(2)]);
    check(&sod, &GROUPS, &[], 2030, &[Reason::NoCsca]);
    check(&sod, &GROUPS, std::slice::from_ref(&other.csca), 2030, &[Reason::SignerUntrusted]);
    check(&sod, &GROUPS, std::slice::from_ref(&chain.signer), 2030, &[Reason::SignerUntrusted]);
    check(&sod, &GROUPS, trusted, 2046, &[Reason::SignerExpired]);
    check(&sod, &GROUPS, trusted, 2053, &[Reason::SignerExpired, Reason::CscaExpired]);
    check(b"", &GROUPS, trusted, 2030, &[Reason::SodMalformed]);
    let forged = ef_sod::make(&GROUPS, &chain.signer, day(2021), &mut sign(&key(78))).unwrap();
    check(&forged, &GROUPS, trusted, 2030, &[Reason::SignatureWrong]);
    assert_eq!(verify(&sod, &GROUPS, &[], day(2030)).0, Verdict::Unknown);
}

#[test]
fn the_same_name_with_another_key_is_no_issuer() {
    let (chain, mut impostor) = (chain(5), chain(6).csca);
    impostor.subject_key_id = chain.csca.subject_key_id.clone();
    check(&sod(&chain), &GROUPS, &[impostor], 2030, &[Reason::SignerForged]);
}

#[test]
fn no_changed_byte_of_the_file_stays_valid() {
    let chain = chain(5);
    let genuine = sod(&chain);
    let mut unnoticed = Vec::new();
    for at in 0..genuine.len() {
        let mut changed = genuine.clone();
        changed[at] ^= 1;
        let (verdict, _) = verify(&changed, &GROUPS, std::slice::from_ref(&chain.csca), day(2030));
        if verdict == Verdict::Valid {
            unnoticed.push(at);
        }
    }
    // The version of SignedData, its list of digest algorithms, and the version of SignerInfo are not signed and
    // decide nothing. Every other byte is covered.
    let set_of_digest_algorithms = genuine.windows(4).position(|window| window == [0x31, 13, 0x30, 11]).unwrap();
    unnoticed.retain(|at| !(set_of_digest_algorithms..set_of_digest_algorithms + 15).contains(at));
    let is_version = |at: &usize| matches!(genuine[at - 2..*at], [2, 1]);
    assert!(unnoticed.len() == 2 && unnoticed.iter().all(is_version), "{unnoticed:?}");
}

#[test]
fn another_parser_reads_the_certificates() {
    let Chain { csca, signer } = chain(5);
    for (bytes, extensions) in [(csca.as_bytes(), 8), (signer.as_bytes(), 8)] {
        let certificate = x509_cert::Certificate::from_der(bytes).unwrap();
        let tbs = certificate.tbs_certificate();
        assert_eq!(tbs.extensions().map(|list| list.len()), Some(extensions));
        assert!(tbs.issuer().to_string().contains("C=VN"));
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        proptest::prop_assert!(Certificate::parse(&bytes).is_err());
        proptest::prop_assert!(ef_sod::EfSod::parse(&bytes).is_err());
    }
}
