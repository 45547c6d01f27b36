//! `audit verify`, `checkpoint`, `proof`, `check`.

use crate::installation::{Installation, Place, of_services, read_file, tables, write_file};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use ledger::{Checkpoint, Proof, VerifyingKey};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(crate) enum Audit {
    Verify {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    Checkpoint {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    Proof {
        #[command(flatten)]
        place: Place,
        number: String,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[arg(long, value_name = "TEXT", default_value = "proof for the person")]
        purpose: String,
    },
    Check {
        proof: PathBuf,
        #[arg(long, value_name = "FILE")]
        key: String,
    },
}

pub(crate) fn run(command: Audit, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Audit::Verify { place, checkpoint } => {
            let installation = match Installation::open(&place) {
                Ok(installation) => installation,
                Err(refused) if refused.exit == Exit::No => return cannot_open(refused, out),
                Err(refused) => return Err(refused),
            };
            installation.officer(&place)?.may("audit").map_err(failure)?;
            let outside = checkpoint.map(|file| -> Result<Checkpoint, Failure> {
                let note = String::from_utf8_lossy(&read_file(&file, 4096)?).into_owned();
                let key = installation.book.home().keys.verifying();
                Checkpoint::verify(&note, &key).map_err(|error| {
                    Failure::of_code(
                        Exit::Input,
                        error.code(),
                        vec![("file", file.display().to_string()), ("detail", error.to_string())],
                    )
                })
            });
            verify_now(&installation, outside.transpose()?.as_ref(), out)
        }
        Audit::Checkpoint { place, out: file } => {
            let installation = Installation::open(&place)?;
            let note = installation.book.checkpoint(true).map_err(failure)?;
            write_file(&file, note.as_bytes())?;
            out.say(t!("audit-checkpoint"), &[("file", file.display().to_string())]);
            out.json(&serde_json::json!({ "file": file, "size": installation.book.ledger_size() }));
            installation.close()
        }
        Audit::Proof { place, number, out: file, purpose } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            let proof =
                services::audit::prove(&installation.book, &officer, &purpose, number.trim()).map_err(failure)?;
            let text = proof.to_json().map_err(|error| of_services(&error.into()))?;
            write_file(&file, text.as_bytes())?;
            out.say(
                t!("audit-proof"),
                &[("file", file.display().to_string()), ("events", proof.events.len().to_string())],
            );
            out.json(&serde_json::json!({ "file": file, "events": proof.events.len() }));
            installation.close()
        }
        Audit::Check { proof, key } => check(&proof, &key, out),
    }
}

/// The ledger or the database is so far from what was signed that the program will not work with it: that is an answer.
fn cannot_open(refused: Failure, out: &mut Output) -> Result<(), Failure> {
    let detail = refused.arguments.iter().find(|(name, _)| *name == "detail").map(|(_, detail)| detail.clone());
    let detail = detail.unwrap_or_else(|| refused.key.name().to_owned());
    out.say(t!("audit-cannot-open"), &[("detail", detail.clone())]);
    let finding = serde_json::json!({ "code": "cannot-open", "place": "ledger", "key": detail });
    out.json(&serde_json::json!({ "ok": false, "findings": [finding], "findings_count": 1 }));
    Err(Failure::no(t!("audit-bad")))
}

/// Scratch files of verifications. One process holds the folder, so whatever lies there before its own verification was
/// left by one that was cut off.
pub(crate) fn leftovers(data: &std::path::Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(data).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_scratch = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.strip_prefix("verify-").is_some_and(|rest| rest.contains(".sqlite"))
    };
    let mut found: Vec<PathBuf> = all.filter(is_scratch).collect();
    found.sort();
    found
}

