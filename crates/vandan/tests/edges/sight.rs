//! Who sees what of what is followed up, wherever units lie by now; and whoever belongs to a unit that is no longer there.

use crate::place::{Place, ask, call, session, session_as, two_provinces};
use axum::http::StatusCode;
use journal::{Actor, Change};
use programme::record::Record;
use services::officer::{self, Officer};
use services::programme::{self as steering, Fields, Listing, act, effects, record, records};
use services::{Command, Error, unit};
use std::collections::BTreeSet;
use time::{Day, Instant};

fn fields(all: &[(&str, &str)]) -> Fields {
    Fields::new(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// The operator of the machine, of a unit.
fn of(unit: &str) -> Officer {
    Officer { unit: unit.to_owned(), ..Officer::operator() }
}

fn listed(place: &Place, unit: &str, kind: &str, query: &str) -> Vec<Record> {
    let listing = Listing { kind: kind.to_owned(), query: query.to_owned(), ..Listing::default() };
    let found = records(&place.book, &of(unit), &listing).unwrap();
    assert_eq!(found.count, found.items.len());
    found.items
}

fn made(place: &Place, name: &str, all: &[(&str, &str)]) -> Record {
    act(&place.book, &Command::by(&of("")), None, name, &fields(all)).unwrap()
}

fn raised(place: &Place, unit: &str, title: &str) -> Record {
    let all = [("unit", unit), ("title", title), ("body", "b"), ("about", "data"), ("severity", "low")];
    made(place, "raise", &[&all[..], &[("at", ""), ("until", "2099-01-01")]].concat())
}

fn step(place: &Place, record: &Record, name: &str, all: &[(&str, &str)]) -> Record {
    act(&place.book, &Command::by(&of("")), Some(record.head().id), name, &fields(all)).unwrap()
}

fn import(place: &Place, files: &[(&str, &str)]) {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    unit::import(&place.book, &Command::by(&of("")), &files).unwrap();
}

/// A journey to two provinces, the first of which was visited today.
fn journey(place: &Place) -> Record {
    session_as(&place.book, "inspector.1", "inspector");
    let today = place.book.now().day();
    let (now, soon) = (today.to_string(), Day(today.0 + 3).to_string());
    let route = format!("P001 {now}\nP004 {soon}");
    let planned =
        [("title", "Đoàn số 7"), ("body", "Kiểm tra đột xuất"), ("members", "inspector.1"), ("route", &route)];
    let one = made(place, "plan-delegation", &planned);
    step(place, &one, "set-out", &[]);
    step(place, &one, "visit", &[("unit", "P001"), ("day", &now)])
}

#[test]
fn what_a_part_does_not_show_is_neither_found_by_words_nor_told_by_a_day() {
    let place = Place::new("sight-part");
    two_provinces(&place);
    let one = journey(&place);
    let own = |unit: &str| record(&place.book, &of(unit), one.head().id).unwrap().record;
    // The next day of the delegation is that of a visit to somebody else.
    assert!(own("").head().due.is_some() && own("P001").head().due.is_none());
    let until = Day(place.book.now().day().0 + 9).to_string();
    step(&place, &one, "promise", &[("unit", "P001"), ("body", "Mua máy"), ("until", &until)]);
    assert_eq!(own("P001").head().due.unwrap().to_string(), until);
    for (query, whole, part) in [("so 7", 1, 1), ("dot xuat", 1, 0)] {
        let found = |unit: &str| listed(&place, unit, "delegation", query).len();
        assert_eq!((found(""), found("P001"), found("P004")), (whole, part, 0), "{query}");
    }
    // What one other unit was counted with would tell its figure.
    let criteria = [("criteria", ">= 2 entered\n>= 95 hồ sơ không lỗi"), ("until", "2099-01-01")];
    let pilot =
        |units: &str| made(&place, "plan-pilot", &[&[("title", "Thí điểm"), ("units", units)], &criteria[..]].concat());
    for (units, shown) in [("00001\n01273", 1), ("00001\nD001", 2)] {
        let one = pilot(units);
        let part = record(&place.book, &of("P001"), one.head().id).unwrap().record;
        let Record::Pilot(part) = part else { panic!("{part:?}") };
        assert_eq!(part.criteria.len(), shown, "{units}");
    }
}

#[test]
fn a_list_follows_its_units_when_they_are_merged_or_moved() {
    let place = Place::new("sight-moved");
    two_provinces(&place);
    import(&place, &[("w.csv", "code,district_code,full_name\n00004,001,Trúc Bạch\n")]);
    let (own, other) = (raised(&place, "00001", "Mất mạng"), raised(&place, "01273", "Thiếu máy"));
    let ids = |unit: &str| -> Vec<_> {
        listed(&place, unit, "difficulty", "").iter().map(|one| one.head().title.clone()).collect()
    };
    assert_eq!((ids("00001"), ids("D001"), ids("P001")), (vec![own.head().title.clone()], ids("00001"), ids("00001")));
    assert!(ids("00004").is_empty() && ids("").len() == 2);
    import(&place, &[("m.csv", "old_ward_code,new_ward_code\n00001,00004\n")]);
    assert_eq!((ids("00004"), ids("P001")), (vec!["Mất mạng".to_owned()], vec!["Mất mạng".to_owned()]));
    // A district that belongs to another province from now on.
    import(&place, &[("d.csv", "code,province_code,full_name\n040,01,Cao Bằng\n")]);
    assert_eq!((ids("P004").len(), ids("P001").len(), ids("01273")), (0, 2, vec![other.head().title.clone()]));
    // What was followed up before there were lists is listed when the server starts.
    let table = steering::TABLES.iter().find(|table| table.name == "programme_record_list").unwrap();
    let rows = place.book.view(|view| Ok(view.scan(table, &[], None, 1_000)?)).unwrap();
    assert_eq!(rows.len(), 6, "two records, each in a commune, a district and a province");
    let mut event = place.book.event("test", &Actor { officer: None, purpose: "test".into() });
    event.changes = rows.into_iter().map(|row| Change::delete(table, row)).collect();
    let decision = services::Decision { events: vec![event], answer: Vec::new() };
    place.book.submit(None, move |_| Ok(decision)).unwrap();
    assert!(ids("P001").is_empty());
    steering::relist(&place.book).unwrap();
    assert_eq!((ids("P001").len(), ids("00004").len(), ids("01273").len()), (2, 1, 1));
    let events = place.book.view(|view| Ok(view.event_count()?)).unwrap();
    steering::relist(&place.book).unwrap();
    assert_eq!(place.book.view(|view| Ok(view.event_count()?)).unwrap(), events, "nothing has moved");
}

#[test]
fn the_pace_before_and_after_is_the_same_whoever_asks() {
    let place = Place::new("sight-effects");
    place.clock.set(Instant(Day::parse("2030-03-11").unwrap().start().0 + 43_200_000_000));
    two_provinces(&place);
    let more = "pin_code,gso_code,name\n002,02,Hà Giang\n006,06,Bắc Kạn\n008,08,Tuyên Quang\n";
    import(&place, &[("p.csv", more)]);
    let one = journey(&place);
    let mut sheet = "unit,day,measure,count,signer\n".to_owned();
    for (at, unit) in ["P001", "P002", "P004", "P006", "P008"].into_iter().enumerate() {
        for (day, count) in [("2030-03-01", 0), ("2030-03-10", 90), ("2030-03-11", 110 + at)] {
            sheet += &format!("{unit},{day},applications,{count},a\n{unit},{day},population,1000,a\n");
        }
    }
    steering::sign(&place.book, &Command::by(&of("")), "r.csv", sheet.as_bytes()).unwrap();
    let told = |unit: &str| effects(&place.book, &of(unit), one.head().id);
    let whole = told("").unwrap();
    assert_eq!((whole.len(), whole[0].unit.as_str(), whole[0].similar.len()), (1, "P001", 4));
    assert_eq!(told("P001").unwrap(), whole);
    assert_eq!(told("P004").unwrap_err().code(), "record-missing");
    // Once the other has been visited too, it is no longer one of those where nothing happened; neither learns of the other.
    place.clock.set(Instant(Day::parse("2030-03-15").unwrap().start().0));
    step(&place, &one, "visit", &[("unit", "P004"), ("day", "2030-03-15")]);
    steering::sign(&place.book, &Command::by(&of("")), "s.csv", sheet.replace("-11", "-15").as_bytes()).unwrap();
    let both = told("").unwrap();
    for unit in ["P001", "P004"] {
        let own: Vec<_> = both.iter().filter(|one| one.unit == unit).cloned().collect();
        assert_eq!((own.len(), own[0].similar.len(), told(unit).unwrap()), (1, 3, own), "{unit}");
    }
    let token = session(&place.book, "inspector");
    let (_, said) = call(&place, &token, "GET", &format!("/api/v1/records/{}", one.head().id), "");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (said["effects"].as_array().unwrap().len(), said["effects"][0]["similar"].as_u64()),
        (2, Some(3)),
        "{said}"
    );
    assert_eq!(said["owner"], "inspector.1");
}

#[test]
fn acts_of_law_wait_in_no_ring_and_tell_nothing_of_those_one_does_not_see() {
    let place = Place::new("sight-law");
    two_provinces(&place);
    let stages = ("stages", "2030-01-01 Dự thảo\n2030-02-01 Ban hành");
    let plan = |unit: &str, title: &str| {
        let said = [("document", "law"), ("number", title), ("article", "1"), ("change", "c"), ("why", "w"), stages];
        made(&place, "plan-amendment", &[&[("unit", unit), ("title", title)], &said[..]].concat())
    };
    let all = [plan("", "Luật kín"), plan("P001", "Quy định tỉnh"), plan("", "Nghị định"), plan("", "Không liên quan")];
    let id = |at: usize| all[at].head().id.to_string();
    step(&place, &all[1], "depend", &[("on", &id(0))]);
    step(&place, &all[0], "depend", &[("on", &id(2))]);
    let by = Command::by(&of(""));
    let ring = act(&place.book, &by, Some(all[2].head().id), "depend", &fields(&[("on", &id(1))]));
    assert_eq!(ring.unwrap_err().code(), "roadmap-cycle");
    step(&place, &all[2], "depend", &[("on", &id(3))]);
    let director = session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &by, "director.1", None, Some("P001")).unwrap();
    let (status, page) = ask(&place, &director, &format!("/records/{}", id(1)), None);
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Another document") && !page.contains("Luật kín") && !page.contains(&id(0)), "{page}");
    let (_, page) = ask(&place, &session(&place.book, "inspector"), &format!("/records/{}", id(1)), None);
    assert!(page.contains("Luật kín") && page.contains(&id(0)), "{page}");
}

