//! The board where a thread ticks: what it shows may be seconds old, never what somebody signed or set.

use crate::place::{Place, ask, session, take_in, two_provinces};
use services::officer::Officer;
use services::{Command, programme, unit};
use time::Day;

fn shown(place: &Place, unit: &str) -> (u64, u64) {
    let asked = programme::Asked { unit: unit.to_owned(), measures: vec!["entered".into()], ..Default::default() };
    let board = programme::board(&place.book, &Officer::operator(), &asked).unwrap();
    let line = board.lines.iter().find(|line| line.unit == unit).unwrap();
    (line.value, board.events)
}

#[test]
fn what_is_kept_is_made_anew_by_the_thread_and_at_once_where_a_unit_signs() {
    let place = Place::new("board-kept");
    two_provinces(&place);
    assert_eq!(shown(&place, "").0, 2);
    take_in(&place, "9,001,DC01,Trần Thị Thử,1/2/1980,Nữ,001,,,,\n");
    let (people, events) = shown(&place, "");
    assert_eq!(people, 3, "without a thread everything is counted that was written before");

    place.book.will_tick();
    take_in(&place, "10,001,DC01,Lê Thị Mới,3/4/1981,Nữ,001,,,,\n");
    assert_eq!(shown(&place, ""), (3, events), "what is kept may be a few seconds old");
    assert_eq!(shown(&place, "P001").1, events, "one sheet for every unit");
    programme::refresh(&place.book).unwrap();
    let (people, later) = shown(&place, "");
    assert!(people == 4 && later > events);

    let day = place.book.now().day();
    let file = format!("unit,day,measure,count,signer\nP001,{day},entered,50,Tr\u{1b0}\u{1edf}ng ph\u{f2}ng\n");
    programme::sign(&place.book, &Command::by(&Officer::operator()), "r.csv", file.as_bytes()).unwrap();
    assert_eq!(shown(&place, "P001").0, 50, "what a unit signs shows at once");
}

fn import(place: &Place, name: &str, text: &str) {
    let files = [(name.to_owned(), text.as_bytes().to_vec())];
    unit::import(&place.book, &Command::by(&Officer::operator()), &files).unwrap();
}

#[test]
fn a_conference_page_ranks_a_unit_among_its_own_neighbours() {
    let place = Place::new("board-conference");
    two_provinces(&place);
    import(&place, "d.csv", "code,province_code,full_name\n002,01,Hoàn Kiếm\n003,01,Tây Hồ\n");
    let inspector = session(&place.book, "inspector");
    for (unit, count) in [("P001", 2), ("D001", 3), ("00001", 1)] {
        let (_, page) = ask(&place, &inspector, &format!("/board/conference?unit={unit}&measure=entered"), None);
        assert!(page.contains(&format!("Rank 1 of {count} ")), "{unit}: {page}");
    }
    // The next one is the next district, not a province.
    let (_, page) = ask(&place, &inspector, "/board/conference?unit=D001&measure=entered", None);
    let next = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(next.contains("unit=D002"), "{next}");
}

#[test]
fn what_a_merged_unit_was_to_do_is_added_at_once() {
    let place = Place::new("board-merged");
    let on = |day: &str| place.clock.set(Day::parse(day).unwrap().start());
    on("2030-03-01");
    two_provinces(&place);
    import(&place, "w.csv", "code,district_code,full_name\n00004,001,Trúc Bạch\n");
    let target = || {
        let asked = programme::Asked { unit: "00004".into(), measures: vec!["entered".into()], ..Default::default() };
        programme::board(&place.book, &Officer::operator(), &asked).unwrap().lines[0].target
    };
    for (unit, count) in [("00001", 10), ("00004", 5)] {
        let (measure, deadline) = ("entered".to_owned(), Day::parse("2099-07-01").unwrap());
        let setting = programme::Setting { unit: unit.to_owned(), measure, deadline, count: Some(count) };
        programme::set(&place.book, &Command::by(&Officer::operator()), &setting).unwrap();
    }
    on("2030-03-05");
    assert_eq!(target(), Some(5));
    import(&place, "m.csv", "old_ward_code,new_ward_code\n00001,00004\n");
    assert_eq!(target(), Some(15));
}
