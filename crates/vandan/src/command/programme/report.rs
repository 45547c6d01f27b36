//! `programme report`: a report frozen and set on paper; a copy verified.

use super::instant;
use crate::installation::{Installation, Making, Place, of_services, read_file, write_file};
use crate::output::{Exit, Failure, Output};
use crate::text::{Key, t};
use crate::typesetter;
use serde_json::json;
use services::programme::{Freezing, Frozen, ReportKind};
use std::path::Path;
use text::Language;

/// Bytes of a copy.
const BYTES_MAX: u64 = 256 << 20;

pub(super) fn make(
    place: &Place,
    making: Making,
    as_of: Option<&str>,
    unit: String,
    conference: bool,
    file: &Path,
    out: &mut Output,
) -> Result<(), Failure> {
    let form = file.extension().and_then(|form| form.to_str()).unwrap_or_default().to_lowercase();
    if !["pdf", "xlsx", "json"].contains(&form.as_str()) {
        return Err(Failure::new(Exit::Use, t!("report-file-form"), vec![("file", file.display().to_string())]));
    }
    let as_of = as_of.map(instant).transpose()?;
    let installation = Installation::open(place)?;
    let command = installation.making(place, making)?;
    let language = if out.language == Language::En { "en" } else { "vi" };
    let rulebook = crate::rulebook::read(installation.folder.path())?;
    let kind = conference.then_some(ReportKind::Conference);
    let freezing = Freezing { unit, kind, as_of, title: String::new(), language, place: String::new(), rulebook };
    // What a report rests on is under a signed checkpoint.
    installation.book.checkpoint(true).map_err(|error| of_services(&error))?;
    let frozen = services::programme::freeze(&installation.book, &command, &freezing, &|of, name| words(of, name, out));
    let frozen = frozen.map_err(|error| of_services(&error))?;
    let bytes = frozen.report.bytes();
    let set = if form == "json" { Some(bytes.clone()) } else { set(&bytes, frozen.filing.state().name(), &form)? };
    write_file(file, &set.ok_or_else(absent)?)?;
    if form != "json" {
        write_file(&file.with_extension("json"), &bytes)?;
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

fn set(bytes: &[u8], state: &str, form: &str) -> Result<Option<Vec<u8>>, Failure> {
    typesetter::set(bytes, state, form).map_err(|error| of_services(&error))
}

/// The words of a report, in the language of whoever freezes it.
fn words(of: &str, name: &str, out: &Output) -> String {
    if of == "unit" {
        return out.text(t!("unit-nation"), &[]);
    }
    let dashed = || Key::find(&format!("{of}-{}", name.replace(['.', '_'], "-")));
    Key::find(&format!("{of}-{name}")).or_else(dashed).map_or_else(|| name.to_owned(), |key| out.text(key, &[]))
}

/// Whether a file is what one of the register's reports gives.
pub(super) fn verify(file: &Path, place: &Place, out: &mut Output) -> Result<(), Failure> {
    let copy = read_file(file, BYTES_MAX)?;
    let installation = Installation::open(place)?;
    let officer = installation.officer(place)?;
    let all = services::programme::reports(&installation.book, &officer).map_err(|error| of_services(&error))?;
    let mut unsure = false;
    for frozen in &all {
        let bytes = frozen.report.bytes();
        let same = if copy.starts_with(b"{") {
            Some(copy == bytes)
        } else {
            typesetter::is_set(&bytes, &copy).map_err(|error| of_services(&error))?
        };
        if same == Some(true) {
            out.say(t!("report-same"), &[]);
            out.json(&said(frozen));
            return Ok(());
        }
        unsure |= same.is_none();
    }
    if unsure { Err(absent()) } else { Err(Failure::no(t!("report-changed"))) }
}
