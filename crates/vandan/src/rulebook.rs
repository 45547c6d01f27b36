//! The rules of an installation: the files in `rules` of its data folder, or what comes with the program where there are none.

use ports::Fault;
use programme::rulebook::Rulebook;
use services::Error;
use services::programme::of_rules;
use std::path::{Path, PathBuf};

/// The most files.
const FILES_MAX: usize = 200;
/// Bytes of one.
const BYTES_MAX: u64 = 64 << 10;

/// Where the files are.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("rules")
}

/// The files of a folder, in order of their names; none where there is no such folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Fault::io("rules folder", &error).into()),
    };
    let mut files = Vec::new();
    for entry in listing {
        let path = entry.map_err(|error| Fault::io("rules folder", &error))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The rules in force of the installation in a data folder.
pub(crate) fn read(data: &Path) -> Result<Rulebook, Error> {
    let files = files(&folder(data))?;
    if files.is_empty() {
        return Rulebook::shipped().map_err(|fault| of_rules(&fault));
    }
    read_files(&files)
}

/// A rulebook of just these files.
pub(crate) fn read_files(files: &[PathBuf]) -> Result<Rulebook, Error> {
    let name = |path: &Path| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let wrong = |path: &Path, detail: &str| {
        let place = vec![("file", name(path)), ("line", "1".into()), ("column", "1".into()), ("detail", detail.into())];
        Error::Input { code: "rule-malformed", arguments: place }
    };
    let mut texts = Vec::new();
    for path in files {
        let size = std::fs::metadata(path).map_err(|error| wrong(path, &error.kind().to_string()))?.len();
        if size > BYTES_MAX || texts.len() == FILES_MAX {
            return Err(wrong(path, "there are too many rules, or this one is too long"));
        }
        let text = std::fs::read_to_string(path).map_err(|error| wrong(path, &error.kind().to_string()))?;
        texts.push((name(path), text));
    }
    Rulebook::read(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).map_err(|fault| of_rules(&fault))
}
