//! What the edges need that lies outside the services: this machine's kit, the card centre's signer, the cards made here.

use crate::application::Received;
use crate::batch::Outcome;
use crate::programme::Paper;
use crate::{Command, Error};
use ::programme::rulebook::Rulebook;
use enrolment::Application;
use ids::{BatchId, CardId};
use inspection::Inspection;

/// The machine that the program runs on.
pub trait Machine: Send + Sync {
    /// Takes in an application that was filled in at this machine.
    fn enrol(&self, command: &Command, application: &Application) -> Result<Received, Error>;
    /// Makes the cards of a batch.
    fn personalise(
        &self,
        command: &Command,
        batch: BatchId,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Outcome, Error>;
    /// The rules of attention and the criteria of honours that are laid down here, as they are now.
    fn rulebook(&self) -> Result<Rulebook, Error>;
    /// Sets a frozen report on paper, by the program that does so; none where that program is not here.
    fn set(&self, paper: &Paper, form: &str) -> Result<Option<Vec<u8>>, Error>;
    /// Reads a card that was made here with our own terminal, by its access number; none where its file is not here.
    fn inspect(&self, card: CardId, access_number: &str) -> Result<Option<Inspection>, Error>;
}
