//! What is PostgreSQL's own: one writer, lost connections, foreign objects, faults without values.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "a test waits for the server")]

mod common;

use common::Database;
use journal::{Change, Column, Index, Table, Value};
use ports::Fault;
use ports::store::{Store, StoredEvent};
use store_sql::{Address, PostgresStore};
use time::Instant;

static THING: Table = Table {
    code: 1,
    name: "thing",
    key: 1,
    columns: &[Column::text("name"), Column::int("number")],
    indexes: &[Index { name: "thing_by_number", columns: &[1] }],
};

fn open(database: &Database) -> PostgresStore {
    PostgresStore::open(&database.address(), &[&THING]).unwrap()
}

fn thing(name: &str) -> Change {
    Change::put(&THING, vec![name.into(), 1.into()])
}

fn event(number: u64) -> StoredEvent {
    let (kind, unit, recorded) = ("a".into(), String::new(), Instant(0));
    StoredEvent { number, kind, unit, recorded, salt: [1; 16], commitment: [2; 32], bytes: vec![3] }
}

fn count(store: &dyn Store) -> u64 {
    let mut count = 0;
    let read = store.read(&mut |view| {
        count = view.count(&THING)?;
        Ok(())
    });
    read.unwrap();
    count
}

/// As the tokens of names: one in two rows has the same one.
static TOKEN: Table = Table {
    code: 2,
    name: "token",
    key: 2,
    columns: &[Column::int("person"), Column::int("token"), Column::text("unit")],
    indexes: &[Index { name: "token_by_token", columns: &[1, 2] }],
};

/// How often each index of `token` was searched since the counters began.
fn searches(client: &mut postgres::Client) -> (i64, i64) {
    let sql = "SELECT SUM(idx_scan) FILTER (WHERE indexrelname = 'token_pkey')::BIGINT,
        SUM(idx_scan) FILTER (WHERE indexrelname = 'token_by_token')::BIGINT FROM pg_stat_user_indexes";
    let row = client.query_one(sql, &[]).unwrap();
    (row.get(0), row.get(1))
}

#[test]
fn a_row_is_found_by_its_key_and_not_by_an_index_with_a_frequent_value() {
    let Some(database) = Database::new("key") else { return };
    let open = || PostgresStore::open(&database.address(), &[&TOKEN]).unwrap();
    let row = |person: i64| vec![person.into(), (if person % 2 == 0 { 0 } else { person }).into(), "01".into()];
    let rows: Vec<Change> = (0..40_000).map(|person| Change::put(&TOKEN, row(person))).collect();
    open().write(&mut |tx| tx.apply(&rows)).unwrap();
    database.run("VACUUM (ANALYZE) vandan.token");
    database.run("SELECT pg_stat_reset()");

    let keys: Vec<Vec<Value>> = (0..200).map(|person| row(person)[..2].to_vec()).collect();
    let read = open().read(&mut |view| {
        assert_eq!(view.get_all(&TOKEN, &keys)?.into_iter().flatten().count(), 200);
        assert_eq!(view.get(&TOKEN, &keys[0])?, Some(row(0)));
        Ok(())
    });
    read.unwrap();
    let gone: Vec<Change> = (0..200).map(|person| Change::delete(&TOKEN, row(person)[..2].to_vec())).collect();
    open().write(&mut |tx| tx.apply(&gone)).unwrap();

    // A connection tells the server's counters at its end, and that takes a moment.
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).unwrap();
    let counted = (0..100).find(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        searches(&mut client).0 >= 401
    });
    assert!(counted.is_some(), "{:?}", searches(&mut client));
    assert_eq!(searches(&mut client).1, 0);
}

/// Ends every connection of the program to this database, as an operator or a crash would.
const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'vandan'";

#[test]
fn a_second_process_is_told_that_the_data_is_in_use() {
    let Some(database) = Database::new("second") else { return };
    let first = open(&database);
    assert_eq!(PostgresStore::open(&database.address(), &[&THING]).err(), Some(Fault::Locked));
    drop(first);
    open(&database);
}

