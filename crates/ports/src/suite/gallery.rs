//! What every home of a gallery's files does.

use crate::gallery::GalleryFiles;

/// Runs the suite on an empty home.
///
/// # Panics
/// Where the adapter does not do what the port says.
#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
pub fn gallery_files(files: &dyn GalleryFiles) {
    assert_eq!(files.list().unwrap(), Vec::<String>::new());
    assert_eq!(files.get("log-1").unwrap(), None);
    files.append("log-1", b"one").unwrap();
    files.append("log-2", b"other").unwrap();
    files.append("log-1", b"").unwrap();
    files.append("log-1", b" two").unwrap();
    assert_eq!(files.get("log-1").unwrap().as_deref(), Some(b"one two".as_slice()));
    files.put("manifest", b"a long first").unwrap();
    files.put("manifest", b"second").unwrap();
    assert_eq!(files.get("manifest").unwrap().as_deref(), Some(b"second".as_slice()));
    assert_eq!(files.list().unwrap(), ["log-1", "log-2", "manifest"]);
    files.delete("log-1").unwrap();
    files.delete("log-1").unwrap();
    assert_eq!(files.get("log-1").unwrap(), None);
    files.append("log-1", b"anew").unwrap();
    assert_eq!(files.get("log-1").unwrap().as_deref(), Some(b"anew".as_slice()));
    files.put("log-1", b"").unwrap();
    files.append("log-1", b"after").unwrap();
    assert_eq!(files.get("log-1").unwrap().as_deref(), Some(b"after".as_slice()));
    assert_eq!(files.list().unwrap(), ["log-1", "log-2", "manifest"]);
}
