//! Finds texts that nothing uses: every key of the two languages stands in a source file of the program, the console or the report.

#![expect(clippy::disallowed_methods, reason = "a build script is told where it is through the environment")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Beginnings of keys that are composed from names and codes; tests hold them complete.
const COMPOSED: [&str; 39] = [
    "report-note-",
    "report-title-",
    "letterhead-",
    "honour-",
    "criterion-",
    "level-",
    "basis-",
    "record-",
    "act-",
    "field-",
    "about-",
    "severity-",
    "document-",
    "project-",
    "hint-",
    "note-",
    "outlook-",
    "capture-",
    "help-",
    "error-",
    "cause-",
    "finding-",
    "audit-finding-",
    "purpose-",
    "state-",
    "kind-",
    "role-",
    "sex-",
    "case-kind-",
    "agree-",
    "alike-",
    "weight-",
    "rival-",
    "verdict-",
    "finger-",
    "missing-",
    "job-",
    "figure-",
    "measure-",
];
/// The crates that speak to people.
const SPEAKERS: [&str; 4] = ["console/src", "report/src", "services/src/programme", "vandan/src"];

fn main() {
    let crates = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("..");
    let texts = crates.join("text/vi");
    println!("cargo:rerun-if-changed={}", texts.display());
    let mut sources = String::new();
    for speaker in SPEAKERS {
        let folder = crates.join(speaker);
        println!("cargo:rerun-if-changed={}", folder.display());
        sources.push_str(&sources_of(&folder));
    }
    let mut unused = Vec::new();
    for file in listing(&texts) {
        let text = fs::read_to_string(&file).expect("readable text file");
        let keys = text.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
        // Continued lines and attributes are indented.
        for key in keys.filter(|key| key.starts_with(|first: char| first.is_ascii_lowercase())) {
            let composed = COMPOSED.iter().any(|prefix| key.starts_with(prefix));
            if !composed && !sources.contains(&format!("\"{key}\"")) {
                unused.push(key.to_owned());
            }
        }
    }
    assert!(unused.is_empty(), "texts that no source file uses:\n  {}", unused.join("\n  "));
}

fn listing(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("the folder exists").map(|entry| entry.expect("readable").path()).collect()
}

fn sources_of(folder: &Path) -> String {
    let mut text = String::new();
    let mut waiting: BTreeSet<PathBuf> = BTreeSet::from([folder.to_owned()]);
    while let Some(path) = waiting.pop_first() {
        if path.is_dir() {
            waiting.extend(listing(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&fs::read_to_string(&path).expect("readable source file"));
        }
    }
    text
}
