//! Many rows at once: one statement for a table and all its rows, whose values come as one array for each column; and for
//! very many the copy protocol.

use super::connection::Connection;
use super::fault::fault;
use crate::statement::{Dialect, EVENT_COLUMNS, is_key};
use journal::{Column, Kind, Table, Value};
use ports::Fault;
use ports::store::StoredEvent;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};
use postgres::{Client, Statement};

/// From so many rows of one table on, they are copied in. Below, arrays are quicker: rows that are copied in are written
/// twice. An import of 24,405 rows took 10.7 s with 500 here and 7.8 s with more than any of its transactions has.
const COPIED: usize = 15_000;
/// From so many events on, they are copied in: straight into their table, since none of them is there yet.
const EVENTS_COPIED: usize = 500;

/// The texts for one table.
pub(crate) struct BulkStatements {
    table: &'static Table,
    put: String,
    delete: String,
    /// The rows with these keys.
    get: String,
    /// The last row of each of these beginnings of keys, by their length less one.
    last: Vec<String>,
    /// A temporary table for what is copied in, empty after each commit.
    create_incoming: String,
    empty_incoming: String,
    copy: String,
    take_over: String,
}

/// The type of a column.
fn kind(kind: Kind) -> Type {
    match kind {
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Blob => Type::BYTEA,
    }
}

fn arrays(columns: &[Column]) -> String {
    let array = |(at, column): (usize, &Column)| match column.kind {
        Kind::Int => format!("${}::BIGINT[]", at + 1),
        Kind::Text => format!("${}::TEXT[]", at + 1),
        Kind::Blob => format!("${}::BYTEA[]", at + 1),
    };
    columns.iter().enumerate().map(array).collect::<Vec<_>>().join(", ")
}

impl BulkStatements {
    pub(crate) fn new(table: &'static Table) -> BulkStatements {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let (keys, others) = names.split_at(table.key);
        let (name, list, key) = (table.name, names.join(", "), keys.join(", "));
        let updates: Vec<String> = others.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let on_conflict =
            if updates.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", updates.join(", ")) };
        let of = |table: &str| keys.iter().map(|key| format!("{table}.{key}")).collect::<Vec<String>>();
        let columns: Vec<String> = table.columns.iter().map(|column| Dialect::Postgres.column(column)).collect();
        let own = names.iter().map(|column| format!("{name}.{column}")).collect::<Vec<_>>().join(", ");
        BulkStatements {
            table,
            put: format!(
                "INSERT INTO {name} ({list}) SELECT * FROM UNNEST({}) ON CONFLICT ({key}) DO {on_conflict}",
                arrays(table.columns)
            ),
            delete: format!(
                "DELETE FROM {name} USING UNNEST({}) AS gone ({key}) WHERE {}",
                arrays(&table.columns[..table.key]),
                is_key(&of(name), &of("gone"))
            ),
            get: format!(
                "SELECT {} FROM UNNEST({}) AS wanted ({key}) JOIN {name} ON {}",
                own,
                arrays(&table.columns[..table.key]),
                is_key(&of(name), &of("wanted"))
            ),
            last: (1..=table.key)
                .map(|given| {
                    let begins: Vec<String> =
                        keys[..given].iter().map(|key| format!("{name}.{key} = wanted.{key}")).collect();
                    let descending: Vec<String> = keys.iter().map(|key| format!("{name}.{key} DESC")).collect();
                    format!(
                        "SELECT found.* FROM UNNEST({}) AS wanted ({}) CROSS JOIN LATERAL \
                         (SELECT {} FROM {name} WHERE {} ORDER BY {} LIMIT 1) AS found",
                        arrays(&table.columns[..given]),
                        keys[..given].join(", "),
                        own,
                        begins.join(" AND "),
                        descending.join(", ")
                    )
                })
                .collect(),
            create_incoming: format!(
                "CREATE TEMPORARY TABLE IF NOT EXISTS incoming_{name} ({}) ON COMMIT DELETE ROWS",
                columns.join(", ")
            ),
            empty_incoming: format!("TRUNCATE pg_temp.incoming_{name}"),
            copy: format!("COPY pg_temp.incoming_{name} ({list}) FROM STDIN (FORMAT BINARY)"),
            take_over: format!(
                "INSERT INTO {name} ({list}) SELECT {list} FROM pg_temp.incoming_{name} ON CONFLICT ({key}) DO {on_conflict}"
            ),
        }
    }

