//! The way to a card: bytes out, bytes in.
//!
//! A reader, a card in the same process and a recording all look the same to the one who inspects.

use alloc::string::String;
use alloc::vec::Vec;

/// The connection to the card is gone: taken from the reader, out of power, or the reader itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the connection to the card broke: {0}")]
pub struct Broken(pub String);

/// A connected card.
pub trait Transmit {
    /// Sends one command APDU and waits for the answer.
    ///
    /// # Errors
    /// [`Broken`] where there is no answer.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken>;

    /// Whether commands with extended length reach the card.
    fn takes_extended_length(&self) -> bool {
        true
    }

    /// The terminal says what it begins to do now; measurements listen, readers do not care.
    fn begin(&mut self, _stage: &'static str) {}
}

impl<T: Transmit + ?Sized> Transmit for alloc::boxed::Box<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        (**self).transmit(command)
    }

    fn takes_extended_length(&self) -> bool {
        (**self).takes_extended_length()
    }

    fn begin(&mut self, stage: &'static str) {
        (**self).begin(stage);
    }
}
