//! Rows sent again, withdrawn, without a number of their own: nobody is lost, doubled or overwritten.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{Folder, json, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

const HEAD: &str = "rec_id,file_province,full_name,birth_date,sex,birth_province,pin12";

fn import(folder: &Folder, data: &Path, name: &str, rows: &[&str]) -> Value {
    let file = folder.join(name);
    std::fs::write(&file, format!("{HEAD}\n{}\n", rows.join("\n"))).unwrap();
    json(&["import", "persons", text(&file), "--data", text(data)], 0)
}

fn fresh(folder: &Folder) -> PathBuf {
    let data = folder.join("data");
    json(&["init", "--data", text(&data)], 0);
    data
}

fn find(data: &Path, words: &str) -> Vec<Value> {
    let found = json(&["person", "find", words, "--purpose", "a test", "--data", text(data)], 0);
    found["persons"].as_array().unwrap().clone()
}

#[test]
fn rows_without_a_number_of_their_own_never_replace_each_other() {
    let folder = Folder::new("versions-nameless");
    let data = fresh(&folder);
    import(&folder, &data, "1.csv", &[",004,Nguyễn Minh Đức,5/2/1984,Nam,004,"]);
    let second = import(&folder, &data, "2.csv", &[",004,Trần Thị Lan,7/9/1991,Nữ,004,"]);
    assert_eq!((second["persons"].as_u64(), second["persons_updated"].as_u64()), (Some(1), Some(0)));
    assert_eq!((find(&data, "duc").len(), find(&data, "lan").len()), (1, 1));
}

