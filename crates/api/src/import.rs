//! Imports: listed, their files, sent in, withdrawn.

use crate::case::within_limit;
use crate::job::{self, Begins, Begun};
use crate::problem::{Problem, Problems};
use crate::request::{Api, ById, Caller, Id, Key, Parameters};
use crate::upload::Upload;
use axum::Json;
use axum::extract::State;
use ids::ImportId;
use serde::{Deserialize, Serialize};
use services::job::{Order, Progress};
use services::{Desk, import};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
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

/// Files, none of them empty, for the document.
pub(crate) fn files() -> Schema {
    let file = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .min_length(Some(1));
    ArrayBuilder::new().items(file).min_items(Some(1)).description(Some("At least one.")).into()
}

/// The files of a form; for the document.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct FilesForm {
    #[schema(schema_with = files)]
    files: Vec<Vec<u8>>,
}

/// Takes files in, CSV or XLSX, all of them or none: a job.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "send_files", tag = "import",
    security(("session" = [])), params(Key),
    request_body(content = FilesForm, content_type = "multipart/form-data"), responses(Begins, Problems))]
pub(crate) async fn send(State(api): State<Api>, upload: Upload) -> Result<Begun, Problem> {
    let Upload { caller, inputs, _room } = upload;
    let (officer, what) = (caller.officer.clone(), services::job::digest(&inputs));
    let mebibytes = inputs.iter().map(|input| input.bytes.len()).sum::<usize>().div_ceil(1 << 20);
    // From here on the job holds the files, and counts them.
    drop(_room);
    let order = Order { kind: "import", key: caller.key(), what: &what, mebibytes };
    let work = move |desk: &Desk, progress: Progress<'_>| services::job::import(desk, &officer, inputs, progress);
    job::begin(&api, &caller, order, work).await
}

/// Withdraws an import: whoever is known by it alone leaves the register; what was sent stays staged. A job.
#[utoipa::path(post, path = "/api/v1/imports/{id}/withdrawal", operation_id = "withdraw_import", tag = "import",
    security(("session" = [])), params(ById, Key), responses(Begins, Problems))]
pub(crate) async fn withdraw(State(api): State<Api>, caller: Caller, Id(id): Id<ImportId>) -> Result<Begun, Problem> {
    let officer = caller.officer.clone();
    // Whoever does not see it does not hear of it by a job that fails.
    api.run(move |book| import::files(book, &officer, id)).await?;
    let (command, what) = (caller.command(None), id.to_string());
    let work = move |desk: &Desk, _: Progress<'_>| services::job::withdraw(desk, &command, id);
    let order = Order { kind: "withdraw", key: caller.key(), what: &what, mebibytes: 0 };
    job::begin(&api, &caller, order, work).await
}
