//! Who may use which page: every route without a session, and every role on every route, against the documented table.

use crate::place::{Place, answer, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use console::{Need, ROUTES, Route};
use services::officer::{self, ROLES};
use std::path::PathBuf;

/// A request for a route; what its path leaves open is filled with ids of nothing.
fn request(route: &Route, token: Option<&str>) -> Request<Body> {
    let path = ["{id}", "{file}", "{line}", "{name}"].iter().zip(["0", "0", "1", "nobody"]).fold(
        route.path.to_owned(),
        |path, (hole, filling)| {
            let filling = if filling == "0" { "01890000-0000-7000-8000-000000000000" } else { filling };
            path.replace(hole, filling)
        },
    );
    let mut request = Request::builder().method(route.method).uri(path);
    if route.method == "POST" {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(token) = token {
        request = request.header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"));
    }
    request.body(Body::empty()).unwrap()
}

#[test]
fn without_a_session_no_page_is_answered() {
    let place = Place::new("unauthorised");
    for route in ROUTES.iter().filter(|route| route.need != Need::Nobody) {
        let (status, said) = answer(&place.app, request(route, None));
        match route.method {
            "GET" => {
                assert_eq!(status, StatusCode::SEE_OTHER, "{route:?}");
                assert!(said.starts_with("/sign-in"), "{route:?}: {said}");
            }
            _ => assert_eq!(status, StatusCode::UNAUTHORIZED, "{route:?}"),
        }
        let (status, _) = answer(&place.app, request(route, Some("forged")));
        assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED), "{route:?}");
    }
    assert_eq!(place.book.view(|view| Ok(view.event_count()?)).unwrap(), 0, "nothing was read or changed");
}

/// Every operation but those of the session itself.
fn operations() -> Vec<(String, String)> {
    let document = api::document();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        all.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    all.retain(|(_, path)| path != "/api/v1/session");
    all
}

