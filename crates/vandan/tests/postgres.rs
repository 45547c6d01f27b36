//! The main job on PostgreSQL: the same persons and numbers as on SQLite, moved there and back, and after the server was
//! killed at any moment.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;
#[path = "../../store-sql/tests/common/database.rs"]
mod database;

use common::persons::persons;
use common::{Folder, copy, json, run, text, vandan};
use database::Database;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// One test at a time: one of them kills the server.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The address with a password in it, which a server that trusts its socket does not ask for.
fn with_password(database: &Database) -> String {
    database.url().replacen("vandan@", "vandan:geheim@", 1)
}

fn sample(folder: &Folder, count: &str) -> PathBuf {
    let sample = folder.join("sample");
    json(&["sample", "--persons", count, "--seed", "5", "--applicants", "0", "--out", text(&sample)], 0);
    sample
}

/// An installation with units and no persons.
fn base(sample: &Path, data: &Path) {
    json(&["init", "--data", text(data)], 0);
    json(&["import", "units", text(&sample.join("units")), "--data", text(data)], 0);
}

/// The same installation, with the same keys and so the same numbers to give, in a database.
fn base_in(base: &Path, data: &Path, database: &str) {
    json(&["migrate", "--from", text(base), "--to", database, "--data", text(data)], 0);
}

#[test]
fn both_homes_give_the_same_persons_and_numbers() {
    let _turn = turn();
    let Some(database) = Database::new("both") else { return };
    let folder = Folder::new("postgres-both");
    let (url, sample) = (with_password(&database), sample(&folder, "2000"));
    let (here, there) = (folder.join("here"), folder.join("there"));
    base(&sample, &here);
    base_in(&here, &there, &url);
    let files = sample.join("persons");
    let mut reports = Vec::new();
    for place in [vec!["--data", text(&here)], vec!["--data", text(&there), "--database", &url]] {
        let begun = Instant::now();
        let mut report = json(&[["import", "persons", text(&files)].as_slice(), &place].concat(), 0);
        println!("import in {:?}: {}", begun.elapsed(), report["staged"]);
        report["import"] = "".into();
        reports.push(report);
        let verified = json(&[["audit", "verify"].as_slice(), &place].concat(), 0);
        assert_eq!(verified["ok"], true);
        let again = json(&[["import", "persons", text(&files)].as_slice(), &place].concat(), 0);
        assert_eq!(again["staged"], 0, "the same files again change nothing");
    }
    assert_eq!(reports[0], reports[1]);
    let expected = persons(&here, None);
    assert!(expected.len() > 1_500 && persons(&there, Some(&url)) == expected);

    // One that begins there.
    let (Some(third), begun) = (Database::new("begun"), folder.join("begun")) else { return };
    let place = ["--data", text(&begun), "--database", &third.url()];
    json(&[["init"].as_slice(), &place].concat(), 0);
    json(&[["import", "persons", text(&files)].as_slice(), &place].concat(), 0);
    json(&[["audit", "verify"].as_slice(), &place].concat(), 0);
    json(&["init", "--data", text(&folder.join("other")), "--database", &third.url()], 2);

    // What a person asks for, in words, and nothing of the password in any of it.
    let number = expected.iter().find_map(|(_, number)| number.clone()).unwrap();
    let place = ["--data", text(&there), "--database", &url];
    let commands: [&[&str]; 6] = [
        &["status"],
        &["person", "show", &number, "--purpose", "a test"],
        &["person", "find", "nguyen", "--purpose", "a test"],
        &["case", "list"],
        &["person", "show", "000000000000", "--purpose", "a test"],
        &["init"],
    ];
    for command in commands {
        let (status, out, err) = run(&[command, &place].concat());
        assert!(!format!("{out}{err}").contains("geheim"), "{command:?}: {status} {out} {err}");
        assert_eq!(status, if command[0] == "init" || command.contains(&"000000000000") { 2 } else { 0 }, "{err}");
    }
    // All is well there, unless the machine's own disk is full.
    let (status, out, err) = run(&[["doctor", "--json"].as_slice(), &place].concat());
    let doctor: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(doctor["blobs_damaged"] == 0 && doctor["keys_exposed"] == false, "{status} {out} {err}");
    assert!(!format!("{out}{err}").contains("geheim"));
    // The variable names it as well; the folder alone does not do, nor a database for an installation in a folder.
    let by_variable = vandan().args(["status", "--data", text(&there)]).env("VANDAN_DATABASE", &url).output().unwrap();
    assert!(by_variable.status.success());
    json(&["status", "--data", text(&there)], 2);
    json(&["status", "--data", text(&here), "--database", &url], 2);
    for wrong in ["postgres://vandan:geheim@db.example/register", "mysql://vandan:geheim@localhost/register"] {
        let (status, out, err) = run(&["status", "--data", text(&there), "--database", wrong]);
        assert!(status == 4 && !format!("{out}{err}").contains("geheim"), "{out}{err}");
    }

    // A backup is a folder that opens anywhere.
    let backup = folder.join("backup");
    json(&[["backup", "--to", text(&backup)].as_slice(), &place].concat(), 0);
    let restored = folder.join("restored");
    json(&["restore", "--from", text(&backup), "--data", text(&restored), "--verify"], 0);
    assert!(persons(&restored, None) == expected);
    let Some(other) = Database::new("restored") else { return };
    let again = folder.join("restored-there");
    let (other, from) = (other.url(), ["restore", "--from", text(&backup), "--verify"]);
    json(&[from.as_slice(), &["--data", text(&again), "--database", &other]].concat(), 0);
    assert!(persons(&again, Some(&other)) == expected);
}

