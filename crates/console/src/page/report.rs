//! Reports: frozen, checked by a second officer, signed by a third, downloaded; and whether a copy is what was frozen.

use super::see;
use crate::Console;
use crate::body::{Fields, Upload};
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ids::Uuid;
use maud::{Markup, html};
use programme::report::State as Filed;
use services::Error;
use services::programme::{self as steering, Freezing, Frozen, Judged, ReportPage};
use text::{Language, Texts, t};
use time::Instant;

/// Reports on one page.
const PAGE: usize = 50;

/// Where a page begins.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    after: String,
}

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let read = move |console: &Console| steering::reports_page(console.book(), &officer, &wanted.after, PAGE);
    let ReportPage { items: all, next } = match console.run(read).await {
        Ok(found) => found,
        Err(error) => return Refused::from(error).page(look),
    };
    let head = [t!("record-title"), t!("case-unit"), t!("report-as-of-day"), t!("state"), t!("report-made")];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            vec![
                html! { a href={ "/reports/" (one.id) } { (one.report.title) } },
                html! { (one.report.unit_name) },
                html! { (part::moment(&one.report.as_of)) },
                part::badge(look, &filed(one.filing.state())),
                html! { (part::moment(&one.made.to_string())) },
            ]
        })
        .collect();
    let content = html! {
        (part::table(look, &look.text(t!("nav-reports")), &head.map(|key| look.text(key)), &rows))
        @if let Some(next) = &next { (part::next(look, &format!("/reports?after={next}"))) }
        @if page.may("steer") {
            details {
                summary { (look.text(t!("report-freeze"))) }
                p.hint { (look.text(t!("report-freeze-what"))) }
                form.stack method="post" action="/reports" {
                    (part::key(look, None))
                    (Field::new("title", look.text(t!("record-title"))).hint(look.text(t!("report-title-hint"))).optional().show())
                    (part::choice("kind", &look.text(t!("report-kind")), &kinds(look), ""))
                    (Field::new("unit", look.text(t!("board-unit"))).hint(look.text(t!("hint-unit"))).optional().show())
                    (Field::new("as_of", look.text(t!("report-as-of-day"))).hint(look.text(t!("report-as-of-hint"))).optional().show())
                    (Field::new("place", look.text(t!("report-place"))).optional().show())
                    button { (look.text(t!("report-freeze"))) }
                }
            }
        }
    };
    frame::page(&page, &look.text(t!("nav-reports")), &content)
}

/// What a report may be for.
fn kinds(look: &Look) -> Vec<(String, String)> {
    let kinds = [("", t!("report-kind-unit")), ("conference", t!("report-kind-conference"))];
    kinds.into_iter().map(|(value, key)| (value.to_owned(), look.text(key))).collect()
}

/// The word for how far a report has come.
fn filed(state: Filed) -> String {
    format!("report-{}", state.name())
}

/// What is said of a copy.
fn said(look: &Look, judged: Judged) -> String {
    let key = match judged {
        Judged::Same => t!("report-same"),
        Judged::Earlier(_) => t!("report-earlier"),
        Judged::Beyond(_) => t!("report-beyond"),
        Judged::Edition => t!("report-other-edition"),
        Judged::Other => t!("report-not-this"),
        Judged::Changed => t!("report-changed"),
        Judged::Unset => t!("report-no-setter"),
    };
    look.fill(key, &[("state", judged.state().map_or_else(String::new, |state| look.word("report-is", state.name())))])
}

/// An earlier state is neither the report nor a forgery.
fn tone(judged: Judged) -> &'static str {
    match judged {
        Judged::Same => "good",
        Judged::Beyond(_) | Judged::Other | Judged::Changed => "bad",
        Judged::Earlier(_) | Judged::Edition | Judged::Unset => "plain",
    }
}

pub(crate) async fn freeze(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let look = page.look.clone();
    let as_of = match sent.get("as_of") {
        "" => None,
        text => match Instant::parse(text) {
            Some(instant) => Some(instant),
            None => return Refused::bad(t!("report-time-malformed"), Vec::new()).page(&look),
        },
    };
    let language = if look.language == Language::En { "en" } else { "vi" };
    let freezing = Freezing {
        unit: sent.get("unit").to_owned(),
        kind: (sent.get("kind") == "conference").then_some(steering::ReportKind::Conference),
        as_of,
        title: sent.get("title").to_owned(),
        language,
        place: sent.get("place").to_owned(),
        rulebook: steering::Rulebook::default(),
    };
    let (command, texts) = (page.command(sent.key(), None), Texts::new(look.language));
    let freeze = move |console: &Console| {
        let freezing = Freezing { rulebook: console.machine().rulebook()?, ..freezing };
        let words = |of: &str, name: &str| texts.named(of, name);
        steering::freeze(console.book(), &command, &freezing, &words, &|paper, form| console.machine().set(paper, form))
    };
    match console.run(freeze).await {
        Ok(frozen) => see(&format!("/reports/{}", frozen.id)),
        Err(error) => Refused::from(error).page(&look),
    }
}

fn unknown(look: &Look) -> Response {
    Refused::from(Error::Missing("report-missing")).page(look)
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let Some(id) = Uuid::parse(&id) else { return unknown(look) };
    match console.run(move |console| steering::report_of(console.book(), &officer, id)).await {
        Ok(frozen) => frame::page(&page, &frozen.report.title, &content(look, &page, &frozen, None)),
        Err(error) => Refused::from(error).page(look),
    }
}

