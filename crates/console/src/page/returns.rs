//! Returns: what units signed and what is to be said about it; one figure signed, or a file of them.

use super::board::measure;
use super::steer;
use super::tables;
use super::{see, steer::name};
use crate::Console;
use crate::body::{Fields, Upload};
use crate::frame::{self, Refused};
use crate::part::{self, Field, day};
use crate::request::{Look, Page};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::Error;
use services::programme::{self as steering, Figures, MEASURES, Signed, SignedPage, Sought};
use text::t;

/// What is asked in the address.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    unit: String,
    measure: String,
    after: String,
}

/// What was refused: the fields of the one figure, or a file, and why.
struct Tried<'a> {
    fields: Option<&'a Fields>,
    error: Error,
}

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    drawn(&console, &page, &wanted, None).await
}

async fn drawn(console: &Console, page: &Page, wanted: &Wanted, tried: Option<Tried<'_>>) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let sought =
        Sought { unit: wanted.unit.clone(), measure: wanted.measure.clone(), after: wanted.after.clone(), limit: None };
    let read = move |console: &Console| {
        let found = steering::signed(console.book(), &officer, &sought)?;
        Ok((found, console.book().now().day()))
    };
    let (found, today) = match console.run(read).await {
        Ok(read) => read,
        Err(error) => return Refused::from(error).page(look),
    };
    let content = html! {
        (steer::ways(look))
        p.lead { strong { (name(look, &found.name)) } ". " (look.text(t!("returns-what"))) }
        @if let Some(tried) = &tried { (part::notice("bad", &said(look, &tried.error))) }
        @if page.may("return") { (forms(page, tried.as_ref(), &today.to_string())) }
        (choices(look, &found))
        (table(look, &found))
        (tables::files("returns", &[("unit", &found.unit), ("measure", &wanted.measure)]))
        @if let Some(next) = &found.next {
            (part::next(look, &format!("/returns?unit={}&measure={}&after={next}", found.unit, wanted.measure)))
        }
    };
    let response = frame::page(page, &look.text(t!("nav-returns")), &content);
    match tried {
        Some(tried) => Refused::from(tried.error).on(response),
        None => response,
    }
}

fn measures(look: &Look, all: bool) -> Vec<(String, String)> {
    let every = all.then(|| (String::new(), look.text(t!("returns-every"))));
    let own = MEASURES.iter().filter(|one| one.returnable());
    every.into_iter().chain(own.map(|one| (one.name.to_owned(), measure(look, one.name)))).collect()
}

fn choices(look: &Look, found: &SignedPage) -> Markup {
    html! {
        form.choices method="get" action="/returns" role="search" {
            (Field::new("unit", look.text(t!("board-unit"))).of("sought-").value(&found.unit).optional().show())
            (part::choice_of("sought-", "measure", &look.text(t!("board-measure")), &measures(look, true), &found.measure))
            div.actions { button { (look.text(t!("board-show"))) } }
        }
    }
}

fn table(look: &Look, found: &SignedPage) -> Markup {
    let head = [
        t!("board-unit"),
        t!("board-measure"),
        t!("board-day"),
        t!("returns-figure"),
        t!("returns-signer"),
        t!("returns-taken"),
        t!("returns-stated"),
    ];
    let row = |Signed { one, name: unit, findings }: &Signed| {
        let findings: Vec<String> = findings.iter().map(|found| look.word("finding", found.code())).collect();
        let bad = html! { @if !findings.is_empty() { span.badge data-tone="wait" { (findings.len()) } " " } (findings.join("; ")) };
        vec![
            html! { (unit.as_ref().map_or_else(|| one.unit.clone(), |unit| name(look, unit))) },
            html! { (measure(look, programme::Measure::find(&one.measure).map_or(one.measure.as_str(), |own| own.name))) },
            html! { (day(one.day)) },
            html! { strong { (look.count(one.count)) } },
            html! { (one.signer) },
            html! { (part::moment(&one.recorded.to_string())) },
            bad,
        ]
    };
    let rows: Vec<Vec<Markup>> = found.items.iter().map(row).collect();
    part::table(look, &look.text(t!("nav-returns")), &head.map(|key| look.text(key)), &rows)
}

