//! The store port's suite on both drivers, and what every home of ours does.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]

mod common;

use common::{Database, Folder};
use journal::{Change, Column, Table, Value};
use ports::store::Store;
use store_sql::{PostgresStore, SqliteStore};

#[test]
fn sqlite_passes_the_suite() {
    let folder = Folder::new("suite");
    let store = SqliteStore::open(&folder.0.join("register.sqlite"), ports::suite::TABLES).unwrap();
    println!("{} checks of the suite on SQLite", ports::suite::store(&store));
}

#[test]
fn postgresql_passes_the_suite() {
    let Some(database) = Database::new("suite") else { return };
    let store = PostgresStore::open(&database.address(), ports::suite::TABLES).unwrap();
    println!("{} checks of the suite on PostgreSQL", ports::suite::store(&store));
}

static OLD: Table = Table { code: 1, name: "thing", key: 1, columns: &[Column::int("id")], indexes: &[] };
static NEW: Table =
    Table { code: 1, name: "thing", key: 1, columns: &[Column::int("id"), Column::text("colour")], indexes: &[] };

/// `open` opens the same home again, with other tables.
fn a_new_column_is_added(open: &dyn Fn(&'static Table) -> Box<dyn Store>) {
    let store = open(&OLD);
    store.write(&mut |tx| tx.apply(&[Change::put(&OLD, vec![1.into()])])).unwrap();
    drop(store);
    let store = open(&NEW);
    // An event of the older version has the shorter row.
    store.write(&mut |tx| tx.apply(&[Change::Put { table: 1, row: vec![2.into()] }])).unwrap();
    // So may many of them.
    let many: Vec<Change> = (3..903).map(|id: i64| Change::Put { table: 1, row: vec![id.into()] }).collect();
    store.write(&mut |tx| tx.apply(&many)).unwrap();
    store
        .read(&mut |view| {
            assert_eq!(view.scan(&NEW, &[], None, 2)?, [vec![1.into(), Value::Null], vec![2.into(), Value::Null]]);
            assert_eq!(view.count(&NEW)?, 902);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_new_column_is_added_to_an_old_file_and_old_rows_read_as_empty() {
    let folder = Folder::new("migrate");
    let path = folder.0.join("register.sqlite");
    a_new_column_is_added(&|table| Box::new(SqliteStore::open(&path, &[table]).unwrap()));
}

#[test]
fn a_new_column_is_added_to_an_old_database_and_old_rows_read_as_empty() {
    let Some(database) = Database::new("migrate") else { return };
    let address = database.address();
    a_new_column_is_added(&|table| Box::new(PostgresStore::open(&address, &[table]).unwrap()));
}

fn a_copy_is_whole(store: &dyn Store, folder: &Folder) {
    store.write(&mut |tx| tx.apply(&[Change::put(&OLD, vec![7.into()])])).unwrap();
    let file = folder.0.join("copy.sqlite");
    store.copy_to(&file).unwrap();
    let beside: Vec<_> = std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!beside.iter().any(|name| name.to_string_lossy().starts_with("copy.sqlite-")), "{beside:?}");
    let copy = SqliteStore::open(&file, &[&OLD]).unwrap();
    copy.read(&mut |view| {
        assert_eq!(view.count(&OLD)?, 1);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_copy_is_a_whole_store() {
    let folder = Folder::new("copy");
    a_copy_is_whole(&SqliteStore::open(&folder.0.join("register.sqlite"), &[&OLD]).unwrap(), &folder);
}

#[test]
fn a_copy_of_a_database_is_a_whole_file() {
    let Some(database) = Database::new("copy") else { return };
    let folder = Folder::new("copy-postgres");
    a_copy_is_whole(&PostgresStore::open(&database.address(), &[&OLD]).unwrap(), &folder);
}
