//! What is doubtful about figures is stated where they are shown: on the page in words, by the API as a code. (Events that come
//! late, twice, from a merged commune or by a clock ahead: `shown.rs`. Who sees what: `reach.rs`.)

use crate::place::{Place, ask, call, session, two_provinces};
use axum::http::StatusCode;
use serde_json::Value;
use services::officer::Officer;
use services::programme::{Setting, set, sign};
use services::{Command, unit};
use time::{Day, Instant};

struct Stated {
    place: Place,
    token: String,
}

impl Stated {
    fn new(name: &str) -> Stated {
        let place = Place::new(name);
        place.clock.set(Instant(Day::parse("2030-03-01").unwrap().start().0 + 9 * 3_600_000_000));
        two_provinces(&place);
        let token = session(&place.book, "inspector");
        Stated { place, token }
    }

    fn sign(&self, rows: &str) {
        let sheet = format!("unit,day,measure,count,signer\n{rows}");
        sign(&self.place.book, &Command::by(&Officer::operator()), "returns.csv", sheet.as_bytes()).unwrap();
    }

    fn target(&self, unit: &str, deadline: &str, count: u64) {
        let (unit, measure, deadline) = (unit.to_owned(), "entered".to_owned(), Day::parse(deadline).unwrap());
        let setting = Setting { unit, measure, deadline, count: Some(count) };
        set(&self.place.book, &Command::by(&Officer::operator()), &setting).unwrap();
    }

    fn json(&self, path: &str) -> Value {
        let (status, said) = call(&self.place, &self.token, "GET", path, "");
        assert_eq!(status, StatusCode::OK, "{path}: {said}");
        serde_json::from_str(&said).unwrap()
    }

