//! Real prints through the main job: FVC2002 set B, its four databases as four people with ten fingers and eight captures.
//!
//! Capture 1 of each is enrolled; captures 2 to 8 come under other names (28 searches); people made of one database's right
//! hand and another's left hand come first and must not be found. The threshold is the engine's, fixed beforehand.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;

use common::{Folder, json, shared, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const DATABASES: [(&str, u16); 4] = [("DB1_B", 500), ("DB2_B", 569), ("DB3_B", 500), ("DB4_B", 500)];

/// Enrols fingers under a number; gives the application's id.
fn enrol(data: &Path, number: &str, face: &Path, dpi: u16, fingers: &[String]) -> String {
    let dpi = dpi.to_string();
    let mut arguments = vec!["application", "new", number, "--face", text(face), "--dpi", &dpi, "--data", text(data)];
    for finger in fingers {
        arguments.extend(["--finger", finger]);
    }
    json(&arguments, 0)["application"].as_str().unwrap().to_owned()
}

#[test]
fn every_capture_under_another_name_is_found_and_nobody_else() {
    let Some(shared) = shared() else { return };
    let folder = Folder::new("fvc2002");
    let data = folder.join("data");
    json(&["init", "--data", text(&data)], 0);
    // Numbers for everybody who comes: 4 people, and 28 other names for them.
    let mut file = String::from("rec_id,file_province,full_name,birth_date,sex,birth_province,pin12\n");
    let numbers: Vec<String> = (0..32).map(|at| format!("00108{}{:06}", at % 10, 500_000 + at * 7919)).collect();
    for (at, number) in numbers.iter().enumerate() {
        let year = 1980 + at % 10;
        let name = ["Mai", "Lan", "Cúc", "Trúc", "Tùng", "Bách", "Đào", "Sen"][at % 8];
        file.push_str(&format!(
            "{at},001,Nguyễn Thử {name} {},{}/{}/{year},Nam,001,{number}\n",
            ["An", "Bình", "Công", "Đức"][at / 8],
            1 + at % 28,
            1 + at % 12
        ));
    }
    let csv = folder.join("people.csv");
    std::fs::write(&csv, file).unwrap();
    let report = json(&["import", "persons", text(&csv), "--data", text(&data)], 0);
    assert_eq!(report["persons"], 32, "{report}");
    json(&["sample", "--persons", "1", "--applicants", "1", "--out", text(&folder.join("sample"))], 0);
    let face = folder.join("sample/faces/0.jpg");

    let image = |database: &str, finger: usize, capture: usize| {
        let path = shared.join("fingerprints/fvc2002").join(database).join(format!("{}_{capture}.tif", 100 + finger));
        format!("{finger}={}", text(&path))
    };
    // person id by the database whose fingers they are
    let mut owner: BTreeMap<String, &str> = BTreeMap::new();
    let mut waiting = numbers.iter();
    let mut mated = Vec::new();
    for capture in 1..=8 {
        for (database, dpi) in DATABASES {
            let fingers: Vec<String> = (1..=10).map(|finger| image(database, finger, capture)).collect();
            let number = waiting.next().unwrap();
            let application = enrol(&data, number, &face, dpi, &fingers);
            let found = json(&["person", "find", number, "--purpose", "a test", "--data", text(&data)], 0);
            owner.insert(found["persons"][0]["id"].as_str().unwrap().to_owned(), database);
            if capture > 1 {
                mated.push(application);
            }
        }
    }
    assert_eq!(mated.len(), 28);
    let checked = json(&["application", "check", "--data", text(&data)], 0);
    assert_eq!(checked["searched"], 32);

    let administrator = {
        let code = json(&["officer", "add", "adjudicator", "--role", "adjudicator", "--data", text(&data)], 0);
        common::session(&data, "adjudicator", code["one_time_code"].as_str().unwrap())
    };
    let cases = json(&["case", "list", "--data", text(&data)], 0);
    let (mut hits, mut false_hits) = (0, 0);
    for case in cases.as_array().unwrap().iter().filter(|case| case["kind"] == "fingerprint") {
        let id = case["id"].as_str().unwrap();
        let shown =
            json(&["case", "show", id, "--purpose", "a test", "--session", &administrator, "--data", text(&data)], 0);
        let own = owner[shown["other"].as_str().unwrap()];
        let candidates: Vec<&Value> = shown["evidence"]["candidates"].as_array().unwrap().iter().collect();
        let right = candidates.iter().filter(|candidate| owner[candidate["person"].as_str().unwrap()] == own).count();
        hits += usize::from(right > 0);
        false_hits += candidates.len() - right;
    }
    // Real prints side by side: every finger of the pair is drawn, with the minutiae that lie on each other.
    let first = cases.as_array().unwrap().iter().find(|case| case["kind"] == "fingerprint").unwrap();
    let (id, drawn) = (first["id"].as_str().unwrap(), folder.join("drawn"));
    let show = ["case", "show", id, "--purpose", "a test", "--prints", text(&drawn), "--session", &administrator];
    let shown = json(&[show.as_slice(), &["--data", text(&data)]].concat(), 0);
    let prints = shown["prints"].as_array().unwrap();
    assert_eq!(prints.len(), 10 * shown["evidence"]["candidates"].as_array().unwrap().len());
    let file = std::fs::read_to_string(prints[0]["file"].as_str().unwrap()).unwrap();
    assert!(file.starts_with("<svg") && file.matches("data:image/png").count() == 2);
    println!("hits {hits} of 28, false hits {false_hits}, threshold {}", abis::threshold());
    assert!(hits >= 27, "{hits} of 28 captures were found");
    assert_eq!(false_hits, 0, "somebody else was taken for the person");
}
