//! State and events in one transactional home.
//!
//! Invariant: an event and its rows are written together or not at all; when [`Store::write`] has returned, they are
//! durable.
//! Not here: what the rows mean (`journal::Table`), and who may write them (`services`).

use crate::Fault;
use journal::{Change, Row, Table, Value};
use std::ops::Range;
use time::Instant;

/// An event as stored: its bytes, what finds it, and its commitment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredEvent {
    /// Its place in the order of all events, from 0 without a gap; also its place in the ledger.
    pub number: u64,
    /// What happened.
    pub kind: String,
    /// For which unit it counts.
    pub unit: String,
    /// When it was recorded.
    pub recorded: Instant,
    /// The secret salt of its commitment.
    pub salt: [u8; 16],
    /// The commitment that stands in the ledger.
    pub commitment: [u8; 32],
    /// `journal::Parts` in stored form.
    pub bytes: Vec<u8>,
}

/// How many events of a kind a unit has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tally {
    /// The kind.
    pub kind: String,
    /// The unit.
    pub unit: String,
    /// The count.
    pub count: u64,
}

/// Which rows of a list: those after a place in its order, at most so many, in order or from the end.
///
/// The place is the end of what the order goes by: for a scan the whole key; for an index its columns beyond those given,
/// then the key. A row with an empty cell there is on no page but the first.
#[derive(Clone, Copy, Default, Debug)]
pub struct Page<'a> {
    /// The place of the last row that was seen; none for the first page.
    pub after: Option<&'a [Value]>,
    /// At most so many rows.
    pub limit: usize,
    /// From the end towards the beginning.
    pub back: bool,
}

impl<'a> Page<'a> {
    /// The first rows.
    #[must_use]
    pub fn first(limit: usize) -> Page<'a> {
        Page { after: None, limit, back: false }
    }

    /// The rows after a place, or the first.
    #[must_use]
    pub fn after(after: Option<&'a [Value]>, limit: usize) -> Page<'a> {
        Page { after, limit, back: false }
    }

    /// The same from the end.
    #[must_use]
    pub fn back(self) -> Page<'a> {
        Page { back: true, ..self }
    }
}

/// Looking things up, within one consistent view.
pub trait Read {
    /// The row with this key.
    fn get(&self, table: &'static Table, key: &[Value]) -> Result<Option<Row>, Fault>;
    /// The rows with these keys, each in the place of its key: for an adapter behind a wire one question, not many.
    fn get_all(&self, table: &'static Table, keys: &[Row]) -> Result<Vec<Option<Row>>, Fault> {
        keys.iter().map(|key| self.get(table, key)).collect()
    }
    /// As [`Read::last`], for several prefixes of the same length.
    fn last_all(&self, table: &'static Table, prefixes: &[Row]) -> Result<Vec<Option<Row>>, Fault> {
        prefixes.iter().map(|prefix| self.last(table, prefix)).collect()
    }
    /// A page of the rows whose index columns begin with `values`, in index order then key order; empty cells come first.
    fn find_page(
        &self,
        table: &'static Table,
        index: usize,
        values: &[Value],
        page: Page<'_>,
    ) -> Result<Vec<Row>, Fault>;
    /// A page of the rows whose key begins with `prefix`, in key order.
    fn scan_page(&self, table: &'static Table, prefix: &[Value], page: Page<'_>) -> Result<Vec<Row>, Fault>;
    /// The first of [`Read::find_page`].
    fn find(&self, table: &'static Table, index: usize, values: &[Value], limit: usize) -> Result<Vec<Row>, Fault> {
        self.find_page(table, index, values, Page::first(limit))
    }
    /// [`Read::scan_page`] onwards from a key.
    fn scan(
        &self,
        table: &'static Table,
        prefix: &[Value],
        after: Option<&[Value]>,
        limit: usize,
    ) -> Result<Vec<Row>, Fault> {
        self.scan_page(table, prefix, Page::after(after, limit))
    }
    /// The row with the greatest key that begins with `prefix`.
    fn last(&self, table: &'static Table, prefix: &[Value]) -> Result<Option<Row>, Fault>;
    /// How many rows a table has.
    fn count(&self, table: &'static Table) -> Result<u64, Fault>;
    /// How many rows have index columns that begin with `values`.
    fn count_by(&self, table: &'static Table, index: usize, values: &[Value]) -> Result<u64, Fault>;
    /// How many events there are.
    fn event_count(&self) -> Result<u64, Fault>;
    /// Events from number `from` on, at most `limit`.
    fn events(&self, from: u64, limit: usize) -> Result<Vec<StoredEvent>, Fault>;
    /// The events with these numbers, in any order; those that are not there are left out.
    fn events_at(&self, numbers: &[u64]) -> Result<Vec<StoredEvent>, Fault>;
    /// The events of a kind and unit recorded in a span of time, those with the greatest numbers below `before` first.
    fn events_of(
        &self,
        kind: &str,
        unit: &str,
        span: Range<Instant>,
        before: u64,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, Fault>;
    /// Counts of events by kind, from number `from` on.
    fn kinds(&self, from: u64) -> Result<Vec<(String, u64)>, Fault>;
    /// Counts of events by kind and unit, recorded up to and including `until`.
    fn tally(&self, until: Instant) -> Result<Vec<Tally>, Fault>;
}

/// Writing, within one transaction.
pub trait Write: Read {
    /// Appends the next events; the number of each must be the count of events before it.
    fn append(&mut self, events: &[StoredEvent]) -> Result<(), Fault>;
    /// Applies changes to state tables. Of several changes to one row the last counts; the adapter may reorder the others.
    fn apply(&mut self, changes: &[Change]) -> Result<(), Fault>;
}

/// Work on a consistent view; results are carried out by the closure.
pub type Reading<'a> = &'a mut dyn FnMut(&dyn Read) -> Result<(), Fault>;
/// Work in a transaction; an error undoes all of it.
pub type Writing<'a> = &'a mut dyn FnMut(&mut dyn Write) -> Result<(), Fault>;

/// The home of state and events.
pub trait Store: Send + Sync {
    /// Runs `work` on a consistent view.
    fn read(&self, work: Reading<'_>) -> Result<(), Fault>;
    /// Runs `work` in a transaction. On `Ok` everything is durable. On `Err` nothing happened; but where the fault comes
    /// from the commit itself (a server that went away, a standby that did not confirm), it may have happened all the same.
    /// Whoever asks again does so with an idempotency key, and looks at the count of events.
    fn write(&self, work: Writing<'_>) -> Result<(), Fault>;
    /// What is wrong with the home itself: damaged pages, triggers or tables that are not ours. Empty when all is well.
    fn check(&self) -> Result<Vec<String>, Fault>;
    /// Writes a consistent copy of everything into a new file.
    fn copy_to(&self, file: &std::path::Path) -> Result<(), Fault>;
}
