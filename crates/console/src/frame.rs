//! The frame around every page: head, navigation by role, foot; and the pages that say no.

use crate::assets;
use crate::request::{Look, Page};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use services::Error;
use text::{Key, Language, t};

/// Nothing but what this program serves; no script in a page's text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; media-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What htmx is told. Nothing of a page is kept in the browser, and htmx adds no style of its own: the policy forbids it.
/// A page that says no is shown as any other; of itself htmx would leave the old one standing.
const HTMX: &str = r#"{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,"responseHandling":[{"code":"204","swap":false},{"code":"...","swap":true}]}"#;

/// The places of the navigation: address, text, and the action that a role must allow.
const PLACES: [(&str, Key, &str); 13] = [
    ("/", t!("nav-home"), "status"),
    ("/board", t!("nav-board"), "status"),
    ("/follow/difficulty", t!("nav-follow"), "status"),
    ("/reports", t!("nav-reports"), "status"),
    ("/persons", t!("nav-persons"), "read"),
    ("/collect", t!("nav-collect"), "import"),
    ("/cases", t!("nav-cases"), "adjudicate"),
    ("/applications", t!("nav-applications"), "enrol"),
    ("/batches", t!("nav-batches"), "issue"),
    ("/audit", t!("nav-audit"), "audit"),
    ("/officers", t!("nav-officers"), "administer"),
    ("/jobs", t!("nav-jobs"), "work"),
    ("/health", t!("nav-health"), "status"),
];

/// Whether a place is shown to an officer.
pub(crate) fn shows(page: &Page, action: &str) -> bool {
    match action {
        "issue" => page.may("approve") || page.may("personalise"),
        "work" => page.may("import") || page.may("personalise") || page.may("enrol"),
        action => page.may(action),
    }
}

/// A page for somebody who is signed in.
pub(crate) fn page(page: &Page, title: &str, content: &Markup) -> Response {
    let look = &page.look;
    let at = |place: &str| match place {
        "/" => look.path == "/",
        "/board" => crate::page::steer::has(&look.path),
        "/follow/difficulty" => look.path.starts_with("/follow") || look.path.starts_with("/records"),
        place => look.path.starts_with(place),
    };
    let body = html! {
        header.top {
            a.skip href="#content" { (look.text(t!("nav-skip"))) }
            a.brand href="/" { span.mark aria-hidden="true" { "V" } span { "Vạn Dân" } }
            nav aria-label=(look.text(t!("nav-label"))) {
                @for (place, name, action) in PLACES {
                    @if shows(page, action) {
                        a href=(place) aria-current=[at(place).then_some("page")] { (look.text(name)) }
                    }
                }
            }
            div.who {
                a href="/account" aria-current=[at("/account").then_some("page")] title=(look.text(t!("account"))) {
                    strong { (page.officer.name) } " " small { (roles(page)) }
                }
                form method="post" action="/sign-out" { button.quiet { (look.text(t!("nav-sign-out"))) } }
            }
        }
        main #content tabindex="-1" {
            h1 { (title) }
            (content)
        }
        (foot(look))
    };
    whole(look, title, &body, StatusCode::OK)
}

fn roles(page: &Page) -> String {
    let unit = &page.officer.unit;
    let words: Vec<String> = page.officer.roles.iter().map(|role| page.look.word("role", role)).collect();
    let place = if unit.is_empty() { page.look.text(t!("unit-nation")) } else { unit.clone() };
    format!("{} · {place}", words.join(", "))
}

fn foot(look: &Look) -> Markup {
    let other = if look.language == Language::Vi { Language::En } else { Language::Vi };
    let dark = look.theme == "dark";
    html! {
        footer {
            form method="post" action="/settings" {
                input type="hidden" name="back" value=(look.path);
                button.quiet name="language" value=(other.code()) lang=(other.code()) {
                    (if other == Language::En { "English" } else { "Tiếng Việt" })
                }
                button.quiet name="theme" value=(if dark { "light" } else { "dark" }) {
                    (look.text(if dark { t!("theme-light") } else { t!("theme-dark") }))
                }
            }
            span { "Vạn Dân " (env!("CARGO_PKG_VERSION")) }
        }
    }
}

