//! What waits for an officer: how many in each queue, and since when the oldest. Nothing in it names a person.

use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use crate::rows::{each, first_by};
use crate::unit;
use enrolment::table::APPLICATION;
use ids::{BatchId, CaseId, ImportId};
use issuance::table::BATCH;
use journal::{Row, Table, Value};
use ports::store::Read;
use register::table::{CASE, CASE_DECISION, IMPORT};
use time::Instant;

/// More than this many are not counted one by one.
pub const COUNTED_MAX: usize = 1_000;

/// A queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queue {
    /// `cases`, `received`, `recapture`, `checked`, `batches-open`, `batches-approved`, `imports-open`.
    pub name: &'static str,
    /// How many wait, at most [`COUNTED_MAX`].
    pub waiting: usize,
    /// The oldest of those counted: since when, and its id where it has a page of its own.
    pub oldest: Option<(Instant, String)>,
}

impl Queue {
    /// Whole days since the oldest came.
    #[must_use]
    pub fn days(&self, now: Instant) -> i64 {
        self.oldest.as_ref().map_or(0, |(since, _)| (now.0 - since.0).max(0) / 86_400_000_000)
    }
}

/// The queues of an officer's roles, within the officer's unit.
pub fn queues(book: &Book, officer: &Officer) -> Result<Vec<Queue>, Error> {
    let mut all = Vec::new();
    let may = |action: &str| officer.may(action).is_ok();
    book.view(|view| {
        if may("adjudicate") {
            // A case that this officer has decided waits for another.
            let undecided = |row: &Row| {
                let own = view.get(&CASE_DECISION, &[row[0].clone(), officer.id.bytes().into()])?;
                Ok(own.is_none())
            };
            let rows = waiting(view, officer, &CASE, 0, "open", 4, &undecided)?;
            let id = |row: &Row| CaseId::from_bytes(row[0].blob()).unwrap_or_default().to_string();
            all.push(queue("cases", &rows, |row| (Instant(row[8].int()), id(row))));
        }
        let mut applications = |name: &'static str, state: &str| -> Result<(), Error> {
            let rows = waiting(view, officer, &APPLICATION, 1, state, 4, &|_| Ok(true))?;
            all.push(queue(name, &rows, |row| (Instant(row[7].int()), String::new())));
            Ok(())
        };
        if may("enrol") {
            applications("received", "received")?;
            applications("recapture", "recapture")?;
        }
        if may("personalise") {
            applications("checked", "checked")?;
        }
        for (action, name, state) in
            [("approve", "batches-open", "open"), ("personalise", "batches-approved", "approved")]
        {
            if may(action) {
                all.push(queue(name, &batches(view, officer, state)?, |row| {
                    let id = BatchId::from_bytes(row[0].blob()).unwrap_or_default();
                    (made(id.bytes()), id.to_string())
                }));
            }
        }
        if may("import") {
            let rows = waiting(view, officer, &IMPORT, 1, "open", 7, &|_| Ok(true))?;
            let id = |row: &Row| ImportId::from_bytes(row[0].blob()).unwrap_or_default().to_string();
            all.push(queue("imports-open", &rows, |row| (Instant(row[5].int()), id(row))));
        }
        Ok(())
    })?;
    Ok(all)
}

fn queue(name: &'static str, rows: &[Row], since: impl Fn(&Row) -> (Instant, String)) -> Queue {
    Queue { name, waiting: rows.len(), oldest: rows.iter().map(since).min() }
}

/// The rows in a state, by an index over it, whose unit lies in the officer's.
fn waiting(
    view: &dyn Read,
    officer: &Officer,
    table: &'static Table,
    index: usize,
    state: &str,
    unit_at: usize,
    wanted: &dyn Fn(&Row) -> Result<bool, Error>,
) -> Result<Vec<Row>, Error> {
    let mut keep = |row: &Row| Ok(unit::within(view, row[unit_at].text(), &officer.unit)? && wanted(row)?);
    first_by(view, table, index, &[Value::from(state)], COUNTED_MAX, &mut keep)
}

/// The batches in a state that hold an application of the officer's unit.
fn batches(view: &dyn Read, officer: &Officer, state: &str) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    each(view, &BATCH, &mut |row| {
        if row[2].text() == state && rows.len() < COUNTED_MAX {
            let own = officer.unit.is_empty()
                || !first_by(view, &APPLICATION, 2, &row[..1], 1, &mut |application| {
                    unit::within(view, application[4].text(), &officer.unit)
                })?
                .is_empty();
            rows.extend(own.then_some(row));
        }
        Ok(())
    })?;
    Ok(rows)
}

/// When an id was made, to the millisecond (RFC 9562 section 5.7).
fn made(id: &[u8; 16]) -> Instant {
    let millis = id[..6].iter().fold(0_i64, |sum, byte| sum << 8 | i64::from(*byte));
    Instant(millis * 1_000)
}
