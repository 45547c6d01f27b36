//! What the pages of the programme list, as files: CSV, XLSX or JSON, each with all its rows.

use super::attention::said;
use super::board::{measure, origin};
use super::export::{book, given, hundredths};
use super::steer::{asked, name};
use crate::Console;
use crate::frame::Refused;
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use export::{Cell, Column, Table};
use maud::{Markup, html};
use services::Error;
use services::programme::{self, KINDS, Record, Sought};
use text::{Key, t};

/// Rows of one file.
const ROWS_MAX: usize = 200_000;

/// Which rows: as the page has it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    unit: String,
    measure: String,
    day: String,
    state: String,
    q: String,
}

/// The ways to a page's table as a file.
pub(super) fn files(table: &str, pairs: &[(&str, &str)]) -> Markup {
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", part::percent_encoded(value))).collect();
    html! {
        p.actions {
            @for form in ["csv", "xlsx", "json"] {
                a href={ "/tables/" (table) "/" (form) "?" (query.join("&")) } download { (form.to_uppercase()) } " "
            }
        }
    }
}

pub(crate) async fn file(
    State(console): State<Console>,
    page: Page,
    Path((table, form)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let (look, officer, own) = (page.look.clone(), page.officer.clone(), page.look.clone());
    let read = move |console: &Console| {
        let book = console.book();
        let (look, today, day) = (&own, book.now().day(), asked(&wanted.day)?);
        let table = match table.as_str() {
            "returns" => {
                let Wanted { unit, measure, .. } = wanted;
                let sought = Sought { unit, measure, after: String::new(), limit: Some(ROWS_MAX) };
                let found = programme::signed(book, &officer, &sought)?;
                if found.next.is_some() {
                    return Err(Error::Input {
                        code: "table-too-long",
                        arguments: vec![("max", look.count(ROWS_MAX as u64))],
                    });
                }
                returns(look, &found.items)
            }
            "targets" => targets(look, &programme::newest(book, &officer, &wanted.unit)?),
            "attention" => {
                let rulebook = console.machine().rulebook()?;
                attention(look, &programme::attention(book, &officer, &rulebook, &wanted.unit, day)?.raised)
            }
            "digest" => {
                let rulebook = console.machine().rulebook()?;
                digest(look, &programme::digest(book, &officer, &rulebook, &wanted.unit, day)?)
            }
            kind if KINDS.contains(&kind) => {
                records(look, kind, &programme::records(book, &officer, kind, &wanted.state, &wanted.q)?)
            }
            _ => return Err(Error::Missing("record-missing")),
        };
        Ok((table, day.unwrap_or(today)))
    };
    match console.run(read).await {
        Ok((table, day)) => given(&look, &form, &format!("vandan-{}-{day}", table.name), &table, &book(&table, day)),
        Err(error) => Refused::from(error).page(&look),
    }
}

fn table(look: &Look, name: &str, title: String, columns: &[(&str, Key)], rows: Vec<Vec<Cell>>) -> Table {
    let column = |(key, words): &(&str, Key)| Column { key: (*key).to_owned(), heading: look.text(*words) };
    Table { name: name.to_owned(), title, columns: columns.iter().map(column).collect(), rows }
}

fn returns(look: &Look, all: &[programme::Signed]) -> Table {
    let columns = [
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("day", t!("board-day")),
        ("count", t!("returns-figure")),
        ("signer", t!("returns-signer")),
        ("recorded", t!("returns-taken")),
        ("findings", t!("returns-stated")),
    ];
    let row = |one: &programme::Signed| {
        let findings: Vec<&str> = one.findings.iter().map(|found| found.code()).collect();
        vec![
            Cell::text(&one.one.unit),
            Cell::text(&one.name.as_ref().map_or_else(String::new, |unit| name(look, unit))),
            Cell::text(&one.one.measure),
            Cell::Day(one.one.day),
            Cell::count(Some(one.one.count)),
            Cell::text(&one.one.signer),
            Cell::text(&one.one.recorded.to_string()),
            Cell::text(&findings.join(" ")),
        ]
    };
    table(look, "returns", look.text(t!("nav-returns")), &columns, all.iter().map(row).collect())
}

fn targets(look: &Look, all: &[programme::ShownTarget]) -> Table {
    let columns = [
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("deadline", t!("targets-deadline")),
        ("count", t!("targets-count")),
        ("basis", t!("targets-basis")),
        ("version", t!("targets-version")),
        ("set", t!("returns-taken")),
        ("findings", t!("returns-stated")),
    ];
    let row = |one: &programme::ShownTarget| {
        let findings: Vec<&str> = one.findings.iter().map(|found| found.code()).collect();
        vec![
            Cell::text(&one.target.unit),
            Cell::text(&name(look, &one.name)),
            Cell::text(&one.target.measure),
            Cell::Day(one.target.deadline),
            Cell::count(one.target.count),
            Cell::text(one.target.basis.name()),
            Cell::Count(one.target.version.into()),
            Cell::text(&one.target.set.to_string()),
            Cell::text(&findings.join(" ")),
        ]
    };
    table(look, "targets", look.text(t!("nav-targets")), &columns, all.iter().map(row).collect())
}

fn attention(look: &Look, all: &[programme::Raised]) -> Table {
    let columns = [
        ("severity", t!("attention-severity")),
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("rule", t!("attention-rule")),
        ("found", t!("attention-what")),
        ("to", t!("attention-to")),
        ("since", t!("attention-since")),
        ("due", t!("record-due")),
    ];
    let row = |one: &programme::Raised| {
        vec![
            Cell::text(one.severity.name()),
            Cell::text(&one.unit),
            Cell::text(&name(look, &one.name)),
            Cell::text(one.measure),
            Cell::text(&one.rule),
            Cell::text(&said(look, one)),
            Cell::text(&one.to),
            Cell::Day(one.since),
            Cell::Day(one.due),
        ]
    };
    table(look, "attention", look.text(t!("nav-attention")), &columns, all.iter().map(row).collect())
}

fn digest(look: &Look, digest: &programme::Digest) -> Table {
    let columns = [
        ("measure", t!("board-measure")),
        ("name", t!("board-unit")),
        ("value", t!("board-value")),
        ("more", t!("digest-more")),
        ("percent", t!("board-percent")),
        ("rank", t!("board-rank")),
        ("source", t!("board-source")),
    ];
    let row = |one: &programme::Figure| {
        vec![
            Cell::text(one.measure),
            Cell::text(&measure(look, one.measure)),
            Cell::count(Some(one.value)),
            Cell::Count(one.more),
            hundredths(one.percent),
            Cell::count(one.rank),
            Cell::text(origin(one.source)),
        ]
    };
    table(look, "digest", look.text(t!("nav-digest")), &columns, digest.figures.iter().map(row).collect())
}

fn records(look: &Look, kind: &str, all: &[Record]) -> Table {
    let columns = [
        ("id", t!("record-id")),
        ("title", t!("record-title")),
        ("unit", t!("case-unit")),
        ("state", t!("state")),
        ("made", t!("record-begun")),
        ("changed", t!("record-changed")),
        ("due", t!("record-due")),
        ("version", t!("targets-version")),
    ];
    let row = |one: &Record| {
        let head = one.head();
        let due = head.due.map_or(Cell::Empty, Cell::Day);
        vec![
            Cell::text(&head.id.to_string()),
            Cell::text(&head.title),
            Cell::text(&head.unit),
            Cell::text(one.state()),
            Cell::text(&head.made.to_string()),
            Cell::text(&head.changed.to_string()),
            due,
            Cell::Count(head.version),
        ]
    };
    table(look, kind, look.word("record", kind), &columns, all.iter().map(row).collect())
}