/// A request for an operation, with a body as documented.
fn operation(method: &str, path: &str, token: &str) -> Request<Body> {
    let body = match path.rsplit('/').next().unwrap() {
        "search" => r#"{"text":"nguyen","purpose":"a test"}"#,
        "read" => r#"{"purpose":"a test"}"#,
        "proof" => r#"{"number":"001203456789","purpose":"a test"}"#,
        "account" => r#"{"officer":"nobody","one_time_code":"x","password":"mat khau rat dai"}"#,
        "corrections" => r#"{"full_name":"Trần Thị Thử"}"#,
        "officers" => r#"{"name":"","roles":["reader"],"unit":""}"#,
        "targets" => r#"{"unit":"","measure":"entered","deadline":"2099-01-01","count":1}"#,
        "records" => r#"{"act":"raise","fields":{}}"#,
        "steps" => r#"{"hash":"00"}"#,
        "decisions" => r#"{"verdict":"same","reason":"a test"}"#,
        _ => "{}",
    };
    let kind = match path.rsplit('/').next().unwrap() {
        "applications" | "verification" => "application/octet-stream",
        "imports" | "files" => "multipart/form-data; boundary=edge",
        "returns" => "text/csv",
        _ => "application/json",
    };
    let body = if path.ends_with("/imports") || path.ends_with("/files") { FORM } else { body };
    let holes = ["{id}", "{file}", "{name}", "{job}", "{passkey}", "{record}", "{report}", "{form}", "{table}"];
    let filled = holes.iter().fold(path.to_owned(), |path, hole| path.replace(hole, NOBODY));
    let wanted = if (method, path) == ("GET", "/api/v1/records") { "?kind=difficulty" } else { "" };
    Request::builder()
        .method(method)
        .uri(format!("{filled}{wanted}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap()
}

/// A form with a file of one column that says nothing.
const FORM: &str =
    "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.csv\"\r\n\r\nx\r\n--edge--\r\n";

/// An id that nothing has.
const NOBODY: &str = "01890000-0000-7000-8000-000000000000";
const REFUSED: &str = "Your role does not allow this page";

#[test]
fn each_role_may_use_exactly_the_documented_pages() {
    let place = Place::new("roles");
    let mut lines = vec![
        "# Who may use which page".to_owned(),
        String::new(),
        "Made by `WRITE=1 cargo test -p vandan --test edges`; the test refuses a program that differs. The services ask".to_owned(),
        "again, with the officer's unit: [how far each role reaches](reach.md).".to_owned(),
        String::new(),
    ];
    let roles: Vec<&str> = ROLES.iter().map(|(role, _)| *role).filter(|role| *role != "operator").collect();
    lines.push(format!("| page | {} |", roles.join(" | ")));
    lines.push(format!("| --- |{}", " --- |".repeat(roles.len())));
    let sessions: Vec<String> = roles.iter().map(|role| session(&place.book, role)).collect();
    for route in ROUTES.iter().filter(|route| route.path != "/sign-out") {
        let mut cells = Vec::new();
        for (role, token) in roles.iter().zip(&sessions) {
            let (status, said) = answer(&place.app, request(route, Some(token)));
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{route:?}");
            assert!(!said.contains("There is no such page"), "{route:?} is in the table and not in the router");
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{route:?} as {role}: {said}");
            let allowed = !(status == StatusCode::FORBIDDEN && said.contains(REFUSED));
            cells.push(if allowed { "yes" } else { "" });
        }
        lines.push(format!("| {} {} | {} |", route.method, route.path, cells.join(" | ")));
    }
    lines.extend([String::new(), format!("| operation | {} |", roles.join(" | "))]);
    lines.push(format!("| --- |{}", " --- |".repeat(roles.len())));
    for (method, path) in operations() {
        let mut cells = Vec::new();
        for (role, token) in roles.iter().zip(&sessions) {
            let (status, said) = answer(&place.app, operation(&method, &path, token));
            assert!(!status.is_server_error(), "{method} {path} as {role}: {said}");
            let code = serde_json::from_str::<serde_json::Value>(&said).unwrap_or_default()["code"].clone();
            assert_ne!(code, "body-malformed", "{method} {path}: the test sends another body than documented");
            let refused = code == "role-missing" || code == "session-needed";
            cells.push(if refused { "" } else { "yes" });
        }
        lines.push(format!("| {method} {path} | {} |", cells.join(" | ")));
    }
    let found = lines.join("\n") + "\n";
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/rights.md");
    if std::env::var_os("WRITE").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let documented = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(documented == found, "docs/rights.md differs; look whether that is meant, then write it anew");
}

#[test]
fn a_form_from_another_site_changes_nothing() {
    let place = Place::new("origin");
    let token = session(&place.book, "administrator");
    let before = place.book.view(|view| Ok(view.event_count()?)).unwrap();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let request = Request::builder()
            .method("POST")
            .uri("/officers")
            .header("host", "127.0.0.1:8080")
            .header(name, value)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("vandan-session={token}"))
            .body(Body::from("key=1&name=intruder&role-administrator=1"))
            .unwrap();
        assert_eq!(answer(&place.app, request).0, StatusCode::FORBIDDEN);
    }
    assert_eq!(place.book.view(|view| Ok(view.event_count()?)).unwrap(), before);
}

#[test]
fn what_was_typed_comes_back_when_the_session_has_ended() {
    let place = Place::new("ended");
    let request = Request::builder()
        .method("POST")
        .uri("/officers")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, "vandan-session=ended; vandan-language=en")
        .body(Body::from("key=1&name=tr%E1%BA%A7n.b%22%3E&role-reader=1"))
        .unwrap();
    let (status, said) = answer(&place.app, request);
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(said.contains("name=\"name\" value=\"trần.b&quot;&gt;\""), "{said}");
    assert!(said.contains("name=\"role-reader\" value=\"1\""));
}

#[test]
fn the_same_form_twice_makes_one_account() {
    let place = Place::new("double");
    let token = session(&place.book, "administrator");
    let send = || {
        let request = Request::builder()
            .method("POST")
            .uri("/officers")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
            .body(Body::from("key=abc&name=moi&role-reader=1&unit="))
            .unwrap();
        answer(&place.app, request)
    };
    let (first, second) = (send(), send());
    assert_eq!(first.0, StatusCode::OK, "{}", first.1);
    assert_eq!(second.0, StatusCode::OK);
    let code = |page: &str| page.split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned();
    assert_eq!(code(&first.1), code(&second.1), "the same answer");
    assert_eq!(
        officer::list(&place.book, "", None, 1_000)
            .unwrap()
            .items
            .iter()
            .filter(|one| one.officer.name == "moi")
            .count(),
        1
    );
}
