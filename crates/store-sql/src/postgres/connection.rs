//! One connection: how it is set up, its prepared statements, and commits that are believed only when they were clean.

use super::Address;
use super::fault::{fault, silent, starting};
use ports::Fault;
use postgres::error::Severity;
use postgres::{Client, NoTls, Statement};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Every query of ours has an index that fits; a planner without fresh statistics shall not think otherwise. So a plan is
/// made once and its costs do not matter.
const PLANS: &str = "SET search_path = vandan, pg_temp; SET client_min_messages = warning; SET jit = off;
    SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
    SET enable_hashjoin = off; SET enable_mergejoin = off; SET idle_in_transaction_session_timeout = 0;
    SET statement_timeout = 0; SET lock_timeout = 0;";
/// How often a connection is tried while the server is being started again, a pause apart.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// A connection.
pub(crate) struct Connection {
    pub(crate) client: Client,
    prepared: HashMap<String, Statement>,
    /// Set by a warning of the server.
    warned: Arc<AtomicBool>,
    /// Tables that have a temporary one beside them for rows that are copied in.
    pub(crate) incoming: HashSet<&'static str>,
}

/// How a commit ended.
pub(crate) enum Commit {
    /// Durable, as the server was told to make it.
    Done,
    /// It did not happen.
    Refused(Fault),
    /// It happened here, but the server gave up waiting for its synchronous standby.
    Unconfirmed,
    /// The connection was lost on the way.
    Unknown(Fault),
}

impl Connection {
    /// Connects, waiting a while for a server that is being started. `known` says that it was there before, so that one
    /// that does not answer may be about to start again.
    pub(crate) fn open(address: &Address, known: bool) -> Result<Connection, Fault> {
        let warned = Arc::new(AtomicBool::new(false));
        let mut config = address.config.clone();
        let seen = Arc::clone(&warned);
        config.notice_callback(move |notice| {
            // The severity in its own field is never translated; the word in front of the text may be.
            if notice.parsed_severity() == Some(Severity::Warning) {
                seen.store(true, Ordering::SeqCst);
            }
        });
        let mut tries = 1;
        let client = loop {
            match config.connect(NoTls) {
                Ok(client) => break client,
                Err(error) if tries < TRIES && (starting(&error) || known && silent(&error)) => tries += 1,
                Err(error) => return Err(fault(&error)),
            }
            pause();
        };
        let mut connection = Connection { client, prepared: HashMap::new(), warned, incoming: HashSet::new() };
        connection.run(PLANS)?;
        // A server that was told to wait for more than `on` keeps doing so.
        let waits = connection.words("SHOW synchronous_commit")?;
        if waits != ["on"] && waits != ["remote_apply"] {
            connection.run("SET synchronous_commit = on")?;
        }
        Ok(connection)
    }

    /// Runs statements without values.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Fault> {
        self.client.batch_execute(sql).map_err(|error| fault(&error))
    }

    /// The first column of a query without values, as text.
    pub(crate) fn words(&mut self, sql: &str) -> Result<Vec<String>, Fault> {
        let messages = self.client.simple_query(sql).map_err(|error| fault(&error))?;
        let rows = messages.iter().filter_map(|message| match message {
            postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// A statement, prepared once.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| fault(&error))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Commits. A server that gives up waiting for its synchronous standby (somebody cancelled the wait, or the server is
    /// being stopped) commits here all the same and only warns. A commit warns of nothing else that could be ignored, so
    /// any warning means that the commit is not acknowledged, whatever its words and their language.
    pub(crate) fn commit(&mut self) -> Commit {
        self.warned.store(false, Ordering::SeqCst);
        let done = self.client.batch_execute("COMMIT");
        let warned = self.warned.load(Ordering::SeqCst);
        match done {
            Ok(()) if warned => Commit::Unconfirmed,
            Ok(()) => Commit::Done,
            Err(error) => match error.as_db_error().map(|said| said.parsed_severity()) {
                Some(Some(Severity::Error)) => Commit::Refused(fault(&error)),
                // The connection is at its end; whether before or after the commit is not known.
                _ => Commit::Unknown(fault(&error)),
            },
        }
    }

    /// Undoes the transaction; `false` where the connection is of no more use.
    pub(crate) fn roll_back(&mut self) -> bool {
        // A temporary table that was made in it is gone with it.
        self.incoming.clear();
        self.client.batch_execute("ROLLBACK").is_ok()
    }
}

/// Waits before the next try.
#[expect(clippy::disallowed_methods, reason = "an adapter waits for a server of another process")]
pub(crate) fn pause() {
    std::thread::sleep(PAUSE);
}