/// A page for somebody who is not signed in.
pub(crate) fn outside(look: &Look, title: &str, content: &Markup, status: StatusCode) -> Response {
    let body = html! {
        main.alone #content {
            p.brand { span.mark aria-hidden="true" { "V" } span { "Vạn Dân" } }
            h1 { (title) }
            (content)
        }
        (foot(look))
    };
    whole(look, title, &body, status)
}

fn whole(look: &Look, title: &str, body: &Markup, status: StatusCode) -> Response {
    let stamp = assets::stamp();
    let page = html! {
        (DOCTYPE)
        html lang=(look.language.code()) data-theme=[(!look.theme.is_empty()).then_some(look.theme)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Vạn Dân" }
                meta name="htmx-config" content=(HTMX);
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ "/assets/style.css?" (stamp) };
                @if assets::is_complete() { script src={ "/assets/console.js?" (stamp) } defer {} }
            }
            body { (body) }
        }
    };
    (status, Html(page.into_string())).into_response()
}

/// A page that says one thing.
pub(crate) fn plain(look: &Look, status: StatusCode, key: Key) -> Response {
    let content = html! { p { a href="/" { (look.text(t!("nav-home"))) } } };
    outside(look, &look.text(key), &content, status)
}

/// The page of somebody whom another officer came before: drawn anew, and answered as the conflict that it is.
pub(crate) fn second(mut response: Response, is: bool) -> Response {
    if is && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    response
}

/// A form that came after its session had ended: everything typed is given back, to be sent again.
pub(crate) fn session_ended(look: &Look, given_back: &Markup) -> Response {
    let content = html! {
        p { (look.text(t!("session-ended-what"))) }
        p { a.button href="/sign-in" target="_blank" { (look.text(t!("session-ended-sign-in"))) } }
        (given_back)
    };
    outside(look, &look.text(t!("session-ended")), &content, StatusCode::UNAUTHORIZED)
}

