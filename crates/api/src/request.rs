//! What a request brings with it: the officer of its token, the command's key, a body of JSON.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use services::officer::{Officer, of_session};
use services::person::Reader;
use services::{Book, Command, Desk, Error};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use utoipa::IntoParams;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

/// What the operations work with.
#[derive(Clone)]
pub struct Api {
    desk: Arc<Desk>,
    room: Arc<Semaphore>,
}

impl Api {
    /// The operations of a desk. `room`: MiB of bodies that may be in memory at once, over all edges.
    #[must_use]
    pub fn new(desk: Arc<Desk>, room: Arc<Semaphore>) -> Api {
        Api { desk, room }
    }

    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// Runs work that waits for disks and locks where it holds up nobody else.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<Book>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let book = Arc::clone(&self.desk.book);
        let done = tokio::task::spawn_blocking(move || work(&book)).await;
        Ok(done.unwrap_or(Err(Error::Fault(ports::Fault::Locked)))?)
    }
}

/// Room in memory that a large body takes, given back when it is dropped.
pub(crate) struct Room(#[expect(dead_code, reason = "held")] Option<OwnedSemaphorePermit>);

impl Room {
    /// How long a body waits for room, and when to come again.
    const WAIT: Duration = Duration::from_secs(5);

    /// Waits for room for the body that a head announces; one in pieces may be as long as is allowed.
    pub(crate) async fn wait(api: &Api, headers: &HeaderMap, bytes_max: usize) -> Result<Room, Problem> {
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let bytes = length.unwrap_or(bytes_max);
        if bytes > bytes_max {
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-large", Vec::new()));
        }
        let mebibytes = u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX);
        let room = Arc::clone(&api.room).acquire_many_owned(mebibytes);
        match tokio::time::timeout(Room::WAIT, room).await {
            Ok(Ok(room)) => Ok(Room(Some(room))),
            _ => Err(Problem::later("body-wait", Room::WAIT.as_secs())),
        }
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

    /// Whoever sends a large body: nothing of it is read for somebody who may not send it.
    pub(crate) async fn sending(request: Request, api: &Api, action: &str) -> Result<(Caller, Request), Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, api).await?;
        caller.may(action)?;
        Ok((caller, Request::from_parts(parts, body)))
    }

    /// Whoever reads persons here for a purpose, after one read has been taken from what they may.
    pub(crate) fn reader(&self, api: &Api, purpose: &str) -> Result<Reader, Problem> {
        api.desk.limits.read(&self.officer, purpose, api.desk.book.now())?;
        Ok(Reader { actor: self.officer.actor(purpose), unit: self.officer.unit.clone() })
    }

    /// The command's key; empty where there is none.
    pub(crate) fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }

    pub(crate) fn command(&self, version: Option<i64>) -> Command {
        Command { officer: self.officer.clone(), key: self.key.clone(), version }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Caller, Problem> {
        let token = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().trim().to_owned();
        let wanted = token.clone();
        let officer = match api.run(move |book| of_session(book, &wanted)).await {
            Err(problem) if problem.is(StatusCode::UNAUTHORIZED) => {
                // Whoever tries tokens is slowed down; whoever has one is not held up by them.
                api.desk.limits.anonymous(address(parts), api.desk.book.now())?;
                return Err(problem);
            }
            officer => officer?,
        };
        // A key that cannot be read is no absent key: the command would be carried out twice.
        let malformed = || Problem::named(StatusCode::BAD_REQUEST, "header-malformed", "header", KEY);
        let key = parts.headers.get(KEY).map(|value| value.to_str().map(str::to_owned).map_err(|_| malformed()));
        Ok(Caller { officer, token, key: key.transpose()? })
    }
}

/// The header with the idempotency key.
const KEY: &str = "Idempotency-Key";

/// Where a request comes from; this machine, where nobody has said.
fn address(parts: &Parts) -> IpAddr {
    let from = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(from)| from.ip())
}

/// Somebody who tries to sign in: one attempt is taken from what their address may.
pub(crate) struct Attempt;