#[test]
fn an_installation_moves_there_and_back_and_is_the_same() {
    let _turn = turn();
    let Some(database) = Database::new("move") else { return };
    let folder = Folder::new("postgres-move");
    let (url, sample) = (with_password(&database), sample(&folder, "600"));
    let (data, moved) = (folder.join("data"), folder.join("moved"));
    base(&sample, &data);
    json(&["import", "persons", text(&sample.join("persons")), "--data", text(&data)], 0);
    let expected = persons(&data, None);
    let migrate = ["migrate", "--from", text(&data), "--to", &url, "--data", text(&moved)];

    // Killed on its way it has done nothing, or all of it; the same command begins again.
    for part in [1, 3, 5, 8] {
        let mut child = vandan().args(migrate).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(120 * part));
        let _ = child.kill();
        child.wait().unwrap();
        if moved.exists() {
            break;
        }
    }
    if !moved.exists() {
        let done = json(&migrate, 0);
        assert_eq!((done["equal"].as_bool(), &done["from"]), (Some(true), &done["to"]));
        println!("{} events, root {}", done["from"]["events"], done["from"]["root"]);
    }
    assert!(persons(&moved, Some(&url)) == expected);
    json(&["audit", "verify", "--data", text(&moved), "--database", &url], 0);
    // The old one is as it was, and goes on being one.
    assert!(persons(&data, None) == expected);
    // It is not put on top of what is there.
    json(&["person", "find", "nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    let refused = json(&["migrate", "--from", text(&data), "--to", &url], 2);
    assert_eq!(refused["error"]["code"], "database-not-empty");

    let back = json(&["migrate", "--from", &url, "--to", text(&moved)], 0);
    assert_eq!((back["equal"].as_bool(), &back["from"]), (Some(true), &back["to"]));
    assert!(persons(&moved, None) == expected);
    json(&["audit", "verify", "--data", text(&moved)], 0);
    json(&["status", "--data", text(&moved), "--database", &url], 2);

    // In place: the folder is the database's from then on.
    let Some(second) = Database::new("move_in_place") else { return };
    json(&["migrate", "--from", text(&moved), "--to", &second.url()], 0);
    json(&["status", "--data", text(&moved)], 2);
    json(&["audit", "verify", "--data", text(&moved), "--database", &second.url()], 0);
}

/// Kills a process of the tests' own server by its number.
fn kill(process: i64) {
    assert!(Command::new("kill").args(["-KILL", &process.to_string()]).status().unwrap().success());
}

/// The server's own process, from the file in which it keeps it.
fn server(database: &Database) -> i64 {
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).unwrap();
    let folder: String = client.query_one("SHOW data_directory", &[]).unwrap().get(0);
    let file = std::fs::read_to_string(Path::new(&folder).join("postmaster.pid")).unwrap();
    file.lines().next().unwrap().parse().unwrap()
}

