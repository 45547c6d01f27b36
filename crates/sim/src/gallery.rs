//! A gallery of nobody: what `sim-gallery` enrols and its test looks for.

use crate::Seeded;
use fingerprint::scale::Finger;
use fingerprint::search::Form;
use folder::FolderGallery;
use ids::{ApplicationId, Uuid};
use ports::Fault;
use services::gallery::{Entry, Gallery, Opened};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Opens the gallery in a folder; the seed stands for randomness.
pub fn open(folder: &Path, seed: u64) -> Result<(Gallery, Opened), Fault> {
    let entropy = Seeded(AtomicU64::new(seed.wrapping_mul(1 << 20)));
    Gallery::open(Arc::new(FolderGallery::new(folder.to_owned())), Arc::new(entropy), &[1; 32])
}

/// The id of an entry.
#[must_use]
pub fn id(number: u64) -> ApplicationId {
    ApplicationId(Uuid(u128::from(number).to_be_bytes()))
}

/// An entry with one print.
#[must_use]
pub fn entry(number: u64) -> Entry {
    Entry { id: id(number), prints: vec![(None, Form::new(&Finger::new(number).impression(0)))] }
}
