//! Rows of a table a page at a time: all of them, or the first that somebody may see.

use crate::Error;
use journal::{Row, Table, Value};
use ports::store::Read;

/// Rows taken at a time.
const PAGE: usize = 5_000;

/// Hands each row of a table to `work`, in key order; the first error ends it.
pub(crate) fn each(
    view: &dyn Read,
    table: &'static Table,
    work: &mut dyn FnMut(Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after: Option<Row> = None;
    loop {
        let rows = view.scan(table, &[], after.as_deref(), PAGE)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last[..table.key].to_vec());
        rows.into_iter().try_for_each(&mut *work)?;
    }
}

/// Whether a row is wanted: most often, whether it lies within somebody's unit.
pub(crate) type Keep<'a> = &'a mut dyn FnMut(&Row) -> Result<bool, Error>;

/// The first rows that are wanted, in key order, at most `limit`.
pub(crate) fn first(view: &dyn Read, table: &'static Table, limit: usize, keep: Keep<'_>) -> Result<Vec<Row>, Error> {
    let (mut wanted, mut after) = (Vec::new(), None::<Row>);
    while wanted.len() < limit {
        let rows = view.scan(table, &[], after.as_deref(), PAGE)?;
        let Some(last) = rows.last() else { break };
        after = Some(last[..table.key].to_vec());
        for row in rows {
            if wanted.len() < limit && keep(&row)? {
                wanted.push(row);
            }
        }
    }
    Ok(wanted)
}

/// The first rows that are wanted of those that an index finds, at most `limit`. An index has no pages, so more and more
/// are asked for: four times as many each time.
pub(crate) fn first_by(
    view: &dyn Read,
    table: &'static Table,
    index: usize,
    values: &[Value],
    limit: usize,
    keep: Keep<'_>,
) -> Result<Vec<Row>, Error> {
    let (mut wanted, mut seen, mut asked) = (Vec::new(), 0, limit.clamp(1, PAGE));
    loop {
        let rows = view.find(table, index, values, asked)?;
        let found = rows.len();
        for row in rows.into_iter().skip(seen) {
            if wanted.len() < limit && keep(&row)? {
                wanted.push(row);
            }
        }
        if wanted.len() >= limit || found < asked {
            return Ok(wanted);
        }
        (seen, asked) = (found, asked.saturating_mul(4));
    }
}
