//! What every home of blobs does.

use crate::blob::Blobs;

/// Runs the suite on an empty home.
///
/// # Panics
/// Where the adapter does not do what the port says.
#[expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
pub fn blobs(blobs: &dyn Blobs) {
    assert_eq!(blobs.list().unwrap(), Vec::<[u8; 32]>::new());
    let one = blobs.put(b"one").unwrap();
    let two = blobs.put(&[7; 100_000]).unwrap();
    assert_ne!(one, two);
    assert_eq!(blobs.put(b"one").unwrap(), one, "the same bytes have the same address");
    assert_eq!(blobs.get(&one).unwrap().as_deref(), Some(b"one".as_slice()));
    assert_eq!(blobs.get(&two).unwrap().map(|bytes| bytes.len()), Some(100_000));
    let mut both = vec![one, two];
    both.sort_unstable();
    assert_eq!(blobs.list().unwrap(), both);
    blobs.delete(&one).unwrap();
    blobs.delete(&one).unwrap();
    assert_eq!(blobs.get(&one).unwrap(), None);
    assert_eq!(blobs.get(&[0; 32]).unwrap(), None);
    let empty = blobs.put(b"").unwrap();
    assert_eq!(blobs.get(&empty).unwrap().as_deref(), Some(b"".as_slice()));
}
