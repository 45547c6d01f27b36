//! PACE, secure messaging and Chip Authentication: the card's role and the terminal's from the same types.
//!
//! Standard: ICAO Doc 9303-11, 8th edition, 4.4 (PACE, generic mapping), 6.2 (Chip Authentication), 9.7 (key derivation),
//! 9.8 (secure messaging); only ECDH and AES are done here.
//! Invariant: secrets are wiped when dropped, compared in constant time, and never printed. Nothing here reads a clock,
//! a file or a random source: random bytes come in through [`Entropy`].
//! Not here: which files may be read when (`card-app`), and whether the chip's key is signed (`inspection`).
//! Start reading at [`pace`], then [`secure_messaging`].
#![no_std]

extern crate alloc;

mod aes_cipher;
pub mod chip_authentication;
mod derivation;
mod group;
mod message;
pub mod pace;
pub mod secure_messaging;

pub use derivation::{Keys, Password};
pub use group::{Point, Secret};
pub use secure_messaging::Channel;

/// Where random bytes come from: the machine's generator on a real system, a seeded one in tests.
pub trait Entropy {
    /// Fills `out` with random bytes.
    fn fill(&mut self, out: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Entropy for F {
    fn fill(&mut self, out: &mut [u8]) {
        self(out);
    }
}

/// Why a protocol step did not succeed. None of them says anything about secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A message is not built as the protocol says.
    #[error("a message of the protocol is malformed")]
    Malformed(#[from] lds::Error),
    /// A public key is no point of the curve, or is the other side's own.
    #[error("a public key is not acceptable")]
    Point,
    /// The other side does not know the password, or somebody changed a message.
    #[error("the authentication token is wrong")]
    Token,
    /// A message came that the protocol does not expect in this state.
    #[error("the protocol step comes out of order")]
    Order,
    /// A data object of secure messaging is missing.
    #[error("a secure messaging data object is missing")]
    ObjectMissing,
    /// A data object of secure messaging is wrong: its checksum, its padding, its place.
    #[error("a secure messaging data object is wrong")]
    ObjectIncorrect,
    /// The card answered inside a session without protection: it has ended the session.
    #[error("the card ended the session with status {0:04X}")]
    Unprotected(u16),
}

impl Error {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Malformed(_) => "eac-malformed",
            Error::Point => "eac-point",
            Error::Token => "eac-token",
            Error::Order => "eac-order",
            Error::ObjectMissing => "eac-object-missing",
            Error::ObjectIncorrect => "eac-object-incorrect",
            Error::Unprotected(_) => "eac-unprotected",
        }
    }
}
