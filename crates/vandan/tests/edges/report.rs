//! Reports, exports and comparisons by their pages: three officers, one frozen report; a copy is it, or is not.

use crate::place::{Place, answer, ask, call, kinds, session, session_as, two_provinces};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use services::officer;
use services::programme::{Filed, Freezing, Judged, Paper, Rulebook, Setter, file, freeze};
use services::{Command, officer::Officer};
use time::{Day, Instant};

fn verify(place: &Place, token: &str, path: &str, copy: &[u8]) -> String {
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"copy\"; filename=\"r.json\"\r\n\r\n".to_vec();
    body.extend(copy);
    body.extend(b"\r\n--edge--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri(format!("{path}/verify"))
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, body.len());
    answer(&place.app, request.body(Body::from(body)).unwrap()).1
}

#[test]
fn three_officers_make_a_report_and_a_changed_copy_is_refused() {
    let place = Place::new("reports");
    two_provinces(&place);
    let [first, second, third] =
        ["inspector.1", "inspector.2", "inspector.3"].map(|name| session_as(&place.book, name, "inspector"));
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some("P001")).unwrap();
    let (status, path) = ask(&place, &first, "/reports", Some("key=r1&title=&unit=&as_of=&place="));
    assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    let again = ask(&place, &first, "/reports", Some("key=r1&title=&unit=&as_of=&place="));
    assert_eq!(again.1, path, "the same form twice is one report");
    let (_, page) = ask(&place, &second, &path, None);
    let hash = page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(hash.len(), 64, "{page}");
    let step = |token: &str, hash: &str, key: &str| ask(&place, token, &path, Some(&format!("key={key}&hash={hash}")));
    let (_, said) = step(&first, &hash, "r2");
    assert!(said.contains("another officer is needed"), "{said}");
    let (_, said) = step(&second, &"0".repeat(64), "r3");
    assert!(said.contains("another report"), "{said}");
    assert_eq!(step(&second, &hash, "r4").0, StatusCode::SEE_OTHER);
    let (_, said) = step(&second, &hash, "r5");
    assert!(said.contains("another officer is needed"), "{said}");
    assert_eq!(step(&third, &hash, "r6").0, StatusCode::SEE_OTHER);
    let (_, said) = step(&third, &hash, "r7");
    assert!(said.contains("was signed"), "{said}");
    let made: Vec<String> = kinds(&place).into_iter().filter(|kind| kind.starts_with("report.")).collect();
    assert_eq!(made, ["report.frozen", "report.checked", "report.signed"]);

    let (status, frozen) = ask(&place, &second, &format!("{path}/file/json"), None);
    assert_eq!(status, StatusCode::OK);
    assert!(verify(&place, &first, &path, frozen.as_bytes()).contains("It is this report"));
    let changed = frozen.replacen("\"value\":2", "\"value\":3", 1);
    assert_ne!(changed, frozen);
    assert!(verify(&place, &first, &path, changed.as_bytes()).contains("it is not this report"));
    // The nation's is not a province's to see, and a director freezes none.
    assert_eq!(ask(&place, &director, &path, None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, &format!("{path}/file/json"), None).0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&place, &director, "/reports", Some("key=r8&title=&unit=&as_of=&place=")).0, StatusCode::FORBIDDEN);
    // What comes later changes nothing of what was frozen.
    crate::place::take_in(&place, "9,001,DC01,Trần Thị Thử,1/2/1980,Nữ,001,,,,\n");
    assert_eq!(ask(&place, &second, &format!("{path}/file/json"), None).1, frozen);
}

