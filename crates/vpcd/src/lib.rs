//! A card application in the virtual reader of vsmartcard's vpcd, so that strangers' software can read it over PC/SC.
//!
//! Protocol: the reader's driver listens on TCP; the card connects. Both send frames of a two-byte length and that many
//! bytes. From the driver, one byte is a control: 0 power off, 1 power on, 2 reset, 4 give the ATR; anything longer is a
//! command APDU. The card answers commands and the question for the ATR, nothing else.
//! Speed: without TCP_NODELAY, one write a frame, and TCP_QUICKACK before each receive, Nagle's algorithm and delayed
//! acknowledgements cost 48 ms per command.
//! Start reading at [`emulate`].

mod atr;
mod frame;

use card_app::{App, CardImage, MemoryStorage, personalise};
use eac::Entropy;
use std::net::TcpStream;
use std::time::Duration;

pub use atr::Interface;
use frame::{Frame, Frames};

/// Why the card left the reader, or never came in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody listens there, or the connection broke.
    #[error("the virtual reader at {address}: {source}")]
    Connection {
        /// Where.
        address: String,
        /// What the machine says.
        source: std::io::Error,
    },
    /// The image cannot be written into a virtual chip.
    #[error(transparent)]
    Card(#[from] card_app::Error),
}

impl Error {
    /// The stable name of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Connection { .. } => "vpcd-connection",
            Error::Card(error) => error.code(),
        }
    }
}

/// How to put the card into the reader.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Host and port of the driver; its usual port is 35963.
    pub address: String,
    /// Which kind of card it says it is.
    pub interface: Interface,
    /// Leave when the power goes off after at least one command.
    pub once: bool,
}

/// Commands answered and times the power came on, when the card left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Served {
    /// Command APDUs answered.
    pub commands: u64,
    /// Times that power came on.
    pub power_ons: u64,
}

/// Puts the card into the virtual reader and answers until the driver hangs up. `ready` is called once connected.
///
/// # Errors
/// [`Error`] where the driver cannot be reached or the image is unusable.
pub fn emulate(
    image: &CardImage,
    settings: &Settings,
    entropy: &mut dyn Entropy,
    ready: impl FnOnce(),
) -> Result<Served, Error> {
    let failed = |source| Error::Connection { address: settings.address.clone(), source };
    let mut storage = MemoryStorage::default();
    personalise(&mut storage, image)?;
    let mut app = App::power_on(storage);
    let stream = TcpStream::connect(&settings.address).map_err(failed)?;
    let mut frames = Frames::new(stream).map_err(failed)?;
    ready();
    let mut served = Served::default();
    while let Some(frame) = frames.receive().map_err(failed)? {
        match frame {
            Frame::PowerOff if settings.once && served.commands > 0 => break,
            Frame::PowerOff | Frame::Unknown => app.reset(),
            Frame::PowerOn => {
                app = App::power_on(app.power_off());
                served.power_ons += 1;
            }
            Frame::Reset => app.reset(),
            Frame::Atr => frames.send(&settings.interface.atr()).map_err(failed)?,
            Frame::Command(command) => {
                let answer = app.process(command, entropy);
                served.commands += 1;
                if answer.delay_ms > 0 {
                    #[expect(clippy::disallowed_methods, reason = "the adapter waits as the application asks")]
                    std::thread::sleep(Duration::from_millis(u64::from(answer.delay_ms)));
                }
                frames.send(&answer.bytes).map_err(failed)?;
            }
        }
    }
    Ok(served)
}
