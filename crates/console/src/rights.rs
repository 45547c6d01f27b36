//! What each page needs: the one table of routes and actions, asked before a page is entered.
//!
//! Invariant: a route that is not in the table is refused. The services ask again, with the unit.

use crate::Console;
use crate::frame::{self, Refused};
use crate::request::{self, Look, Page, cookie, session_cookie};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use services::officer::of_session;
use text::t;

/// Who may use a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Everybody, without a session.
    Nobody,
    /// Whoever is signed in.
    Session,
    /// Whoever has a role that allows one of these actions.
    Any(&'static [&'static str]),
}

/// One route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path as the router knows it.
    pub path: &'static str,
    /// Who may use it.
    pub need: Need,
}

const fn route(method: &'static str, path: &'static str, need: Need) -> Route {
    Route { method, path, need }
}

const ISSUE: Need = Need::Any(&["approve", "personalise"]);
const WORK: Need = Need::Any(&["import", "personalise", "enrol"]);

/// Every route.
pub const ROUTES: &[Route] = &[
    route("GET", "/", Need::Session),
    route("GET", "/sign-in", Need::Nobody),
    route("POST", "/sign-in", Need::Nobody),
    route("POST", "/sign-in/passkey", Need::Nobody),
    route("GET", "/account", Need::Session),
    route("POST", "/account/passkeys", Need::Session),
    route("POST", "/account/passkeys/{id}/remove", Need::Session),
    route("GET", "/accept", Need::Nobody),
    route("POST", "/accept", Need::Nobody),
    route("POST", "/sign-out", Need::Session),
    route("POST", "/settings", Need::Nobody),
    route("GET", "/persons", Need::Any(&["read"])),
    route("POST", "/persons", Need::Any(&["read"])),
    route("GET", "/persons/{id}", Need::Any(&["read"])),
    route("POST", "/persons/{id}", Need::Any(&["read"])),
    route("GET", "/collect", Need::Any(&["import"])),
    route("POST", "/collect", Need::Any(&["import"])),
    route("GET", "/collect/{id}", Need::Any(&["import"])),
    route("POST", "/collect/{id}/withdraw", Need::Any(&["import"])),
    route("GET", "/collect/{id}/rows/{file}/{line}", Need::Any(&["import"])),
    route("POST", "/collect/{id}/rows/{file}/{line}", Need::Any(&["import"])),
    route("GET", "/cases", Need::Any(&["adjudicate"])),
    route("GET", "/cases/{id}", Need::Any(&["adjudicate"])),
    route("POST", "/cases/{id}", Need::Any(&["adjudicate"])),
    route("GET", "/applications", Need::Any(&["enrol"])),
    route("GET", "/applications/new", Need::Any(&["enrol"])),
    route("POST", "/applications/new", Need::Any(&["enrol"])),
    route("POST", "/applications/check", Need::Any(&["enrol"])),
    route("GET", "/applications/{id}", Need::Any(&["enrol"])),
    route("GET", "/batches", ISSUE),
    route("POST", "/batches", Need::Any(&["personalise"])),
    route("GET", "/batches/{id}", ISSUE),
    route("POST", "/batches/{id}/approve", Need::Any(&["approve"])),
    route("POST", "/batches/{id}/personalise", Need::Any(&["personalise"])),
    route("GET", "/cards/{id}", ISSUE),
    route("POST", "/cards/{id}", Need::Any(&["personalise"])),
    route("GET", "/audit", Need::Any(&["audit"])),
    route("POST", "/audit", Need::Any(&["audit"])),
    route("GET", "/audit/events", Need::Any(&["audit"])),
    route("GET", "/officers", Need::Any(&["administer"])),
    route("POST", "/officers", Need::Any(&["administer"])),
    route("GET", "/officers/{name}", Need::Any(&["administer"])),
    route("POST", "/officers/{name}", Need::Any(&["administer"])),
    route("GET", "/jobs", WORK),
    route("GET", "/jobs/{id}", WORK),
    route("GET", "/health", Need::Any(&["status"])),
    route("GET", "/follow/{kind}", Need::Any(&["status"])),
    route("POST", "/follow/{kind}", Need::Any(&["return", "steer"])),
    route("GET", "/records/{id}", Need::Any(&["status"])),
    route("POST", "/records/{id}", Need::Any(&["return", "steer"])),
    route("POST", "/records/{id}/files", Need::Any(&["return"])),
    route("GET", "/records/{id}/files/{file}", Need::Any(&["status"])),
    route("GET", "/reports", Need::Any(&["status"])),
    route("POST", "/reports", Need::Any(&["steer"])),
    route("GET", "/reports/{id}", Need::Any(&["status"])),
    route("POST", "/reports/{id}", Need::Any(&["steer"])),
    route("GET", "/reports/{id}/file/{form}", Need::Any(&["status"])),
    route("POST", "/reports/{id}/verify", Need::Any(&["status"])),
    route("GET", "/board", Need::Any(&["status"])),
    route("GET", "/board/conference", Need::Any(&["status"])),
    route("GET", "/board/rows", Need::Any(&["status"])),
    route("GET", "/board/export/{form}", Need::Any(&["status"])),
    route("GET", "/honours", Need::Any(&["status"])),
    route("GET", "/honours/export/{form}", Need::Any(&["status"])),
    route("GET", "/attention", Need::Any(&["status"])),
    route("GET", "/digest", Need::Any(&["status"])),
    route("GET", "/returns", Need::Any(&["status"])),
    route("POST", "/returns", Need::Any(&["return"])),
    route("POST", "/returns/file", Need::Any(&["return"])),
    route("GET", "/targets", Need::Any(&["status"])),
    route("POST", "/targets", Need::Any(&["steer"])),
    route("GET", "/board/compare", Need::Any(&["status"])),
    route("GET", "/board/compare/export/{form}", Need::Any(&["status"])),
    route("GET", "/tables/{table}/{form}", Need::Any(&["status"])),
    route("GET", "/parts", Need::Nobody),
    route("GET", "/api", Need::Nobody),
    route("GET", "/assets/{name}", Need::Nobody),
];

