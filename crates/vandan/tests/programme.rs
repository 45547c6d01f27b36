//! The programme by command: the figures of the reports of 2021 from returns of 63 provinces, and other figures from others.
//!
//! The sums are those that were reported; how they are split over the provinces is invented, and the file's signer says so.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{Folder, json, text};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const RETURNS: &str = include_str!("fixtures/returns-2021.csv");
/// The provinces that the report of February 2021 names as above the average.
const ABOVE: [&str; 8] =
    ["Bình Thuận", "Hà Nam", "Hà Tĩnh", "Hải Dương", "Phú Thọ", "Quảng Ninh", "Thanh Hóa", "Thừa Thiên Huế"];

/// A register with 63 provinces and nobody in it.
fn register(folder: &Folder) -> PathBuf {
    let (sample, data) = (folder.join("sample"), folder.join("register"));
    json(&["sample", "--persons", "20", "--applicants", "0", "--out", text(&sample)], 0);
    json(&["init", "--data", text(&data)], 0);
    let units = ["provinces", "districts", "wards"].map(|name| sample.join(format!("units/{name}.csv")));
    let mut line = vec!["import", "units"];
    line.extend(units.iter().filter(|file| file.exists()).map(|file| text(file)));
    line.extend(["--data", text(&data)]);
    json(&line, 0);
    data
}

fn signed(folder: &Folder, data: &Path, name: &str, returns: &str) -> Value {
    let file = folder.join(name);
    std::fs::write(&file, returns).unwrap();
    json(&["programme", "returns", text(&file), "--data", text(data)], 0)
}

fn board(data: &Path, more: &[&str]) -> Vec<Value> {
    let line = [&["programme", "board", "--data", text(data)], more].concat();
    json(&line, 0).as_array().unwrap().clone()
}

fn line<'a>(board: &'a [Value], unit: &str, measure: &str) -> &'a Value {
    board.iter().find(|line| line["unit"] == unit && line["measure"] == measure).unwrap()
}

