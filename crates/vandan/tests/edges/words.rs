//! Words that the services write into events: each has a text. (That a text is there in both languages is checked when the
//! texts are built.)

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use text::Key;

fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else {
            let file = std::fs::read_to_string(&path).unwrap();
            // What a file's own tests write is nobody's event.
            all += file.split("#[cfg(test)]").next().unwrap();
        }
    }
    all
}

/// The literals of the services that are of a form.
fn literals(fits: impl Fn(&str, &str) -> bool) -> BTreeSet<String> {
    let services = sources(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../services/src"));
    let mut parts = services.split('"');
    let (mut all, mut before) = (BTreeSet::new(), parts.next().unwrap());
    for part in parts {
        if fits(before, part) {
            all.insert(part.to_owned());
        }
        before = part;
    }
    all
}

fn without_text(prefix: &str, words: &BTreeSet<String>) -> Vec<String> {
    let key = |word: &String| format!("{prefix}-{}", word.replace(['.', '_', ' '], "-"));
    words.iter().map(key).filter(|key| Key::find(key).is_none()).collect()
}

#[test]
fn every_kind_of_event_has_a_text() {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let kinds = literals(|_, part| part.split_once('.').is_some_and(|(what, done)| plain(what) && plain(done)));
    assert!(kinds.len() > 40 && kinds.contains("person.read") && kinds.contains("units.moved"), "{kinds:?}");
    assert_eq!(without_text("kind", &kinds), [""; 0]);
    let listed: BTreeSet<String> = services::audit::KINDS.iter().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(listed, kinds, "the auditor searches by each");
}

#[test]
fn every_purpose_that_is_not_stated_by_an_officer_has_a_text() {
    let purposes = literals(|before, part| before.ends_with("actor(") && !part.is_empty());
    assert!(purposes.contains("access number") && purposes.contains("invitation to enrol"), "{purposes:?}");
    assert_eq!(without_text("purpose", &purposes), [""; 0]);
}
