//! `demo`: the main job on sample data, all six steps, with the real services and seven officers.

use crate::home::Home;
use crate::installation::{Installation, of_services};
use crate::kit::OwnKit;
use crate::machine::stopwatch;
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use enrolment::{Application, Capture, Finger, MissingReason};
use ids::ApplicationId;
use services::Command;
use services::case::Verdict;
use services::import::Input;
use services::officer::{self, Officer};
use services::programme::{Asked, Depth};
use services::{application, batch, case, person};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Demo {
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    #[arg(long)]
    once: bool,
    #[arg(long, value_name = "N", default_value_t = 1000)]
    persons: usize,
    #[arg(long, value_name = "N", default_value_t = 100)]
    applications: usize,
    #[arg(long, value_name = "N", default_value_t = 50)]
    cards: usize,
}

/// How many of the applicants try it a second time under another number.
const SECOND_TRIES: usize = 2;

/// The officers of the demonstration.
struct Staff {
    collector: Officer,
    enroller: Officer,
    adjudicators: [Officer; 2],
    approver: Officer,
    personaliser: Officer,
}

pub(crate) fn run(command: &Demo, out: &mut Output) -> Result<(), Failure> {
    let begun = stopwatch();
    if command.data.exists() {
        if !command.data.join("demo").exists() {
            return Err(Failure::new(
                Exit::Use,
                t!("demo-folder"),
                vec![("folder", command.data.display().to_string())],
            ));
        }
        let removed = std::fs::remove_dir_all(&command.data);
        removed.map_err(|error| of_services(&ports::Fault::io("demo folder", &error).into()))?;
    }
    let made = std::fs::create_dir_all(&command.data)
        .and_then(|()| std::fs::write(command.data.join("demo"), "vandan demo\n"));
    made.map_err(|error| of_services(&ports::Fault::io("demo folder", &error).into()))?;
    let sample = command.data.join("sample");
    let written = super::sample::write(command.persons, 2021, command.applications, &sample, out)?;
    out.say(
        t!("demo-sample"),
        &[("rows", out.language.count(written.rows as u64)), ("files", out.language.count(written.files as u64))],
    );
    let installation = Installation::init(&command.data.join("register"), &Home::Folder)?;
    let staff = staff(&installation)?;
    let collected = collect(&installation, &staff, &sample, out)?;
    let enrolled = enrol(&installation, &staff, &sample, command.applications, out)?;
    let checked = check(&installation, &staff, out)?;
    let issued = issue(&installation, &staff, command, out)?;
    let used = read_a_card(&issued, out)?;
    let steered = steer(&installation, out)?;
    let seconds = begun.elapsed().as_secs_f64();
    out.say(
        t!("demo-done"),
        &[("seconds", out.language.number(seconds, 1)), ("folder", command.data.display().to_string())],
    );
    out.json(&serde_json::json!({
        "collect": collected, "enrol": enrolled, "check": checked, "issue": { "cards": issued.len() },
        "use": used, "steer": steered, "seconds": seconds,
    }));
    if command.once {
        return installation.close();
    }
    console(installation, out)
}

/// Leaves the console to click through, with an account of each role whose secrets are told.
fn console(installation: Installation, out: &mut Output) -> Result<(), Failure> {
    let roles = services::officer::ROLES.iter().map(|(role, _)| *role).filter(|role| *role != "operator");
    out.say(t!("demo-accounts"), &[]);
    for role in roles {
        let (_, password, second_factor) = accept(&installation, &format!("demo.{role}"), role)?;
        let arguments = [("name", format!("demo.{role}")), ("password", password), ("secret", second_factor)];
        out.say(t!("demo-account"), &arguments);
    }
    let listen = std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 8080));
    let installation = std::sync::Arc::new(installation);
    super::serve::serve(&installation, listen, &super::serve::Settings::usual(), out)
}

