//! The ledger's public files: tiles, entry bundles, the latest checkpoint.

use crate::Fault;

/// A home of ledger files, named by their C2SP paths (`tile/0/000`, `checkpoint`).
pub trait TileFiles: Send + Sync {
    /// Writes a file whole: a reader sees the old one or the new one, never a part.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Fault>;
    /// The bytes; `None` if there is no such file.
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Fault>;
    /// Removes a file; removing what is not there is no error.
    fn delete(&self, path: &str) -> Result<(), Fault>;
    /// Waits until everything put so far is durable.
    fn sync(&self) -> Result<(), Fault>;
}
