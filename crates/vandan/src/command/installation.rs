//! `init`, `sign-in`, `sign-out`, `status`, `doctor`, `backup`, `restore`.

use crate::home::Home;
use crate::installation::{Installation, Place, of_services, read_file, tables};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use services::Command;
use services::officer::{self, Officer};
use std::io::BufRead;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Init {
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    #[arg(long, value_name = "NAME", default_value = "admin")]
    administrator: String,
}

#[derive(clap::Args)]
pub(crate) struct SignIn {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "NAME")]
    officer: String,
}

#[derive(clap::Args)]
pub(crate) struct SignOut {
    #[command(flatten)]
    place: Place,
}

#[derive(clap::Args)]
pub(crate) struct Status {
    #[command(flatten)]
    place: Place,
}

#[derive(clap::Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct Restore {
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    #[arg(long)]
    verify: bool,
}

pub(crate) fn init(command: &Init, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::init(&command.data, &Home::named(command.database.as_deref())?)?;
    let roles = ["administrator", "auditor"].map(str::to_owned);
    let code =
        officer::create(&installation.book, &Command::by(&Officer::operator()), &command.administrator, &roles, "")
            .map_err(|error| of_services(&error))?;
    let ledger = installation.book.home().keys.verifying().to_string();
    out.say(t!("init-done"), &[("folder", command.data.display().to_string())]);
    out.say(t!("init-code"), &[("officer", command.administrator.clone()), ("code", code.clone())]);
    out.say(t!("init-ledger-key"), &[("key", ledger.clone())]);
    let document = serde_json::json!({ "officer": command.administrator, "one_time_code": code, "ledger_key": ledger });
    out.json(&document);
    installation.close()
}

