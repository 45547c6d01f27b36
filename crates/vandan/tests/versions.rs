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
    if kind == "number-clash" {
        // Both persons' facts, side by side.
        let persons = shown["persons"].as_array().unwrap();
        assert!(persons.len() == 2 && persons.iter().all(|person| person["facts"]["name"].is_string()), "{shown}");
    }
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
    // The row that was held against the person enters as one of its own. The number that it claims was another's, and is
    // given to nobody else: it gets one of the register's.
    assert_eq!(json(&["case", "list", "--data", text(&data)], 0), serde_json::json!([]));
    let entered = find(&data, "toan")[0].clone();
    assert_eq!((&entered["number_state"], entered["number"] == "004084000123"), (&"numbered".into(), false));
    let findings = entered["sources"][0]["findings"].as_array().unwrap();
    assert!(findings.contains(&"number-taken".into()), "{findings:?}");
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

/// Imports a file as it is written.
fn import_text(folder: &Folder, data: &Path, name: &str, content: &str, status: i32, session: &[&str]) -> Value {
    let file = folder.join(name);
    std::fs::write(&file, content).unwrap();
    json(&[["import", "persons", text(&file), "--data", text(data)].as_slice(), session].concat(), status)
}

/// Two provinces with a district and a commune each, and commune 00002 beside 00001.
fn units(folder: &Folder, data: &Path) {
    let files = [
        ("provinces.csv", "pin_code,gso_code,name,population_2019\n001,01,Hà Nội,1000\n004,04,Cao Bằng,500\n"),
        ("districts.csv", "code,province_code,full_name\n001,01,Quận Ba Đình\n040,04,Thành phố Cao Bằng\n"),
        ("wards.csv", "code,district_code,full_name\n00001,001,Phúc Xá\n00002,001,Trúc Bạch\n01273,040,Sông Hiến\n"),
    ];
    for (name, content) in files {
        std::fs::write(folder.join(name), content).unwrap();
    }
    let files: Vec<String> = files.iter().map(|(name, _)| text(&folder.join(name)).to_owned()).collect();
    json(&["import", "units", &files[0], &files[1], &files[2], "--data", text(data)], 0);
}

fn signed_in(data: &Path, name: &str, role: &str, unit: &str) -> String {
    let made = json(&["officer", "add", name, "--role", role, "--unit", unit, "--data", text(data)], 0);
    common::session(data, name, made["one_time_code"].as_str().unwrap())
}

fn code(refused: &Value) -> &str {
    refused["error"]["code"].as_str().unwrap()
}

