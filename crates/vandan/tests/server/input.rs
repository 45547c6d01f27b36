//! Bad input: what is sent too large, and names that no name is.

use crate::common::{Folder, installation, json, text};
use crate::process::{Server, answer, empty, officer};
use std::io::Write;

const MIB: usize = 1 << 20;

/// Sends so many MiB of a file to be imported; gives the answer, or status 0 where none came.
fn upload(server: &Server, token: &str, length: Option<u64>, mib: usize) -> crate::process::Answer {
    let mut stream = server.connect();
    let size = length.map_or("Transfer-Encoding: chunked".to_owned(), |length| format!("Content-Length: {length}"));
    let head = format!(
        "POST /collect HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: vandan-session={token}; vandan-language=en\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n{size}\r\n\r\n",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let opening = b"--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"large.csv\"\r\n\r\n";
    let (zeros, chunked) = (vec![b'0'; MIB], length.is_none());
    let mut send = |bytes: &[u8]| -> std::io::Result<()> {
        if chunked {
            write!(stream, "{:x}\r\n", bytes.len())
                .and_then(|()| stream.write_all(bytes))
                .and_then(|()| stream.write_all(b"\r\n"))
        } else {
            stream.write_all(bytes)
        }
    };
    let pieces = [opening.as_slice()].into_iter().chain((0..mib).map(|_| zeros.as_slice()));
    // A server that has refused may listen no more; what it said counts.
    let _ = pieces.map(&mut send).find(Result::is_err);
    answer(&mut stream)
}

#[test]
fn a_file_of_two_gigabytes_is_refused_before_it_is_kept() {
    let folder = Folder::new("large");
    let data = empty(&folder);
    let token = officer(&data, "thu.thap", "collector", "");
    let server = Server::start(&data, &[]);
    assert_eq!(server.page(&token, "/collect").status, 200);
    let before = server.memory_max_mib();
    let refused = upload(&server, &token, Some(2 << 30), 2_048);
    let grown = server.memory_max_mib() - before;
    assert_eq!(refused.status, 413, "{refused:?}");
    assert!(refused.body.contains("Too much was sent at once"), "{refused:?}");
    println!("2 GiB sent, the server grew by {grown} MiB");
    assert!(grown < 32, "{grown} MiB");
}

/// A letter under five hundred marks: no name, and no reason to fall over.
fn marked() -> String {
    format!("Nguy{}n", "\u{301}".repeat(500))
}

#[test]
fn a_name_under_five_hundred_marks_has_a_defined_answer_everywhere() {
    let folder = Folder::new("marks");
    let data = installation(&folder, 30, 11);
    let file = folder.join("marks.csv");
    let name = marked();
    std::fs::write(&file, format!("rec_id,file_province,full_name,birth_date,sex\nm1,001,{name},1/2/1980,Nam\n"))
        .unwrap();
    let report = json(&["import", "persons", text(&file), "--data", text(&data)], 0);
    assert_eq!(report["staged"], 1, "the row is kept as it was sent: {report}");
    let reader = officer(&data, "doc", "reader", "");
    let administrator = officer(&data, "quan.tri", "administrator", "");
    let adjudicator = officer(&data, "tham.dinh", "adjudicator", "");
    let server = Server::start(&data, &[]);
    let coded: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let check = |answer: &crate::process::Answer, allowed: &[u16]| {
        assert!(
            allowed.contains(&answer.status),
            "{} {}",
            answer.status,
            answer.body.chars().take(400).collect::<String>()
        );
    };
    check(&server.form(&reader, "/persons", &format!("text={coded}&purpose=request")), &[200, 422]);
    let sent = serde_json::json!({ "text": name, "purpose": name }).to_string();
    let found = server.operation(&reader, "POST", "/persons/search", &sent);
    assert_eq!((found.status, found.code().as_str()), (422, "purpose-long"), "a purpose is a line");
    let sent = serde_json::json!({ "text": name, "purpose": "request" }).to_string();
    check(&server.operation(&reader, "POST", "/persons/search", &sent), &[200, 422]);
    check(&server.form(&administrator, "/officers", &format!("key=k&name={coded}&role-reader=1&unit=")), &[422]);
    check(&server.form(&administrator, "/officers", &format!("key=k&name=moi&role-reader=1&unit={coded}")), &[404]);
    let id = "01890000-0000-7000-8000-000000000000";
    let sent = serde_json::json!({ "verdict": "same", "reason": name }).to_string();
    check(&server.operation(&adjudicator, "POST", &format!("/cases/{id}/decisions"), &sent), &[404]);
    check(&server.page(&reader, &format!("/persons/{coded}")), &[200, 404]);
    check(&server.operation(&reader, "POST", &format!("/persons/{coded}/read"), r#"{"purpose":"request"}"#), &[404]);
}

#[test]
fn of_two_officers_on_one_case_the_second_is_told_that_it_has_changed() {
    let folder = Folder::new("two");
    let data = folder.join("demo");
    json(&["demo", "--once", "--data", text(&data), "--persons", "300", "--applications", "0", "--cards", "0"], 0);
    let data = data.join("register");
    let (one, other) = (officer(&data, "mot", "adjudicator", ""), officer(&data, "hai", "adjudicator", ""));
    let server = Server::start(&data, &[]);
    let list: serde_json::Value = serde_json::from_str(&server.operation(&one, "GET", "/cases", "").body).unwrap();
    let case = list["items"].as_array().unwrap().iter().find(|case| case["kind"] == "linkage").unwrap();
    let place = format!("/cases/{}/decisions", case["id"].as_str().unwrap());
    let sent =
        serde_json::json!({ "verdict": "different", "reason": "a test", "version": case["version"] }).to_string();
    let decide = |token: &str, key: &str| {
        let bearer = format!("Bearer {token}");
        let headers =
            [("Content-Type", "application/json"), ("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        server.ask("POST", &format!("/api/v1{place}"), &headers, &sent)
    };
    let first = decide(&one, "a");
    assert_eq!(first.status, 200, "{first:?}");
    let again = decide(&one, "a");
    assert_eq!((again.status, &again.body), (200, &first.body), "sent twice, carried out once");
    let late = decide(&other, "b");
    assert_eq!((late.status, late.code().as_str()), (409, "version-changed"));
    let said: serde_json::Value = serde_json::from_str(&late.body).unwrap();
    assert_eq!(said["details"]["expected"], case["version"].to_string());
    let reused = {
        let other = sent.replace("different", "same");
        let bearer = format!("Bearer {one}");
        let headers =
            [("Content-Type", "application/json"), ("Authorization", bearer.as_str()), ("Idempotency-Key", "a")];
        server.ask("POST", &format!("/api/v1{place}"), &headers, &other)
    };
    assert_eq!((reused.status, reused.code().as_str()), (403, "key-reused"), "one key, one command");
}
