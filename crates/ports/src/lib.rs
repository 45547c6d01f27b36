//! The traits that adapters implement, and the suite that each of them passes.
//!
//! Invariant: a port proves itself when two adapters pass the same suite ([`suite`]).
//! Not here: anything that touches a disk, a clock or a reader.

pub mod blob;
pub mod gallery;
pub mod keys;
pub mod machine;
pub mod reader;
pub mod signer;
pub mod store;
pub mod suite;
pub mod tiles;

/// Why an adapter could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Another process holds the data.
    #[error("the data is in use by another process")]
    Locked,
    /// No room is left.
    #[error("no space is left on the device")]
    Full,
    /// What is stored is not what was stored.
    #[error("{what} is damaged: {cause}")]
    Damaged {
        /// Which table, file or key, without personal data.
        what: String,
        /// What was found.
        cause: String,
    },
    /// Written by a later version of the program.
    #[error("the data was written by version {found}; this program knows up to {known}")]
    Newer {
        /// The version found.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// The home cannot be reached for now, or it is not known whether it did what was asked. Whoever asks again, under the
    /// same key, learns what came of it.
    #[error("{what}: {cause}")]
    Away {
        /// What was tried.
        what: String,
        /// What was seen of it.
        cause: String,
    },
    /// Other work has to end first; nothing was done.
    #[error("not now: {code}")]
    Busy {
        /// The stable code of that work, which the text is keyed by.
        code: &'static str,
    },
    /// The machine refused.
    #[error("{what}: {cause}")]
    Refused {
        /// What was tried.
        what: String,
        /// What the machine said.
        cause: String,
    },
}

impl Fault {
    /// The stable code of this fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Locked => "data-locked",
            Fault::Full => "data-full",
            Fault::Damaged { .. } => "data-damaged",
            Fault::Newer { .. } => "data-newer",
            Fault::Away { .. } => "data-away",
            Fault::Busy { code } => code,
            Fault::Refused { .. } => "data-refused",
        }
    }

    /// Whether the same may be asked again as it is, and soon.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Fault::Locked | Fault::Full | Fault::Away { .. } | Fault::Busy { .. })
    }

    /// The fault for an error of the operating system.
    #[must_use]
    pub fn io(what: &str, error: &std::io::Error) -> Fault {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Fault::Full,
            std::io::ErrorKind::WouldBlock => Fault::Locked,
            kind => Fault::Refused { what: what.to_owned(), cause: kind.to_string() },
        }
    }
}
