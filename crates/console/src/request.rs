//! What a request brings with it: the officer of its session, language and theme, and where it came from.

use crate::{Console, frame};
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use passkey::Site;
use services::officer::Officer;
use services::person::Reader;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::LazyLock;
use text::{Key, Language, Texts};

/// The session's cookie: its name and what stands behind its value. Where browsers come over TLS it goes nowhere else, and
/// no other host can set it.
pub(crate) fn session_cookie(site: &Site) -> (&'static str, &'static str) {
    if site.origin().starts_with("https://") {
        ("__Host-vandan-session", "; Path=/; Secure; HttpOnly; SameSite=Strict")
    } else {
        ("vandan-session", "; Path=/; HttpOnly; SameSite=Strict")
    }
}

static TEXTS: LazyLock<[Texts; 2]> = LazyLock::new(|| Language::ALL.map(Texts::new));

/// How a page is to be drawn: in which language, light or dark, at which address.
#[derive(Clone)]
pub(crate) struct Look {
    pub(crate) language: Language,
    /// `light`, `dark`, or empty for what the machine prefers.
    pub(crate) theme: &'static str,
    pub(crate) path: String,
    /// The key of the commands that this page's forms give; made anew for each page that is shown.
    pub(crate) key: String,
}

impl Look {
    pub(crate) fn of(headers: &HeaderMap, path: &str) -> Look {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = match cookie(headers, "vandan-language") {
            Some("en") => Language::En,
            Some(_) => Language::Vi,
            None => Language::of(accepted),
        };
        let theme = match cookie(headers, "vandan-theme") {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "",
        };
        Look { language, theme, path: path.to_owned(), key: String::new() }
    }

    pub(crate) fn texts(&self) -> &'static Texts {
        &TEXTS[usize::from(self.language == Language::En)]
    }

    /// A text.
    pub(crate) fn text(&self, key: Key) -> String {
        self.texts().fill(key, &[])
    }

    /// A text with its arguments.
    pub(crate) fn fill(&self, key: Key, arguments: &[(&str, String)]) -> String {
        self.texts().fill(key, arguments)
    }

    /// The text of a composed key; the word itself where there is none.
    pub(crate) fn word(&self, prefix: &str, word: &str) -> String {
        Key::find(&format!("{prefix}-{}", word.replace(['.', '_', ' '], "-")))
            .map_or(word.to_owned(), |key| self.text(key))
    }

    /// A count, grouped as the language does.
    pub(crate) fn count(&self, value: u64) -> String {
        self.language.count(value)
    }
}

/// A request of somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) officer: Officer,
    pub(crate) token: String,
    pub(crate) look: Look,
}

impl Page {
    pub(crate) fn may(&self, action: &str) -> bool {
        self.officer.may(action).is_ok()
    }

    /// Whoever reads persons here, for a purpose.
    pub(crate) fn reader(&self, purpose: &str) -> Reader {
        Reader { actor: self.officer.actor(purpose), unit: self.officer.unit.clone() }
    }

    /// A command of this officer, under the form's key and on the version that the form showed.
    pub(crate) fn command(&self, key: &str, version: Option<i64>) -> services::Command {
        services::Command { officer: self.officer.clone(), key: Some(key.to_owned()), version }
    }
}

impl FromRequestParts<Console> for Page {
    type Rejection = Response;

    /// `rights::guard` has put it there; a page outside its table has none.
    async fn from_request_parts(parts: &mut Parts, _: &Console) -> Result<Page, Response> {
        parts.extensions.get::<Page>().cloned().ok_or_else(|| StatusCode::UNAUTHORIZED.into_response())
    }
}

impl FromRequestParts<Console> for Look {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Console) -> Result<Look, Self::Rejection> {
        Ok(Look::of(&parts.headers, parts.uri.path()))
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| if own == name { Some(value) } else { None })
}

fn is_own(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header("host").unwrap_or_default();
    match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, None) => true,
    }
}

/// Refuses a change that another site's page asks for. Browsers say where a request comes from (Fetch Metadata; before
/// that, Origin); the session's cookie is SameSite=Strict besides.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let own = is_own(request.headers());
    if own {
        return next.run(request).await;
    }
    let look = Look::of(request.headers(), request.uri().path());
    frame::plain(&look, StatusCode::FORBIDDEN, text::t!("console-other-site"))
}

/// Where a request comes from; this machine, where nobody has said.
pub(crate) fn address(request: &Request) -> IpAddr {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(from)| from.ip())
}

/// The route of a request, without anything that was filled into it.
pub(crate) fn route(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned()
}
