//! Collecting: files sent in, what became of their rows, one row corrected.

use super::{At, see};
use crate::Console;
use crate::body::{Fields, Upload};
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use ids::{FileId, ImportId};
use maud::{Markup, html};
use services::change;
use services::import::{self, Current, Input, Outcome};
use services::job::{self, Order};
use std::collections::HashMap;
use text::{Key, t};

/// Rows on one page.
const LISTED: usize = 100;

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(at): Query<At>) -> Response {
    let (look, officer) = (page.look.clone(), page.officer.clone());
    let after = ImportId::parse(&at.after);
    let all = match console.run(move |console| import::imports(console.book(), &officer, after, LISTED)).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("import-begun"), t!("import-files"), t!("import-rows"), t!("state")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = all
        .items
        .iter()
        .map(|one| {
            vec![
                html! { a href={ "/collect/" (one.import) } { (part::moment(&one.begun)) } },
                html! { (look.count(one.files.unsigned_abs())) },
                html! { (look.count(one.rows.unsigned_abs())) },
                part::badge(&look, &one.state),
            ]
        })
        .collect();
    let content = html! {
        form.stack method="post" action="/collect" enctype="multipart/form-data" {
            (part::key(&look, None))
            div.field {
                label for="files-field" { (look.text(t!("import-choose"))) }
                small { (look.text(t!("import-choose-hint"))) }
                input #files-field type="file" name="files" multiple required accept=".csv,.txt,.xlsx";
            }
            (part::ended(&look))
            button { (look.text(t!("import-send"))) }
        }
        (part::table(&look, &look.text(t!("import-all")), &head, &rows))
        @if let Some(next) = &all.next { (part::next(&look, &format!("/collect?after={next}"))) }
    };
    frame::page(&page, &look.text(t!("nav-collect")), &content)
}

pub(crate) async fn upload(State(console): State<Console>, page: Page, upload: Upload) -> Response {
    let look = page.look.clone();
    let inputs: Vec<Input> =
        upload.files.into_iter().map(|file| Input { name: file.name, bytes: Vec::from(file.bytes) }).collect();
    if inputs.is_empty() {
        return Refused::bad(t!("error-import-none"), Vec::new()).page(&look);
    }
    // A form that was gone back to has the key it had, and may bring other files: that is another sending.
    let (officer, what) = (page.officer.clone(), job::digest(&inputs));
    let key = if upload.fields.key().is_empty() { String::new() } else { format!("{} {what}", upload.fields.key()) };
    let mebibytes = inputs.iter().map(|input| input.bytes.len()).sum::<usize>().div_ceil(1 << 20);
    let order = Order { kind: "import", key: &key, what: &what, mebibytes };
    console.start(&page, order, move |desk, progress| job::import(desk, &officer, inputs, progress))
}

fn unknown(look: &Look) -> Response {
    Refused::from(services::Error::Missing("import-missing")).page(look)
}

pub(crate) async fn show(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let look = page.look.clone();
    let Some(id) = ImportId::parse(&id) else { return unknown(&look) };
    let (file, after) = (
        query.get("file").and_then(|file| FileId::parse(file)),
        query.get("after").and_then(|after| after.parse().ok()).unwrap_or(0),
    );
    let found = query.get("found").is_some_and(|found| found == "1");
    let officer = page.officer.clone();
    let shown = console
        .run(move |console| {
            let files = import::files(console.book(), &officer, id)?;
            let first = files.first().and_then(|file| FileId::parse(&file.file));
            let chosen = file.filter(|file| files.iter().any(|own| own.file == file.to_string())).or(first);
            let outcomes = match chosen {
                Some(file) => import::outcomes(console.book(), &officer, file, after, found, LISTED)?,
                None => Vec::new(),
            };
            let cut_off = files.iter().any(|file| file.state == "staged") && !import::is_running(console.book());
            Ok((files, chosen, outcomes, cut_off))
        })
        .await;
    let (files, chosen, outcomes, cut_off) = match shown {
        Ok(shown) => shown,
        Err(error) => return Refused::from(error).page(&look),
    };
    if files.is_empty() {
        return unknown(&look);
    }
    let head = [t!("import-file"), t!("import-form"), t!("import-rows"), t!("state")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            vec![
                html! { a href={ "/collect/" (id) "?file=" (file.file) } { (look.fill(t!("import-file-number"), &[("number", (at + 1).to_string())])) } },
                html! { (file.form) },
                html! { (look.count(file.rows.unsigned_abs())) },
                part::badge(&look, &file.state),
            ]
        })
        .collect();
    let file = chosen.map_or(String::new(), |file| file.to_string());
    let last = outcomes.last().map(|one| one.line);
    let content = html! {
        @if cut_off {
            (part::notice("plain", &look.text(t!("import-cut-off"))))
            p { a.button href="/collect" { (look.text(t!("import-send-again"))) } }
        }
        (part::table(&look, &look.text(t!("import-files")), &head, &rows))
        div.actions {
            @if found { a href={ "/collect/" (id) "?file=" (file) } { (look.text(t!("import-all-rows"))) } }
            @else { a href={ "/collect/" (id) "?file=" (file) "&found=1" } { (look.text(t!("import-found-rows"))) } }
        }
        (outcomes_table(&look, &id.to_string(), &file, &outcomes))
        @if let Some(last) = last.filter(|_| outcomes.len() == LISTED) {
            (part::next(&look, &format!("/collect/{id}?file={file}&after={last}{}", if found { "&found=1" } else { "" })))
        }
        details {
            summary { (look.text(t!("import-withdraw"))) }
            p { (look.text(t!("import-withdraw-what"))) }
            (part::button(&look, &format!("/collect/{id}/withdraw"), t!("import-withdraw"), None))
        }
    };
    frame::page(&page, &look.text(t!("import-one")), &content)
}

