//! The session's cookie, as browsers are told to keep it.

use crate::place::{ORIGIN, Place, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use services::Command;
use services::officer::{self, Officer};
use tower::ServiceExt;

/// Asks a page with a cookie, or sends a form; gives the status and the cookie that is set.
fn ask(place: &Place, path: &str, cookie: &str, form: Option<&str>) -> (StatusCode, String) {
    let request = Request::builder()
        .method(if form.is_some() { "POST" } else { "GET" })
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.unwrap_or_default().to_owned()))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let response = runtime.block_on(place.app.clone().oneshot(request)).unwrap();
    let set = response.headers().get(header::SET_COOKIE).map_or("", |value| value.to_str().unwrap()).to_owned();
    (response.status(), set)
}

/// The cookie of somebody who signs in and out at an origin: as it is set, and as it is taken away.
fn cookies(name: &str, origin: &str) -> (String, String) {
    let place = Place::new(name).at(origin);
    let by = Command::by(&Officer::operator());
    let one_time = officer::create(&place.book, &by, "moi", &["reader".to_owned()], "").unwrap();
    let accepted = officer::accept(&place.book, "moi", &one_time, "a long password").unwrap();
    let code = officer::code_of(&accepted.second_factor, place.book.now()).unwrap();
    let form = format!("officer=moi&password=a+long+password&code={code}");
    let (status, set) = ask(&place, "/sign-in", "", Some(&form));
    assert_eq!(status, StatusCode::SEE_OTHER);
    let own = set.split(';').next().unwrap().to_owned();
    assert_eq!(ask(&place, "/account", &own, None).0, StatusCode::OK);
    (set, ask(&place, "/sign-out", &own, Some("")).1)
}

#[test]
fn over_tls_the_cookie_goes_nowhere_else() {
    let (set, gone) = cookies("cookie-tls", "https://console.example");
    assert!(set.starts_with("__Host-vandan-session=") && set.contains("; Path=/; Secure; HttpOnly; SameSite=Strict"));
    assert_eq!(gone, "__Host-vandan-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    let (set, gone) = cookies("cookie-plain", ORIGIN);
    assert!(set.starts_with("vandan-session=") && !set.contains("Secure"), "a browser would not keep it");
    assert_eq!(gone, "vandan-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

#[test]
fn over_tls_a_cookie_that_another_host_may_set_is_no_session() {
    let place = Place::new("cookie-set").at("https://console.example");
    let token = session(&place.book, "reader");
    assert_eq!(ask(&place, "/account", &format!("vandan-session={token}"), None).0, StatusCode::SEE_OTHER);
    assert_eq!(ask(&place, "/account", &format!("__Host-vandan-session={token}"), None).0, StatusCode::OK);
}
