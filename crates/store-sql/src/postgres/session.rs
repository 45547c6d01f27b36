//! Reading and writing inside one transaction.

use super::bulk::{self, BulkStatements, cell};
use super::connection::Connection;
use super::fault::fault;
use crate::row::{held, in_order, is_unheld};
use crate::view::{Query, View};
use journal::{Change, Kind, Row, Table, Value};
use ports::Fault;
use ports::store::{Read, StoredEvent, Write};
use postgres::types::{FromSql, ToSql, Type};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::error::Error;

/// A connection within a transaction.
pub(crate) struct Session<'a> {
    connection: RefCell<&'a mut Connection>,
    bulk: &'a BTreeMap<u16, BulkStatements>,
    /// The next event's number, once it is known: nobody else writes.
    next: Cell<Option<u64>>,
    /// The count of events before this transaction appended any.
    first: Cell<Option<u64>>,
    /// Tables into which rows were copied by way of a temporary one.
    copied: Vec<u16>,
    /// The first fault of the server. It has given the transaction up then, and would end a commit without an error.
    failed: RefCell<Option<Fault>>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(connection: &'a mut Connection, bulk: &'a BTreeMap<u16, BulkStatements>) -> Session<'a> {
        let (next, first) = (Cell::new(None), Cell::new(None));
        Session {
            connection: RefCell::new(connection),
            bulk,
            next,
            first,
            copied: Vec::new(),
            failed: RefCell::new(None),
        }
    }

    /// The fault that ended the transaction, if one did.
    pub(crate) fn sound(&self) -> Result<(), Fault> {
        self.failed.borrow().clone().map_or(Ok(()), Err)
    }

    /// How many events there are after this transaction, if it appended any.
    pub(crate) fn appended(&self) -> Option<u64> {
        self.first.get().and(self.next.get())
    }

    /// Work on the connection; what fails on the server fails the transaction.
    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        self.sound()?;
        work(&mut self.connection.borrow_mut()).inspect_err(|fault| {
            self.failed.borrow_mut().get_or_insert_with(|| fault.clone());
        })
    }
}

/// A cell on its way out.
struct Taken(Value);

impl<'a> FromSql<'a> for Taken {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Taken, Box<dyn Error + Sync + Send>> {
        Ok(Taken(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::TEXT => Value::Text(String::from_sql(ty, raw)?),
            _ => Value::Blob(raw.to_vec()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Taken, Box<dyn Error + Sync + Send>> {
        Ok(Taken(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT | Type::BYTEA)
    }
}

impl Query for Session<'_> {
    fn rows(&self, sql: &str, values: &[&[Value]], limit: Option<usize>) -> Result<Vec<Row>, Fault> {
        let limit = limit.map(|limit| Value::Int(limit as i64));
        let values: Vec<&Value> = values.iter().flat_map(|values| values.iter()).chain(&limit).collect();
        if values.iter().any(|value| value.is_null() || is_unheld(value)) {
            // Nothing equals or follows an empty cell, in either database; asking the server for a text that it cannot hold
            // would end the transaction.
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let statement = connection.prepare(sql)?;
            let values: Vec<&(dyn ToSql + Sync)> = values.into_iter().map(|value| cell(value, Kind::Int)).collect();
            let rows = connection.client.query(&statement, &values).map_err(|error| fault(&error))?;
            rows.iter().map(taken).collect()
        })
    }

    fn events_at(&self, sql: &str, numbers: &[u64]) -> Result<Option<Vec<Row>>, Fault> {
        let numbers: Vec<i64> = numbers.iter().map(|number| *number as i64).collect();
        self.with(|connection| {
            let statement = connection.prepare(sql)?;
            let rows = connection.client.query(&statement, &[&numbers]).map_err(|error| fault(&error))?;
            rows.iter().map(taken).collect::<Result<_, _>>().map(Some)
        })
    }

    fn many(&self, table: &'static Table, wanted: &[Row], last: bool) -> Result<Option<Vec<Row>>, Fault> {
        let Some(bulk) = self.bulk.get(&table.code) else { return Ok(None) };
        let wanted: Vec<&[Value]> = wanted.iter().map(Vec::as_slice).filter(|key| !key.iter().any(is_unheld)).collect();
        if wanted.is_empty() {
            return Ok(Some(Vec::new()));
        }
        self.with(|connection| {
            bulk.rows(connection, &wanted, last)?.iter().map(taken).collect::<Result<_, _>>().map(Some)
        })
    }
}

fn taken(row: &postgres::Row) -> Result<Row, Fault> {
    (0..row.len()).map(|at| row.try_get::<_, Taken>(at).map(|taken| taken.0).map_err(|_| malformed())).collect()
}

fn malformed() -> Fault {
    Fault::Damaged { what: "database".into(), cause: "a column of another kind".into() }
}

/// Rows, or keys of rows.
type Rows<'a> = Vec<&'a [Value]>;

impl Write for View<'_, Session<'_>> {
    fn append(&mut self, events: &[StoredEvent]) -> Result<(), Fault> {
        let first = match self.query.next.get() {
            Some(next) => next,
            None => self.event_count()?,
        };
        in_order(events, first)?;
        if events.is_empty() {
            return Ok(());
        }
        self.query.with(|connection| bulk::append(connection, events))?;
        self.query.first.set(self.query.first.get().or(Some(first)));
        self.query.next.set(Some(first + events.len() as u64));
        Ok(())
    }

    fn apply(&mut self, changes: &[Change]) -> Result<(), Fault> {
        self.query.with(|_| held(changes))?;
        // One statement must not meet a row twice: of several changes to a row only the last is carried out.
        let mut last: BTreeMap<(u16, &[Value]), &Change> = BTreeMap::new();
        for change in changes {
            let (table, cells) = match change {
                Change::Put { table, row } => (*table, row),
                Change::Delete { table, key } => (*table, key),
            };
            let key = self.statements.of(table)?.table.key;
            last.insert((table, cells.get(..key).unwrap_or(cells)), change);
        }
        let mut tables: BTreeMap<u16, (Rows<'_>, Rows<'_>)> = BTreeMap::new();
        for ((table, key), change) in last {
            let (puts, deletes) = tables.entry(table).or_default();
            match change {
                Change::Put { row, .. } => puts.push(row),
                Change::Delete { .. } => deletes.push(key),
            }
        }
        for (table, (puts, deletes)) in tables {
            let Some(bulk) = self.query.bulk.get(&table) else { continue };
            if !puts.is_empty() {
                let again = self.query.copied.contains(&table);
                let copied = self.query.with(|connection| bulk.put(connection, &puts, again))?;
                if copied && !again {
                    self.query.copied.push(table);
                }
            }
            if !deletes.is_empty() {
                self.query.with(|connection| bulk.delete(connection, &deletes))?;
            }
        }
        Ok(())
    }
}
