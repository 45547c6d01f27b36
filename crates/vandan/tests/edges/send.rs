//! Files sent to the API: what is no form of files is refused before anything is kept, and one sending is one job.

use crate::place::{Place, answer, call, kinds, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;

const HEAD: &str = "rec_id,file_province,full_name,birth_date,sex\n";

fn part(name: &str, text: &str) -> String {
    format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.csv\"\r\n\r\n{text}\r\n")
}

fn send(place: &Place, token: &str, kind: &str, key: &str, body: &str, length: Option<&str>) -> (StatusCode, Value) {
    let mut request = Request::builder()
        .method("POST")
        .uri("/api/v1/imports")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("Idempotency-Key", key)
        .header(header::CONTENT_TYPE, kind);
    if let Some(length) = length {
        request = request.header(header::CONTENT_LENGTH, length);
    }
    let (status, said) = answer(&place.app, request.body(Body::from(body.to_owned())).unwrap());
    (status, serde_json::from_str(&said).unwrap_or(Value::String(said)))
}

const FORM: &str = "multipart/form-data; boundary=edge";

#[test]
fn what_is_no_form_of_files_is_refused_and_nothing_is_kept() {
    let place = Place::new("send-refused");
    let token = session(&place.book, "collector");
    let before = kinds(&place).len();
    let empty = format!("{}--edge--\r\n", part("files", ""));
    let other = format!("{}{}--edge--\r\n", part("files", HEAD), part("more", HEAD));
    let cut = part("files", HEAD);
    let text = format!("{}--edge--\r\n", part("files", HEAD).replace("; filename=\"a.csv\"", ""));
    let large = (256_u64 << 20) + 1;
    for (kind, body, length, status, code) in [
        ("application/json", "{}", None, 415, "body-type"),
        ("multipart/form-data", "{}", None, 415, "body-type"),
        (FORM, "--edge--\r\n", None, 422, "import-none"),
        (FORM, &empty, None, 422, "form-malformed"),
        (FORM, &other, None, 422, "form-malformed"),
        (FORM, &cut, None, 422, "form-malformed"),
        (FORM, &text, None, 422, "form-malformed"),
        (FORM, "not a form", None, 422, "form-malformed"),
        (FORM, &empty, Some(large.to_string().as_str()), 413, "body-large"),
    ] {
        let (found, said) = send(&place, &token, kind, "k", body, length);
        assert_eq!((found.as_u16(), &said["code"]), (status, &Value::from(code)), "{kind}: {body}: {said}");
    }
    // Whoever may not send is told so before anything is read.
    let (status, said) = send(&place, &session(&place.book, "auditor"), FORM, "k", &cut, None);
    assert_eq!((status, &said["code"]), (StatusCode::FORBIDDEN, &Value::from("role-missing")));
    let imports = kinds(&place).into_iter().skip(before).filter(|kind| kind.starts_with("import")).count();
    assert_eq!(imports, 0);
    assert_eq!(call(&place, &token, "GET", "/api/v1/jobs", "").1, r#"{"items":[]}"#);
}

#[test]
fn the_same_files_under_the_same_key_are_one_job_and_its_failure_is_a_problem() {
    let place = Place::new("send-once");
    let token = session(&place.book, "collector");
    let whole = format!("{}--edge--\r\n", part("files", &format!("{HEAD}1,001,Trần Thị Thử,1/2/1980,Nữ\n")));
    let bad = format!("{}--edge--\r\n", part("files", "rec_id\n\"1\n"));
    let jobs: Vec<String> = [("a", &whole), ("a", &whole), ("b", &whole), ("c", &bad)]
        .into_iter()
        .map(|(key, body)| {
            let (status, said) = send(&place, &token, FORM, key, body, None);
            // The answer's place is what the test's `answer` gives where there is one.
            assert_eq!(status, StatusCode::ACCEPTED, "{said}");
            said.as_str().unwrap().to_owned()
        })
        .collect();
    assert!(jobs[0] == jobs[1] && jobs[1] != jobs[2] && jobs[2] != jobs[3], "{jobs:?}");
    let ended = |job: &str| {
        (0..600)
            .find_map(|_| {
                std::thread::sleep(std::time::Duration::from_millis(20));
                let one: Value = serde_json::from_str(&call(&place, &token, "GET", job, "").1).unwrap();
                (one["state"] != "running").then_some(one)
            })
            .unwrap()
    };
    assert_eq!(ended(&jobs[0])["figures"]["persons"], 1);
    assert_eq!(ended(&jobs[2])["figures"]["persons"], 0);
    let failed = ended(&jobs[3]);
    assert_eq!(failed["state"], "failed");
    assert!(failed["problem"]["code"].is_string() && !failed.to_string().contains("Trần"), "{failed}");
    // Nobody else hears of it.
    let other = session(&place.book, "enroller");
    assert_eq!(call(&place, &other, "GET", &jobs[0], "").0, StatusCode::NOT_FOUND);
}
