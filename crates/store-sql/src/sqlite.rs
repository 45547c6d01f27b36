//! The home in one SQLite file.
//!
//! Invariant: a transaction that returned is on the disk (`synchronous=FULL`, write-ahead log).
//! Start reading at [`SqliteStore::open`].

mod cell;
mod checkpoint;

use crate::lock;
use crate::statement::{Dialect, Statements};
use crate::view::View;
use checkpoint::{Checkpointer, LOG_PAGES_MAX};
use ports::Fault;
use ports::store::{Reading, Store, Writing};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The version of the physical layout: events and the way tables are made.
const LAYOUT: i64 = 1;
/// Pages that the writer keeps in memory.
const WRITER_CACHE_KIB: u32 = 65_536;
/// Pages that a reader keeps in memory; behind them stands the operating system's cache.
const READER_CACHE_KIB: u32 = 4_096;
/// Readers kept open for the next read.
const READERS_KEPT: usize = 64;

/// State and events in one SQLite file.
pub struct SqliteStore {
    // Before the connections: its thread ends first, so that the last connection to close tidies up.
    checkpointer: Checkpointer,
    path: PathBuf,
    statements: Statements,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens or makes the file, and migrates it forward to these tables.
    pub fn open(path: &Path, tables: &[&'static journal::Table]) -> Result<SqliteStore, Fault> {
        let statements = Statements::new(Dialect::Sqlite, tables);
        let mut writer = connect(path, WRITER_CACHE_KIB)?;
        migrate(&mut writer, &statements)?;
        let checkpointer = Checkpointer::start(path);
        let (path, writer) = (path.to_owned(), Mutex::new(writer));
        Ok(SqliteStore { checkpointer, path, statements, writer, readers: Mutex::default() })
    }

    /// Opens a file that need not survive: for replaying and comparing.
    pub fn scratch(path: &Path, tables: &[&'static journal::Table]) -> Result<SqliteStore, Fault> {
        let store = SqliteStore::open(path, tables)?;
        lock(&store.writer)
            .execute_batch("PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=100000;")
            .map_err(fault)?;
        Ok(store)
    }

    /// Closes the file as one that can be moved: with nothing beside it, and on the disk.
    pub fn finish(self) -> Result<(), Fault> {
        let path = self.path.clone();
        drop(self);
        let connection = Connection::open(&path).map_err(fault)?;
        connection.execute_batch("PRAGMA journal_mode=DELETE;").map_err(fault)?;
        drop(connection);
        std::fs::File::open(&path).and_then(|file| file.sync_all()).map_err(|error| Fault::io("database", &error))
    }

    fn reader(&self) -> Result<Connection, Fault> {
        match lock(&self.readers).pop() {
            Some(reader) => Ok(reader),
            None => connect(&self.path, READER_CACHE_KIB),
        }
    }
}

fn connect(path: &Path, cache_kib: u32) -> Result<Connection, Fault> {
    let connection = Connection::open(path).map_err(fault)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Else a statement with a limit is prepared anew whenever the limit is bound.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    connection
        .execute_batch(&format!(
            // A limit of 0 cuts the log when it begins anew, so its size says how much there is to carry over.
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{cache_kib};
             PRAGMA wal_autocheckpoint={LOG_PAGES_MAX}; PRAGMA journal_size_limit=0; PRAGMA secure_delete=ON;"
        ))
        .map_err(fault)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, statements: &Statements) -> Result<(), Fault> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(fault)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fault)?;
    if found > LAYOUT {
        return Err(Fault::Newer { found, known: LAYOUT });
    }
    tx.execute_batch(&statements.event.create).map_err(fault)?;
    for table in statements.all() {
        tx.execute_batch(&table.create).map_err(fault)?;
        let sql = format!("SELECT COUNT(*) FROM pragma_table_info('{}')", table.table.name);
        let columns: i64 = tx.query_row(&sql, [], |row| row.get(0)).map_err(fault)?;
        for add in table.add_columns.iter().skip(columns.unsigned_abs() as usize) {
            tx.execute_batch(add).map_err(fault)?;
        }
        tx.execute_batch(&table.create_indexes).map_err(fault)?;
    }
    tx.pragma_update(None, "user_version", LAYOUT).map_err(fault)?;
    tx.commit().map_err(fault)
}

impl Store for SqliteStore {
    fn read(&self, work: Reading<'_>) -> Result<(), Fault> {
        let mut reader = self.reader()?;
        let tx = reader.transaction().map_err(fault)?;
        let result = work(&View { query: &*tx, statements: &self.statements });
        tx.finish().map_err(fault)?;
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        result
    }

    fn write(&self, work: Writing<'_>) -> Result<(), Fault> {
        let mut writer = lock(&self.writer);
        let tx = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(fault)?;
        work(&mut View { query: &*tx, statements: &self.statements })?;
        tx.commit().map_err(fault)?;
        drop(writer);
        self.checkpointer.committed();
        Ok(())
    }

    fn check(&self) -> Result<Vec<String>, Fault> {
        let reader = self.reader()?;
        let mut faults = Vec::new();
        let mut checked = reader.prepare("PRAGMA integrity_check(20)").map_err(fault)?;
        let lines = checked.query_map([], |row| row.get::<_, String>(0)).map_err(fault)?;
        for line in lines {
            let line = line.map_err(fault)?;
            if line != "ok" {
                faults.push(line);
            }
        }
        let mut objects =
            reader.prepare("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").map_err(fault)?;
        let found =
            objects.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).map_err(fault)?;
        for object in found {
            let (kind, name) = object.map_err(fault)?;
            if !self.statements.declares(&kind, &name) {
                faults.push(format!("{kind} {name} is not ours"));
            }
        }
        Ok(faults)
    }

    fn copy_to(&self, file: &Path) -> Result<(), Fault> {
        let reader = self.reader()?;
        let mut target = Connection::open(file).map_err(fault)?;
        let backup = rusqlite::backup::Backup::new(&reader, &mut target).map_err(fault)?;
        backup.run_to_completion(4096, std::time::Duration::ZERO, None).map_err(fault)?;
        drop(backup);
        target.execute_batch("PRAGMA journal_mode=DELETE;").map_err(fault)
    }
}

/// What SQLite says, as a fault of the port. Its messages name tables and constraints, never values.
pub(crate) fn fault(error: rusqlite::Error) -> Fault {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Locked,
        Some(ErrorCode::DiskFull) => Fault::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Fault::Damaged { what: "database".into(), cause: error.to_string() }
        }
        _ => Fault::Refused { what: "database".into(), cause: error.to_string() },
    }
}
