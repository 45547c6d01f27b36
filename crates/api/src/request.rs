//! What a request brings with it: the officer of its token, the command's key, a body of JSON.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use services::officer::{Officer, of_session};
use services::person::Reader;
use services::{Book, Command, Error};
use std::sync::Arc;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

/// What the operations work with.
#[derive(Clone)]
pub struct Api {
    book: Arc<Book>,
    version: &'static str,
}

impl Api {
    /// The operations on a register.
    #[must_use]
    pub fn new(book: Arc<Book>, version: &'static str) -> Api {
        Api { book, version }
    }

    pub(crate) fn version(&self) -> &'static str {
        self.version
    }

    /// Runs work that waits for disks and locks where it holds up nobody else.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<Book>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let book = Arc::clone(&self.book);
        let done = tokio::task::spawn_blocking(move || work(&book)).await;
        Ok(done.unwrap_or(Err(Error::Fault(ports::Fault::Locked)))?)
    }
}

/// Names the scheme of the tokens in the document.
pub(crate) struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("session", scheme);
    }
}

/// Somebody who is signed in: `Authorization: Bearer TOKEN`. Cookies are not looked at, so no page can act for them.
pub(crate) struct Caller {
    pub(crate) officer: Officer,
    pub(crate) token: String,
    key: Option<String>,
}

impl Caller {
    pub(crate) fn may(&self, action: &str) -> Result<(), Problem> {
        Ok(self.officer.may(action)?)
    }

    pub(crate) fn reader(&self, purpose: &str) -> Reader {
        Reader { actor: self.officer.actor(purpose), unit: self.officer.unit.clone() }
    }

    pub(crate) fn command(&self, version: Option<i64>) -> Command {
        Command { officer: self.officer.clone(), key: self.key.clone(), version }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Caller, Problem> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let ended = || Problem::new(StatusCode::UNAUTHORIZED, "session-ended", Vec::new());
        let token = text(header::AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or_else(ended)?.trim().to_owned();
        let key = text("idempotency-key").map(str::to_owned);
        let wanted = token.clone();
        let officer = api.run(move |book| of_session(book, &wanted)).await?;
        Ok(Caller { officer, token, key })
    }
}

/// A body of JSON; what is wrong with it is a problem like any other.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Api> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Body<T>, Problem> {
        let bytes = raw(request, api).await?;
        serde_json::from_slice(&bytes).map(Body).map_err(|error| {
            // Line and column, not the words of the parser: those may repeat what was sent.
            let details = vec![("line", error.line().to_string()), ("column", error.column().to_string())];
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body-malformed", details)
        })
    }
}

/// The bytes of a body within its limit.
pub(crate) async fn raw(request: Request, api: &Api) -> Result<Bytes, Problem> {
    let large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-large", Vec::new());
    Bytes::from_request(request, api).await.map_err(large)
}

/// An id in the path; one that is none names nothing.
pub(crate) struct Id<T>(pub(crate) T);

/// The ids that paths hold.
pub(crate) trait Named: Sized + Send {
    fn named(text: &str) -> Option<Self>;
}

impl Named for ids::PersonId {
    fn named(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Named for ids::CaseId {
    fn named(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Named for ids::BatchId {
    fn named(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl<T: Named> FromRequestParts<Api> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Id<T>, Problem> {
        let missing = || Problem::new(StatusCode::NOT_FOUND, "id-unknown", Vec::new());
        let Path(text) = Path::<String>::from_request_parts(parts, api).await.map_err(|_| missing())?;
        T::named(&text).map(Id).ok_or_else(missing)
    }
}
