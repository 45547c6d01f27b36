//! Reading through one connection, inside one transaction: the same for both databases.

use crate::row::{event, is_unheld, tally};
use crate::statement::{self, Statements};
use journal::{Row, Table, Value};
use ports::Fault;
use ports::store::{Page, Read, StoredEvent, Tally};
use std::collections::HashMap;
use std::ops::Range;
use time::Instant;

/// A connection that answers a query.
pub(crate) trait Query {
    /// The rows of a query with these values, in order, and the limit as the last where there is one.
    fn rows(&self, sql: &str, values: &[&[Value]], limit: Option<usize>) -> Result<Vec<Row>, Fault>;

    /// The rows with these keys, or the last row of each of these beginnings of keys, in any order; `None` where asking
    /// for one after the other costs nothing.
    fn many(&self, _table: &'static Table, _wanted: &[Row], _last: bool) -> Result<Option<Vec<Row>>, Fault> {
        Ok(None)
    }

    /// The events with these numbers, in any order; `None` where asking for one after the other costs nothing.
    fn events_at(&self, _sql: &str, _numbers: &[u64]) -> Result<Option<Vec<Row>>, Fault> {
        Ok(None)
    }
}

/// Each wanted key's or beginning's row, in their order.
fn placed(rows: Vec<Row>, wanted: &[Row]) -> Vec<Option<Row>> {
    let length = wanted.first().map_or(0, Vec::len);
    let found: HashMap<&[Value], &Row> = rows.iter().map(|row| (&row[..length], row)).collect();
    wanted.iter().map(|key| found.get(key.as_slice()).map(|row| (*row).clone())).collect()
}

/// What one transaction sees.
pub(crate) struct View<'a, Q> {
    pub(crate) query: Q,
    pub(crate) statements: &'a Statements,
}

impl<Q: Query> View<'_, Q> {
    fn number(&self, sql: &str, values: &[&[Value]]) -> Result<u64, Fault> {
        let rows = self.query.rows(sql, values, None)?;
        Ok(rows.first().and_then(|row| row.first()).map_or(0, |cell| cell.int().unsigned_abs()))
    }
}

impl<Q: Query> Read for View<'_, Q> {
    fn get(&self, table: &'static Table, key: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.query.rows(&self.statements.of(table.code)?.get, &[key], None)?.pop())
    }

    fn get_all(&self, table: &'static Table, keys: &[Row]) -> Result<Vec<Option<Row>>, Fault> {
        match self.query.many(table, keys, false)? {
            Some(rows) => Ok(placed(rows, keys)),
            None => keys.iter().map(|key| self.get(table, key)).collect(),
        }
    }

    fn last_all(&self, table: &'static Table, prefixes: &[Row]) -> Result<Vec<Option<Row>>, Fault> {
        match self.query.many(table, prefixes, true)? {
            Some(rows) => Ok(placed(rows, prefixes)),
            None => prefixes.iter().map(|prefix| self.last(table, prefix)).collect(),
        }
    }

    fn find_page(
        &self,
        table: &'static Table,
        index: usize,
        values: &[Value],
        page: Page<'_>,
    ) -> Result<Vec<Row>, Fault> {
        let texts = &self.statements.of(table.code)?.find[index][values.len()];
        self.query.rows(texts.of(page), &[values, page.after.unwrap_or_default()], Some(page.limit))
    }

    fn scan_page(&self, table: &'static Table, prefix: &[Value], page: Page<'_>) -> Result<Vec<Row>, Fault> {
        let texts = &self.statements.of(table.code)?.scan[prefix.len()];
        self.query.rows(texts.of(page), &[prefix, page.after.unwrap_or_default()], Some(page.limit))
    }

    fn last(&self, table: &'static Table, prefix: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.query.rows(&self.statements.of(table.code)?.last[prefix.len()], &[prefix], None)?.pop())
    }

    fn count(&self, table: &'static Table) -> Result<u64, Fault> {
        self.number(&self.statements.of(table.code)?.count, &[])
    }

    fn count_by(&self, table: &'static Table, index: usize, values: &[Value]) -> Result<u64, Fault> {
        self.number(&self.statements.of(table.code)?.count_by[index][values.len() - 1], &[values])
    }

    fn event_count(&self) -> Result<u64, Fault> {
        self.number(statement::EVENT_COUNT, &[])
    }

    fn events(&self, from: u64, limit: usize) -> Result<Vec<StoredEvent>, Fault> {
        let from = [Value::Int(from as i64)];
        let rows = self.query.rows(&self.statements.event.select, &[&from], Some(limit))?;
        rows.into_iter().map(event).collect()
    }

    fn events_at(&self, numbers: &[u64]) -> Result<Vec<StoredEvent>, Fault> {
        match self.query.events_at(&self.statements.event.select_at, numbers)? {
            Some(rows) => rows.into_iter().map(event).collect(),
            None => {
                let mut all = Vec::with_capacity(numbers.len());
                for number in numbers {
                    all.extend(self.events(*number, 1)?.into_iter().filter(|event| event.number == *number));
                }
                Ok(all)
            }
        }
    }

    fn events_of(
        &self,
        kind: &str,
        unit: &str,
        span: Range<Instant>,
        before: u64,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, Fault> {
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        let values: [Value; 5] = [kind.into(), unit.into(), span.start.0.into(), span.end.0.into(), before.into()];
        if values.iter().any(is_unheld) {
            return Ok(Vec::new());
        }
        let rows = self.query.rows(&self.statements.event.select_of, &[&values], Some(limit))?;
        rows.into_iter().map(event).collect()
    }

    fn kinds(&self, from: u64) -> Result<Vec<(String, u64)>, Fault> {
        let texts = &self.statements.event;
        // All of them are counted in the index; the latest few where they lie.
        let number = [Value::Int(from as i64)];
        let rows = match from {
            0 => self.query.rows(&texts.kinds, &[], None)?,
            _ => self.query.rows(&texts.kinds_from, &[&number], None)?,
        };
        Ok(rows.into_iter().map(|row| (row[0].text().to_owned(), row[1].int().unsigned_abs())).collect())
    }

    fn tally(&self, until: Instant) -> Result<Vec<Tally>, Fault> {
        let rows = self.query.rows(&self.statements.event.tally, &[&[Value::Int(until.0)]], None)?;
        Ok(rows.into_iter().map(tally).collect())
    }
}
