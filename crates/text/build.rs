//! Checks the texts before anything is compiled: `vi` and `en` hold the same keys.
//!
//! Writes `keys.rs` (all keys) and `resources.rs` (the two languages' files) for `src/lib.rs`.

#![expect(clippy::disallowed_methods, reason = "a build script is told where it is through the environment")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo"));
    println!("cargo:rerun-if-changed=vi");
    println!("cargo:rerun-if-changed=en");
    let vi = keys_of(&here.join("vi"));
    let en = keys_of(&here.join("en"));
    let mut faults = Vec::new();
    for key in vi.keys().filter(|key| !en.contains_key(*key)) {
        faults.push(format!("{key} stands in vi but not in en"));
    }
    for key in en.keys().filter(|key| !vi.contains_key(*key)) {
        faults.push(format!("{key} stands in en but not in vi"));
    }
    assert!(faults.is_empty(), "the texts need mending:\n  {}", faults.join("\n  "));
    let list: Vec<String> = vi.keys().map(|key| format!("{key:?}")).collect();
    fs::write(out.join("keys.rs"), format!("&[{}]", list.join(", "))).expect("OUT_DIR can be written");
    let files = |language: &str| -> String {
        let mut names: Vec<PathBuf> = listing(&here.join(language));
        names.sort();
        names.iter().map(|path| format!("include_str!({:?}),", path.display().to_string())).collect()
    };
    let resources = format!("(&[{}], &[{}])", files("vi"), files("en"));
    fs::write(out.join("resources.rs"), resources).expect("OUT_DIR can be written");
}

fn listing(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("the text folder exists").map(|entry| entry.expect("readable").path()).collect()
}

fn keys_of(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut keys = BTreeMap::new();
    for path in listing(folder) {
        let source = fs::read_to_string(&path).expect("readable text file");
        let resource = fluent_syntax::parser::parse(source.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for entry in resource.body {
            match entry {
                fluent_syntax::ast::Entry::Message(message)
                    if keys.insert(message.id.name.to_owned(), path.clone()).is_some() =>
                {
                    panic!("{}: {} stands twice", path.display(), message.id.name);
                }
                fluent_syntax::ast::Entry::Junk { content } => panic!("{}: {content}", path.display()),
                _ => {}
            }
        }
    }
    keys
}
