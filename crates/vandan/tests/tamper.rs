//! Behind the program's back: whatever is changed in the database is named by `audit verify`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;

use common::{Folder, copy, installation, json, run, text};
use rusqlite::Connection;

/// Makes a copy of an installation, changes its database, and verifies.
fn check(folder: &Folder, name: &str, change: &str, code: &str, place: &str) {
    let data = folder.join(name);
    copy(&folder.join("data"), &data);
    let database = Connection::open(data.join("register.sqlite")).unwrap();
    database.execute_batch(change).unwrap_or_else(|error| panic!("{name}: {error}"));
    drop(database);
    let report = json(&["audit", "verify", "--data", text(&data)], 1);
    let findings = report["findings"].as_array().unwrap();
    let named = |finding: &serde_json::Value| {
        finding["code"] == code && finding["place"].as_str().is_some_and(|found| found.starts_with(place))
    };
    assert!(findings.iter().any(named), "{name}: {code} {place} is not among {findings:#?}");
    std::fs::remove_dir_all(&data).unwrap();
}

#[test]
fn every_change_behind_the_programs_back_is_named() {
    let folder = Folder::new("tamper");
    let data = installation(&folder, 400, 11);
    let found = json(&["person", "find", "nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    let number =
        found["persons"].as_array().unwrap().iter().find_map(|person| person["number"].as_str()).unwrap().to_owned();
    json(&["person", "show", &number, "--purpose", "a test", "--data", text(&data)], 0);
    json(&["audit", "verify", "--data", text(&data)], 0);

    let one = "(SELECT person_id FROM person ORDER BY person_id LIMIT 1)";
    let two = "(SELECT person_id FROM person ORDER BY person_id LIMIT 1 OFFSET 1)";
    check(
        &folder,
        "cell",
        &format!("UPDATE person SET unit = '99999' WHERE person_id = {one}"),
        "row-changed",
        "person.unit",
    );
    check(&folder, "deleted", &format!("DELETE FROM person WHERE person_id = {one}"), "row-deleted", "person");
    check(
        &folder,
        "inserted",
        &format!(
            "INSERT INTO person SELECT X'00000000000070008000000000000001', version, status, number_state, unit, household_id, import_id, body FROM person WHERE person_id = {one}"
        ),
        "row-inserted",
        "person",
    );
    check(
        &folder,
        "swapped",
        &format!(
            "CREATE TEMP TABLE two AS SELECT person_id AS id, body FROM person WHERE person_id IN ({one}, {two});
             UPDATE person SET body = (SELECT body FROM two WHERE id <> person.person_id) WHERE person_id IN (SELECT id FROM two)"
        ),
        "row-changed",
        "person.body",
    );
    check(&folder, "token", "UPDATE person_token SET token = X'0102030405060708' WHERE rowid IS NULL OR (person_id, token) = (SELECT person_id, token FROM person_token LIMIT 1)".replace("rowid IS NULL OR ", "").as_str(), "row-inserted", "person_token");
    check(
        &folder,
        "counter",
        "UPDATE number_counter SET next = next + 1 WHERE cell = (SELECT MIN(cell) FROM number_counter)",
        "row-changed",
        "number_counter.next",
    );
    check(
        &folder,
        "last read",
        "DELETE FROM event WHERE number = (SELECT MAX(number) FROM event WHERE kind = 'person.read')",
        "cannot-open",
        "ledger",
    );
    check(
        &folder,
        "a read",
        "DELETE FROM event WHERE number = (SELECT MIN(number) FROM event WHERE kind = 'person.found')",
        "event-gap",
        "event",
    );
    check(
        &folder,
        "purpose",
        "UPDATE event SET bytes = CAST(REPLACE(CAST(bytes AS TEXT), 'a test', 'a jest') AS BLOB) WHERE kind = 'person.found'",
        "event-changed",
        "event",
    );
    check(
        &folder,
        "unit of event",
        "UPDATE event SET unit = '99999' WHERE number = (SELECT MIN(number) FROM event WHERE kind = 'person.entered')",
        "event-changed",
        "event",
    );
    check(&folder, "key", &format!("DELETE FROM person_key WHERE person_id = {one}"), "key-wrong", "person_key");
}

#[test]
fn a_shortened_history_is_not_signed_anew() {
    let folder = Folder::new("shortened");
    let data = installation(&folder, 60, 6);
    json(&["person", "find", "nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    let database = Connection::open(data.join("register.sqlite")).unwrap();
    database.execute_batch("DELETE FROM event WHERE number = (SELECT MAX(number) FROM event)").unwrap();
    drop(database);
    // Without the checkpoint that knows better, the program does not begin a new history.
    std::fs::remove_file(data.join("ledger/checkpoint")).unwrap();
    let refused = json(&["status", "--data", text(&data)], 1);
    assert_eq!(refused["error"]["code"], "data-damaged");
    json(&["audit", "verify", "--data", text(&data)], 1);
}

#[test]
fn events_that_the_program_did_not_write_and_foreign_triggers_are_found() {
    let folder = Folder::new("forged");
    let data = installation(&folder, 60, 7);
    let trigger = folder.join("trigger");
    copy(&data, &trigger);
    let database = Connection::open(trigger.join("register.sqlite")).unwrap();
    database
        .execute_batch("CREATE TRIGGER quiet AFTER INSERT ON event BEGIN DELETE FROM person_event WHERE 1 = 0; END")
        .unwrap();
    drop(database);
    let report = json(&["audit", "verify", "--data", text(&trigger)], 1);
    assert_eq!(report["findings"][0]["code"], "database");
    let database = Connection::open(data.join("register.sqlite")).unwrap();
    let copied = "INSERT INTO event SELECT number + 1, kind, unit, recorded, salt, commitment, bytes FROM event \
                  ORDER BY number DESC LIMIT 1";
    database.execute_batch(copied).unwrap();
    drop(database);
    let refused = json(&["status", "--data", text(&data)], 1);
    assert_eq!(refused["error"]["code"], "data-damaged");
}

#[test]
fn a_folder_set_back_to_yesterday_is_found_with_a_checkpoint_kept_elsewhere() {
    let folder = Folder::new("set-back");
    let data = installation(&folder, 60, 3);
    copy(&data, &folder.join("yesterday"));
    json(&["person", "find", "nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    let checkpoint = folder.join("checkpoint");
    json(&["audit", "checkpoint", "--out", text(&checkpoint), "--data", text(&data)], 0);
    json(&["audit", "verify", "--checkpoint", text(&checkpoint), "--data", text(&data)], 0);

    let yesterday = folder.join("yesterday");
    json(&["audit", "verify", "--data", text(&yesterday)], 0);
    let report = json(&["audit", "verify", "--checkpoint", text(&checkpoint), "--data", text(&yesterday)], 1);
    assert_eq!(report["findings"][0]["code"], "set-back");
    // Yesterday's copy that went its own way since is as long, but not the same.
    for _ in 0..2 {
        json(&["person", "find", "tran", "--purpose", "a test", "--data", text(&yesterday)], 0);
    }
    let report = json(&["audit", "verify", "--checkpoint", text(&checkpoint), "--data", text(&yesterday)], 1);
    assert_eq!(report["findings"][0]["code"], "other-history");
}

#[test]
fn a_proof_without_one_of_its_events_is_refused() {
    let folder = Folder::new("proof");
    let data = installation(&folder, 60, 4);
    let found = json(&["person", "find", "nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    let number =
        found["persons"].as_array().unwrap().iter().find_map(|person| person["number"].as_str()).unwrap().to_owned();
    for _ in 0..3 {
        json(&["person", "show", &number, "--purpose", "a test", "--data", text(&data)], 0);
    }
    let proof = folder.join("proof.json");
    let made = json(&["audit", "proof", &number, "--out", text(&proof), "--data", text(&data)], 0);
    // Entered, found, shown three times, and the making of the proof itself.
    assert_eq!(made["events"], 6);
    let key = data.join("ledger.pub");
    let checked = json(&["audit", "check", text(&proof), "--key", text(&key)], 0);
    assert_eq!(checked["events"].as_array().unwrap().len(), 6);
    let whole: serde_json::Value = serde_json::from_slice(&std::fs::read(&proof).unwrap()).unwrap();
    for taken in [0, 2, 5] {
        let mut short = whole.clone();
        short["events"].as_array_mut().unwrap().remove(taken);
        let file = folder.join("short.json");
        std::fs::write(&file, short.to_string()).unwrap();
        let refused = json(&["audit", "check", text(&file), "--key", text(&key)], 1);
        let code = refused["error"]["code"].as_str().unwrap();
        assert!(["proof-chain", "proof-head"].contains(&code), "{code}");
    }
    let (status, _, err) = run(&["audit", "check", text(&key), "--key", text(&key)]);
    assert_eq!((status, err.contains("is no proof")), (3, true), "{err}");
}

#[test]
fn a_backup_under_a_bare_name_is_whole_and_a_failed_one_leaves_nothing() {
    let folder = Folder::new("backup-name");
    let data = installation(&folder, 30, 5);
    std::fs::write(data.join("kit.counter"), "7").unwrap();
    std::fs::write(data.join("verify-1.sqlite"), "left over").unwrap();
    // Its status is not looked at: the machine's own disk may be nearly full.
    let doctor: serde_json::Value = serde_json::from_str(&run(&["doctor", "--data", text(&data), "--json"]).1).unwrap();
    assert!(doctor["leftovers"][0].as_str().unwrap().ends_with("verify-1.sqlite"));
    let status =
        common::vandan().args(["backup", "--to", "bk.zip", "--data", text(&data)]).current_dir(&folder.0).output();
    assert!(status.as_ref().unwrap().status.success(), "{status:?}");
    let restored = folder.join("restored");
    let from = folder.join("bk.zip");
    json(&["restore", "--from", text(&from), "--data", text(&restored), "--verify"], 0);
    assert_eq!(std::fs::read_to_string(restored.join("kit.counter")).unwrap(), "7");
    let events = json(&["status", "--data", text(&data)], 0)["events"].clone();
    // A folder stands where the backup goes, or there is no such folder: nothing is left, and no event says so.
    let nowhere = folder.join("none/bk.zip");
    json(&["backup", "--to", text(&nowhere), "--data", text(&data)], 4);
    assert_eq!(json(&["status", "--data", text(&data)], 0)["events"], events);
    let left: Vec<_> = std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".new")), "{left:?}");
    json(&["audit", "verify", "--data", text(&data)], 0);
    assert!(!data.join("verify-1.sqlite").exists());
}

#[test]
fn wrong_use_is_said_in_the_language() {
    let say = |arguments: &[&str]| {
        let output = common::vandan().env("VANDAN_LANG", "vi").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let english =
        ["Usage", "Options", "Commands", "Arguments", "Print", "error:", "OPTIONS", "default:", "possible", "required"];
    let lines: [&[&str]; 7] = [
        &["--help"],
        &["import", "persons", "--help"],
        &["import"],
        &["import", "persons"],
        &["nothing"],
        &["status", "--nothing"],
        &["case", "decide", "x", "perhaps", "--reason", "r", "--data", "d"],
    ];
    for line in lines {
        let (_, text) = say(line);
        assert!(english.iter().all(|word| !text.contains(word)), "{line:?}: {text}");
    }
    assert!(say(&["--help"]).1.contains("Cách dùng: vandan [TÙY CHỌN] <LỆNH>"), "{}", say(&["--help"]).1);
    let missing = json(&["import"], 2);
    assert_eq!(missing["error"]["message"], "A subcommand is missing.");
}