/// Secrets are read from standard input, a line each: they stand neither in the process list nor in the shell's history.
fn ask(out: &mut Output, key: crate::text::Key) -> Result<String, Failure> {
    use std::io::IsTerminal;
    if std::io::stdin().is_terminal() {
        let prompt = out.text(key, &[]);
        eprint_prompt(&prompt);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if read.is_ok_and(|bytes| bytes > 0) {
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    Err(Failure::new(Exit::Use, t!("sign-in-input"), Vec::new()))
}

fn eprint_prompt(prompt: &str) {
    use std::io::Write;
    let _ = write!(std::io::stderr(), "{prompt} ");
    let _ = std::io::stderr().flush();
}

pub(crate) fn sign_in(command: &SignIn, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::open(&command.place)?;
    let failure = |error: services::Error| of_services(&error);
    let account = officer::find(&installation.book, "", &command.officer).map_err(failure)?;
    let invited = account.is_some_and(|account| account.state == "invited");
    let mut second_factor = None;
    let (password, code) = if invited {
        let one_time = ask(out, t!("sign-in-ask-one-time"))?;
        let password = ask(out, t!("sign-in-ask-new-password"))?;
        let accepted = officer::accept(&installation.book, &command.officer, &one_time, &password).map_err(failure)?;
        out.say(t!("sign-in-second-factor"), &[("secret", accepted.second_factor.clone())]);
        // The first code is computed here: the officer has just proven who they are with the one-time code.
        let code = officer::code_of(&accepted.second_factor, installation.book.now()).map_err(failure)?;
        second_factor = Some(accepted.second_factor);
        (password, code)
    } else {
        (ask(out, t!("sign-in-ask-password"))?, ask(out, t!("sign-in-ask-code"))?)
    };
    let token = officer::sign_in(&installation.book, &command.officer, &password, &code).map_err(failure)?;
    if out.json {
        out.json(&serde_json::json!({ "session": token, "second_factor": second_factor }));
    } else {
        out.say(t!("sign-in-done"), &[]);
        out.line(&token);
    }
    installation.close()
}

pub(crate) fn sign_out(command: &SignOut, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::open(&command.place)?;
    let failure = |error: services::Error| of_services(&error);
    let token = command.place.token().ok_or_else(|| failure(services::Error::refused("session-ended")))?;
    officer::sign_out(&installation.book, &token).map_err(failure)?;
    out.say(t!("sign-out-done"), &[]);
    out.json(&serde_json::json!({ "signed_out": true }));
    installation.close()
}

pub(crate) fn status(command: &Status, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::open(&command.place)?;
    installation.book.checkpoint(false).map_err(|error| of_services(&error))?;
    let status =
        services::status::status(&installation.book, env!("CARGO_PKG_VERSION")).map_err(|error| of_services(&error))?;
    let count = |value| out.language.count(value);
    let arguments = [
        ("persons", count(status.persons.entered)),
        ("numbered", count(status.persons.numbered)),
        ("pending", count(status.persons.number_pending)),
        ("staged", count(status.staged)),
        ("households", count(status.households)),
        ("cases", count(status.cases_open)),
        ("applications", count(status.applications)),
        ("cards", count(status.cards)),
        ("events", count(status.events)),
        ("reads", count(status.reads)),
        ("size", count(status.ledger_size)),
        ("root", status.ledger_root.clone()),
        ("version", status.version.clone()),
    ];
    out.say(t!("status"), &arguments);
    out.json(&serde_json::to_value(&status).unwrap_or_default());
    Ok(())
}

/// The names of what a backup holds, beside the ledger's files and the blobs.
const DATABASE: &str = "register.sqlite";

pub(crate) fn backup(command: &Backup, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::open(&command.place)?;
    let officer = installation.officer(&command.place)?;
    officer.may("export").and_then(|()| officer.of_nation()).map_err(|error| of_services(&error))?;
    let files = crate::archive::write(&installation, &officer, &command.to)?;
    let keys = crate::archive::keys_beside(&command.to);
    out.say(
        t!("backup-done"),
        &[
            ("file", command.to.display().to_string()),
            ("files", out.language.count(files)),
            ("keys", keys.display().to_string()),
        ],
    );
    out.json(&serde_json::json!({ "file": command.to, "files": files, "keys": keys }));
    installation.close()
}

pub(crate) fn restore(command: &Restore, out: &mut Output) -> Result<(), Failure> {
    if command.data.join(DATABASE).exists() || command.data.join("keys").exists() {
        return Err(Failure::new(Exit::Use, t!("init-exists"), vec![("folder", command.data.display().to_string())]));
    }
    let keys = command.keys.clone().unwrap_or_else(|| crate::archive::keys_beside(&command.from));
    let secret = read_file(&keys, 1 << 20)?;
    let home = Home::named(command.database.as_deref())?;
    let files = crate::archive::read(&command.from, &command.data, &secret, &mut |folder| {
        if let Home::Database(_) = home {
            let bar = out.progress(0, t!("migrate-step-copy"));
            super::migrate::into_database(&folder.join(DATABASE), &home, &bar)?;
            std::fs::remove_file(folder.join(DATABASE))
                .map_err(|error| of_services(&ports::Fault::io("data folder", &error).into()))?;
        }
        home.note_in(folder)
    })?;
    let place = Place { data: command.data.clone(), database: command.database.clone(), session: None };
    let installation = Installation::open(&place)?;
    out.say(
        t!("restore-done"),
        &[("folder", command.data.display().to_string()), ("files", out.language.count(files))],
    );
    if command.verify {
        return super::audit::verify_now(&installation, None, out);
    }
    out.json(&serde_json::json!({ "files": files }));
    installation.close()
}

pub(crate) fn doctor(command: &Status, out: &mut Output) -> Result<(), Failure> {
    let free = free_bytes(&command.place.data);
    let installation = Installation::open(&command.place)?;
    let names: Vec<&str> = tables().iter().map(|table| table.name).collect();
    out.say(t!("doctor-opens"), &[("tables", names.len().to_string())]);
    out.say(t!("doctor-free"), &[("gib", out.language.number(free as f64 / f64::from(1 << 30), 1))]);
    let exposed = exposed_keys(&command.place.data);
    if exposed {
        out.say(t!("doctor-keys-exposed"), &[]);
    }
    let blobs = installation.book.home().blobs.list().map_err(|fault| of_services(&fault.into()))?;
    let mut damaged = 0u64;
    for address in &blobs {
        damaged += u64::from(installation.book.home().blobs.get(address).is_err());
    }
    out.say(
        t!("doctor-blobs"),
        &[("blobs", out.language.count(blobs.len() as u64)), ("damaged", out.language.count(damaged))],
    );
    let leftovers = super::audit::leftovers(&command.place.data);
    for leftover in &leftovers {
        out.say(t!("doctor-leftover"), &[("file", leftover.display().to_string())]);
    }
    let low = free < 1 << 30;
    if low {
        out.say(t!("doctor-space-low"), &[]);
    }
    let well = !exposed && damaged == 0 && !low;
    out.json(&serde_json::json!({ "free_bytes": free, "keys_exposed": exposed, "blobs": blobs.len(), "blobs_damaged": damaged, "leftovers": leftovers, "well": well }));
    if well {
        out.say(t!("doctor-well"), &[]);
        return Ok(());
    }
    Err(Failure::no(t!("doctor-well")))
}

/// Whether anybody but the owner may read the keys.
fn exposed_keys(data: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let entries = std::fs::read_dir(data.join("keys")).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .any(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o077 != 0)
}

/// Free space where the data lies.
fn free_bytes(data: &std::path::Path) -> u64 {
    let output = std::process::Command::new("df").arg("--output=avail").arg("-B1").arg(data).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or(u64::MAX)
}