#[test]
fn a_newer_version_changes_its_person_and_withdrawing_it_brings_the_older_back() {
    let folder = Folder::new("versions-newer");
    let data = fresh(&folder);
    import(&folder, &data, "1.csv", &["7,004,Nguyễn Minh Đức,5/2/1984,Nam,004,"]);
    let number = find(&data, "duc")[0]["number"].clone();
    let newer = import(&folder, &data, "2.csv", &["7,004,Nguyễn Minh Đạt,5/2/1984,Nam,004,"]);
    assert_eq!((newer["persons"].as_u64(), newer["persons_updated"].as_u64()), (Some(0), Some(1)));
    assert_eq!(find(&data, "dat")[0]["number"], number);
    json(&["import", "withdraw", newer["import"].as_str().unwrap(), "--data", text(&data)], 0);
    assert_eq!(find(&data, "duc")[0]["facts"]["name"], "Nguyễn Minh Đức");
    assert_eq!(find(&data, "duc")[0]["number"], number);
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn two_versions_in_one_file_are_one_person() {
    let folder = Folder::new("versions-twice");
    let data = fresh(&folder);
    let rows = ["7,004,Nguyễn Minh Đức,5/2/1984,Nam,004,", "7,004,Lê Văn Hoàn Toàn Khác,9/9/1950,Nam,010,"];
    assert_eq!(import(&folder, &data, "1.csv", &rows)["persons"], 1);
}

#[test]
fn a_pending_number_is_given_when_what_was_missing_comes() {
    let folder = Folder::new("versions-pending");
    let data = fresh(&folder);
    assert_eq!(import(&folder, &data, "1.csv", &["7,004,Nguyễn Minh Đức,5/2/1984,,004,"])["pending"], 1);
    assert_eq!(import(&folder, &data, "2.csv", &["7,004,Nguyễn Minh Đức,5/2/1984,Nam,004,"])["entered"], 1);
    assert_eq!(json(&["status", "--data", text(&data)], 0)["persons"]["number_pending"], 0);
}

/// Two rows with one number on two names: a person, and a row held against them. Gives a session for each adjudicator.
fn clash(folder: &Folder, data: &Path) -> [String; 2] {
    let rows =
        ["1,004,Nguyễn Minh Đức,5/2/1984,Nam,004,004084000123", "2,004,Trần Quốc Toản,7/9/1984,Nam,004,004084000123"];
    let report = import(folder, data, "1.csv", &rows);
    // One number on two names is a question first: the second row is held.
    let held = (report["persons"].as_u64(), report["in_case"].as_u64(), report["cases"].as_u64());
    assert_eq!(held, (Some(1), Some(1), Some(1)));
    ["first", "second"].map(|name| {
        let code = json(&["officer", "add", name, "--role", "adjudicator", "--data", text(data)], 0);
        common::session(data, name, code["one_time_code"].as_str().unwrap())
    })
}

/// Decides the only open case, which must be of this kind; gives its state afterwards.
fn decide(data: &Path, session: &str, kind: &str, verdict: &str) -> String {
    let cases = json(&["case", "list", "--data", text(data)], 0);
    assert_eq!((cases.as_array().unwrap().len(), cases[0]["kind"].as_str()), (1, Some(kind)));
    let id = cases[0]["id"].as_str().unwrap().to_owned();
    let shown = json(&["case", "show", &id, "--purpose", "a test", "--session", session, "--data", text(data)], 0);
    assert_ne!(shown["person"], shown["other"]);
    let version = cases[0]["version"].to_string();
    let reason = ["--reason", "two birth certificates", "--expect-version", &version, "--session", session];
    let decided = json(&[["case", "decide", &id, verdict].as_slice(), &reason, &["--data", text(data)]].concat(), 0);
    decided["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_number_that_two_rows_claim_is_a_case_between_two_persons() {
    let folder = Folder::new("versions-clash");
    let data = fresh(&folder);
    let [session, _] = clash(&folder, &data);
    decide(&data, &session, "linkage", "different");
    // Two persons now, and the number is the first one's; the second gets another.
    assert_eq!(json(&["status", "--data", text(&data)], 0)["persons"]["number_pending"], 1);
    decide(&data, &session, "number-clash", "different");
    let persons = &json(&["status", "--data", text(&data)], 0)["persons"];
    assert_eq!((persons["entered"].as_u64(), persons["number_pending"].as_u64()), (Some(2), Some(0)));
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn two_officers_merge_two_persons_who_are_one() {
    let folder = Folder::new("versions-merge");
    let data = fresh(&folder);
    let [first, second] = clash(&folder, &data);
    decide(&data, &first, "linkage", "different");
    assert_eq!(decide(&data, &first, "number-clash", "same"), "open");
    assert_eq!(find(&data, "toan")[0]["number"], Value::Null);
    assert_eq!(decide(&data, &second, "number-clash", "same"), "same");
    let persons = &json(&["status", "--data", text(&data)], 0)["persons"];
    assert_eq!((persons["entered"].as_u64(), persons["number_pending"].as_u64()), (Some(1), Some(0)));
    // One person, found by both names, with both rows.
    assert_eq!((find(&data, "toan").len(), find(&data, "duc").len()), (1, 1));
    assert_eq!(find(&data, "toan")[0]["id"], find(&data, "duc")[0]["id"]);
    // A newer version of the merged person's row is the survivor's.
    let newer = import(&folder, &data, "2.csv", &["2,004,Trần Quốc Tuấn,7/9/1984,Nam,004,004084000123"]);
    assert_eq!((newer["persons"].as_u64(), newer["persons_updated"].as_u64()), (Some(0), Some(1)));
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn withdrawing_a_person_answers_the_cases_about_them() {
    let folder = Folder::new("versions-fallen");
    let data = fresh(&folder);
    let first = import(&folder, &data, "1.csv", &["1,004,Nguyễn Minh Đức,5/2/1984,Nam,004,004084000123"]);
    let second = import(&folder, &data, "2.csv", &["2,004,Trần Quốc Toản,7/9/1984,Nam,004,004084000123"]);
    assert_eq!((second["in_case"].as_u64(), second["persons"].as_u64()), (Some(1), Some(0)));
    let withdraw = ["import", "withdraw", first["import"].as_str().unwrap(), "--expect-version", "2"];
    let withdraw = [withdraw.as_slice(), &["--idempotency-key", "k", "--data", text(&data)]].concat();
    let done = json(&withdraw, 0);
    assert_eq!(done["persons_withdrawn"], 1);
    // The row that was held against the person enters as one of its own, with the number that it claims.
    assert_eq!(json(&["case", "list", "--data", text(&data)], 0), serde_json::json!([]));
    assert_eq!(find(&data, "toan")[0]["number"], "004084000123");
    let events = json(&["status", "--data", text(&data)], 0)["events"].clone();
    assert_eq!(json(&withdraw, 0), done);
    assert_eq!(json(&["status", "--data", text(&data)], 0)["events"], events);
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn a_row_that_was_cut_off_supersedes_nothing() {
    let folder = Folder::new("versions-cut");
    let data = fresh(&folder);
    let rows = ["1,004,Lê Văn Hùng,5/2/1984,Nam,004,004084000123", "2,004,Trần Thị Lan,7/9/1991,Nữ,004,"];
    import(&folder, &data, "1.csv", &rows);
    let before = find(&data, "hung")[0].clone();
    // The same file, cut in its last row.
    let cut = folder.join("cut.csv");
    std::fs::write(&cut, format!("{HEAD}\n{}\n1,004,Lê", rows[1])).unwrap();
    let status = |data: &Path| json(&["status", "--data", text(data)], 0)["staged"].clone();
    let staged = status(&data);
    let refused = json(&["import", "persons", text(&cut), "--data", text(&data)], 3);
    assert_eq!(
        (&refused["error"]["code"], &refused["error"]["details"]["line"]),
        (&"file-truncated".into(), &"3".into())
    );
    assert_eq!(status(&data), staged);
    // A short row in the middle changes what it says, and takes nothing away.
    let short = import(&folder, &data, "2.csv", &["1,004,Lê Văn Hưng", "3,004,Phạm Văn Tư,1/1/1970,Nam,004,"]);
    assert_eq!((short["persons_updated"].as_u64(), short["findings"]["row-short"].as_u64()), (Some(1), Some(1)));
    let after = find(&data, "hung")[0].clone();
    assert_eq!(after["facts"]["name"], "Lê Văn Hưng");
    for fact in ["birth", "sex", "birth_province", "number"] {
        assert_eq!(after["facts"][fact], before["facts"][fact], "{fact}");
    }
    // So does a file that lacks columns; an empty cell says that there is nothing.
    let file = folder.join("3.csv");
    std::fs::write(&file, "rec_id,file_province,full_name,sex\n1,004,Lê Văn Hưng,\n").unwrap();
    json(&["import", "persons", text(&file), "--data", text(&data)], 0);
    let after = find(&data, "hung")[0].clone();
    assert_eq!((&after["facts"]["birth"], &after["facts"]["sex"]), (&before["facts"]["birth"], &Value::Null));
    // What was carried over goes with the file that said it.
    json(&["import", "withdraw", short["import"].as_str().unwrap(), "--data", text(&data)], 0);
    assert_eq!(find(&data, "hung")[0]["facts"]["birth"], before["facts"]["birth"]);
    json(&["audit", "verify", "--data", text(&data)], 0);
}
