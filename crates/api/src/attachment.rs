//! Files attached to a difficulty: sent in and given.

use crate::problem::{Problem, Problems};
use crate::record::{ByRecord, RecordSummary, id};
use crate::request::{Api, Caller, Key, Name, Room};
use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ids::Uuid;
use serde::Deserialize;
use services::Error;
use services::programme::{self, FILE_BYTES_MAX, FILES_MAX, Sent};
use utoipa::{IntoParams, ToSchema};

/// Bytes of the files that are sent at once, and of what stands around them.
pub(crate) const BYTES_MAX: usize = FILES_MAX * FILE_BYTES_MAX + (64 << 10);

/// Files that were sent, who sent them, and the room that they take.
pub(crate) struct Upload {
    caller: Caller,
    files: Vec<Sent>,
    _room: Room,
}

impl FromRequest<Api> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Upload, Problem> {
        let (caller, request) = Caller::sending(request, api, "return").await?;
        let room = Room::wait(api, request.headers(), BYTES_MAX).await?;
        let files = crate::upload::files(request, api).await?;
        let files = files.into_iter().map(|(name, bytes)| Sent { name, bytes }).collect();
        Ok(Upload { caller, files, _room: room })
    }
}

/// The files of a form; for the document.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct AttachmentsForm {
    #[schema(schema_with = crate::import::files)]
    files: Vec<Vec<u8>>,
}

/// Adds files to a difficulty, all of them or none: PDF, JPEG, PNG, XLSX without macros, or plain text, told from the bytes;
/// at most five on a record, 10 MiB each.
#[utoipa::path(post, path = "/api/v1/records/{record}/files", operation_id = "attach_files", tag = "programme",
    security(("session" = [])), params(ByRecord, Key),
    request_body(content = AttachmentsForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = RecordSummary),
    Problems,
))]
pub(crate) async fn attach(
    State(api): State<Api>,
    Name(name): Name,
    upload: Upload,
) -> Result<Json<RecordSummary>, Problem> {
    let Upload { caller, files, _room } = upload;
    let (record, command) = (id(&name)?, caller.command(None));
    let done = api.run(move |book| programme::attach(book, &command, record, &files)).await?;
    Ok(Json((&done).into()))
}

/// Which file; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByFile {
    /// The record.
    #[param(format = "uuid")]
    record: String,
    /// The file, as the record names it.
    #[param(format = "uuid")]
    file: String,
}

/// A file of a difficulty, as it was sent. The read is recorded.
#[utoipa::path(get, path = "/api/v1/records/{record}/files/{file}", operation_id = "read_attachment", tag = "programme",
    security(("session" = [])), params(ByFile), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Problem> {
    caller.may("status")?;
    let Path((record, file)) = path.map_err(|_| Error::Missing("record-missing"))?;
    let (record, file) = (id(&record)?, Uuid::parse(&file).ok_or(Error::Missing("attachment-missing"))?);
    caller.reader(&api, "programme")?;
    let opened = api.run(move |book| programme::attachment(book, &caller.officer, record, file)).await?;
    let name = format!("attachment; filename=\"vandan-{file}.{}\"", opened.kind.ending());
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, opened.bytes).into_response())
}
