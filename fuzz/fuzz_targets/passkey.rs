//! What a browser sends at registration and sign-in: any bytes are answered, and only what the key signed is accepted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passkey::{AuthenticatorData, ClientData, Error, Kept, Site, register, verify};
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

static SITE: LazyLock<Site> = LazyLock::new(|| Site::at("https://example.org").expect("a site"));
const CREATE: &[u8] =
    br#"{"type":"webauthn.create","challenge":"AAAA","origin":"https://example.org","crossOrigin":false}"#;
const GET: &[u8] = br#"{"type":"webauthn.get","challenge":"AAAA","origin":"https://example.org","crossOrigin":false}"#;
/// SHA-256 of `example.org`.
const ID: [u8; 32] = [
    0xbf, 0xab, 0xc3, 0x74, 0x32, 0x95, 0x8b, 0x06, 0x33, 0x60, 0xd3, 0xad, 0x64, 0x61, 0xc9, 0xc4, 0x73, 0x5a, 0xe7,
    0xf8, 0xed, 0xd4, 0x65, 0x92, 0xa5, 0xe0, 0xf0, 0x14, 0x52, 0xb2, 0xe4, 0xb5,
];
/// The generator of the curve, which is as good a key as any that nobody signs with.
static DATA: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let point = p256::AffinePoint::GENERATOR;
    let key = p256::ecdsa::VerifyingKey::from_affine(point).expect("a point").to_sec1_point(false);
    let key = key.as_bytes();
    let mut data = [ID.as_slice(), &[0b0100_0101, 0, 0, 0, 1], &[0; 16], &[0, 3, 1, 2, 3]].concat();
    data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20]);
    data.extend(&key[1..33]);
    data.extend([0x22, 0x58, 0x20]);
    data.extend(&key[33..]);
    data
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let (client, authenticator) = match way % 3 {
        0 => (changed(CREATE, data), DATA.clone()),
        1 => (CREATE.to_vec(), changed(&DATA, data)),
        _ => (changed(GET, data), data.to_vec()),
    };
    let read = AuthenticatorData::parse(&authenticator);
    let Ok(client) = ClientData::parse(&client) else { return };
    if let Ok((id, kept)) = register(&SITE, &client, &authenticator) {
        let credential = read.expect("what is registered was read").credential.expect("a credential");
        assert_eq!((id, kept.public_key.as_slice()), (credential.id, credential.public_key.as_slice()));
        // Nobody has signed anything with this key.
        assert!(matches!(verify(&SITE, &client, &authenticator, data, &kept), Err(Error::Ceremony)));
    }
    let point = DATA[DATA.len() - 77..].to_vec();
    let public_key = [&[4], &point[10..42], &point[45..77]].concat();
    let kept = Kept { public_key, counter: 0, eligible: false, backed_up: false };
    assert!(verify(&SITE, &client, &authenticator, data, &kept).is_err());
});