impl FromRequestParts<Api> for Attempt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Attempt, Problem> {
        api.desk.limits.sign_in(address(parts), api.desk.book.now())?;
        Ok(Attempt)
    }
}

/// A body of JSON; what is wrong with it is a problem like any other.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Api> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Body<T>, Problem> {
        let bytes = raw(request, api, "application/json").await?;
        // Every body is an object; the parser would take a list of its values too.
        let object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| *byte == b'{');
        if !object {
            let details = vec![("line", "1".to_owned()), ("column", "1".to_owned())];
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body-malformed", details));
        }
        serde_json::from_slice(&bytes).map(Body).map_err(|error| {
            // Line and column, not the words of the parser: those may repeat what was sent.
            let details = vec![("line", error.line().to_string()), ("column", error.column().to_string())];
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body-malformed", details)
        })
    }
}

/// The bytes of a body of a kind, within its limit and in time.
pub(crate) async fn raw(request: Request, api: &Api, kind: &'static str) -> Result<Bytes, Problem> {
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind) {
        return Err(Problem::named(StatusCode::UNSUPPORTED_MEDIA_TYPE, "body-type", "expected", kind));
    }
    Bytes::from_request(request, api).await.map_err(|rejection| match rejection.status() {
        status @ StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "body-large", Vec::new()),
        _ => Problem::new(StatusCode::REQUEST_TIMEOUT, "body-slow", Vec::new()),
    })
}

/// A whole number as JSON knows it: `7` and `7.0` are the same.
pub(crate) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    /// Beyond this a number with a fraction's form is not exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Some(number) = Option::<serde_json::Number>::deserialize(from)? else { return Ok(None) };
    let exact = |value: f64| (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64);
    let value = number.as_i64().or_else(|| number.as_f64().and_then(exact));
    value.map(Some).ok_or_else(|| serde::de::Error::custom("not a whole number"))
}

/// Parameters in the address; what is wrong with them is a problem like any other.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Api> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Parameters<T>, Problem> {
        let bad = |_| Problem::new(StatusCode::BAD_REQUEST, "parameter-malformed", Vec::new());
        Query::from_request_parts(parts, api).await.map(|Query(sent)| Parameters(sent)).map_err(bad)
    }
}

/// An id in the path; one that is none names nothing.
pub(crate) struct Id<T>(pub(crate) T);

/// The ids that paths hold.
pub(crate) trait Named: Sized + Send {
    fn named(text: &str) -> Option<Self>;
}

/// Ids are named by their 36-character form.
macro_rules! named {
    ($($id:ident),+) => {
        $(impl Named for ids::$id {
            fn named(text: &str) -> Option<Self> {
                Self::parse(text)
            }
        })+
    };
}

named!(PersonId, HouseholdId, ImportId, ApplicationId, CaseId, BatchId, CardId);

impl<T: Named> FromRequestParts<Api> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Id<T>, Problem> {
        let missing = || Problem::new(StatusCode::NOT_FOUND, "id-unknown", Vec::new());
        let Path(text) = Path::<String>::from_request_parts(parts, api).await.map_err(|_| missing())?;
        T::named(&text).map(Id).ok_or_else(missing)
    }
}

/// A name in the path; one that cannot be read names nothing.
pub(crate) struct Name(pub(crate) String);

impl FromRequestParts<Api> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Name, Problem> {
        let missing = |_| Problem::new(StatusCode::NOT_FOUND, "id-unknown", Vec::new());
        Path::<String>::from_request_parts(parts, api).await.map(|Path(name)| Name(name)).map_err(missing)
    }
}

/// The parameter of a path with an id; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ById {
    /// Which.
    #[param(format = "uuid")]
    id: String,
}

/// The idempotency key; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct Key {
    /// Chosen by the client: the same command under the same key is carried out once, and answered the same again.
    #[param(rename = "Idempotency-Key", required = false, value_type = String, min_length = 1, max_length = 200)]
    key: Option<String>,
}
