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
    for (place, least) in [("sample", 0.992), ("sample-odd", 0.995)] {
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
fn the_same_records_give_the_same_bytes_however_their_files_lie_and_on_any_number_of_threads() {
    let folder = Folder::new("link-order");
    let sample = folder.join("sample");
    json(&["sample", "--persons", "3000", "--seed", "11", "--applicants", "0", "--out", text(&sample)], 0);
    let files = files(&sample.join("persons"));
    let linked = |files: &[String], name: &str, threads: &str| {
        let (out, pairs) = (folder.join(&format!("{name}.csv")), folder.join(&format!("{name}-pairs.csv")));
        let mut arguments = vec!["link", "--out", text(&out), "--pairs", text(&pairs), "--threads", threads];
        arguments.extend(files.iter().map(String::as_str));
        let said = json(&arguments, 0);
        assert_eq!(said["records"], std::fs::read_to_string(&out).unwrap().lines().count() - 1);
        (std::fs::read(&out).unwrap(), std::fs::read(&pairs).unwrap())
    };
    let one = linked(&files, "one", "1");
    assert!(one.1.len() > 1_000, "some are linked");
    assert_eq!(one, linked(&files, "two", "2"));
    // The files in another order, their rows in another, and two files in one.
    let turned = folder.join("turned");
    std::fs::create_dir(&turned).unwrap();
    let mut others = Vec::new();
    for (at, two) in files.rchunks(2).enumerate() {
        let texts: Vec<String> = two.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        let head = texts[0].lines().next().unwrap().to_owned();
        let rows: Vec<&str> = texts.iter().flat_map(|text| text.lines().skip(1)).collect();
        let rows: Vec<&str> = rows.into_iter().rev().collect();
        let file = turned.join(format!("{at}.csv"));
        std::fs::write(&file, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
        others.push(text(&file).to_owned());
    }
    assert_eq!(one, linked(&others, "three", "2"));
}

#[test]
fn linkage_that_cannot_be_done_says_why_and_writes_nothing() {
    let folder = Folder::new("link-bad");
    let (good, out) = (folder.join("good.csv"), folder.join("out.csv"));
    std::fs::write(&good, "rec_id,file_province,full_name\n1,001,Nguyễn Văn A\n").unwrap();
    let refused = |more: &[&str], exit| {
        let said = json(&[&["link", "--out", text(&out)], more].concat(), exit);
        assert!(!out.exists(), "{said}");
        said["error"]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(&[text(&good), "--memory", "1"], 2), "link-memory");
    assert_eq!(refused(&[text(&good), "--precision", "1"], 2), "link-precision");
    assert_eq!(refused(&[text(&good), text(&folder.join("none.csv"))], 3), "file-unreadable");
    for (columns, code) in
        [("a,b", "file-columns-missing"), ("rec_id,file_province,full_name,rec_id", "file-column-doubled")]
    {
        let bad = folder.join("bad.csv");
        std::fs::write(&bad, format!("{columns}\n1,2,3,4\n")).unwrap();
        assert_eq!(refused(&[text(&good), text(&bad)], 3), code);
    }
    let said = json(&["link", "--out", text(&out), text(&good), "--memory", "200"], 0);
    assert_eq!((&said["records"], &said["clusters"]), (&1.into(), &1.into()));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "rec_id,cluster_id\n1,0\n");
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

#[test]
fn other_data_is_linked_by_a_description_and_hard_pairs_are_told_in_words() {
    let folder = Folder::new("link-spec");
    let (spec, data, out) = (folder.join("spec.toml"), folder.join("books.csv"), folder.join("out.csv"));
    let described = "id = \"no\"\nkeys = [[\"isbn\"], [\"title\"], [\"author\"]]\n\
        [[field]]\nname = \"title\"\ncolumns = [\"title\", \"subtitle\"]\nkind = \"words\"\n\
        [[field]]\nname = \"author\"\nkind = \"words\"\n[[field]]\nname = \"isbn\"\nkind = \"word\"\n";
    std::fs::write(&spec, described).unwrap();
    let mut rows = String::from("No; Title ;subtitle;author;isbn;shelf\n");
    for n in 0..300 {
        let letter = |step: u32, at: u32| char::from(b'a' + ((n * step + at * at * 7 + n / 26) % 26) as u8);
        let word = |step| (0..6).map(|at| letter(step, at)).collect::<String>();
        rows.push_str(&format!(
            "{n};{} {};of {};{} {};97886{:05};A\n",
            word(3),
            word(5),
            word(7),
            word(11),
            word(17),
            n * 37
        ));
    }
    let last = rows.lines().last().unwrap().to_owned();
    let cells: Vec<&str> = last.split(';').collect();
    let turned = cells[3].split(' ').rev().collect::<Vec<_>>().join(" ");
    rows.push_str(&format!("900;{};;{turned};{};B\n", cells[1], cells[4].replacen('7', "1", 1)));
    std::fs::write(&data, rows).unwrap();
    let explained = folder.join("hard.md");
    let link = |more: &[&str], exit| {
        json(&[&["link", text(&data), "--out", text(&out), "--spec", text(&spec)], more].concat(), exit)
    };
    let said = link(&["--explain", text(&explained)], 0);
    assert_eq!((said["records"].as_u64(), said["clusters"].as_u64()), (Some(301), Some(300)), "{said}");
    let clusters = std::fs::read_to_string(&out).unwrap();
    let of = |id: &str| clusters.lines().find_map(|line| line.strip_prefix(&format!("{id},"))).unwrap().to_owned();
    assert_eq!(of("299"), of("900"));
    let explained = std::fs::read_to_string(explained).unwrap();
    assert!(explained.contains("## 299") && explained.contains(&turned), "{explained}");
    // What is wrong is told with its place, and nothing is written.
    std::fs::remove_file(&out).unwrap();
    let refused = |wrong: &str, code: &str| {
        std::fs::write(&spec, wrong).unwrap();
        let said = link(&[], 3);
        assert_eq!(said["error"]["code"], code, "{said}");
        assert!(!out.exists());
        said["error"]["details"].clone()
    };
    let details = refused(&described.replace("\"words\"", "\"colour\""), "link-spec");
    assert_eq!((details["line"].as_str(), details["column"].as_str()), (Some("6"), Some("8")), "{details}");
    let details = refused(&described.replace("\"subtitle\"", "\"undertitle\""), "file-columns-undescribed");
    assert_eq!((details["missing"].as_str(), details["line"].as_str()), (Some("undertitle"), Some("1")), "{details}");
}