#[test]
fn connections_that_were_lost_while_nothing_was_done_are_made_anew() {
    let Some(database) = Database::new("idle") else { return };
    let store = open(&database);
    store.write(&mut |tx| tx.apply(&[thing("a")])).unwrap();
    assert_eq!(count(&store), 1);
    database.run(END);
    assert_eq!(count(&store), 1);
    store.write(&mut |tx| tx.apply(&[thing("b")])).unwrap();
    assert_eq!(count(&store), 2);
}

#[test]
fn a_connection_that_is_lost_within_a_transaction_undoes_it() {
    let Some(database) = Database::new("within") else { return };
    let store = open(&database);
    let lost = store.write(&mut |tx| {
        tx.append(&[event(0)])?;
        tx.apply(&[thing("a")])?;
        database.run(END);
        // Whoever does not look at the fault has not written either.
        let _ = tx.apply(&[thing("b")]);
        Ok(())
    });
    assert!(matches!(lost, Err(Fault::Away { .. })), "{lost:?}");
    assert_eq!(count(&store), 0);
    store.write(&mut |tx| tx.append(&[event(0)])).unwrap();
}

#[test]
fn a_connection_that_is_lost_before_the_commit_has_written_nothing() {
    let Some(database) = Database::new("before") else { return };
    let store = open(&database);
    let lost = store.write(&mut |tx| {
        tx.append(&[event(0)])?;
        database.run(END);
        Ok(())
    });
    assert!(matches!(lost, Err(Fault::Away { .. })), "{lost:?}");
    store.write(&mut |tx| tx.append(&[event(0)])).unwrap();
}

#[test]
fn a_statement_that_failed_fails_the_transaction_even_if_nobody_looks() {
    let Some(database) = Database::new("failed") else { return };
    let store = open(&database);
    let failed = store.write(&mut |tx| {
        tx.apply(&[thing("kept?")])?;
        // PostgreSQL's text has no such character.
        assert!(tx.apply(&[thing("secret\0name")]).is_err());
        Ok(())
    });
    let Err(fault) = failed else { panic!("it was committed") };
    assert!(!fault.to_string().contains("secret"), "{fault}");
    assert_eq!(count(&store), 0);
    let other = store.write(&mut |tx| tx.apply(&[Change::Put { table: 1, row: vec![Value::Int(4711), 1.into()] }]));
    assert!(other.is_err_and(|fault| !fault.to_string().contains("4711")));
    store.write(&mut |tx| tx.apply(&[thing("a")])).unwrap();
}

#[test]
fn what_is_not_ours_is_named() {
    let Some(database) = Database::new("foreign") else { return };
    let store = open(&database);
    assert_eq!(store.check(), Ok(Vec::new()));
    database.run(
        "SET search_path = vandan; CREATE TABLE stranger (id INT); CREATE INDEX peep ON thing (number, name);
         CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER spy BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION spy();",
    );
    let named = store.check().unwrap();
    let ours = |name: &str| format!("{name} is not ours");
    assert_eq!(named, ["function spy", "index peep", "table stranger", "trigger spy"].map(ours));
}

#[test]
fn a_schema_of_a_later_version_is_left_alone() {
    let Some(database) = Database::new("later") else { return };
    drop(open(&database));
    database.run("UPDATE vandan.layout SET version = 99");
    assert_eq!(PostgresStore::open(&database.address(), &[&THING]).err(), Some(Fault::Newer { found: 99, known: 1 }));
}

#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    let Ok(address) = Address::parse("postgres://vandan:geheim@%2Fnonexistent/register") else {
        panic!("a good address")
    };
    let Err(fault) = PostgresStore::open(&address, &[&THING]) else { panic!("nobody listens there") };
    assert!(!fault.to_string().contains("geheim"), "{fault}");
}