/// Replays everything into a scratch file beside the data, and compares.
pub(crate) fn report(
    installation: &Installation,
    outside: Option<&Checkpoint>,
    out: &Output,
) -> Result<services::verify::Report, Failure> {
    let path = installation.folder.path().join(format!("verify-{}.sqlite", std::process::id()));
    let remove = || {
        for leftover in leftovers(installation.folder.path()) {
            let _ = std::fs::remove_file(leftover);
        }
    };
    remove();
    let shadow = store_sql::SqliteStore::scratch(&path, &tables()).map_err(|fault| of_services(&fault.into()))?;
    let bar = out.progress(installation.book.ledger_size(), t!("audit-step"));
    let report =
        services::verify::verify(&installation.book, &shadow, &tables(), outside, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    drop(shadow);
    remove();
    report.map_err(|error| of_services(&error))
}

/// Verifies an open installation, and says what was found.
pub(crate) fn verify_now(
    installation: &Installation,
    outside: Option<&Checkpoint>,
    out: &mut Output,
) -> Result<(), Failure> {
    let report = report(installation, outside, out)?;
    let mut document = serde_json::to_value(&report).unwrap_or_default();
    document["ok"] = (report.findings_count == 0).into();
    let count = |value| out.language.count(value);
    let arguments = [
        ("events", count(report.events)),
        ("rows", count(report.rows)),
        ("size", count(report.ledger_size)),
        ("findings", count(report.findings_count)),
    ];
    for finding in &report.findings {
        let key = crate::text::Key::find(&format!("audit-finding-{}", finding.code));
        let words = key.map_or(finding.code.to_owned(), |key| out.text(key, &[]));
        out.say(
            t!("audit-finding"),
            &[("finding", words), ("place", finding.place.clone()), ("key", finding.key.clone())],
        );
    }
    if report.findings_count == 0 {
        out.say(t!("audit-good"), &arguments);
        out.json(&document);
        return Ok(());
    }
    out.say(t!("audit-bad"), &arguments);
    out.json(&document);
    Err(Failure::no(t!("audit-bad")))
}

/// Checks a proof offline: nothing is needed but the file and the key (a file, or the key itself).
fn check(file: &std::path::Path, key: &str, out: &mut Output) -> Result<(), Failure> {
    let text = if key.contains('+') {
        key.to_owned()
    } else {
        String::from_utf8_lossy(&read_file(std::path::Path::new(key), 4096)?).into_owned()
    };
    let named = |error: &ledger::Error, exit| {
        Failure::of_code(exit, error.code(), vec![("file", file.display().to_string()), ("detail", error.to_string())])
    };
    let key = VerifyingKey::parse(&text).map_err(|error| named(&error, Exit::Input))?;
    let proof = Proof::from_json(&read_file(file, 64 << 20)?).map_err(|error| named(&error, Exit::Input))?;
    let checkpoint = proof.check(&key).map_err(|error| named(&error, Exit::No))?;
    let mut events = Vec::new();
    for event in &proof.events {
        let head = journal::Head::from_bytes(&event.opening.head)
            .map_err(|error| Failure::of_code(Exit::Input, error.code(), vec![("file", file.display().to_string())]))?;
        let officer = head.actor.officer.map_or("operator".to_owned(), |officer| officer.to_string());
        let arguments = [
            ("time", head.recorded.to_string()),
            ("kind", head.kind.clone()),
            ("officer", officer.clone()),
            ("purpose", head.actor.purpose.clone()),
        ];
        out.say(t!("person-history"), &arguments);
        events.push(serde_json::json!({ "time": head.recorded.to_string(), "kind": head.kind, "officer": officer, "purpose": head.actor.purpose, "unit": head.unit }));
    }
    out.say(
        t!("audit-proof-good"),
        &[
            ("events", events.len().to_string()),
            ("size", checkpoint.size.to_string()),
            ("origin", checkpoint.origin.clone()),
        ],
    );
    out.json(
        &serde_json::json!({ "ok": true, "origin": checkpoint.origin, "size": checkpoint.size, "events": events }),
    );
    Ok(())
}
