//! Chip Authentication version 1 over ECDH: the chip proves that it holds the key which EF.SOD vouches for.
//!
//! Standard: Doc 9303-11, 6.2. With AES the terminal sends MSE:SET AT (protocol, key) and GENERAL AUTHENTICATE (its
//! ephemeral key); afterwards both sides use new keys. The proof is complete when the next answer opens with them.
//! MSE:SET KAT, which is for 3DES, is not done here.
//! Start reading at [`Terminal::start`] or [`card`].

use alloc::vec::Vec;
use apdu::Command;
use lds::PublicKey;
use lds::security_info::Cipher;
use lds::tlv;

use crate::{Entropy, Error, Keys, Point, Secret, message};

/// Operations on the curve that the card makes.
pub const CARD_EC_OPERATIONS: u32 = 1;

/// The card's side: the answer to GENERAL AUTHENTICATE and the keys that hold afterwards.
///
/// # Errors
/// [`Error`] where the message is malformed or the terminal's key is no point.
pub fn card(cipher: Cipher, secret: &Secret, data: &[u8]) -> Result<(Vec<u8>, Keys), Error> {
    let other = Point::parse(secret.curve(), message::unwrap(data, 0x80)?)?;
    Ok((message::empty(), Keys::derive(cipher, other.times(secret)?.x())))
}

/// The terminal's side.
#[derive(Debug)]
pub struct Terminal {
    /// MSE:SET AT.
    pub select: Command,
    /// GENERAL AUTHENTICATE.
    pub authenticate: Command,
    /// The keys that hold once the card has answered both.
    pub keys: Keys,
}

impl Terminal {
    /// The two commands and the keys, for a chip with this public key.
    ///
    /// # Errors
    /// [`Error::Point`] where the chip's key is no point of its curve.
    pub fn start(
        cipher: Cipher,
        chip: &PublicKey,
        key_id: Option<u32>,
        entropy: &mut dyn Entropy,
    ) -> Result<Terminal, Error> {
        let chip = Point::parse(chip.curve, &chip.point)?;
        let secret = Secret::generate(chip.curve(), entropy);
        let mut reference = tlv::encode(0x80, &cipher.chip_authentication_oid());
        if let Some(id) = key_id {
            let id = id.to_be_bytes();
            let skip = id.iter().take_while(|byte| **byte == 0).count().min(3);
            tlv::write(&mut reference, 0x84, id.get(skip..).unwrap_or_default());
        }
        let data = message::wrap(0x80, secret.public().as_bytes());
        Ok(Terminal {
            select: Command::new(0x00, 0x22, 0x41, 0xA4).with_data(reference),
            authenticate: Command::new(0x00, 0x86, 0, 0).with_data(data).expecting(256),
            keys: Keys::derive(cipher, chip.times(&secret)?.x()),
        })
    }
}