fn above(board: &[Value]) -> Vec<&str> {
    let provinces = board.iter().filter(|line| line["measure"] == "entered" && line["above_average"] == true);
    let mut names: Vec<&str> = provinces.map(|line| line["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
fn the_reports_figures_come_out_of_the_returns_and_others_out_of_others() {
    let folder = Folder::new("programme");
    let data = register(&folder);
    let taken = signed(&folder, &data, "returns.csv", RETURNS);
    assert_eq!(taken["returns"].as_array().unwrap().len(), 189);
    assert!(taken["returns"].as_array().unwrap().iter().all(|one| one["findings"].as_array().unwrap().is_empty()));
    let target = ["programme", "target", "applications", "2021-07-01", "--count", "50000000", "--share", "population"];
    let set = json(&[&target[..], &["--data", text(&data)]].concat(), 0);
    let shares = set["targets"].as_array().unwrap();
    let sum: u64 = shares[1..].iter().map(|one| one["target"].as_u64().unwrap()).sum();
    assert_eq!((shares.len(), sum), (64, 50_000_000), "{set}");

    let all = board(&data, &[]);
    let people = line(&all, "", "entered");
    assert_eq!((people["value"].as_u64(), people["population"].as_u64()), (Some(85_157_192), Some(98_713_820)));
    assert_eq!(people["percent"], 86.27);
    assert_eq!(people["source"], "returned", "what was signed is never shown as counted");
    let applications = line(&all, "", "applications");
    assert_eq!((applications["value"].as_u64(), applications["target"].as_u64()), (Some(33_900_000), Some(50_000_000)));
    assert_eq!(applications["percent"], 67.8);
    assert_eq!(above(&all), ABOVE);
    let columns = ["unit", "name", "measure", "population", "value", "percent", "rank", "above_average", "target"];
    let rest = ["pace_7d", "pace_needed", "forecast_date", "forecast_low", "forecast_high", "probability"];
    for column in columns.iter().chain(&rest) {
        assert!(people.as_object().unwrap().contains_key(*column), "{column}");
    }

    // Hà Nội signs more, Phú Thọ less: other figures, another list.
    let other =
        "unit,day,measure,count,signer\nP001,2021-03-01,processed,8000000,a\nP025,2021-03-01,processed,1000,a\n";
    let taken = signed(&folder, &data, "other.csv", other);
    assert_eq!(taken["returns"][1]["findings"], serde_json::json!(["return-falls"]));
    let all = board(&data, &[]);
    let percent = line(&all, "", "entered")["percent"].as_f64().unwrap();
    let value = line(&all, "", "entered")["value"].as_u64().unwrap();
    assert_eq!(percent, (value as f64 * 10_000.0 / 98_713_820.0).round() / 100.0);
    assert!(above(&all).contains(&"Hà Nội") && !above(&all).contains(&"Phú Thọ"), "{:?}", above(&all));

    // Before anything was signed there was nothing: the past is shown as it was.
    let before = board(&data, &["--as-of", "2021-02-01"]);
    assert_eq!(line(&before, "", "entered")["value"], 0);
    let counted = json(&["programme", "recount", "--data", text(&data)], 0);
    assert_eq!(counted["equal"], true);
}

#[test]
fn what_is_wrong_with_a_file_is_named_and_nothing_of_it_is_kept() {
    let folder = Folder::new("programme-wrong");
    let data = register(&folder);
    let head = "unit,day,measure,count,signer\n";
    for (name, text_of, told) in [
        ("day.csv", format!("{head}P001,2021-02-30,processed,1,a\n"), ["2", "day"]),
        ("count.csv", format!("{head}P001,2021-02-28,processed,1,a\nP001,2021-02-28,processed,-1,a\n"), ["3", "count"]),
        ("signer.csv", format!("{head}P001,2021-02-28,processed,1, \n"), ["2", "signer"]),
        ("column.csv", "unit,day,count,signer\n".to_owned(), ["1", "measure"]),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, text_of).unwrap();
        let said = json(&["programme", "returns", text(&file), "--data", text(&data)], 3);
        assert_eq!(said["error"]["code"], "returns-malformed", "{said}");
        let details = &said["error"]["details"];
        assert!(details["line"] == told[0] && details["column"] == told[1] && details["file"] == name, "{said}");
    }
    assert_eq!(line(&board(&data, &[]), "", "entered")["value"], 0);
    // Doubtful is not wrong: it is taken up, and said.
    let odd = "P999,2021-02-28,processed,5,a\nP001,2021-02-28,nothing,5,a\nP001,2021-02-28,waiting,5,a\nP001,2099-01-01,processed,5,a\nP002,2021-02-28,processed,99000000,a\n";
    let taken = signed(&folder, &data, "odd.csv", &format!("{head}{odd}"));
    let codes: Vec<&str> =
        taken["returns"].as_array().unwrap().iter().map(|one| one["findings"][0].as_str().unwrap()).collect();
    let expected = ["return-unit-unknown", "return-measure-unknown", "return-measure-mean", "return-day-future"];
    assert_eq!(codes, [&expected[..], &["return-over-population"]].concat());
}

#[test]
fn a_series_is_forecast_by_the_same_engine() {
    let folder = Folder::new("programme-forecast");
    let file = folder.join("series.csv");
    let days: Vec<String> = (1..=28).map(|day| format!("2021-02-{day:02},1000\n")).collect();
    std::fs::write(&file, format!("day,count\n{}", days.concat())).unwrap();
    let ask = |target: &str, deadline: &str| {
        json(&["programme", "forecast", text(&file), "--target", target, "--deadline", deadline], 0)
    };
    let sure = ask("58000", "2021-07-01");
    assert_eq!(sure["date"], "2021-03-30");
    assert!(sure["low"].as_str() <= sure["date"].as_str() && sure["date"].as_str() <= sure["high"].as_str());
    assert!(sure["probability"].as_f64().unwrap() > 0.95, "{sure}");
    assert!(ask("58000", "2021-03-10")["probability"].as_f64().unwrap() < 0.05);
    assert_eq!(ask("28000", "2021-07-01")["outlook"], "reached");
}

#[test]
fn rules_are_written_out_changed_and_checked_and_the_digest_follows_them() {
    let folder = Folder::new("programme-rules");
    let data = register(&folder);
    let mut weeks = "unit,day,measure,count,signer\n".to_owned();
    for (day, count) in [("2021-02-01", 1000), ("2021-02-20", 20_000)] {
        weeks += &format!("P001,{day},processed,{count},a\n");
    }
    signed(&folder, &data, "weeks.csv", &weeks);
    let shipped = json(&["programme", "rules", "--data", text(&data)], 0);
    assert_eq!((&shipped["from"], shipped["rules"].as_array().map(Vec::len)), (&"program".into(), Some(4)));
    let written = json(&["programme", "rules", "--data", text(&data), "--write"], 0);
    assert_eq!((&written["from"], &written["rules"]), (&"folder".into(), &shipped["rules"]));
    json(&["programme", "rules", "--data", text(&data), "--write"], 2);
    let digest = || json(&["programme", "digest", "--unit", "P001", "--data", text(&data)], 0);
    assert_eq!(digest()["missing"][0]["measure"], "entered");

    // A file that was changed is in force at once; one that is broken is named, and nothing is guessed.
    let file = data.join("rules/no-return.toml");
    let rule = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, rule.replace("days = 7", "days = 99999")).unwrap();
    assert_eq!(digest()["missing"], serde_json::json!([]));
    let broken = folder.join("broken.toml");
    std::fs::write(&broken, rule.replace("levels = [1]", "levels = [1, 9]")).unwrap();
    json(&["programme", "rules", text(&file)], 0);
    std::fs::copy(&broken, &file).unwrap();
    for line in [
        vec!["programme", "rules", text(&broken)],
        vec!["programme", "rules", "--data", text(&data)],
        vec!["programme", "digest", "--data", text(&data)],
        vec!["serve", "--listen", "127.0.0.1:0", "--data", text(&data)],
    ] {
        let said = json(&line, 3);
        assert_eq!(said["error"]["code"], "rule-malformed", "{said}");
        let details = &said["error"]["details"];
        assert_eq!([&details["line"], &details["column"]], ["5", "14"], "{said}");
    }
}

/// The program in a folder of its own, without the one that sets reports; what it says in a language.
fn alone(folder: &Folder) -> impl Fn(&str, &[&str]) -> (i32, String, String) {
    let program = folder.join("vandan");
    std::fs::hard_link(env!("CARGO_BIN_EXE_vandan"), &program)
        .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_vandan"), &program).map(drop))
        .unwrap();
    move |language, arguments| {
        let mut command = Command::new(&program);
        command.env("VANDAN_LANG", language).env_remove("VANDAN_SESSION").env_remove("VANDAN_DATABASE");
        let ended = command.args(arguments).output().unwrap();
        let said = |bytes| String::from_utf8(bytes).unwrap();
        (ended.status.code().unwrap(), said(ended.stdout), said(ended.stderr))
    }
}

#[test]
fn a_report_that_cannot_be_set_is_not_frozen_and_a_copy_is_answered_in_words() {
    let folder = Folder::new("programme-setter");
    let data = register(&folder);
    let run = alone(&folder);
    let events = || json(&["status", "--data", text(&data)], 0)["events"].as_u64().unwrap();
    let before = events();
    let pdf = folder.join("report.pdf");
    let (status, out, err) = run("en", &["programme", "report", "--data", text(&data), "--out", text(&pdf)]);
    assert_eq!((status, out.as_str(), events(), pdf.exists()), (4, "", before, false), "{err}");
    assert!(err.contains("The program that sets reports is not on this machine"), "{err}");

    let frozen = folder.join("report.json");
    let made = ["programme", "report", "--data", text(&data), "--issued-at", "Huế", "--out", text(&frozen)];
    assert_eq!(run("en", &made).0, 0);
    let written = std::fs::read_to_string(&frozen).unwrap();
    let report: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(report["letterhead"]["place"], "Huế");
    let verify = |language: &str, file: &Path| {
        run(language, &["programme", "report", "--data", text(&data), "--verify", text(file)])
    };
    let (status, out, _) = verify("vi", &frozen);
    assert_eq!((status, out.trim()), (0, "Đúng là bản này."));
    let changed = folder.join("changed.json");
    std::fs::write(&changed, written.replacen("Huế", "Hue", 1)).unwrap();
    for (language, expected) in [("en", "REFUSED: it is not this report"), ("vi", "SAI: bản sao mang mã băm")] {
        let (status, out, err) = verify(language, &changed);
        assert_eq!((status, out.as_str()), (1, ""));
        assert!(err.starts_with(expected), "{err}");
    }
    let (status, out, err) =
        run("en", &["programme", "report", "--data", text(&data), "--verify", text(&changed), "--json"]);
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &said["verdict"], err.as_str()), (1, &"changed".into(), ""));
}

