//! The auditor's search: within the unit, by kind, unit, officer and day, page by page; nothing names a person.

use crate::place::{Place, ask, session_as, two_provinces};
use axum::http::StatusCode;
use services::audit::{Page, Wanted, search};
use services::officer::{self, Officer};
use services::person::{Reader, open_by_id};
use services::{Command, Error};

fn wanted(kind: &str, unit: &str, officer: &str, day: &str) -> Wanted {
    Wanted { kind: kind.into(), unit: unit.into(), officer: officer.into(), day: day.into() }
}

/// A person in each of two provinces, read by an officer of the own province; the nation's officers.
fn place(name: &str) -> (Place, Officer) {
    let place = Place::new(name);
    two_provinces(&place);
    let everyone = services::person::everyone(&place.book, &Officer::operator(), "a test").unwrap();
    let by = Command::by(&Officer::operator());
    for (name, unit, commune) in [("ha.noi", "P001", "00001"), ("cao.bang", "P004", "01273")] {
        officer::create(&place.book, &by, name, &["reader".to_owned()], unit).unwrap();
        let reader = officer::find(&place.book, "", name).unwrap().unwrap().officer;
        let person = everyone.iter().find(|entry| entry.unit == commune).unwrap().id;
        open_by_id(&place.book, &Reader { actor: reader.actor("Nguyễn Văn An"), unit: unit.into() }, person).unwrap();
    }
    let mut auditor = Officer::operator();
    auditor.roles = vec!["auditor".into()];
    (place, auditor)
}

#[test]
fn an_auditor_finds_the_events_of_the_own_unit() {
    let (place, nation) = place("audit-search");
    let of = |unit: &str| Officer { unit: unit.into(), ..nation.clone() };
    let find = |officer: &Officer, wanted: &Wanted| search(&place.book, officer, wanted, None);
    let said = |page: Result<Page, Error>| -> Vec<(String, String)> {
        page.unwrap().events.into_iter().map(|one| (one.unit, one.officer.unwrap_or_default())).collect()
    };
    let pair = |unit: &str, officer: &str| (unit.to_owned(), officer.to_owned());
    let (own, other) = (pair("00001", "ha.noi"), pair("01273", "cao.bang"));
    let reads = wanted("person.read", "", "", "");
    assert_eq!(said(find(&nation, &reads)), [other.clone(), own.clone()], "the newest first");
    assert_eq!(said(find(&of("P001"), &reads)), std::slice::from_ref(&own));
    assert!(find(&of("P001"), &Wanted::default()).unwrap().events.iter().all(|one| one.unit != "01273"));
    assert_eq!(said(find(&nation, &wanted("person.read", "P004", "", ""))), [other]);
    assert_eq!(said(find(&nation, &wanted("", "", "ha.noi", ""))), [own]);
    let today = place.book.now().day();
    assert_eq!(said(find(&nation, &wanted("person.read", "", "", &today.to_string()))).len(), 2);
    for day in [today.0 - 1, today.0 + 1] {
        assert_eq!(said(find(&nation, &wanted("", "", "", &time::Day(day).to_string()))), []);
    }
    let code = |officer: &Officer, wanted: &Wanted| find(officer, wanted).unwrap_err().code();
    assert_eq!(code(&of("P001"), &wanted("", "P004", "", "")), "unit-missing", "another unit's is not there");
    assert_eq!(code(&of("P001"), &wanted("", "", "cao.bang", "")), "officer-missing", "nor are its officers");
    assert_eq!(code(&nation, &wanted("person", "", "", "")), "kind-unknown");
    assert_eq!(code(&nation, &wanted("", "", "", "yesterday")), "day-malformed");
    let mut reader = officer::find(&place.book, "", "ha.noi").unwrap().unwrap().officer;
    reader.unit = String::new();
    assert_eq!(code(&reader, &Wanted::default()), "role-missing");
}

#[test]
fn page_by_page_each_event_is_found_once() {
    let (place, nation) = place("audit-pages");
    let by = Command::by(&Officer::operator());
    // More than are looked at for one page.
    for at in 0..1_100 {
        officer::close(&place.book, &by, if at % 2 == 0 { "ha.noi" } else { "cao.bang" }).unwrap();
        officer::reopen(&place.book, &by, if at % 2 == 0 { "ha.noi" } else { "cao.bang" }).unwrap();
    }
    let count = place.book.view(|view| Ok(view.event_count()?)).unwrap();
    let walk = |wanted: &Wanted| {
        let (mut numbers, mut before, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = search(&place.book, &nation, wanted, before).unwrap();
            numbers.extend(page.events.iter().map(|one| one.number));
            pages += 1;
            match page.next {
                Some(next) => before = Some(next),
                None => return (numbers, pages),
            }
        }
    };
    assert_eq!(walk(&Wanted::default()).0, (0..count).rev().collect::<Vec<_>>());
    let (found, pages) = walk(&wanted("person.read", "", "", ""));
    assert_eq!((found.len(), pages), (2, 2), "the first page ends before anything is found");
}

#[test]
fn the_page_names_no_person_and_keeps_what_was_chosen() {
    let (place, _) = place("audit-page");
    let token = session_as(&place.book, "auditor", "auditor");
    let (status, page) = ask(&place, &token, "/audit/events?kind=person.read&officer=ha.noi", None);
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(page.matches("<td>ha.noi</td>").count(), 1, "{page}");
    assert!(page.contains("<option value=\"person.read\" selected>") && page.contains("value=\"ha.noi\""), "{page}");
    assert!(!page.contains("Nguyễn"), "a purpose is free text: it is not shown");
    assert_eq!(ask(&place, &token, "/audit/events?day=x", None).0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask(&place, &token, "/audit/events?unit=P999", None).0, StatusCode::NOT_FOUND);
}
