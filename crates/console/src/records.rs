//! What each route records before it answers: the events that a look or a change leaves, or why there are none.
//!
//! Invariant: a route of [`ROUTES`] without a declaration does not compile. That a route records exactly what it declares is
//! tested by asking each as an officer who may (`vandan/tests/server/audit.rs`).

use crate::rights::ROUTES;
use services::audit::Records::{self, Events, Nothing};
use services::audit::{CORRECTED, IMPORTED};

const FORM: Records = Nothing("an empty form");
const LIST: Records = Nothing("ids, states and units, no person");

/// Every route: method, path, what it records when it does what it is for; each kind once, in order.
pub const RECORDS: &[(&str, &str, Records)] = &[
    ("GET", "/", Nothing("counts, no person")),
    ("GET", "/sign-in", FORM),
    ("POST", "/sign-in", Events(&["officer.signed-in"])),
    ("POST", "/sign-in/passkey", Events(&["officer.signed-in"])),
    ("GET", "/account", Nothing("the officer's own account, no person of the register")),
    ("POST", "/account/passkeys", Events(&["passkey.added"])),
    ("POST", "/account/passkeys/{id}/remove", Events(&["passkey.removed"])),
    ("GET", "/accept", FORM),
    ("POST", "/accept", Events(&["officer.accepted"])),
    ("POST", "/sign-out", Events(&["officer.signed-out"])),
    ("POST", "/settings", Nothing("language and theme, kept in the browser")),
    ("GET", "/persons", FORM),
    ("POST", "/persons", Events(&["person.found"])),
    ("GET", "/persons/{id}", Nothing("asks for the purpose")),
    ("POST", "/persons/{id}", Events(&["person.read", "person.found"])),
    ("GET", "/collect", LIST),
    ("POST", "/collect", Events(IMPORTED)),
    ("GET", "/collect/{id}", LIST),
    ("POST", "/collect/{id}/withdraw", Events(&["person.updated", "rows.withdrawn", "import.withdrawn"])),
    ("GET", "/collect/{id}/rows/{file}/{line}", Events(&["row.read"])),
    ("POST", "/collect/{id}/rows/{file}/{line}", Events(CORRECTED)),
    ("GET", "/cases", LIST),
    ("GET", "/cases/{id}", Events(&["case.read"])),
    ("POST", "/cases/{id}", Events(&["case.decided", "person.entered"])),
    ("GET", "/applications", LIST),
    ("GET", "/applications/{id}", Nothing("states and qualities, no person")),
    ("GET", "/applications/new", FORM),
    ("POST", "/applications/new", Events(&["application.received"])),
    ("POST", "/applications/check", Events(&["fingerprints.searched", "case.opened", "command.answered"])),
    ("GET", "/batches", LIST),
    ("POST", "/batches", Events(&["application.batched", "batch.made"])),
    ("GET", "/batches/{id}", Events(&["person.read"])),
    ("POST", "/batches/{id}/approve", Events(&["application.approved", "batch.approved"])),
    (
        "POST",
        "/batches/{id}/personalise",
        Events(&["person.read", "card.begun", "card.personalised", "batch.personalised"]),
    ),
    ("GET", "/cards/{id}", Nothing("a button")),
    ("POST", "/cards/{id}", Events(&["person.read"])),
    ("GET", "/audit", Nothing("the ledger's state, which anybody may see")),
    ("POST", "/audit", Events(&["person.proven"])),
    ("GET", "/audit/events", Nothing("kinds, units, times and officers of events, no person")),
    ("GET", "/officers", Nothing("accounts, no person of the register")),
    ("POST", "/officers", Events(&["officer.made"])),
    ("GET", "/officers/{name}", Nothing("an account, no person of the register")),
    ("POST", "/officers/{name}", Events(&["officer.changed"])),
    ("GET", "/jobs", Nothing("counts, no person")),
    ("GET", "/jobs/{id}", Nothing("counts, no person")),
    ("GET", "/health", Nothing("counts, no person")),
    ("GET", "/follow/{kind}", Nothing("what is followed up, no person of the register")),
    ("POST", "/follow/{kind}", Events(&["difficulty.changed"])),
    ("GET", "/records/{id}", Nothing("what is followed up, no person of the register")),
    ("POST", "/records/{id}", Events(&["difficulty.changed"])),
    ("POST", "/records/{id}/files", Events(&["difficulty.changed"])),
    ("GET", "/records/{id}/files/{file}", Events(&["attachment.read"])),
    ("GET", "/reports", Nothing("titles and units, no person")),
    ("POST", "/reports", Events(&["report.frozen"])),
    ("GET", "/reports/{id}", Nothing("counts, no person")),
    ("POST", "/reports/{id}", Events(&["report.checked"])),
    ("GET", "/reports/{id}/file/{form}", Nothing("counts, no person")),
    ("POST", "/reports/{id}/verify", Nothing("compares a file with counts, no person")),
    ("GET", "/board", Nothing("counts, no person")),
    ("GET", "/board/conference", Nothing("counts, no person")),
    ("GET", "/board/export/{form}", Nothing("counts, no person")),
    ("GET", "/board/rows", Nothing("kinds, units and times of events, no person")),
    ("GET", "/honours", Nothing("counts, no person")),
    ("GET", "/honours/export/{form}", Nothing("counts, no person")),
    ("GET", "/attention", Nothing("counts, no person")),
    ("GET", "/digest", Nothing("counts and what is followed up, no person of the register")),
    ("GET", "/returns", Nothing("aggregate figures and who signed them, no person of the register")),
    ("POST", "/returns", Events(&["returns.signed"])),
    ("POST", "/returns/file", Events(&["returns.signed"])),
    ("GET", "/targets", Nothing("counts and who set them, no person of the register")),
    ("POST", "/targets", Events(&["targets.set"])),
    ("GET", "/board/compare", Nothing("counts, no person")),
    ("GET", "/board/compare/export/{form}", Nothing("counts, no person")),
    ("GET", "/tables/{table}/{form}", Nothing("counts and what is followed up, no person of the register")),
    ("GET", "/parts", Nothing("made-up values")),
    ("GET", "/api", Nothing("the document")),
    ("GET", "/assets/{name}", Nothing("style, script and fonts")),
];

const _: () = {
    let mut at = 0;
    while at < ROUTES.len() {
        let route = &ROUTES[at];
        let (mut line, mut found) = (0, false);
        while line < RECORDS.len() {
            found = found || (same(RECORDS[line].0, route.method) && same(RECORDS[line].1, route.path));
            line += 1;
        }
        assert!(found, "a route of ROUTES does not declare what it records: add a line to RECORDS");
        at += 1;
    }
    assert!(ROUTES.len() == RECORDS.len(), "RECORDS has a line for no route, or two for one");
};

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
