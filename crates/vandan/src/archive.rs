//! The backup: one file with database, ledger and blobs, all of it sealed already; the keys go into a file beside it.
//!
//! Form: a ZIP archive without compression (what is sealed does not compress), read with limits.

use crate::installation::{Installation, of_services};
use crate::output::{Exit, Failure};
use crate::text::t;
use services::officer::Officer;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Where the keys of a backup lie.
pub(crate) fn keys_beside(backup: &Path) -> PathBuf {
    beside(backup, ".key")
}

fn failed(path: &Path, detail: &str) -> Failure {
    Failure::new(
        Exit::Now,
        t!("file-unwritable"),
        vec![("file", path.display().to_string()), ("detail", detail.to_owned())],
    )
}

fn broken(path: &Path) -> Failure {
    Failure::new(Exit::Input, t!("backup-broken"), vec![("file", path.display().to_string())])
}

/// Writes a backup; gives the number of files in it. Both files are ready beside their places before the event says so, and
/// only then get their names: what failed leaves nothing, and an older backup of that name as it was.
pub(crate) fn write(installation: &Installation, officer: &Officer, to: &Path) -> Result<u64, Failure> {
    let (keys, archive) = (keys_beside(to), beside(to, ".new"));
    let (copy, secrets) = (beside(to, ".sqlite"), beside(&keys, ".ready"));
    let made = prepare(installation, to, &copy, &archive, &secrets).and_then(|files| {
        let event = installation.book.event("backup.made", &officer.actor("backup"));
        let done = installation
            .book
            .submit(None, move |_| Ok(services::Decision { events: vec![event], answer: Vec::new() }))
            .map_err(|error| of_services(&error));
        done?;
        let named = fs::rename(&secrets, &keys).and_then(|()| fs::rename(&archive, to));
        named.map_err(|error| failed(to, &error.kind().to_string()))?;
        Ok(files)
    });
    for scratch in [&copy, &archive, &secrets] {
        let _ = fs::remove_file(scratch);
    }
    if made.is_err() && !to.exists() {
        let _ = fs::remove_file(&keys);
    }
    made
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn prepare(
    installation: &Installation,
    to: &Path,
    copy: &Path,
    archive: &Path,
    secrets: &Path,
) -> Result<u64, Failure> {
    installation.book.checkpoint(true).map_err(|error| of_services(&error))?;
    let _ = fs::remove_file(copy);
    installation.book.home().store.copy_to(copy).map_err(|fault| of_services(&fault.into()))?;
    let unwritable = |error: io::Error| failed(to, &error.kind().to_string());
    let files = pack(installation.folder.path(), copy, archive).map_err(unwritable)?;
    let keys = pack_keys(&installation.folder.keys()).map_err(unwritable)?;
    folder::write_secret(secrets, &keys).map_err(|fault| of_services(&fault.into()))?;
    Ok(files)
}

fn pack(data: &Path, copy: &Path, to: &Path) -> io::Result<u64> {
    let mut archive = ZipWriter::new(BufWriter::new(File::create(to)?));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    let mut files = 1;
    archive.start_file("register.sqlite", options)?;
    io::copy(&mut File::open(copy)?, &mut archive)?;
    let parts = ["ledger", "blobs", "ledger.pub", "kit.counter", "rules"];
    let mut waiting: Vec<PathBuf> = parts.iter().map(|name| data.join(name)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?,
            );
        } else if path.is_file() {
            let name = path.strip_prefix(data).unwrap_or(&path).to_string_lossy().into_owned();
            archive.start_file(name, options)?;
            io::copy(&mut File::open(&path)?, &mut archive)?;
            files += 1;
        }
    }
    let mut file = archive.finish()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok(files)
}

/// All keys in one archive: the master key, the kit's, and those of the signers.
fn pack_keys(keys: &Path) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut waiting = vec![keys.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?,
            );
        } else {
            archive.start_file(path.strip_prefix(keys).unwrap_or(&path).to_string_lossy(), options)?;
            archive.write_all(&fs::read(&path)?)?;
        }
    }
    Ok(archive.finish()?.into_inner())
}

/// Unpacks a backup into a new folder: beside it first, so that a backup that is not whole leaves nothing. `finish` does
/// with the unpacked folder what is left to do before it takes its place.
pub(crate) fn read(
    from: &Path,
    data: &Path,
    secrets: &[u8],
    finish: &mut dyn FnMut(&Path) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut beside = data.as_os_str().to_owned();
    beside.push(".restoring");
    let beside = PathBuf::from(beside);
    let _ = fs::remove_dir_all(&beside);
    let unpacked = unpack(from, &beside, secrets).and_then(|files| finish(&beside).map(|()| files));
    let files = unpacked.inspect_err(|_| {
        let _ = fs::remove_dir_all(&beside);
    })?;
    // An empty folder may stand where the installation goes.
    let _ = fs::remove_dir(data);
    fs::rename(&beside, data).map_err(|error| failed(data, &error.kind().to_string()))?;
    Ok(files)
}

fn unpack(from: &Path, data: &Path, secrets: &[u8]) -> Result<u64, Failure> {
    let file = File::open(from).map_err(|error| {
        Failure::new(
            Exit::Input,
            t!("file-unreadable"),
            vec![("file", from.display().to_string()), ("detail", error.kind().to_string())],
        )
    })?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| broken(from))?;
    let mut whole = false;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| broken(from))?;
        // A name that leads out of the folder is no name of ours.
        let name = part.enclosed_name().ok_or_else(|| broken(from))?;
        whole |= name == Path::new("register.sqlite");
        let path = data.join(&name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create(&path));
        let mut out = made.map_err(|error| failed(&path, &error.kind().to_string()))?;
        // A part that does not fit its checksum is the backup's fault, not the disk's.
        io::copy(&mut part, &mut out).and_then(|_| out.sync_all()).map_err(|_| broken(from))?;
    }
    let mut keys = ZipArchive::new(io::Cursor::new(secrets)).map_err(|_| broken(&keys_beside(from)))?;
    for at in 0..keys.len() {
        let mut part = keys.by_index(at).map_err(|_| broken(&keys_beside(from)))?;
        let name = part.enclosed_name().ok_or_else(|| broken(&keys_beside(from)))?;
        let path = data.join("keys").join(name);
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(|_| broken(&keys_beside(from)))?;
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| failed(&path, &error.kind().to_string()))?;
        folder::write_secret(&path, &bytes).map_err(|fault| of_services(&fault.into()))?;
    }
    if whole && data.join("keys/master.key").is_file() { Ok(archive.len() as u64) } else { Err(broken(from)) }
}