/// The forms: one figure, or a file.
fn forms(page: &Page, tried: Option<&Tried<'_>>, today: &str) -> Markup {
    let look = &page.look;
    let fields = tried.and_then(|tried| tried.fields);
    let typed = |name: &str, usual: &str| fields.map_or_else(|| usual.to_owned(), |fields| fields.get(name).to_owned());
    let wrong = |name: &str| {
        let tried = tried.filter(|tried| tried.fields.is_some())?;
        (argument(&tried.error, "column") == name).then(|| expected(look, name))
    };
    let by_file = tried.is_some() && fields.is_none();
    html! {
        details open[fields.is_some()] {
            summary { (look.text(t!("returns-one"))) }
            p.hint { (look.text(t!("returns-one-what"))) }
            form.stack method="post" action="/returns" {
                (part::key(look, None))
                (Field::new("unit", look.text(t!("board-unit"))).value(&typed("unit", &page.officer.unit)).hint(look.text(t!("hint-unit"))).optional().fault(wrong("unit")).show())
                (part::choice("measure", &look.text(t!("board-measure")), &measures(look, false), &typed("measure", "entered")))
                (Field::new("day", look.text(t!("returns-day"))).kind("date").value(&typed("day", today)).fault(wrong("day")).show())
                (Field::new("count", look.text(t!("returns-figure"))).value(&typed("count", "")).hint(look.text(t!("returns-figure-hint"))).fault(wrong("count")).show())
                (Field::new("signer", look.text(t!("returns-signer"))).value(&typed("signer", &page.officer.name)).fault(wrong("signer")).show())
                button { (look.text(t!("returns-sign"))) }
            }
        }
        details open[by_file] {
            summary { (look.text(t!("returns-file"))) }
            p.hint { (look.text(t!("returns-file-what"))) " " code { "unit,day,measure,count,signer" } }
            form.stack method="post" action="/returns/file" enctype="multipart/form-data" {
                (part::key(look, None))
                div.field {
                    label for="sheet-field" { (look.text(t!("returns-choose"))) }
                    input #sheet-field type="file" name="sheet" required accept=".csv";
                }
                (part::ended(look))
                button { (look.text(t!("returns-sign"))) }
            }
        }
    }
}

fn argument(error: &Error, name: &str) -> String {
    error.arguments().into_iter().find(|(own, _)| *own == name).map_or_else(String::new, |(_, value)| value)
}

/// What a column has to hold.
fn expected(look: &Look, column: &str) -> String {
    look.text(match column {
        "day" => t!("returns-expects-day"),
        "count" => t!("returns-expects-count"),
        "signer" => t!("returns-expects-signer"),
        _ => t!("returns-expects-text"),
    })
}

/// Why nothing was signed, in the language of the page: line and column, or whose unit it is.
fn said(look: &Look, error: &Error) -> String {
    match error.code() {
        "returns-malformed" => {
            let column = argument(error, "column");
            if argument(error, "file").is_empty() {
                return look.fill(t!("returns-fault-one"), &[("expected", expected(look, &column))]);
            }
            let place = [("file", argument(error, "file")), ("line", argument(error, "line"))];
            let rest = [("column", column.clone()), ("expected", expected(look, &column))];
            look.fill(t!("returns-fault"), &[&place[..], &rest].concat())
        }
        "return-elsewhere" => look.fill(t!("returns-elsewhere"), &[("unit", argument(error, "unit"))]),
        _ => Refused::from(error.clone()).words(look),
    }
}

pub(crate) async fn sign(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let figures = Figures {
        unit: sent.get("unit").to_owned(),
        day: sent.get("day").to_owned(),
        measure: sent.get("measure").to_owned(),
        count: sent.get("count").to_owned(),
        signer: sent.get("signer").to_owned(),
    };
    let command = page.command(sent.key(), None);
    match console.run(move |console| steering::sign_one(console.book(), &command, &figures)).await {
        Ok(_) => see("/returns"),
        Err(error @ Error::Fault(_)) => Refused::from(error).page(&page.look),
        Err(error) => drawn(&console, &page, &Wanted::default(), Some(Tried { fields: Some(&sent), error })).await,
    }
}

pub(crate) async fn file(State(console): State<Console>, page: Page, upload: Upload) -> Response {
    let look = &page.look;
    let Some(sheet) = upload.files.into_iter().find(|file| file.field == "sheet") else {
        return Refused::bad(t!("error-import-none"), Vec::new()).page(look);
    };
    let command = page.command(upload.fields.key(), None);
    let sign = move |console: &Console| steering::sign(console.book(), &command, &sheet.name, &sheet.bytes);
    match console.run(sign).await {
        Ok(_) => see("/returns"),
        Err(error @ Error::Fault(_)) => Refused::from(error).page(look),
        Err(error) => drawn(&console, &page, &Wanted::default(), Some(Tried { fields: None, error })).await,
    }
}