#[test]
fn whose_unit_was_merged_is_told_so_on_every_page_of_the_programme() {
    let place = Place::new("sight-merged");
    two_provinces(&place);
    import(&place, &[("w.csv", "code,district_code,full_name\n00004,001,Trúc Bạch\n")]);
    let director = session_as(&place.book, "director.commune", "director");
    officer::change(&place.book, &Command::by(&of("")), "director.commune", None, Some("00001")).unwrap();
    let one = raised(&place, "00001", "Mất mạng");
    import(&place, &[("m.csv", "old_ward_code,new_ward_code\n00001,00004\n")]);
    let id = one.head().id;
    let mut pages: Vec<String> =
        ["board", "board/conference", "board/compare", "board/rows?measure=entered", "board/export/csv", "honours"]
            .into_iter()
            .chain([
                "attention",
                "digest",
                "returns",
                "targets",
                "reports",
                "tables/difficulty/csv",
                "tables/digest/json",
            ])
            .map(|page| format!("/{page}"))
            .collect();
    pages.extend(steering::KINDS.iter().map(|kind| format!("/follow/{kind}")));
    pages.push(format!("/records/{id}"));
    for page in &pages {
        let (status, said) = ask(&place, &director, page, None);
        assert!(status == StatusCode::NOT_FOUND && said.contains("was merged into another"), "{page}: {status} {said}");
    }
    let mut operations: Vec<String> = [
        "board",
        "board/comparison",
        "board/rows?measure=entered",
        "honours",
        "attention",
        "digest",
        "returns",
        "targets",
        "reports",
    ]
    .map(|page| format!("/api/v1/{page}"))
    .to_vec();
    operations.extend(steering::KINDS.iter().map(|kind| format!("/api/v1/records?kind={kind}")));
    operations.extend([format!("/api/v1/records/{id}"), "/api/v1/tables/board/csv".to_owned()]);
    for path in &operations {
        let (status, said) = call(&place, &director, "GET", path, "");
        assert!(status == StatusCode::NOT_FOUND && said.contains("unit-merged"), "{path}: {status} {said}");
    }
    // Nor does such an account write anything.
    let officer = of("00001");
    let by = Command::by(&officer);
    let before = place.book.view(|view| Ok(view.event_count()?)).unwrap();
    let raise =
        fields(&[("title", "t"), ("body", "b"), ("about", "data"), ("severity", "low"), ("until", "2099-01-01")]);
    let tried: [(&str, Result<(), Error>); 4] = [
        ("raise", act(&place.book, &by, None, "raise", &raise).map(drop)),
        ("answer", act(&place.book, &by, Some(id), "answer", &fields(&[("decision", "d")])).map(drop)),
        (
            "attach",
            steering::attach(&place.book, &by, id, &[steering::Sent { name: "n".into(), bytes: b"text".to_vec() }])
                .map(drop),
        ),
        (
            "sign",
            steering::sign(&place.book, &by, "r.csv", b"unit,day,measure,count,signer\n00001,2021-01-01,invited,1,a\n")
                .map(drop),
        ),
    ];
    for (what, done) in tried {
        assert_eq!(done.unwrap_err().code(), "unit-merged", "{what}");
    }
    assert_eq!(place.book.view(|view| Ok(view.event_count()?)).unwrap(), before);
    assert_eq!(pages.iter().collect::<BTreeSet<_>>().len(), pages.len());
}
