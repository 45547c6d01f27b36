//! What a home holds, in a few lines that can be held against those of another home.
//!
//! The root is computed from the events' own bytes, not from what stands beside them. A digest covers every cell of a
//! table, in key order, so two homes with equal states hold the same, whatever database they are in.

use crate::Error;
use crate::rows::each;
use journal::{Link, Parts, Table, Value};
use ledger::{Hash, Tree};
use ports::Fault;
use ports::store::Read;
use sha2::{Digest, Sha256};

/// Events taken at a time.
const PAGE: usize = 2_000;

/// What a home holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// How many events.
    pub events: u64,
    /// The root of the ledger over all of them.
    pub root: Hash,
    /// The table of events first, then every table of the state.
    pub tables: Vec<TableState>,
}

/// What a table holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableState {
    /// The table's name.
    pub name: &'static str,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 over all cells of all rows, in key order.
    pub digest: Hash,
}

impl State {
    /// Whether nothing has ever been written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.rows == 0)
    }
}

/// Reads everything that a view shows. `progress` is told how many events and rows have been read.
pub fn state(view: &dyn Read, tables: &[&'static Table], progress: &mut dyn FnMut(u64)) -> Result<State, Error> {
    let mut read = 0;
    let mut tree = Tree::default();
    let mut events = Rows::new("event");
    loop {
        let page = view.events(events.count, PAGE)?;
        if page.is_empty() {
            break;
        }
        for event in page {
            let parts = Parts::from_bytes(&event.bytes)?;
            let links: Vec<[u8; 56]> = parts.links.iter().map(Link::to_bytes).collect();
            let commitment = ledger::commit(&event.salt, &parts.head, &parts.body, &links);
            if (event.number, event.commitment) != (events.count, commitment) {
                let cause = format!("event {} does not fit its commitment", events.count);
                return Err(Fault::Damaged { what: "table event".into(), cause }.into());
            }
            tree.append(&commitment, &mut |_, _| ());
            events.add(&[
                Value::Int(event.number as i64),
                event.kind.into(),
                event.unit.into(),
                Value::Int(event.recorded.0),
                Value::from(&event.salt),
                Value::from(&event.commitment),
                event.bytes.into(),
            ]);
        }
        progress(events.count);
    }
    read += events.count;
    let mut state = State { events: events.count, root: tree.root(), tables: vec![events.end()] };
    for table in tables {
        let mut rows = Rows::new(table.name);
        each(view, table, &mut |row| {
            rows.add(&row);
            if rows.count.is_multiple_of(PAGE as u64) {
                progress(read + rows.count);
            }
            Ok(())
        })?;
        read += rows.count;
        state.tables.push(rows.end());
    }
    progress(read);
    Ok(state)
}

/// The digest of a table under way.
struct Rows {
    name: &'static str,
    count: u64,
    digest: Sha256,
}

impl Rows {
    fn new(name: &'static str) -> Rows {
        Rows { name, count: 0, digest: Sha256::new() }
    }

    /// Each cell with its kind and length in front, so that no two different rows give the same bytes.
    fn add(&mut self, row: &[Value]) {
        self.count += 1;
        for cell in row {
            let (kind, int);
            let bytes: &[u8] = match cell {
                Value::Null => {
                    kind = 0;
                    &[]
                }
                Value::Int(value) => {
                    (kind, int) = (1, value.to_be_bytes());
                    &int
                }
                Value::Text(text) => {
                    kind = 2;
                    text.as_bytes()
                }
                Value::Blob(bytes) => {
                    kind = 3;
                    bytes
                }
            };
            self.digest.update([kind]);
            self.digest.update((bytes.len() as u64).to_be_bytes());
            self.digest.update(bytes);
        }
    }

    fn end(self) -> TableState {
        TableState { name: self.name, rows: self.count, digest: self.digest.finalize().into() }
    }
}
