//! Forms that are drawn again: answered as what they are, with everything that was typed.

use crate::place::{Place, answer, ask, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

/// The application form, sent with these parts: name, file name, what is in it.
fn apply(place: &Place, token: &str, parts: &[(&str, Option<&str>, &str)]) -> (StatusCode, String) {
    let mut body = String::new();
    for (name, file, value) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n");
    }
    let request = Request::builder()
        .method("POST")
        .uri("/applications/new")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .body(Body::from(body + "--edge--\r\n"))
        .unwrap();
    answer(&place.app, request)
}

fn typed(page: &str) {
    assert!(page.contains("name=\"number\" type=\"text\" value=\"001090000001\""), "{page}");
    assert!(page.contains("<option value=\"1000\" selected>"), "{page}");
    assert!(page.contains("<option value=\"bandaged\" selected>"), "{page}");
    assert!(page.contains("Files cannot be: choose them again."), "{page}");
}

#[test]
fn a_form_with_files_loses_nothing_that_was_typed() {
    let place = Place::new("form-files");
    let large = "x".repeat(3 << 20);
    let mut parts = vec![("key", None, "1"), ("number", None, "001090000001"), ("face", Some("face.jpg"), &large)];
    parts.extend([("dpi", None, "1000"), ("missing-3", None, "bandaged")]);
    let (status, page) = apply(&place, "ended", &parts);
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{page}");
    assert!(page.contains("Your session has ended"));
    typed(&page);
    let token = session(&place.book, "enroller");
    // The first finger is neither there nor said to be missing.
    let (status, page) = apply(&place, &token, &parts);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert!(page.contains("Right thumb: an image is needed"), "{page}");
    typed(&page);
}

#[test]
fn a_form_that_is_drawn_again_says_what_it_is() {
    let place = Place::new("form-status");
    let auditor = session(&place.book, "auditor");
    let check = |token: &str, path: &str, form: &str, expected: u16| {
        let (status, page) = ask(&place, token, path, Some(form));
        assert_eq!(status.as_u16(), expected, "{path} with {form}: {page}");
        assert!(page.contains("<form class=\"stack\""), "the form is there: {page}");
    };
    check(&auditor, "/audit", "number=001090000001&purpose=complaint", 404);
    check(&auditor, "/audit", "number=1&purpose=complaint", 422);
    check("", "/sign-in", "officer=nobody&password=a&code=1", 401);
    check("", "/accept", "officer=nobody&one_time=a&password=short", 422);
    check("", "/accept", "officer=nobody&one_time=a&password=long+enough+it+is", 403);
}