#[test]
fn a_program_makes_a_report_as_officers_do_and_only_of_its_own_unit() {
    let place = Place::new("report-program");
    two_provinces(&place);
    let officers = ["inspector.1", "inspector.2", "inspector.3"];
    let [first, second, third] = officers.map(|name| session_as(&place.book, name, "inspector"));
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some("P001")).unwrap();
    let call = |token: &str, method: &str, path: &str, body: &str| {
        let (status, said) = crate::place::call(&place, token, method, &format!("/api/v1{path}"), body);
        (status, serde_json::from_str::<serde_json::Value>(&said).unwrap_or(serde_json::Value::String(said)))
    };
    let asked = r#"{"title":"Quý I","language":"en","purpose":"conference","place":"Huế"}"#;
    let (status, made) = call(&first, "POST", "/reports", asked);
    assert_eq!((status, &made["state"], &made["title"]), (StatusCode::OK, &"draft".into(), &"Quý I".into()), "{made}");
    let path = format!("/reports/{}", made["id"].as_str().unwrap());
    let step = |token: &str, number: &str| {
        let body = format!(r#"{{"hash":{},"number":"{number}"}}"#, made["hash"]);
        call(token, "POST", &format!("{path}/steps"), &body)
    };
    assert_eq!(step(&first, "").1["code"], "report-same-officer");
    assert_eq!(step(&second, "").1["state"], "checked");
    assert_eq!(step(&third, "9").1["state"], "signed");
    let (status, frozen) = call(&second, "GET", &format!("{path}/file/json"), "");
    assert_eq!((status, &frozen["language"]), (StatusCode::OK, &"en".into()));
    let exact = crate::place::call(&place, &second, "GET", &format!("/api/v1{path}/file/json"), "").1;
    let verdict = |copy: &str| crate::place::sent(&place, &first, &format!("/api/v1{path}/verification"), copy);
    assert!(verdict(&exact).contains("\"verdict\":\"same\""));
    let said = verdict(&exact.replacen("Quý I", "Quý II", 1));
    assert!(said.contains("\"verdict\":\"changed\""), "{said}");
    for (method, path) in
        [("GET", format!("{path}/file/json")), ("GET", path.clone()), ("GET", format!("{path}/file/exe"))]
    {
        assert_eq!(call(&director, method, &path, "").0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(call(&director, "POST", "/reports", "{}").0, StatusCode::FORBIDDEN);
    for (wrong, code) in [(r#"{"day":"1/2/2021"}"#, "day-malformed"), (r#"{"unit":"P099"}"#, "unit-missing")] {
        assert_eq!(call(&first, "POST", "/reports", wrong).1["code"], code);
    }
}

#[test]
fn the_list_of_reports_has_pages_and_none_is_left_out() {
    let place = Place::new("report-pages");
    place.clock.set(Day(22_000).start());
    two_provinces(&place);
    let inspector = session(&place.book, "inspector");
    let mut titles: Vec<String> = (0..53).map(|at| format!("Báo cáo số {at:02}")).collect();
    for (at, title) in titles.iter().enumerate() {
        place.clock.set(Instant(Day(22_000).start().0 + at as i64));
        let body = format!(r#"{{"title":"{title}","unit":"P001"}}"#);
        assert_eq!(call(&place, &inspector, "POST", "/api/v1/reports", &body).0, StatusCode::OK);
    }
    titles.reverse();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (_, said) = call(&place, &inspector, "GET", &format!("/api/v1/reports?limit=20&after={after}"), "");
        let page: serde_json::Value = serde_json::from_str(&said).unwrap();
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()));
        assert!(seen.len() % 20 == 0 || page["next"].is_null(), "{said}");
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut after);
    }
    assert_eq!(seen, titles);
    let page = ask(&place, &inspector, "/reports", None).1;
    assert!(page.contains(&titles[49]) && !page.contains(&titles[50]), "{page}");
    let next = page.split("/reports?after=").nth(1).unwrap().split('"').next().unwrap();
    let page = ask(&place, &inspector, &format!("/reports?after={next}"), None).1;
    assert!(page.contains(&titles[50]) && page.contains(&titles[52]) && !page.contains("after="), "{page}");
    assert_eq!(ask(&place, &inspector, "/reports?after=x", None).0, StatusCode::NOT_FOUND);
}

