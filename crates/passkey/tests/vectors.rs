//! The published vector of ES256 without attestation: W3C Web Authentication Level 3, section 16.2.
//!
//! Its authenticator verified nobody, so both ceremonies end at that rule and not before: everything else is right.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use passkey::{AuthenticatorData, ClientData, Error, Kept, Site, register, verify};

const REGISTRATION: [&str; 3] = [
    "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c453551227d",
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
];
const CREDENTIAL: &str = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4";
const SIGN_IN: [&str; 4] = [
    "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
    "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
    "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
];

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

#[test]
fn the_published_registration_is_read_as_published() {
    let client = ClientData::parse(&bytes(REGISTRATION[1])).unwrap();
    assert_eq!(client.challenge(), bytes(REGISTRATION[0]));
    let data = AuthenticatorData::parse(&bytes(REGISTRATION[2])).unwrap();
    assert_eq!((data.present, data.verified, data.eligible, data.backed_up), (true, false, true, true));
    assert_eq!(data.counter, 0);
    assert_eq!(data.credential.unwrap().id, bytes(CREDENTIAL));
    let site = Site::at("https://example.org").unwrap();
    assert_eq!(register(&site, &client, &bytes(REGISTRATION[2])).unwrap_err(), Error::Unverified);
}

#[test]
fn the_published_signature_is_that_of_the_published_key() {
    let site = Site::at("https://example.org").unwrap();
    let registered = AuthenticatorData::parse(&bytes(REGISTRATION[2])).unwrap();
    let public_key = registered.credential.unwrap().public_key.to_vec();
    let kept = Kept { public_key, counter: 0, eligible: true, backed_up: true };
    let client = ClientData::parse(&bytes(SIGN_IN[1])).unwrap();
    assert_eq!(client.challenge(), bytes(SIGN_IN[0]));
    let [data, signature] = [bytes(SIGN_IN[2]), bytes(SIGN_IN[3])];
    // The signature is looked at before the flags: the vector comes as far as the user, a changed one does not.
    assert_eq!(verify(&site, &client, &data, &signature, &kept), Err(Error::Unverified));
    let mut changed = data.clone();
    changed[36] = 1;
    assert_eq!(verify(&site, &client, &changed, &signature, &kept), Err(Error::Signature));
    let mut changed = signature.clone();
    changed[71] ^= 1;
    assert_eq!(verify(&site, &client, &data, &changed, &kept), Err(Error::Signature));
}
