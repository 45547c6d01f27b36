//! Files of a gallery of prints: a manifest, parts that never change, and logs that only grow.

use crate::Fault;

/// A home of a gallery's files. What goes in is sealed already; this port never sees a template.
///
/// Names are made of small letters, digits and hyphens.
pub trait GalleryFiles: Send + Sync {
    /// Writes a file whole, in place of the one of this name; durable when it returns. Whoever reads, also after a power loss, sees the old
    /// one or the new one.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Fault>;
    /// Adds bytes to the end of a file, which is made where there is none; durable when it returns. After a fault or a power loss any
    /// part of these bytes may stand there.
    fn append(&self, name: &str, bytes: &[u8]) -> Result<(), Fault>;
    /// The bytes; `None` if there is no such file.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Fault>;
    /// Removes a file; removing what is not there is no error.
    fn delete(&self, name: &str) -> Result<(), Fault>;
    /// All names, sorted.
    fn list(&self) -> Result<Vec<String>, Fault>;
}