#[test]
fn a_report_of_a_day_of_which_nothing_was_known_says_so() {
    let place = Place::new("report-hindsight");
    two_provinces(&place);
    let officer = Officer::operator();
    let sheet = "unit,day,measure,count,signer\nP001,2021-02-28,captured,700,An\n";
    services::programme::sign(&place.book, &Command::by(&officer), "r.csv", sheet.as_bytes()).unwrap();
    let absent = |_: &Paper, _: &str| Ok(None);
    let frozen = |as_of: &str| {
        let asked = Freezing {
            unit: String::new(),
            kind: None,
            as_of: Instant::parse(as_of),
            title: String::new(),
            language: "en",
            place: String::new(),
            rulebook: Rulebook::default(),
        };
        freeze(&place.book, &Command::by(&officer), &asked, &|_, name| name.to_owned(), &absent).unwrap().report
    };
    // Before anything was recorded here: as it is known now, and said.
    let report = frozen("2021-03-01");
    let captured = report.tables.iter().find(|table| table.measure == "captured").unwrap();
    assert_eq!((captured.total.value, report.notes.len()), (700, 1), "{:?}", report.notes);
    assert!(report.notes[0].starts_with("hindsight") && report.tables.len() == 1, "{:?}", report.notes);
    let report = frozen("2020-03-01");
    assert!(report.tables.is_empty() && report.notes.len() == 2 && report.notes[1] == "nothing", "{:?}", report.notes);
    let report = frozen("2031-01-01");
    assert!(report.tables.len() > 1 && report.notes[0].starts_with("future"), "{:?}", report.notes);
}

#[test]
fn a_copy_of_another_state_is_not_the_report_as_it_stands() {
    let place = Place::new("copies");
    two_provinces(&place);
    let officers = ["inspector.1", "inspector.2", "inspector.3"];
    let [first, second, third] = officers.map(|name| session_as(&place.book, name, "inspector"));
    let (_, path) = ask(&place, &first, "/reports", Some("key=r1&title=&unit=&as_of=&place="));
    let (_, page) = ask(&place, &second, &path, None);
    let hash = page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let step = |token: &str, key: &str| {
        let (status, said) = ask(&place, token, &path, Some(&format!("key={key}&hash={hash}&number=217")));
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
    };
    let pdf = || ask(&place, &first, &format!("{path}/file/pdf"), None).1;
    let judged = |copy: &str| verify(&place, &first, &path, copy.as_bytes());
    let draft = pdf();
    let as_signed = draft.replacen(" draft ", " signed ", 1);
    assert!(judged(&draft).contains("It is this report."));
    let said = judged(&as_signed);
    assert!(said.contains("this copy says “signed”, the report is not"), "{said}");
    step(&second, "r2");
    assert!(judged(&draft).contains("an earlier state of this report (draft)"));
    assert!(judged(&pdf()).contains("It is this report."));
    step(&third, "r3");
    let signed = pdf();
    assert_eq!(signed, as_signed.replacen("signed ", "signed 217/inspector.3 ", 1));
    let page = ask(&place, &first, &path, None).1;
    assert!(page.contains("<dd>inspector.3</dd>") && page.contains("<dd>217</dd>"), "{page}");
    assert!(judged(&signed).contains("It is this report."));
    assert!(judged(&draft).contains("an earlier state of this report (draft)"));
    // Changed under the right hash, and under another.
    assert!(judged(&signed.replacen("\"value\":2", "\"value\":3", 1)).contains("something was changed"));
    assert!(judged(&signed.replacen(&hash, &"0".repeat(64), 1)).contains("does not bear its hash"));
}

/// What sets reports in an edition: no pages, but their marks.
fn edition(edition: u64) -> impl Fn(&Paper, &str) -> Result<Option<Vec<u8>>, services::Error> {
    move |paper, form| {
        let hash = services::programme::sha256(&paper.frozen);
        let mark = if form == "pdf" { format!("%pdf sha256:{hash} edition:{edition:016x} ") } else { "PK".into() };
        let state = if form == "pdf" { paper.state.name() } else { "" };
        Ok(Some(format!("{mark}{state} {edition}").into_bytes()))
    }
}

