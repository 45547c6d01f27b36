//! Rows of a table a page at a time: all of them, or the first that somebody may see.

use crate::Error;
use crate::place::Listed;
use journal::{Row, Table};
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

/// The first rows of a unit's list that are wanted, at most `limit`.
pub(crate) fn first_in(
    view: &dyn Read,
    list: &Listed,
    unit: &str,
    state: &str,
    limit: usize,
    keep: Keep<'_>,
) -> Result<Vec<Row>, Error> {
    let (mut wanted, mut after) = (Vec::new(), None::<Row>);
    while wanted.len() < limit {
        let rows = list.page(view, unit, &[state.into()], after.as_ref(), limit.min(PAGE), false)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.clone());
        for row in rows {
            if wanted.len() < limit && keep(&row)? {
                wanted.push(row);
            }
        }
    }
    Ok(wanted)
}
