//! The home in a PostgreSQL database, in its schema `vandan`.
//!
//! Invariant: a transaction that returned is durable as the server was told to make it, synchronous standbys included: a
//! wait that was given up is a fault, not an acknowledgement. One process writes; it holds an advisory lock of the database.
//! What was lost with a connection is found out before anything else is written (`Writer::find_out`).
//! Start reading at [`PostgresStore::open`].

mod address;
mod bulk;
mod connection;
mod fault;
mod layout;
mod readers;
mod session;
mod writer;

pub use address::Address;

use crate::copy::copy;
use crate::sqlite::SqliteStore;
use crate::statement::{Dialect, Statements};
use crate::view::View;
use bulk::BulkStatements;
use journal::Table;
use ports::Fault;
use ports::store::{Reading, Store, Writing};
use readers::Readers;
use session::Session;
use std::collections::BTreeMap;
use std::path::Path;
use writer::Writer;

/// State and events in one PostgreSQL database.
pub struct PostgresStore {
    statements: Statements,
    bulk: BTreeMap<u16, BulkStatements>,
    writer: Writer,
    readers: Readers,
}

impl PostgresStore {
    /// Opens the database, makes what is missing in it, and migrates it forward to these tables.
    pub fn open(address: &Address, tables: &[&'static Table]) -> Result<PostgresStore, Fault> {
        let statements = Statements::new(Dialect::Postgres, tables);
        let bulk = tables.iter().map(|table| (table.code, BulkStatements::new(table))).collect();
        let writer = Writer::open(address, &statements)?;
        Ok(PostgresStore { statements, bulk, writer, readers: Readers::new(address) })
    }
}

impl Store for PostgresStore {
    fn read(&self, work: Reading<'_>) -> Result<(), Fault> {
        let mut reader = self.readers.take()?;
        let view = View { query: Session::new(reader.connection(), &self.bulk), statements: &self.statements };
        let result = work(&view).and_then(|()| view.query.sound());
        drop(view);
        reader.give_back();
        result
    }

    fn write(&self, work: Writing<'_>) -> Result<(), Fault> {
        self.writer.write(&mut |connection| {
            let mut view = View { query: Session::new(connection, &self.bulk), statements: &self.statements };
            work(&mut view)?;
            view.query.sound()?;
            Ok(view.query.appended())
        })
    }

    fn check(&self) -> Result<Vec<String>, Fault> {
        let mut reader = self.readers.take()?;
        let faults = layout::check(reader.connection(), &self.statements);
        reader.give_back();
        faults
    }

    /// The copy is an SQLite file: it opens anywhere, without a server.
    fn copy_to(&self, file: &Path) -> Result<(), Fault> {
        let target = SqliteStore::scratch(file, &self.statements.tables())?;
        self.read(&mut |view| copy(view, &self.statements.tables(), &mut |work| target.write(work), &mut |_| ()))?;
        target.finish()
    }
}
