//! The programme: measures, counters, returns, targets, and the board that ranks units.
//!
//! Invariant: every figure is a count of events or a figure that a unit signed, and says which; the same events and returns
//! give the same board, in any order.
//! Not here: where events come from, rights and storage (`services`); the words (`text`).
//! Start reading at [`Measure`], [`Cube`] and [`Units`].

pub mod attention;
pub mod board;
mod counter;
mod file;
pub mod forecast;
pub mod funnel;
pub mod honour;
mod measure;
mod merger;
pub mod pace;
pub mod record;
pub mod report;
pub mod returns;
pub mod rulebook;
pub mod show;
pub mod target;
mod unit;

pub use board::{Days, Depth, Line, Note, Origin, Request, Sheet, Sources, board, days};
pub use counter::{Ahead, AsOf, Correction, Cube, Overlap, Stale};
pub use measure::{Add, Amount, Better, MEASURES, Measure, Need, Source, When, edition, need, of_event};
pub use merger::Merger;
pub use unit::{NATION, Unit, Units};