#[test]
fn a_file_that_was_set_long_ago_is_known_by_its_hash() {
    let place = Place::new("old-files");
    two_provinces(&place);
    let by = Officer { id: ids::OfficerId(ids::Uuid([7; 16])), ..Officer::operator() };
    let (old, new) = (edition(1), edition(2));
    let absent = |_: &Paper, _: &str| Ok(None);
    let freezing = |set: Setter<'_>| {
        let asked = Freezing {
            unit: String::new(),
            kind: None,
            as_of: None,
            title: String::new(),
            language: "vi",
            place: String::new(),
            rulebook: Rulebook::default(),
        };
        freeze(&place.book, &Command::by(&Officer::operator()), &asked, &|_, name| name.to_owned(), set).unwrap()
    };
    let draft = freezing(&old);
    let hash = draft.filing.hash.clone();
    let checked = file(&place.book, &Command::by(&by), draft.id, (&hash, ""), &old).unwrap();
    assert_eq!(checked.filing.files.len(), 2);
    let [pdf, xlsx] = ["pdf", "xlsx"].map(|form| old(&checked.paper(Filed::Checked), form).unwrap().unwrap());
    let draft_pdf = old(&checked.paper(Filed::Draft), "pdf").unwrap().unwrap();
    // Where another edition sets reports now, or none.
    for set in [&old as Setter<'_>, &new, &absent] {
        assert_eq!(checked.judge(&pdf, set).unwrap(), Judged::Same);
        assert_eq!(checked.judge(&xlsx, set).unwrap(), Judged::Same);
        assert_eq!(checked.judge(&draft_pdf, set).unwrap(), Judged::Earlier(Filed::Draft));
    }
    // One digit of the edition, one of the text.
    let changed = |from: &str, to: &str| String::from_utf8(pdf.clone()).unwrap().replacen(from, to, 1).into_bytes();
    let edition = changed("edition:0", "edition:9");
    assert_eq!(checked.judge(&edition, &old).unwrap(), Judged::Edition);
    let text = changed("checked", "cheered");
    assert_eq!(checked.judge(&text, &old).unwrap(), Judged::Changed);
    assert_eq!(checked.judge(&text, &new).unwrap(), Judged::Edition);
    assert_eq!(checked.judge(b"PK another", &old).unwrap(), Judged::Other);
    // What a later edition sets of it is the report as well.
    let later = new(&checked.paper(Filed::Checked), "pdf").unwrap().unwrap();
    assert_eq!(checked.judge(&later, &new).unwrap(), Judged::Same);
    // The hashes stand in the events.
    let detail = place.book.view(|view| Ok(view.events(0, 10_000)?)).unwrap();
    let detail = detail.into_iter().find(|event| event.kind == "report.checked").unwrap().bytes;
    let kept = services::programme::sha256(&pdf);
    assert!(detail.windows(kept.len()).any(|window| window == kept.as_bytes()));
    // Without the program a report is frozen all the same, and one that it cannot set is not.
    assert!(freezing(&absent).filing.files.is_empty());
    let before = kinds(&place).len();
    let failing = |_: &Paper, _: &str| Err(services::Error::input("report-unset"));
    let asked = Freezing {
        unit: String::new(),
        kind: None,
        as_of: None,
        title: String::new(),
        language: "vi",
        place: String::new(),
        rulebook: Rulebook::default(),
    };
    let by = Command::by(&Officer::operator());
    assert!(freeze(&place.book, &by, &asked, &|_, name| name.to_owned(), &failing).is_err());
    assert_eq!(kinds(&place).len(), before);
}

#[test]
fn a_board_is_exported_in_every_form_and_only_below_the_own_unit() {
    let place = Place::new("exports");
    two_provinces(&place);
    let inspector = session(&place.book, "inspector");
    let csv = ask(&place, &inspector, "/board/export/csv?measure=entered", None).1;
    assert!(csv.starts_with('\u{feff}') && csv.contains("\n\"P001\",\"Hà Nội\",\"entered\""), "{csv}");
    let json = ask(&place, &inspector, "/board/export/json?measure=entered", None).1;
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(rows.to_string().contains("\"P004\""), "{rows}");
    assert_eq!(ask(&place, &inspector, "/board/export/xlsx", None).0, StatusCode::OK);
    assert_eq!(ask(&place, &inspector, "/board/export/exe", None).0, StatusCode::NOT_FOUND);
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &Command::by(&Officer::operator()), "director.1", None, Some("P001")).unwrap();
    let own = ask(&place, &director, "/board/export/csv?measure=entered", None).1;
    assert!(own.contains("P001") && !own.contains("P004") && !own.contains("Cao Bằng"), "{own}");
    for path in ["/board?unit=P004", "/board/export/csv?unit=P004", "/board/rows?unit=P004&measure=entered"] {
        assert_eq!(ask(&place, &director, path, None).0, StatusCode::NOT_FOUND, "{path}");
    }
    // Each number opens exactly its rows.
    let rows = ask(&place, &director, "/board/rows?unit=P001&measure=entered", None).1;
    assert_eq!(rows.matches("Entered").count(), 1, "{rows}");
}