/// Lets a request through to its page if the session's officer may; a form that comes after its session has ended is given
/// back with everything that was typed.
pub(crate) async fn guard(State(console): State<Console>, mut request: Request, next: Next) -> Response {
    let mut look = Look::of(request.headers(), request.uri().path());
    look.key = console.book().id().to_string();
    let (method, path) = (request.method().clone(), request::route(&request));
    let asked = if method == Method::HEAD { "GET" } else { method.as_str() };
    let need = ROUTES.iter().find(|route| route.path == path && route.method == asked).map(|route| route.need);
    let Some(need) = need else { return frame::plain(&look, StatusCode::NOT_FOUND, t!("console-missing")) };
    let address = request::address(&request);
    let now = console.book().now();
    if need == Need::Nobody {
        // Whoever sends a form without a session tries to get one; language and theme are kept in the browser.
        let taken = match (asked, path.as_str()) {
            (_, "/assets/{name}") => Ok(()),
            ("GET", _) | (_, "/settings") => console.0.desk.limits.anonymous(address, now),
            _ => console.0.desk.limits.sign_in(address, now),
        };
        return match taken {
            Ok(()) => next.run(request).await,
            Err(error) => Refused::from(error).page(&look),
        };
    }
    let token = cookie(request.headers(), session_cookie(&console.0.site).0).unwrap_or_default().to_owned();
    let session = {
        let token = token.clone();
        console.run(move |console| of_session(console.book(), &token)).await
    };
    if matches!(session, Err(services::Error::Refused { .. }))
        && let Err(error) = console.0.desk.limits.anonymous(address, now)
    {
        return Refused::from(error).page(&look);
    }
    let officer = match session {
        Ok(officer) => officer,
        Err(services::Error::Refused { .. }) if method == Method::GET => {
            let next = if look.path == "/" { String::new() } else { format!("?next={}", look.path) };
            return Redirect::to(&format!("/sign-in{next}")).into_response();
        }
        Err(services::Error::Refused { .. }) => return given_back(&console, &look, request).await,
        Err(error) => return Refused::from(error).page(&look),
    };
    if let Need::Any(actions) = need
        && !actions.iter().any(|action| officer.may(action).is_ok())
    {
        return frame::plain(&look, StatusCode::FORBIDDEN, t!("console-role"));
    }
    request.extensions_mut().insert(Page { officer, token, look });
    next.run(request).await
}

/// What was typed. Files are not kept without a session: of a form with files the texts are, and its page asks for the
/// files again.
async fn given_back(console: &Console, look: &Look, request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = if kind.starts_with("application/x-www-form-urlencoded") {
        let body = axum::body::to_bytes(request.into_body(), crate::BODY_BYTES_MAX).await.unwrap_or_default();
        let typed = crate::body::pairs(&body);
        html! {
            @if !typed.is_empty() {
                form method="post" action=(look.path) {
                    @for (name, value) in typed { input type="hidden" name=(name) value=(value); }
                    button { (look.text(t!("session-ended-again"))) }
                }
            }
        }
    } else if kind.starts_with("multipart/form-data") {
        let route = request::route(&request);
        let typed = crate::body::texts(request, console).await;
        html! {
            @if route == "/applications/new" { (crate::page::application::again(look, &typed, None)) }
            @else { (crate::part::notice("plain", &look.text(t!("files-again")))) }
        }
    } else {
        html! {}
    };
    frame::session_ended(look, &form)
}
