//! The persons of an installation, as tests compare them.

use folder::{DataFolder, KeyFile};
use ports::machine::{Clock, Entropy};
use services::officer::Officer;
use services::{Book, Home};
use std::path::Path;
use std::sync::Arc;
use store_sql::{Address, PostgresStore, SqliteStore};

struct Now(time::Instant);

impl Clock for Now {
    fn now(&self) -> time::Instant {
        self.0
    }
}

/// A day in November 2023, long before anything that a server does.
pub const NOW: time::Instant = time::Instant(1_700_000_000_000_000);

struct NotRandom;

impl Entropy for NotRandom {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// The book of an installation.
pub fn book(data: &Path) -> Arc<Book> {
    of(data, None)
}

fn of(data: &Path, database: Option<&str>) -> Arc<Book> {
    let tables: Vec<&'static journal::Table> = [
        register::table::TABLES,
        enrolment::table::TABLES,
        issuance::table::TABLES,
        services::officer::TABLES,
        &[&services::schema::PERSON_EVENT, &services::schema::COMMAND],
        services::programme::TABLES,
    ]
    .concat();
    let folder = DataFolder::open(data).unwrap();
    let home = Home {
        store: match database {
            None => Box::new(SqliteStore::open(&folder.database(), &tables).unwrap()),
            Some(url) => Box::new(PostgresStore::open(&Address::parse(url).unwrap(), &tables).unwrap()),
        },
        blobs: Box::new(folder.blobs()),
        tiles: Box::new(folder.tiles()),
        keys: Box::new(KeyFile::open(&folder.keys()).unwrap()),
        clock: Box::new(Now(NOW)),
        gallery: Arc::new(folder.gallery()),
        entropy: Arc::new(NotRandom),
    };
    Arc::new(Book::open(home).unwrap())
}

/// Every person's rows and number, sorted, from the data folder or from a database.
pub fn persons(data: &Path, database: Option<&str>) -> Vec<(Vec<String>, Option<String>)> {
    let book = of(data, database);
    let everyone = services::person::everyone(&book, &Officer::operator(), "a test").unwrap();
    let mut all: Vec<_> = everyone
        .into_iter()
        .map(|entry| {
            let mut rows: Vec<String> = entry.person.sources.iter().map(|source| source.rec_id.clone()).collect();
            rows.sort();
            (rows, entry.person.number)
        })
        .collect();
    all.sort();
    all
}
