//! What every home of state and events does.

use crate::Fault;
use crate::store::{Page, Read, Store, StoredEvent, Tally};
use journal::{Change, Column, Index, Row, Table, Value};
use time::Instant;

/// The tables of the suite; an adapter is opened with them.
pub const TABLES: &[&Table] = &[&PEAK, &RIVER];

const PEAK: Table = Table {
    code: 9001,
    name: "suite_peak",
    key: 2,
    columns: &[Column::text("province"), Column::int("number"), Column::blob("shape"), Column::int("height")],
    indexes: &[
        Index { name: "suite_peak_by_height", columns: &[3, 0] },
        Index { name: "suite_peak_by_province", columns: &[0, 3] },
    ],
};
const RIVER: Table = Table { code: 9002, name: "suite_river", key: 1, columns: &[Column::blob("id")], indexes: &[] };

/// One check, on a store that has what the checks before it left.
type Check = fn(&dyn Store);

const CHECKS: &[Check] = &[
    rows_are_put_found_and_deleted,
    a_failed_transaction_leaves_nothing,
    a_transaction_sees_its_own_writes,
    of_several_changes_to_a_row_the_last_counts,
    events_are_numbered_without_a_gap,
    readers_see_committed_states_only,
    text_is_in_the_order_of_its_bytes_and_empty_cells_come_first,
    many_rows_and_events_at_once_are_as_few_are,
    pages_of_a_scan_join_without_gap_or_overlap,
    pages_of_an_index_join_in_both_directions,
    kinds_are_counted_from_any_event_on,
    many_questions_at_once_have_the_answers_of_each,
    a_text_that_no_row_can_hold_is_found_nowhere_and_refused,
    nothing_is_wrong_with_the_home,
];

/// Runs the suite on an empty store that was opened with [`TABLES`]; gives the number of checks.
///
/// # Panics
/// Where the adapter does not do what the port says.
pub fn store(store: &dyn Store) -> usize {
    for check in CHECKS {
        check(store);
    }
    CHECKS.len()
}

