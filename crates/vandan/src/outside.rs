//! What pages and operations need of this machine: its kit, the card centre's signer, the cards that were made here.

use crate::command::batch::signer;
use crate::command::card::inspected;
use crate::installation::Installation;
use crate::kit::OwnKit;
use crate::output::Failure;
use crate::typesetter;
use enrolment::Application;
use ids::{BatchId, CardId};
use inspection::Inspection;
use ports::Fault;
use ports::signer::{Role, Signer};
use services::application::Received;
use services::batch::{self, Made, Outcome};
use services::machine::Machine;
use services::officer::Officer;
use services::programme::{Paper, Rulebook};
use services::{Command, Error};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// This machine.
pub(crate) struct ThisMachine {
    installation: Arc<Installation>,
    /// One packet is sealed at a time: each has its own count.
    kit: Mutex<OwnKit>,
    /// One batch is personalised at a time: two runs would write the same cards' files.
    centre: Mutex<()>,
}

impl ThisMachine {
    /// The kit of this machine is made known to the centre where it is not yet.
    pub(crate) fn open(installation: &Arc<Installation>) -> Result<ThisMachine, Failure> {
        let kit = Mutex::new(OwnKit::open(installation, &Officer::operator())?);
        Ok(ThisMachine { installation: Arc::clone(installation), kit, centre: Mutex::default() })
    }

    fn cards(&self) -> PathBuf {
        self.installation.folder.path().join("cards")
    }
}

/// A failure of this machine, without its words.
fn refused(what: &str, failure: &Failure) -> Error {
    Error::Fault(Fault::Refused { what: what.into(), cause: failure.key.name().trim_start_matches("error-").into() })
}

impl Machine for ThisMachine {
    fn enrol(&self, command: &Command, application: &Application) -> Result<Received, Error> {
        let kit = self.kit.lock().unwrap_or_else(PoisonError::into_inner);
        services::application::enrol(&self.installation.book, command, application, |filled| {
            kit.seal(&self.installation, filled).map_err(|failure| refused("packet", &failure))
        })
    }

    fn personalise(
        &self,
        command: &Command,
        batch: BatchId,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Outcome, Error> {
        let _centre = self.centre.lock().unwrap_or_else(PoisonError::into_inner);
        let signer = signer(&self.installation, false).map_err(|failure| refused("signer", &failure))?;
        let folder = self.cards();
        std::fs::create_dir_all(&folder).map_err(|error| Fault::io("card folder", &error))?;
        let mut write = |made: &Made| -> Result<(), Error> {
            let file = folder.join(format!("{}.card", made.card));
            Ok(folder::write_secret(&file, made.image.encode().as_slice())?)
        };
        batch::personalise(&self.installation.book, command, batch, &signer, &mut write, progress)
    }

    fn rulebook(&self) -> Result<Rulebook, Error> {
        crate::rulebook::read(self.installation.folder.path())
    }

    fn set(&self, paper: &Paper, form: &str) -> Result<Option<Vec<u8>>, Error> {
        typesetter::set(paper, form)
    }

    fn inspect(&self, card: CardId, access_number: &str) -> Result<Option<Inspection>, Error> {
        let file = self.cards().join(format!("{card}.card"));
        if !file.exists() {
            return Ok(None);
        }
        let signer = signer(&self.installation, false).map_err(|failure| refused("signer", &failure))?;
        let csca = signer.certificate(Role::Csca)?;
        inspected(&file, access_number, csca).map(Some).map_err(|failure| refused("card", &failure))
    }
}
