//! Targets, returns, honours, attention and the digest by their pages and operations: the same list for the same period, nothing beside the own
//! unit, and nobody of the register in any of it.

use crate::place::{Place, answer, ask, call, hidden, session, session_as, two_provinces};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
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

/// A file of returns sent in by the page.
fn send(place: &Place, token: &str, sheet: &str) -> (StatusCode, String) {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"sheet\"; filename=\"sheet.csv\"\r\n\r\n{sheet}\r\n--edge--\r\n",
        sheet.len()
    );
    let request = Request::builder()
        .method("POST")
        .uri("/returns/file")
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, body.len());
    answer(&place.app, request.body(Body::from(body)).unwrap())
}

#[test]
fn a_director_signs_for_the_own_unit_and_what_is_doubtful_is_stated() {
    let place = Place::new("returns");
    two_provinces(&place);
    let (director, inspector) = (director(&place, "P001"), session(&place.book, "inspector"));
    let form = |key: &str, unit: &str, day: &str, count: &str| {
        format!("key={key}&unit={unit}&day={day}&measure=entered&count={count}&signer=Tr%E1%BA%A7n+%22A%22,+B")
    };
    let (status, to) = ask(&place, &director, "/returns", Some(&form("1", "P001", "2021-02-20", "500")));
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/returns"));
    assert_eq!(
        ask(&place, &director, "/returns", Some(&form("1", "P001", "2021-02-20", "500"))).0,
        StatusCode::SEE_OTHER
    );
    assert_eq!(ask(&place, &director, "/returns", Some(&form("2", "", "2021-02-21", "400"))).0, StatusCode::SEE_OTHER);
    let (_, page) = ask(&place, &director, "/returns", None);
    assert!(
        page.contains("less than was signed for an earlier day") && page.contains("Trần &quot;A&quot;, B"),
        "{page}"
    );
    assert_eq!(page.matches("<td>20/02/2021</td>").count(), 1, "the same form twice is one return: {page}");
    assert!(page.find("21/02/2021") < page.find("20/02/2021"), "the newest first: {page}");
    // Refused: nothing is signed, what was typed comes back, and the field is named.
    let (status, said) = ask(&place, &director, "/returns", Some(&form("3", "P001", "2021-02-22", "5,5")));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        said.contains("Here stands a whole number.")
            && said.contains("value=\"5,5\"")
            && said.contains("value=\"2021-02-22\""),
        "{said}"
    );
    let (status, said) = ask(&place, &director, "/returns", Some(&form("4", "P004", "2021-02-22", "5")));
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(said.contains("the unit P004 is not yours") && !said.contains("Cao Bằng"), "{said}");
    let head = "unit,day,measure,count,signer\n";
    let (status, said) =
        send(&place, &director, &format!("{head}P001,2021-02-22,processed,1,a\nP001,2021-02-30,processed,1,a\n"));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said.contains("File sheet.csv, line 3, column day: Here stands a day such as 2021-02-28."), "{said}");
    assert_eq!(send(&place, &director, &format!("{head}P004,2021-02-22,processed,1,a\n")).0, StatusCode::FORBIDDEN);
    assert_eq!(
        json(&place, &director, "/api/v1/returns")["items"].as_array().map(Vec::len),
        Some(2),
        "nothing was kept"
    );
    assert_eq!(ask(&place, &director, "/returns?unit=P004", None).0, StatusCode::NOT_FOUND);
    let reader = session(&place.book, "reader");
    assert_eq!(ask(&place, &reader, "/returns", Some(&form("5", "P001", "2021-02-22", "5"))).0, StatusCode::FORBIDDEN);

    // The ministry's inspector signs for all; page by page each return is there once, whatever comes meanwhile.
    let days: String = (1..=28).map(|day| format!("P004,2021-02-{day:02},processed,{day},a\n")).collect();
    let odd = "P999,2021-02-28,processed,5,a\n,2021-02-28,processed,9,a\n";
    assert_eq!(send(&place, &inspector, &format!("{head}{days}{odd}")).0, StatusCode::SEE_OTHER);
    let (mut after, mut seen) = (String::new(), Vec::new());
    loop {
        let page = json(&place, &inspector, &format!("/api/v1/returns?limit=7{after}"));
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| format!("{} {}", one["unit"], one["day"])));
        if seen.len() == 7 {
            assert_eq!(
                ask(&place, &director, "/returns", Some(&form("6", "P001", "2021-02-23", "600"))).0,
                StatusCode::SEE_OTHER
            );
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (32, 32), "{seen:?}");
    assert!(ask(&place, &inspector, "/returns", None).1.contains("there is no such unit"));
    assert_eq!(json(&place, &director, "/api/v1/returns")["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(call(&place, &director, "GET", "/api/v1/returns?after=x", "").0, StatusCode::NOT_FOUND);
}

#[test]
fn a_target_is_looked_at_shared_out_and_set_and_the_second_officer_sees_the_first() {
    let place = steered("targets");
    let (first, second) = (session(&place.book, "inspector"), session_as(&place.book, "inspector.2", "inspector"));
    let form = |act: &str, key: &str, more: &str| {
        format!("key={key}&act={act}&unit=&measure=entered&deadline=2099-07-01&count=1001{more}")
    };
    let events = || place.book.view(|view| Ok(view.event_count()?)).unwrap();
    let before = events();
    // By capacity: P001 brought about 28,000 in four weeks, P004 less; the shares add up.
    let (status, look) = ask(&place, &first, "/targets", Some(&form("preview", "1", "&basis=capacity")));
    assert_eq!((status, events()), (StatusCode::OK, before), "nothing is set by looking: {look}");
    assert!(look.contains("Everything adds up."), "{look}");
    let share = |page: &str, unit: &str| hidden(page, &format!("share-{unit}")).parse::<u64>().unwrap();
    let (one, four) = (share(&look, "P001"), share(&look, "P004"));
    assert!(one + four == 1001 && one > four && four > 0, "{one} {four}");
    // Changed by hand they do not add up, and the page says by how much; a unit without a share is named by population.
    let typed = format!("&basis=capacity&version=0&share-P001={one}&share-P004=1");
    let (_, look) = ask(&place, &first, "/targets", Some(&form("preview", "2", &typed)));
    assert!(look.contains(&format!("come to {}: {} too few", one + 1, 1000 - one)), "{look}");
    let past = "key=3&act=preview&unit=&measure=entered&deadline=2020-07-01&count=5&basis=";
    assert!(ask(&place, &first, "/targets", Some(past)).1.contains("the deadline had passed"));
    let (_, look) = ask(&place, &first, "/targets", Some(&form("preview", "8", "&basis=population")));
    assert_eq!((share(&look, "P001"), share(&look, "P004")), (667, 334), "by 80,000 and 40,000 people");
    // Nobody has people in the district: by population nothing can be shared out there, and what was typed comes back.
    let (status, said) =
        ask(&place, &first, "/targets", Some(&form("preview", "4", "&basis=population").replace("unit=", "unit=P001")));
    assert!(status == StatusCode::FORBIDDEN && said.contains("No unit below has people"), "{said}");
    assert!(said.contains("value=\"1001\"") && said.contains("value=\"2099-07-01\""), "{said}");
    let (status, said) = ask(
        &place,
        &first,
        "/targets",
        Some("key=5&act=set&unit=&measure=entered&deadline=2099-07-01&count=1.001&basis="),
    );
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("value=\"1.001\""), "{said}");

    let shares = format!("&basis=capacity&version=0&share-P001={one}&share-P004={four}");
    let (status, to) = ask(&place, &first, "/targets", Some(&form("set", "6", &shares)));
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/targets?unit="));
    assert_eq!(ask(&place, &first, "/targets", Some(&form("set", "6", &shares))).0, StatusCode::SEE_OTHER);
    let listed = |token: &str| json(&place, token, "/api/v1/targets")["items"].as_array().unwrap().clone();
    let all: Vec<(String, u64, u64)> = listed(&first)
        .iter()
        .map(|one| {
            (one["unit"].as_str().unwrap().to_owned(), one["count"].as_u64().unwrap(), one["version"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(all, [(String::new(), 1001, 1), ("P001".into(), one, 1), ("P004".into(), four, 1)]);
    assert!(listed(&first).iter().all(|one| one["basis"] == "capacity"));
    // The second officer looked before: sees what the first set, and may set it all the same then.
    let typed = format!("&basis=capacity&version=0&share-P001=1&share-P004={}", 1000);
    let (status, said) = ask(&place, &second, "/targets", Some(&form("set", "7", &typed)));
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(said.contains("officer.inspector") && said.contains("name=\"version\" value=\"1\""), "{said}");
    assert_eq!(share(&said, "P004"), 1000, "what was typed is kept");
    let (status, _) =
        ask(&place, &second, "/targets", Some(&form("set", "8", &typed.replace("version=0", "version=1"))));
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(listed(&first)[2]["basis"], "hand");
    let (_, page) = ask(&place, &second, "/targets", None);
    assert!(page.contains("inspector.2") && !page.contains("officer.inspector"), "the newest alone: {page}");
    let (_, page) = ask(&place, &second, "/targets?unit=P004&measure=entered&deadline=2099-07-01", None);
    assert!(page.contains("inspector.2") && page.contains("officer.inspector"), "both versions: {page}");

    let director = director(&place, "P004");
    assert_eq!(listed(&director).len(), 1);
    assert_eq!(ask(&place, &director, "/targets?unit=P001", None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, "/targets", Some(&form("set", "9", "&basis="))).0, StatusCode::FORBIDDEN);
    let stale = r#"{"unit":"","measure":"entered","deadline":"2099-07-01","count":9,"version":1}"#;
    assert_eq!(call(&place, &first, "POST", "/api/v1/targets", stale).0, StatusCode::CONFLICT);
}
