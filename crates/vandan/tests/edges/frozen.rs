//! What a frozen report tells, and what it rests on.

use crate::place::{Place, ask, session, session_as, two_provinces};
use axum::http::StatusCode;
use serde_json::Value;
use services::programme::{Fields, act};
use services::{Command, officer::Officer};
use time::{Day, Instant};

fn fields(all: &[(&str, &str)]) -> Fields {
    Fields::new(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// What is followed up, by the operator of the machine.
fn made(place: &Place, name: &str, all: &[(&str, &str)]) -> ids::Uuid {
    act(&place.book, &Command::by(&Officer::operator()), None, name, &fields(all)).unwrap().head().id
}

fn on(place: &Place, day: &str) {
    place.clock.set(Instant(Day::parse(day).unwrap().start().0 + 3_600_000_000));
}

fn sign(place: &Place, rows: &str) {
    let sheet = format!("unit,day,measure,count,signer\n{rows}");
    let by = Command::by(&Officer::operator());
    services::programme::sign(&place.book, &by, "returns.csv", sheet.as_bytes()).unwrap();
}

/// Freezes a report as the form does: its address and what was frozen.
fn frozen(place: &Place, token: &str, key: &str, asked: &str) -> (String, Value) {
    let (status, path) = ask(place, token, "/reports", Some(&format!("key={key}&{asked}")));
    assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    let text = ask(place, token, &format!("{path}/file/json"), None).1;
    (path, serde_json::from_str(&text).unwrap())
}

fn raised(place: &Place, unit: &str, title: &str) {
    let until = "2030-04-20";
    let about = [("about", "network"), ("severity", "high"), ("at", ""), ("until", until)];
    made(place, "raise", &[&[("unit", unit), ("title", title), ("body", "b")], &about[..]].concat());
}

fn act_of_law(place: &Place, unit: &str, number: &str) {
    let said = [("article", "38"), ("change", "bỏ sổ hộ khẩu"), ("why", "dữ liệu"), ("stages", "2030-06-01 Soạn thảo")];
    let named = [("unit", unit), ("title", number), ("document", "law"), ("number", number)];
    made(place, "plan-amendment", &[&named[..], &said].concat());
}

#[test]
fn a_units_report_tells_nothing_of_other_units() {
    let place = Place::new("own-affairs");
    on(&place, "2030-03-20");
    two_provinces(&place);
    raised(&place, "00001", "Mất mạng tại Phúc Xá");
    raised(&place, "01273", "Thiếu máy tại Sông Hiến");
    act_of_law(&place, "", "68/2020/QH14");
    act_of_law(&place, "P004", "12/2030/CB");
    let milestone = |unit, title| {
        made(&place, "plan-milestone", &[("unit", unit), ("title", title), ("project", "card"), ("day", "2030-07-01")])
    };
    let inspector = session_as(&place.book, "inspector.1", "inspector");
    milestone("P001", "Mốc của Hà Nội");
    milestone("P004", "Mốc của Cao Bằng");
    let route = [
        ("unit", ""),
        ("title", "Đoàn 1"),
        ("body", "b"),
        ("members", "inspector.1"),
        ("route", "P001 2030-03-20\nP004 2030-03-20"),
    ];
    let delegation = made(&place, "plan-delegation", &route);
    let by = Command::by(&Officer::operator());
    act(&place.book, &by, Some(delegation), "set-out", &fields(&[])).unwrap();
    for (unit, body) in [("P001", "Thêm hai tổ"), ("P004", "Thêm ba máy")] {
        let visited = [("unit", unit), ("day", "2030-03-20")];
        act(&place.book, &by, Some(delegation), "visit", &fields(&visited)).unwrap();
        let promised = [("unit", unit), ("body", body), ("until", "2030-05-01")];
        act(&place.book, &by, Some(delegation), "promise", &fields(&promised)).unwrap();
    }
    let (_, own) = frozen(&place, &inspector, "r1", "kind=&title=&unit=P001&as_of=&place=");
    let text = own.to_string();
    for other in ["Sông Hiến", "Thêm ba máy", "12/2030/CB", "Cao Bằng", "68/2020/QH14"] {
        assert!(!text.contains(other), "{other} in {text}");
    }
    for expected in ["Mất mạng tại Phúc Xá", "Thêm hai tổ", "Mốc của Hà Nội"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let (_, nation) = frozen(&place, &inspector, "r2", "kind=&title=&unit=&as_of=&place=");
    let text = nation.to_string();
    for expected in ["Mất mạng tại Phúc Xá", "Thiếu máy tại Sông Hiến", "Thêm ba máy", "68/2020/QH14", "12/2030/CB"]
    {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

/// Two provinces of 1,000 people each, of which the first has 900 and the other 100.
fn signed_until(place: &Place, day: &str) {
    on(place, day);
    two_provinces(place);
    let all = [
        ("P001", "population", 1_000),
        ("P004", "population", 1_000),
        ("P001", "entered", 900),
        ("P004", "entered", 100),
    ];
    sign(place, &all.map(|(unit, measure, count)| format!("{unit},{day},{measure},{count},a\n")).concat());
}

#[test]
fn a_report_of_an_earlier_time_honours_by_what_was_known_then() {
    let place = Place::new("honoured-then");
    signed_until(&place, "2030-03-10");
    raised(&place, "00001", "Mất mạng");
    let inspector = session(&place.book, "inspector");
    let asked = "kind=&title=&unit=&place=&as_of=";
    let (_, before) = frozen(&place, &inspector, "r1", asked);
    assert_eq!(before["honours"][0]["unit"], "Hà Nội", "{}", before["honours"]);
    assert_eq!(before["notes"], Value::Array(Vec::new()));
    // Ten days later it turns out that the other was ahead then.
    on(&place, "2030-03-20");
    sign(&place, "P001,2030-03-09,entered,10,a\nP001,2030-03-10,entered,20,a\nP004,2030-03-10,entered,990,a\n");
    let inspector = session_as(&place.book, "inspector.2", "inspector");
    let then = format!("{asked}2030-03-10T17:00:00%2B07:00");
    let (_, again) = frozen(&place, &inspector, "r2", &then);
    assert_eq!(again["tables"], before["tables"]);
    assert_eq!(again["honours"], before["honours"]);
    let note = again["notes"][0].as_str().unwrap();
    assert!(note.contains("day of freezing, 20/03/2030."), "{note}");
    let (_, now) = frozen(&place, &inspector, "r3", asked);
    assert_eq!(now["honours"][0]["unit"], "Cao Bằng", "{}", now["honours"]);
}

#[test]
fn the_average_that_is_frozen_is_that_of_the_units_and_not_what_the_unit_above_signed() {
    let place = Place::new("average");
    signed_until(&place, "2030-03-10");
    sign(&place, ",2030-03-10,population,2000,a\n,2030-03-10,entered,1900,a\n");
    let inspector = session(&place.book, "inspector");
    let (_, report) = frozen(&place, &inspector, "r1", "kind=&title=&unit=&as_of=&place=");
    let table = report["tables"].as_array().unwrap().iter().find(|table| table["measure"] == "entered").unwrap();
    assert_eq!((&table["total"]["percent"], &table["average"]), (&9_500.into(), &5_000.into()), "{table}");
    let above: Vec<&Value> = table["rows"].as_array().unwrap().iter().map(|row| &row["above_average"]).collect();
    assert_eq!(above, [&Value::Bool(true), &Value::Bool(false)]);
}

#[test]
fn a_units_letterhead_is_its_own() {
    let place = Place::new("letterhead");
    signed_until(&place, "2030-03-10");
    act_of_law(&place, "P001", "12/2030/HN");
    let inspector = session(&place.book, "inspector");
    let head = |key: &str, unit: &str, at: &str| {
        let (_, report) = frozen(&place, &inspector, key, &format!("kind=&title=&unit={unit}&as_of=&place={at}"));
        let said = |name: &str| report["letterhead"][name].as_str().unwrap().to_owned();
        let addressees = report["letterhead"]["addressees"].to_string();
        ([said("superior"), said("authority"), said("sign"), said("place")], addressees, report)
    };
    let (province, to, report) = head("r1", "P001", "");
    assert_eq!(province, ["MINISTRY OF PUBLIC SECURITY", "POLICE OF Hà Nội", "BC-CAT", "Hà Nội"]);
    assert_eq!(to, "[\"The Ministry of Public Security\"]");
    // Who has an act of law in hand is named, and people are no result.
    assert_eq!(report["roadmap"][0]["owner"], "Hà Nội");
    let measures: Vec<&str> =
        report["tables"].as_array().unwrap().iter().map(|one| one["measure"].as_str().unwrap()).collect();
    assert!(measures.contains(&"entered") && !measures.contains(&"population"), "{measures:?}");
    let district = report["tables"][0]["rows"][0]["unit"].as_str().unwrap().to_owned();
    let (district, to, _) = head("r2", &district, "");
    assert_eq!(district, ["POLICE OF Hà Nội", "POLICE OF Ba Đình", "BC-CAH", "Ba Đình"]);
    assert_eq!(to, "[\"The police of Hà Nội\"]");
    let (commune, ..) = head("r3", "00001", "Hue");
    assert_eq!(commune, ["POLICE OF Ba Đình", "POLICE OF Phúc Xá", "BC-CAX", "Hue"]);
    assert_eq!(head("r4", "P004", "").0[3], "Cao Bằng");
}

#[test]
fn the_root_that_is_cited_covers_every_event_that_the_figures_rest_on() {
    let place = Place::new("covered");
    signed_until(&place, "2030-03-10");
    let inspector = session(&place.book, "inspector");
    let mut sizes = Vec::new();
    for key in ["r1", "r2"] {
        let events = crate::place::kinds(&place).len() as u64;
        let (_, report) = frozen(&place, &inspector, key, "kind=&title=&unit=&as_of=&place=");
        let (size, root) = (report["ledger"]["size"].as_u64().unwrap(), report["ledger"]["root"].as_str().unwrap());
        assert!(size >= events && root != "0".repeat(64), "{size} of {events} events, root {root}");
        sizes.push(size);
        sign(&place, "P001,2030-03-10,entered,950,a\n");
    }
    assert!(sizes[0] < sizes[1]);
}
