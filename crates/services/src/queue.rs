//! What waits for an officer: how many in each queue, and since when the oldest. Nothing in it names a person.

use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ids::{BatchId, CaseId, ImportId};
use issuance::table::BATCH_LIST;
use journal::{Row, Value};
use ports::store::Read;
use register::table::CASE_DECISION;
use time::Instant;

/// More cases and batches than this are not looked at one by one.
const COUNTED_MAX: usize = 200;

/// A queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queue {
    /// `cases`, `received`, `recapture`, `checked`, `batches-open`, `batches-approved`, `imports-open`.
    pub name: &'static str,
    /// How many wait.
    pub waiting: u64,
    /// There are more than were counted.
    pub more: bool,
    /// The oldest: since when, and its id where it has a page of its own.
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
            all.push(cases(view, officer)?);
        }
        for (action, name, state) in [
            ("enrol", "received", "received"),
            ("enrol", "recapture", "recapture"),
            ("personalise", "checked", "checked"),
        ] {
            if may(action) {
                all.push(applications(view, officer, name, state)?);
            }
        }
        for (action, name, state) in
            [("approve", "batches-open", "open"), ("personalise", "batches-approved", "approved")]
        {
            if may(action) {
                all.push(batches(view, officer, name, state)?);
            }
        }
        if may("import") {
            let id = |row: &Row| ImportId::from_bytes(row[0].blob()).unwrap_or_default().to_string();
            let rows = view.find(&register::table::IMPORT, 1, &["open".into()], COUNTED_MAX)?;
            let mut own = Vec::new();
            for row in rows {
                if crate::unit::within(view, row[7].text(), &officer.unit)? {
                    own.push((Instant(row[5].int()), id(&row)));
                }
            }
            all.push(Queue {
                name: "imports-open",
                waiting: own.len() as u64,
                more: false,
                oldest: own.into_iter().min(),
            });
        }
        Ok(())
    })?;
    Ok(all)
}

/// The cases that wait for this officer: one that the officer has decided waits for another.
fn cases(view: &dyn Read, officer: &Officer) -> Result<Queue, Error> {
    let mut rows = crate::case::LISTED.page(view, &officer.unit, &["open".into()], None, COUNTED_MAX, false)?;
    let more = rows.len() > COUNTED_MAX;
    rows.truncate(COUNTED_MAX);
    let keys: Vec<Row> = rows.iter().map(|row| vec![row[0].clone(), officer.id.bytes().into()]).collect();
    let decided = view.get_all(&CASE_DECISION, &keys)?;
    let mut waiting = rows.iter().zip(decided).filter(|(_, decided)| decided.is_none()).map(|(row, _)| row);
    let id = |row: &Row| CaseId::from_bytes(row[0].blob()).unwrap_or_default().to_string();
    let oldest = waiting.next().map(|row| (Instant(row[8].int()), id(row)));
    let count = waiting.count() as u64 + u64::from(oldest.is_some());
    Ok(Queue { name: "cases", waiting: count, more, oldest })
}

fn applications(view: &dyn Read, officer: &Officer, name: &'static str, state: &str) -> Result<Queue, Error> {
    let (list, given) = (&crate::application::LISTED, [Value::from(state)]);
    let oldest = list.page(view, &officer.unit, &given, None, 0, false)?;
    let oldest = oldest.first().map(|row| (Instant(row[7].int()), String::new()));
    let waiting = if oldest.is_some() { list.count(view, &officer.unit, &given)? } else { 0 };
    Ok(Queue { name, waiting, more: false, oldest })
}

fn batches(view: &dyn Read, officer: &Officer, name: &'static str, state: &str) -> Result<Queue, Error> {
    let given: [Value; 2] = [officer.unit.as_str().into(), state.into()];
    let rows = view.scan(&BATCH_LIST, &given, None, COUNTED_MAX + 1)?;
    // An id begins with the time it was given.
    let oldest = rows.first().and_then(|row| BatchId::from_bytes(row[2].blob()));
    let oldest = oldest.map(|id| (Instant(id.0.unix_us()), id.to_string()));
    Ok(Queue { name, waiting: rows.len().min(COUNTED_MAX) as u64, more: rows.len() > COUNTED_MAX, oldest })
}
