//! Honours, attention and the digest by their pages and operations: the same list for the same period, nothing beside the own
//! unit, and nobody of the register in any of it.

use crate::place::{Place, ask, call, session, session_as, two_provinces};
use axum::http::StatusCode;
use serde_json::Value;
use services::Command;
use services::officer::{self, Officer};
use services::programme::{Fields, act, sign};
use time::Day;

/// Two provinces with figures of five weeks: the first grows as it did, the second falls off in the last week.
fn steered(name: &str) -> Place {
    let place = Place::new(name);
    two_provinces(&place);
    let today = place.book.now().day();
    let mut sheet = "unit,day,measure,count,signer\n".to_owned();
    for back in (0..=35).rev() {
        let (day, weeks) = (Day(today.0 - back), 36 - back);
        let falling = if back < 7 { 29_000 + weeks } else { 1_000 * weeks };
        sheet += &format!("P001,{day},processed,{},a\nP004,{day},processed,{falling},a\n", 1_000 * weeks);
    }
    let gone = Day(today.0 - 20);
    sheet += &format!("P001,{gone},applications,100,a\nP004,{today},applications,100,a\n");
    sheet += &format!("P001,{gone},population,80000,a\nP004,{today},population,40000,a\n");
    sign(&place.book, &Command::by(&Officer::operator()), "weeks.csv", sheet.as_bytes()).unwrap();
    place
}

fn director(place: &Place, unit: &str) -> String {
    let token = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some(unit)).unwrap();
    token
}

