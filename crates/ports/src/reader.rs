//! Card readers, and the connection to a card that lies in one.
//!
//! A connection is an [`apdu::Transmit`]: bytes out, bytes in. Dropping it resets the card.
//! Start reading at [`Readers`].

use apdu::Transmit;

/// Why there is no connection to a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The machine has no library to speak with readers.
    #[error("the library {library} is not installed")]
    LibraryMissing {
        /// Its name.
        library: &'static str,
    },
    /// The service that owns the readers does not run.
    #[error("the smart card service does not run")]
    ServiceMissing,
    /// No reader of this name, or none at all.
    #[error("no reader like {wanted:?}; there are {present:?}")]
    NoReader {
        /// What was asked for.
        wanted: String,
        /// The readers there are.
        present: Vec<String>,
    },
    /// No card in the reader.
    #[error("no card in {reader:?}")]
    NoCard {
        /// The reader.
        reader: String,
    },
    /// Another program uses the card.
    #[error("another program uses the card in {reader:?}")]
    InUse {
        /// The reader.
        reader: String,
    },
    /// Anything else, with the service's own number.
    #[error("the smart card service answered {code:08X} to {call}")]
    Refused {
        /// What was asked of the service.
        call: &'static str,
        /// Its answer.
        code: u32,
    },
}

impl Error {
    /// The stable name of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::LibraryMissing { .. } => "reader-library-missing",
            Error::ServiceMissing => "reader-service-missing",
            Error::NoReader { .. } => "reader-none",
            Error::NoCard { .. } => "reader-no-card",
            Error::InUse { .. } => "reader-in-use",
            Error::Refused { .. } => "reader-refused",
        }
    }
}

/// The readers of a machine.
pub trait Readers {
    /// Their names.
    ///
    /// # Errors
    /// [`Error`] where they cannot be asked for.
    fn list(&self) -> Result<Vec<String>, Error>;

    /// Connects to the card in the first reader whose name contains `name`.
    ///
    /// # Errors
    /// [`Error`] where there is no such reader, no card, or no way to it.
    fn connect(&self, name: &str) -> Result<Box<dyn Transmit + '_>, Error>;
}
