//! What is handed in: a frozen report, and how far it has come.

use crate::Error;
use programme::report::{Report, State};

/// The most bytes of a frozen report.
pub const INPUT_MAX: usize = 16 << 20;

/// A report as it is to be printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    /// The report.
    pub report: Report,
    /// Whether it has been checked and signed; until then the pages say so.
    pub state: State,
    /// What was given when it was signed; shown on signed pages alone.
    pub signed: Signed,
}

/// What signing adds to a report: it was frozen before there was a signer.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Signed {
    /// The name of the officer who signed; empty where nobody has.
    pub signer: String,
    /// The document's number; empty where none was given.
    pub number: String,
}

impl Paper {
    /// Reads a frozen report.
    pub fn read(bytes: &[u8], state: State) -> Result<Paper, Error> {
        if bytes.len() > INPUT_MAX {
            return Err(Error::Large);
        }
        Ok(Paper { report: Report::read(bytes)?, state, signed: Signed::default() })
    }
}
