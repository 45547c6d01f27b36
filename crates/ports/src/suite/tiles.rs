//! What every home of ledger files does.

use crate::tiles::TileFiles;

/// Runs the suite on an empty home.
///
/// # Panics
/// Where the adapter does not do what the port says.
#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
pub fn tile_files(files: &dyn TileFiles) {
    assert_eq!(files.get("tile/0/000.p/1").unwrap(), None);
    files.put("tile/0/000.p/1", b"first").unwrap();
    files.put("tile/0/x001/x234/067", b"deep").unwrap();
    files.put("checkpoint", b"old").unwrap();
    files.put("checkpoint", b"new").unwrap();
    files.sync().unwrap();
    assert_eq!(files.get("tile/0/000.p/1").unwrap().as_deref(), Some(b"first".as_slice()));
    assert_eq!(files.get("tile/0/x001/x234/067").unwrap().as_deref(), Some(b"deep".as_slice()));
    assert_eq!(files.get("checkpoint").unwrap().as_deref(), Some(b"new".as_slice()));
    files.delete("tile/0/000.p/1").unwrap();
    files.delete("tile/0/000.p/1").unwrap();
    assert_eq!(files.get("tile/0/000.p/1").unwrap(), None);
}