#[test]
fn two_days_stand_side_by_side_as_known_then_and_as_known_now() {
    let place = Place::new("compared");
    let day = |text: &str| Day::parse(text).unwrap();
    let on = |text: &str| place.clock.set(Instant(day(text).start().0 + 3_600_000_000));
    on("2030-03-01");
    two_provinces(&place);
    let by = Command::by(&Officer::operator());
    // The first of March as it was signed on the tenth, and corrected on the twentieth.
    let sign = |text: &str| {
        let sheet = format!("unit,day,measure,count,signer\n{text}");
        services::programme::sign(&place.book, &by, "returns.csv", sheet.as_bytes()).unwrap();
    };
    on("2030-03-10");
    sign("P001,2030-03-10,processed,100,a\nP004,2030-03-10,processed,300,a\n");
    on("2030-03-20");
    sign("P001,2030-03-20,processed,400,a\nP004,2030-03-20,processed,350,a\nP001,2030-03-10,processed,150,a\n");
    let inspector = session(&place.book, "inspector");
    let asked = "measure=entered&first=2030-03-10&second=2030-03-20";
    let read = |more: &str| {
        let (status, said) =
            crate::place::call(&place, &inspector, "GET", &format!("/api/v1/board/comparison?{asked}{more}"), "");
        assert_eq!(status, StatusCode::OK, "{said}");
        serde_json::from_str::<serde_json::Value>(&said).unwrap()
    };
    let of = |all: &serde_json::Value, unit: &str| {
        let one = all["units"].as_array().unwrap().iter().find(|one| one["unit"] == unit).unwrap().clone();
        let number = |side: &str, field: &str| one[side][field].as_i64().unwrap();
        let side = |side: &str| (number(side, "value"), number(side, "rank"), number(side, "corrected"));
        (side("first"), side("second"), one["gain"].as_i64().unwrap(), one["rank_gain"].as_i64().unwrap())
    };
    let now = read("");
    assert_eq!(of(&now, "P001"), ((150, 2, 50), (400, 1, 0), 250, 1));
    assert_eq!(of(&now, "P004"), ((300, 1, 0), (350, 2, 0), 50, -1));
    let then = read("&then=true");
    assert_eq!(
        of(&then, "P001"),
        ((100, 2, 50), (400, 1, 0), 300, 1),
        "what was signed later is not in what was known then"
    );
    // Turned round it is the same; a day to come is today.
    assert_eq!(read("").to_string(), {
        let turned = "measure=entered&second=2030-03-10&first=2030-03-20";
        let (_, said) =
            crate::place::call(&place, &inspector, "GET", &format!("/api/v1/board/comparison?{turned}"), "");
        serde_json::from_str::<serde_json::Value>(&said).unwrap().to_string()
    });
    let (_, page) = ask(&place, &inspector, &format!("/board/compare?{asked}&then=1"), None);
    for expected in ["10/03/2030", "20/03/2030", "+300", "Hà Nội", "known at its end"] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    let at = |page: &str, name: &str| page.find(&format!(">{name}<")).unwrap();
    let (_, sorted) = ask(&place, &inspector, &format!("/board/compare?{asked}&sort=first"), None);
    assert!(at(&sorted, "Cao Bằng") < at(&sorted, "Hà Nội"));
    let (_, sorted) = ask(&place, &inspector, &format!("/board/compare?{asked}&sort=gain"), None);
    assert!(at(&sorted, "Hà Nội") < at(&sorted, "Cao Bằng"));
    let csv = ask(&place, &inspector, &format!("/board/compare/export/csv?{asked}"), None).1;
    assert!(csv.contains("\"P001\",\"Hà Nội\",150,400,250,"), "{csv}");
    let json = ask(&place, &inspector, &format!("/board/compare/export/json?{asked}"), None).1;
    assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["rows"][1]["gain"].is_i64(), "{json}");
    assert_eq!(ask(&place, &inspector, "/board/compare/export/xlsx", None).0, StatusCode::OK);
    assert_eq!(ask(&place, &inspector, "/board/compare/export/exe", None).0, StatusCode::NOT_FOUND);
    // Nobody sees beside their unit; what is no measure or no day is said so.
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &by, "director.1", None, Some("P001")).unwrap();
    let own = ask(&place, &director, &format!("/board/compare?{asked}"), None).1;
    assert!(own.contains("Hà Nội") && !own.contains("Cao Bằng"), "{own}");
    for path in ["/board/compare?unit=P004", "/board/compare/export/csv?unit=P004", "/board/compare?measure=nothing"] {
        assert_eq!(ask(&place, &director, path, None).0, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, said) = crate::place::call(&place, &director, "GET", "/api/v1/board/comparison?first=2030-02-30", "");
    assert!(status == StatusCode::BAD_REQUEST && said.contains("parameter-malformed"), "{said}");
}

