//! Rows of the table of events as the port has them.

use journal::{Change, Row, Value};
use ports::Fault;
use ports::store::{StoredEvent, Tally};
use time::Instant;

/// An event from a row with the columns of `statement::EVENT_COLUMNS`.
pub(crate) fn event(row: Row) -> Result<StoredEvent, Fault> {
    let damaged = |cause: &str| Fault::Damaged { what: "table event".into(), cause: cause.into() };
    let [number, kind, unit, recorded, salt, commitment, bytes] = row.as_slice() else {
        return Err(damaged("a column is missing"));
    };
    Ok(StoredEvent {
        number: number.int().unsigned_abs(),
        kind: kind.text().to_owned(),
        unit: unit.text().to_owned(),
        recorded: Instant(recorded.int()),
        salt: salt.blob().try_into().map_err(|_| damaged("a salt has not 16 bytes"))?,
        commitment: commitment.blob().try_into().map_err(|_| damaged("a commitment has not 32 bytes"))?,
        bytes: bytes.blob().to_vec(),
    })
}

/// A count from a row of kind, unit and count.
pub(crate) fn tally(row: Row) -> Tally {
    Tally { kind: row[0].text().to_owned(), unit: row[1].text().to_owned(), count: row[2].int().unsigned_abs() }
}

/// Whether a text has the one character that PostgreSQL's text cannot hold. It stands in no row, so it is found nowhere.
pub(crate) fn is_unheld(cell: &Value) -> bool {
    matches!(cell, Value::Text(text) if text.contains('\0'))
}

/// Both homes hold the same texts.
pub(crate) fn held(changes: &[Change]) -> Result<(), Fault> {
    let cells = |change: &Change| match change {
        Change::Put { row, .. } => row.iter().any(is_unheld),
        Change::Delete { key, .. } => key.iter().any(is_unheld),
    };
    match changes.iter().any(cells) {
        true => Err(Fault::Refused { what: "row".into(), cause: "a text has a character that is not kept".into() }),
        false => Ok(()),
    }
}

/// The numbers of events that come next have no gap.
pub(crate) fn in_order(events: &[StoredEvent], first: u64) -> Result<(), Fault> {
    match events.iter().zip(first..).find(|(event, expected)| event.number != *expected) {
        None => Ok(()),
        Some((event, expected)) => {
            let cause = format!("event {} where {expected} was expected", event.number);
            Err(Fault::Refused { what: "table event".into(), cause })
        }
    }
}
