//! The ledger's files under `ledger/`, at their C2SP paths.

use crate::{read_whole, remove, sync_folder, write_whole};
use ports::Fault;
use ports::tiles::TileFiles;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// A folder of ledger files.
pub struct FolderTiles {
    path: PathBuf,
    unsynced: Mutex<BTreeSet<PathBuf>>,
}

impl FolderTiles {
    pub(crate) fn new(path: PathBuf) -> FolderTiles {
        FolderTiles { path, unsynced: Mutex::default() }
    }
}

impl TileFiles for FolderTiles {
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let file = self.path.join(path);
        // Nothing needs a new tile before a checkpoint that comes after `sync`. What replaces another file, as the
        // checkpoint does and a tile that is written again, must be durable before it takes the name: a power loss leaves
        // the old one or the new one.
        write_whole(&file, bytes, !path.starts_with("tile/") || file.exists())?;
        self.unsynced.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        Ok(())
    }

    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        read_whole(&self.path.join(path))
    }

    fn delete(&self, path: &str) -> Result<(), Fault> {
        remove(&self.path.join(path))
    }

    fn sync(&self) -> Result<(), Fault> {
        let files = std::mem::take(&mut *self.unsynced.lock().unwrap_or_else(PoisonError::into_inner));
        let synced = self.sync_all(&files);
        if synced.is_err() {
            // What is not known to be durable is made so the next time.
            self.unsynced.lock().unwrap_or_else(PoisonError::into_inner).extend(files);
        }
        synced
    }
}

impl FolderTiles {
    fn sync_all(&self, files: &BTreeSet<PathBuf>) -> Result<(), Fault> {
        let mut folders = BTreeSet::new();
        for file in files {
            match File::open(file).and_then(|file| file.sync_all()) {
                // A partial tile may have been replaced and removed since.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => other.map_err(|error| Fault::io("ledger", &error))?,
            }
            folders.extend(
                file.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.path)).map(PathBuf::from),
            );
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }
}
