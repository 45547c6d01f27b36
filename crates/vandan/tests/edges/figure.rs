//! Each number of the board opens exactly what it is made of.

use crate::place::{Place, ask, call, session, session_as, two_provinces};
use axum::http::StatusCode;
use register::heading::Mapping;
use serde_json::Value;
use services::import::{self, Input, Thresholds};
use services::officer::{self, Officer};
use services::{Command, programme};
use std::collections::BTreeSet;
use time::{Day, Instant};

fn json(place: &Place, token: &str, path: &str) -> Value {
    let (status, said) = call(place, token, "GET", path, "");
    assert_eq!(status, StatusCode::OK, "{path}: {said}");
    serde_json::from_str(&said).unwrap()
}

/// All pages of a figure's events: how much they count, and how many there are.
fn all(place: &Place, token: &str, asked: &str) -> (i64, usize, Value) {
    let (mut after, mut count, mut numbers) = (String::new(), 0, BTreeSet::new());
    loop {
        let page = json(place, token, &format!("/api/v1/board/rows?{asked}{after}"));
        for one in page["items"].as_array().unwrap() {
            assert!(numbers.insert(one["number"].as_u64().unwrap()), "an event stands twice: {one}");
            count += one["count"].as_i64().unwrap();
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return (count, numbers.len(), page),
        }
    }
}

#[test]
fn every_number_opens_the_events_and_the_returns_that_it_is_made_of() {
    let place = Place::new("figures");
    let day = |text: &str| Day::parse(text).unwrap();
    let on = |text: &str| place.clock.set(Instant(day(text).start().0 + 3_600_000_000));
    on("2030-03-01");
    two_provinces(&place);
    for (today, first, count) in [("2030-03-02", 100, 130), ("2030-03-03", 300, 2), ("2030-03-05", 400, 3)] {
        on(today);
        let row = |id: u32| {
            let (name, ward) = if id.is_multiple_of(2) { ("Trần Văn", "00001") } else { ("Lê Thị", "01273") };
            let tone = char::from(b'a' + (id % 26) as u8);
            let (day, month, year) = (id % 31 + 1, id % 12 + 1, id % 60 + 1920);
            format!("{id},001,{name} {tone}n,{day}/{month}/{year},Nam,001,{ward}\n")
        };
        let head = "rec_id,file_province,full_name,birth_date,sex,birth_province,res_ward\n";
        let rows: String = (first..first + count).map(row).collect();
        let inputs = vec![Input { name: "people.csv".into(), bytes: format!("{head}{rows}").into_bytes() }];
        let (by, none) = (Officer::operator(), &mut |_: &'static str, _: u64, _: u64| ());
        import::persons(&place.book, &by, inputs, &Mapping::default(), Thresholds::default(), none).unwrap();
    }
    let inspector = session(&place.book, "inspector");
    let mut counted = 0;
    for day in ["2030-03-01", "2030-03-02", "2030-03-04", "2030-03-05"] {
        for then in [true, false] {
            let board = json(&place, &inspector, &format!("/api/v1/board?day={day}&then={then}&all=true"));
            for line in board["lines"].as_array().unwrap().iter().filter(|line| line["measure"] != "waiting") {
                let (unit, measure) = (line["unit"].as_str().unwrap(), line["measure"].as_str().unwrap());
                let asked = format!("unit={unit}&measure={measure}&day={day}&then={then}");
                let (count, events, page) = all(&place, &inspector, &asked);
                assert_eq!(Some(count), line["value"].as_i64(), "{asked}");
                assert_eq!(page["counted"], line["value"], "{asked}");
                counted += events;
            }
        }
    }
    assert!(counted > 1_000, "{counted}");
    // A page says the same, its links name the day, and what was signed stands with its signer.
    let sheet = "unit,day,measure,count,signer\nP001,2030-03-04,processed,5000,Trưởng phòng\n";
    programme::sign(&place.book, &Command::by(&Officer::operator()), "r.csv", sheet.as_bytes()).unwrap();
    let (_, board) = ask(&place, &inspector, "/board?measure=entered&day=2030-03-04&then=1", None);
    assert!(board.contains("/board/rows?unit=P001&amp;measure=entered&amp;day=2030-03-04&amp;then=1"), "{board}");
    let today = "/board/rows?unit=P001&measure=entered&day=2030-03-05";
    let (_, page) = ask(&place, &inspector, today, None);
    assert!(page.contains("5,000") && page.contains("Trưởng phòng"), "{page}");
    // The day as it was known before the return was signed has none.
    let (_, before) = ask(&place, &inspector, "/board/rows?unit=P001&measure=entered&day=2030-03-04&then=1", None);
    assert!(!before.contains("Trưởng phòng"), "{before}");
    // Nobody looks beside the own unit, and a place that is none is said.
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some("P001")).unwrap();
    let beside = "/api/v1/board/rows?unit=P004&measure=entered";
    assert_eq!(call(&place, &director, "GET", beside, "").0, StatusCode::NOT_FOUND);
    for wrong in ["measure=none", "measure=entered&after=1.2", "measure=entered&day=2030-02-30"] {
        let (status, said) = call(&place, &director, "GET", &format!("/api/v1/board/rows?{wrong}"), "");
        assert!(status.is_client_error(), "{wrong}: {said}");
    }
    let far = "/api/v1/board/rows?measure=entered&after=9999-12-31.4294967296.18446744073709551615";
    assert_eq!(call(&place, &director, "GET", far, "").0, StatusCode::OK);
}