    /// Puts rows, each key once. `again` says that rows were copied in within this transaction before.
    pub(crate) fn put(&self, connection: &mut Connection, rows: &[&[Value]], again: bool) -> Result<bool, Fault> {
        if rows.len() < COPIED {
            run(connection, &self.put, self.table.columns, rows, execute)?;
            return Ok(again);
        }
        if connection.incoming.insert(self.table.name) {
            connection.run(&self.create_incoming)?;
        } else if again {
            connection.run(&self.empty_incoming)?;
        }
        let types: Vec<Type> = self.table.columns.iter().map(|column| kind(column.kind)).collect();
        let copy = connection.prepare(&self.copy)?;
        let refused = |error: postgres::Error| fault(&error);
        let writer = connection.client.copy_in(&copy).map_err(refused)?;
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        for row in rows {
            // Columns that a later version added are empty in an older event.
            let columns = self.table.columns.iter().enumerate();
            let values: Vec<&(dyn ToSql + Sync)> =
                columns.map(|(at, column)| cell(row.get(at).unwrap_or(&Value::Null), column.kind)).collect();
            writer.write(&values).map_err(refused)?;
        }
        writer.finish().map_err(refused)?;
        let take_over = connection.prepare(&self.take_over)?;
        connection.client.execute(&take_over, &[]).map_err(refused)?;
        Ok(true)
    }

    /// Deletes the rows with these keys.
    pub(crate) fn delete(&self, connection: &mut Connection, keys: &[&[Value]]) -> Result<(), Fault> {
        run(connection, &self.delete, &self.table.columns[..self.table.key], keys, execute)
    }

    /// The rows with these keys, or the last of each of these beginnings of keys, which all have the same length.
    pub(crate) fn rows(
        &self,
        connection: &mut Connection,
        wanted: &[&[Value]],
        last: bool,
    ) -> Result<Vec<postgres::Row>, Fault> {
        let length = wanted.first().map_or(0, |wanted| wanted.len());
        let sql = if last { self.last.get(length.wrapping_sub(1)) } else { Some(&self.get) };
        let Some(sql) = sql else { return Ok(Vec::new()) };
        run(connection, sql, &self.table.columns[..length], wanted, |client, statement, values| {
            client.query(statement, values)
        })
    }
}

/// A column's cells on their way into SQL.
enum Cells<'a> {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<&'a str>>),
    Blob(Vec<Option<&'a [u8]>>),
}

