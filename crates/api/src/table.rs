//! The programme's tables as files: CSV, XLSX or JSON, each with all its rows.

use crate::board::parameter;
use crate::problem::{Problem, Problems};
use crate::report::ReportLanguage;
use crate::request::{Api, Caller, Parameters};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use export::Book;
use serde::Deserialize;
use services::programme::tables::{self, Filter};
use std::sync::Arc;
use text::{Language, Texts};
use utoipa::IntoParams;

/// Which rows. What a table does not know is passed over.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The unit's code; the caller's own unless told.
    #[serde(default)]
    unit: String,
    /// The measure; people processed, or all, unless told.
    #[serde(default)]
    measure: String,
    /// The first day of a period, or the earlier of two days.
    #[param(format = "date")]
    from: Option<String>,
    /// The day, the last of a period, or the later of two days; today unless told.
    #[param(format = "date")]
    day: Option<String>,
    /// As it was known at the end of that day, and not as it is known now.
    #[serde(default)]
    then: bool,
    /// Only records in this state.
    #[serde(default)]
    state: String,
    /// Words that stand in records, without regard to marks.
    #[serde(default)]
    q: String,
    /// The language of the headings; Vietnamese unless told.
    #[param(inline)]
    language: Option<ReportLanguage>,
}

/// Which table; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByTable {
    /// board, comparison, honours, returns, targets, attention, digest; difficulty, approach, delegation, roadmap, milestone, pilot.
    #[param(pattern = "^[a-z]+$")]
    table: String,
    /// csv, xlsx, or json.
    #[param(pattern = "^(csv|xlsx|json)$")]
    form: String,
}

/// A table of the programme as a file, cut to the caller's unit.
#[utoipa::path(get, path = "/api/v1/tables/{table}/{form}", operation_id = "read_table", tag = "programme",
    security(("session" = [])), params(ByTable, Wanted), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "table-missing", Vec::new());
    let Path((table, form)) = path.map_err(|_| missing())?;
    if !["csv", "xlsx", "json"].contains(&form.as_str()) {
        return Err(missing());
    }
    let language = if matches!(wanted.language, Some(ReportLanguage::En)) { Language::En } else { Language::Vi };
    let filter = Filter {
        unit: wanted.unit,
        measure: wanted.measure,
        from: parameter(wanted.from)?,
        to: parameter(wanted.day)?,
        then: wanted.then,
        state: wanted.state,
        query: wanted.q,
    };
    let (desk, wanted) = (Arc::clone(api.desk()), form.clone());
    let made = api.run(move |book| {
        let (texts, rulebook) = (Texts::new(language), || desk.machine.rulebook());
        let (table, day) = tables::of(book, &caller.officer, &rulebook, &texts, (&table, &filter))?;
        let bytes = match wanted.as_str() {
            "csv" => table.csv(),
            "json" => table.json(),
            _ => {
                let book =
                    Book { title: table.title.clone(), author: "Vạn Dân".to_owned(), comment: String::new(), day };
                let damaged =
                    |_| ports::Fault::Damaged { what: table.name.clone(), cause: "it cannot be written".into() };
                export::xlsx(&book, std::slice::from_ref(&table)).map_err(damaged)?
            }
        };
        Ok((bytes, table.name, day))
    });
    let (bytes, name, day) = made.await?;
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"vandan-{name}-{day}.{form}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((head, bytes).into_response())
}
