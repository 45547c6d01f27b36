//! Reports and exports by their pages: three officers, one frozen report; a copy is it, or is not.

use crate::place::{Place, answer, ask, kinds, session, session_as, two_provinces};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use services::officer;
use services::{Command, officer::Officer};

fn verify(place: &Place, token: &str, path: &str, copy: &[u8]) -> String {
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"copy\"; filename=\"r.json\"\r\n\r\n".to_vec();
    body.extend(copy);
    body.extend(b"\r\n--edge--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri(format!("{path}/verify"))
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, body.len());
    answer(&place.app, request.body(Body::from(body)).unwrap()).1
}

#[test]
fn three_officers_make_a_report_and_a_changed_copy_is_refused() {
    let place = Place::new("reports");
    two_provinces(&place);
    let [first, second, third] =
        ["inspector.1", "inspector.2", "inspector.3"].map(|name| session_as(&place.book, name, "inspector"));
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some("P001")).unwrap();
    let (status, path) = ask(&place, &first, "/reports", Some("key=r1&title=&unit=&as_of=&place="));
    assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    let again = ask(&place, &first, "/reports", Some("key=r1&title=&unit=&as_of=&place="));
    assert_eq!(again.1, path, "the same form twice is one report");
    let (_, page) = ask(&place, &second, &path, None);
    let hash = page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(hash.len(), 64, "{page}");
    let step = |token: &str, hash: &str, key: &str| ask(&place, token, &path, Some(&format!("key={key}&hash={hash}")));
    let (_, said) = step(&first, &hash, "r2");
    assert!(said.contains("another officer is needed"), "{said}");
    let (_, said) = step(&second, &"0".repeat(64), "r3");
    assert!(said.contains("another report"), "{said}");
    assert_eq!(step(&second, &hash, "r4").0, StatusCode::SEE_OTHER);
    let (_, said) = step(&second, &hash, "r5");
    assert!(said.contains("another officer is needed"), "{said}");
    assert_eq!(step(&third, &hash, "r6").0, StatusCode::SEE_OTHER);
    let (_, said) = step(&third, &hash, "r7");
    assert!(said.contains("was signed"), "{said}");
    let made: Vec<String> = kinds(&place).into_iter().filter(|kind| kind.starts_with("report.")).collect();
    assert_eq!(made, ["report.frozen", "report.checked", "report.signed"]);

    let (status, frozen) = ask(&place, &second, &format!("{path}/file/json"), None);
    assert_eq!(status, StatusCode::OK);
    assert!(verify(&place, &first, &path, frozen.as_bytes()).contains("It is this report"));
    let changed = frozen.replacen("\"value\":2", "\"value\":3", 1);
    assert_ne!(changed, frozen);
    assert!(verify(&place, &first, &path, changed.as_bytes()).contains("It is not this report"));
    // The nation's is not a province's to see, and a director freezes none.
    assert_eq!(ask(&place, &director, &path, None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, &format!("{path}/file/json"), None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, "/reports", Some("key=r8&title=&unit=&as_of=&place=")).0, StatusCode::FORBIDDEN);
    // What comes later changes nothing of what was frozen.
    crate::place::take_in(&place, "9,001,DC01,Trần Thị Thử,1/2/1980,Nữ,001,,,,\n");
    assert_eq!(ask(&place, &second, &format!("{path}/file/json"), None).1, frozen);
}

#[test]
fn a_board_is_exported_in_every_form_and_only_below_the_own_unit() {
    let place = Place::new("exports");
    two_provinces(&place);
    let inspector = session(&place.book, "inspector");
    let csv = ask(&place, &inspector, "/board/export/csv?measure=entered", None).1;
    assert!(csv.starts_with('\u{feff}') && csv.contains("\n\"P001\",\"Hà Nội\",\"entered\""), "{csv}");
    let json = ask(&place, &inspector, "/board/export/json?measure=entered", None).1;
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(rows.to_string().contains("\"P004\""), "{rows}");
    assert_eq!(ask(&place, &inspector, "/board/export/xlsx", None).0, StatusCode::OK);
    assert_eq!(ask(&place, &inspector, "/board/export/exe", None).0, StatusCode::NOT_FOUND);
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some("P001")).unwrap();
    let own = ask(&place, &director, "/board/export/csv?measure=entered", None).1;
    assert!(own.contains("P001") && !own.contains("P004") && !own.contains("Cao Bằng"), "{own}");
    for path in ["/board?unit=P004", "/board/export/csv?unit=P004", "/board/rows?unit=P004&measure=entered"] {
        assert_eq!(ask(&place, &director, path, None).0, StatusCode::NOT_FOUND, "{path}");
    }
    // Each number opens exactly its rows.
    let rows = ask(&place, &director, "/board/rows?unit=P001&measure=entered", None).1;
    assert_eq!(rows.matches("Entered").count(), 1, "{rows}");
}
