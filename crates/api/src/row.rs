//! Rows of staged files: what became of each, one as it was sent, one corrected.

use crate::case::within_limit;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, Caller, Key, Parameters};
use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use ids::{FileId, ImportId};
use serde::{Deserialize, Serialize};
use services::import;
use services::{Book, Error};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RowList {
    /// The `next` of the page before.
    #[param(minimum = 0, maximum = 9_223_372_036_854_775_807_i64)]
    after: Option<u64>,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// Only rows about which something was found.
    #[serde(default)]
    found: bool,
}

/// Which file of which import; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByFile {
    /// The import.
    #[param(format = "uuid")]
    id: String,
    /// The file.
    #[param(format = "uuid")]
    file: String,
}

/// Which line of it; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByLine {
    /// The import.
    #[param(format = "uuid")]
    id: String,
    /// The file.
    #[param(format = "uuid")]
    file: String,
    /// The line in it, from 1; the first holds the columns' names.
    #[param(minimum = 1, maximum = 9_223_372_036_854_775_807_i64)]
    line: i64,
}

/// A file, and a line of it, as the path names them.
pub(crate) struct Place {
    import: ImportId,
    file: FileId,
    line: i64,
}

impl FromRequestParts<Api> for Place {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Place, Problem> {
        let missing = || Problem::new(StatusCode::NOT_FOUND, "id-unknown", Vec::new());
        let named = Path::<BTreeMap<String, String>>::from_request_parts(parts, api).await;
        let Path(named) = named.map_err(|_| missing())?;
        let text = |name: &str| named.get(name).map(String::as_str);
        let import = text("id").and_then(ImportId::parse).ok_or_else(missing)?;
        let file = text("file").and_then(FileId::parse).ok_or_else(missing)?;
        let line = text("line").map_or(Ok(0), str::parse).map_err(|_| missing())?;
        Ok(Place { import, file, line })
    }
}

impl Place {
    /// An error unless the file is one of the import's, and that the caller's.
    fn known(&self, book: &Book, caller: &Caller) -> Result<(), Error> {
        let files = import::files(book, &caller.officer, self.import)?;
        let known = files.iter().any(|own| own.file == self.file.to_string());
        known.then_some(()).ok_or(Error::Missing("row-missing"))
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Row {
    line: i64,
    /// entered, pending, case, same, withdrawn.
    state: String,
    /// The codes of what was found about it.
    findings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
}

impl From<import::Outcome> for Row {
    fn from(one: import::Outcome) -> Row {
        let import::Outcome { line, state, findings, person, case } = one;
        Row { line, state, findings, person, case }
    }
}

/// A page of rows.
#[derive(Serialize, ToSchema)]
#[schema(as = RowPage)]
pub(crate) struct Rows {
    items: Vec<Row>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// What became of the rows of a file, in order of their lines. Nothing in it names a person.
#[utoipa::path(get, path = "/api/v1/imports/{id}/files/{file}/rows", operation_id = "list_rows", tag = "import",
    security(("session" = [])), params(ByFile, RowList), responses(
    (status = 200, body = Rows),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    place: Place,
    Parameters(list): Parameters<RowList>,
) -> Result<Json<Rows>, Problem> {
    within_limit(list.limit)?;
    let limit = usize::from(list.limit.unwrap_or(100));
    let after = i64::try_from(list.after.unwrap_or(0)).unwrap_or(i64::MAX);
    let outcomes = api
        .run(move |book| {
            place.known(book, &caller)?;
            import::outcomes(book, &caller.officer, place.file, after, list.found, limit + 1)
        })
        .await?;
    let next = (outcomes.len() > limit).then(|| outcomes[limit - 1].line);
    Ok(Json(Rows { items: outcomes.into_iter().take(limit).map(Row::from).collect(), next }))
}

/// A row with its cells.
#[derive(Serialize, ToSchema)]
#[schema(as = RowContents)]
pub(crate) struct Contents {
    row: Row,
    /// The cells as they were sent, by their columns' names.
    cells: BTreeMap<String, String>,
    /// Where a newer version of the row stands; that one is corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    newer: Option<Newer>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NewerRow)]
pub(crate) struct Newer {
    import: String,
    file: String,
    line: i64,
}

/// Reads a row as it was sent; the read is recorded.
#[utoipa::path(post, path = "/api/v1/imports/{id}/files/{file}/rows/{line}/read", operation_id = "read_row", tag = "import",
    security(("session" = [])), params(ByLine), responses(
    (status = 200, body = Contents),
    Problems,
))]
pub(crate) async fn read(State(api): State<Api>, caller: Caller, place: Place) -> Result<Json<Contents>, Problem> {
    caller.may("import")?;
    caller.reader(&api, "correction")?;
    let (newer, (outcome, cells)) = api
        .run(move |book| {
            place.known(book, &caller)?;
            let newer = import::newer(book, &caller.officer, place.file, place.line)?;
            Ok((newer, import::row(book, &caller.officer, place.file, place.line)?))
        })
        .await?;
    let newer = newer.map(|one| Newer { import: one.import.to_string(), file: one.file.to_string(), line: one.line });
    let cells = cells.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Json(Contents { row: outcome.into(), cells, newer }))
}

/// Cells to be corrected; what is not named stays as it was sent.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sex: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ethnic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_town: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    res_ward: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    res_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id9: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin12: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    father_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mother_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    household_no: Option<String>,
}

impl Correction {
    fn cells(&self) -> Vec<(String, String)> {
        let cells = serde_json::to_value(self).unwrap_or_default();
        let cells = cells.as_object().into_iter().flatten();
        cells.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Corrected {
    /// The import that holds the new version; absent where nothing was new.
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<String>,
}

/// Corrects a row: the corrected cells are a new version of it; what was sent stays. Refused where there is a newer version.
#[utoipa::path(post, path = "/api/v1/imports/{id}/files/{file}/rows/{line}/corrections", operation_id = "correct_row",
    tag = "import", security(("session" = [])), params(ByLine, Key), request_body = Correction, responses(
    (status = 200, body = Corrected),
    Problems,
))]
pub(crate) async fn correct(
    State(api): State<Api>,
    caller: Caller,
    place: Place,
    Body(sent): Body<Correction>,
) -> Result<Json<Corrected>, Problem> {
    caller.may("import")?;
    let command = caller.command(None);
    let report = api
        .run(move |book| {
            place.known(book, &caller)?;
            import::correct(book, &command, place.file, place.line, &sent.cells())
        })
        .await?;
    Ok(Json(Corrected { import: Some(report.import).filter(|id| !id.is_empty()) }))
}
