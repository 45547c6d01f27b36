//! The store port on SQL: SQLite today, in the subset that PostgreSQL shares.
//!
//! Invariant: a transaction that returned is on the disk (`synchronous=FULL`, write-ahead log).
//! Not here: what rows mean; tables are declared as data (`journal::Table`) by the floors below.
//! Start reading at [`SqlStore::open`]; `statement` holds every SQL text.

mod checkpoint;
mod statement;
mod view;

use checkpoint::{Checkpointer, LOG_PAGES_MAX};
use ports::Fault;
use ports::store::{Reading, Store, Writing};
use rusqlite::Connection;
use statement::Statements;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use view::View;

/// The version of the physical layout: events and the way tables are made.
const LAYOUT: i64 = 1;
/// Pages that the writer keeps in memory.
const WRITER_CACHE_KIB: u32 = 65_536;
/// Pages that a reader keeps in memory; behind them stands the operating system's cache.
const READER_CACHE_KIB: u32 = 4_096;
/// Readers kept open for the next read.
const READERS_KEPT: usize = 64;

/// State and events in one SQLite file.
pub struct SqlStore {
    // Before the connections: its thread ends first, so that the last connection to close tidies up.
    checkpointer: Checkpointer,
    path: std::path::PathBuf,
    statements: Statements,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqlStore {
    /// Opens or makes the file, and migrates it forward to these tables.
    pub fn open(path: &Path, tables: &[&'static journal::Table]) -> Result<SqlStore, Fault> {
        let statements = Statements::new(tables);
        let mut writer = connect(path, WRITER_CACHE_KIB)?;
        migrate(&mut writer, &statements)?;
        let checkpointer = Checkpointer::start(path);
        let (path, writer) = (path.to_owned(), Mutex::new(writer));
        Ok(SqlStore { checkpointer, path, statements, writer, readers: Mutex::default() })
    }

    /// Opens a file that need not survive: for replaying and comparing.
    pub fn scratch(path: &Path, tables: &[&'static journal::Table]) -> Result<SqlStore, Fault> {
        let store = SqlStore::open(path, tables)?;
        lock(&store.writer)
            .execute_batch("PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=100000;")
            .map_err(fault)?;
        Ok(store)
    }

    fn reader(&self) -> Result<Connection, Fault> {
        match lock(&self.readers).pop() {
            Some(reader) => Ok(reader),
            None => connect(&self.path, READER_CACHE_KIB),
        }
    }
}

/// A panic in another thread has rolled its transaction back; the connection behind the lock is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, cache_kib: u32) -> Result<Connection, Fault> {
    let connection = Connection::open(path).map_err(fault)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(128);
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
    tx.execute_batch(statement::EVENTS).map_err(fault)?;
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

impl Store for SqlStore {
    fn read(&self, work: Reading<'_>) -> Result<(), Fault> {
        let mut reader = self.reader()?;
        let tx = reader.transaction().map_err(fault)?;
        let result = work(&View { connection: &tx, statements: &self.statements });
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
        work(&mut View { connection: &tx, statements: &self.statements })?;
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
