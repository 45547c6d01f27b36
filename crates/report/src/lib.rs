//! The frozen report as pages and sheets.
//!
//! Invariant: the same paper gives the same bytes. Nothing is read from disk or network while pages are set, and no clock is
//! asked. What stands in a report is data: it reaches the template as values, never as markup.
//! Not here: where figures come from, and who may freeze, check or sign (`programme`, `services`).
//! Start reading at [`pdf()`].

mod chart;
mod edition;
mod error;
mod font;
mod legible;
mod map;
mod number;
mod page;
mod paper;
mod pdf;
mod sheet;
mod verify;
mod world;

pub use edition::edition;
pub use error::Error;
pub use paper::{INPUT_MAX, Paper, Signed};
pub use pdf::pdf;
pub use sheet::{tables, xlsx};
pub use verify::{Verdict, verify};

#[cfg(test)]
#[path = "../tests/sample/mod.rs"]
mod sample;
#[cfg(test)]
mod tests;
