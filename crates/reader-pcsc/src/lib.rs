//! The reader port over PC/SC.
//!
//! Standard: PC/SC part 5 (resource manager), as pcsc-lite and macOS offer it. The library is opened when it is needed,
//! not linked: the program builds and starts on a machine without it, and says what to install when a reader is asked for.
//! See docs/decisions/card-reader-library.md.
//! Invariant: all unsafe code of the crate stands in `library`; pointers given to the library outlive the call.
//! Start reading at [`PcscReaders`].

mod library;

use apdu::{Broken, Transmit};
use library::{Context, Handle, Library, Protocol};
use ports::reader::{Error, Readers};

/// Longest answer: 65,536 bytes and two of status.
const ANSWER_MAX: usize = 65_538;

/// The readers that the machine's resource manager knows.
pub struct PcscReaders {
    library: Library,
    context: Context,
}

impl std::fmt::Debug for PcscReaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PcscReaders")
    }
}

impl PcscReaders {
    /// Opens the library and a context with the service.
    ///
    /// # Errors
    /// [`Error::LibraryMissing`] or [`Error::ServiceMissing`].
    pub fn open() -> Result<PcscReaders, Error> {
        let library = Library::open().ok_or(Error::LibraryMissing { library: library::NAME })?;
        let context = library.establish_context().map_err(|code| of_code("SCardEstablishContext", code, ""))?;
        Ok(PcscReaders { library, context })
    }
}

impl Drop for PcscReaders {
    fn drop(&mut self) {
        self.library.release_context(self.context);
    }
}

impl Readers for PcscReaders {
    fn list(&self) -> Result<Vec<String>, Error> {
        match self.library.list_readers(self.context) {
            Ok(names) => Ok(names),
            Err(library::NO_READERS_AVAILABLE) => Ok(Vec::new()),
            Err(code) => Err(of_code("SCardListReaders", code, "")),
        }
    }

    fn connect(&self, name: &str) -> Result<Box<dyn Transmit + '_>, Error> {
        let present = self.list()?;
        let Some(reader) = present.iter().find(|reader| reader.contains(name)) else {
            return Err(Error::NoReader { wanted: name.to_owned(), present });
        };
        let (handle, protocol) =
            self.library.connect(self.context, reader).map_err(|code| of_code("SCardConnect", code, reader))?;
        Ok(Box::new(Card { library: &self.library, handle, protocol, buffer: vec![0; ANSWER_MAX] }))
    }
}

struct Card<'a> {
    library: &'a Library,
    handle: Handle,
    protocol: Protocol,
    buffer: Vec<u8>,
}

impl Transmit for Card<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let len = self
            .library
            .transmit(self.handle, self.protocol, command, &mut self.buffer)
            .map_err(|code| Broken(of_code("SCardTransmit", code, "").to_string()))?;
        Ok(self.buffer.get(..len).unwrap_or_default().to_vec())
    }

    fn takes_extended_length(&self) -> bool {
        // T=0 has no extended length on the wire.
        self.protocol.is_t1()
    }
}

impl Drop for Card<'_> {
    fn drop(&mut self) {
        self.library.disconnect(self.handle);
    }
}

fn of_code(call: &'static str, code: u32, reader: &str) -> Error {
    let reader = reader.to_owned();
    match code {
        library::NO_SERVICE | library::SERVICE_STOPPED => Error::ServiceMissing,
        library::NO_SMARTCARD | library::REMOVED_CARD | library::UNPOWERED_CARD | library::UNRESPONSIVE_CARD => {
            Error::NoCard { reader }
        }
        library::SHARING_VIOLATION => Error::InUse { reader },
        code => Error::Refused { call, code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_errors_a_person_can_act_on() {
        assert_eq!(of_code("", library::NO_SERVICE, ""), Error::ServiceMissing);
        assert_eq!(of_code("", library::NO_SMARTCARD, "A"), Error::NoCard { reader: "A".to_owned() });
        assert_eq!(of_code("x", 0x8010_0001, ""), Error::Refused { call: "x", code: 0x8010_0001 });
    }

    #[test]
    fn a_machine_without_readers_is_an_answer_and_not_a_crash() {
        match PcscReaders::open() {
            Ok(readers) => drop(readers.list()),
            Err(error) => assert!(error.code().starts_with("reader-")),
        }
    }
}
