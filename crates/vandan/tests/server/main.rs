//! The server as a process: its limits, its log, what it records, and what it does with bad input.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and end real processes")]

mod audit;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/device.rs"]
mod device;
mod escalation;
mod input;
mod limits;
mod log;
mod process;