/// What sets reports need not be at hand, or the same, to know again what was set.
#[cfg(unix)]
#[test]
fn a_workbook_that_was_set_is_known_again() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("programme-workbook");
    let data = register(&folder);
    let run = alone(&folder);
    let setter = folder.join("vandan-report");
    std::fs::write(&setter, "#!/bin/sh\ncat >/dev/null\necho \"PK $*\"\n").unwrap();
    std::fs::set_permissions(&setter, std::fs::Permissions::from_mode(0o755)).unwrap();
    let book = folder.join("report.xlsx");
    let (status, _, err) = run("en", &["programme", "report", "--data", text(&data), "--out", text(&book)]);
    assert_eq!(status, 0, "{err}");
    std::fs::remove_file(&setter).unwrap();
    let verify = |file: &Path| run("en", &["programme", "report", "--data", text(&data), "--verify", text(file)]);
    assert_eq!(verify(&book).0, 0);
    let other = folder.join("other.xlsx");
    std::fs::write(&other, "PK another").unwrap();
    assert_eq!(verify(&other).0, 4, "without the setter nobody can tell");
}

#[test]
fn a_register_of_many_events_is_counted_anew_and_the_same() {
    let folder = Folder::new("programme-recount");
    let data = folder.join("register");
    let filled = json(&["bench", "recount", "--events", "6000", "--data", text(&data)], 0);
    assert_eq!((&filled["recounted"], &filled["recounted_equal"]), (&6000.into(), &true.into()), "{filled}");
    for kind in ["person.read", "person.entered", "rows.staged", "application.received"] {
        assert!(filled["kinds"][kind].as_u64() > Some(9), "{kind}: {filled}");
    }
    // What is sealed is nobody's; everything else is as the services write it: events, rows, chains and ledger fit.
    let verified = json(&["audit", "verify", "--data", text(&data)], 1);
    let findings = verified["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["code"] == "key-wrong"), "{verified}");
    assert_eq!(verified["events"].as_u64(), Some(6000));
    // A register that is there is counted and not filled again, by the command too.
    let again = json(&["bench", "recount", "--data", text(&data)], 0);
    assert_eq!((&again["recounted"], &again["written_per_s"]), (&6000.into(), &Value::Null));
    assert_eq!(json(&["programme", "recount", "--data", text(&data)], 0)["equal"], true);
    // Packets came late and on many days, in many communes.
    let board = board(&data, &[]);
    let communes =
        board.iter().filter(|line| line["measure"] == "entered" && line["unit"].as_str().unwrap().len() == 5);
    assert!(communes.count() > 100);
}