/// Makes an account the way a person does: one-time code, password, second factor, session.
pub(super) fn account(installation: &Installation, name: &str, role: &str) -> Result<Officer, Failure> {
    let book = &installation.book;
    let failure = |error: services::Error| of_services(&error);
    let (_, password, second_factor) = accept(installation, name, role)?;
    let code = officer::code_of(&second_factor, book.now()).map_err(failure)?;
    let session = officer::sign_in(book, name, &password, &code).map_err(failure)?;
    officer::of_session(book, &session).map_err(failure)
}

/// An account with its password and second factor.
fn accept(installation: &Installation, name: &str, role: &str) -> Result<(Officer, String, String), Failure> {
    let book = &installation.book;
    let failure = |error: services::Error| of_services(&error);
    let one_time =
        officer::create(book, &Command::by(&Officer::operator()), name, &[role.to_owned()], "").map_err(failure)?;
    let password = format!("mat khau cua {name}");
    let accepted = officer::accept(book, name, &one_time, &password).map_err(failure)?;
    Ok((accepted.officer, password, accepted.second_factor))
}

fn staff(installation: &Installation) -> Result<Staff, Failure> {
    Ok(Staff {
        collector: account(installation, "thu.thap", "collector")?,
        enroller: account(installation, "thu.nhan", "enroller")?,
        adjudicators: [
            account(installation, "tham.dinh.1", "adjudicator")?,
            account(installation, "tham.dinh.2", "adjudicator")?,
        ],
        approver: account(installation, "phe.duyet", "approver")?,
        personaliser: account(installation, "san.xuat", "personaliser")?,
    })
}

fn files_in(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for path in super::import::expand(&[folder.to_owned()]) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, crate::installation::read_file(&path, register::sheet::BYTES_MAX)?));
    }
    Ok(files)
}

/// Step 1: units and persons from the provinces' files; linkage measured against the sample's truth.
fn collect(
    installation: &Installation,
    staff: &Staff,
    sample: &Path,
    out: &mut Output,
) -> Result<serde_json::Value, Failure> {
    out.say(t!("demo-collect"), &[]);
    let units = files_in(&sample.join("units"))?;
    services::unit::import(&installation.book, &Command::by(&staff.collector), &units)
        .map_err(|error| of_services(&error))?;
    let files = files_in(&sample.join("persons"))?;
    let inputs = files.into_iter().map(|(name, bytes)| Input { name, bytes }).collect();
    let report =
        super::import::persons(installation, &staff.collector, inputs, &register::heading::Mapping::default(), out)?;
    super::import::say_report(&report, out);
    let truth = std::fs::read_to_string(sample.join("truth.csv")).unwrap_or_default();
    let score = score(installation, &truth)?;
    let arguments = [
        ("precision", out.language.number(score.0, 4)),
        ("recall", out.language.number(score.1, 4)),
        ("f1", out.language.number(score.2, 4)),
    ];
    out.say(t!("demo-linkage"), &arguments);
    let mut document = serde_json::to_value(&report).unwrap_or_default();
    document["linkage"] = serde_json::json!({ "precision": score.0, "recall": score.1, "f1": score.2 });
    Ok(document)
}