fn content(look: &Look, page: &Page, frozen: &Frozen, told: Option<Judged>) -> Markup {
    let (report, place, state) = (&frozen.report, format!("/reports/{}", frozen.id), frozen.filing.state());
    let act = match state {
        Filed::Draft => Some(t!("report-check")),
        Filed::Checked => Some(t!("report-sign")),
        Filed::Signed => None,
    };
    html! {
        p.lead { (part::badge(look, &filed(state))) " " (report.unit_name) " · " (part::moment(&report.as_of)) }
        @if let Some(judged) = told { (part::notice(tone(judged), &said(look, judged))) }
        @if state == Filed::Signed && !frozen.filing.signer.is_empty() {
            (part::facts(&[
                (look.text(t!("report-signed-by")), html! { (frozen.filing.signer) }),
                (look.text(t!("report-given-number")), html! { (frozen.filing.number) }),
            ]))
        }
        (part::facts(&[
            (look.text(t!("report-hash")), html! { code { (frozen.filing.hash) } }),
            (look.text(t!("audit-size")), html! { (look.count(report.ledger.size)) }),
            (look.text(t!("report-root")), html! { code { (report.ledger.root) } }),
        ]))
        @for table in &report.tables {
            @let percent = table.total.percent.map_or_else(String::new, |percent| look.language.percent(percent.0 as f64 / 100.0));
            p { strong { (table.title) } ": " (look.count(table.total.value)) " " (percent)
                @if is_ranked(&table.measure) && !table.above_average().is_empty() { ". " (look.text(t!("report-above-average"))) ": " (table.above_average().iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ")) } }
        }
        div.actions {
            @for form in ["pdf", "xlsx", "json"] { a.button href={ (place) "/file/" (form) } download { (form.to_uppercase()) } }
            @if let Some(words) = act.filter(|_| page.may("steer")) {
                form.inline method="post" action=(place) {
                    (part::key(look, Some(frozen.version))) input type="hidden" name="hash" value=(frozen.filing.hash);
                    @if state == Filed::Checked { (Field::new("number", look.text(t!("report-given-number"))).optional().show()) }
                    button { (look.text(words)) }
                }
            }
        }
        h2 { (look.text(t!("report-verify"))) }
        form.stack method="post" action={ (place) "/verify" } enctype="multipart/form-data" {
            (part::key(look, None))
            div.field {
                label for="copy-field" { (look.text(t!("report-copy"))) }
                input #copy-field type="file" name="copy" required accept=".pdf,.xlsx,.json";
            }
            (part::ended(look))
            button { (look.text(t!("report-verify"))) }
        }
        p { a href="/reports" { (look.text(t!("console-back"))) } }
    }
}

pub(crate) async fn file(State(console): State<Console>, page: Page, Path(id): Path<String>, sent: Fields) -> Response {
    let look = page.look.clone();
    let Some(id) = Uuid::parse(&id) else { return unknown(&look) };
    let (command, seen) = (page.command(sent.key(), sent.version()), sent.get("hash").to_owned());
    let number = sent.get("number").to_owned();
    match console
        .run(move |console| {
            steering::file(console.book(), &command, id, (&seen, &number), &|paper, form| {
                console.machine().set(paper, form)
            })
        })
        .await
    {
        Ok(frozen) => see(&format!("/reports/{}", frozen.id)),
        Err(error) => Refused::from(error).page(&look),
    }
}

/// A report as a file: PDF and XLSX as they are set, JSON as it was frozen.
pub(crate) async fn download(
    State(console): State<Console>,
    page: Page,
    Path((id, form)): Path<(String, String)>,
) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let (Some(id), Some(kind)) = (Uuid::parse(&id), kind_of(&form)) else { return unknown(look) };
    let wanted = form.clone();
    let read = move |console: &Console| {
        let frozen = steering::report_of(console.book(), &officer, id)?;
        if wanted == "json" {
            return Ok(Some(frozen.report.bytes()));
        }
        console.machine().set(&frozen.paper(frozen.filing.state()), &wanted)
    };
    match console.run(read).await {
        Ok(Some(bytes)) => {
            let name = format!("attachment; filename=\"vandan-report-{id}.{form}\"");
            ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
        }
        Ok(None) => Refused::bad(t!("report-no-setter"), Vec::new()).page(look),
        Err(error) => Refused::from(error).page(look),
    }
}

/// Whether being above the average is something to be proud of.
fn is_ranked(measure: &str) -> bool {
    programme::Measure::find(measure)
        .is_some_and(|one| one.better == programme::Better::More && one.name != "population")
}

fn kind_of(form: &str) -> Option<&'static str> {
    Some(match form {
        "pdf" => "application/pdf",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json" => "application/json",
        _ => return None,
    })
}

/// Whether a copy is what was frozen.
pub(crate) async fn verify(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    upload: Upload,
) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let Some(id) = Uuid::parse(&id) else { return unknown(look) };
    let Some(copy) = upload.files.into_iter().find(|file| file.field == "copy") else {
        return Refused::bad(t!("error-import-none"), Vec::new()).page(look);
    };
    let read = move |console: &Console| {
        let frozen = steering::report_of(console.book(), &officer, id)?;
        let told = frozen.judge(&copy.bytes, &|paper, form| console.machine().set(paper, form))?;
        Ok((frozen, told))
    };
    match console.run(read).await {
        Ok((frozen, told)) => frame::page(&page, &frozen.report.title, &content(look, &page, &frozen, Some(told))),
        Err(error) => Refused::from(error).page(look),
    }
}