/// Why a page cannot be answered as asked: in words, with what they name.
pub(crate) struct Refused {
    status: StatusCode,
    key: Key,
    arguments: Vec<(&'static str, String)>,
    /// What failed here, for the log alone.
    fault: Option<ports::Fault>,
}

impl Refused {
    /// Bad input.
    pub(crate) fn bad(key: Key, arguments: Vec<(&'static str, String)>) -> Refused {
        Refused { status: StatusCode::UNPROCESSABLE_ENTITY, key, arguments, fault: None }
    }

    /// A body over its limit.
    pub(crate) fn large() -> Refused {
        Refused {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            key: t!("console-body-large"),
            arguments: Vec::new(),
            fault: None,
        }
    }

    /// So much is being read already that this body must wait.
    pub(crate) fn full(seconds: u64) -> Refused {
        let arguments = vec![("seconds", seconds.to_string())];
        Refused { status: StatusCode::SERVICE_UNAVAILABLE, key: t!("error-body-wait"), arguments, fault: None }
    }

    /// A body that did not come to its end: too slow, or cut off.
    pub(crate) fn slow() -> Refused {
        Refused { status: StatusCode::REQUEST_TIMEOUT, key: t!("error-body-slow"), arguments: Vec::new(), fault: None }
    }

    /// The words.
    pub(crate) fn words(&self, look: &Look) -> String {
        look.fill(self.key, &self.arguments)
    }

    /// The page.
    pub(crate) fn page(&self, look: &Look) -> Response {
        let content = html! {
            p.notice.bad role="alert" { (self.words(look)) }
            @if self.status == StatusCode::CONFLICT { p { (look.text(t!("console-conflict"))) } }
            p { a.button href=(look.path) { (look.text(t!("console-back"))) } }
        };
        self.on(outside(look, &look.text(t!("console-refused")), &content, self.status))
    }

    /// A form drawn again with these words: answered as what it is.
    pub(crate) fn on(&self, mut response: Response) -> Response {
        *response.status_mut() = self.status;
        if let Some((_, seconds)) = self.arguments.iter().find(|(name, _)| *name == "seconds")
            && let Ok(seconds) = HeaderValue::from_str(seconds)
        {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if let Some(fault) = &self.fault {
            response.extensions_mut().insert(fault.clone());
        }
        response
    }
}

/// A page that says why a request is not answered; for whoever listens.
#[must_use]
pub fn refusal(request: &HeaderMap, path: &str, status: StatusCode, key: Key, seconds: u64) -> Response {
    Refused { status, key, arguments: vec![("seconds", seconds.to_string())], fault: None }
        .page(&Look::of(request, path))
}

/// The one table from errors to statuses.
impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        let status = match &error {
            Error::Input { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Refused { .. } => StatusCode::FORBIDDEN,
            Error::Missing(_) => StatusCode::NOT_FOUND,
            Error::Version { .. } => StatusCode::CONFLICT,
            Error::Often { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Fault(fault) if fault.passes() => StatusCode::SERVICE_UNAVAILABLE,
            Error::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        // What the machine said is not for whoever asked.
        if let Error::Fault(fault) = error {
            let passes = fault.passes();
            let key = match &fault {
                ports::Fault::Locked => t!("console-busy"),
                // Somebody works with what is asked for: that can be said.
                ports::Fault::Busy { code } => Key::find(&format!("error-{code}")).unwrap_or(t!("error-fault-passes")),
                _ if passes => t!("error-fault-passes"),
                _ => t!("error-fault"),
            };
            let arguments = passes.then(|| ("seconds", "1".to_owned())).into_iter().collect();
            return Refused { status, key, arguments, fault: Some(fault) };
        }
        let key = Key::find(&format!("error-{}", error.code())).unwrap_or(t!("error-unnamed"));
        let mut arguments = error.arguments();
        arguments.push(("code", error.code().to_owned()));
        Refused { status, key, arguments, fault: None }
    }
}

/// Headers that every answer has.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut put = |name: header::HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(header::HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=()");
    if !asset {
        put(header::CACHE_CONTROL, "no-store");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_that_is_away_may_be_asked_again_and_its_words_stay_in_the_log() {
        let fault = ports::Fault::Away { what: "commit".into(), cause: "terminating connection".into() };
        let look = Look::of(&HeaderMap::new(), "/");
        let refused = Refused::from(Error::Fault(fault.clone()));
        assert!(!refused.words(&look).contains("terminating"));
        let response = refused.page(&look);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(header::RETRY_AFTER).map(HeaderValue::as_bytes), Some(b"1".as_slice()));
        assert_eq!(response.extensions().get(), Some(&fault), "for the log");
    }

    #[test]
    fn who_must_wait_is_told_to_wait() {
        let refused = Refused::from(Error::Fault(ports::Fault::Locked));
        assert_eq!((refused.status, refused.key), (StatusCode::SERVICE_UNAVAILABLE, t!("console-busy")));
    }

    /// As htmx reads it: the first pattern that fits decides; each dot is any digit. That a browser does so is tried by
    /// `interop/console/care.mjs`.
    #[test]
    fn with_script_a_page_that_says_no_is_shown_too() {
        let config: serde_json::Value = serde_json::from_str(HTMX).expect("JSON");
        let rules = config["responseHandling"].as_array().expect("rules");
        for (status, shown) in
            [("200", true), ("204", false), ("401", true), ("422", true), ("429", true), ("503", true)]
        {
            let fits =
                |code: &str| code.len() == 3 && code.chars().zip(status.chars()).all(|(c, s)| c == '.' || c == s);
            let rule = rules.iter().find(|rule| rule["code"].as_str().is_some_and(fits)).expect("a rule");
            assert_eq!(rule["swap"], shown, "{status}");
        }
    }
}
