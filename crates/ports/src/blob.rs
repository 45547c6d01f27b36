//! Large sealed things: faces, prints, scans. Content-addressed; four functions.

use crate::Fault;

/// The SHA-256 of the sealed bytes.
pub type Address = [u8; 32];

/// A home of blobs. What goes in is sealed already; this port never sees a clear byte.
pub trait Blobs: Send + Sync {
    /// Stores bytes under their SHA-256; durable when it returns. Storing the same bytes again is no error.
    fn put(&self, bytes: &[u8]) -> Result<Address, Fault>;
    /// The bytes; `None` if there are none. Bytes that do not fit their address are damaged.
    fn get(&self, address: &Address) -> Result<Option<Vec<u8>>, Fault>;
    /// Removes a blob; removing what is not there is no error.
    fn delete(&self, address: &Address) -> Result<(), Fault>;
    /// All addresses, sorted.
    fn list(&self) -> Result<Vec<Address>, Fault>;
}
