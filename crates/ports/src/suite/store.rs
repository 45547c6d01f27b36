//! What every home of state and events does.

use crate::Fault;
use crate::store::{Read, Store, StoredEvent, Tally};
use journal::{Change, Column, Index, Row, Table, Value};
use time::Instant;

/// The tables of the suite; an adapter is opened with them.
pub const TABLES: &[&Table] = &[&PEAK, &RIVER];

const PEAK: Table = Table {
    code: 9001,
    name: "suite_peak",
    key: 2,
    columns: &[Column::text("province"), Column::int("number"), Column::blob("shape"), Column::int("height")],
    indexes: &[Index { name: "suite_peak_by_height", columns: &[3, 0] }],
};
const RIVER: Table = Table { code: 9002, name: "suite_river", key: 1, columns: &[Column::blob("id")], indexes: &[] };

/// Runs the suite on an empty store that was opened with [`TABLES`].
///
/// # Panics
/// Where the adapter does not do what the port says.
pub fn store(store: &dyn Store) {
    rows_are_put_found_and_deleted(store);
    a_failed_transaction_leaves_nothing(store);
    a_transaction_sees_its_own_writes(store);
    of_several_changes_to_a_row_the_last_counts(store);
    events_are_numbered_without_a_gap(store);
    readers_see_committed_states_only(store);
    assert_eq!(store.check(), Ok(Vec::new()), "nothing is wrong with the home");
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
