//! The manifest: which parts there are, who in them is erased, and from which log on to read.
//!
//! A gallery has one from its first moment: parts and logs without a manifest are a damaged gallery, not an empty one.
//! Start reading at [`Manifest`].

use super::sealed::Sealed;
use ports::Fault;
use serde::{Deserialize, Serialize};

pub(super) const NAME: &str = "manifest";
const VERSION: u32 = 1;
const CONTEXT: &[u8] = b"gallery manifest";

/// What holds when the logs before `first_log` are forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    pub(super) first_log: u64,
    /// No part that was ever written has this number or a later one.
    pub(super) next_part: u64,
    /// How far the owner had come at the end of the logs before `first_log`.
    pub(super) mark: u64,
    pub(super) parts: Vec<Standing>,
}

/// A part that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) number: u64,
    /// The entries that are erased, by their place, in ascending order.
    pub(super) erased: Vec<u32>,
}

impl Manifest {
    pub(super) fn new(first_log: u64, next_part: u64, mark: u64, parts: Vec<Standing>) -> Self {
        Self { version: VERSION, first_log, next_part, mark, parts }
    }

    pub(super) fn to_bytes(&self, seal: &Sealed, nonce: [u8; 16]) -> Vec<u8> {
        let clear = serde_json::to_vec(self).unwrap_or_else(|_| unreachable!("numbers are always written"));
        [nonce.as_slice(), &seal.seal(CONTEXT, &nonce, 0, &clear)].concat()
    }

    pub(super) fn from_bytes(seal: &Sealed, bytes: &[u8]) -> Result<Self, Fault> {
        let damaged =
            || Fault::Damaged { what: "gallery manifest".into(), cause: "does not open under its key".into() };
        let (nonce, body) = bytes.split_first_chunk().ok_or_else(damaged)?;
        let clear = seal.open(CONTEXT, nonce, 0, body).ok_or_else(damaged)?;
        let manifest: Self = serde_json::from_slice(&clear).map_err(|_| damaged())?;
        if manifest.version > VERSION {
            return Err(Fault::Newer { found: i64::from(manifest.version), known: i64::from(VERSION) });
        }
        Ok(manifest)
    }
}
