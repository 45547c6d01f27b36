//! What a form sends: fields as text, and files.

use crate::Console;
use crate::frame::Refused;
use axum::body::{Bytes, HttpBody};
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long what is over the limit is thrown away.
const DISCARDED: Duration = Duration::from_secs(30);
/// How long a body waits for room, and when to come again.
const ROOM: Duration = Duration::from_secs(5);
/// Characters of one field.
const FIELD_CHARS_MAX: usize = 4_000;

/// The fields of a form; absent ones read as empty.
#[derive(Default, Debug)]
pub(crate) struct Fields(BTreeMap<String, String>);

/// A file that was chosen in a form.
pub(crate) struct File {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

impl Fields {
    /// A field without blanks around it.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The same, and whether it was sent at all.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    /// The idempotency key that the form was shown with.
    pub(crate) fn key(&self) -> &str {
        self.get("key")
    }

    /// The version that the form was shown with.
    pub(crate) fn version(&self) -> Option<i64> {
        self.get("version").parse().ok()
    }

    /// How far the register had come when the form was shown.
    pub(crate) fn seen(&self) -> u64 {
        self.get("seen").parse().unwrap_or(0)
    }

    /// All fields whose name begins so, without the beginning.
    pub(crate) fn beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    fn put(&mut self, name: String, value: String) -> Result<(), Refused> {
        if value.chars().count() > FIELD_CHARS_MAX || value.contains('\0') {
            let arguments = vec![("field", name), ("max", FIELD_CHARS_MAX.to_string())];
            return Err(Refused::bad(text::t!("console-field-long"), arguments));
        }
        self.0.insert(name, value);
        Ok(())
    }
}

/// The pairs of an urlencoded body, in order.
pub(crate) fn pairs(body: &[u8]) -> Vec<(String, String)> {
    let query = std::str::from_utf8(body).unwrap_or_default();
    let address = format!("/?{query}");
    let parsed = address.parse::<axum::http::Uri>().ok();
    let pairs = parsed.and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs.map(|axum::extract::Query(pairs)| pairs).unwrap_or_default()
}

/// Why a body was not read to its end.
fn cut_off(status: StatusCode) -> Refused {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Refused::large() } else { Refused::slow() }
}

fn mebibytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX)
}

/// Refuses a body whose head says that it is over the limit before anything of it is kept, and has one wait for which there
/// is no room. What is sent all the same is thrown away, so that a browser that sends before it listens hears the answer.
pub(crate) async fn declared(
    State((console, limit)): State<(Console, usize)>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    // What comes in pieces may be as long as is allowed; a request without either header has no body.
    let pieces = headers.contains_key(header::TRANSFER_ENCODING).then_some(limit as u64);
    let most = length.or(pieces).unwrap_or(0);
    let refused = if most <= limit as u64 {
        let room = Arc::clone(&console.0.room).acquire_many_owned(mebibytes(most));
        match tokio::time::timeout(ROOM, room).await {
            Ok(Ok(_room)) => return next.run(request).await,
            _ => Refused::full(ROOM.as_secs()),
        }
    } else {
        Refused::large()
    };
    let look = crate::request::Look::of(request.headers(), request.uri().path());
    let mut body = request.into_body();
    tokio::spawn(tokio::time::timeout(DISCARDED, async move {
        while let Some(Ok(_)) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {}
    }));
    refused.page(&look)
}

impl FromRequest<Console> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Fields, Response> {
        let look = crate::request::Look::of(request.headers(), request.uri().path());
        let body = Bytes::from_request(request, console).await;
        let body = body.map_err(|rejection| cut_off(rejection.status()).page(&look))?;
        let mut fields = Fields::default();
        for (name, value) in pairs(&body) {
            fields.put(name, value).map_err(|refused| refused.page(&look))?;
        }
        Ok(fields)
    }
}

/// The texts of a form with files; the files are read past, and nothing of them is kept.
pub(crate) async fn texts(mut request: Request, console: &Console) -> Fields {
    let mut fields = Fields::default();
    DefaultBodyLimit::max(crate::APPLICATION_BYTES_MAX).apply(&mut request);
    let Ok(mut parts) = Multipart::from_request(request, console).await else { return fields };
    let mut kept = 0;
    // What cannot be read to its end is given back as far as it came.
    while let Ok(Some(mut part)) = parts.next_field().await {
        let name = part.name().filter(|_| part.file_name().is_none()).map(str::to_owned);
        let mut value = Vec::new();
        while let Ok(Some(chunk)) = part.chunk().await {
            if name.is_some() && kept + chunk.len() <= crate::BODY_BYTES_MAX {
                kept += chunk.len();
                value.extend_from_slice(&chunk);
            }
        }
        if let (Some(name), Ok(value)) = (name, String::from_utf8(value)) {
            // A field too long is refused again when it is sent again.
            let _ = fields.put(name, value);
        }
    }
    fields
}

/// A form with files.
pub(crate) struct Upload {
    pub(crate) fields: Fields,
    pub(crate) files: Vec<File>,
}

impl FromRequest<Console> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Upload, Response> {
        let look = crate::request::Look::of(request.headers(), request.uri().path());
        let mut parts = Multipart::from_request(request, console).await.map_err(IntoResponse::into_response)?;
        let (mut fields, mut files) = (Fields::default(), Vec::new());
        // A body over the limit or too slow ends here, with the same plain words as any other.
        let ended = |error: MultipartError| cut_off(error.status()).page(&look);
        while let Some(part) = parts.next_field().await.map_err(ended)? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => {
                    let bytes = part.bytes().await.map_err(ended)?;
                    if !bytes.is_empty() {
                        files.push(File { field, name, bytes });
                    }
                }
                None => {
                    let value = part.text().await.map_err(ended)?;
                    fields.put(field, value).map_err(|refused| refused.page(&look))?;
                }
            }
        }
        Ok(Upload { fields, files })
    }
}
