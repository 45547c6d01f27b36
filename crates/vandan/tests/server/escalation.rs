//! A difficulty that was due while no server ran: the server passes it on by itself, once, and so it stays after a kill.

use crate::common::persons::{NOW, book};
use crate::common::{Folder, json, text};
use crate::process::{Server, officer};
use services::Command;
use services::officer::Officer;
use services::programme::{Fields, act};
use std::time::{Duration, Instant};

#[test]
fn a_server_passes_on_what_was_due_while_none_ran() {
    let folder = Folder::new("escalation");
    let (data, sample) = (folder.join("data"), folder.join("sample"));
    json(&["sample", "--persons", "20", "--applicants", "0", "--out", text(&sample)], 0);
    json(&["init", "--data", text(&data)], 0);
    json(&["import", "units", text(&sample.join("units")), "--data", text(&data)], 0);
    // A province that was to answer by a day in 2023; above it lies the nation, and above that nobody.
    let id = {
        let book = book(&data);
        let until = NOW.day().to_string();
        let fields = [
            ("unit", "P001"),
            ("at", "P001"),
            ("title", "t"),
            ("body", "b"),
            ("about", "data"),
            ("severity", "low"),
            ("until", &until),
        ];
        let fields = Fields::new(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        act(&book, &Command::by(&Officer::operator()), None, "raise", &fields).unwrap().head().id
    };
    let token = officer(&data, "inspector", "inspector", "");
    let shown = |server: &Server| -> serde_json::Value {
        let answer = server.operation(&token, "GET", &format!("/records/{id}"), "");
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_str(&answer.body).unwrap()
    };
    let server = Server::start(&data, &[]);
    let begun = Instant::now();
    let passed_on = loop {
        let found = shown(&server);
        if found["record"]["at"] == "" {
            break found;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody looked at the clock: {found}");
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!((&passed_on["summary"]["version"], &passed_on["record"]["passed_on"]), (&2.into(), &["P001"].into()));
    // Killed and begun again: it stays as it is.
    drop(server);
    let server = Server::start(&data, &[]);
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(shown(&server), passed_on);
}
