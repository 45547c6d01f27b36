//! What the typesetter may read: the template, the page's values and its pictures, all in memory. Nothing else is there.

use crate::font::fonts;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The template, by name; the first is where setting begins.
pub(crate) const TEMPLATE: [(&str, &str); 4] = [
    ("report.typ", include_str!("../template/report.typ")),
    ("form.typ", include_str!("../template/form.typ")),
    ("table.typ", include_str!("../template/table.typ")),
    ("chart.typ", include_str!("../template/chart.typ")),
];
/// The name under which the template finds the page's values.
const VALUES: &str = "page.json";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Everything that one report is set from.
pub(crate) struct Memory {
    main: FileId,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
}

impl Memory {
    /// The template with these values and pictures; `None` where a picture has no usable name, which ours have.
    pub(crate) fn new(values: Vec<u8>, pictures: Vec<(String, String)>) -> Option<Memory> {
        let mut sources = HashMap::new();
        for (name, text) in TEMPLATE {
            let id = id(name)?;
            sources.insert(id, Source::new(id, text.to_owned()));
        }
        let mut files = HashMap::from([(id(VALUES)?, Bytes::new(values))]);
        for (name, picture) in pictures {
            files.insert(id(&name)?, Bytes::from_string(picture));
        }
        Some(Memory { main: id(TEMPLATE[0].0)?, sources, files })
    }
}

fn id(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(format!("{:?}", id.vpath())))
}

impl World for Memory {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
