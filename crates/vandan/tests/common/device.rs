//! A device with a passkey, as a browser would speak for it.

pub(crate) use base64::Engine;
pub(crate) use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};

/// A device of the test's own, with one passkey.
pub(crate) struct Device {
    key: SigningKey,
    pub(crate) id: &'static [u8],
    counter: u32,
}

impl Device {
    pub(crate) fn new(id: &'static [u8]) -> Device {
        Device { key: SigningKey::from_slice(&[id[0]; 32]).unwrap(), id, counter: 0 }
    }

    /// The fields of the form that adds the passkey.
    pub(crate) fn create(&self, challenge: &str, origin: &str) -> String {
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let mut data = head(0b100_0101, 0);
        data.extend([0; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(self.id);
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        let client = client("create", challenge, origin);
        format!("client_data={}&authenticator_data={}", BASE64.encode(client), BASE64.encode(data))
    }

    /// The fields of the form that signs in.
    pub(crate) fn get(&mut self, challenge: &str, origin: &str, user: &[u8]) -> String {
        self.counter += 1;
        let (client, data) = (client("get", challenge, origin), head(0b101, self.counter));
        let signature: DerSignature = self.key.sign(&[data.as_slice(), &Sha256::digest(&client)].concat());
        format!(
            "credential={}&user={}&client_data={}&authenticator_data={}&signature={}&next=/persons",
            BASE64.encode(self.id),
            BASE64.encode(user),
            BASE64.encode(client),
            BASE64.encode(data),
            BASE64.encode(signature.as_bytes())
        )
    }
}

fn head(flags: u8, counter: u32) -> Vec<u8> {
    [Sha256::digest("localhost").as_slice(), &[flags], &counter.to_be_bytes()].concat()
}

fn client(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    format!(r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#).into()
}

/// The challenge that a page's form was shown with.
pub(crate) fn challenge(page: &str) -> String {
    page.split("data-challenge=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
