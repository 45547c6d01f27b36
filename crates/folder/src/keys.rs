//! The keys port on a file: one master secret (mode 0600), from which every other key is derived.
//!
//! Standards: HMAC (RFC 2104) as the derivation, XChaCha20-Poly1305 for wrapping.
//! For demonstrations and laptops. A ministry keeps the master secret in a hardware module behind the same port.

use crate::{read_whole, write_secret};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use ledger::{Checkpoint, SigningKey, VerifyingKey};
use ports::Fault;
use ports::keys::Keys;
use sha2::Sha256;
use std::path::Path;
use zeroize::Zeroizing;

/// The name of the file in the folder of keys.
const FILE: &str = "master.key";

/// Keys derived from a master secret in a file.
pub struct KeyFile {
    /// The master secret, taken up once: a token is then two compressions less.
    master: Hmac<Sha256>,
    wrapping: XChaCha20Poly1305,
    ledger: SigningKey,
}

fn derive(master: &Hmac<Sha256>, label: &str, data: &[u8]) -> [u8; 32] {
    let mut mac = master.clone();
    mac.update(label.as_bytes());
    mac.update(&[0]);
    mac.update(data);
    mac.finalize().into_bytes().into()
}

impl KeyFile {
    /// Makes the file from 32 random bytes, for the ledger called `origin`; refuses to replace one.
    pub fn create(folder: &Path, secret: [u8; 32], origin: &str) -> Result<KeyFile, Fault> {
        let file = folder.join(FILE);
        if file.exists() {
            return Err(Fault::Refused { what: "keys".into(), cause: "there are keys already".into() });
        }
        let mut bytes = secret.to_vec();
        bytes.extend_from_slice(origin.as_bytes());
        write_secret(&file, &bytes)?;
        Ok(KeyFile::from_parts(secret, origin))
    }

    /// Opens the file.
    pub fn open(folder: &Path) -> Result<KeyFile, Fault> {
        let missing = || Fault::Refused { what: "keys".into(), cause: "there is no master key here".into() };
        let bytes = Zeroizing::new(read_whole(&folder.join(FILE))?.ok_or_else(missing)?);
        let damaged = || Fault::Damaged { what: "keys".into(), cause: "not a master key".into() };
        let (secret, origin) = bytes.split_at_checked(32).ok_or_else(damaged)?;
        let origin = std::str::from_utf8(origin).map_err(|_| damaged())?;
        Ok(KeyFile::from_parts(secret.try_into().map_err(|_| damaged())?, origin))
    }

    fn from_parts(secret: [u8; 32], origin: &str) -> KeyFile {
        let secret = Zeroizing::new(secret);
        let master = <Hmac<Sha256> as KeyInit>::new_from_slice(&*secret);
        let master = master.unwrap_or_else(|_| unreachable!("any length is a key"));
        let wrapping = derive(&master, "wrap", &[]);
        KeyFile {
            wrapping: XChaCha20Poly1305::new(&wrapping.into()),
            ledger: SigningKey::new(origin, &derive(&master, "ledger", &[])),
            master,
        }
    }
}

impl Keys for KeyFile {
    fn wrap(&self, key: &[u8; 32], context: &[u8], nonce: [u8; 24]) -> Vec<u8> {
        let mut wrapped = nonce.to_vec();
        let sealed = self.wrapping.encrypt(&XNonce::from(nonce), Payload { msg: key, aad: context });
        wrapped.extend(sealed.unwrap_or_else(|_| unreachable!("32 bytes are never too long")));
        wrapped
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<[u8; 32], Fault> {
        let damaged = || Fault::Damaged { what: "data key".into(), cause: "does not open under the master key".into() };
        let (nonce, sealed) = wrapped.split_at_checked(24).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        let key = self.wrapping.decrypt(&nonce, Payload { msg: sealed, aad: context }).map_err(|_| damaged())?;
        key.try_into().map_err(|_| damaged())
    }

    fn mac(&self, label: &str, data: &[u8]) -> [u8; 32] {
        derive(&self.master, label, data)
    }

    fn sign(&self, checkpoint: &Checkpoint) -> String {
        checkpoint.sign(&self.ledger)
    }

    fn verifying(&self) -> VerifyingKey {
        self.ledger.verifying()
    }

    fn packet_secret(&self) -> [u8; 32] {
        derive(&self.master, "packet", &[])
    }
}
