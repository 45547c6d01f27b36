//! A case on its page: one look is one event, and the second of two officers sees what the first decided.

use crate::place::{Place, ask, hidden, kinds, session, session_as, take_in};
use axum::http::StatusCode;

/// A place with a clash: somebody's newer row claims another's number. Gives the address of the case, and
/// an adjudicator's session.
fn clash(name: &str) -> (Place, String, String) {
    let place = Place::new(name);
    take_in(&place, "1,001,DC01,Nguyễn Văn An,5/2/1990,Nam,001,Hà Nội,Số 1 Lê Lợi,,001090000001\n");
    take_in(&place, "2,001,DC01,Trần Quốc Bảo,7/9/1985,Nam,001,Hà Nội,Số 2 Lê Lợi,,001085000002\n");
    take_in(&place, "2,001,DC01,Trần Quốc Bảo,7/9/1985,Nam,001,Hà Nội,Số 2 Lê Lợi,,001090000001\n");
    let token = session(&place.book, "adjudicator");
    let (_, page) = ask(&place, &token, "/cases", None);
    let id = page.split("href=\"/cases/").nth(1).expect("a case is open").split('"').next().unwrap().to_owned();
    (place, format!("/cases/{id}"), token)
}

#[test]
fn one_look_at_a_case_is_one_event_and_shows_both_persons() {
    let (place, path, token) = clash("case-look");
    let before = kinds(&place).len();
    let (status, page) = ask(&place, &token, &path, None);
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Nguyễn Văn An") && page.contains("Trần Quốc Bảo"), "{page}");
    assert_eq!(kinds(&place)[before..], ["case.read"]);
}

#[test]
fn the_first_page_leads_to_what_waits_longest() {
    let (place, path, token) = clash("case-home");
    let (_, page) = ask(&place, &token, "/", None);
    assert!(page.contains("<strong>1</strong><span>cases to decide</span>"), "{page}");
    assert!(page.contains(&format!("<a href=\"{path}\">cases to decide</a>")), "{page}");
    // What one has decided waits for another.
    let (_, shown) = ask(&place, &token, &path, None);
    let form = format!("key=1&version={}&verdict=expert&reason=not+sure", hidden(&shown, "version"));
    assert_eq!(ask(&place, &token, &path, Some(&form)).0, StatusCode::SEE_OTHER);
    let (_, page) = ask(&place, &token, "/", None);
    assert!(page.contains("<strong>0</strong><span>cases to decide</span>"), "{page}");
    let collector = session(&place.book, "collector");
    let (_, page) = ask(&place, &collector, "/", None);
    assert!(page.contains("imports not finished") && !page.contains("cases to decide"), "{page}");
}

#[test]
fn who_decides_second_sees_that_another_has_decided() {
    let (place, path, token) = clash("case-second");
    let (_, page) = ask(&place, &token, &path, None);
    let (version, seen) = (hidden(&page, "version"), hidden(&page, "seen"));
    let first = format!("key=1&version={version}&seen={seen}&verdict=expert&reason=not+sure");
    assert_eq!(ask(&place, &token, &path, Some(&first)).0, StatusCode::SEE_OTHER);

    let other = session_as(&place.book, "second", "adjudicator");
    let second = format!("key=2&version={version}&seen={seen}&verdict=different&reason=two+faces");
    let (status, page) = ask(&place, &other, &path, Some(&second));
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("Case decided") && page.contains("officer.adjudicator"), "what, and by whom: {page}");
    assert!(page.contains("value=\"two faces\""), "the reason is kept");
    assert!(page.contains("value=\"different\" required checked"), "the verdict is kept: {page}");
    assert_eq!(kinds(&place).iter().filter(|kind| *kind == "case.decided").count(), 1, "nothing was decided");
    let again = format!("key=3&version={}&seen={seen}&verdict=different&reason=two+faces", hidden(&page, "version"));
    assert_eq!(ask(&place, &other, &path, Some(&again)).0, StatusCode::SEE_OTHER);

    // Whoever comes when all is decided sees that too, and what they typed.
    let late = session_as(&place.book, "late", "adjudicator");
    let (status, page) = ask(&place, &late, &path, Some(&second.replace("key=2", "key=4")));
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("two faces") && !page.contains("class=\"stack decision\""), "{page}");
}
