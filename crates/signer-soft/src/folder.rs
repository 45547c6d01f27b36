//! Keys and certificates as files: `NAME.p8` (PKCS#8, mode 0600) and `NAME.cer` (DER).

use p256::SecretKey;
use p256::ecdsa::SigningKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ports::Fault;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Writes a pair. A key that is there already stays, and that is an error.
pub(crate) fn write(folder: &Path, name: &str, key: &SigningKey, certificate: &[u8]) -> Result<(), Fault> {
    fs::create_dir_all(folder).map_err(|error| Fault::io(name, &error))?;
    let key = SecretKey::from(key).to_pkcs8_der().map_err(|error| super::damaged(name, &error))?;
    put(&folder.join(format!("{name}.p8")), name, key.as_bytes(), true)?;
    put(&folder.join(format!("{name}.cer")), name, certificate, false)?;
    // The folder's entries must survive a power cut as well.
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Fault::io(name, &error))
}

fn put(path: &Path, name: &str, bytes: &[u8], secret: bool) -> Result<(), Fault> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if secret { 0o600 } else { 0o644 });
    let mut file = options.open(path).map_err(|error| Fault::io(name, &error))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| Fault::io(name, &error))
}

/// Reads a pair.
pub(crate) fn read(folder: &Path, name: &str) -> Result<(SigningKey, Vec<u8>), Fault> {
    let get = |ending: &str| fs::read(folder.join(format!("{name}.{ending}"))).map_err(|error| Fault::io(name, &error));
    let key = SecretKey::from_pkcs8_der(&get("p8")?).map_err(|error| super::damaged(name, &error))?;
    Ok((SigningKey::from(key), get("cer")?))
}
