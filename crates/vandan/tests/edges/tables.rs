//! What the pages of the programme list, as files.

use crate::place::{Place, ask, call, session, session_as, two_provinces};
use axum::http::StatusCode;
use services::officer::{self, Officer};
use services::{Command, programme};

#[test]
fn every_list_is_a_file_in_three_forms_cut_to_the_own_unit() {
    let place = Place::new("tables");
    two_provinces(&place);
    let today = place.book.now().day();
    let by = Command::by(&Officer::operator());
    let sheet = format!("unit,day,measure,count,signer\nP001,{today},entered,50,=A1\nP004,{today},entered,60,b\n");
    programme::sign(&place.book, &by, "r.csv", sheet.as_bytes()).unwrap();
    let inspector = session(&place.book, "inspector");
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &by, "director.1", None, Some("P001")).unwrap();
    let raise = "key=k1&act=raise&title=Thi%E1%BA%BFu+m%C3%A1y&body=b&about=data&severity=high&until=2099-01-01";
    let (status, said) = ask(&place, &director, "/follow/difficulty", Some(raise));
    assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
    let target = "key=k2&act=set&unit=P004&measure=entered&deadline=2099-07-01&count=100&basis=";
    assert_eq!(ask(&place, &inspector, "/targets", Some(target)).0, StatusCode::SEE_OTHER);
    let lists = ["returns", "targets", "attention", "digest", "difficulty", "approach", "delegation", "roadmap"];
    for table in lists.into_iter().chain(["milestone", "pilot"]) {
        for form in ["csv", "xlsx", "json"] {
            let (status, said) = ask(&place, &inspector, &format!("/tables/{table}/{form}"), None);
            assert_eq!(status, StatusCode::OK, "{table} {form}: {said}");
        }
        assert_eq!(ask(&place, &inspector, &format!("/tables/{table}/exe"), None).0, StatusCode::NOT_FOUND);
    }
    assert_eq!(ask(&place, &inspector, "/tables/persons/csv", None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &inspector, "/tables/digest/csv?day=2021-02-30", None).0, StatusCode::UNPROCESSABLE_ENTITY);
    let all = ask(&place, &inspector, "/tables/returns/csv", None).1;
    assert!(all.contains("\"P004\"") && all.contains("\"'=A1\""), "{all}");
    let own = ask(&place, &director, "/tables/returns/csv", None).1;
    assert!(own.contains("\"P001\"") && !own.contains("P004"), "{own}");
    assert_eq!(ask(&place, &director, "/tables/returns/csv?unit=P004", None).0, StatusCode::NOT_FOUND);
    assert!(ask(&place, &inspector, "/tables/difficulty/json", None).1.contains("Thiếu máy"));
    assert!(ask(&place, &inspector, "/tables/targets/csv?unit=P004", None).1.contains("2099-07-01"));
    // A record's file has what the record says; a program is given the same bytes.
    let difficulties = ask(&place, &inspector, "/tables/difficulty/csv", None).1;
    assert!(difficulties.contains("\"about\"") && difficulties.contains("\"data\""), "{difficulties}");
    let planned = "key=k3&act=plan-delegation&title=t&body=b&members=director.1&route=P001+2099-01-01";
    assert_eq!(ask(&place, &inspector, "/follow/delegation", Some(planned)).0, StatusCode::SEE_OTHER);
    let delegations = ask(&place, &inspector, "/tables/delegation/csv", None).1;
    let row = delegations.lines().nth(1).unwrap();
    assert_eq!(row.matches("\"director.1\"").count(), 2, "who sees to it, and who goes: {delegations}");
    let given = |token: &str, path: &str| call(&place, token, "GET", &format!("/api/v1/tables/{path}"), "");
    for table in lists.into_iter().chain(["milestone", "pilot", "board", "comparison", "honours"]) {
        for form in ["csv", "xlsx", "json"] {
            let (status, said) = given(&inspector, &format!("{table}/{form}?language=en"));
            assert_eq!(status, StatusCode::OK, "{table} {form}: {said}");
            let (status, own) = given(&director, &format!("{table}/{form}?language=en"));
            assert!(status == StatusCode::OK && !own.contains("Cao Bằng"), "{table} {form}: {own}");
        }
        assert_eq!(
            given(&director, &format!("{table}/csv?unit=P004")).0 == StatusCode::NOT_FOUND,
            !programme::KINDS.contains(&table),
            "{table}"
        );
    }
    assert_eq!(given(&inspector, "difficulty/csv?language=en"), (StatusCode::OK, difficulties));
    for (wrong, status) in [("persons/csv", 404), ("board/exe", 404), ("board/csv?day=2021-02-30", 400)] {
        assert_eq!(given(&inspector, wrong).0.as_u16(), status, "{wrong}");
    }
    // A page leads to its file, with what was asked.
    let page = ask(&place, &inspector, "/returns?unit=P001&measure=entered", None).1;
    assert!(page.contains("/tables/returns/csv?unit=P001&amp;measure=entered"), "{page}");
    // A day that is none is said, and not answered with another's figures; one to come is today, and says so.
    for page in
        ["/board?day=2021-02-30", "/board?earlier=x", "/board/compare?first=x", "/board/rows?measure=entered&day=x"]
    {
        assert_eq!(ask(&place, &inspector, page, None).0, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    }
    let shown = ask(&place, &inspector, "/board?day=9999-12-31", None).1;
    let (year, month, day) = today.date();
    assert!(shown.contains(&format!("{day:02}/{month:02}/{year}")) && !shown.contains("9999"), "{shown}");
}