impl<'a> Cells<'a> {
    fn new(column: &Column, cells: impl Iterator<Item = &'a Value>) -> Result<Cells<'a>, Fault> {
        let other = || Fault::Refused { what: "database".into(), cause: format!("{} is of another kind", column.name) };
        /// Each cell as `take` has it; empty cells stay empty.
        fn each<'a, T>(
            cells: impl Iterator<Item = &'a Value>,
            take: impl Fn(&'a Value) -> Option<T>,
            other: impl Fn() -> Fault,
        ) -> Result<Vec<Option<T>>, Fault> {
            cells.map(|cell| if cell.is_null() { Ok(None) } else { take(cell).map(Some).ok_or_else(&other) }).collect()
        }
        Ok(match column.kind {
            Kind::Int => {
                Cells::Int(each(cells, |cell| if let Value::Int(value) = cell { Some(*value) } else { None }, other)?)
            }
            Kind::Text => Cells::Text(each(
                cells,
                |cell| if let Value::Text(text) = cell { Some(text.as_str()) } else { None },
                other,
            )?),
            Kind::Blob => Cells::Blob(each(
                cells,
                |cell| if let Value::Blob(bytes) = cell { Some(bytes.as_slice()) } else { None },
                other,
            )?),
        })
    }
}

fn execute(client: &mut Client, statement: &Statement, values: &[&(dyn ToSql + Sync)]) -> Result<(), postgres::Error> {
    client.execute(statement, values).map(drop)
}

/// Runs a statement whose values are one array for each of these columns.
fn run<T>(
    connection: &mut Connection,
    sql: &str,
    columns: &[Column],
    rows: &[&[Value]],
    how: impl FnOnce(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> Result<T, postgres::Error>,
) -> Result<T, Fault> {
    let mut arrays = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        arrays.push(Cells::new(column, rows.iter().map(|row| row.get(at).unwrap_or(&Value::Null)))?);
    }
    let values: Vec<&(dyn ToSql + Sync)> = arrays
        .iter()
        .map(|cells| match cells {
            Cells::Int(cells) => cells as &(dyn ToSql + Sync),
            Cells::Text(cells) => cells,
            Cells::Blob(cells) => cells,
        })
        .collect();
    let statement = connection.prepare(sql)?;
    how(&mut connection.client, &statement, &values).map_err(|error| fault(&error))
}

/// Appends events, whose numbers have been checked.
pub(crate) fn append(connection: &mut Connection, events: &[StoredEvent]) -> Result<(), Fault> {
    let refused = |error: postgres::Error| fault(&error);
    if events.len() < EVENTS_COPIED {
        let insert = format!(
            "INSERT INTO event ({EVENT_COLUMNS}) SELECT * FROM UNNEST(\
             $1::BIGINT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::BYTEA[], $6::BYTEA[], $7::BYTEA[])"
        );
        let insert = connection.prepare(&insert)?;
        let numbers: Vec<i64> = events.iter().map(|event| event.number as i64).collect();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        let units: Vec<&str> = events.iter().map(|event| event.unit.as_str()).collect();
        let recorded: Vec<i64> = events.iter().map(|event| event.recorded.0).collect();
        let salts: Vec<&[u8]> = events.iter().map(|event| event.salt.as_slice()).collect();
        let commitments: Vec<&[u8]> = events.iter().map(|event| event.commitment.as_slice()).collect();
        let bytes: Vec<&[u8]> = events.iter().map(|event| event.bytes.as_slice()).collect();
        let values: [&(dyn ToSql + Sync); 7] = [&numbers, &kinds, &units, &recorded, &salts, &commitments, &bytes];
        return connection.client.execute(&insert, &values).map(drop).map_err(refused);
    }
    let copy = connection.prepare(&format!("COPY event ({EVENT_COLUMNS}) FROM STDIN (FORMAT BINARY)"))?;
    let types = [Type::INT8, Type::TEXT, Type::TEXT, Type::INT8, Type::BYTEA, Type::BYTEA, Type::BYTEA];
    let mut writer = BinaryCopyInWriter::new(connection.client.copy_in(&copy).map_err(refused)?, &types);
    for event in events {
        let (salt, commitment) = (event.salt.as_slice(), event.commitment.as_slice());
        let number = event.number as i64;
        let values: [&(dyn ToSql + Sync); 7] =
            [&number, &event.kind, &event.unit, &event.recorded.0, &salt, &commitment, &event.bytes];
        writer.write(&values).map_err(refused)?;
    }
    writer.finish().map(drop).map_err(refused)
}

/// A cell on its way into SQL; an empty one says what it would have been.
pub(crate) fn cell(value: &Value, kind: Kind) -> &(dyn ToSql + Sync) {
    match (value, kind) {
        (Value::Int(value), _) => value,
        (Value::Text(text), _) => text,
        (Value::Blob(bytes), _) => bytes,
        (Value::Null, Kind::Int) => &None::<i64>,
        (Value::Null, Kind::Text) => &None::<&str>,
        (Value::Null, Kind::Blob) => &None::<&[u8]>,
    }
}
