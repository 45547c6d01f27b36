//! Command and response APDUs: the messages between a terminal and a card.
//!
//! Standard: ISO/IEC 7816-4:2020, clauses 5.1 to 5.3 and 5.6.
//! Invariant: a parsed [`Command`] was understood completely; no byte is left over.
//! Not here: secure messaging (`eac`), and what a command does (`card-app`).
//! Start reading at [`Command::parse`] and [`Response::parse`].
#![no_std]

extern crate alloc;

mod command;
mod response;
pub mod status;
mod transmit;

pub use command::{Command, Form, LE_EXTENDED_MAX, LE_SHORT_MAX};
pub use response::Response;
pub use status::Status;
pub use transmit::{Broken, Transmit};

/// Why bytes are not an APDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Fewer bytes than a header, or than the two status bytes.
    #[error("{len} bytes are too few for an APDU")]
    TooShort {
        /// Bytes present.
        len: usize,
    },
    /// Lc, Le and the number of bytes do not fit one of the seven cases.
    #[error("the length fields do not fit the {len} bytes of the command")]
    Length {
        /// Bytes present.
        len: usize,
    },
}

impl Error {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::TooShort { .. } => "apdu-too-short",
            Error::Length { .. } => "apdu-length",
        }
    }
}