    fn page(&self, path: &str) -> String {
        let (status, page) = ask(&self.place, &self.token, path, None);
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    /// What the API says of a unit's figure.
    fn notes(&self, unit: &str) -> (Value, Vec<String>) {
        let board = self.json("/api/v1/board?measure=entered");
        let line = board["lines"].as_array().unwrap().iter().find(|line| line["unit"] == unit).unwrap().clone();
        let notes = line["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap().to_owned()).collect();
        (line, notes)
    }

    /// The board's page says these words of the unit, and the API this code; before, neither did.
    fn board_states(&self, unit: &str, name: &str, code: &str, words: &str, work: impl FnOnce(&Stated)) {
        let said = format!("<li>{name}, People processed: {words}</li>");
        let (before, page) = (self.notes(unit).1, self.page("/board?measure=entered"));
        assert!(!before.contains(&code.to_owned()) && !page.contains(&said), "{code} before: {before:?}");
        work(self);
        let (after, page) = (self.notes(unit).1, self.page("/board?measure=entered"));
        assert!(after.contains(&code.to_owned()), "{code}: {after:?}");
        assert!(page.contains(&said), "{said}: {page}");
    }
}

#[test]
fn returns_that_contradict_events_or_exceed_the_population_are_stated() {
    let stated = Stated::new("stated-returns");
    stated.board_states(
        "P001",
        "Hà Nội",
        "note-return-below-counted",
        "the unit returned less than was counted; the count stands",
        |stated| stated.sign("P001,2030-03-01,entered,0,a\n"),
    );
    let (line, _) = stated.notes("P001");
    assert_eq!((&line["value"], &line["source"]), (&1.into(), &"counted".into()), "the count stands");
    stated.sign("P004,2030-03-01,population,5,a\n");
    stated.board_states("P004", "Cao Bằng", "note-over-100", "more than 100 %", |stated| {
        stated.sign("P004,2030-03-01,entered,9,a\n");
    });
    let (line, _) = stated.notes("P004");
    assert_eq!((&line["percent"], &line["value"]), (&180.0.into(), &9.into()), "it is shown as it is");
    assert!(stated.page("/board?measure=entered").contains("180\u{a0}%"));
    // The list of returns says of each what is doubtful.
    let page = stated.page("/returns");
    for words in ["less than was counted; the count stands", "more than the unit&#39;s population"] {
        assert!(page.contains(words) || page.contains(&words.replace("&#39;", "'")), "{words}: {page}");
    }
    let listed = stated.json("/api/v1/returns");
    let of = |unit: &str, measure: &str| {
        let all = listed["items"].as_array().unwrap();
        all.iter().find(|one| one["unit"] == unit && one["measure"] == measure).unwrap()["findings"].clone()
    };
    assert_eq!(of("P001", "entered"), serde_json::json!(["return-below-counted"]));
    assert_eq!(of("P004", "entered"), serde_json::json!(["return-over-population"]));
    assert_eq!(of("P004", "population"), serde_json::json!([]));
}

#[test]
fn a_unit_without_a_population_has_no_percent_and_is_said_to() {
    let stated = Stated::new("stated-population");
    let (line, notes) = stated.notes("P001");
    assert!(notes.contains(&"note-no-population".to_owned()) && line.get("percent").is_none(), "{line}");
    let said = "<li>Hà Nội, People processed: the population is not known, so there is no share</li>";
    assert!(stated.page("/board?measure=entered").contains(said));
    stated.sign("P001,2030-03-01,population,4,a\n");
    let (line, notes) = stated.notes("P001");
    assert!(!notes.contains(&"note-no-population".to_owned()) && line["percent"] == 25.0, "{line}");
    assert!(!stated.page("/board?measure=entered").contains(said));
}

#[test]
fn targets_that_do_not_add_up_and_deadlines_in_the_past_are_stated() {
    let stated = Stated::new("stated-targets");
    stated.target("", "2030-07-01", 100);
    stated.target("P001", "2030-07-01", 10);
    stated.board_states(
        "",
        "The nation",
        "note-target-not-the-sum",
        "the targets below come to another figure",
        |stated| stated.target("P004", "2030-07-01", 20),
    );
    let target_states = |code: &str, words: &str| {
        let codes = serde_json::json!([code]);
        let listed = stated.json("/api/v1/targets");
        assert!(listed["items"].as_array().unwrap().iter().any(|one| one["findings"] == codes), "{listed}");
        let page = stated.page("/targets");
        assert!(page.contains(words), "{words}: {page}");
    };
    target_states("target-not-the-sum", "the targets below come to another figure");
    stated.board_states(
        "P001",
        "Hà Nội",
        "note-deadline-past",
        "the deadline has passed and the target is not reached",
        |stated| {
            stated.target("P001", "2030-02-01", 10);
            // The later one is withdrawn: what stands is the one that has passed.
            let (unit, measure) = ("P001".to_owned(), "entered".to_owned());
            let setting = Setting { unit, measure, deadline: Day::parse("2030-07-01").unwrap(), count: None };
            set(&stated.place.book, &Command::by(&Officer::operator()), &setting).unwrap();
        },
    );
    target_states("target-deadline-past", "the deadline had passed when it was set");
}

#[test]
fn a_return_of_a_merged_commune_counts_for_the_new_one_and_says_so() {
    let stated = Stated::new("stated-merged");
    let by = Command::by(&Officer::operator());
    let files = [
        ("w.csv", "code,district_code,full_name\n00004,001,Trúc Bạch\n"),
        ("m.csv", "old_ward_code,new_ward_code\n00004,00001\n"),
    ];
    unit::import(&stated.place.book, &by, &files.map(|(name, text)| (name.to_owned(), text.into()))).unwrap();
    stated.sign("00004,2030-03-01,entered,7,a\n");
    let listed = stated.json("/api/v1/returns");
    assert_eq!(listed["items"][0]["findings"], serde_json::json!(["return-unit-merged"]), "{listed}");
    assert!(stated.page("/returns").contains("the unit was merged; added to what the new one signed before"));
    let board = stated.json("/api/v1/board?unit=D001&measure=entered");
    let line = board["lines"].as_array().unwrap().iter().find(|line| line["unit"] == "00001").unwrap();
    assert_eq!(line["value"], 7, "{board}");
}
