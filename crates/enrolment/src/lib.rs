//! Applications, captures and the packet a kit signs and seals.
//!
//! Invariant: a packet is accepted once, whichever way and however often it arrives: kit and counter name it.
//! Not here: the register (an application names a number), images (`fingerprint`), and what is stored (`services`).
//! Start reading at [`packet::seal`] and [`packet::open`].

pub mod packet;
pub mod table;

use ids::{ApplicationId, OfficerId};
use serde::{Deserialize, Serialize};
use time::Instant;

/// What a kit captured.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id, made by the kit.
    pub id: ApplicationId,
    /// The applicant's personal number, as shown from the register.
    pub number: String,
    /// The officer who enrolled.
    pub enroller: Option<OfficerId>,
    /// When it was captured.
    pub captured: Instant,
    /// The face, as a JPEG or PNG file.
    #[serde(with = "serde_bytes")]
    pub face: Vec<u8>,
    /// Up to ten fingers.
    pub fingers: Vec<Finger>,
}

/// One finger: an image, or the reason why there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finger {
    /// 1 (right thumb) to 10 (left little finger), ISO/IEC 19794-2.
    pub position: u8,
    /// The image file, or why there is none.
    pub capture: Capture,
}

/// What was captured of a finger.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Capture {
    /// An image file and its resolution in dots per inch.
    Image {
        /// PNG, TIFF, BMP or PGM.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
        /// Dots per inch.
        dpi: u16,
    },
    /// No image.
    Missing(MissingReason),
}

/// Why a finger was not captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MissingReason {
    /// There is no such finger.
    Amputated,
    /// Bandaged or wounded: capture later.
    Bandaged,
    /// Ridges too worn.
    Worn,
}

impl MissingReason {
    /// The word that commands take.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MissingReason::Amputated => "amputated",
            MissingReason::Bandaged => "bandaged",
            MissingReason::Worn => "worn",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<MissingReason> {
        [MissingReason::Amputated, MissingReason::Bandaged, MissingReason::Worn]
            .into_iter()
            .find(|reason| reason.word() == word)
    }
}

/// An application holds a face and fingers: it does not show itself in logs.
impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Application({})", self.id)
    }
}

/// Why an application or a packet is refused. The state before equals the state after.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a packet.
    #[error("byte {offset}: {cause}")]
    Malformed {
        /// Where.
        offset: usize,
        /// What is wrong, in a fixed phrase.
        cause: &'static str,
    },
    /// Larger than a packet may be.
    #[error("the packet has {bytes} bytes; at most {bytes_max} are taken")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The kit's signature is wrong: the packet was altered, or another kit signed it.
    #[error("the kit's signature is wrong")]
    Signature,
    /// It is sealed to another centre, or was altered.
    #[error("the packet does not open with this centre's key")]
    Sealed,
    /// A finger stands twice or does not exist.
    #[error("finger {0} stands twice or does not exist")]
    Position(u8),
    /// No finger and no reason for one of them.
    #[error("there is no finger at all")]
    NoFinger,
}

impl Error {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Malformed { .. } => "packet-malformed",
            Error::TooLarge { .. } => "packet-too-large",
            Error::Signature => "packet-signature",
            Error::Sealed => "packet-sealed",
            Error::Position(_) => "finger-position",
            Error::NoFinger => "finger-none",
        }
    }
}

impl Application {
    /// Checks what does not need the register: positions 1 to 10, each at most once, at least one finger or reason.
    pub fn check(&self) -> Result<(), Error> {
        let mut seen = [false; 11];
        for finger in &self.fingers {
            let place = seen.get_mut(usize::from(finger.position)).filter(|_| finger.position > 0);
            let place = place.ok_or(Error::Position(finger.position))?;
            if std::mem::replace(place, true) {
                return Err(Error::Position(finger.position));
            }
        }
        if self.fingers.is_empty() { Err(Error::NoFinger) } else { Ok(()) }
    }
}
