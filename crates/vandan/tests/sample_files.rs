//! The shared sample: 63 provinces' files and the awkward ones, through the main job.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;

use common::{Folder, json, run, shared, text};
use std::path::Path;

fn files(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("province_"))
        .map(|path| path.display().to_string())
        .collect();
    all.sort();
    all
}

fn import(files: &[String], data: &Path) -> serde_json::Value {
    let mut arguments = vec!["import", "persons"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.extend(["--data", text(data)]);
    json(&arguments, 0)
}

#[test]
fn every_row_is_staged_and_entered_pending_or_in_a_case() {
    let Some(shared) = shared() else { return };
    let folder = Folder::new("sample-files");
    let (data, vietnam) = (folder.join("data"), shared.join("vietnam"));
    json(&["init", "--data", text(&data)], 0);
    let units =
        ["provinces63.csv", "districts2021.csv", "wards2021.csv"].map(|name| vietnam.join(name).display().to_string());
    let done = json(&["import", "units", &units[0], &units[1], &units[2], "--data", text(&data)], 0);
    assert_eq!(done["units_changed"], 63 + 705 + 10_599);
    for (place, rows) in [("sample", 50_000), ("sample-odd", 2_556)] {
        let files = files(&vietnam.join(place));
        let report = import(&files, &data);
        let count = |name: &str| report[name].as_u64().unwrap();
        println!("{place}: {report}");
        assert_eq!(count("staged"), rows);
        assert_eq!(count("entered") + count("pending") + count("in_case") + count("same"), rows, "{place}");
        let again = import(&files, &data);
        assert_eq!((again["import"].as_str(), again["staged"].as_u64()), (Some(""), Some(0)), "{place} again");
    }
    let status = json(&["status", "--data", text(&data)], 0);
    assert_eq!(status["staged"], 52_556);
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn linkage_of_the_shared_sample_is_as_good_as_it_was() {
    let Some(shared) = shared() else { return };
    let folder = Folder::new("sample-link");
    for (place, least) in [("sample", 0.975), ("sample-odd", 0.975)] {
        let out = folder.join("clusters.csv");
        let files = files(&shared.join("vietnam").join(place));
        let mut arguments = vec!["link", "--out", text(&out)];
        arguments.extend(files.iter().map(String::as_str));
        json(&arguments, 0);
        let judge = shared.join("tools/link_score.py");
        let truth = shared.join("vietnam").join(place).join("truth.csv");
        let scored = std::process::Command::new("python3").args([&judge, &truth, &out]).output().unwrap();
        let score: serde_json::Value = serde_json::from_slice(&scored.stdout).unwrap();
        println!("{place}: {score}");
        assert!(score["f1"].as_f64().unwrap() >= least, "{place}: {score}");
        assert!(score["precision"].as_f64().unwrap() >= 0.998, "{place}: {score}");
        assert_eq!(score["wrong_twin_pairs"], 0, "{place}: {score}");
    }
}

#[test]
fn files_that_cannot_be_taken_change_nothing_and_say_why() {
    let folder = Folder::new("bad-files");
    let data = folder.join("data");
    json(&["init", "--data", text(&data)], 0);
    let before = json(&["status", "--data", text(&data)], 0);
    let head = "rec_id,file_province,full_name\n";
    let mut cell = format!("{head}1,001,").into_bytes();
    cell.resize(100 << 20, b'x');
    let cases: [(&str, &[u8], &str); 7] = [
        ("empty.csv", b"", "file-empty"),
        ("binary.csv", b"\x00\x01\x02\xff\xfe\x00", "file-encoding"),
        ("missing.csv", b"a;b;c\n1;2;3\n", "file-columns-missing"),
        ("doubled.csv", b"rec_id,file_province,full_name,rec_id\n1,001,A,1\n", "file-column-doubled"),
        ("cell.csv", &cell, "file-cell"),
        ("quote.csv", format!("{head}1,001,\"A\n{}", "2,001,B\n".repeat(9000)).leak().as_bytes(), "file-quote"),
        ("bomb.xlsx", b"PK\x03\x04 and nothing of a zip", "file-workbook"),
    ];
    let good = folder.join("good.csv");
    std::fs::write(&good, format!("{head}1,001,Nguyễn Văn A\n")).unwrap();
    for (name, bytes, code) in cases {
        let file = folder.join(name);
        std::fs::write(&file, bytes).unwrap();
        // A good file beside the bad one is not taken either.
        let refused = json(&["import", "persons", text(&good), text(&file), "--data", text(&data)], 3);
        assert_eq!(refused["error"]["code"], code, "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains(name), "{refused}");
    }
    let mut after = json(&["status", "--data", text(&data)], 0);
    after["ledger_root"] = before["ledger_root"].clone();
    assert_eq!(before, after);
    let (status, _, err) = run(&["import", "persons", text(&folder.join("none.csv")), "--data", text(&data)]);
    assert_eq!((status, err.contains("none.csv")), (3, true), "{err}");
}