/// The process of the server that the program writes through, once it is in a transaction; `None` when the program has
/// ended.
fn backend(database: &Database, program: &mut Child) -> Option<i64> {
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).unwrap();
    let writing = "SELECT a.pid::BIGINT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND a.datname = current_database() AND a.state <> 'idle'";
    while program.try_wait().unwrap().is_none() {
        if let Some(row) = client.query_opt(writing, &[]).unwrap() {
            return Some(row.get(0));
        }
    }
    None
}

/// Waits until the server takes connections again.
fn wait(database: &Database) {
    for _ in 0..600 {
        if postgres::Client::connect(&database.url(), postgres::NoTls).is_ok() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the server has not come back");
}

#[test]
fn an_import_whose_server_was_killed_at_any_moment_ends_the_same() {
    let _turn = turn();
    let Some(first) = Database::new("kill") else { return };
    if std::env::var_os("VANDAN_POSTGRES_PRIVATE").is_none() {
        println!("skipped: the server is not the tests' own");
        return;
    }
    let folder = Folder::new("postgres-kill");
    let sample = sample(&folder, "2000");
    let (here, fresh, files) = (folder.join("here"), folder.join("fresh"), sample.join("persons"));
    base(&sample, &fresh);
    copy(&fresh, &here);
    json(&["import", "persons", text(&files), "--data", text(&here)], 0);
    let expected = persons(&here, None);
    let there = folder.join("there");
    base_in(&fresh, &there, &first.url());
    let begun = Instant::now();
    json(&["import", "persons", text(&files), "--data", text(&there), "--database", &first.url()], 0);
    let lasts = begun.elapsed();
    drop(first);
    let (mut cut_off, mut went_on) = (0, 0);
    for (moment, part) in [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].into_iter().enumerate() {
        let Some(database) = Database::new(&format!("kill{moment}")) else { return };
        let url = database.url();
        let data = folder.join(&format!("killed-{moment}"));
        base_in(&fresh, &data, &url);
        let import = ["import", "persons", text(&files), "--data", text(&data), "--database", &url];
        let mut child = vandan().args(import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(lasts.mul_f64(part));
        // In turn the one process behind the connection, upon which the server ends all others, and the server itself.
        match backend(&database, &mut child) {
            Some(backend) if moment % 2 == 0 => kill(backend),
            _ => kill(server(&database)),
        }
        let ended = child.wait().unwrap().success();
        if ended {
            // It was between two transactions, or done: it has gone on with a new connection.
            went_on += 1;
        } else {
            cut_off += 1;
        }
        let begun = Instant::now();
        wait(&database);
        println!("moment {moment}: ended with {ended}, the server was back after {:?}", begun.elapsed());
        json(&import, 0);
        json(&["audit", "verify", "--data", text(&data), "--database", &url], 0);
        assert!(persons(&data, Some(&url)) == expected, "persons or numbers differ after moment {moment}");
        assert_eq!(json(&import, 0)["staged"], 0, "the same files again change nothing");
    }
    println!("the server was killed in {cut_off} imports that ended there, {went_on} that went on");
    assert!(cut_off >= 3, "only {cut_off} imports were in a transaction when the server was killed");
}
