//! Imports: listed, their files, and what became of each row.

use crate::case::within_limit;
use crate::problem::{Problem, Problems};
use crate::request::{Api, ById, Caller, Id, Parameters};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use ids::{FileId, ImportId};
use serde::{Deserialize, Serialize};
use services::import;
use utoipa::{IntoParams, ToSchema};

/// Where in the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportList {
    /// The `next` of the page before.
    #[param(format = "uuid")]
    after: Option<String>,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportSummary)]
pub(crate) struct Summary {
    id: String,
    /// open, done, withdrawn; cut-off where another import ended it.
    state: String,
    files: i64,
    rows: i64,
    begun: String,
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportPage)]
pub(crate) struct Page {
    items: Vec<Summary>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The imports of the caller's unit, the newest first.
#[utoipa::path(get, path = "/api/v1/imports", operation_id = "list_imports", tag = "import",
    security(("session" = [])), params(ImportList), responses(
    (status = 200, body = Page),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Parameters(list): Parameters<ImportList>,
) -> Result<Json<Page>, Problem> {
    within_limit(list.limit)?;
    let limit = usize::from(list.limit.unwrap_or(100));
    let unknown = || services::Error::Missing("import-missing");
    let after = list.after.as_deref().map(|id| ImportId::parse(id).ok_or_else(unknown)).transpose()?;
    let slice = api.run(move |book| import::imports(book, &caller.officer, after, limit)).await?;
    let summary = |one: import::Summary| {
        let import::Summary { import, state, files, rows, begun } = one;
        Summary { id: import, state, files, rows, begun }
    };
    Ok(Json(Page { items: slice.items.into_iter().map(summary).collect(), next: slice.next }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct StagedFile {
    id: String,
    /// Encoding and delimiter, or XLSX.
    form: String,
    rows: i64,
    /// staged, entered, withdrawn.
    state: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Files {
    files: Vec<StagedFile>,
}

/// The files of an import.
#[utoipa::path(get, path = "/api/v1/imports/{id}", operation_id = "show_import", tag = "import",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Files),
    Problems,
))]
pub(crate) async fn show(State(api): State<Api>, caller: Caller, Id(id): Id<ImportId>) -> Result<Json<Files>, Problem> {
    let files = api.run(move |book| import::files(book, &caller.officer, id)).await?;
    let file = |one: import::Staged| {
        let import::Staged { file, form, rows, state } = one;
        StagedFile { id: file, form, rows, state }
    };
    Ok(Json(Files { files: files.into_iter().map(file).collect() }))
}

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
pub(crate) async fn rows(
    State(api): State<Api>,
    caller: Caller,
    Path((id, file)): Path<(String, String)>,
    Parameters(list): Parameters<RowList>,
) -> Result<Json<Rows>, Problem> {
    within_limit(list.limit)?;
    let limit = usize::from(list.limit.unwrap_or(100));
    let missing = || Problem::new(StatusCode::NOT_FOUND, "id-unknown", Vec::new());
    let (id, file) = ImportId::parse(&id).zip(FileId::parse(&file)).ok_or_else(missing)?;
    let after = i64::try_from(list.after.unwrap_or(0)).unwrap_or(i64::MAX);
    let found = list.found;
    let outcomes = api
        .run(move |book| {
            let files = import::files(book, &caller.officer, id)?;
            if !files.iter().any(|own| own.file == file.to_string()) {
                return Err(services::Error::Missing("row-missing"));
            }
            import::outcomes(book, &caller.officer, file, after, found, limit + 1)
        })
        .await?;
    let next = (outcomes.len() > limit).then(|| outcomes[limit - 1].line);
    let row = |one: import::Outcome| {
        let import::Outcome { line, state, findings, person, case } = one;
        Row { line, state, findings, person, case }
    };
    Ok(Json(Rows { items: outcomes.into_iter().take(limit).map(row).collect(), next }))
}