/// Pairwise precision, recall and F1 of the persons entered against the truth; rows held in a case count as apart.
fn score(installation: &Installation, truth: &str) -> Result<(f64, f64, f64), Failure> {
    let persons = person::everyone(&installation.book, &Officer::operator(), "linkage held against the truth")
        .map_err(|error| of_services(&error))?;
    let mut found: HashMap<String, usize> = HashMap::new();
    for (at, entry) in persons.into_iter().enumerate() {
        for source in entry.person.sources {
            found.insert(source.rec_id, at);
        }
    }
    let pairs = |count: u64| count * count.saturating_sub(1) / 2;
    let (mut by_truth, mut by_found, mut by_both) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (at, line) in truth.lines().skip(1).enumerate() {
        let mut cells = line.split(',');
        let (Some(rec_id), Some(person)) = (cells.next(), cells.next()) else { continue };
        let cluster = found.get(rec_id).copied().unwrap_or(usize::MAX - at);
        *by_truth.entry(person.to_owned()).or_insert(0u64) += 1;
        *by_found.entry(cluster).or_insert(0u64) += 1;
        *by_both.entry((person.to_owned(), cluster)).or_insert(0u64) += 1;
    }
    let actual: u64 = by_truth.values().map(|count| pairs(*count)).sum();
    let claimed: u64 = by_found.values().map(|count| pairs(*count)).sum();
    let right: u64 = by_both.values().map(|count| pairs(*count)).sum();
    let share = |part: u64, whole: u64| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    let (precision, recall) = (share(right, claimed), share(right, actual));
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    Ok((precision, recall, f1))
}

