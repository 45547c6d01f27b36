//! Signing in with a passkey, or with password and second factor; taking up an account, signing out; language and theme.

use super::account::{Ceremony, binary};
use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page, session_cookie};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use services::officer;
use std::collections::HashMap;
use text::t;

pub(crate) async fn form(
    State(console): State<Console>,
    look: Look,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let next = query.get("next").map_or("", String::as_str);
    frame::outside(&look, &look.text(t!("sign-in")), &fields(&console, &look, "", next, None), StatusCode::OK)
}

fn fields(console: &Console, look: &Look, name: &str, next: &str, fault: Option<String>) -> Markup {
    let passkey = Ceremony {
        act: "get",
        address: "/sign-in/passkey",
        page: "/sign-in",
        words: t!("sign-in-passkey"),
        challenge: officer::challenge(console.book(), None),
        user: None,
        others: Vec::new(),
    };
    let code = Field::new("code", look.text(t!("sign-in-code"))).hint(look.text(t!("sign-in-code-hint")));
    html! {
        @if let Some(fault) = fault { (part::notice("bad", &fault)) }
        form.stack method="post" action="/sign-in" {
            input type="hidden" name="next" value=(next);
            (Field::new("officer", look.text(t!("sign-in-officer"))).value(name).complete("username").show())
            (Field::new("password", look.text(t!("sign-in-password"))).kind("password").complete("current-password").show())
            (code.complete("one-time-code").show())
            button { (look.text(t!("sign-in"))) }
        }
        (passkey.form(console, look, &html! { input type="hidden" name="next" value=(next); }))
        p { a href="/accept" { (look.text(t!("accept-link"))) } }
    }
}

/// Only a path of our own; an address elsewhere is not followed.
fn own_path(next: &str) -> &str {
    let plain = next.chars().all(|c| c.is_ascii_alphanumeric() || "/-_".contains(c));
    if next.starts_with('/') && !next.starts_with("//") && plain { next } else { "/" }
}

pub(crate) async fn sign_in(State(console): State<Console>, look: Look, fields_sent: Fields) -> Response {
    let (name, next) = (fields_sent.get("officer").to_owned(), fields_sent.get("next").to_owned());
    let work = {
        let (name, password, code) =
            (name.clone(), fields_sent.get("password").to_owned(), fields_sent.get("code").to_owned());
        move |console: &Console| officer::sign_in(console.book(), &name, &password, &code)
    };
    match console.run(work).await {
        Ok(token) => begun(&console, &token, &next),
        Err(error) => {
            let unknown = matches!(error, services::Error::Refused { .. });
            let refused = Refused::from(error);
            let content = fields(&console, &look, &name, &next, Some(refused.words(&look)));
            let drawn = frame::outside(&look, &look.text(t!("sign-in")), &content, StatusCode::UNAUTHORIZED);
            // Whoever is not let in is nobody yet; everything else says what it is.
            if unknown { drawn } else { refused.on(drawn) }
        }
    }
}

/// The passkey's answer to the page's challenge.
pub(crate) async fn by_passkey(State(console): State<Console>, look: Look, sent: Fields) -> Response {
    let next = sent.get("next").to_owned();
    let assertion = officer::Assertion {
        credential: binary(&sent, "credential"),
        user: binary(&sent, "user"),
        client_data: binary(&sent, "client_data"),
        authenticator_data: binary(&sent, "authenticator_data"),
        signature: binary(&sent, "signature"),
    };
    let work = |console: &Console| officer::sign_in_with_passkey(console.book(), &console.0.site, assertion);
    match console.run(work).await {
        Ok(token) => begun(&console, &token, &next),
        Err(services::Error::Refused { .. }) => {
            let fault = look.text(t!("sign-in-passkey-refused"));
            let content = fields(&console, &look, "", &next, Some(fault));
            frame::outside(&look, &look.text(t!("sign-in")), &content, StatusCode::UNAUTHORIZED)
        }
        Err(error) => Refused::from(error).page(&look),
    }
}

/// A session that has begun: its cookie, and the page that was wanted.
fn begun(console: &Console, token: &str, next: &str) -> Response {
    let (name, rest) = session_cookie(&console.0.site);
    let cookie = format!("{name}={token}{rest}; Max-Age=43200");
    with_cookie(Redirect::to(own_path(next)).into_response(), &cookie)
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

pub(crate) async fn accept_form(look: Look) -> Response {
    frame::outside(&look, &look.text(t!("accept")), &accept_fields(&look, "", None), StatusCode::OK)
}

fn accept_fields(look: &Look, name: &str, fault: Option<String>) -> Markup {
    let password = Field::new("password", look.text(t!("accept-password"))).kind("password");
    html! {
        @if let Some(fault) = fault { (part::notice("bad", &fault)) }
        form.stack method="post" action="/accept" {
            (Field::new("officer", look.text(t!("sign-in-officer"))).value(name).complete("username").show())
            (Field::new("one_time", look.text(t!("accept-code"))).hint(look.text(t!("accept-code-hint"))).show())
            (password.hint(look.text(t!("accept-password-hint"))).complete("new-password").show())
            button { (look.text(t!("accept"))) }
        }
        p { a href="/sign-in" { (look.text(t!("sign-in"))) } }
    }
}

pub(crate) async fn accept(State(console): State<Console>, look: Look, sent: Fields) -> Response {
    let (name, one_time, password) =
        (sent.get("officer").to_owned(), sent.get("one_time").to_owned(), sent.get("password").to_owned());
    let taken = {
        let name = name.clone();
        console.run(move |console| officer::accept(console.book(), &name, &one_time, &password)).await
    };
    let title = look.text(t!("accept"));
    match taken {
        Ok(accepted) => {
            let content = html! {
                (part::notice("good", &look.text(t!("accept-done"))))
                p { (look.text(t!("accept-secret"))) }
                p.secret { code { (accepted.second_factor) } }
                p { (look.text(t!("accept-once"))) }
                p { a.button href="/sign-in" { (look.text(t!("sign-in"))) } }
            };
            frame::outside(&look, &title, &content, StatusCode::OK)
        }
        Err(error) => {
            let refused = Refused::from(error);
            let content = accept_fields(&look, &name, Some(refused.words(&look)));
            refused.on(frame::outside(&look, &title, &content, StatusCode::OK))
        }
    }
}

pub(crate) async fn sign_out(State(console): State<Console>, page: Page) -> Response {
    let token = page.token.clone();
    let (name, rest) = session_cookie(&console.0.site);
    match console.run(move |console| officer::sign_out(console.book(), &token)).await {
        Ok(()) => with_cookie(Redirect::to("/sign-in").into_response(), &format!("{name}={rest}; Max-Age=0")),
        Err(error) => Refused::from(error).page(&page.look),
    }
}

/// Language and theme, kept in the browser.
pub(crate) async fn settings(sent: Fields) -> Response {
    let mut response = Redirect::to(own_path(sent.get("back"))).into_response();
    for (name, allowed) in [("language", ["vi", "en"]), ("theme", ["light", "dark"])] {
        if let Some(value) = allowed.iter().find(|value| **value == sent.get(name)) {
            let cookie = format!("vandan-{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000");
            response = with_cookie(response, &cookie);
        }
    }
    response
}
