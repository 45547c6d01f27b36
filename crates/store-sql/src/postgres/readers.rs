//! Connections for reading: kept open for the next read, and never too many of them.

use super::Address;
use super::connection::Connection;
use crate::lock;
use ports::Fault;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Connections that read at the same time; a server takes 100 unless it is told otherwise.
const READERS_MAX: usize = 48;
/// How long a read waits for a connection.
const WAIT: Duration = Duration::from_secs(10);
/// One snapshot for the whole read, which begins with its first query.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    taken: usize,
}

/// The pool.
pub(crate) struct Readers {
    address: Address,
    pool: Mutex<Pool>,
    returned: Condvar,
}

/// The right to one connection, given up when it is dropped.
struct Permit<'a>(&'a Readers);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        lock(&self.0.pool).taken -= 1;
        self.0.returned.notify_one();
    }
}

/// A connection within a read. One that is not given back (its reader panicked) is closed.
pub(crate) struct Reader<'a> {
    permit: Permit<'a>,
    connection: Connection,
}

impl Readers {
    pub(crate) fn new(address: &Address) -> Readers {
        Readers { address: address.clone(), pool: Mutex::default(), returned: Condvar::new() }
    }

    /// A connection with a transaction begun.
    pub(crate) fn take(&self) -> Result<Reader<'_>, Fault> {
        let permit = self.permit()?;
        loop {
            let idle = lock(&self.pool).idle.pop();
            let Some(mut connection) = idle else { break };
            // One that was idle while the server was started again is lost; nothing has been read over it yet.
            if connection.run(BEGIN).is_ok() {
                return Ok(Reader { permit, connection });
            }
        }
        let mut connection = Connection::open(&self.address, true)?;
        connection.run(BEGIN)?;
        Ok(Reader { permit, connection })
    }

    fn permit(&self) -> Result<Permit<'_>, Fault> {
        let pool = lock(&self.pool);
        let (mut pool, late) = self
            .returned
            .wait_timeout_while(pool, WAIT, |pool| pool.taken >= READERS_MAX)
            .unwrap_or_else(PoisonError::into_inner);
        if late.timed_out() {
            return Err(Fault::Locked);
        }
        pool.taken += 1;
        drop(pool);
        Ok(Permit(self))
    }
}

impl Reader<'_> {
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Ends the read; the connection is kept for the next.
    pub(crate) fn give_back(mut self) {
        if self.connection.run("ROLLBACK").is_ok() {
            lock(&self.permit.0.pool).idle.push(self.connection);
        }
    }
}
