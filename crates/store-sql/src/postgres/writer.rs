//! The one connection that writes, and what happens when it is lost.

use super::Address;
use super::connection::{Commit, Connection, pause};
use super::layout;
use crate::lock;
use crate::statement::{EVENT_COUNT, Statements};
use ports::Fault;
use std::sync::Mutex;

/// The advisory lock of the process that writes: the bytes of "vandan" as a number.
const LOCK: &str = "SELECT pg_try_advisory_lock(130160835977582)";
/// How often the lock is tried, a pause apart: a process that was killed leaves it when the server has noticed.
const TRIES: u32 = 40;
/// Which backend of the server this connection is.
const BACKEND: &str =
    "SELECT pid || ' ' || EXTRACT(epoch FROM backend_start) FROM pg_stat_activity WHERE pid = pg_backend_pid()";

/// The writer.
pub(crate) struct Writer {
    address: Address,
    state: Mutex<State>,
}

struct State {
    /// None while a transaction is under way (a panic loses it with its transaction), and after it was lost.
    connection: Option<Connection>,
    /// The backend of the last connection.
    backend: String,
}

/// Work in a transaction; gives the count of events after it, if it appended any.
pub(crate) type Work<'a> = &'a mut dyn FnMut(&mut Connection) -> Result<Option<u64>, Fault>;

impl Writer {
    /// Connects, takes the lock and migrates forward.
    pub(crate) fn open(address: &Address, statements: &Statements) -> Result<Writer, Fault> {
        let mut state = State { connection: None, backend: String::new() };
        let mut connection = state.connect(address)?;
        layout::migrate(&mut connection, statements)?;
        confirm(&mut connection)?;
        state.connection = Some(connection);
        Ok(Writer { address: address.clone(), state: Mutex::new(state) })
    }

    /// Runs `work` in a transaction.
    pub(crate) fn write(&self, work: Work<'_>) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        let mut connection = state.begin(&self.address)?;
        let appended = match work(&mut connection) {
            Ok(appended) => appended,
            Err(fault) => {
                if connection.roll_back() {
                    state.connection = Some(connection);
                }
                return Err(fault);
            }
        };
        match connection.commit() {
            Commit::Done => {
                state.connection = Some(connection);
                Ok(())
            }
            Commit::Refused(fault) => {
                state.connection = Some(connection);
                Err(fault)
            }
            Commit::Unconfirmed => {
                state.connection = Some(connection);
                let cause = "the synchronous standby has not confirmed it; it may or may not be kept".into();
                Err(Fault::Away { what: "commit".into(), cause })
            }
            Commit::Unknown(fault) => {
                drop(connection);
                state.find_out(&self.address, appended, fault)
            }
        }
    }
}

impl State {
    /// Connects and takes the lock. When it has the lock, no earlier connection of ours is at work any more: what it
    /// had asked for has happened by now, or never will.
    fn connect(&mut self, address: &Address) -> Result<Connection, Fault> {
        let mut connection = Connection::open(address, !self.backend.is_empty())?;
        let mut tries = 1;
        while connection.words(LOCK)? != ["t"] {
            if tries == TRIES {
                return Err(Fault::Locked);
            }
            if !self.backend.is_empty() {
                // The server has not noticed that our last connection is gone. No other process ever had this backend.
                let end = format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE pid || ' ' || EXTRACT(epoch FROM backend_start) = '{}'",
                    self.backend
                );
                connection.words(&end)?;
            }
            tries += 1;
            pause();
        }
        self.backend = connection.words(BACKEND)?.pop().unwrap_or_default();
        Ok(connection)
    }

    /// A connection with a transaction begun: the last one, or a new one where that was lost since.
    fn begin(&mut self, address: &Address) -> Result<Connection, Fault> {
        if let Some(mut connection) = self.connection.take()
            && connection.run("BEGIN").is_ok()
        {
            return Ok(connection);
        }
        let mut connection = self.connect(address)?;
        confirm(&mut connection)?;
        connection.run("BEGIN")?;
        Ok(connection)
    }

    /// Whether a transaction was committed whose connection was lost on the way: its events are there, or they are not.
    /// `fault` is what the loss looked like.
    fn find_out(&mut self, address: &Address, appended: Option<u64>, fault: Fault) -> Result<(), Fault> {
        let unknown = |_| Fault::Away {
            what: "commit".into(),
            cause: "the connection was lost, and it is not known whether the commit was done".into(),
        };
        let mut connection = self.connect(address).map_err(unknown)?;
        confirm(&mut connection).map_err(unknown)?;
        let count = connection.words(EVENT_COUNT).map_err(unknown)?.pop();
        self.connection = Some(connection);
        // Nobody else writes, so the events beyond those that were there before can only be this transaction's.
        if appended.is_some() && count.and_then(|count| count.parse().ok()) == appended { Ok(()) } else { Err(fault) }
    }
}

/// Commits something of no consequence, and waits for it. When it is confirmed, so is everything before it: also what an
/// earlier connection committed and never heard of again, which a server shows after a crash without asking its standby.
fn confirm(connection: &mut Connection) -> Result<(), Fault> {
    connection.run("BEGIN")?;
    connection.run("UPDATE layout SET opened = opened + 1")?;
    match connection.commit() {
        Commit::Done => Ok(()),
        Commit::Refused(fault) | Commit::Unknown(fault) => Err(fault),
        Commit::Unconfirmed => {
            let cause = "the synchronous standby does not confirm commits".into();
            Err(Fault::Away { what: "database".into(), cause })
        }
    }
}
