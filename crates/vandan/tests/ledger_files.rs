//! Ledger files that cannot be written for a while: nothing is signed over what is missing, and everything is caught up.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::Folder;
use folder::{DataFolder, FolderTiles, KeyFile};
use ports::Fault;
use ports::machine::{Clock, Entropy};
use ports::tiles::TileFiles;
use services::officer::{self, Officer};
use services::{Book, Decision, Home};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store_sql::SqliteStore;
use time::Instant;

/// A clock that goes on with every look.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        Instant(self.0.fetch_add(1_000, Ordering::Relaxed))
    }
}

/// Bytes that count up: nothing here must be hard to guess.
struct Counting(AtomicI64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
    }
}

/// Files on a disk that fails while it is told to.
struct Failing {
    files: FolderTiles,
    /// Nothing can be written.
    put: Arc<AtomicBool>,
    /// Nothing can be read.
    get: Arc<AtomicBool>,
}

impl Failing {
    fn check(flag: &AtomicBool) -> Result<(), Fault> {
        if flag.load(Ordering::Relaxed) { Err(Fault::Locked) } else { Ok(()) }
    }
}

impl TileFiles for Failing {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        Failing::check(&self.put)?;
        self.files.put(path, bytes)
    }

    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        Failing::check(&self.get)?;
        self.files.get(path)
    }

    fn delete(&self, path: &str) -> Result<(), Fault> {
        Failing::check(&self.put)?;
        self.files.delete(path)
    }

    fn sync(&self) -> Result<(), Fault> {
        Failing::check(&self.put)?;
        self.files.sync()
    }
}

fn open(data: &Path, put: &Arc<AtomicBool>, get: &Arc<AtomicBool>) -> Arc<Book> {
    let folder = DataFolder::open(data).unwrap();
    let mut tables = vec![&services::schema::PERSON_EVENT, &services::schema::COMMAND];
    tables.extend(services::programme::TABLES);
    tables.extend(officer::TABLES);
    tables.extend(register::table::TABLES);
    let keys = KeyFile::open(&folder.keys());
    let home = Home {
        store: Box::new(SqliteStore::open(&folder.database(), &tables).unwrap()),
        blobs: Box::new(folder.blobs()),
        tiles: Box::new(Failing { files: folder.tiles(), put: Arc::clone(put), get: Arc::clone(get) }),
        keys: Box::new(keys.unwrap_or_else(|_| KeyFile::create(&folder.keys(), [7; 32], "vandan/test").unwrap())),
        clock: Box::new(Ticking(AtomicI64::new(1_620_000_000_000_000))),
        gallery: Arc::new(folder.gallery()),
        entropy: Arc::new(Counting(AtomicI64::new(1))),
    };
    Arc::new(Book::open(home).unwrap())
}

#[test]
fn nothing_is_signed_over_a_tile_that_was_not_written() {
    let folder = Folder::new("ledger-files");
    let data = folder.join("data");
    std::fs::create_dir_all(data.join("keys")).unwrap();
    let [put, get] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
    let book = open(&data, &put, &get);
    let write = |events: usize| {
        let actor = Officer::operator().actor("a test");
        let events = (0..events).map(|_| book.event("test", &actor)).collect();
        book.submit(None, move |_| Ok(Decision { events, answer: Vec::new() })).unwrap();
    };
    let flags = |puts: bool, gets: bool| {
        put.store(puts, Ordering::Relaxed);
        get.store(gets, Ordering::Relaxed);
    };
    write(10);
    // The tile of 256 cannot be written, and the ledger cannot be read again either: what is committed stays committed.
    flags(true, true);
    write(300);
    assert!(book.checkpoint(true).is_err());
    // It can be read, but not written: still nothing is signed.
    flags(true, false);
    assert!(book.checkpoint(true).is_err());
    write(5);
    flags(false, false);
    let note = book.checkpoint(true).unwrap();
    let signed = ledger::Checkpoint::parse(&note).unwrap();
    assert_eq!(
        (signed.size, signed.heads.size),
        (315, 315),
        "the ledger and its head map have everything that SQL has"
    );
    for event in [0, 9, 255, 256, 314] {
        book.inclusion(event, signed.size).unwrap();
    }
    drop(book);
    assert_eq!(open(&data, &put, &get).ledger_size(), 315);
}
