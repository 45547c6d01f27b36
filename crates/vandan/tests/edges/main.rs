//! The edges: pages and operations, asked without a socket.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test asks the machine for the time and for random bytes")]

mod attachment;
mod audit;
mod batch;
mod board;
mod case;
mod collect;
mod cursor;
#[path = "../common/device.rs"]
mod device;
mod escalation;
mod figure;
mod form;
mod frozen;
mod job;
mod operations;
mod passkey;
mod person;
mod place;
mod reach;
mod record;
mod report;
mod rights;
mod second;
mod send;
mod session;
mod shown;
mod sight;
mod stated;
mod steer;
mod tables;
mod words;
