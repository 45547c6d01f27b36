//! `programme report`: a report frozen and set on paper; a copy verified.

use super::instant;
use crate::installation::{Installation, Making, Place, of_services, read_file, writable, write_file};
use crate::output::{Exit, Failure, Output};
use crate::text::{Key, t};
use crate::typesetter;
use serde_json::json;
use services::programme::{Filed, Freezing, Frozen, Judged, Paper, ReportKind};
use std::cell::RefCell;
use std::path::Path;
use text::Language;

/// Bytes of a copy.
const BYTES_MAX: u64 = 256 << 20;

/// Which report.
pub(super) struct Asked {
    pub(super) as_of: Option<String>,
    pub(super) unit: String,
    pub(super) conference: bool,
    pub(super) issued_at: String,
}

pub(super) fn make(place: &Place, making: Making, asked: Asked, file: &Path, out: &mut Output) -> Result<(), Failure> {
    let form = file.extension().and_then(|form| form.to_str()).unwrap_or_default().to_lowercase();
    if !["pdf", "xlsx", "json"].contains(&form.as_str()) {
        return Err(Failure::new(Exit::Use, t!("report-file-form"), vec![("file", file.display().to_string())]));
    }
    // Nothing is frozen that cannot be set as was asked, or not be written where it was asked for.
    writable(file)?;
    writable(&file.with_extension("json"))?;
    if form != "json" && typesetter::program().is_none() {
        return Err(absent());
    }
    let Asked { as_of, unit, conference, issued_at } = asked;
    let as_of = as_of.as_deref().map(instant).transpose()?;
    let installation = Installation::open(place)?;
    let command = installation.making(place, making)?;
    let language = if out.language == Language::En { "en" } else { "vi" };
    let rulebook = crate::rulebook::read(installation.folder.path())?;
    let kind = conference.then_some(ReportKind::Conference);
    let freezing = Freezing { unit, kind, as_of, title: String::new(), language, place: issued_at, rulebook };
    // What is set for its hash is what is written.
    let kept: RefCell<Option<(Paper, Vec<u8>)>> = RefCell::default();
    let setter = |paper: &Paper, wanted: &str| {
        let bytes = typesetter::set(paper, wanted)?;
        if wanted == form {
            *kept.borrow_mut() = bytes.clone().map(|bytes| (paper.clone(), bytes));
        }
        Ok(bytes)
    };
    let texts = text::Texts::new(out.language);
    let words = |of: &str, name: &str| texts.named(of, name);
    let frozen = services::programme::freeze(&installation.book, &command, &freezing, &words, &setter);
    let frozen = frozen.map_err(|error| of_services(&error))?;
    let (bytes, paper) = (frozen.report.bytes(), frozen.paper(frozen.filing.state()));
    // The same command again is the report of then, which may have come further since.
    let kept = kept.into_inner().filter(|(set, _)| *set == paper).map(|(_, bytes)| bytes);
    let set = match kept {
        _ if form == "json" => Some(bytes.clone()),
        None => typesetter::set(&paper, &form).map_err(|error| of_services(&error))?,
        kept => kept,
    };
    write_file(file, &set.ok_or_else(absent)?)?;
    if form != "json" {
        write_file(&file.with_extension("json"), &bytes)?;
    }
    for note in &frozen.report.notes {
        out.say(t!("report-noted"), &[("note", note.clone())]);
    }
    out.say(t!("report-written"), &[("file", file.display().to_string()), ("hash", frozen.filing.hash.clone())]);
    out.json(&said(&frozen));
    installation.close()
}

fn said(frozen: &Frozen) -> serde_json::Value {
    json!({
        "id": frozen.id.to_string(), "hash": frozen.filing.hash, "state": frozen.filing.state().name(),
        "as_of": frozen.report.as_of, "ledger_size": frozen.report.ledger.size, "ledger_root": frozen.report.ledger.root,
    })
}

fn absent() -> Failure {
    Failure::new(Exit::Now, t!("report-no-setter"), Vec::new())
}

/// Whether a file is what one of the register's reports gives.
pub(super) fn verify(file: &Path, place: &Place, out: &mut Output) -> Result<(), Failure> {
    let copy = read_file(file, BYTES_MAX)?;
    let installation = Installation::open(place)?;
    let officer = installation.officer(place)?;
    let all = services::programme::reports(&installation.book, &officer).map_err(|error| of_services(&error))?;
    let mut best: Option<(Judged, &Frozen)> = None;
    for frozen in &all {
        let judged = frozen.judge(&copy, &typesetter::set).map_err(|error| of_services(&error))?;
        if best.is_none_or(|(found, _)| weight(judged) > weight(found)) {
            best = Some((judged, frozen));
        }
        if judged == Judged::Same {
            break;
        }
    }
    answer(best, out)
}

/// Of two answers the one that says more.
fn weight(judged: Judged) -> u8 {
    match judged {
        Judged::Same => 6,
        Judged::Earlier(_) => 5,
        Judged::Beyond(_) => 4,
        Judged::Changed => 3,
        Judged::Edition => 2,
        Judged::Unset => 1,
        Judged::Other => 0,
    }
}

/// Says what a copy is: whether it is one of the reports, and which, in words and by its status.
fn answer(best: Option<(Judged, &Frozen)>, out: &mut Output) -> Result<(), Failure> {
    let judged = best.map_or(Judged::Other, |(judged, _)| judged);
    let (key, exit) = match judged {
        Judged::Same => (t!("report-same"), None),
        Judged::Earlier(_) => (t!("report-earlier"), Some(Exit::No)),
        Judged::Beyond(_) => (t!("report-beyond"), Some(Exit::No)),
        Judged::Edition => (t!("report-other-edition"), Some(Exit::Now)),
        Judged::Other => (t!("report-none"), Some(Exit::No)),
        Judged::Changed => (t!("report-changed"), Some(Exit::No)),
        Judged::Unset => (t!("report-no-setter"), Some(Exit::Now)),
    };
    let stands = |state: Filed| Key::find(&format!("report-is-{}", state.name())).map(|key| out.text(key, &[]));
    let arguments = vec![("state", judged.state().and_then(stands).unwrap_or_default())];
    let known = best.filter(|_| judged != Judged::Other).map_or(serde_json::Value::Null, |(_, frozen)| said(frozen));
    out.json(&json!({ "verdict": judged.code(), "copy": judged.state().map(Filed::name), "report": known }));
    let Some(exit) = exit else {
        out.say(key, &arguments);
        return Ok(());
    };
    // The document has been printed; words have not.
    Err(Failure { said: out.json, ..Failure::new(exit, key, arguments) })
}
