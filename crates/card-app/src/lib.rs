//! The card application: bytes in, bytes out, over a storage that survives a power cut at any write.
//!
//! Standard: ICAO Doc 9303-10, 3 (file structure, commands) and Doc 9303-11 (access, PACE, Chip Authentication,
//! secure messaging); ISO/IEC 7816-4:2020.
//! Invariant: no bytes from a terminal make it panic; nothing but the files of the master file is readable before PACE;
//! an unprotected or wrongly protected command ends the session.
//! Not here: what stands in the files (`issuance`), and how the bytes travel (`vpcd`). There is no I/O, no clock and no
//! random source: random bytes are an argument, waiting is a number in the answer.
//! Start reading at [`App::process`].
#![no_std]

extern crate alloc;

mod app;
mod failures;
mod in_process;
mod personalise;
mod storage;

pub use app::{Answer, App, Effort};
pub use in_process::InProcess;
pub use lds::CardImage;
pub use personalise::personalise;
pub use storage::{MemoryStorage, Slot, Storage, WriteFailed};

/// Why a card cannot be personalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The card is personalised already; that is final.
    #[error("the card is personalised already")]
    Locked,
    /// The memory did not take a write.
    #[error("the card's memory did not take a write")]
    Memory(#[from] WriteFailed),
}

impl Error {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Locked => "card-locked",
            Error::Memory(_) => "card-memory",
        }
    }
}