fn json(place: &Place, token: &str, path: &str) -> Value {
    let (status, said) = call(place, token, "GET", path, "");
    assert_eq!(status, StatusCode::OK, "{said}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn units_are_honoured_by_criteria_that_are_shown_and_counted_again() {
    let place = steered("honours");
    let inspector = session(&place.book, "inspector");
    let today = place.book.now().day();
    let period = format!("from={}&to={today}&known={today}", Day(today.0 - 6));
    let (status, page) = ask(&place, &inspector, &format!("/honours?{period}"), None);
    assert_eq!(status, StatusCode::OK, "{page}");
    for words in ["Progress · 40 %", "Quality · 30 %", "Improvement · 20 %", "Terrain · 10 %", "outstanding"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let found = json(&place, &inspector, &format!("/api/v1/honours?{period}"));
    // P001: 36,000 of 80,000; 7,000 in the week as in the week before. P004: 29,036 of 40,000; 7 beside 7,000 − 0.
    let evidence = |unit: usize, criterion: usize| {
        let one = &found["units"][unit]["evidence"][criterion];
        [&one["points"], &one["figure"], &one["beside"]].map(|value| value.as_u64().unwrap())
    };
    let place_of = |code: &str| found["units"].as_array().unwrap().iter().position(|one| one["unit"] == code).unwrap();
    let (one, four) = (place_of("P001"), place_of("P004"));
    assert_eq!(evidence(one, 0), [4_500, 36_000, 80_000], "{found}");
    assert_eq!(evidence(one, 2), [5_000, 7_000, 7_000]);
    assert_eq!(evidence(four, 0)[1..], [29_036, 40_000]);
    assert!(evidence(four, 2)[0] < 100, "it fell off: {found}");
    assert!(page.contains("36,000 / 80,000"), "{page}");
    // The same points in the file, and the same list when it is asked for again.
    let csv = ask(&place, &inspector, &format!("/honours/export/csv?{period}"), None).1;
    assert!(csv.contains("\"progress_weight\"") && csv.contains("36000,80000,40"), "{csv}");
    assert_eq!(ask(&place, &inspector, &format!("/honours/export/xlsx?{period}"), None).0, StatusCode::OK);
    assert_eq!(ask(&place, &inspector, "/honours/export/exe", None).0, StatusCode::NOT_FOUND);
    let later = format!("P001,{today},processed,70000,a\n");
    let later = format!("unit,day,measure,count,signer\n{later}");
    let yesterday = format!("from={}&to={}&known={}", Day(today.0 - 9), Day(today.0 - 3), Day(today.0 - 1));
    let before = json(&place, &inspector, &format!("/api/v1/honours?{yesterday}"));
    sign(&place.book, &Command::by(&Officer::operator()), "later.csv", later.as_bytes()).unwrap();
    assert_eq!(json(&place, &inspector, &format!("/api/v1/honours?{yesterday}")), before);
    assert_ne!(json(&place, &inspector, &format!("/api/v1/honours?{period}")), found);
    // What cannot be a period is said; a director judges the own province alone.
    let (status, said) = ask(&place, &inspector, "/honours?from=2021-02-30", None);
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("A day is needed"), "{said}");
    let (_, said) = ask(&place, &inspector, "/honours?from=2021-02-03&to=2021-02-01", None);
    assert!(said.contains("lies after the last"), "{said}");
    let director = director(&place, "P001");
    let own = ask(&place, &director, "/honours", None).1;
    assert!(own.contains("Ba Đình") && !own.contains("Cao Bằng"), "{own}");
    assert_eq!(ask(&place, &director, "/honours?unit=P004", None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, "/honours/export/csv?unit=P004", None).0, StatusCode::NOT_FOUND);
}

#[test]
fn the_rules_raise_units_to_somebody_by_a_day() {
    let place = steered("attention");
    let inspector = session(&place.book, "inspector");
    let today = place.book.now().day();
    let found = json(&place, &inspector, "/api/v1/attention");
    let one = |unit: &str, measure: &str| {
        let all = found["raised"].as_array().unwrap();
        all.iter().find(|one| one["unit"] == unit && one["measure"] == measure).cloned()
    };
    let falls = one("P004", "entered").unwrap();
    assert_eq!(
        (&falls["rule"], &falls["severity"], &falls["to"]),
        (&"falling-pace".into(), &"high".into(), &"director".into())
    );
    // It was raised before today, and is due from the day on which it was raised first.
    let day = |value: &Value| Day::parse(value.as_str().unwrap()).unwrap().0;
    assert!((today.0 - 6..today.0).contains(&day(&falls["since"])), "{falls}");
    assert_eq!(day(&falls["due"]), day(&falls["since"]) + 3);
    assert_eq!(one("P001", "entered"), None);
    let silent = one("P001", "applications").unwrap();
    assert_eq!((&silent["kind"], &silent["figure"]), (&"no-return".into(), &20.into()));
    assert_eq!(day(&silent["since"]), today.0 - 12, "more than seven days since");
    let (status, page) = ask(&place, &inspector, "/attention", None);
    assert_eq!(status, StatusCode::OK, "{page}");
    for words in
        ["/board?unit=P004&amp;measure=entered", "falling-pace", "Director of a unit", "signed last 20 days ago"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let director = director(&place, "P001");
    let own = ask(&place, &director, "/attention", None).1;
    assert!(own.contains("Hà Nội") && !own.contains("Cao Bằng"), "{own}");
    assert_eq!(ask(&place, &director, "/attention?unit=P004", None).0, StatusCode::NOT_FOUND);
    assert_eq!(call(&place, &director, "GET", "/api/v1/attention?unit=P004", "").0, StatusCode::NOT_FOUND);
    // Before any of it was so nothing is raised.
    let before = json(&place, &inspector, &format!("/api/v1/attention?day={}", Day(today.0 - 30)));
    assert_eq!(before["raised"], Value::Array(Vec::new()));
}

#[test]
fn the_digest_tells_a_morning_and_names_nobody() {
    let place = steered("digest");
    let today = place.book.now().day();
    let by = Command::by(&Officer::operator());
    let followed = |name: &str, fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        act(&place.book, &by, None, name, &Fields::new(fields)).unwrap()
    };
    let soon = Day(today.0 + 1).to_string();
    let raised = [
        ("unit", "00001"),
        ("title", "Mất mạng"),
        ("body", "Bà Lý Thị Mai báo"),
        ("about", "network"),
        ("severity", "high"),
        ("until", &*soon),
    ];
    followed("raise", &raised);
    let late = Day(today.0 - 3).to_string();
    followed("plan-milestone", &[("unit", "P001"), ("title", "Một triệu thẻ"), ("project", "card"), ("day", &late)]);
    let director = director(&place, "P001");
    let found = json(&place, &director, "/api/v1/digest");
    let entered = found["figures"].as_array().unwrap().iter().find(|one| one["measure"] == "entered").unwrap().clone();
    assert_eq!((&entered["value"], &entered["more"], &entered["ranked"]), (&35_000.into(), &1_000.into(), &2.into()));
    assert_eq!(found["of"], Day(today.0 - 1).to_string());
    assert_eq!(found["missing"][0]["measure"], "applications");
    assert_eq!(found["difficulties"][0]["title"], "Mất mạng");
    assert_eq!(found["milestones"][0]["title"], "Một triệu thẻ");
    let (status, page) = ask(&place, &director, "/digest", None);
    assert_eq!(status, StatusCode::OK, "{page}");
    for words in ["35,000", "+1,000", "Mất mạng", "Một triệu thẻ", "Returns missing"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for said in [page.as_str(), &found.to_string()] {
        assert!(!said.contains("Lý Thị Mai") && !said.contains("P004"), "{said}");
    }
    let earlier = json(&place, &director, &format!("/api/v1/digest?day={}", Day(today.0 - 5)));
    let of =
        |found: &Value| found["figures"].as_array().unwrap().iter().find(|one| one["measure"] == "entered").cloned();
    assert_eq!(of(&earlier).map(|one| one["value"].clone()), None, "what was signed later was not known then");
    assert_eq!(ask(&place, &director, "/digest?unit=P004", None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, "/digest?day=gestern", None).0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(call(&place, &director, "GET", "/api/v1/digest?day=gestern", "").0, StatusCode::BAD_REQUEST);
}
