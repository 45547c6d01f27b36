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
    retry: Option<u32>,
    /// What failed here, for the log alone.
    #[serde(skip)]
    fault: Option<Box<Fault>>,
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
    /// Something failed here: damaged data, or a refusal of the machine. The log says what.
    #[response(status = 500, content_type = "application/problem+json")]
    Fault(Problem),
    /// Not now: the database is away or locked, no space, or it takes too long. It may even have been done; the same, under
    /// the same key, may be sent again.
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
            fault: None,
        }
    }

    /// A problem that names one thing.
    pub(crate) fn named(status: StatusCode, code: &str, name: &'static str, value: &str) -> Problem {
        Problem::new(status, code, vec![(name, value.to_owned())])
    }

    /// A problem that goes by itself.
    fn soon(status: StatusCode, code: &str, seconds: u64) -> Problem {
        let problem = Problem::new(status, code, vec![("seconds", seconds.to_string())]);
        Problem { retry: Some(u32::try_from(seconds).unwrap_or(u32::MAX)), ..problem }
    }

    /// Not now: it may be sent again after so many seconds.
    pub(crate) fn later(code: &str, seconds: u64) -> Problem {
        Problem::soon(StatusCode::SERVICE_UNAVAILABLE, code, seconds)
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
            Error::Fault(fault) if fault.passes() => StatusCode::SERVICE_UNAVAILABLE,
            Error::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let Error::Fault(fault) = error else {
            let retry = match error {
                Error::Often { seconds, .. } => Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
                _ => None,
            };
            return Problem { retry, ..Problem::new(status, error.code(), error.arguments()) };
        };
        // What the machine said is not for whoever asked.
        let key = if fault.passes() { text::t!("error-fault-passes") } else { text::t!("error-fault") };
        let title = Texts::new(Language::En).fill(key, &[]);
        let retry = fault.passes().then_some(1);
        let problem = Problem::new(status, fault.code(), Vec::new());
        // Who has to wait for somebody else's work may know for which.
        let title = if matches!(fault, Fault::Busy { .. }) { problem.title.clone() } else { title };
        Problem { title, retry, fault: Some(Box::new(fault)), ..problem }
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
        if let Some(fault) = self.fault {
            response.extensions_mut().insert(*fault);
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
    Problem::soon(status, code, seconds).into_response()
}

/// An address without an operation.
pub(crate) async fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "operation-missing", Vec::new())
}

/// An address whose operations have other methods.
pub(crate) async fn method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-wrong", Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_that_is_away_may_be_asked_again_and_its_words_stay_in_the_log() {
        let (what, cause) = (|| "database".to_owned(), || "terminating connection of vandan".to_owned());
        for (fault, status, retry) in [
            (Fault::Away { what: what(), cause: cause() }, 503, Some("1")),
            (Fault::Refused { what: what(), cause: cause() }, 500, None),
            (Fault::Busy { code: "import-running" }, 503, Some("1")),
        ] {
            let problem = Problem::from(Error::Fault(fault.clone()));
            let said = serde_json::to_string(&problem).unwrap_or_default();
            assert!(problem.status == status && !said.contains("terminating"), "{said}");
            let response = problem.into_response();
            let after = response.headers().get(header::RETRY_AFTER).and_then(|after| after.to_str().ok());
            assert_eq!(after, retry);
            assert_eq!(response.extensions().get(), Some(&fault), "for the log");
        }
        let busy = Problem::from(Error::Fault(Fault::Busy { code: "import-running" }));
        assert!(busy.title.starts_with("Files are being taken in"), "{}", busy.title);
    }
}
