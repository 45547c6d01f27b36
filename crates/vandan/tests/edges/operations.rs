//! Every operation of `/api/v1`: refused without a session, answered as documented whatever is sent, and every read of a
//! person recorded.

use crate::place::{Place, answer, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;
use services::officer::ROLES;
use std::path::PathBuf;

struct Operation {
    method: String,
    path: String,
    secured: bool,
    statuses: Vec<u16>,
}

fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys().map(|status| status.parse().unwrap());
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                secured: operation["security"].is_array(),
                statuses: statuses.collect(),
            });
        }
    }
    assert!(all.len() >= 15, "the document lists {} operations", all.len());
    all
}

fn request(operation: &Operation, token: Option<&str>, id: &str, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(operation.method.as_str())
        .uri(operation.path.replace("{id}", id))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

#[test]
fn without_a_session_no_operation_is_carried_out() {
    let place = Place::new("api-unauthorised");
    let mut secured = 0;
    for operation in operations().iter().filter(|operation| operation.secured) {
        for token in [None, Some("forged"), Some("")] {
            let (status, said) = answer(&place.app, request(operation, token, "0", "{}"));
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{} {}", operation.method, operation.path);
            let problem: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(problem["code"], "session-ended");
        }
        secured += 1;
    }
    assert_eq!(secured, operations().len() - 2, "all but signing in and taking up an account need a session");
    assert_eq!(place.book.view(|view| Ok(view.event_count()?)).unwrap(), 0, "nothing was read or changed");
}

#[test]
fn whatever_is_sent_the_answer_is_a_documented_one() {
    let place = Place::new("api-documented");
    let bodies = [
        "",
        "{",
        "[]",
        "{}",
        "{\"text\":\"nguyen\",\"purpose\":\"a test\"}",
        "{\"text\":\"\",\"purpose\":\"\"}",
        "{\"text\":\"x\",\"purpose\":\"p\",\"after\":\"no id\"}",
        "{\"purpose\":\"a test\"}",
        "{\"verdict\":\"same\",\"reason\":\"r\",\"version\":9}",
        "{\"verdict\":\"perhaps\",\"reason\":\"\"}",
        "{\"version\":-1}",
        "[null, null]",
        "[\"same\", \"r\"]",
        "{\"officer\":\"nobody\",\"password\":\"wrong\",\"code\":\"000000\"}",
    ];
    let ids = ["0", "01890000-0000-7000-8000-000000000000", "%00", "..%2f..%2fetc"];
    let mut asked = 0;
    for (role, _) in ROLES.iter().filter(|(role, _)| *role != "operator") {
        let token = session(&place.book, role);
        for operation in operations().iter().filter(|operation| operation.method != "DELETE") {
            let ids = if operation.path.contains("{id}") { &ids[..] } else { &ids[..1] };
            for id in ids {
                for body in bodies {
                    let (status, said) = answer(&place.app, request(operation, Some(&token), id, body));
                    let place =
                        format!("{} {} as {role} with {body}: {status} {said}", operation.method, operation.path);
                    assert!(operation.statuses.contains(&status.as_u16()), "{place}");
                    assert!(!status.is_server_error(), "{place}");
                    if !status.is_success() {
                        let problem: Value = serde_json::from_str(&said).unwrap();
                        assert_eq!(problem["status"], status.as_u16(), "{place}");
                        assert!(problem["code"].as_str().is_some_and(|code| !code.is_empty()), "{place}");
                    }
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 1_000);
}

#[test]
fn the_document_is_the_one_that_was_looked_at() {
    let found = serde_json::to_string_pretty(&api::document()).unwrap() + "\n";
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("WRITE").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == found, "docs/openapi.json differs; look whether that is meant, then write it anew with WRITE=1");
}

#[test]
fn the_feed_goes_on_where_it_was_left() {
    let place = Place::new("api-feed");
    let token = session(&place.book, "auditor");
    let count = place.book.view(|view| Ok(view.event_count()?)).unwrap();
    let (mut from, mut numbers) = (0, Vec::new());
    loop {
        let request = Request::builder()
            .uri(format!("/api/v1/events?from={from}&limit=2"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let (status, said) = answer(&place.app, request);
        assert_eq!(status, StatusCode::OK, "{said}");
        let feed: Value = serde_json::from_str(&said).unwrap();
        let events = feed["events"].as_array().unwrap();
        if events.is_empty() {
            break;
        }
        numbers.extend(events.iter().map(|event| event["number"].as_u64().unwrap()));
        from = feed["next"].as_u64().unwrap();
    }
    assert_eq!(numbers, (0..count).collect::<Vec<_>>());
}
