//! `person show`, `person find`.

use crate::installation::{Installation, Place, of_services};
use crate::output::{Failure, Output};
use crate::text::t;
use ids::PersonId;
use services::person::{Entry, Reader};

#[derive(clap::Subcommand)]
pub(crate) enum Person {
    Show {
        #[command(flatten)]
        place: Place,
        number: String,
        #[arg(long, value_name = "TEXT")]
        purpose: String,
    },
    Find {
        #[command(flatten)]
        place: Place,
        #[arg(required = true)]
        text: Vec<String>,
        #[arg(long, value_name = "TEXT")]
        purpose: String,
        #[arg(long, value_name = "ID")]
        after: Option<String>,
    },
}

pub(crate) fn run(command: Person, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Person::Show { place, number, purpose } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("read").map_err(failure)?;
            let reader = Reader { actor: officer.actor(&purpose), unit: officer.unit };
            let entry = services::person::show(&installation.book, &reader, number.trim()).map_err(failure)?;
            let history = services::history::of(&installation.book, &entry).map_err(failure)?;
            say(&entry, out);
            if entry.status != "active" {
                let words = status(&entry, out);
                out.line_of_text(&words);
            }
            for change in &history {
                let arguments = [
                    ("time", change.recorded.clone()),
                    ("kind", change.kind.clone()),
                    ("officer", change.name.clone().unwrap_or_else(|| change.officer.clone())),
                    ("purpose", change.purpose.clone()),
                ];
                out.say(t!("person-history"), &arguments);
            }
            let mut document = document(&entry);
            document["history"] = serde_json::to_value(&history).unwrap_or_default();
            out.json(&document);
            installation.close()
        }
        Person::Find { place, text, purpose, after } => {
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("read").map_err(failure)?;
            let reader = Reader { actor: officer.actor(&purpose), unit: officer.unit };
            let after =
                after.as_deref().map(|id| PersonId::parse(id).ok_or(services::Error::Missing("person-missing")));
            let after = after.transpose().map_err(failure)?;
            let page = services::person::find(&installation.book, &reader, &text.join(" "), after).map_err(failure)?;
            for entry in &page.entries {
                say(entry, out);
            }
            if page.elsewhere {
                out.say(t!("person-elsewhere"), &[]);
            } else if page.entries.is_empty() {
                out.say(t!("person-none"), &[]);
            }
            if let Some(next) = page.next {
                out.say(t!("person-more"), &[("after", next.to_string())]);
            }
            let documents: Vec<serde_json::Value> = page.entries.iter().map(document).collect();
            let next = page.next.map(|id| id.to_string());
            let more = next.is_some();
            out.json(
                &serde_json::json!({ "persons": documents, "more": more, "next": next, "elsewhere": page.elsewhere }),
            );
            installation.close()
        }
    }
}

/// Whether a person is in the register, in words.
pub(super) fn status(entry: &Entry, out: &Output) -> String {
    let key = match entry.status.as_str() {
        "withdrawn" => t!("person-is-withdrawn"),
        "merged" => t!("person-is-merged"),
        _ => t!("person-is-active"),
    };
    out.text(key, &[])
}

pub(super) fn say(entry: &Entry, out: &mut Output) {
    let facts = entry.person.facts().0;
    let none = || "—".to_owned();
    let or_none = |text: &str| if text.is_empty() { none() } else { text.to_owned() };
    let arguments = [
        ("number", entry.person.number.clone().unwrap_or_else(none)),
        ("name", or_none(&facts.name)),
        ("birth", facts.birth.map_or_else(none, |date| date.to_string())),
        (
            "sex",
            facts
                .sex
                .map_or_else(none, |sex| out.text(if sex == 'M' { t!("sex-male") } else { t!("sex-female") }, &[])),
        ),
        ("address", or_none(&facts.address)),
        ("ward", or_none(&facts.ward)),
        ("father", or_none(&facts.father)),
        ("mother", or_none(&facts.mother)),
        ("sources", entry.person.sources.len().to_string()),
    ];
    out.say(t!("person"), &arguments);
}

/// A person as JSON: facts, where each was taken from, and the sources.
pub(super) fn document(entry: &Entry) -> serde_json::Value {
    let (facts, provenance) = entry.person.facts();
    let provenance: serde_json::Map<String, serde_json::Value> = provenance
        .into_iter()
        .map(|(fact, at)| {
            let source = &entry.person.sources[at];
            let from = serde_json::json!({ "sender": source.sender, "rec_id": source.rec_id, "form": source.form, "file": source.file, "line": source.line });
            (fact.to_owned(), from)
        })
        .collect();
    serde_json::json!({
        "id": entry.id.to_string(),
        "version": entry.version,
        "status": entry.status,
        "number": entry.person.number,
        "number_state": entry.number_state,
        "unit": entry.unit,
        "household": entry.household.map(|household| household.to_string()),
        "facts": facts,
        "provenance": provenance,
        "sources": entry.person.sources,
    })
}
