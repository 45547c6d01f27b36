//! PACE with generic mapping over elliptic curves: a short password opens a strong session.
//!
//! Standard: Doc 9303-11, 4.4. The steps: encrypted nonce (80), mapping (81, 82), key agreement (83, 84), tokens (85, 86).
//! Start reading at [`Card`] or [`Terminal`].

mod card;
mod terminal;

pub use card::{Answer, Card};
pub use terminal::{Next, Terminal};

use alloc::vec::Vec;
use lds::security_info::Cipher;
use lds::tlv;

use crate::aes_cipher::cmac;
use crate::{Keys, Point};

/// Operations on the curve that the card makes in one run: two key pairs, two agreements, one mapping.
pub const CARD_EC_OPERATIONS: u32 = 5;
/// Blocks of AES that the card computes in one run beside secure messaging: the nonce, and two tokens of six blocks.
pub const CARD_AES_BLOCKS: u32 = 1 + 2 * 6;

/// Bytes of the nonce that the card draws.
const NONCE_LEN: usize = 16;

/// The authentication token over the other side's ephemeral key (4.4.3.4, 9.4.3).
fn token(keys: &Keys, cipher: Cipher, point: &Point) -> [u8; 8] {
    let pieces = [tlv::encode(tlv::tag::OID, &cipher.pace_oid()), tlv::encode(0x86, point.as_bytes())];
    let data: Vec<u8> = tlv::wrap(0x7F49, &pieces);
    cmac(cipher, &keys.mac, &data)
}
