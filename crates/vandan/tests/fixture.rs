//! Data folders of earlier milestones still open and verify.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{Folder, copy, json, text};
use std::path::Path;

/// `fixtures/first`: 23 persons of `vandan sample --seed 9`, one search; keys of nobody.
#[test]
fn the_first_milestones_folder_opens_and_verifies() {
    let folder = Folder::new("fixture");
    let data = folder.join("data");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/first"), &data);
    let before = json(&["status", "--data", text(&data)], 0);
    assert_eq!((before["persons"]["entered"].as_u64(), before["reads"].as_u64()), (Some(PERSONS), Some(1)));
    json(&["audit", "verify", "--data", text(&data)], 0);
    let found = json(&["person", "find", "nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    assert!(!found["persons"].as_array().unwrap().is_empty());
    json(&["audit", "verify", "--data", text(&data)], 0);
}

const PERSONS: u64 = 23;
