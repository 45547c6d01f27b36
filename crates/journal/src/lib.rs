//! What an event is, the rows it writes, and the tables those rows live in.
//!
//! Invariant: an event carries every row it writes, so replaying all events in order rebuilds every state table;
//! no code that decides is needed to verify.
//! Invariant: columns are only ever appended to a table; a row of an older event is filled up with nulls.
//! Not here: how rows reach a disk (`ports::store`), and commitments over events (`ledger`).
//! Start reading at [`Event`].

mod event;
mod row;
mod table;

pub use event::{Actor, Error, Event, Head, Link, Parts};
pub use row::{Change, Row, Value};
pub use table::{Column, Index, Kind, Table};
