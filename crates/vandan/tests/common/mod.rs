//! What the program's tests share: running it, folders of their own, the shared data.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]

pub mod persons;

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of a test's own, removed when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vandan-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program with arguments, in English, without a session from outside.
pub fn vandan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vandan"));
    command.env("VANDAN_LANG", "en").env_remove("VANDAN_SESSION").env_remove("VANDAN_DATABASE").stdin(Stdio::null());
    command
}

/// Runs the program; gives status, standard output and standard error.
pub fn run(arguments: &[&str]) -> (i32, String, String) {
    spoken(vandan().args(arguments).output().unwrap())
}

fn spoken(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Runs the program with `--json`, expecting a status; gives the document.
pub fn json(arguments: &[&str], status: i32) -> Value {
    let (found, out, err) = spoken(vandan().args(arguments).arg("--json").output().unwrap());
    assert_eq!(found, status, "{arguments:?}\n{out}\n{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{out}"))
}

/// Runs the program with lines on standard input.
pub fn with_input(arguments: &[&str], lines: &str) -> (i32, String, String) {
    let mut child =
        vandan().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    spoken(child.wait_with_output().unwrap())
}

/// A path as text.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// An installation with a sample of so many persons in it; the sample lies beside it.
pub fn installation(folder: &Folder, persons: usize, seed: u64) -> PathBuf {
    let (data, sample) = (folder.join("data"), folder.join("sample"));
    let (persons, seed) = (persons.to_string(), seed.to_string());
    json(&["sample", "--persons", &persons, "--seed", &seed, "--applicants", "0", "--out", text(&sample)], 0);
    json(&["init", "--data", text(&data)], 0);
    json(&["import", "units", text(&sample.join("units")), "--data", text(&data)], 0);
    json(&["import", "persons", text(&sample.join("persons")), "--data", text(&data)], 0);
    data
}

/// Copies a folder and everything in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Signs an invited officer in with the one-time code; gives the session.
pub fn session(data: &Path, officer: &str, one_time: &str) -> String {
    let lines = format!("{one_time}\nmot mat khau dai\n");
    let (status, out, err) = with_input(&["sign-in", "--data", text(data), "--officer", officer, "--json"], &lines);
    assert_eq!(status, 0, "{out}{err}");
    serde_json::from_str::<Value>(&out).unwrap()["session"].as_str().unwrap().to_owned()
}

/// The shared folder, or the line that says that a test is skipped.
pub fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("VANDAN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    if folder.join("vietnam").is_dir() {
        return Some(folder);
    }
    println!("skipped: no ../shared");
    None
}
