//! Difficulties that nobody answered in time, by the clock: not a second before, once after, whatever the server did meanwhile.

use crate::place::{Place, ask, kinds, session, session_as, two_provinces};
use ids::Uuid;
use programme::record::Record;
use programme::record::difficulty::{Difficulty, State};
use services::officer::{self, Officer};
use services::programme::{Fields, act, escalate, record};
use services::{Book, Command};
use std::sync::{Arc, Barrier};
use time::{Day, Instant};

const SECOND: i64 = 1_000_000;

fn fields(all: &[(&str, &str)]) -> Fields {
    Fields::new(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// A difficulty of a commune, which its district has to answer until a day.
fn raised(place: &Place, severity: &str, until: Day) -> Uuid {
    let until = until.to_string();
    let all = [
        ("unit", "00001"),
        ("title", "Mất mạng"),
        ("body", "Ba ngày"),
        ("about", "network"),
        ("severity", severity),
        ("at", "D001"),
        ("until", &until),
    ];
    let made = act(&place.book, &Command::by(&Officer::operator()), None, "raise", &fields(&all)).unwrap();
    made.head().id
}

fn found(book: &Book, id: Uuid) -> Difficulty {
    match record(book, &Officer::operator(), id).unwrap().record {
        Record::Difficulty(one) => one,
        other => panic!("{other:?}"),
    }
}

fn passed_on(place: &Place) -> usize {
    kinds(place).iter().filter(|kind| *kind == "difficulty.escalated").count()
}

/// A register at noon of a day in 2030.
fn register(name: &str) -> (Place, Day) {
    let place = Place::new(name);
    two_provinces(&place);
    let today = Day::parse("2030-03-01").unwrap();
    place.clock.set(Instant(today.start().0 + 43_200 * SECOND));
    (place, today)
}

#[test]
fn what_is_unanswered_goes_up_when_its_day_has_passed_and_once_per_level() {
    let (place, today) = register("escalation");
    let id = raised(&place, "medium", today);
    let midnight = Day(today.0 + 1).start();
    let at = |at: i64| {
        place.clock.set(Instant(at));
        escalate(&place.book).unwrap()
    };
    // The last second of the day.
    assert_eq!((at(midnight.0 - SECOND), passed_on(&place)), (0, 0));
    assert_eq!((at(midnight.0), passed_on(&place)), (1, 1));
    let one = found(&place.book, id);
    assert_eq!((one.at.as_str(), &one.passed_on[..], one.state), ("P001", &["D001".to_owned()][..], State::Open));
    assert_eq!((one.head.due, one.head.version), (Some(Day(today.0 + 6)), 2));
    // The next level has its five days, and is passed over once they are gone.
    let event = |number: usize| {
        let all = place.book.view(|view| Ok(view.events(0, 10_000)?)).unwrap();
        let stored = all.into_iter().filter(|one| one.kind == "difficulty.escalated").nth(number).unwrap();
        journal::Parts::from_bytes(&stored.bytes).unwrap().event().unwrap()
    };
    assert_eq!((event(0).actor.officer, event(0).unit.as_str()), (None, "00001"));
    for seconds in [1, 5, 10, 86_400 * 5 - 1] {
        assert_eq!(at(midnight.0 + seconds * SECOND), 0, "{seconds}");
    }
    let later = Day(today.0 + 7).start();
    assert_eq!((at(later.0), found(&place.book, id).at.as_str()), (1, ""));
    // Above the nation there is nobody, however late it is.
    for days in [1, 30, 400] {
        assert_eq!(at(later.0 + days * 86_400 * SECOND), 0);
    }
    let one = found(&place.book, id);
    assert_eq!((passed_on(&place), one.passed_on.len()), (2, 2));
    let steps: Vec<(&str, Option<&str>, bool)> =
        one.head.trail.iter().map(|step| (step.act.as_str(), step.to.as_deref(), step.officer.is_some())).collect();
    assert_eq!(steps, [("raise", None, true), ("escalate", Some("P001"), false), ("escalate", Some(""), false)]);

    // The page tells it, to the unit that raised it and to the one that has it now; who lies beside neither sees nothing.
    let inspector = session(&place.book, "inspector");
    let (_, page) = ask(&place, &inspector, &format!("/records/{id}"), None);
    assert!(page.contains("The program, by the clock") && page.contains("Passed on to Hà Nội"), "{page}");
}

#[test]
fn what_was_answered_closed_or_put_off_stays_where_it_is() {
    let (place, today) = register("escalation-answered");
    let by = Command::by(&Officer::operator());
    let (answered, assigned) = (raised(&place, "high", today), raised(&place, "high", today));
    act(&place.book, &by, Some(answered), "answer", &fields(&[("decision", "Cấp trạm")])).unwrap();
    session_as(&place.book, "director.1", "director");
    officer::change(&place.book, &by, "director.1", None, Some("D001")).unwrap();
    let until = Day(today.0 + 3).to_string();
    act(&place.book, &by, Some(assigned), "assign", &fields(&[("owner", "director.1"), ("until", &until)])).unwrap();
    place.clock.set(Day(today.0 + 2).start());
    assert_eq!(escalate(&place.book).unwrap(), 0);
    place.clock.set(Day(today.0 + 4).start());
    assert_eq!(escalate(&place.book).unwrap(), 1, "whoever was to see to it did not");
    let one = found(&place.book, assigned);
    assert_eq!((one.at.as_str(), one.head.owner, one.head.due), ("P001", None, Some(Day(today.0 + 6))));
    assert_eq!(found(&place.book, answered).at, "D001");
}

#[test]
fn a_server_that_was_down_passes_on_once_and_gives_the_next_level_its_days() {
    let (mut place, today) = register("escalation-down");
    let ids: Vec<Uuid> = (0..250).map(|_| raised(&place, "low", today)).collect();
    place.clock.set(Day(today.0 + 40).start());
    place.restart();
    let book = &place.book;
    assert_eq!(escalate(book).unwrap(), 250);
    assert_eq!(escalate(book).unwrap(), 0);
    for id in ids {
        let one = found(book, id);
        assert_eq!(
            (one.at.as_str(), one.head.due),
            ("P001", Some(Day(today.0 + 50))),
            "one level, not as many as were missed"
        );
    }
}

#[test]
fn two_clocks_at_once_pass_on_once() {
    let (place, today) = register("escalation-twice");
    let ids: Vec<Uuid> = (0..40).map(|_| raised(&place, "high", today)).collect();
    place.clock.set(Day(today.0 + 1).start());
    let gate = Arc::new(Barrier::new(4));
    let ticks: Vec<_> = (0..4)
        .map(|_| {
            let (book, gate) = (Arc::clone(&place.book), Arc::clone(&gate));
            std::thread::spawn(move || {
                gate.wait();
                escalate(&book).unwrap()
            })
        })
        .collect();
    let counts: Vec<usize> = ticks.into_iter().map(|tick| tick.join().unwrap()).collect();
    assert_eq!((counts.iter().sum::<usize>(), passed_on(&place)), (40, 40), "{counts:?}");
    for id in ids {
        assert_eq!(found(&place.book, id).head.version, 2);
    }
}
