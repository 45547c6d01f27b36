//! `application new`, `application receive`, `application check`, `application list`.

use super::Listing;
use crate::installation::{Installation, Making, Place, of_services, read_file, write_file};
use crate::kit::OwnKit;
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use enrolment::packet::BYTES_MAX;
use enrolment::{Application as Filled, Capture, Finger, MissingReason};
use ids::ApplicationId;
use services::application::{self, Checked, Received};
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(crate) enum Application {
    New {
        #[command(flatten)]
        place: Place,
        number: String,
        #[arg(long, value_name = "FILE")]
        face: PathBuf,
        #[arg(long, value_name = "POS=IMAGE")]
        finger: Vec<String>,
        #[arg(long, value_name = "POS=REASON")]
        missing: Vec<String>,
        #[arg(long, value_name = "N", default_value_t = 500)]
        dpi: u16,
        #[arg(long, value_name = "FILE", conflicts_with = "idempotency_key")]
        packet: Option<PathBuf>,
        #[command(flatten)]
        making: Making,
    },
    Receive {
        #[command(flatten)]
        place: Place,
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        making: Making,
    },
    Check {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        making: Making,
    },
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        listing: Listing,
    },
}

/// `POS=VALUE`.
fn position(text: &str) -> Result<(u8, &str), Failure> {
    let wrong = || Failure::new(Exit::Use, t!("application-finger-form"), vec![("finger", text.to_owned())]);
    let (position, value) = text.split_once('=').ok_or_else(wrong)?;
    Ok((position.trim().parse().map_err(|_| wrong())?, value))
}

fn fill(
    installation: &Installation,
    number: &str,
    face: &Path,
    fingers: &[String],
    missing: &[String],
    dpi: u16,
) -> Result<Filled, Failure> {
    let mut all = Vec::new();
    for finger in fingers {
        let (position, path) = position(finger)?;
        let file = read_file(Path::new(path), fingerprint::FILE_BYTES_MAX as u64)?;
        all.push(Finger { position, capture: Capture::Image { file, dpi } });
    }
    for finger in missing {
        let (position, reason) = position(finger)?;
        let wrong = || Failure::new(Exit::Use, t!("application-missing-form"), vec![("reason", reason.to_owned())]);
        all.push(Finger { position, capture: Capture::Missing(MissingReason::parse(reason).ok_or_else(wrong)?) });
    }
    Ok(Filled {
        id: ApplicationId(installation.book.id()),
        number: number.trim().to_owned(),
        enroller: None,
        captured: installation.book.now(),
        face: read_file(face, 4 << 20)?,
        fingers: all,
    })
}

pub(crate) fn run(command: Application, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Application::New { place, number, face, finger, missing, dpi, packet, making } => {
            let installation = Installation::open(&place)?;
            let command = installation.making(&place, making)?;
            let officer = &command.officer;
            officer.may("enrol").map_err(failure)?;
            let mut filled = fill(&installation, &number, &face, &finger, &missing, dpi)?;
            filled.enroller = officer.actor("").officer;
            let seal = |filled: &Filled| OwnKit::open(&installation, officer)?.seal(&installation, filled);
            if let Some(file) = packet {
                let sealed = seal(&filled)?;
                write_file(&file, &sealed)?;
                out.say(t!("application-packet"), &[("file", file.display().to_string())]);
                out.json(&serde_json::json!({ "packet": file, "application": filled.id.to_string() }));
                return installation.close();
            }
            let received = application::enrol(&installation.book, &command, &filled, seal)?;
            say(&received, out);
            out.json(&serde_json::to_value(&received).unwrap_or_default());
            installation.close()
        }
        Application::Receive { place, files, making } => {
            let installation = Installation::open(&place)?;
            let command = installation.making(&place, making)?;
            command.officer.may("enrol").map_err(failure)?;
            let mut all = Vec::new();
            for (at, file) in files.iter().enumerate() {
                let bytes = read_file(file, BYTES_MAX as u64)?;
                let received = application::receive(&installation.book, &command.part(at), &bytes).map_err(failure)?;
                say(&received, out);
                all.push(received);
            }
            out.json(&serde_json::to_value(&all).unwrap_or_default());
            installation.close()
        }
        Application::Check { place, making } => {
            let installation = Installation::open(&place)?;
            let command = installation.making(&place, making)?;
            let checked = check(&installation, &command, out)?;
            out.json(&serde_json::to_value(&checked).unwrap_or_default());
            installation.close()
        }
        Application::List { place, listing } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("status").map_err(failure)?;
            let (book, unit) = (&installation.book, &officer.unit);
            let all = listing.items(&application::STATES, &application::STATES, |state, after, limit| {
                let unknown = || of_services(&services::Error::Missing("application-unknown"));
                let after = after.map(|id| ids::ApplicationId::parse(id).ok_or_else(unknown)).transpose()?;
                application::list(book, unit, state, after, limit).map_err(failure)
            })?;
            for one in &all {
                let arguments = [
                    ("id", one.id.clone()),
                    ("state", one.state.clone()),
                    ("version", one.version.to_string()),
                    ("unit", one.unit.clone()),
                    ("received", one.received.clone()),
                ];
                out.say(t!("application-line"), &arguments);
            }
            out.json(&serde_json::to_value(&all).unwrap_or_default());
            Ok(())
        }
    }
}

/// Searches the applications that wait, with a progress bar.
pub(crate) fn check(
    installation: &Installation,
    command: &services::Command,
    out: &mut Output,
) -> Result<Checked, Failure> {
    let bar = out.progress(1, t!("application-step-check"));
    let checked = application::check_all(&installation.book, command, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let checked = checked.map_err(|error| of_services(&error))?;
    let count = |value: usize| out.language.count(value as u64);
    let arguments = [
        ("searched", count(checked.searched)),
        ("clear", count(checked.clear)),
        ("hits", count(checked.hits)),
        ("gallery", count(checked.gallery)),
    ];
    if checked.anew {
        out.say(t!("application-gallery-anew"), &[]);
    }
    out.say(t!("application-checked"), &arguments);
    Ok(checked)
}

fn say(received: &Received, out: &mut Output) {
    let key = if received.again { t!("application-again") } else { t!("application-received") };
    let arguments = [
        ("id", received.application.clone()),
        ("fingers", received.fingers.to_string()),
        ("quality", received.quality_min.to_string()),
        ("face", received.face_quality.map_or("—".to_owned(), |quality| quality.to_string())),
    ];
    out.say(key, &arguments);
}
