//! Reading and writing through one connection, inside one transaction.

use crate::fault;
use crate::statement::{self, Statements, TableStatements};
use journal::{Change, Row, Table, Value};
use ports::Fault;
use ports::store::{Read, StoredEvent, Tally, Write};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use time::Instant;

pub(crate) struct View<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) statements: &'a Statements,
}

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

impl View<'_> {
    fn of(&self, code: u16) -> Result<&TableStatements, Fault> {
        let unknown = || Fault::Damaged { what: format!("table {code}"), cause: "not known".into() };
        self.statements.of(code).ok_or_else(unknown)
    }

    fn rows(&self, sql: &str, values: &[&[Value]], limit: Option<usize>) -> Result<Vec<Row>, Fault> {
        let limit = limit.map(|limit| Value::Int(limit as i64));
        let cells = values.iter().flat_map(|values| values.iter()).chain(&limit).map(Cell);
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let width = statement.column_count();
        let mut rows = statement.query(params_from_iter(cells)).map_err(fault)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            let cells = (0..width).map(|at| value(row.get_ref(at).map_err(fault)?));
            all.push(cells.collect::<Result<Row, Fault>>()?);
        }
        Ok(all)
    }

    fn number(&self, sql: &str) -> Result<u64, Fault> {
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        statement.query_row([], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs).map_err(fault)
    }
}

impl Read for View<'_> {
    fn get(&self, table: &'static Table, key: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(&self.of(table.code)?.get, &[key], None)?.pop())
    }

    fn find(&self, table: &'static Table, index: usize, values: &[Value], limit: usize) -> Result<Vec<Row>, Fault> {
        self.rows(&self.of(table.code)?.find[index][values.len() - 1], &[values], Some(limit))
    }

    fn scan(
        &self,
        table: &'static Table,
        prefix: &[Value],
        after: Option<&[Value]>,
        limit: usize,
    ) -> Result<Vec<Row>, Fault> {
        let (whole, later) = &self.of(table.code)?.scan[prefix.len()];
        match after {
            None => self.rows(whole, &[prefix], Some(limit)),
            Some(after) => self.rows(later, &[prefix, after], Some(limit)),
        }
    }

    fn last(&self, table: &'static Table, prefix: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(&self.of(table.code)?.last[prefix.len()], &[prefix], None)?.pop())
    }

    fn count(&self, table: &'static Table) -> Result<u64, Fault> {
        self.number(&self.of(table.code)?.count)
    }

    fn count_by(&self, table: &'static Table, index: usize, values: &[Value]) -> Result<u64, Fault> {
        let rows = self.rows(&self.of(table.code)?.count_by[index][values.len() - 1], &[values], None)?;
        Ok(rows.first().map_or(0, |row| row[0].int().unsigned_abs()))
    }

    fn event_count(&self) -> Result<u64, Fault> {
        self.number(statement::EVENT_COUNT)
    }

    fn events(&self, from: u64, limit: usize) -> Result<Vec<StoredEvent>, Fault> {
        let rows = self.rows(statement::EVENT_SELECT, &[&[Value::Int(from as i64), Value::Int(limit as i64)]], None)?;
        let damaged = |cause: &str| Fault::Damaged { what: "table event".into(), cause: cause.into() };
        rows.into_iter()
            .map(|row| {
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
            })
            .collect()
    }

    fn tally(&self, until: Instant) -> Result<Vec<Tally>, Fault> {
        let rows = self.rows(statement::EVENT_TALLY, &[&[Value::Int(until.0)]], None)?;
        let tally = |row: Row| Tally {
            kind: row[0].text().to_owned(),
            unit: row[1].text().to_owned(),
            count: row[2].int().unsigned_abs(),
        };
        Ok(rows.into_iter().map(tally).collect())
    }
}

impl Write for View<'_> {
    fn append(&mut self, events: &[StoredEvent]) -> Result<(), Fault> {
        let first = self.event_count()?;
        let mut statement = self.connection.prepare_cached(statement::EVENT_INSERT).map_err(fault)?;
        for (event, expected) in events.iter().zip(first..) {
            if event.number != expected {
                let cause = format!("event {} where {expected} was expected", event.number);
                return Err(Fault::Refused { what: "table event".into(), cause });
            }
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
        // In key order neighbours share pages. The order is stable: of two changes to a row the later one stays the later.
        let mut placed = Vec::with_capacity(changes.len());
        for change in changes {
            let (table, cells) = match change {
                Change::Put { table, row } => (*table, row),
                Change::Delete { table, key } => (*table, key),
            };
            let statements = self.of(table)?;
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
            let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
            statement.execute(params_from_iter(cells.iter().chain(nulls).map(Cell))).map_err(fault)?;
        }
        Ok(())
    }
}
