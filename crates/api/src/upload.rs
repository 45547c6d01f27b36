//! Files in a form: kept in memory as far as there is room for them.

use crate::problem::Problem;
use crate::request::{Api, Caller, Room};
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use services::import::Input;

/// Bytes of files to be imported, in one go.
pub(crate) const BYTES_MAX: usize = 256 << 20;
/// Characters of a file's name; it serves for messages only.
const NAME_CHARS_MAX: usize = 200;

/// Files that were sent, who sent them, and the room that they take.
pub(crate) struct Upload {
    pub(crate) caller: Caller,
    pub(crate) inputs: Vec<Input>,
    pub(crate) _room: Room,
}

impl FromRequest<Api> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Upload, Problem> {
        let (caller, request) = Caller::sending(request, api, "import").await?;
        let room = Room::wait(api, request.headers(), BYTES_MAX).await?;
        let inputs = files(request, api).await?;
        if inputs.is_empty() {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "import-none", Vec::new()));
        }
        let inputs = inputs.into_iter().map(|(name, bytes)| Input { name, bytes }).collect();
        Ok(Upload { caller, inputs, _room: room })
    }
}

/// The files of a form, each with its name; all of them are sent as `files`.
pub(crate) async fn files(request: Request, api: &Api) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let kind = || Problem::named(StatusCode::UNSUPPORTED_MEDIA_TYPE, "body-type", "expected", "multipart/form-data");
    let mut parts = Multipart::from_request(request, api).await.map_err(|_| kind())?;
    let malformed = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "form-malformed", Vec::new());
    let ended = |error: MultipartError| match error.status() {
        status @ StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "body-large", Vec::new()),
        StatusCode::BAD_REQUEST => malformed(),
        _ => Problem::new(StatusCode::REQUEST_TIMEOUT, "body-slow", Vec::new()),
    };
    let mut all = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(ended)? {
        // A part of another name, or one that is no file, is what somebody meant otherwise: nothing is left out in silence.
        let Some(name) = part.file_name().filter(|_| part.name() == Some("files")) else {
            return Err(malformed());
        };
        let name = name.chars().take(NAME_CHARS_MAX).collect();
        let bytes = part.bytes().await.map_err(ended)?;
        if bytes.is_empty() {
            return Err(malformed());
        }
        all.push((name, Vec::from(bytes)));
    }
    Ok(all)
}
