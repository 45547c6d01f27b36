//! What the pages of the programme list, as files: CSV, XLSX or JSON, each with all its rows.

use super::export::{book, given};
use super::steer::asked;
use crate::Console;
use crate::frame::Refused;
use crate::part;
use crate::request::Page;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::programme::tables::{self, Filter};

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
    Path((name, form)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let (look, officer) = (page.look.clone(), page.officer.clone());
    let texts = look.texts();
    let read = move |console: &Console| {
        let Wanted { unit, measure, day, state, q } = wanted;
        let filter = Filter { unit, measure, to: asked(&day)?, state, query: q, ..Filter::default() };
        let rulebook = || console.machine().rulebook();
        tables::of(console.book(), &officer, &rulebook, texts, (&name, &filter))
    };
    match console.run(read).await {
        Ok((table, day)) => given(&look, &form, &format!("vandan-{}-{day}", table.name), &table, &book(&table, day)),
        Err(error) => Refused::from(error).page(&look),
    }
}
