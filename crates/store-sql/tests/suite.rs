//! The store port's suite on SQLite, and what is SQLite's own.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use journal::{Change, Column, Table, Value};
use ports::store::Store;
use store_sql::SqlStore;

/// A folder of this test's own, removed when it ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vandan-store-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn sqlite_passes_the_suite() {
    let folder = Folder::new("suite");
    let store = SqlStore::open(&folder.0.join("register.sqlite"), ports::suite::TABLES).unwrap();
    ports::suite::store(&store);
}

static OLD: Table = Table { code: 1, name: "thing", key: 1, columns: &[Column::int("id")], indexes: &[] };
static NEW: Table =
    Table { code: 1, name: "thing", key: 1, columns: &[Column::int("id"), Column::text("colour")], indexes: &[] };

#[test]
fn a_new_column_is_added_to_an_old_file_and_old_rows_read_as_empty() {
    let folder = Folder::new("migrate");
    let path = folder.0.join("register.sqlite");
    let store = SqlStore::open(&path, &[&OLD]).unwrap();
    store.write(&mut |tx| tx.apply(&[Change::put(&OLD, vec![1.into()])])).unwrap();
    drop(store);
    let store = SqlStore::open(&path, &[&NEW]).unwrap();
    // An event of the older version has the shorter row.
    store.write(&mut |tx| tx.apply(&[Change::Put { table: 1, row: vec![2.into()] }])).unwrap();
    store
        .read(&mut |view| {
            assert_eq!(view.scan(&NEW, &[], None, 9)?, [vec![1.into(), Value::Null], vec![2.into(), Value::Null]]);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_copy_is_a_whole_store() {
    let folder = Folder::new("copy");
    let store = SqlStore::open(&folder.0.join("register.sqlite"), &[&OLD]).unwrap();
    store.write(&mut |tx| tx.apply(&[Change::put(&OLD, vec![7.into()])])).unwrap();
    store.copy_to(&folder.0.join("copy.sqlite")).unwrap();
    let copy = SqlStore::open(&folder.0.join("copy.sqlite"), &[&OLD]).unwrap();
    copy.read(&mut |view| {
        assert_eq!(view.count(&OLD)?, 1);
        Ok(())
    })
    .unwrap();
}
