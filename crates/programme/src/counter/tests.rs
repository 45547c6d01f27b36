use super::*;
use ids::{PersonId, Uuid};
use journal::{Actor, Change, Value};
use proptest::prelude::*;

const ENTERED: usize = 2;
const CAPTURED: usize = 6;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// An event of a kind, recorded on a day; an application captured `late` days before (after, where negative).
fn event(kind: &str, unit: &str, recorded: Day, late: i32, subjects: usize) -> Event {
    let mut event = Event::new(Uuid::default(), kind, Instant(recorded.start().0 + 3_600_000_000), Actor::default());
    event.unit = unit.into();
    event.subjects = vec![PersonId::default(); subjects];
    if kind == "application.received" {
        let mut row = vec![Value::Null; 14];
        row[6] = Value::Int(Day(recorded.0 - late).start().0 + 1);
        row[7] = Value::Int(event.recorded.0);
        event.changes.push(Change::Put { table: 52, row });
    }
    event
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let kinds = ["person.entered", "person.withdrawn", "person.merged", "application.received", "person.read"];
    let one =
        (0..kinds.len(), 0..4usize, 0..40i32, -3000..30i32, 0..5usize).prop_map(move |(kind, unit, at, late, n)| {
            event(kinds[kind], ["00001", "00004", "P001", ""][unit], Day(18_600 + at), late, n)
        });
    proptest::collection::vec(one, 0..60)
}

fn count(events: &[Event], order: impl IntoIterator<Item = usize>) -> Cube {
    let mut cube = Cube::default();
    for at in order {
        let event = &events[at];
        if !cube.add_head(at as u64, &event.kind, &event.unit, event.recorded) {
            cube.add(at as u64, event);
        }
    }
    cube
}

#[test]
fn measures_are_where_the_tests_think() {
    assert_eq!((MEASURES[ENTERED].name, MEASURES[CAPTURED].name), ("entered", "captured"));
}

#[test]
fn a_day_is_shown_as_it_was_known_then_and_as_it_is_known_now() {
    let events = [
        event("application.received", "00001", day("2021-03-01"), 0, 1),
        event("application.received", "00001", day("2021-03-05"), 4, 1),
        event("application.received", "00001", day("2021-03-05"), 0, 1),
    ];
    let cube = count(&events, 0..3);
    let first = day("2021-03-01");
    assert_eq!(cube.value("00001", CAPTURED, AsOf::then(first)), 1);
    assert_eq!(cube.value("00001", CAPTURED, AsOf::now(first)), 2);
    let corrections = cube.corrections(first, first, Day(i32::MAX));
    assert_eq!(corrections.len(), 1);
    let found = &corrections[0];
    assert_eq!((found.measure, found.recorded, found.count), ("captured", day("2021-03-05"), 1));
    let mut days = [0; 5];
    cube.daily(0, CAPTURED, AsOf::then(day("2021-03-05")), &mut days);
    assert_eq!(days, [2, 0, 0, 0, 1]);
}

#[test]
fn a_clock_in_2036_counts_on_the_day_it_was_recorded_and_is_listed() {
    let events = [event("application.received", "00001", day("2021-03-01"), -5500, 1)];
    let cube = count(&events, 0..1);
    assert_eq!(cube.value("00001", CAPTURED, AsOf::then(day("2021-03-01"))), 1);
    let (position, ahead) = cube.ahead().next().unwrap();
    assert_eq!((position, ahead.recorded, ahead.happened.date().0), (0, day("2021-03-01"), 2036));
    assert_eq!(cube.ahead_count(), 1);
}

#[test]
fn a_stored_cube_of_other_measures_is_refused() {
    let cube = count(&[event("person.entered", "00001", day("2021-03-01"), 0, 1)], 0..1);
    let mut stored: serde_json::Value = serde_json::to_value(&cube).unwrap();
    assert_eq!(serde_json::from_value::<Cube>(stored.clone()).unwrap(), cube);
    stored["edition"] = 7.into();
    assert!(serde_json::from_value::<Cube>(stored).unwrap_err().to_string().contains("other measures"));
}

