//! A past day shown again, in programmes in which events come as a register gets them: packets late by days, in any order, twice,
//! of kits whose clock says 2036, of communes that are merged meanwhile, imports withdrawn. As known then it is what was shown;
//! as known now it is that and the corrections listed.

use crate::place::{Place, ask, call, session, session_as};
use axum::http::StatusCode;
use enrolment::packet::{self, Kit};
use enrolment::{Application, Capture, Finger, MissingReason};
use ids::{ApplicationId, ImportId, KitId, Uuid};
use register::heading::Mapping;
use serde_json::Value;
use services::import::{self, Input, Thresholds};
use services::officer::Officer;
use services::{Command, application, person};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use time::{Day, Instant};

/// Days of a programme, and the one on which a commune is merged.
const DAYS: i32 = 10;
const MERGED_ON: i32 = 5;
const HOUR_US: i64 = 3_600_000_000;
/// The commune that is merged, and into which.
const MERGED: (&str, &str) = ("00004", "00001");
/// Each commune with what it lies in.
const COMMUNES: [(&str, [&str; 2]); 4] = [
    ("00001", ["D001", "P001"]),
    ("00004", ["D001", "P001"]),
    ("01273", ["D040", "P004"]),
    ("01276", ["D040", "P004"]),
];

static PRINTS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| (0..5).map(|seed| sample::print::png(&sample::print::master(seed, 2).impression(1))).collect());

/// A programme under way.
struct Programme {
    place: Place,
    state: u64,
    today: Day,
    kit: Kit,
    packets: u64,
    /// Packets that wait in the kit, and those that have come.
    waiting: Vec<Vec<u8>>,
    come: Vec<Vec<u8>>,
    captured: BTreeSet<String>,
    imports: Vec<ImportId>,
    people: u64,
}

impl Programme {
    fn new(seed: u64) -> Programme {
        let place = Place::new(&format!("shown-{seed}"));
        let today = Day::parse("2030-03-01").unwrap();
        place.clock.set(Instant(today.start().0 + 8 * HOUR_US));
        let units = [
            ("p.csv", "pin_code,gso_code,name\n001,01,Hà Nội\n004,04,Cao Bằng\n"),
            ("d.csv", "code,province_code,full_name\n001,01,Ba Đình\n040,04,Cao Bằng\n"),
            (
                "w.csv",
                "code,district_code,full_name\n00001,001,Phúc Xá\n00004,001,Trúc Bạch\n01273,040,Sông Hiến\n01276,040,Sông Bằng\n",
            ),
        ];
        let by = Command::by(&Officer::operator());
        services::unit::import(&place.book, &by, &units.map(|(name, text)| (name.to_owned(), text.into()))).unwrap();
        let id = KitId(Uuid::v7(place.book.now().0, [7; 10]));
        let kit = Kit::new(id, &[9; 32]);
        application::register_kit(&place.book, &Officer::operator().actor("kit"), id, kit.public(), "").unwrap();
        let (waiting, come, captured, imports) = Default::default();
        let mut new =
            Programme { place, state: seed, today, kit, packets: 0, waiting, come, captured, imports, people: 0 };
        (0..4).for_each(|_| new.collect());
        new
    }

    /// A number below another.
    fn draw(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below.max(1)
    }

