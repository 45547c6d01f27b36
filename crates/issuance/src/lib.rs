//! From an approved application to the content of a card.
//!
//! Standard: ICAO Doc 9303-10 (files), Doc 9303-11 (what EF.CardAccess and DG14 offer); DG13 and the machine readable
//! zone in the Vietnamese layout, see `lds`.
//! Invariant: pure. Random bytes, the date and the signature are arguments, so the same arguments give the same card.
//! Not here: writing into a chip (`card-app`), and reading back (`inspection`).
//! Start reading at [`assemble()`].

mod assemble;
mod holder;
mod profile;
pub mod table;

pub use assemble::{Signer, assemble, zone};
pub use holder::CardHolder;
pub use profile::Profile;

/// Why a card's content cannot be assembled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A fact about the holder does not fit where the card needs it.
    #[error("the holder's data do not fit the card: {0}")]
    Holder(#[source] lds::Error),
    /// EF.SOD was not made.
    #[error("EF.SOD was not made: {0}")]
    Signature(#[source] pki::Error),
}

impl Error {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Holder(error) => error.code(),
            Error::Signature(error) => error.code(),
        }
    }
}