#[test]
fn a_withdrawn_version_leaves_the_record_with_the_version_before() {
    let folder = Folder::new("versions-record");
    let data = fresh(&folder);
    import(&folder, &data, "1.csv", &["7,004,Nguyễn Minh Đức,5/2/1984,Nam,004,"]);
    let newer = import(&folder, &data, "2.csv", &["7,004,Nguyễn Minh Đạt,5/2/1984,Nam,004,"]);
    json(&["import", "withdraw", newer["import"].as_str().unwrap(), "--data", text(&data)], 0);
    // The first version sent again says nothing new; a third is the same person's.
    let again = import(&folder, &data, "3.csv", &["7,004,Nguyễn Minh Đức,5/2/1984,Nam,004,", ",,,,,,"]);
    assert_eq!((again["same"].as_u64(), again["persons"].as_u64()), (Some(1), Some(0)));
    let third = import(&folder, &data, "4.csv", &["7,004,Hoàng Thị Khác Hẳn,9/9/1950,Nữ,010,"]);
    assert_eq!((third["persons"].as_u64(), third["persons_updated"].as_u64()), (Some(0), Some(1)));
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn a_number_comes_back_with_its_person_and_with_nobody_else() {
    let folder = Folder::new("versions-number");
    let data = fresh(&folder);
    let row = "1,004,Nguyễn Minh Đức,5/2/1984,Nam,004,004084000123";
    let first = import(&folder, &data, "1.csv", &[row]);
    json(&["import", "withdraw", first["import"].as_str().unwrap(), "--data", text(&data)], 0);
    let back = import(&folder, &data, "2.csv", &[row, ",,,,,,"]);
    assert_eq!(find(&data, "duc")[0]["number"], "004084000123");
    json(&["import", "withdraw", back["import"].as_str().unwrap(), "--data", text(&data)], 0);
    let other = import(&folder, &data, "3.csv", &["2,004,Trần Quốc Toản,7/9/1984,Nam,004,004084000123"]);
    assert_eq!((other["entered"].as_u64(), other["cases"].as_u64()), (Some(1), Some(0)));
    assert_eq!(other["findings"]["number-taken"], 1);
    assert_ne!(find(&data, "toan")[0]["number"], "004084000123");
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn a_clash_is_asked_once_and_ends_when_nobody_claims_the_number_any_more() {
    let folder = Folder::new("versions-once");
    let data = fresh(&folder);
    let rows = ["1,004,Nguyễn Minh Đức,5/2/1984,Nam,004,004084000123", "2,004,Trần Quốc Toản,7/9/1984,Nam,004,"];
    import(&folder, &data, "1.csv", &rows);
    let cases = || json(&["case", "list", "--data", text(&data)], 0).as_array().unwrap().clone();
    let claim = import(&folder, &data, "2.csv", &["2,004,Trần Quốc Toản,7/9/1984,Nam,004,004084000123"]);
    assert_eq!((cases().len(), &cases()[0]["kind"]), (1, &"number-clash".into()));
    // The same claim in another version asks nothing anew, before the decision and after it.
    import(&folder, &data, "3.csv", &["2,004,Trần Quốc Tuấn,7/9/1984,Nam,004,004084000123"]);
    assert_eq!(cases().len(), 1);
    let session = signed_in(&data, "first", "adjudicator", "");
    decide(&data, &session, "number-clash", "different");
    let again = import(&folder, &data, "4.csv", &["2,004,Trần Quốc Toàn,7/9/1984,Nam,004,004084000123"]);
    assert_eq!(cases().len(), 0);
    // A clash whose claim is withdrawn is none, though both persons stay.
    let taken = import(&folder, &data, "5.csv", &["1,004,Nguyễn Minh Đức,5/2/1984,Nam,004,004084000999"]);
    import(&folder, &data, "6.csv", &["3,004,Lê Thị Hoa,1/1/1970,Nữ,004,"]);
    assert_eq!(cases().len(), 1);
    for import in [&taken, &again, &claim] {
        json(&["import", "withdraw", import["import"].as_str().unwrap(), "--data", text(&data)], 0);
    }
    assert_eq!(cases().len(), 0);
    assert_eq!(json(&["status", "--data", text(&data)], 0)["persons"]["numbered"], 3);
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn an_officer_of_a_unit_imports_and_withdraws_what_is_the_units() {
    let folder = Folder::new("versions-units");
    let data = fresh(&folder);
    units(&folder, &data);
    let session = signed_in(&data, "collector", "collector", "P004");
    let own = ["--session", session.as_str()];
    let file = text(&folder.join("provinces.csv")).to_owned();
    assert_eq!(code(&json(&["import", "units", &file, own[0], own[1], "--data", text(&data)], 2)), "nation-only");
    let head = "rec_id,file_province,full_name,birth_date,sex,birth_province,res_ward,pin12\n";
    let row = |name: &str, ward: &str| format!("{head}1,004,{name},5/2/1984,Nam,004,{ward},004084000123\n");
    let elsewhere = row("Nguyễn Minh Đức", "01273").replace("1,004", "1,001");
    let refused = import_text(&folder, &data, "a.csv", &elsewhere, 3, &own);
    assert_eq!((code(&refused), &refused["error"]["details"]["line"]), ("sender-elsewhere", &"2".into()));
    let nation = import_text(&folder, &data, "b.csv", &row("Nguyễn Minh Đức", "01273"), 0, &[]);
    let mine = import_text(&folder, &data, "c.csv", &row("Nguyễn Minh Đạt", "00001"), 0, &own);
    assert_eq!((mine["persons_updated"].as_u64(), mine["in_case"].as_u64()), (Some(1), Some(0)));
    // The person lives elsewhere now: another version is held for that unit's officers.
    let held = import_text(&folder, &data, "d.csv", &row("Nguyễn Minh Đông", "01273"), 0, &own);
    assert_eq!((held["persons_updated"].as_u64(), held["in_case"].as_u64()), (Some(0), Some(1)));
    assert_eq!(find(&data, "dat")[0]["facts"]["name"], "Nguyễn Minh Đạt");
    assert_eq!(json(&["case", "list", "--data", text(&data)], 0)[0]["unit"], "00001");
    let withdraw = |import: &Value, status: i32| {
        let id = import["import"].as_str().unwrap();
        json(&["import", "withdraw", id, own[0], own[1], "--data", text(&data)], status)
    };
    assert_eq!(code(&withdraw(&nation, 2)), "import-missing");
    withdraw(&held, 0);
    withdraw(&mine, 0);
    assert_eq!(find(&data, "duc")[0]["unit"], "01273");
    // A backup is the whole nation's.
    let session = signed_in(&data, "chief", "administrator", "P004");
    let to = folder.join("bk.zip");
    let refused = json(&["backup", "--to", text(&to), "--session", &session, "--data", text(&data)], 2);
    assert_eq!((code(&refused), to.exists()), ("nation-only", false));
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn status_and_board_agree_after_moves_merges_and_withdrawals() {
    let folder = Folder::new("versions-board");
    let data = fresh(&folder);
    units(&folder, &data);
    let head = "rec_id,file_province,full_name,birth_date,sex,birth_province,res_ward,pin12,household_no\n";
    let agree = |expected: [u64; 4]| {
        let status = json(&["status", "--data", text(&data)], 0);
        let board = json(&["programme", "board", "--data", text(&data)], 0);
        let lines = board.as_array().or(board["lines"].as_array()).unwrap().clone();
        let of = |unit: &str| {
            let own = lines.iter().find(|line| line["unit"] == unit && line["measure"] == "entered");
            own.map_or(0, |line| line["value"].as_u64().unwrap())
        };
        assert_eq!(status["persons"]["entered"], of(""));
        assert_eq!([of(""), of("00001"), of("01273"), status["households"].as_u64().unwrap()], expected);
    };
    let one = "1,004,Nguyễn Minh Đức,5/2/1984,Nam,004,00001,004084000123,77";
    let two = "2,004,Trần Quốc Toản,7/9/1984,Nam,004,00001,,88";
    import_text(&folder, &data, "1.csv", &format!("{head}{one}\n{two}\n"), 0, &[]);
    agree([2, 2, 0, 2]);
    let moved = one.replace("00001", "01273");
    let moved = import_text(&folder, &data, "2.csv", &format!("{head}{moved}\n"), 0, &[]);
    agree([2, 1, 1, 2]);
    json(&["import", "withdraw", moved["import"].as_str().unwrap(), "--data", text(&data)], 0);
    agree([2, 2, 0, 2]);
    let three = "3,004,Lê Thị Hoa,1/1/1970,Nữ,004,01273,,99";
    let third = import_text(&folder, &data, "3.csv", &format!("{head}{three}\n"), 0, &[]);
    agree([3, 2, 1, 3]);
    json(&["import", "withdraw", third["import"].as_str().unwrap(), "--data", text(&data)], 0);
    agree([2, 2, 0, 2]);
    let claim = "4,004,Trần Quốc Toản,7/9/1984,Nam,004,00001,004084000123,88";
    import_text(&folder, &data, "4.csv", &format!("{head}{claim}\n"), 0, &[]);
    let cases = json(&["case", "list", "--data", text(&data)], 0);
    let id = cases.as_array().unwrap().iter().find(|case| case["kind"] == "number-clash").unwrap()["id"].clone();
    let clashed = json(&["status", "--data", text(&data)], 0)["persons"]["entered"].as_u64().unwrap();
    for name in ["first", "second"] {
        let session = signed_in(&data, name, "adjudicator", "");
        let id = id.as_str().unwrap();
        let decide = ["case", "decide", id, "same", "--reason", "one", "--session", &session, "--data", text(&data)];
        json(&decide, 0);
    }
    agree([clashed - 1, clashed - 1, 0, 1]);
    json(&["audit", "verify", "--data", text(&data)], 0);
}
