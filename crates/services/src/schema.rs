//! The tables that every event writes by being an event, and how.

use journal::{Change, Column, Index, Link, Table, Value};

/// Each person's chain of events.
pub static PERSON_EVENT: Table = Table {
    code: 40,
    name: "person_event",
    key: 2,
    columns: &[Column::blob("person_id"), Column::int("number"), Column::int("event"), Column::blob("head")],
    indexes: &[],
};

/// Commands that were carried out, by their idempotency key, and what they answered.
pub static COMMAND: Table = Table {
    code: 41,
    name: "command",
    key: 1,
    columns: &[Column::blob("command_key"), Column::int("event"), Column::blob("answer")],
    indexes: &[Index { name: "command_by_event", columns: &[1] }],
};

/// The rows that follow from an event's place, links and command: the same code writes and verifies them.
#[must_use]
pub fn implied(
    number: u64,
    commitment: &[u8; 32],
    links: &[Link],
    command: Option<&(Vec<u8>, Vec<u8>)>,
) -> Vec<Change> {
    let number = Value::Int(number as i64);
    let mut changes: Vec<Change> = links
        .iter()
        .map(|link| {
            let row =
                vec![link.person.bytes().into(), Value::Int(link.number as i64), number.clone(), commitment.into()];
            Change::put(&PERSON_EVENT, row)
        })
        .collect();
    if let Some((key, answer)) = command {
        changes.push(Change::put(&COMMAND, vec![key.as_slice().into(), number, answer.as_slice().into()]));
    }
    changes
}
