//! The kit of this machine: its key, its count of packets.

use crate::installation::{Installation, of_services, write_file};
use crate::machine::SystemEntropy;
use crate::output::Failure;
use enrolment::packet::{self, Kit};
use enrolment::{Application, Error};
use ids::{KitId, Uuid};
use ports::machine::{Entropy, random};
use services::officer::Officer;
use std::path::PathBuf;

/// The kit whose key lies in the installation's folder of keys.
pub(crate) struct OwnKit {
    id: KitId,
    kit: Kit,
    counter: PathBuf,
}

impl OwnKit {
    /// Opens the kit, or makes it and makes it known to the centre.
    pub(crate) fn open(installation: &Installation, officer: &Officer) -> Result<OwnKit, Failure> {
        let file = installation.folder.keys().join("kit.key");
        let bytes = match std::fs::read(&file) {
            Ok(bytes) if bytes.len() == 48 => bytes,
            _ => {
                let id = Uuid::v7(installation.book.now().0, random(&SystemEntropy));
                let secret: [u8; 32] = random(&SystemEntropy);
                let bytes = [id.0.as_slice(), &secret].concat();
                folder::write_secret(&file, &bytes).map_err(|fault| of_services(&fault.into()))?;
                bytes
            }
        };
        let mut secret = [0; 32];
        secret.copy_from_slice(&bytes[16..]);
        let id = KitId::from_bytes(&bytes[..16]).unwrap_or_default();
        let kit = Kit::new(id, &secret);
        services::application::register_kit(&installation.book, &officer.actor("kit"), id, kit.public(), "")
            .map_err(|error| of_services(&error))?;
        Ok(OwnKit { id, kit, counter: installation.folder.path().join("kit.counter") })
    }

    /// Signs and seals an application. The count is durable before the packet exists, so that no two packets share one.
    pub(crate) fn seal(&self, installation: &Installation, application: &Application) -> Result<Vec<u8>, Failure> {
        let last: u64 =
            std::fs::read_to_string(&self.counter).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        // The file may come from a backup that is older than the register's last packet of this kit.
        let received = services::application::packets_of(&installation.book, self.id);
        let counter = received.map_err(|error| of_services(&error))?.max(last) + 1;
        write_file(&self.counter, counter.to_string().as_bytes())?;
        let centre = packet::centre_public(&installation.book.home().keys.packet_secret());
        let mut fill = |bytes: &mut [u8]| SystemEntropy.fill(bytes);
        packet::seal(application, &self.kit, counter, &centre, &mut fill).map_err(|error| refused(&error))
    }
}

fn refused(error: &Error) -> Failure {
    Failure::of_code(crate::output::Exit::Input, error.code(), vec![("detail", error.to_string())])
}
