//! The programme: measures, counters, returns, targets, and the board that ranks units.
//!
//! Invariant: every figure is a count of events or a figure that a unit signed, and says which; the same events and returns
//! give the same board, in any order.
//! Not here: where events come from, rights and storage (`services`); the words (`text`).
//! Start reading at [`Measure`], [`Cube`] and [`Units`].

mod board;
mod counter;
mod measure;
pub mod returns;
pub mod target;
mod unit;

pub use board::{Count, Line, board};
pub use counter::{Ahead, AsOf, Correction, Cube, Overlap, Stale};
pub use measure::{Add, Amount, Better, MEASURES, Measure, Need, Source, When, edition, need, of_event};
pub use unit::{NATION, Successor, Unit, Units};