fn outcomes_table(look: &Look, import: &str, file: &str, outcomes: &[Outcome]) -> Markup {
    let head = [t!("import-line"), t!("state"), t!("source-findings")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = outcomes
        .iter()
        .map(|one| {
            let findings: Vec<String> = one.findings.iter().map(|code| look.word("finding", code)).collect();
            vec![
                html! { a href={ "/collect/" (import) "/rows/" (file) "/" (one.line) } { (one.line) } },
                part::badge(look, &one.state),
                html! { (findings.join("; ")) },
            ]
        })
        .collect();
    part::table(look, &look.text(t!("import-rows")), &head, &rows)
}

pub(crate) async fn withdraw(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    sent: Fields,
) -> Response {
    let look = page.look.clone();
    let Some(id) = ImportId::parse(&id) else { return unknown(&look) };
    let command = page.command(sent.key(), None);
    let what = id.to_string();
    let order = Order { kind: "withdraw", key: sent.key(), what: &what, mebibytes: 0 };
    console.start(&page, order, move |desk, _| job::withdraw(desk, &command, id))
}

/// The words for a column.
fn column(name: &str) -> Option<Key> {
    Some(match name {
        "rec_id" => t!("source-row"),
        "file_province" => t!("column-sender"),
        "source" => t!("source-form"),
        "full_name" => t!("person-name"),
        "birth_date" => t!("person-birth"),
        "sex" => t!("person-sex"),
        "ethnic" => t!("person-ethnic"),
        "birth_province" => t!("person-birth-province"),
        "home_town" => t!("person-home-town"),
        "res_ward" => t!("person-unit"),
        "res_address" => t!("person-address"),
        "id9" => t!("person-old-number"),
        "pin12" => t!("person-number"),
        "father_name" => t!("person-father"),
        "mother_name" => t!("person-mother"),
        "household_no" => t!("person-household-number"),
        _ => return None,
    })
}

/// What a cell may look like.
fn accepted(name: &str) -> Option<Key> {
    match name {
        "birth_date" => Some(t!("accepts-date")),
        "sex" => Some(t!("accepts-sex")),
        "res_ward" => Some(t!("accepts-ward")),
        "birth_province" => Some(t!("accepts-province")),
        "id9" => Some(t!("accepts-old-number")),
        "pin12" => Some(t!("accepts-number")),
        _ => None,
    }
}

/// A row of a staged file, as its address names it.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    import: String,
    file: FileId,
    line: i64,
}

impl Place {
    fn address(&self) -> String {
        format!("/collect/{}/rows/{}/{}", self.import, self.file, self.line)
    }
}

impl From<Current> for Place {
    fn from(current: Current) -> Place {
        Place { import: current.import.to_string(), file: current.file, line: current.line }
    }
}

pub(crate) async fn row(
    State(console): State<Console>,
    page: Page,
    Path((import, file, line)): Path<(String, String, i64)>,
) -> Response {
    match FileId::parse(&file) {
        Some(file) => drawn(&console, &page, Place { import, file, line }, None).await,
        None => unknown(&page.look),
    }
}