fn peak(province: &str, number: i64, height: Option<i64>) -> Row {
    vec![province.into(), number.into(), Value::Blob(vec![number as u8; 3]), height.into()]
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn put(store: &dyn Store, rows: Vec<Row>) {
    let changes: Vec<Change> = rows.into_iter().map(|row| Change::put(&PEAK, row)).collect();
    store.write(&mut |tx| tx.apply(&changes)).unwrap();
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn view<T>(store: &dyn Store, mut work: impl FnMut(&dyn Read) -> Result<T, Fault>) -> T {
    let mut result = None;
    store
        .read(&mut |view| {
            result = Some(work(view)?);
            Ok(())
        })
        .unwrap();
    result.unwrap()
}

fn numbers(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row[1].int()).collect()
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn rows_are_put_found_and_deleted(store: &dyn Store) {
    put(
        store,
        vec![peak("010", 2, Some(3143)), peak("010", 1, Some(3096)), peak("012", 1, Some(3083)), peak("010", 10, None)],
    );
    view(store, |view| {
        assert_eq!(view.get(&PEAK, &["010".into(), 2.into()])?, Some(peak("010", 2, Some(3143))));
        assert_eq!(view.get(&PEAK, &["010".into(), 3.into()])?, None);
        assert_eq!(numbers(&view.scan(&PEAK, &["010".into()], None, 9)?), [1, 2, 10], "scans are in key order");
        assert_eq!(numbers(&view.scan(&PEAK, &["010".into()], Some(&["010".into(), 1.into()]), 1)?), [2]);
        assert_eq!(numbers(&view.scan(&PEAK, &[], None, 9)?), [1, 2, 10, 1]);
        assert_eq!(view.last(&PEAK, &["010".into()])?.map(|row| row[1].int()), Some(10));
        assert_eq!(view.last(&PEAK, &["999".into()])?, None);
        assert_eq!(numbers(&view.find(&PEAK, 0, &[3096.into()], 9)?), [1]);
        assert_eq!(view.find(&PEAK, 0, &[1.into()], 9)?, Vec::<Row>::new());
        assert_eq!(view.count(&PEAK)?, 4);
        assert_eq!(view.count_by(&PEAK, 0, &[3096.into()])?, 1);
        assert_eq!(view.count_by(&PEAK, 0, &[1.into()])?, 0);
        Ok(())
    });
    put(store, vec![peak("010", 2, Some(3147))]);
    store.write(&mut |tx| tx.apply(&[Change::delete(&PEAK, vec!["010".into(), 10.into()])])).unwrap();
    view(store, |view| {
        assert_eq!(view.get(&PEAK, &["010".into(), 2.into()])?, Some(peak("010", 2, Some(3147))), "a put replaces");
        assert_eq!(view.find(&PEAK, 0, &[3143.into()], 9)?, Vec::<Row>::new(), "an index follows its row");
        assert_eq!(view.count(&PEAK)?, 3);
        Ok(())
    });
}

fn a_failed_transaction_leaves_nothing(store: &dyn Store) {
    let before = view(store, |view| view.count(&PEAK));
    let failed = store.write(&mut |tx| {
        tx.apply(&[Change::put(&PEAK, peak("099", 1, None))])?;
        Err(Fault::Full)
    });
    assert_eq!(failed, Err(Fault::Full));
    assert_eq!(view(store, |view| view.count(&PEAK)), before);
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn a_transaction_sees_its_own_writes(store: &dyn Store) {
    store
        .write(&mut |tx| {
            tx.apply(&[Change::put(&RIVER, vec![Value::Blob(vec![1])])])?;
            assert!(tx.get(&RIVER, &[Value::Blob(vec![1])])?.is_some());
            tx.apply(&[Change::delete(&RIVER, vec![Value::Blob(vec![1])])])?;
            assert!(tx.get(&RIVER, &[Value::Blob(vec![1])])?.is_none());
            Ok(())
        })
        .unwrap();
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn of_several_changes_to_a_row_the_last_counts(store: &dyn Store) {
    let (put, delete) = (
        |height| Change::put(&PEAK, peak("777", 7, Some(height))),
        || Change::delete(&PEAK, vec!["777".into(), 7.into()]),
    );
    let river = Change::put(&RIVER, vec![Value::Blob(vec![7])]);
    let height = || view(store, |view| Ok(view.get(&PEAK, &["777".into(), 7.into()])?.map(|row| row[3].int())));
    store.write(&mut |tx| tx.apply(&[put(1), river.clone(), delete(), put(2), put(3)])).unwrap();
    assert_eq!(height(), Some(3));
    store.write(&mut |tx| tx.apply(&[put(4), delete()])).unwrap();
    assert_eq!(height(), None);
    store.write(&mut |tx| tx.apply(&[Change::delete(&RIVER, vec![Value::Blob(vec![7])])])).unwrap();
}

fn event(number: u64, kind: &str, unit: &str, us: i64) -> StoredEvent {
    StoredEvent {
        number,
        kind: kind.into(),
        unit: unit.into(),
        recorded: Instant(us),
        salt: [1; 16],
        commitment: [number as u8; 32],
        bytes: vec![number as u8; 40],
    }
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn events_are_numbered_without_a_gap(store: &dyn Store) {
    let events =
        [event(0, "a", "00001", 5), event(1, "a", "00001", 6), event(2, "b", "00004", 6), event(3, "a", "", 9)];
    store.write(&mut |tx| tx.append(&events)).unwrap();
    assert!(store.write(&mut |tx| tx.append(&[event(3, "twice", "", 9)])).is_err(), "a number is given once");
    assert!(
        store.write(&mut |tx| tx.append(&[event(4, "next", "", 9), event(6, "gap", "", 9)])).is_err(),
        "numbers have no gap"
    );
    view(store, |view| {
        assert_eq!(view.event_count()?, 4);
        assert_eq!(view.events(1, 2)?, events[1..3]);
        let of = |kind: &str, unit: &str, span, before, limit| view.events_of(kind, unit, span, before, limit);
        let own = [events[1].clone(), events[0].clone()];
        assert_eq!(of("a", "00001", Instant(5)..Instant(7), u64::MAX, 9)?, own);
        assert_eq!(of("a", "00001", Instant(5)..Instant(7), u64::MAX, 1)?, own[..1]);
        assert_eq!(of("a", "00001", Instant(5)..Instant(7), 1, 9)?, own[1..]);
        assert_eq!(of("a", "00001", Instant(5)..Instant(6), u64::MAX, 9)?, own[1..], "the end is outside");
        assert_eq!(of("a", "00001", Instant(6)..Instant(7), u64::MAX, 9)?, own[..1]);
        assert_eq!(of("a", "", Instant(0)..Instant(10), u64::MAX, 9)?, events[3..]);
        assert_eq!(of("b", "00001", Instant(0)..Instant(10), u64::MAX, 9)?, []);
        let tally = |kind: &str, unit: &str, count| Tally { kind: kind.into(), unit: unit.into(), count };
        assert_eq!(view.tally(Instant(6))?, [tally("a", "00001", 2), tally("b", "00004", 1)]);
        Ok(())
    });
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn readers_see_committed_states_only(store: &dyn Store) {
    store
        .write(&mut |tx| {
            tx.apply(&[Change::put(&RIVER, vec![Value::Blob(vec![2])])])?;
            assert_eq!(view(store, |view| view.count(&RIVER)), 0, "not committed yet");
            Ok(())
        })
        .unwrap();
    assert_eq!(view(store, |view| view.count(&RIVER)), 1);
}

fn text_is_in_the_order_of_its_bytes_and_empty_cells_come_first(store: &dyn Store) {
    let provinces = ["Z", "a", "b", "À", "é", "Đắk"];
    put(store, provinces.iter().rev().map(|province| peak(province, 1, None)).collect());
    put(store, vec![peak("b", 2, Some(5)), peak("b", 3, Some(-5)), peak("b", 4, None)]);
    view(store, |view| {
        let after = ["999".into(), 0.into()];
        let rows = view.scan(&PEAK, &[], Some(&after), 99)?;
        let mut found: Vec<&str> = rows.iter().map(|row| row[0].text()).collect();
        found.dedup();
        assert_eq!(found, provinces, "by bytes, in whatever language the database was made");
        assert_eq!(numbers(&view.find(&PEAK, 1, &["b".into()], 9)?), [1, 4, 3, 2], "no height, then by height");
        assert_eq!(numbers(&view.find(&PEAK, 1, &["b".into()], 2)?), [1, 4]);
        assert_eq!(numbers(&view.find(&PEAK, 1, &["b".into(), 5.into()], 2)?), [2]);
        assert_eq!(view.count_by(&PEAK, 1, &["b".into()])?, 4);
        Ok(())
    });
}

/// More rows than fit into any single statement with a value for each cell.
const MANY: i64 = 20_000;

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn many_rows_and_events_at_once_are_as_few_are(store: &dyn Store) {
    let all = |height: i64, from: i64| -> Vec<Change> {
        (from..MANY).rev().map(|number| Change::put(&PEAK, peak("many", number, Some(height)))).collect()
    };
    let first = view(store, |view| view.event_count());
    let events: Vec<StoredEvent> =
        (first..first + 1500).map(|number| event(number, "many", "00001", number as i64)).collect();
    store
        .write(&mut |tx| {
            tx.append(&events[..1000])?;
            tx.append(&events[1000..])?;
            tx.apply(&all(1, 0))?;
            assert_eq!(tx.count_by(&PEAK, 1, &["many".into()])?, MANY as u64);
            // Many again within the same transaction, with fewer rows, other cells, and deletions among them.
            let mut changes = all(2, 1000);
            changes.extend((0..600).map(|number| Change::delete(&PEAK, vec!["many".into(), (2 * number).into()])));
            tx.apply(&changes)
        })
        .unwrap();
    view(store, |view| {
        assert_eq!(view.count_by(&PEAK, 1, &["many".into(), 1.into()])?, 500);
        assert_eq!(view.count_by(&PEAK, 1, &["many".into(), 2.into()])?, MANY as u64 - 1000 - 100);
        assert_eq!(view.get(&PEAK, &["many".into(), 2001.into()])?, Some(peak("many", 2001, Some(2))));
        assert_eq!(view.events(first, 2000)?, events);
        Ok(())
    });
    let undone = store.write(&mut |tx| {
        tx.apply(&all(3, 0))?;
        Err(Fault::Full)
    });
    assert_eq!(undone, Err(Fault::Full));
    store.write(&mut |tx| tx.apply(&all(4, 10_000))).unwrap();
    view(store, |view| {
        assert_eq!(view.count_by(&PEAK, 1, &["many".into(), 3.into()])?, 0);
        assert_eq!(view.count_by(&PEAK, 1, &["many".into(), 4.into()])?, MANY as u64 - 10_000);
        Ok(())
    });
}

fn pages_of_a_scan_join_without_gap_or_overlap(store: &dyn Store) {
    view(store, |view| {
        let (mut after, mut seen) = (None, 0);
        loop {
            let page = view.scan(&PEAK, &["many".into()], after.as_deref(), 777)?;
            let Some(last) = page.last() else { break };
            after = Some(last[..2].to_vec());
            seen += page.len() as u64;
        }
        assert_eq!(seen, view.count_by(&PEAK, 1, &["many".into()])?);
        Ok(())
    });
}

fn pages_of_an_index_join_in_both_directions(store: &dyn Store) {
    let rows: Vec<Row> = (0..40).map(|number| peak("077", number, Some(number / 7))).collect();
    put(store, rows.clone());
    let heights = |rows: &[Row]| rows.iter().map(|row| (row[3].int(), row[1].int())).collect::<Vec<_>>();
    // By province alone the place is height and key; by province and height it is the key.
    for (values, width) in [(vec![Value::from("077")], 6), (vec!["077".into(), 3.into()], 4)] {
        let whole = view(store, |view| view.find(&PEAK, 1, &values, 100));
        assert!(whole.is_sorted_by_key(|row| (row[3].int(), row[1].int())) && whole.len() >= 7);
        for back in [false, true] {
            let (mut joined, mut after): (Vec<Row>, Option<Row>) = (Vec::new(), None);
            loop {
                let page = Page { after: after.as_deref(), limit: width, back };
                let rows = view(store, |view| view.find_page(&PEAK, 1, &values, page));
                let Some(last) = rows.last() else { break };
                assert!(rows.len() <= width);
                let place = [&last[3..4], &last[..2]].concat();
                after = Some(place[values.len() - 1..].to_vec());
                joined.extend(rows);
            }
            if back {
                joined.reverse();
            }
            assert_eq!(heights(&joined), heights(&whole), "back: {back}");
        }
    }
    let key: Row = vec!["077".into(), 10.into()];
    let before = view(store, |view| view.scan_page(&PEAK, &["077".into()], Page::after(Some(&key), 3).back()));
    assert_eq!(numbers(&before), [9, 8, 7]);
    let last = view(store, |view| view.scan_page(&PEAK, &["077".into()], Page::first(2).back()));
    assert_eq!(numbers(&last), [39, 38]);
    let gone: Vec<Change> = rows.iter().map(|row| Change::delete(&PEAK, row[..2].to_vec())).collect();
    let done = store.write(&mut |tx| tx.apply(&gone));
    assert_eq!(done, Ok(()));
}

fn kinds_are_counted_from_any_event_on(store: &dyn Store) {
    let sum = |kinds: &[(String, u64)]| kinds.iter().map(|(_, count)| count).sum::<u64>();
    let (all, count) = view(store, |view| Ok((view.kinds(0)?, view.event_count()?)));
    let some = view(store, |view| view.events_at(&[count - 1, 0, count, count + 7]));
    let numbers: std::collections::BTreeSet<u64> = some.iter().map(|event| event.number).collect();
    assert_eq!(numbers, [0, count - 1].into(), "events that are not there are left out");
    assert_eq!(view(store, |view| view.events_at(&[])), []);
    assert!(count > 1 && sum(&all) == count && all.is_sorted());
    for from in [1, count / 2, count - 1, count, count + 1] {
        let kinds = view(store, |view| view.kinds(from));
        assert_eq!(sum(&kinds), count.saturating_sub(from), "from {from}");
    }
}

fn many_questions_at_once_have_the_answers_of_each(store: &dyn Store) {
    view(store, |view| {
        let keys = |numbers: &[i64]| -> Vec<Row> {
            numbers.iter().map(|number| vec!["many".into(), (*number).into()]).collect()
        };
        let wanted = keys(&[5_000, -1, 1_999, 5_000, 0]);
        let found = view.get_all(&PEAK, &wanted)?;
        assert_eq!(found, wanted.iter().map(|key| view.get(&PEAK, key)).collect::<Result<Vec<_>, _>>()?);
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, true, false]);
        let prefixes: Vec<Row> =
            ["b", "nowhere", "many", "010", "b"].into_iter().map(|province| vec![province.into()]).collect();
        let last = view.last_all(&PEAK, &prefixes)?;
        assert_eq!(last, prefixes.iter().map(|prefix| view.last(&PEAK, prefix)).collect::<Result<Vec<_>, _>>()?);
        assert_eq!(last.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, true, true]);
        assert_eq!((view.get_all(&PEAK, &[])?, view.last_all(&PEAK, &[])?), (Vec::new(), Vec::new()));
        assert_eq!(view.get_all(&PEAK, &keys(&(0..3_000).collect::<Vec<_>>()))?.len(), 3_000);
        Ok(())
    });
}

#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
fn a_text_that_no_row_can_hold_is_found_nowhere_and_refused(store: &dyn Store) {
    let odd = || Value::from("many\0");
    let look = |view: &dyn Read| {
        assert_eq!(view.get(&PEAK, &[odd(), 1.into()])?, None);
        assert_eq!(view.find(&PEAK, 1, &[odd()], 9)?, Vec::<Row>::new());
        assert_eq!(view.scan(&PEAK, &[odd()], None, 9)?, Vec::<Row>::new());
        assert_eq!((view.last(&PEAK, &[odd()])?, view.count_by(&PEAK, 1, &[odd()])?), (None, 0));
        let keys = [vec![odd(), 1.into()], vec!["many".into(), 5_000.into()]];
        assert_eq!(view.get_all(&PEAK, &keys)?.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
        let beginnings = [vec![odd()], vec!["many".into()]];
        assert_eq!(view.last_all(&PEAK, &beginnings)?.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
        Ok(())
    };
    view(store, look);
    // Nor does asking disturb what else the transaction does.
    let river = || vec![Value::Blob(vec![9])];
    store.write(&mut |tx| look(tx).and_then(|()| tx.apply(&[Change::put(&RIVER, river())]))).unwrap();
    assert!(view(store, |view| view.get(&RIVER, &river())).is_some());
    assert!(store.write(&mut |tx| tx.apply(&[Change::put(&PEAK, peak("odd\0", 1, None))])).is_err());
    assert!(store.write(&mut |tx| tx.apply(&[Change::delete(&PEAK, vec![odd(), 1.into()])])).is_err());
}

fn nothing_is_wrong_with_the_home(store: &dyn Store) {
    assert_eq!(store.check(), Ok(Vec::new()));
}
