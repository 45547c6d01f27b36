//! Commits that a synchronous standby does not confirm, and commits whose answer never came.
//!
//! It changes a setting of the whole server, so it is a test file of its own and only touches a server of the tests.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests are told through the environment where a server is, and wait for it"
)]

mod common;

use common::Database;
use journal::{Change, Column, Table};
use ports::Fault;
use ports::store::{Store, StoredEvent};
use std::time::Duration;
use store_sql::PostgresStore;
use time::Instant;

static THING: Table = Table { code: 1, name: "thing", key: 1, columns: &[Column::int("id")], indexes: &[] };

fn event(number: u64) -> StoredEvent {
    let (kind, unit, recorded) = ("a".into(), String::new(), Instant(0));
    StoredEvent { number, kind, unit, recorded, salt: [1; 16], commitment: [2; 32], bytes: vec![3] }
}

/// The next event's number, and how many things there are.
fn state(store: &dyn Store) -> (u64, u64) {
    let mut state = (0, 0);
    let read = store.read(&mut |view| {
        state = (view.event_count()?, view.count(&THING)?);
        Ok(())
    });
    read.unwrap();
    state
}

/// Sets the standby that commits wait for; nobody has that name.
fn standby(database: &Database, name: &str) {
    database.run(&format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'"));
    database.run("SELECT pg_reload_conf()");
    std::thread::sleep(Duration::from_millis(300));
}

/// Waits until a commit waits for a standby, and does something to its backend.
fn on_waiting(database: &Database, done: &str) {
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).unwrap();
    let waiting = format!("SELECT {done} FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    for _ in 0..200 {
        if !client.query(&waiting, &[]).unwrap().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("no commit waits for the standby");
}

fn write(store: &dyn Store, number: u64) -> Result<(), Fault> {
    store.write(&mut |tx| {
        tx.append(&[event(number)])?;
        tx.apply(&[Change::put(&THING, vec![(number as i64).into()])])
    })
}

#[test]
fn only_a_confirmed_commit_is_acknowledged_and_none_is_done_twice() {
    let Some(database) = Database::new("standby") else { return };
    if std::env::var_os("VANDAN_POSTGRES_PRIVATE").is_none() {
        println!("skipped: the server is not the tests' own");
        return;
    }
    let store = PostgresStore::open(&database.address(), &[&THING]).unwrap();
    write(&store, 0).unwrap();

    // Somebody cancels the wait: the server says so in a warning, and that is no acknowledgement.
    standby(&database, "nobody");
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| write(&store, 1));
        on_waiting(&database, "pg_cancel_backend(pid)");
        writing.join().unwrap()
    });
    assert!(matches!(written, Err(Fault::Away { .. })), "{written:?}");
    standby(&database, "");
    assert_eq!(state(&store), (2, 2), "it is there, and the caller sees that when it looks");
    assert!(write(&store, 1).is_err(), "and it cannot be done again");

    // The connection ends within the commit. The store looks, finds it done, and has that confirmed.
    standby(&database, "nobody");
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| write(&store, 2));
        on_waiting(&database, "pg_terminate_backend(pid)");
        // The confirmation waits for the standby as well, until there is one or none is needed.
        on_waiting(&database, "pid");
        standby(&database, "");
        writing.join().unwrap()
    });
    assert_eq!(written, Ok(()));
    assert_eq!(state(&store), (3, 3));
    write(&store, 3).unwrap();
    assert_eq!(state(&store), (4, 4));
}
