//! Copying a whole home into an empty one: all events, then all rows, a page at a time, from one consistent view.

use journal::{Change, Table};
use ports::Fault;
use ports::store::{Read, Writing};

/// Rows or events taken at a time.
const PAGE: usize = 2_000;

/// Copies everything that `from` shows. `write` runs each page's work: in a transaction of its own, or all pages in one.
/// `progress` is told how many events and rows have been written.
pub fn copy(
    from: &dyn Read,
    tables: &[&'static Table],
    write: &mut dyn FnMut(Writing<'_>) -> Result<(), Fault>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Fault> {
    let mut written = 0;
    let mut next = 0;
    loop {
        let events = from.events(next, PAGE)?;
        let Some(last) = events.last() else { break };
        next = last.number + 1;
        write(&mut |tx| tx.append(&events))?;
        written += events.len() as u64;
        progress(written);
    }
    for table in tables {
        let mut after = None;
        loop {
            let rows = from.scan(table, &[], after.as_deref(), PAGE)?;
            let Some(last) = rows.last() else { break };
            after = Some(last[..table.key].to_vec());
            let changes: Vec<Change> = rows.into_iter().map(|row| Change::put(table, row)).collect();
            write(&mut |tx| tx.apply(&changes))?;
            written += changes.len() as u64;
            progress(written);
        }
    }
    Ok(())
}
