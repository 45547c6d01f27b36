//! The ports' suites on the data folder.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use folder::{DataFolder, KeyFile};
use ports::Fault;
use ports::keys::Keys;

struct Temporary(std::path::PathBuf);

impl Temporary {
    fn new(name: &str) -> Temporary {
        let path = std::env::temp_dir().join(format!("vandan-folder-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn blobs_ledger_files_and_galleries_pass_their_suites() {
    let place = Temporary::new("suites");
    let folder = DataFolder::open(&place.0).unwrap();
    ports::suite::blobs(&folder.blobs());
    ports::suite::tile_files(&folder.tiles());
    ports::suite::gallery_files(&folder.gallery());
}

#[test]
fn a_second_process_is_told_that_the_folder_is_locked() {
    let place = Temporary::new("lock");
    let first = DataFolder::open(&place.0).unwrap();
    assert_eq!(DataFolder::open(&place.0).err(), Some(Fault::Locked));
    drop(first);
    assert!(DataFolder::open(&place.0).is_ok());
}

#[test]
fn a_changed_blob_is_damaged() {
    use ports::blob::Blobs;
    let place = Temporary::new("changed");
    let folder = DataFolder::open(&place.0).unwrap();
    let blobs = folder.blobs();
    let address = blobs.put(b"face").unwrap();
    let name: String = address.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(place.0.join("blobs").join(&name[..2]).join(&name), b"other").unwrap();
    assert!(matches!(blobs.get(&address), Err(Fault::Damaged { .. })));
}

#[test]
fn keys_wrap_only_for_their_context_and_open_again_from_the_file() {
    let place = Temporary::new("keys");
    let keys = KeyFile::create(&place.0, [5; 32], "vandan/test").unwrap();
    let wrapped = keys.wrap(&[9; 32], b"person 1", [1; 24]);
    let again = KeyFile::open(&place.0).unwrap();
    assert_eq!(again.unwrap(&wrapped, b"person 1"), Ok([9; 32]));
    assert!(again.unwrap(&wrapped, b"person 2").is_err());
    assert!(again.unwrap(&wrapped[1..], b"person 1").is_err());
    assert!(again.unwrap(&[], b"person 1").is_err());
    assert_eq!(again.mac("number", b"x"), keys.mac("number", b"x"));
    assert_ne!(again.mac("number", b"x"), keys.mac("name", b"x"));
    assert_eq!(again.verifying(), keys.verifying());
    assert!(KeyFile::create(&place.0, [6; 32], "vandan/test").is_err(), "keys are never replaced");
}
