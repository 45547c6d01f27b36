//! `batch new`, `batch approve`, `batch personalise`, `batch list`.

use crate::installation::{Installation, Place, of_services};
use crate::machine::SystemEntropy;
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use ids::BatchId;
use ports::machine::Entropy;
use ports::signer::{Role, Signer};
use services::batch::{self, Made};
use services::officer::Officer;
use signer_soft::{Identity, SoftSigner};
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(crate) enum Batch {
    New {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "N", default_value_t = 500)]
        limit: usize,
    },
    Approve {
        #[command(flatten)]
        place: Place,
        id: String,
    },
    Personalise {
        #[command(flatten)]
        place: Place,
        id: String,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[arg(long)]
        test_keys: bool,
    },
    List {
        #[command(flatten)]
        place: Place,
    },
}

fn batch_id(text: &str) -> Result<BatchId, Failure> {
    BatchId::parse(text).ok_or_else(|| of_services(&services::Error::Missing("batch-missing")))
}

pub(crate) fn run(command: Batch, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Batch::New { place, limit } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            match batch::new(&installation.book, &officer, limit).map_err(failure)? {
                Some((id, cards)) => {
                    out.say(t!("batch-made"), &[("id", id.to_string()), ("cards", cards.to_string())]);
                    out.json(&serde_json::json!({ "batch": id.to_string(), "cards": cards }));
                }
                None => {
                    out.say(t!("batch-none"), &[]);
                    out.json(&serde_json::json!({ "batch": null, "cards": 0 }));
                }
            }
            installation.close()
        }
        Batch::Approve { place, id } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            let cards = batch::approve(&installation.book, &officer, batch_id(&id)?).map_err(failure)?;
            out.say(t!("batch-approved"), &[("cards", cards.to_string())]);
            out.json(&serde_json::json!({ "batch": id, "approved": cards }));
            installation.close()
        }
        Batch::Personalise { place, id, out: folder, test_keys } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            let made = personalise(&installation, &officer, batch_id(&id)?, &folder, test_keys, out)?;
            out.json(&serde_json::json!({ "batch": id, "cards": made, "csca": folder.join("csca.cer") }));
            installation.close()
        }
        Batch::List { place } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("status").map_err(failure)?;
            let all = batch::list(&installation.book).map_err(failure)?;
            let mut documents = Vec::new();
            for (id, state, cards) in all {
                out.say(
                    t!("batch-line"),
                    &[("id", id.clone()), ("state", state.clone()), ("cards", cards.to_string())],
                );
                documents.push(serde_json::json!({ "batch": id, "state": state, "cards": cards }));
            }
            out.json(&documents.into());
            Ok(())
        }
    }
}

/// Makes the cards of a batch: a file for each, its access number beside it, and the CSCA certificate to check them with.
pub(crate) fn personalise(
    installation: &Installation,
    officer: &Officer,
    id: BatchId,
    folder: &Path,
    test_keys: bool,
    out: &mut Output,
) -> Result<Vec<String>, Failure> {
    let failure = |error: services::Error| of_services(&error);
    let cannot = |error: std::io::Error| of_services(&ports::Fault::io("card folder", &error).into());
    let signer = signer(installation, test_keys)?;
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let csca = signer.certificate(Role::Csca).map_err(|fault| of_services(&fault.into()))?;
    std::fs::write(folder.join("csca.cer"), csca.as_bytes()).map_err(cannot)?;
    let mut made = Vec::new();
    let bar = out.progress(1, t!("batch-step"));
    let out_folder = folder;
    let mut write = |card: &Made| -> Result<(), services::Error> {
        let path = out_folder.join(format!("{}.card", card.card));
        folder::write_secret(&path, card.image.encode().as_slice())?;
        let can = out_folder.join(format!("{}.can", card.card));
        folder::write_secret(&can, card.image.secrets.can.as_bytes())?;
        made.push(path.display().to_string());
        Ok(())
    };
    let done = batch::personalise(&installation.book, officer, id, &signer, &mut write, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    done.map_err(failure)?;
    let arguments = [("cards", out.language.count(made.len() as u64)), ("folder", folder.display().to_string())];
    out.say(t!("batch-personalised"), &arguments);
    Ok(made)
}

/// The installation's own signer, made on first use. Test keys are another pair, and say so in their certificates.
fn signer(installation: &Installation, test_keys: bool) -> Result<SoftSigner, Failure> {
    let folder = installation.folder.keys().join(if test_keys { "test-signer" } else { "signer" });
    if folder.join("csca.key").exists() || folder.is_dir() {
        return SoftSigner::open(&folder).map_err(|fault| of_services(&fault.into()));
    }
    let identity = if test_keys { Identity::test_keys() } else { Identity::demonstration() };
    let (year, month, day) = installation.book.now().day().date();
    let today = lds::Date { year: u16::try_from(year).unwrap_or(0), month, day };
    let mut entropy = |bytes: &mut [u8]| SystemEntropy.fill(bytes);
    SoftSigner::create(&folder, &identity, today, &mut entropy)
        .map_err(|_| Failure::new(Exit::Now, t!("signer-unmade"), vec![("folder", folder.display().to_string())]))
}
