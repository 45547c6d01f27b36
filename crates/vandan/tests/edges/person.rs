//! A person's page: each fact in time, and the person as known on a day; every look is an event.

use crate::place::{Place, ask, call, kinds, session, session_as, take_in, two_provinces};
use axum::http::StatusCode;
use services::Command;
use services::officer::{self, Officer};

fn row(address: &str) -> String {
    format!("1,001,DC01,Nguyễn Văn An,5/2/1990,Nam,001,Hà Nội,{address},,001090000001\n")
}

#[test]
fn each_fact_has_its_times_and_each_look_at_a_day_is_recorded() {
    let place = Place::new("person-time");
    take_in(&place, &row("Số 1 Lê Lợi"));
    take_in(&place, &row("Số 9 Lê Lợi"));
    let token = session(&place.book, "reader");
    let (_, page) = ask(&place, &token, "/persons", Some("text=van+an&purpose=request"));
    let path = page.split("action=\"/persons/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/persons/{path}");
    let look = |day: &str| {
        let before = kinds(&place).len();
        let (status, page) = ask(&place, &token, &path, Some(&format!("purpose=request&known={day}")));
        assert_eq!(status, StatusCode::OK, "{page}");
        assert_eq!(kinds(&place)[before..], ["person.read"]);
        page
    };
    let now = look("");
    let history = now.rsplit("Each fact in time").next().unwrap().split("</table>").next().unwrap();
    let line = |value: &str| {
        let found = history.split("<tr>").find(|line| line.contains(value));
        found.unwrap_or_else(|| panic!("{value} is not there: {history}")).to_owned()
    };
    assert!(!line("Số 1 Lê Lợi").contains(">still<"), "the old address has an end: {history}");
    assert!(line("Số 9 Lê Lợi").contains(">still<") && line("Số 9 Lê Lợi").contains("DC01 001 · 1"));
    assert!(line("Nguyễn Văn An").contains("the source does not say"));
    assert!(line("Date of birth").contains("birth, 05/02/1990"));
    assert!(
        now.contains("officer.reader · The citizen&#39;s request")
            || now.contains("officer.reader · The citizen's request")
    );

    assert!(look("2000-01-01").contains("the register did not know this person"));
    let then = look("2999-12-31");
    assert!(then.contains("This is what the register knew at the end of 31/12/2999"), "{then}");
    let facts = then.split("<dl").nth(1).unwrap().split("</dl>").next().unwrap();
    assert!(facts.contains("Số 9 Lê Lợi") && !facts.contains("Số 1 Lê Lợi"), "{facts}");
    for malformed in ["yesterday", "2026-02-31", "2026-01-01T00:00:00Z"] {
        assert!(look(malformed).contains("A day is needed"), "{malformed}");
    }
}

#[test]
fn a_search_of_more_words_than_a_name_has_is_refused() {
    let place = Place::new("person-wide");
    take_in(&place, &row("Số 1 Lê Lợi"));
    let token = session(&place.book, "reader");
    let words = |count: usize| (0..count).map(|at| format!("w{at}")).collect::<Vec<_>>().join("+");
    let search = |count| ask(&place, &token, "/persons", Some(&format!("text={}&purpose=request", words(count))));
    let before = kinds(&place).len();
    let (status, page) = search(13);
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("at most 12 words"), "{status} {page}");
    assert_eq!(kinds(&place).len(), before);
    assert_eq!(search(12).0, StatusCode::OK);
    assert_eq!(kinds(&place)[before..], ["person.found"], "nobody was found, and the search is recorded");
}

#[test]
fn officers_of_other_units_are_named_neither_by_the_page_nor_by_the_operation() {
    let place = Place::new("person-names");
    two_provinces(&place);
    let everyone = services::person::everyone(&place.book, &Officer::operator(), "a test").unwrap();
    let id = everyone.iter().find(|entry| entry.unit == "00001").unwrap().id;
    let read = |token: &str| {
        let path = format!("/api/v1/persons/{id}/read");
        let (status, said) = call(&place, token, "POST", &path, r#"{"purpose":"request"}"#);
        assert_eq!(status, StatusCode::OK, "{said}");
        said
    };
    let sessions = ["elsewhere", "here"].map(|name| session_as(&place.book, name, "reader"));
    read(&sessions[0]);
    // One who looked belongs to another province now.
    let by = Command::by(&Officer::operator());
    for (name, unit) in [("elsewhere", "P004"), ("here", "P001")] {
        officer::change(&place.book, &by, name, Some(&["reader".to_owned()]), Some(unit)).unwrap();
    }
    let account = officer::find(&place.book, "", "elsewhere").unwrap().unwrap().officer.id.to_string();
    let said = read(&sessions[1]);
    assert!(said.contains("\"here\""), "the own unit's officers are named: {said}");
    assert!(!said.contains("elsewhere\"") && !said.contains(&account), "another unit's are not: {said}");
    let (_, page) = ask(&place, &sessions[1], &format!("/persons/{id}"), Some("purpose=request"));
    assert!(page.contains("An officer of another unit") && !page.contains("elsewhere ·"), "{page}");
}
