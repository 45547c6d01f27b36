//! kill -9 at random moments, then the same command: the same persons and numbers as without.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;

use common::persons::persons;
use common::{Folder, copy, json, text, vandan};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

/// The files that are imported: 2,500 people of our own; with `VANDAN_KILL=shared` the shared folder's 63 files, which take
/// a quarter of an hour.
fn files(folder: &Folder) -> (Vec<PathBuf>, PathBuf) {
    if std::env::var("VANDAN_KILL").is_ok_and(|which| which == "shared") {
        let vietnam = common::shared().expect("VANDAN_SHARED names the shared folder").join("vietnam");
        let units = ["provinces63.csv", "districts2021.csv", "wards2021.csv"].map(|name| vietnam.join(name));
        let persons = folder.join("persons");
        std::fs::create_dir_all(&persons).unwrap();
        for entry in std::fs::read_dir(vietnam.join("sample")).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().starts_with("province_") {
                std::fs::copy(entry.path(), persons.join(entry.file_name())).unwrap();
            }
        }
        return (units.to_vec(), persons);
    }
    let sample = folder.join("sample");
    json(&["sample", "--persons", "2500", "--seed", "5", "--applicants", "0", "--out", text(&sample)], 0);
    (vec![sample.join("units")], sample.join("persons"))
}

#[test]
fn an_import_that_was_killed_at_any_moment_ends_the_same() {
    let folder = Folder::new("kill");
    let base = folder.join("base");
    let (units, files) = files(&folder);
    json(&["init", "--data", text(&base)], 0);
    for units in &units {
        json(&["import", "units", text(units), "--data", text(&base)], 0);
    }
    let whole = folder.join("whole");
    copy(&base, &whole);
    let begun = Instant::now();
    let report = json(&["import", "persons", text(&files), "--data", text(&whole)], 0);
    let lasts = begun.elapsed();
    let expected = persons(&whole, None);
    assert!(expected.len() > 2_000 && expected.iter().filter(|(_, number)| number.is_some()).count() > 2_000);

    let mut state = 0x1234_5678_9abc_def1_u64;
    let mut killed = 0;
    // On a busy machine a run may be done before its moment has come: then there are more moments.
    for moment in 0..60 {
        if moment >= 20 && killed >= 12 {
            break;
        }
        let data = folder.join("killed");
        let _ = std::fs::remove_dir_all(&data);
        copy(&base, &data);
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let after = lasts.mul_f64((state >> 40) as f64 / (1u64 << 24) as f64);
        let mut child = vandan()
            .args(["import", "persons", text(&files), "--data", text(&data)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(after);
        killed += u32::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        let again = json(&["import", "persons", text(&files), "--data", text(&data)], 0);
        // A run that was done just before it was killed has nothing new to do.
        if again["import"] != "" {
            for figure in ["staged", "entered", "pending", "in_case", "persons"] {
                assert_eq!(again[figure], report[figure], "{figure} after moment {moment}");
            }
        }
        json(&["audit", "verify", "--data", text(&data)], 0);
        assert!(persons(&data, None) == expected, "persons or numbers differ after moment {moment}, {after:?}");
        let nothing = json(&["import", "persons", text(&files), "--data", text(&data)], 0);
        assert_eq!(nothing["staged"], 0, "the same files again change nothing");
    }
    println!("killed at {killed} moments of work, {lasts:?} long");
    assert!(killed >= 12, "only {killed} runs were still at work when they were killed");
}

#[test]
fn changed_rows_that_were_killed_on_their_way_stay_versions_of_their_persons() {
    let folder = Folder::new("kill-versions");
    let (base, sample) = (folder.join("base"), folder.join("sample"));
    json(&["sample", "--persons", "600", "--seed", "8", "--applicants", "0", "--out", text(&sample)], 0);
    json(&["init", "--data", text(&base)], 0);
    json(&["import", "units", text(&sample.join("units")), "--data", text(&base)], 0);
    json(&["import", "persons", text(&sample.join("persons")), "--data", text(&base)], 0);
    let changed = folder.join("changed");
    std::fs::create_dir_all(&changed).unwrap();
    for entry in std::fs::read_dir(sample.join("persons")).unwrap() {
        let entry = entry.unwrap();
        let rows = std::fs::read_to_string(entry.path()).unwrap();
        std::fs::write(changed.join(entry.file_name()), rows.replace("Thôn ", "Xóm ").replace("Số 1", "Số 9")).unwrap();
    }
    let whole = folder.join("whole");
    copy(&base, &whole);
    let begun = Instant::now();
    json(&["import", "persons", text(&changed), "--data", text(&whole)], 0);
    let lasts = begun.elapsed();
    let expected = persons(&whole, None);
    for part in [0.35, 0.5, 0.65, 0.8] {
        let data = folder.join("killed");
        let _ = std::fs::remove_dir_all(&data);
        copy(&base, &data);
        let import = ["import", "persons", text(&changed), "--data", text(&data)];
        let mut child = vandan().args(import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(lasts.mul_f64(part));
        let _ = child.kill();
        child.wait().unwrap();
        json(&import, 0);
        assert!(persons(&data, None) == expected, "persons or numbers differ after a kill at {part}");
        json(&["audit", "verify", "--data", text(&data)], 0);
    }
}