/// Step 2: applications with face and ten fingers, as signed and sealed packets. Two applicants come a second time under
/// another number; one finger is bandaged; one packet is delivered twice.
fn enrol(
    installation: &Installation,
    staff: &Staff,
    sample: &Path,
    applications: usize,
    out: &mut Output,
) -> Result<serde_json::Value, Failure> {
    out.say(t!("demo-enrol"), &[]);
    let failure = |error: services::Error| of_services(&error);
    let invited = person::invite(&installation.book, &staff.enroller, applications).map_err(failure)?;
    let kit = OwnKit::open(installation, &staff.enroller)?;
    let enrol = Command::by(&staff.enroller);
    let bar = out.progress(invited.len() as u64, t!("demo-step-enrol"));
    let (mut received, mut fingers, mut again) = (0u64, 0usize, 0u64);
    for (at, number) in invited.iter().enumerate() {
        // The last applicants show the fingers of the first.
        let second_try = at + SECOND_TRIES >= invited.len() && invited.len() > 2 * SECOND_TRIES;
        let (whose, impression) = if second_try { (at + SECOND_TRIES - invited.len(), 2) } else { (at, 1) };
        let filled = application(installation, staff, sample, number, whose, impression, at == 3)?;
        let packet = kit.seal(installation, &filled)?;
        let receipt = application::receive(&installation.book, &enrol, &packet).map_err(failure)?;
        received += 1;
        fingers += receipt.fingers;
        if at == 0 {
            again += u64::from(application::receive(&installation.book, &enrol, &packet).map_err(failure)?.again);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let arguments = [
        ("applications", out.language.count(received)),
        ("fingers", out.language.count(fingers as u64)),
        ("again", again.to_string()),
    ];
    out.say(t!("demo-enrolled"), &arguments);
    Ok(serde_json::json!({ "applications": received, "fingers": fingers, "delivered_again": again }))
}

fn application(
    installation: &Installation,
    staff: &Staff,
    sample: &Path,
    number: &str,
    whose: usize,
    impression: u32,
    bandaged: bool,
) -> Result<Application, Failure> {
    let mut fingers = Vec::new();
    for position in 1..=10u8 {
        let path = sample.join("prints").join(whose.to_string()).join(format!("{position}_{impression}.png"));
        let capture = if bandaged && position == 2 {
            Capture::Missing(MissingReason::Bandaged)
        } else {
            Capture::Image { file: crate::installation::read_file(&path, 1 << 24)?, dpi: 500 }
        };
        fingers.push(Finger { position, capture });
    }
    Ok(Application {
        id: ApplicationId(installation.book.id()),
        number: number.to_owned(),
        enroller: staff.enroller.actor("").officer,
        captured: installation.book.now(),
        face: crate::installation::read_file(&sample.join("faces").join(format!("{whose}.jpg")), 1 << 22)?,
        fingers,
    })
}

/// Step 3: everybody's fingers against everybody's; two officers decide each hit.
fn check(installation: &Installation, staff: &Staff, out: &mut Output) -> Result<serde_json::Value, Failure> {
    out.say(t!("demo-check"), &[]);
    let failure = |error: services::Error| of_services(&error);
    let checked = super::application::check(installation, &Command::by(&staff.enroller), out)?;
    let mut decided = 0;
    for one in case::list(&installation.book, "", "open", None, 1000).map_err(failure)?.items {
        let Some(id) = ids::CaseId::parse(&one.id).filter(|_| one.kind == "fingerprint") else { continue };
        for adjudicator in &staff.adjudicators {
            case::show(&installation.book, adjudicator, "adjudication", id).map_err(failure)?;
            let command = Command::by(adjudicator);
            case::decide(&installation.book, &command, id, Verdict::Same, "cùng vân tay ở nhiều ngón")
                .map_err(failure)?;
        }
        decided += 1;
    }
    out.say(t!("demo-decided"), &[("cases", decided.to_string())]);
    let mut document = serde_json::to_value(&checked).unwrap_or_default();
    document["decided"] = decided.into();
    Ok(document)
}

/// Step 4: a batch, approved by one officer, made by another, each card read back.
fn issue(installation: &Installation, staff: &Staff, command: &Demo, out: &mut Output) -> Result<Vec<String>, Failure> {
    out.say(t!("demo-issue"), &[]);
    let failure = |error: services::Error| of_services(&error);
    let personaliser = Command::by(&staff.personaliser);
    let new = batch::new(&installation.book, &personaliser, command.cards).map_err(failure)?;
    let Some(id) = new.batch else { return Ok(Vec::new()) };
    batch::approve(&installation.book, &Command::by(&staff.approver), id).map_err(failure)?;
    let folder = command.data.join("cards");
    let (made, failed) = super::batch::personalise(installation, &personaliser, id, &folder, false, out)?;
    if failed.is_empty() { Ok(made) } else { Err(Failure::no(t!("batch-failed"))) }
}

/// Step 5: an inspector's terminal reads a card and verifies it offline.
fn read_a_card(cards: &[String], out: &mut Output) -> Result<serde_json::Value, Failure> {
    out.say(t!("demo-use"), &[]);
    let Some(card) = cards.first().map(PathBuf::from) else { return Ok(serde_json::Value::Null) };
    let can = std::fs::read_to_string(card.with_extension("can")).unwrap_or_default();
    let csca = card.with_file_name("csca.cer");
    super::card::read_file(&card, &can, &csca, out)
}

/// Step 6: the board and the audit.
fn steer(installation: &Installation, out: &mut Output) -> Result<serde_json::Value, Failure> {
    out.say(t!("demo-steer"), &[]);
    installation.book.checkpoint(true).map_err(|error| of_services(&error))?;
    let asked = Asked { depth: Depth::All, ..Asked::default() };
    let board = services::programme::board(&installation.book, &Officer::operator(), &asked);
    let lines = board.map_err(|error| of_services(&error))?.lines;
    let nation: Vec<programme::Line> = lines.iter().filter(|line| line.unit.is_empty()).cloned().collect();
    super::programme::say(&nation, out);
    let best: Vec<programme::Line> = lines
        .into_iter()
        .filter(|line| {
            line.measure == "entered" && line.unit.starts_with('P') && line.rank.is_some_and(|rank| rank <= 5)
        })
        .collect();
    super::programme::say(&best, out);
    let report = super::audit::report(installation, None, out)?;
    let arguments = [
        ("events", out.language.count(report.events)),
        ("rows", out.language.count(report.rows)),
        ("size", out.language.count(report.ledger_size)),
        ("findings", out.language.count(report.findings_count)),
    ];
    if report.findings_count > 0 {
        out.say(t!("audit-bad"), &arguments);
        return Err(Failure::no(t!("audit-bad")));
    }
    out.say(t!("audit-good"), &arguments);
    Ok(serde_json::json!({ "board": nation, "audit": report }))
}