proptest! {
    #[test]
    fn any_order_delay_and_repetition_gives_the_same_cube(
        events in events(),
        order in proptest::collection::vec(any::<proptest::sample::Index>(), 0..200),
    ) {
        let forward = count(&events, 0..events.len());
        if !events.is_empty() {
            // Some come early, twice or three times; at the end everything has come.
            let order = order.iter().map(|at| at.index(events.len())).chain((0..events.len()).rev());
            let other = count(&events, order);
            prop_assert_eq!(&forward, &other);
            prop_assert_eq!(postcard::to_allocvec(&forward).unwrap(), postcard::to_allocvec(&other).unwrap());
        }
        prop_assert_eq!(forward.next(), events.len() as u64);
        let stored = postcard::to_allocvec(&forward).unwrap();
        let restored = postcard::from_bytes::<Cube>(&stored).unwrap();
        prop_assert_eq!(&restored, &forward);
        // Also what took each other back on one day is known to have been there.
        let known = |cube: &Cube| {
            let mut all = Vec::new();
            for (place, unit) in cube.units().enumerate() {
                let last = (0..MEASURES.len()).map(|at| cube.last_known(place, at, Day(i32::MAX), Day(i32::MAX)));
                all.push((unit.to_owned(), last.collect::<Vec<_>>()));
            }
            all.retain(|(_, last)| last.iter().any(Option::is_some));
            all.sort();
            all
        };
        prop_assert_eq!(known(&restored), known(&forward));
    }

    #[test]
    fn a_day_shown_then_and_its_corrections_are_that_day_shown_now(
        events in events(), at in 0..45i32, shown in 0..45i32, now in 0..45i32,
    ) {
        let cube = count(&events, 0..events.len());
        let (at, shown, now) = (Day(18_600 + at), Day(18_600 + shown.min(now)), Day(18_600 + now.max(shown)));
        for unit in ["00001", "00004", "P001", ""] {
            for (measure, named) in MEASURES.iter().enumerate() {
                let was = cube.value(unit, measure, AsOf { day: at, known: shown });
                let is = cube.value(unit, measure, AsOf { day: at, known: now });
                let corrections = cube.corrections(at, shown, now);
                let own = corrections.iter().filter(|one| one.unit == unit && one.measure == named.name);
                prop_assert_eq!(was + own.map(|one| one.count).sum::<i64>(), is);
            }
        }
    }

    #[test]
    fn a_value_is_the_sum_of_the_events_it_counts(events in events(), at in 0..45i32, known in 0..45i32) {
        let cube = count(&events, 0..events.len());
        let as_of = AsOf { day: Day(18_600 + at), known: Day(18_600 + known) };
        let mut expected = 0;
        for event in events.iter().filter(|event| event.unit == "00001" && event.recorded.day() <= as_of.known) {
            measure::of_event(event, &mut |add| {
                if add.measure == CAPTURED && add.happened.min(event.recorded.day()) <= as_of.day {
                    expected += add.count;
                }
            });
        }
        prop_assert_eq!(cube.value("00001", CAPTURED, as_of), expected);
        let mut days = [0; 5000];
        if let Some(place) = cube.units().position(|unit| unit == "00001") {
            cube.daily(place, CAPTURED, as_of, &mut days);
        }
        prop_assert_eq!(days.iter().sum::<i64>(), expected);
    }

    #[test]
    fn cubes_of_parts_merge_into_the_cube_of_all(events in events(), cut in any::<proptest::sample::Index>()) {
        prop_assume!(!events.is_empty());
        let cut = cut.index(events.len());
        let mut merged = count(&events, cut..events.len());
        merged.merge(&count(&events, 0..cut)).unwrap();
        prop_assert_eq!(&merged, &count(&events, 0..events.len()));
        let again = count(&events, 0..events.len());
        prop_assert_eq!(merged.merge(&again), Err(Overlap { position: 0 }));
    }
}
