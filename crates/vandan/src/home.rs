//! Which of the two homes an installation's events and state have: SQLite in the data folder, or a PostgreSQL database.
//!
//! Invariant: an installation has one home. The file `database` in the folder says that it is not in the folder, so that
//! nobody goes on in a file that was left behind, or begins a second one.

use crate::installation::{of_services, tables};
use crate::machine::variable;
use crate::output::{Exit, Failure};
use crate::text::t;
use ports::store::Store;
use std::path::{Path, PathBuf};
use store_sql::{Address, PostgresStore, SqliteStore};

/// What the file says; never an address, which may hold a password.
const SAID: &str = "postgresql\n";

/// Where the events and the state of an installation are.
#[derive(Clone)]
pub(crate) enum Home {
    /// In the data folder.
    Folder,
    /// In this database.
    Database(Box<Address>),
}

impl Home {
    /// The home that a command line or the variable VANDAN_DATABASE names; else the folder.
    pub(crate) fn named(database: Option<&str>) -> Result<Home, Failure> {
        let Some(text) = database.map(str::to_owned).or_else(|| variable("VANDAN_DATABASE")) else {
            return Ok(Home::Folder);
        };
        Address::parse(&text)
            .map(|address| Home::Database(Box::new(address)))
            .map_err(|fault| of_services(&fault.into()))
    }

    /// Opens the store; `file` is where SQLite's is.
    pub(crate) fn open(&self, file: &Path) -> Result<Box<dyn Store>, Failure> {
        let failure = |fault: ports::Fault| of_services(&fault.into());
        Ok(match self {
            Home::Folder => Box::new(SqliteStore::open(file, &tables()).map_err(failure)?),
            Home::Database(address) => Box::new(PostgresStore::open(address, &tables()).map_err(failure)?),
        })
    }

    /// Refuses a home that the installation in a folder does not have.
    pub(crate) fn expected_in(&self, data: &Path) -> Result<(), Failure> {
        let folder = || vec![("folder", data.display().to_string())];
        match (self, mark(data).exists()) {
            (Home::Folder, true) => Err(Failure::new(Exit::Use, t!("database-elsewhere"), folder())),
            (Home::Database(_), false) => Err(Failure::new(Exit::Use, t!("database-in-folder"), folder())),
            _ => Ok(()),
        }
    }

    /// Writes down which home the installation in a folder has.
    pub(crate) fn note_in(&self, data: &Path) -> Result<(), Failure> {
        let noted = match self {
            Home::Folder => match std::fs::remove_file(mark(data)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            Home::Database(_) => std::fs::write(mark(data), SAID),
        };
        let synced = noted.and_then(|()| std::fs::File::open(data).and_then(|folder| folder.sync_all()));
        synced.map_err(|error| of_services(&ports::Fault::io("data folder", &error).into()))
    }
}

fn mark(data: &Path) -> PathBuf {
    data.join("database")
}

/// Whether a home has neither events nor rows.
pub(crate) fn is_empty(store: &dyn Store) -> Result<bool, Failure> {
    let mut empty = true;
    let read = store.read(&mut |view| {
        empty = view.event_count()? == 0;
        for table in tables() {
            empty = empty && view.scan(table, &[], None, 1)?.is_empty();
        }
        Ok(())
    });
    read.map(|()| empty).map_err(|fault| of_services(&fault.into()))
}

/// The failure where a home should have been empty.
pub(crate) fn not_empty() -> Failure {
    Failure::new(Exit::Use, t!("database-not-empty"), Vec::new())
}
