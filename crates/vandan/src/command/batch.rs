//! `batch new`, `batch approve`, `batch personalise`, `batch list`.

use super::Listing;
use crate::installation::{Changing, Installation, Making, Place, of_services};
use crate::machine::SystemEntropy;
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use ids::{BatchId, CardId};
use ports::machine::Entropy;
use ports::signer::{Role, Signer};
use services::Command;
use services::batch::{self, Made};
use signer_soft::{Identity, SoftSigner};
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(crate) enum Batch {
    New {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "N", default_value_t = 500)]
        limit: usize,
        #[command(flatten)]
        making: Making,
    },
    Approve {
        #[command(flatten)]
        place: Place,
        id: String,
        #[command(flatten)]
        changing: Changing,
    },
    Personalise {
        #[command(flatten)]
        place: Place,
        id: String,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[arg(long)]
        test_keys: bool,
        #[command(flatten)]
        changing: Changing,
    },
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        listing: Listing,
    },
}

fn batch_id(text: &str) -> Result<BatchId, Failure> {
    BatchId::parse(text).ok_or_else(|| of_services(&services::Error::Missing("batch-missing")))
}

pub(crate) fn run(command: Batch, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Batch::New { place, limit, making } => {
            let installation = Installation::open(&place)?;
            let command = installation.making(&place, making)?;
            let new = batch::new(&installation.book, &command, limit).map_err(failure)?;
            let id = new.batch.map(|id| id.to_string());
            match &id {
                Some(id) => out.say(t!("batch-made"), &[("id", id.clone()), ("cards", new.cards.to_string())]),
                None => out.say(t!("batch-none"), &[]),
            }
            if new.without_enroller > 0 {
                out.say(t!("batch-without-enroller"), &[("count", new.without_enroller.to_string())]);
            }
            out.json(&serde_json::json!({
                "batch": id, "cards": new.cards, "version": id.is_some().then_some(1), "without_enroller": new.without_enroller,
            }));
            installation.close()
        }
        Batch::Approve { place, id, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            let cards = batch::approve(&installation.book, &command, batch_id(&id)?).map_err(failure)?;
            out.say(t!("batch-approved"), &[("cards", cards.to_string())]);
            out.json(&serde_json::json!({ "batch": id, "approved": cards }));
            installation.close()
        }
        Batch::Personalise { place, id, out: folder, test_keys, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            let (made, failed) = personalise(&installation, &command, batch_id(&id)?, &folder, test_keys, out)?;
            out.json(&serde_json::json!({
                "batch": id, "cards": made, "failed": failed, "csca": folder.join("csca.cer"),
            }));
            installation.close()?;
            if failed.is_empty() { Ok(()) } else { Err(Failure::no(t!("batch-failed"))) }
        }
        Batch::List { place, listing } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("status").map_err(failure)?;
            let (book, unit) = (&installation.book, &officer.unit);
            let all = listing.items(&batch::STATES, &batch::STATES, |state, after, limit| {
                let after = after.map(batch_id).transpose()?;
                batch::list(book, unit, state, after, limit).map_err(failure)
            })?;
            for one in &all {
                let arguments = [
                    ("id", one.batch.clone()),
                    ("state", one.state.clone()),
                    ("version", one.version.to_string()),
                    ("cards", one.cards.to_string()),
                ];
                out.say(t!("batch-line"), &arguments);
            }
            out.json(&serde_json::to_value(&all).unwrap_or_default());
            Ok(())
        }
    }
}

/// Makes the cards of a batch: a file for each, its access number beside it, and the CSCA certificate to check them with.
/// Gives the files, and the applications whose cards could not be made, each with the reason.
pub(crate) fn personalise(
    installation: &Installation,
    command: &Command,
    id: BatchId,
    folder: &Path,
    test_keys: bool,
    out: &mut Output,
) -> Result<(Vec<String>, Vec<serde_json::Value>), Failure> {
    let cannot = |error: std::io::Error| of_services(&ports::Fault::io("card folder", &error).into());
    let signer = signer(installation, test_keys)?;
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let csca = signer.certificate(Role::Csca).map_err(|fault| of_services(&fault.into()))?;
    std::fs::write(folder.join("csca.cer"), csca.as_bytes()).map_err(cannot)?;
    let bar = out.progress(1, t!("batch-step"));
    let file = |card: CardId, ending: &str| folder.join(format!("{card}.{ending}"));
    let mut write = |made: &Made| -> Result<(), services::Error> {
        folder::write_secret(&file(made.card, "card"), made.image.encode().as_slice())?;
        folder::write_secret(&file(made.card, "can"), made.image.secrets.can.as_bytes())?;
        Ok(())
    };
    let outcome = batch::personalise(&installation.book, command, id, &signer, &mut write, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| of_services(&error))?;
    let made: Vec<String> = outcome.made.iter().map(|card| file(*card, "card").display().to_string()).collect();
    let arguments = [("cards", out.language.count(made.len() as u64)), ("folder", folder.display().to_string())];
    out.say(t!("batch-personalised"), &arguments);
    let mut failed = Vec::new();
    for batch::Failed { application, error } in &outcome.failed {
        let failure = of_services(error);
        let reason = out.text(failure.key, &failure.arguments);
        out.say(t!("batch-failed"), &[("application", application.to_string()), ("reason", reason.clone())]);
        failed.push(
            serde_json::json!({ "application": application.to_string(), "code": error.code(), "message": reason }),
        );
    }
    Ok((made, failed))
}

/// The installation's own signer, made on first use. Test keys are another pair, and say so in their certificates.
pub(crate) fn signer(installation: &Installation, test_keys: bool) -> Result<SoftSigner, Failure> {
    let folder = installation.folder.keys().join(if test_keys { "test-signer" } else { "signer" });
    if folder.join("csca.key").exists() || folder.is_dir() {
        return SoftSigner::open(&folder).map_err(|fault| of_services(&fault.into()));
    }
    let identity = if test_keys { Identity::test_keys() } else { Identity::demonstration() };
    let now = batch::certificate_time(&installation.book);
    let mut entropy = |bytes: &mut [u8]| SystemEntropy.fill(bytes);
    SoftSigner::create(&folder, &identity, now, &mut entropy)
        .map_err(|_| Failure::new(Exit::Now, t!("signer-unmade"), vec![("folder", folder.display().to_string())]))
}