    /// A file of people in one commune.
    fn collect(&mut self) {
        let (commune, [_, province]) = COMMUNES[self.draw(4)];
        let mut text = "rec_id,file_province,full_name,birth_date,sex,birth_province,res_ward\n".to_owned();
        for _ in 0..2 + self.draw(3) {
            self.people += 1;
            let family = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"][self.draw(8)];
            let given = ["An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Linh", "Minh", "Ngọc"][self.draw(10)];
            let (day, month, year) = (1 + self.draw(28), 1 + self.draw(12), 1940 + self.draw(60));
            let province = province.trim_start_matches('P');
            text +=
                &format!("{},{province},{family} {given},{day}/{month}/{year},Nam,{province},{commune}\n", self.people);
        }
        let inputs = vec![Input { name: format!("{}.csv", self.people), bytes: text.into_bytes() }];
        let (by, none) = (Officer::operator(), &mut |_: &'static str, _: u64, _: u64| ());
        let taken =
            import::persons(&self.place.book, &by, inputs, &Mapping::default(), Thresholds::default(), none).unwrap();
        self.imports.extend(ImportId::parse(&taken.import));
    }

    fn withdraw(&mut self) {
        if self.imports.len() > 2 {
            let at = self.draw(self.imports.len());
            let import = self.imports.remove(at);
            // Where somebody's card is on its way it is refused, and nothing happens.
            let _ = import::withdraw(&self.place.book, &Command::by(&Officer::operator()), import);
        }
    }

    /// Captures somebody: some days ago, or by a kit whose clock is six years ahead.
    fn capture(&mut self) {
        let invited = person::invite(&self.place.book, &Officer::operator(), 30).unwrap();
        let Some(number) = invited.into_iter().find(|number| !self.captured.contains(number)) else { return };
        self.captured.insert(number.clone());
        let days = if self.draw(6) == 0 { -2_200 } else { self.draw(5) as i64 };
        let captured = Instant(self.place.book.now().0 - days * 24 * HOUR_US);
        let print = self.draw(PRINTS.len());
        let fingers = (1..=3u8).map(|position| Finger {
            position,
            capture: match position {
                2 => Capture::Image { file: PRINTS[print].clone(), dpi: 500 },
                _ => Capture::Missing(MissingReason::Worn),
            },
        });
        let application = Application {
            id: ApplicationId(self.place.book.id()),
            number,
            enroller: None,
            captured,
            face: sample::face::jpeg(1, 4_000),
            fingers: fingers.collect(),
        };
        self.packets += 1;
        let centre = packet::centre_public(&self.place.book.home().keys.packet_secret());
        let mut fill = |bytes: &mut [u8]| self.place.book.home().entropy.fill(bytes);
        self.waiting.push(packet::seal(&application, &self.kit, self.packets, &centre, &mut fill).unwrap());
    }

    /// A packet comes: any of those that wait, or one that has come before.
    fn deliver(&mut self) {
        let by = Command::by(&Officer::operator());
        if self.draw(4) == 0 && !self.come.is_empty() {
            let at = self.draw(self.come.len());
            assert!(application::receive(&self.place.book, &by, &self.come[at]).unwrap().again);
        } else if !self.waiting.is_empty() {
            let at = self.draw(self.waiting.len());
            let packet = self.waiting.remove(at);
            // Whoever was withdrawn meanwhile has no application.
            if application::receive(&self.place.book, &by, &packet).is_ok() {
                self.come.push(packet);
            }
        }
    }

    fn merge(&mut self) {
        let (old, new) = MERGED;
        let file = ("m.csv".to_owned(), format!("old_ward_code,new_ward_code\n{old},{new}\n").into_bytes());
        let by = Command::by(&Officer::operator());
        assert_eq!(services::unit::import(&self.place.book, &by, &[file]).unwrap(), 1);
    }

    /// One day, and what the board shows at its end.
    fn day(&mut self, at: i32) -> Value {
        self.today = Day(Day::parse("2030-03-01").unwrap().0 + at);
        for hour in 8..20 {
            self.place.clock.set(Instant(self.today.start().0 + hour * HOUR_US));
            match self.draw(8) {
                0 => self.collect(),
                1 if hour == 9 => self.withdraw(),
                2..4 => self.capture(),
                4..6 => self.deliver(),
                6 => drop(application::check_all(&self.place.book, &Command::by(&Officer::operator()), &mut |_, _| ())),
                _ => {}
            }
        }
        if at == MERGED_ON {
            self.merge();
        }
        self.place.clock.set(Instant(self.today.start().0 + 23 * HOUR_US));
        // A session ends overnight.
        let token = session_as(&self.place.book, &format!("inspector.{at}"), "inspector");
        self.read(&token, &format!("/api/v1/board?all=true&day={}", self.today))
    }

    fn read(&self, token: &str, path: &str) -> Value {
        let (status, said) = call(&self.place, token, "GET", path, "");
        assert_eq!(status, StatusCode::OK, "{path}: {said}");
        serde_json::from_str(&said).unwrap()
    }
}

/// The lines by unit and measure.
fn lines(board: &Value) -> BTreeMap<(String, String), Value> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    board["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| ((text(line, "unit"), text(line, "measure")), line.clone()))
        .collect()
}

fn value(lines: &BTreeMap<(String, String), Value>, unit: &str, measure: &str) -> i64 {
    lines.get(&(unit.to_owned(), measure.to_owned())).map_or(0, |line| line["value"].as_i64().unwrap())
}

/// Whether what counts for a commune, or for nobody known, counts for a unit.
fn within(counted: &str, unit: &str, merged: bool) -> bool {
    let counted = if merged && counted == MERGED.0 { MERGED.1 } else { counted };
    let above = COMMUNES.iter().find(|(code, _)| *code == counted);
    unit.is_empty() || counted == unit || above.is_some_and(|(_, above)| above.contains(&unit))
}

#[test]
fn a_past_day_is_what_was_shown_and_now_it_is_that_and_the_corrections_listed() {
    let (mut late, mut back, mut ahead, mut again, mut stated) = (0, 0, 0, 0, 0);
    for seed in 1..=3 {
        let mut programme = Programme::new(seed);
        let mut shown: Vec<(Day, Value)> = Vec::new();
        for at in 0..DAYS {
            let board = programme.day(at);
            shown.push((programme.today, board));
        }
        // Packets that were forgotten in the kit come weeks later.
        programme.place.clock.set(Instant(Day(programme.today.0 + 20).start().0 + 9 * HOUR_US));
        while !programme.waiting.is_empty() {
            programme.deliver();
        }
        again += programme.come.len();
        let token = session(&programme.place.book, "inspector");
        let mut measures: BTreeSet<String> = BTreeSet::new();
        for (day, then) in &shown {
            measures.extend(lines(then).into_keys().map(|(_, measure)| measure));
            let before = day.0 < Day::parse("2030-03-01").unwrap().0 + MERGED_ON;
            let again = programme.read(&token, &format!("/api/v1/board?all=true&day={day}&then=true"));
            assert_eq!(again["ahead"], then["ahead"], "seed {seed}, {day}");
            ahead += again["ahead"].as_array().unwrap().len();
            let (was, is) = (lines(then), lines(&again));
            // A unit that was merged meanwhile stands in the line of the one it was merged into.
            let other = |key: &&(String, String)| !before || ![MERGED.0, MERGED.1].contains(&key.0.as_str());
            let keys: BTreeSet<&(String, String)> = was.keys().chain(is.keys()).filter(other).collect();
            for key in keys {
                assert_eq!(is.get(key), was.get(key), "seed {seed}, {day} as it was known then");
            }
            for measure in &measures {
                let sum = value(&was, MERGED.0, measure) + value(&was, MERGED.1, measure);
                if measure != "waiting" {
                    assert_eq!(value(&is, MERGED.1, measure), sum, "seed {seed}, {day}, {measure}");
                }
            }
            let now = lines(&programme.read(&token, &format!("/api/v1/board?all=true&day={day}")));
            for measure in measures.iter().filter(|measure| *measure != "waiting") {
                let path = format!("/api/v1/board/comparison?measure={measure}&first={day}&second={day}&then=true");
                let compared = programme.read(&token, &path);
                let listed: Vec<(&str, i64)> = compared["corrections"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| (one["unit"].as_str().unwrap(), one["count"].as_i64().unwrap()))
                    .collect();
                late += listed.iter().filter(|(_, count)| *count > 0).count();
                back += listed.iter().filter(|(unit, _)| *unit == MERGED.0).count();
                for unit in ["", "P001", "P004", "D001", "D040", "00001", "01273", "01276"] {
                    let corrected: i64 =
                        listed.iter().filter(|(counted, _)| within(counted, unit, true)).map(|(_, count)| count).sum();
                    let (is, now) = (value(&is, unit, measure), value(&now, unit, measure));
                    assert_eq!(is + corrected, now, "seed {seed}, {day}, {unit}, {measure}: {listed:?}");
                }
            }
        }
        // What came late stands on the page of two days, day by day.
        let day = shown[1].0;
        let path = format!("/board/compare?measure=captured&first={day}&second={day}");
        let (_, page) = ask(&programme.place, &token, &path, None);
        let path = path.replace("/board/compare", "/api/v1/board/comparison");
        let count = programme.read(&token, &path)["corrections"].as_array().unwrap().len();
        assert!(count == 0 || page.contains(&format!("What events told later ({count})")), "{count}: {page}");
        stated += count;
        // What was said of a merger stands on the page.
        let (_, page) = ask(&programme.place, &token, "/board?unit=D001&measure=captured", None);
        assert!(page.contains("units that were merged into it count here"), "{page}");
        assert!(!page.contains("Trúc Bạch"), "it is no longer there: {page}");
    }
    // The programmes had in them what is asked about.
    let seen = [late, back, ahead, again, stated];
    assert!(seen.iter().all(|count| *count > 0) && late > 30, "{seen:?}");
}

#[test]
fn a_clock_ahead_and_a_merger_are_stated_and_a_merger_of_nobody_is_refused() {
    let mut programme = Programme::new(77);
    let token = session(&programme.place.book, "inspector");
    let today = programme.today;
    assert_eq!(programme.read(&token, "/api/v1/board")["ahead"], Value::Array(Vec::new()));
    while programme.come.len() < 12 {
        programme.capture();
        programme.deliver();
        programme.collect();
    }
    let board = programme.read(&token, "/api/v1/board");
    let ahead = board["ahead"].as_array().unwrap();
    assert!(!ahead.is_empty());
    for one in ahead {
        assert_eq!(one["recorded"], today.to_string());
        assert!(one["happened"].as_str().unwrap().starts_with("2036-"), "{one}");
    }
    let (_, page) = ask(&programme.place, &token, "/board?measure=captured", None);
    assert!(page.contains(&format!("{} events with a clock ahead", ahead.len())), "{page}");
    assert!(page.contains("Each counts on the day it came.") && page.contains("2036, came on 01/03/2030"), "{page}");
    // Each was captured on a day, and none after today.
    let captured = value(&lines(&board), "", "captured");
    assert_eq!(captured, programme.come.len() as i64, "twice is once: {board}");

    let before = value(&lines(&programme.read(&token, "/api/v1/board?unit=D001")), "D001", "entered");
    programme.merge();
    let district = lines(&programme.read(&token, "/api/v1/board?unit=D001"));
    assert_eq!((value(&district, "D001", "entered"), value(&district, "00001", "entered")), (before, before));
    assert!(!district.contains_key(&(MERGED.0.to_owned(), "entered".to_owned())));
    let notes = &district[&("00001".to_owned(), "entered".to_owned())]["notes"];
    assert!(notes.as_array().unwrap().contains(&"note-merged-in".into()), "{notes}");
    // Who belonged to the commune is told what became of it, and does not see the whole of the new one.
    let officer = Officer { unit: MERGED.0.to_owned(), ..Officer::operator() };
    let board = services::programme::board(&programme.place.book, &officer, &services::programme::Asked::default());
    assert_eq!(board.unwrap_err().code(), "unit-merged");
    // Nobody is merged with a unit that there is not, and an older list does not bring a merged one back.
    let by = Command::by(&Officer::operator());
    let import = |text: &str| {
        services::unit::import(&programme.place.book, &by, &[("m.csv".to_owned(), text.as_bytes().to_vec())])
    };
    let wrong = import("old_ward_code,new_ward_code\n00001,00099\n").unwrap_err();
    assert_eq!(wrong.code(), "file-unit");
    assert!(wrong.arguments().contains(&("column", "new_ward_code".to_owned())), "{:?}", wrong.arguments());
    assert_eq!(import("code,district_code,full_name\n00004,001,Trúc Bạch\n").unwrap(), 0);
    assert_eq!(import("old_ward_code,new_ward_code\n00004,00001\n").unwrap(), 0, "said again it is the same");
    let ring = import("old_ward_code,new_ward_code\n00001,00004\n").unwrap_err();
    assert!(
        ring.arguments().contains(&("line", "2".to_owned())),
        "none of the two would be left: {:?}",
        ring.arguments()
    );
}
