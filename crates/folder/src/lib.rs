//! The data folder: sealed blobs, ledger tiles and keys as files.
//!
//! Invariant: a file is written beside its place, made durable, then renamed: a reader sees all of it or none of it.
//! Not here: the database (`store-sql`), and any clear personal data.
//! Start reading at [`DataFolder`].

mod blobs;
mod gallery;
mod keys;
mod tiles;

pub use blobs::BlobFiles;
pub use gallery::FolderGallery;
pub use keys::KeyFile;
pub use tiles::FolderTiles;

use ports::Fault;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where everything of one installation lies.
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Opens a folder for one process; a second process is told that it is locked.
    pub fn open(path: &Path) -> Result<DataFolder, Fault> {
        let lock = File::options()
            .create(true)
            .append(true)
            .open(path.join("lock"))
            .map_err(|error| Fault::io("data folder", &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(DataFolder { path: path.to_owned(), _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => Err(Fault::Locked),
            Err(fs::TryLockError::Error(error)) => Err(Fault::io("data folder", &error)),
        }
    }

    /// The database file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join("register.sqlite")
    }

    /// The blobs.
    #[must_use]
    pub fn blobs(&self) -> BlobFiles {
        BlobFiles::new(self.path.join("blobs"))
    }

    /// The ledger's files.
    #[must_use]
    pub fn tiles(&self) -> FolderTiles {
        FolderTiles::new(self.path.join("ledger"))
    }

    /// The gallery of prints.
    #[must_use]
    pub fn gallery(&self) -> FolderGallery {
        FolderGallery::new(self.path.join("gallery"))
    }

    /// The folder of keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The place beside a file where it is written first.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// The folder of a file; for a bare name the one that the process is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file whole and durable: beside its place first, then renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], durable: bool) -> Result<(), Fault> {
    let what = "data folder";
    let folder = folder_of(path);
    if !folder.is_dir() {
        fs::create_dir_all(folder).map_err(|error| Fault::io(what, &error))?;
    }
    let beside = beside(path);
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        if durable { file.sync_all() } else { Ok(()) }
    });
    written.and_then(|()| fs::rename(&beside, path)).map_err(|error| Fault::io(what, &error))?;
    if durable { sync_folder(folder) } else { Ok(()) }
}

/// Writes a secret: whole, durable, and readable by its owner only from the first byte on.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    use std::os::unix::fs::OpenOptionsExt;
    let folder = folder_of(path);
    let beside = beside(path);
    let written =
        File::options().create(true).truncate(true).write(true).mode(0o600).open(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
    written.and_then(|()| fs::rename(&beside, path)).map_err(|error| Fault::io("keys", &error))?;
    sync_folder(folder)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Fault> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Fault::io("data folder", &error))
}

/// Reads a whole file; `None` if there is none.
pub(crate) fn read_whole(path: &Path) -> Result<Option<Vec<u8>>, Fault> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::io("data folder", &error)),
    }
}

/// Removes a file; one that is not there is no error.
pub(crate) fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::io("data folder", &error)),
        _ => Ok(()),
    }
}
