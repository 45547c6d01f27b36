//! `case list`, `case show`, `case decide`.

use super::Listing;
use crate::installation::{Changing, Installation, Place, of_services};
use crate::output::{Failure, Output};
use crate::prints::{Picture, Print};
use crate::text::t;
use ids::CaseId;
use services::case::{self, Verdict};
use services::officer::Officer;
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(crate) enum Case {
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        listing: Listing,
    },
    Show {
        #[command(flatten)]
        place: Place,
        id: String,
        #[arg(long, value_name = "TEXT")]
        purpose: String,
        #[arg(long, value_name = "DIR")]
        prints: Option<PathBuf>,
    },
    Decide {
        #[command(flatten)]
        place: Place,
        id: String,
        verdict: Decision,
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        changing: Changing,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Decision {
    Same,
    Different,
    Recapture,
    Expert,
}

fn case_id(text: &str) -> Result<CaseId, Failure> {
    CaseId::parse(text).ok_or_else(|| of_services(&services::Error::Missing("case-missing")))
}

pub(crate) fn run(command: Case, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Case::List { place, listing } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("status").map_err(failure)?;
            let (book, unit) = (&installation.book, &officer.unit);
            let all = listing.items(&case::STATES, &["open"], |state, after, limit| {
                let after = after.map(case_id).transpose()?;
                case::list(book, unit, state, after, limit).map_err(failure)
            })?;
            for one in &all {
                let arguments = [
                    ("id", one.id.clone()),
                    ("kind", one.kind.clone()),
                    ("version", one.version.to_string()),
                    ("unit", one.unit.clone()),
                    ("opened", one.opened.clone()),
                    ("decisions", one.decisions.to_string()),
                ];
                out.say(t!("case-line"), &arguments);
            }
            if all.is_empty() {
                out.say(t!("case-none"), &[]);
            }
            out.json(&serde_json::to_value(&all).unwrap_or_default());
            Ok(())
        }
        Case::Show { place, id, purpose, prints } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            let contents = case::show(&installation.book, &officer, &purpose, case_id(&id)?).map_err(failure)?;
            let mut body = contents.body;
            if let Some(body) = body.as_object_mut() {
                body.remove("tokens");
            }
            let mut document = serde_json::json!({ "case": contents.summary, "person": contents.a.to_string(), "other": contents.b.map(|id| id.to_string()), "evidence": body });
            out.say(t!("case-shown"), &[("contents", serde_json::to_string_pretty(&document).unwrap_or_default())]);
            for entry in &contents.persons {
                let status = super::person::status(entry, out);
                let arguments = [("id", entry.id.to_string()), ("unit", entry.unit.clone()), ("status", status)];
                out.say(t!("case-person"), &arguments);
                super::person::say(entry, out);
            }
            let persons: Vec<serde_json::Value> = contents.persons.iter().map(super::person::document).collect();
            document["persons"] = persons.into();
            if let Some(folder) = prints {
                document["prints"] = draw(&installation, &officer, &purpose, case_id(&id)?, &folder, out)?.into();
            }
            out.json(&document);
            installation.close()
        }
        Case::Decide { place, id, verdict, reason, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            let verdict = match verdict {
                Decision::Same => Verdict::Same,
                Decision::Different => Verdict::Different,
                Decision::Recapture => Verdict::Recapture,
                Decision::Expert => Verdict::Expert,
            };
            let state = case::decide(&installation.book, &command, case_id(&id)?, verdict, &reason).map_err(failure)?;
            if state == "open" {
                out.say(t!("case-waits"), &[]);
            } else {
                out.say(t!("case-decided"), &[("state", state.clone())]);
            }
            out.json(&serde_json::json!({ "id": id, "state": state }));
            installation.close()
        }
    }
}

/// Draws every finger of the applicant beside that of each candidate, a file each; readable by the owner only.
fn draw(
    installation: &Installation,
    officer: &Officer,
    purpose: &str,
    id: CaseId,
    folder: &Path,
    out: &mut Output,
) -> Result<Vec<serde_json::Value>, Failure> {
    let pairs = case::prints(&installation.book, officer, purpose, id).map_err(|error| of_services(&error))?;
    let made = std::fs::create_dir_all(folder);
    made.map_err(|error| of_services(&ports::Fault::io("folder of prints", &error).into()))?;
    let mut documents = Vec::new();
    for pair in &pairs {
        let finger = pair.applicant.position;
        let file = folder.join(format!("{}-{finger:02}.svg", pair.candidate));
        let arguments = [
            ("finger", finger.to_string()),
            ("candidate", pair.candidate.to_string()),
            ("score", out.language.number(f64::from(pair.score), 1)),
            ("matched", pair.matched.len().to_string()),
        ];
        let title = out.text(t!("case-print"), &arguments);
        let prints = [&pair.applicant, &pair.other];
        let prints = prints.map(|print| Print { image: &print.image, template: &print.template, orientation: None });
        let drawing = Picture::of(&prints, &pair.matched, &title).svg();
        folder::write_secret(&file, drawing.as_bytes()).map_err(|fault| of_services(&fault.into()))?;
        out.say(t!("case-print"), &arguments);
        documents.push(serde_json::json!({
            "candidate": pair.candidate.to_string(), "finger": finger, "other_finger": pair.other.position, "score": pair.score,
            "matched": pair.matched.len(), "file": file,
        }));
    }
    out.say(t!("case-prints"), &[("count", pairs.len().to_string()), ("folder", folder.display().to_string())]);
    Ok(documents)
}
