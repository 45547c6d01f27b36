//! What is followed up, by its pages: every act of every kind is taken once, in the order of its life; who is elsewhere sees
//! nothing and changes nothing; a second officer is told; what is refused keeps what was typed.

use crate::place::{Place, ask, kinds, session, session_as, two_provinces};
use axum::http::StatusCode;
use services::Command;
use services::officer::{self, Officer};
use services::programme::{ACTS, Fields, KINDS, Listing, Record, Rulebook, act, digest, records};
use std::collections::BTreeSet;
use time::{Day, Instant};

/// A form of fields, each name and value.
fn form(act: &str, version: Option<i64>, fields: &[(&str, &str)]) -> String {
    let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let version = version.map_or(String::new(), |version| format!("&version={version}"));
    let fields: String = fields.iter().map(|(name, value)| format!("&{name}={}", coded(value))).collect();
    format!("key={}&act={act}{version}{fields}", ids_of())
}

/// A key that was not given before.
fn ids_of() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("k{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Somebody at work on one record.
struct Desk<'a> {
    place: &'a Place,
    taken: &'a mut BTreeSet<String>,
    at: String,
    version: i64,
}

impl Desk<'_> {
    fn make<'a>(
        place: &'a Place,
        taken: &'a mut BTreeSet<String>,
        token: &str,
        act: &str,
        fields: &[(&str, &str)],
    ) -> Desk<'a> {
        let kind = ACTS.iter().find(|one| one.name == act).unwrap().kind;
        let (status, at) = ask(place, token, &format!("/follow/{kind}"), Some(&form(act, None, fields)));
        assert_eq!(status, StatusCode::SEE_OTHER, "{act}: {at}");
        taken.insert(act.to_owned());
        Desk { place, taken, at, version: 1 }
    }

    fn step(&mut self, token: &str, act: &str, fields: &[(&str, &str)]) -> &mut Self {
        let sent = form(act, Some(self.version), fields);
        let (status, said) = ask(self.place, token, &self.at, Some(&sent));
        assert_eq!(status, StatusCode::SEE_OTHER, "{act}: {said}");
        self.taken.insert(act.to_owned());
        self.version += 1;
        let (status, page) = ask(self.place, token, &self.at, None);
        assert_eq!(status, StatusCode::OK, "{page}");
        self
    }

    /// Refused, with these words, and what was typed is still there.
    fn refused(&mut self, token: &str, act: &str, fields: &[(&str, &str)], words: &str) -> &mut Self {
        let sent = form(act, Some(self.version), fields);
        let (status, said) = ask(self.place, token, &self.at, Some(&sent));
        assert!(!status.is_redirection() && said.contains(words), "{act}: {status} {said}");
        self
    }
}

/// An officer of a role in a unit, signed in.
fn at(place: &Place, name: &str, role: &str, unit: &str) -> String {
    let token = session_as(&place.book, name, role);
    officer::change(&place.book, &Command::by(&Officer::operator()), name, None, Some(unit)).unwrap();
    token
}

