//! The use cases: each command checks, decides, writes one event and its rows, and is on the ledger.
//!
//! Invariant: every change and every read of a person is an event before it is answered.
//! Invariant: a decision looks but does not write; [`Book`] alone writes, event and rows in one transaction.
//! Not here: files, SQL, the clock and randomness (ports); words for people (roof).
//! Start reading at [`Book`].

pub mod application;
pub mod audit;
pub mod batch;
mod book;
pub mod case;
pub mod change;
mod command;
mod desk;
mod edge;
mod error;
pub mod gallery;
pub mod history;
pub mod import;
pub mod job;
pub mod limit;
pub mod machine;
pub mod officer;
pub mod person;
mod place;
pub mod programme;
pub mod queue;
mod rows;
pub mod schema;
pub mod seal;
pub mod state;
pub mod status;
pub mod unit;
pub mod verify;

pub use book::{Book, Decision, Home};
pub use command::Command;
pub use desk::Desk;
pub use error::Error;
pub use place::Slice;
