//! Problems: the one table from errors to answers (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
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
    /// Seconds after which it may be tried again.
    #[serde(skip)]
    retry: Option<u64>,
}

/// The problems that an operation may answer with; the same for all, so that a client handles them in one place.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code, reason = "read by the document only")]
pub(crate) enum Problems {
    /// A parameter in the address, or a header, is malformed.
    #[response(status = 400, content_type = "application/problem+json")]
    Address(Problem),
    /// No session, or one that has ended.
    #[response(status = 401, content_type = "application/problem+json", headers(("WWW-Authenticate" = String, description = "The scheme of the tokens: `Bearer`.")))]
    Session(Problem),
    /// The register's rules or the officer's rights do not allow it.
    #[response(status = 403, content_type = "application/problem+json")]
    Refused(Problem),
    /// There is no such thing in the officer's unit.
    #[response(status = 404, content_type = "application/problem+json")]
    Missing(Problem),
    /// The address does not take this method; `Allow` says which it takes.
    #[response(status = 405, content_type = "application/problem+json", headers(("Allow" = String, description = "The methods that the address takes.")))]
    Method(Problem),
    /// The body did not arrive in time.
    #[response(status = 408, content_type = "application/problem+json")]
    Slow(Problem),
    /// Somebody else changed it first.
    #[response(status = 409, content_type = "application/problem+json")]
    Version(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    Large(Problem),
    /// The body is of another kind than documented.
    #[response(status = 415, content_type = "application/problem+json")]
    Kind(Problem),
    /// The input is not what it should be; nothing was changed.
    #[response(status = 422, content_type = "application/problem+json")]
    Input(Problem),
    /// Too often: too many reads for a purpose, or too many attempts from an address.
    #[response(status = 429, content_type = "application/problem+json", headers(("Retry-After" = u64, description = "Seconds until it may be tried again.")))]
    Often(Problem),
    /// Not now: locked, no space, or it takes too long; the same may be sent again.
    #[response(status = 503, content_type = "application/problem+json", headers(("Retry-After" = u64, description = "Seconds until it may be tried again.")))]
    Now(Problem),
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
            retry: None,
        }
    }

    /// A problem that names one thing.
    pub(crate) fn named(status: StatusCode, code: &str, name: &'static str, value: &str) -> Problem {
        Problem::new(status, code, vec![(name, value.to_owned())])
    }

    pub(crate) fn is(&self, status: StatusCode) -> bool {
        self.status == status.as_u16()
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
            Error::Often { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Fault(Fault::Locked | Fault::Full) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry = match error {
            Error::Often { seconds, .. } => Some(seconds),
            Error::Fault(Fault::Locked | Fault::Full) => Some(1),
            _ => None,
        };
        Problem { retry, ..Problem::new(status, error.code(), error.arguments()) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let head = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (status, head, body).into_response();
        if let Some(seconds) = self.retry {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A problem that whoever listens answers with, before an operation is reached.
#[must_use]
pub fn refusal(status: StatusCode, code: &str, seconds: u64) -> Response {
    let problem = Problem::new(status, code, vec![("seconds", seconds.to_string())]);
    Problem { retry: Some(seconds), ..problem }.into_response()
}

/// An address without an operation.
pub(crate) async fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "operation-missing", Vec::new())
}

/// An address whose operations have other methods.
pub(crate) async fn method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-wrong", Vec::new())
}
