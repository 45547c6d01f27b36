//! The files of a gallery in a folder of their own.

use crate::{read_whole, remove, sync_folder, write_whole};
use ports::Fault;
use ports::gallery::GalleryFiles;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// A folder of gallery files.
pub struct FolderGallery {
    path: PathBuf,
    /// The file that was added to last; it is likely to be the next.
    open: Mutex<Option<(String, File)>>,
}

impl FolderGallery {
    /// The files in this folder, which is made when the first is written.
    #[must_use]
    pub fn new(path: PathBuf) -> FolderGallery {
        FolderGallery { path, open: Mutex::default() }
    }

    /// Forgets the open file, so that a name stands for what is in the folder now.
    fn closed(&self) -> std::sync::MutexGuard<'_, Option<(String, File)>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        *open = None;
        open
    }

    fn opened(&self, name: &str) -> std::io::Result<File> {
        let path = self.path.join(name);
        let there = path.exists();
        std::fs::create_dir_all(&self.path)?;
        let file = File::options().create(true).append(true).open(path)?;
        if !there {
            file.sync_all()?;
            File::open(&self.path)?.sync_all()?;
        }
        Ok(file)
    }
}

impl GalleryFiles for FolderGallery {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let _closed = self.closed();
        write_whole(&self.path.join(name), bytes, true)
    }

    fn append(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match open.take().filter(|(other, _)| other == name) {
            Some((_, file)) => Ok(file),
            None => self.opened(name),
        };
        let written = file.and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_data()?;
            Ok(file)
        });
        *open = Some((name.to_owned(), written.map_err(|error| Fault::io("gallery", &error))?));
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        read_whole(&self.path.join(name))
    }

    fn delete(&self, name: &str) -> Result<(), Fault> {
        let _closed = self.closed();
        remove(&self.path.join(name))?;
        if self.path.is_dir() { sync_folder(&self.path) } else { Ok(()) }
    }

    fn list(&self) -> Result<Vec<String>, Fault> {
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::io("gallery", &error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| Fault::io("gallery", &error))?.file_name();
            // What was being written whole when the power went has a dot in its name.
            names.extend(name.into_string().ok().filter(|name| !name.contains('.')));
        }
        names.sort_unstable();
        Ok(names)
    }
}
