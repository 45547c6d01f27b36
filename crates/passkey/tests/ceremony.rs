//! Registration and sign-in with an authenticator of the test's own, and each way in which they are refused.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use passkey::{ClientData, Error, Kept, Site, register, verify};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const ORIGIN: &str = "http://localhost:8080";
/// Present, verified.
const FLAGS: u8 = 0b101;

fn client(kind: &str, origin: &str, more: &str) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode([7; 32]);
    format!(r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[9; 32]).unwrap()
}

fn head(id: &str, flags: u8, counter: u32) -> Vec<u8> {
    [Sha256::digest(id.as_bytes()).as_slice(), &[flags], &counter.to_be_bytes()].concat()
}

fn registration(flags: u8, id: &[u8]) -> Vec<u8> {
    let point = key().verifying_key().to_sec1_point(false);
    let point = point.as_bytes();
    let mut data = head("localhost", flags | 1 << 6, 0);
    data.extend([0; 16]);
    data.extend((id.len() as u16).to_be_bytes());
    data.extend(id);
    data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20]);
    data.extend(&point[1..33]);
    data.extend([0x22, 0x58, 0x20]);
    data.extend(&point[33..]);
    data
}

fn registered(client_data: &[u8], data: &[u8]) -> Result<(Vec<u8>, Kept), Error> {
    register(&Site::at(ORIGIN).unwrap(), &ClientData::parse(client_data)?, data)
}

fn signed_in(client_data: &[u8], data: &[u8], kept: &Kept) -> Result<Kept, Error> {
    let message = [data, &Sha256::digest(client_data)].concat();
    let signature: DerSignature = key().sign(&message);
    verify(&Site::at(ORIGIN).unwrap(), &ClientData::parse(client_data)?, data, signature.as_bytes(), kept)
}

fn kept() -> Kept {
    registered(&client("create", ORIGIN, ""), &registration(FLAGS, b"one")).unwrap().1
}

#[test]
fn a_registered_passkey_signs_in_and_its_counter_only_grows() {
    let (id, first) = registered(&client("create", ORIGIN, ""), &registration(FLAGS, b"one")).unwrap();
    assert_eq!(id, b"one");
    let own = client("get", ORIGIN, r#","crossOrigin":false,"more":{"a":[1]}"#);
    let second = signed_in(&own, &head("localhost", FLAGS, 0), &first).unwrap();
    let third = signed_in(&own, &head("localhost", FLAGS, 5), &second).unwrap();
    assert_eq!(third.counter, 5);
    for counter in [0, 4, 5] {
        assert_eq!(signed_in(&own, &head("localhost", FLAGS, counter), &third), Err(Error::Counter), "{counter}");
    }
}

#[test]
fn what_is_not_for_this_site_and_this_ceremony_is_refused() {
    let check = |client_data: Vec<u8>, data: Vec<u8>, expected: Error| {
        assert_eq!(signed_in(&client_data, &data, &kept()), Err(expected));
    };
    let data = |flags| head("localhost", flags, 0);
    check(client("create", ORIGIN, ""), data(FLAGS), Error::Ceremony);
    for origin in
        ["http://localhost:8081", "http://localhost", "https://localhost:8080", "http://localhost:8080.evil.example"]
    {
        check(client("get", origin, ""), data(FLAGS), Error::Origin);
    }
    check(client("get", ORIGIN, r#","crossOrigin":true"#), data(FLAGS), Error::Origin);
    check(client("get", ORIGIN, r#","topOrigin":"https://evil.example""#), data(FLAGS), Error::Origin);
    check(client("get", ORIGIN, ""), head("evil.example", FLAGS, 0), Error::RelyingParty);
    check(client("get", ORIGIN, ""), data(0b001), Error::Unverified);
    check(client("get", ORIGIN, ""), data(0b100), Error::Unverified);
    check(client("get", ORIGIN, ""), data(FLAGS | 1 << 3), Error::Eligibility);
    check(client("get", ORIGIN, ""), data(FLAGS | 1 << 4), Error::Malformed("authenticator data"));
    let other = Kept {
        public_key: SigningKey::from_slice(&[8; 32]).unwrap().verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        ..kept()
    };
    assert_eq!(signed_in(&client("get", ORIGIN, ""), &data(FLAGS), &other), Err(Error::Signature));
}

#[test]
fn only_an_es256_key_that_is_a_point_is_registered() {
    let own = client("create", ORIGIN, "");
    let mut data = registration(FLAGS, b"one");
    let key_at = 37 + 16 + 2 + 3;
    for (at, byte) in [(0, 0xa4), (2, 3), (4, 0x27), (6, 2)] {
        let mut changed = data.clone();
        changed[key_at + at] = byte;
        assert_eq!(registered(&own, &changed), Err(Error::Algorithm), "byte {at} of the key");
    }
    let last = data.len() - 1;
    data[last] ^= 1;
    assert_eq!(registered(&own, &data), Err(Error::Algorithm), "no point of the curve");
    assert!(registered(&own, &registration(FLAGS, &[1; 1_024])).is_err(), "an id that is too long");
    assert!(registered(&own, &registration(FLAGS, &[])).is_err(), "no id");
    assert!(registered(&own, &head("localhost", FLAGS, 0)).is_err(), "no credential");
    let trailing = [registration(FLAGS, b"one"), vec![0]].concat();
    assert!(registered(&own, &trailing).is_err(), "something after the key that no flag announces");
    let mut extended = [registration(FLAGS, b"one"), vec![0xa0]].concat();
    extended[32] |= 1 << 7;
    assert!(registered(&own, &extended).is_ok(), "what extensions say is passed over");
    assert_eq!(ClientData::parse(&vec![b' '; 10_000]), Err(Error::Malformed("client data")));
}

proptest! {
    #[test]
    fn any_bytes_give_an_answer(client_data: Vec<u8>, data: Vec<u8>, signature: Vec<u8>) {
        let site = Site::at(ORIGIN).unwrap();
        let client_data = ClientData::parse(&client_data).unwrap_or(ClientData::parse(&client("get", ORIGIN, "")).unwrap());
        prop_assert!(register(&site, &client_data, &data).is_err());
        prop_assert!(verify(&site, &client_data, &data, &signature, &kept()).is_err());
    }
}
