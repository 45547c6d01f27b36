//! Keys from passwords and from shared secrets.
//!
//! Standard: Doc 9303-11, 9.7.1 (KDF), 9.7.2 (password keys), 9.7.4 (session keys).
//! Start reading at [`Keys::derive`].

use alloc::vec::Vec;
use lds::security_info::Cipher;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What opens the card: printed on it, or derived from its machine readable zone.
#[derive(Clone, PartialEq, Eq)]
pub enum Password {
    /// The card access number, its digits.
    Can(Zeroizing<Vec<u8>>),
    /// SHA-1 of number, birth and expiry with their check digits.
    Mrz(Zeroizing<[u8; 20]>),
}

impl core::fmt::Debug for Password {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Password::Can(_) => "Password::Can(…)",
            Password::Mrz(_) => "Password::Mrz(…)",
        })
    }
}

impl Password {
    /// The password that is a card access number.
    pub fn can(digits: &str) -> Password {
        Password::Can(Zeroizing::new(digits.as_bytes().to_vec()))
    }

    /// The password that is the information string of the zone, as `lds::mrz::information` gives it.
    pub fn mrz(information: &str) -> Password {
        Password::Mrz(Zeroizing::new(Sha1::digest(information.as_bytes()).into()))
    }

    /// The number by which MSE:SET AT names it.
    pub fn reference(&self) -> u8 {
        match self {
            Password::Mrz(_) => 1,
            Password::Can(_) => 2,
        }
    }

    /// The key that encrypts the nonce.
    pub(crate) fn key(&self, cipher: Cipher) -> Zeroizing<Vec<u8>> {
        match self {
            Password::Can(digits) => derive(cipher, digits, 3),
            Password::Mrz(hash) => derive(cipher, &hash[..], 3),
        }
    }
}

/// The two keys of a session.
#[derive(Clone)]
pub struct Keys {
    pub(crate) cipher: Cipher,
    pub(crate) enc: Zeroizing<Vec<u8>>,
    pub(crate) mac: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Keys({})", self.cipher.name())
    }
}

impl Keys {
    /// The keys that follow from a shared secret.
    pub fn derive(cipher: Cipher, shared_secret: &[u8]) -> Keys {
        Keys { cipher, enc: derive(cipher, shared_secret, 1), mac: derive(cipher, shared_secret, 2) }
    }

    /// The cipher they are for.
    pub fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// The bytes of both keys, for comparison with published examples.
    #[doc(hidden)]
    pub fn expose(&self) -> (&[u8], &[u8]) {
        (&self.enc, &self.mac)
    }
}

fn derive(cipher: Cipher, secret: &[u8], counter: u32) -> Zeroizing<Vec<u8>> {
    let counter = counter.to_be_bytes();
    let hash = match cipher {
        Cipher::Aes128 => Zeroizing::new(Sha1::new().chain_update(secret).chain_update(counter).finalize().to_vec()),
        Cipher::Aes192 | Cipher::Aes256 => {
            Zeroizing::new(Sha256::new().chain_update(secret).chain_update(counter).finalize().to_vec())
        }
    };
    Zeroizing::new(hash.iter().take(cipher.key_len()).copied().collect())
}