#[test]
fn every_act_of_every_kind_is_taken_and_what_is_not_allowed_is_refused() {
    let place = Place::new("records");
    two_provinces(&place);
    // An hour before midnight: sessions outlast the day.
    let tonight = Day(place.book.now().day().0 + 1).start();
    place.clock.set(Instant(tonight.0 - 3_600_000_000));
    let (inspector, second) = (session(&place.book, "inspector"), session_as(&place.book, "inspector.2", "inspector"));
    let commune = at(&place, "director.commune", "director", "00001");
    let district = at(&place, "director.district", "director", "D001");
    let elsewhere = at(&place, "director.elsewhere", "director", "P004");
    let today = place.book.now().day();
    let day = |ahead: i32| Day(today.0 + ahead).to_string();
    let (now, later) = (day(0), day(20));
    let mut taken = BTreeSet::new();

    // A difficulty of a commune, answered in its district, sent back, passed on, closed.
    let raised = [
        ("title", "Mất mạng"),
        ("body", "Ba ngày không có mạng"),
        ("about", "network"),
        ("severity", "high"),
        ("until", &*now),
    ];
    let mut desk = Desk::make(&place, &mut taken, &commune, "raise", &raised);
    desk.refused(&commune, "answer", &[("decision", "x")], "another unit");
    desk.refused(&district, "escalate", &[("until", &later)], "not overdue");
    desk.step(&district, "assign", &[("owner", "director.district"), ("until", &later)]);
    desk.step(&district, "answer", &[("decision", "Cấp trạm phát dự phòng")]);
    desk.step(&commune, "send-back", &[("until", &later)]);
    desk.step(&district, "answer", &[("decision", "Đã lắp xong")]);
    let stale = form("close-difficulty", Some(1), &[]);
    let (status, said) = ask(&place, &commune, &desk.at, Some(&stale));
    assert!(status == StatusCode::CONFLICT && said.contains("Another officer"), "{status} {said}");
    desk.step(&commune, "close-difficulty", &[]);
    // Nobody beside sees it or anything of it; nothing is written.
    let before = kinds(&place).len();
    for path in [desk.at.clone(), "/follow/difficulty".to_owned()] {
        let (_, said) = ask(&place, &elsewhere, &path, None);
        assert!(!said.contains("Mất mạng"), "{said}");
    }
    let (status, _) = ask(&place, &elsewhere, &desk.at.clone(), Some(&form("answer", None, &[("decision", "x")])));
    assert_eq!((status, kinds(&place).len()), (StatusCode::NOT_FOUND, before));

    // Files have their own test.
    taken.insert("withdraw-file".to_owned());

    let shared = [("title", "Làm buổi tối"), ("body", "Tổ lưu động"), ("measure", "entered"), ("since", &*now)];
    let mut desk = Desk::make(&place, &mut taken, &commune, "share", &shared);
    desk.step(&elsewhere, "adopt", &[("unit", ""), ("day", &now)]);
    desk.refused(&elsewhere, "withdraw-approach", &[], "another unit");
    desk.step(&commune, "withdraw-approach", &[]);

    let planned = [
        ("title", "Đoàn số 3"),
        ("body", "Kiểm tra tiến độ"),
        ("members", "officer.inspector\ninspector.2"),
        ("route", &*format!("P001 {now}\nP004 {later}")),
    ];
    let mut desk = Desk::make(&place, &mut taken, &inspector, "plan-delegation", &planned);
    desk.step(&inspector, "set-out", &[]);
    desk.refused(&inspector, "report-back", &[], "No unit was visited");
    desk.step(&inspector, "visit", &[("unit", "P001"), ("day", &now)]);
    desk.step(&inspector, "find", &[("unit", "P001"), ("body", "Thiếu máy")]);
    desk.step(&inspector, "promise", &[("unit", "P001"), ("body", "Thêm hai tổ"), ("until", &later)]);
    desk.step(&inspector, "promise", &[("unit", "P001"), ("body", "Thêm máy"), ("until", &later)]);
    desk.step(&inspector, "report-back", &[]);
    desk.step(&inspector, "keep", &[("promise", "1"), ("day", &now)]);
    desk.refused(&inspector, "close-delegation", &[], "open promises");
    desk.step(&inspector, "give-up", &[("promise", "2"), ("day", &now), ("reason", "Không có kinh phí")]);
    desk.step(&inspector, "close-delegation", &[]);
    Desk::make(&place, &mut taken, &inspector, "plan-delegation", &planned).step(&inspector, "cancel", &[]);

    let amended = |number: &'static str| {
        vec![
            ("title", "Sửa quy định"),
            ("document", "circular"),
            ("number", number),
            ("article", "Điều 5"),
            ("change", "Mẫu thẻ"),
            ("why", "Thẻ gắn chip"),
        ]
    };
    let stages = format!("{now} Dự thảo\n{later} Ban hành");
    let with = |number| [&amended(number)[..], &[("stages", stages.as_str())]].concat();
    let law = Desk::make(&place, &mut taken, &inspector, "plan-amendment", &with("Luật số 1")).at;
    let first = law.rsplit('/').next().unwrap().to_owned();
    let mut desk = Desk::make(&place, &mut taken, &inspector, "plan-amendment", &with("Thông tư số 2"));
    desk.step(&inspector, "depend", &[("on", &first)]);
    let own = desk.at.rsplit('/').next().unwrap().to_owned();
    let sent = form("depend", Some(1), &[("on", &own)]);
    let (_, said) = ask(&place, &inspector, &law, Some(&sent));
    assert!(said.contains("wait for each other"), "{said}");
    desk.step(&inspector, "release", &[("on", &first)]);
    desk.step(&inspector, "advance", &[("day", &now)]);
    desk.refused(&inspector, "advance", &[("day", &later)], "has not come");
    desk.step(&inspector, "drop-amendment", &[]);
    let (_, page) = ask(&place, &inspector, "/follow/roadmap", None);
    assert!(page.contains("class=\"gantt\"") && page.contains("Thông tư số 2"), "{page}");

    let planned = [("title", "85 triệu người"), ("project", "register"), ("day", &*later)];
    let mut desk = Desk::make(&place, &mut taken, &inspector, "plan-milestone", &planned);
    desk.step(&inspector, "put-off", &[("day", &day(40)), ("reason", "Lũ lụt")]);
    desk.step(&inspector, "reach", &[("day", &now)]);
    Desk::make(&place, &mut taken, &inspector, "plan-milestone", &planned).step(&inspector, "drop-milestone", &[]);

    let piloted = [
        ("title", "Thí điểm"),
        ("units", "00001\n01273"),
        ("criteria", ">= 95 hồ sơ không lỗi\n<= 3 ngày chờ\n>= 2 entered\n<= 0 personalised"),
        ("until", &*later),
    ];
    let mut desk = Desk::make(&place, &mut taken, &inspector, "plan-pilot", &piloted);
    desk.step(&inspector, "begin-pilot", &[]);
    desk.refused(&inspector, "sign", &[("verdict", "go")], "was not measured");
    desk.step(&inspector, "measure", &[("criterion", "1"), ("value", "97")]);
    desk.step(&inspector, "measure", &[("criterion", "2"), ("value", "9")]);
    desk.refused(&inspector, "sign", &[("verdict", "go")], "was not measured");
    desk.step(&inspector, "count", &[]);
    let (_, counted) = ask(&place, &inspector, &desk.at, None);
    assert!(counted.contains("<td>2 ("), "two people were entered in the two communes: {counted}");
    desk.refused(&inspector, "sign", &[("verdict", "go")], "is not met");
    desk.step(&inspector, "measure", &[("criterion", "2"), ("value", "2")]);
    desk.refused(&inspector, "measure", &[("criterion", "3"), ("value", "9")], "is counted by the board");
    desk.step(&inspector, "sign", &[("verdict", "go")]);
    desk.refused(&inspector, "sign", &[("verdict", "go")], "another officer is needed");
    desk.refused(&inspector, "promote", &[], "have not said go");
    desk.step(&second, "sign", &[("verdict", "go")]).step(&second, "promote", &[]);

    let (_, page) = ask(&place, &second, &desk.at, None);
    assert!(page.contains("officer.inspector") && page.contains("inspector.2"), "who signed is not said: {page}");
    // Passing on waits for the day after.
    let mut desk = Desk::make(&place, &mut taken, &commune, "raise", &raised);
    place.clock.set(Day(today.0 + 1).start());
    desk.step(&district, "escalate", &[("until", &later)]);
    let (_, page) = ask(&place, &commune, &desk.at, None);
    assert!(page.contains("Passed on to Hà Nội") && page.contains("director.district"), "{page}");
    let all: BTreeSet<String> = ACTS.iter().map(|act| act.name.to_owned()).collect();
    assert_eq!(taken, all, "an act that no test takes");
    for kind in KINDS {
        let event = format!("{kind}.changed");
        assert!(kinds(&place).contains(&event), "{event}");
    }
}

