//! The board where a thread ticks: what it shows may be seconds old, never what somebody signed or set.

use crate::place::{Place, take_in, two_provinces};
use services::officer::Officer;
use services::{Command, programme};

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
