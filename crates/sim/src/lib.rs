//! Failures on purpose: power loss at every write, replayed against the real store, ledger and blobs.
//!
//! `sim-operations` does a number of operations in a folder and says after each that it is done. The test runs it under a
//! recorder of file operations (`recorder.c`), then rebuilds the folder as a power loss would have left it after every
//! prefix of the writes, opens it with the real code, and looks whether everything acknowledged is there.
//! Start reading at [`open`], then `tests/power_loss.rs`.

pub mod gallery;
pub mod record;

use folder::{DataFolder, KeyFile};
use journal::Table;
use ports::machine::{Clock, Entropy};
use ports::store::Store;
use services::{Book, Error, Home};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use time::Instant;

/// A clock that goes on by 50 ms with every look, so that checkpoints fall due in the middle of the work.
pub struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        Instant(self.0.fetch_add(50_000, Ordering::Relaxed))
    }
}

/// Numbers from a seed; for simulations only.
pub struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = ((state ^ (state >> 27)) >> 24) as u8;
        }
    }
}

/// The tables of the simulation: units for the rows, and what every event writes.
pub static TABLES: &[&Table] = &[&services::schema::PERSON_EVENT, &services::schema::COMMAND, &register::table::UNIT];

/// Opens a folder as an installation; makes the keys if there are none.
pub fn open(path: &Path, seed: u64) -> Result<Arc<Book>, Error> {
    open_with(path, seed, |store| store)
}

/// As [`open`], with something put in front of the store.
pub fn open_with(
    path: &Path,
    seed: u64,
    before: impl FnOnce(Box<dyn Store>) -> Box<dyn Store>,
) -> Result<Arc<Book>, Error> {
    open_tables(path, TABLES, seed, before)
}

/// As [`open_with`], with other tables.
pub fn open_tables(
    path: &Path,
    tables: &[&'static Table],
    seed: u64,
    before: impl FnOnce(Box<dyn Store>) -> Box<dyn Store>,
) -> Result<Arc<Book>, Error> {
    let folder = DataFolder::open(path)?;
    let keys = match KeyFile::open(&folder.keys()) {
        Ok(keys) => keys,
        Err(_) => KeyFile::create(&folder.keys(), [7; 32], "vandan/sim")?,
    };
    let home = Home {
        store: before(Box::new(store_sql::SqliteStore::open(&folder.database(), tables)?)),
        blobs: Box::new(folder.blobs()),
        tiles: Box::new(folder.tiles()),
        keys: Box::new(keys),
        clock: Box::new(Ticking(AtomicI64::new(1_600_000_000_000_000))),
        gallery: Arc::new(folder.gallery()),
        entropy: Arc::new(Seeded(AtomicU64::new(seed))),
    };
    Ok(Arc::new(Book::open(home)?))
}
