//! Problems: the one table from errors to answers (RFC 9457).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ports::Fault;
use serde::Serialize;
use services::Error;
use std::collections::BTreeMap;
use text::{Key, Language, Texts};
use utoipa::ToSchema;

/// Why something was not done.
#[derive(Serialize, ToSchema, Debug)]
pub(crate) struct Problem {
    /// The stable code, as an address: `https://vandan.invalid/problem/<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// The status of the answer.
    status: u16,
    /// The stable code.
    code: String,
    /// What to do about it, in English.
    title: String,
    /// What the words name, without personal data.
    details: BTreeMap<String, String>,
}

/// The problems that an operation may answer with; the same for all, so that a client handles them in one place.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code, reason = "read by the document only")]
pub(crate) enum Problems {
    /// A parameter in the address is malformed.
    #[response(status = 400, content_type = "application/problem+json")]
    Address(#[to_schema] Problem),
    /// No session, or one that has ended.
    #[response(status = 401, content_type = "application/problem+json")]
    Session(#[to_schema] Problem),
    /// The register's rules or the officer's rights do not allow it.
    #[response(status = 403, content_type = "application/problem+json")]
    Refused(#[to_schema] Problem),
    /// There is no such thing in the officer's unit.
    #[response(status = 404, content_type = "application/problem+json")]
    Missing(#[to_schema] Problem),
    /// Somebody else changed it first.
    #[response(status = 409, content_type = "application/problem+json")]
    Version(#[to_schema] Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    Large(#[to_schema] Problem),
    /// The input is not what it should be; nothing was changed.
    #[response(status = 422, content_type = "application/problem+json")]
    Input(#[to_schema] Problem),
    /// Not now: locked, or no space.
    #[response(status = 503, content_type = "application/problem+json")]
    Now(#[to_schema] Problem),
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &str, details: Vec<(&'static str, String)>) -> Problem {
        let texts = Texts::new(Language::En);
        let key = Key::find(&format!("error-{code}")).unwrap_or(text::t!("error-unnamed"));
        let mut arguments = details.clone();
        arguments.push(("code", code.to_owned()));
        Problem {
            kind: format!("https://vandan.invalid/problem/{code}"),
            status: status.as_u16(),
            code: code.to_owned(),
            title: texts.fill(key, &arguments),
            details: details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let status = match &error {
            Error::Input { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Refused { code, .. } if *code == "session-ended" => StatusCode::UNAUTHORIZED,
            Error::Refused { .. } => StatusCode::FORBIDDEN,
            Error::Missing(_) => StatusCode::NOT_FOUND,
            Error::Version { .. } => StatusCode::CONFLICT,
            Error::Fault(Fault::Locked | Fault::Full) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Problem::new(status, error.code(), error.arguments())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")], body)
            .into_response()
    }
}

/// An address without an operation.
pub(crate) async fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "operation-missing", Vec::new())
}

/// An address whose operations have other methods.
pub(crate) async fn method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-wrong", Vec::new())
}
