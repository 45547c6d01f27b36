//! The recorder's log: what was done to a folder's files, and the folder as a power loss would have left it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// One file operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operation {
    /// A file made, or cut to nothing.
    Create(String),
    /// Bytes written at an offset.
    Write(String, u64, Vec<u8>),
    /// A file cut or grown to a length.
    Truncate(String, u64),
    /// A file renamed.
    Rename(String, String),
    /// A file removed.
    Unlink(String),
    /// A folder made.
    Folder(String),
    /// A file's bytes made durable.
    Sync(String),
    /// An operation acknowledged to the outside.
    Acknowledge(u64),
}

/// Reads a log; `None` where it is cut off or malformed.
#[must_use]
pub fn parse(mut log: &[u8]) -> Option<Vec<Operation>> {
    let mut all = Vec::new();
    while !log.is_empty() {
        let kind = log[0];
        let path_length = usize::from(u16::from_le_bytes(log.get(1..3)?.try_into().ok()?));
        let path = String::from_utf8(log.get(3..3 + path_length)?.to_vec()).ok()?;
        log = &log[3 + path_length..];
        let offset = u64::from_le_bytes(log.get(..8)?.try_into().ok()?);
        let length = u32::from_le_bytes(log.get(8..12)?.try_into().ok()?) as usize;
        let data = log.get(12..12 + length)?.to_vec();
        log = &log[12 + length..];
        all.push(match kind {
            b'c' => Operation::Create(path),
            b'w' => Operation::Write(path, offset, data),
            b't' => Operation::Truncate(path, offset),
            b'r' => Operation::Rename(path, String::from_utf8(data).ok()?),
            b'u' => Operation::Unlink(path),
            b'd' => Operation::Folder(path),
            b's' => Operation::Sync(path),
            b'a' => Operation::Acknowledge(String::from_utf8(data).ok()?.trim().parse().ok()?),
            _ => return None,
        });
    }
    Some(all)
}

/// A disk in memory.
#[derive(Clone, Default)]
pub struct Disk {
    /// Every file with its bytes.
    files: BTreeMap<String, Vec<u8>>,
    folders: Vec<String>,
    /// The bytes of each file when it was last made durable.
    durable: BTreeMap<String, Vec<u8>>,
}

impl Disk {
    /// Does one operation.
    pub fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Create(path) => {
                self.files.insert(path.clone(), Vec::new());
            }
            Operation::Write(path, offset, data) => {
                let file = self.files.entry(path.clone()).or_default();
                let (start, end) = (*offset as usize, *offset as usize + data.len());
                if file.len() < end {
                    file.resize(end, 0);
                }
                file[start..end].copy_from_slice(data);
            }
            Operation::Truncate(path, length) => {
                self.files.entry(path.clone()).or_default().resize(*length as usize, 0)
            }
            Operation::Rename(from, to) => {
                let Some(bytes) = self.files.remove(from) else { return };
                self.files.insert(to.clone(), bytes);
                // What the name held before is gone, also where its new bytes are not durable yet.
                match self.durable.remove(from) {
                    Some(bytes) => self.durable.insert(to.clone(), bytes),
                    None => self.durable.remove(to),
                };
            }
            Operation::Unlink(path) => {
                self.files.remove(path);
                self.durable.remove(path);
            }
            Operation::Folder(path) => self.folders.push(path.clone()),
            Operation::Sync(path) => {
                if let Some(bytes) = self.files.get(path) {
                    self.durable.insert(path.clone(), bytes.clone());
                }
            }
            Operation::Acknowledge(_) => {}
        }
    }

    /// The disk of a machine that had not yet written what was not synced: such files have the bytes of their last sync,
    /// or none. Names are durable; the file system keeps them in order.
    #[must_use]
    pub fn without_unsynced(&self) -> Disk {
        let files = self.files.keys().map(|path| (path.clone(), self.durable.get(path).cloned().unwrap_or_default()));
        Disk { files: files.collect(), folders: self.folders.clone(), durable: self.durable.clone() }
    }

    /// Lays the disk out in an empty folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        for path in &self.folders {
            std::fs::create_dir_all(folder.join(path))?;
        }
        for (path, bytes) in &self.files {
            let file = folder.join(path);
            if let Some(above) = file.parent() {
                std::fs::create_dir_all(above)?;
            }
            std::fs::write(file, bytes)?;
        }
        Ok(())
    }
}