#[test]
fn what_was_typed_comes_back_and_lists_are_searched_without_marks() {
    let place = Place::new("records-typed");
    two_provinces(&place);
    let inspector = session(&place.book, "inspector");
    let wrong = [("title", "Đoàn <b>"), ("body", "Xem"), ("members", "nobody.at.all"), ("route", "P001 2099-01-01")];
    let (status, said) = ask(&place, &inspector, "/follow/delegation", Some(&form("plan-delegation", None, &wrong)));
    assert!(!status.is_redirection() && said.contains("value=\"Đoàn &lt;b&gt;\""), "{status} {said}");
    let wrong = [("title", "x"), ("units", "00001"), ("criteria", "95 hồ sơ"), ("until", "2099-01-01")];
    let (_, said) = ask(&place, &inspector, "/follow/pilot", Some(&form("plan-pilot", None, &wrong)));
    assert!(said.contains("does not have its form") && said.contains("95 hồ sơ"), "{said}");
    let by = Command { key: Some("once".into()), ..Command::by(&Officer::operator()) };
    let fields = |title: &str| {
        let all = [("title", title), ("project", "card"), ("day", "2099-07-01")];
        Fields::new(all.map(|(name, value)| (name.to_owned(), value.to_owned())))
    };
    let first = act(&place.book, &by, None, "plan-milestone", &fields("Năm mươi triệu thẻ")).unwrap();
    let again = act(&place.book, &by, None, "plan-milestone", &fields("Năm mươi triệu thẻ")).unwrap();
    assert_eq!(first, again, "the same command twice makes one");
    let found = |query: &str| records(&place.book, &Officer::operator(), &listing("milestone", query)).unwrap().count;
    assert_eq!((found("nam muoi"), found("trieu NAM"), found("mười tỷ"), found("")), (1, 1, 0, 1));
    assert!(matches!(first, Record::Milestone(_)));
}

