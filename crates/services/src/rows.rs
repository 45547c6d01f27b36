//! Every row of a table, a page at a time, in key order.

use crate::Error;
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