#[test]
fn a_conference_pack_has_a_page_for_each_province_with_what_waits_there() {
    let place = Place::new("conference");
    place.clock.set(Instant(Day::parse("2030-03-20").unwrap().start().0 + 3_600_000_000));
    two_provinces(&place);
    let by = Command::by(&Officer::operator());
    let days: String = (1..=19).map(|day| format!("P001,2030-03-{day:02},processed,{},a\n", day * 10)).collect();
    let sheet = format!("unit,day,measure,count,signer\n{days}P001,2030-03-19,population,100000,a\n");
    services::programme::sign(&place.book, &by, "returns.csv", sheet.as_bytes()).unwrap();
    let setting = services::programme::Setting {
        unit: "P001".into(),
        measure: "entered".into(),
        deadline: Day::parse("2030-06-01").unwrap(),
        count: Some(1_000),
    };
    services::programme::set(&place.book, &by, &setting).unwrap();
    let fields = |all: &[(&str, &str)]| {
        services::programme::Fields::new(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    };
    for at in 0..6 {
        let until = format!("2030-04-{:02}", 20 - at);
        let raised = [
            ("unit", "00001"),
            ("title", "Mất mạng"),
            ("body", "b"),
            ("about", "network"),
            ("severity", "high"),
            ("at", ""),
            ("until", &*until),
        ];
        services::programme::act(&place.book, &by, None, "raise", &fields(&raised)).unwrap();
    }
    let inspector = session(&place.book, "inspector");
    let (status, path) = ask(&place, &inspector, "/reports", Some("key=r1&kind=conference&title=&unit=&as_of=&place="));
    assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    let (_, frozen) = ask(&place, &inspector, &format!("{path}/file/json"), None);
    let report: serde_json::Value = serde_json::from_str(&frozen).unwrap();
    assert_eq!((&report["kind"], report["pages"].as_array().unwrap().len()), (&"conference".into(), 2), "{report}");
    let page = report["pages"].as_array().unwrap().iter().find(|page| page["unit"] == "P001").unwrap();
    // What lies below it is the province's; the first of many are named, those that are due first.
    assert_eq!((page["open"].as_u64(), page["difficulties"].as_array().unwrap().len()), (Some(6), 4), "{page}");
    assert_eq!(
        (&page["difficulties"][0]["due"], &page["difficulties"][0]["unit"]),
        (&"2030-04-15".into(), &"Phúc Xá".into())
    );
    let curve = &page["series"][0];
    let reached = curve["reached"].as_array().unwrap();
    assert!(
        reached.len() > 1 && reached.last().unwrap()["value"] == 190 && reached.last().unwrap()["day"] == "2030-03-19",
        "{curve}"
    );
    assert_eq!(reached[reached.len() - 2]["value"], 120, "a week before, as it was signed");
    assert_eq!((&curve["target"], &curve["deadline"]), (&1_000.into(), &"2030-06-01".into()));
    let expected = curve["expected"].as_array().unwrap();
    assert!(
        !expected.is_empty() && expected.iter().all(|one| one["low"].as_u64() <= one["middle"].as_u64()),
        "{curve}"
    );
    let other = report["pages"].as_array().unwrap().iter().find(|page| page["unit"] == "P004").unwrap();
    assert_eq!(other["open"], 0);
    // The page of one province is a report of its own kind.
    let (_, path) = ask(&place, &inspector, "/reports", Some("key=r2&kind=&title=&unit=P001&as_of=&place="));
    let (_, frozen) = ask(&place, &inspector, &format!("{path}/file/json"), None);
    let report: serde_json::Value = serde_json::from_str(&frozen).unwrap();
    assert_eq!((&report["kind"], &report["pages"][0]["open"]), (&"province".into(), &6.into()));
}
