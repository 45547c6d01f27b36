//! What the server writes down names nobody: a run over pages and operations with planted words, all of it looked through.

use crate::common::{Folder, json, text};
use crate::process::{Server, officer};
use std::collections::BTreeSet;

/// The fields of a line, as `docs/operations.md` documents them.
const FIELDS: [&str; 5] = ["kind", "method", "route", "status", "us"];

#[test]
fn no_planted_word_is_in_log_or_metrics_and_every_line_is_as_documented() {
    let folder = Folder::new("log");
    let data = folder.join("data");
    json(&["init", "--data", text(&data)], 0);
    let planted = ["Quetzalnguyen", "Zwolletran", "001180000777", "077123456", "Zebrapho", "lydo-rieng", "canbo.bimat"];
    let file = folder.join("planted.csv");
    let head = "rec_id,file_province,full_name,birth_date,sex,id9,pin12,res_address,father_name";
    let row = "p1,001,Quetzalnguyen Văn Thử,1/2/1980,Nữ,077123456,001180000777,Zebrapho 7,Zwolletran Văn Cha";
    std::fs::write(&file, format!("{head}\n{row}\n")).unwrap();
    json(&["import", "persons", text(&file), "--data", text(&data)], 0);
    let reader = officer(&data, "canbo.bimat", "reader", "");
    let administrator = officer(&data, "quan.tri", "administrator", "");
    let auditor = officer(&data, "kiem.toan", "auditor", "");
    let server = Server::start(&data, &["--reads-per-minute", "1000"]);
    let mut sent = 0;
    for word in planted {
        server.form(&reader, "/persons", &format!("text={word}&purpose={word}"));
        let body = serde_json::json!({ "text": word, "purpose": word }).to_string();
        server.operation(&reader, "POST", "/persons/search", &body);
        server.operation(&reader, "POST", &format!("/persons/{word}/read"), &body);
        server.operation(&reader, "GET", &format!("/{word}?{word}={word}"), "");
        server.page(&reader, &format!("/persons/{word}"));
        server.page(&reader, &format!("/{word}?q={word}"));
        server.page(&administrator, &format!("/officers/{word}"));
        server.page(word, "/");
        server.form("", "/sign-in", &format!("officer={word}&password={word}&code={word}"));
        server.form("", "/accept", &format!("officer={word}&one_time={word}&password={word}{word}"));
        server.form(&auditor, "/audit", &format!("number={word}&purpose={word}"));
        server.ask(&word.to_uppercase().replace(['.', '-'], ""), "/persons", &[], "");
        server.ask("POST", "/persons", &[("Content-Type", word), ("Referer", word), ("User-Agent", word)], word);
        server.send(&administrator, "/collect", "multipart/form-data; boundary=b", word.as_bytes());
        sent += 14;
    }
    let found = server.operation(&reader, "POST", "/persons/search", r#"{"text":"Quetzalnguyen","purpose":"request"}"#);
    assert!(found.body.contains("Zebrapho"), "the planted person is there and was read: {found:?}");
    let (log, metrics) = (server.log(), server.ask("GET", "/metrics", &[], "").body);
    assert!(log.lines().count() > sent, "{} lines", log.lines().count());
    assert!(metrics.contains("/api/v1/persons/search"));
    for written in [&log, &metrics] {
        let written = written.to_lowercase();
        for word in planted.iter().map(|word| word.to_lowercase()) {
            assert!(!written.contains(&word) && !written.contains(&word.replace(['.', '-'], "")), "{word} was written");
        }
        for token in [&reader, &administrator, &auditor] {
            assert!(!written.contains(token.as_str()), "a session was written");
        }
    }
    let expected: BTreeSet<&str> = FIELDS.into();
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md")).unwrap();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        let fields: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, expected, "{line}");
        assert!(line["kind"] == "request" && line["us"].is_u64(), "{line}");
        assert!((100..600).contains(&line["status"].as_u64().unwrap()), "{line}");
        let route = line["route"].as_str().unwrap();
        let known =
            route == "other" || route.starts_with("/api/v1") || console::ROUTES.iter().any(|one| one.path == route);
        assert!(known, "a route that is none: {line}");
        assert!(["GET", "POST", "DELETE", "other"].contains(&line["method"].as_str().unwrap()), "{line}");
    }
    for field in FIELDS {
        assert!(document.contains(&format!("`{field}`")), "{field} is not documented");
    }
}
