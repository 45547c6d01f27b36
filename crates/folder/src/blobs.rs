//! Blobs as files: `blobs/ab/<the whole address in hexadecimal>`.

use crate::{read_whole, remove, write_whole};
use ports::Fault;
use ports::blob::{Address, Blobs};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// A folder of blobs.
pub struct BlobFiles {
    path: PathBuf,
}

impl BlobFiles {
    pub(crate) fn new(path: PathBuf) -> BlobFiles {
        BlobFiles { path }
    }

    fn file(&self, address: &Address) -> PathBuf {
        let name = hex(address);
        self.path.join(&name[..2]).join(name)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(name: &str) -> Option<Address> {
    let mut address = [0; 32];
    if name.len() != 64 || !name.is_ascii() {
        return None;
    }
    for (at, byte) in address.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&name[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(address)
}

impl Blobs for BlobFiles {
    fn put(&self, bytes: &[u8]) -> Result<Address, Fault> {
        let address = Sha256::digest(bytes).into();
        let file = self.file(&address);
        if !file.is_file() {
            write_whole(&file, bytes, true)?;
        }
        Ok(address)
    }

    fn get(&self, address: &Address) -> Result<Option<Vec<u8>>, Fault> {
        let bytes = read_whole(&self.file(address))?;
        match &bytes {
            Some(found) if Address::from(Sha256::digest(found)) != *address => {
                Err(Fault::Damaged { what: format!("blob {}", hex(address)), cause: "other bytes than stored".into() })
            }
            _ => Ok(bytes),
        }
    }

    fn delete(&self, address: &Address) -> Result<(), Fault> {
        remove(&self.file(address))
    }

    fn list(&self) -> Result<Vec<Address>, Fault> {
        let mut all = Vec::new();
        let entries = |path: &std::path::Path| match std::fs::read_dir(path) {
            Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(Fault::io("data folder", &error)),
        };
        for folder in entries(&self.path)? {
            for file in entries(&folder)? {
                all.extend(file.file_name().and_then(|name| from_hex(name.to_str()?)));
            }
        }
        all.sort_unstable();
        Ok(all)
    }
}
