//! What every edge of a server works with: one register, one machine, one set of limits and of jobs.

use crate::book::Book;
use crate::job::Jobs;
use crate::limit::Limits;
use crate::machine::Machine;
use std::sync::Arc;

/// What pages and operations share.
pub struct Desk {
    /// The register.
    pub book: Arc<Book>,
    /// The machine that the server runs on.
    pub machine: Box<dyn Machine>,
    /// The limits of the whole server.
    pub limits: Limits,
    /// The jobs begun over any edge.
    pub jobs: Jobs,
    /// The program's version.
    pub version: &'static str,
}
