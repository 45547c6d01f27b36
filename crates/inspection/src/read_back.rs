//! Read-back: a card counts as made only after our own terminal has read and verified it completely.
//!
//! Start reading at [`read_back`].

use apdu::{Broken, Transmit};
use eac::{Entropy, Password};
use lds::{CardImage, File};
use pki::{Certificate, Time};

use crate::{Inspection, Mechanism, Reason, Request, Verdict, inspect};

/// Why a card does not count as made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotMade {
    /// The connection broke.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A mechanism is not valid.
    #[error("{} is not valid", mechanism.name())]
    Mechanism {
        /// Which one.
        mechanism: Mechanism,
        /// The first reason.
        reason: Option<Reason>,
    },
    /// A file reads back as something else than what was written.
    #[error("{} reads back differently", file.name())]
    File {
        /// Which one.
        file: File,
    },
}

impl NotMade {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            NotMade::Broken(_) => "card-broken",
            NotMade::Mechanism { .. } => "card-not-valid",
            NotMade::File { .. } => "card-file-differs",
        }
    }
}

/// Inspects a freshly personalised card with its access number and with its zone; every mechanism must be valid and
/// every file what the image says.
///
/// # Errors
/// [`NotMade`] with the first thing that is wrong.
pub fn read_back(
    card: &mut dyn Transmit,
    image: &CardImage,
    csca: &[Certificate],
    at: Time,
    entropy: &mut dyn Entropy,
) -> Result<Inspection, NotMade> {
    let mut last = None;
    for password in [Password::mrz(&image.secrets.mrz), Password::can(&image.secrets.can)] {
        let inspection = inspect(card, &Request { password, csca, at, extended_length: true }, entropy)?;
        if let Some(finding) = inspection.findings.iter().find(|finding| finding.verdict != Verdict::Valid) {
            let reason = finding.reasons.first().copied();
            return Err(NotMade::Mechanism { mechanism: finding.mechanism, reason });
        }
        for (file, bytes) in image.files.iter().filter(|(file, _)| **file != File::Dir) {
            if inspection.files.get(file) != Some(bytes) {
                return Err(NotMade::File { file: *file });
            }
        }
        last = Some(inspection);
    }
    last.ok_or(NotMade::Broken(Broken(String::new())))
}