/// The page of a row; with what was typed into the version before it, if another officer came before.
async fn drawn(console: &Console, page: &Page, place: Place, typed: Option<Fields>) -> Response {
    let look = page.look.clone();
    if let Err(refused) = console.take_read(page, "correction") {
        return refused.page(&look);
    }
    let (officer, at, from) = (page.officer.clone(), place.clone(), typed.as_ref().map(Fields::seen));
    let shown = console
        .run(move |console| {
            let book = console.book();
            let seen = change::now(book)?;
            let newer = import::newer(book, &officer, at.file, at.line)?;
            let row = import::row(book, &officer, at.file, at.line)?;
            let made = match (from, ImportId::parse(&at.import)) {
                (Some(from), Some(import)) => import::begun_since(book, &officer, import, from)?,
                _ => Vec::new(),
            };
            Ok((seen, newer, row, made))
        })
        .await;
    let (seen, newer, (outcome, cells), made) = match shown {
        Ok(shown) => shown,
        Err(error) => return Refused::from(error).page(&look),
    };
    let content = html! {
        p.lead { (part::badge(&look, &outcome.state)) " "
            @for code in &outcome.findings { (look.word("finding", code)) "; " }
        }
        @if typed.is_some() { (part::changed(&look, &made)) }
        @if let Some(newer) = newer {
            (part::notice("plain", &look.text(t!("import-row-newer"))))
            p { a.button href=(Place::from(newer).address()) { (look.text(t!("import-row-open-newer"))) } }
            (part::facts(&cells.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (label(&look, name), html! { (value) })).collect::<Vec<_>>()))
        } @else { (correction(&look, &place, &cells, seen, typed.as_ref())) }
        p { a href={ "/collect/" (place.import) "?file=" (place.file) } { (look.text(t!("console-back"))) } }
    };
    let title = look.fill(t!("import-row-title"), &[("line", place.line.to_string())]);
    frame::second(frame::page(page, &title, &content), typed.is_some())
}

fn label(look: &Look, name: &str) -> String {
    column(name).map_or_else(|| name.to_owned(), |key| look.text(key))
}

fn correction(look: &Look, place: &Place, cells: &import::Cells, seen: u64, typed: Option<&Fields>) -> Markup {
    html! {
        form.stack method="post" action=(place.address()) {
            (part::key(look, None))
            (part::seen(seen))
            @for (name, value) in cells {
                @if matches!(*name, "rec_id" | "file_province") { p { strong { (label(look, name)) } ": " code { (value) } } }
                @else {
                    @let own = typed.map_or(value.as_str(), |typed| typed.get(name));
                    @let differs = typed.is_some() && own != value;
                    @let said = if value.is_empty() { look.text(t!("changed-empty")) } else { value.clone() };
                    @let now = differs.then(|| look.fill(t!("changed-now"), &[("value", said)]));
                    @let field = Field::new(name, label(look, name)).value(own).now(now).optional();
                    @let field = match accepted(name) { Some(key) => field.hint(look.text(key)), None => field };
                    (field.show())
                }
            }
            button { (look.text(t!("import-correct"))) }
        }
    }
}

pub(crate) async fn correct(
    State(console): State<Console>,
    page: Page,
    Path((_, file, line)): Path<(String, String, i64)>,
    sent: Fields,
) -> Response {
    let look = page.look.clone();
    let Some(file) = FileId::parse(&file) else { return unknown(&look) };
    let command = page.command(sent.key(), None);
    let cells: Vec<(String, String)> =
        sent.beginning("").map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let corrected = console.run(move |console| import::correct(console.book(), &command, file, line, &cells)).await;
    match corrected {
        Ok(report) if report.import.is_empty() => see("/collect"),
        Ok(report) => see(&format!("/collect/{}", report.import)),
        Err(conflict @ services::Error::Version { .. }) => {
            let officer = page.officer.clone();
            match console.run(move |console| import::newer(console.book(), &officer, file, line)).await {
                Ok(Some(newer)) => drawn(&console, &page, newer.into(), Some(sent)).await,
                // The newer version lies in another unit: that somebody came before is all that is said.
                Ok(None) => Refused::from(conflict).page(&look),
                Err(error) => Refused::from(error).page(&look),
            }
        }
        Err(error) => Refused::from(error).page(&look),
    }
}