fn listing(kind: &str, query: &str) -> Listing {
    Listing { kind: kind.to_owned(), query: query.to_owned(), ..Listing::default() }
}

#[test]
fn whom_a_delegation_visited_is_told_of_its_own_promises_and_of_nothing_else() {
    let place = Place::new("records-seen");
    two_provinces(&place);
    let inspector = session(&place.book, "inspector");
    let [hanoi, caobang] =
        [("director.1", "P001"), ("director.4", "P004")].map(|(name, unit)| at(&place, name, "director", unit));
    let commune = at(&place, "director.commune", "director", "00001");
    let today = place.book.now().day();
    let (now, soon) = (today.to_string(), Day(today.0 + 3).to_string());
    let planned = [
        ("title", "Đoàn số 7"),
        ("body", "Kiểm tra đột xuất"),
        ("members", "officer.inspector"),
        ("route", &*format!("P001 {now}\nP004 {soon}")),
    ];
    let mut taken = BTreeSet::new();
    let mut desk = Desk::make(&place, &mut taken, &inspector, "plan-delegation", &planned);
    let record = desk.at.clone();
    // Of a visit to come nobody there is told.
    for token in [&hanoi, &caobang] {
        assert_eq!(ask(&place, token, &record, None).0, StatusCode::NOT_FOUND);
    }
    desk.step(&inspector, "set-out", &[]);
    desk.step(&inspector, "visit", &[("unit", "P001"), ("day", &now)]);
    desk.step(&inspector, "find", &[("unit", "P001"), ("body", "Thiếu máy ảnh")]);
    desk.step(&inspector, "promise", &[("unit", "P001"), ("body", "Mua máy ảnh"), ("until", &soon)]);
    let (status, page) = ask(&place, &hanoi, &record, None);
    assert!(status == StatusCode::OK && page.contains("Mua máy ảnh") && page.contains("Thiếu máy ảnh"), "{page}");
    for hidden in ["Cao Bằng", "P004", "đột xuất", "Members", "value=\"keep\""] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    assert!(ask(&place, &hanoi, "/follow/delegation", None).1.contains("Đoàn số 7"));
    let (status, _) = ask(&place, &hanoi, &record, Some(&form("close-delegation", None, &[])));
    assert!(!status.is_redirection(), "who is visited takes no step of it");
    for token in [&caobang, &commune] {
        assert_eq!(ask(&place, token, &record, None).0, StatusCode::NOT_FOUND);
        assert!(!ask(&place, token, "/follow/delegation", None).1.contains("Đoàn số 7"));
    }
    // The morning of the province tells what it promised, whoever reads it.
    let told = |officer: &Officer| digest(&place.book, officer, &Rulebook::default(), "P001", None).unwrap();
    let director = Officer { unit: "P001".to_owned(), ..Officer::operator() };
    assert_eq!(told(&director), told(&Officer::operator()));
    assert_eq!(told(&director).promises.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Mua máy ảnh"]);
}

#[test]
fn a_long_list_has_pages_and_none_is_left_out() {
    let place = Place::new("records-pages");
    two_provinces(&place);
    let by = Command::by(&Officer::operator());
    for at in 0..230 {
        let day = Day(place.book.now().day().0 + at % 7).to_string();
        let all = [("title", format!("Mốc {at}")), ("project", "card".to_owned()), ("day", day)];
        let fields = Fields::new(all.map(|(name, value)| (name.to_owned(), value)));
        act(&place.book, &by, None, "plan-milestone", &fields).unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let listing = Listing { after, ..listing("milestone", "") };
        let page = records(&place.book, &Officer::operator(), &listing).unwrap();
        assert!(page.count == 230 && page.items.len() <= 100);
        seen.extend(page.items.iter().map(|one| (one.head().due, one.head().id)));
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert!(seen.is_sorted_by_key(|(due, _)| *due));
    assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (230, 230));
    let inspector = session(&place.book, "inspector");
    let page = ask(&place, &inspector, "/follow/milestone", None).1;
    assert!(page.contains("230 in all") && page.contains("after="), "{page}");
    assert_eq!(ask(&place, &inspector, "/follow/milestone?after=x", None).0, StatusCode::NOT_FOUND);
}
