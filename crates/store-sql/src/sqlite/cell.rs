//! SQLite's rows and cells, and writing them.

use super::fault;
use crate::row::{held, in_order};
use crate::view::{Query, View};
use journal::{Change, Row, Value};
use ports::Fault;
use ports::store::{Read, StoredEvent, Write};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

/// A cell on its way into SQL.
struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A cell on its way out. What is neither of the four is damage.
fn value(cell: ValueRef<'_>) -> Result<Value, Fault> {
    let damaged = |cause: &str| Fault::Damaged { what: "database".into(), cause: cause.into() };
    Ok(match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(text) => {
            Value::Text(std::str::from_utf8(text).map_err(|_| damaged("text that is not UTF-8"))?.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(_) => return Err(damaged("a number with a fraction")),
    })
}

impl Query for &Connection {
    fn rows(&self, sql: &str, values: &[&[Value]], limit: Option<usize>) -> Result<Vec<Row>, Fault> {
        let limit = limit.map(|limit| Value::Int(limit as i64));
        let cells = values.iter().flat_map(|values| values.iter()).chain(&limit).map(Cell);
        let mut statement = self.prepare_cached(sql).map_err(fault)?;
        let width = statement.column_count();
        let mut rows = statement.query(params_from_iter(cells)).map_err(fault)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            let cells = (0..width).map(|at| value(row.get_ref(at).map_err(fault)?));
            all.push(cells.collect::<Result<Row, Fault>>()?);
        }
        Ok(all)
    }
}

impl Write for View<'_, &Connection> {
    fn append(&mut self, events: &[StoredEvent]) -> Result<(), Fault> {
        in_order(events, self.event_count()?)?;
        let mut statement = self.query.prepare_cached(&self.statements.event.insert).map_err(fault)?;
        for event in events {
            statement
                .execute(rusqlite::params![
                    event.number as i64,
                    event.kind,
                    event.unit,
                    event.recorded.0,
                    event.salt,
                    event.commitment,
                    event.bytes
                ])
                .map_err(fault)?;
        }
        Ok(())
    }

    fn apply(&mut self, changes: &[Change]) -> Result<(), Fault> {
        held(changes)?;
        // In key order neighbours share pages. The order is stable: of two changes to a row the later one stays the later.
        let mut placed = Vec::with_capacity(changes.len());
        for change in changes {
            let (table, cells) = match change {
                Change::Put { table, row } => (*table, row),
                Change::Delete { table, key } => (*table, key),
            };
            let statements = self.statements.of(table)?;
            placed.push((table, cells.get(..statements.table.key).unwrap_or(cells), statements, change));
        }
        placed.sort_by_key(|(table, key, ..)| (*table, *key));
        for (_, _, statements, change) in placed {
            let (sql, cells, missing) = match change {
                // Columns that a later version added are empty in an older event.
                Change::Put { row, .. } => {
                    (&statements.put, row, statements.table.columns.len().saturating_sub(row.len()))
                }
                Change::Delete { key, .. } => (&statements.delete, key, 0),
            };
            let nulls = std::iter::repeat_n(&Value::Null, missing);
            let mut statement = self.query.prepare_cached(sql).map_err(fault)?;
            statement.execute(params_from_iter(cells.iter().chain(nulls).map(Cell))).map_err(fault)?;
        }
        Ok(())
    }
}
