//! The program from outside: what it writes, what it says, and how it ends.

mod sample;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vandan-report"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A program that ends before it has read everything closes the pipe.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("the program ends")
}

/// Status and what was said on standard error.
fn check(arguments: &[&str], input: &[u8], status: i32, said: &str) {
    let output = run(arguments, input);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), text.trim_end()), (Some(status), said), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
}

fn frozen() -> Vec<u8> {
    sample::report(sample::PUBLISHED).bytes()
}

/// A file of this test's own.
fn kept(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("the folder for tests can be written");
    path
}

#[test]
fn it_makes_every_kind_of_file() {
    for (format, begins) in
        [("pdf", b"%PDF-1.7".as_slice()), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf\"unit\""), ("json", b"{\"name\"")]
    {
        let output = run(&["--format", format], &frozen());
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(output.stdout.starts_with(begins), "{format}");
    }
    for report in [sample::conference(), sample::province()] {
        assert!(run(&["--state", "signed"], &report.bytes()).stdout.starts_with(b"%PDF-1.7"));
        assert!(run(&["--format", "xlsx"], &report.bytes()).stdout.starts_with(b"PK"));
    }
    let output = run(&["--format", "json", "--table", "honours"], &frozen());
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("{\"name\":\"honours\""));
}

#[test]
fn names_that_would_be_formulas_are_guarded_in_csv() {
    let output = run(&["--format", "csv"], &sample::hostile().bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(",\"'=HYPERLINK(\"\"x\"\")\","), "{}", &text[..1500]);
}

#[test]
fn two_processes_make_the_same_bytes() {
    assert_eq!(run(&[], &frozen()).stdout, run(&["--state", "draft"], &frozen()).stdout);
    assert_eq!(run(&["--format", "xlsx"], &frozen()).stdout, run(&["--format", "xlsx"], &frozen()).stdout);
}

#[test]
fn it_says_what_is_wrong() {
    let en = |more: &[&'static str]| [&["--lang", "en"], more].concat();
    check(&en(&["--fast"]), b"", 2, "Not understood: --fast.");
    check(&en(&["--format", "doc"]), b"", 2, "Not understood: doc.");
    check(&en(&["--state"]), b"", 2, "Not understood: --state.");
    check(
        &en(&[]),
        b"{\n\"format\":",
        3,
        "The frozen report cannot be read: line 2, column 9: EOF while parsing a value.",
    );
    check(&["--lang", "vi"], b"x", 3, "Không đọc được báo cáo đã đóng băng: line 1, column 1: expected value.");
    check(&en(&[]), &vec![b' '; (16 << 20) + 1], 3, "The report is larger than 16777216 bytes, which is the limit.");
    let known =
        "1-entered, 2-applications, reached, expected, funnel, honours, difficulties, promises, roadmap, milestones";
    check(
        &en(&["--format", "csv", "--table", "x"]),
        &frozen(),
        2,
        &format!("There is no table x; there are: {known}."),
    );
    let absent = "Cannot read /nowhere.pdf: No such file or directory (os error 2).";
    check(&en(&["--verify", "/nowhere.pdf"]), &frozen(), 3, absent);
    let output = run(&["--json", "--lang", "en", "--fast"], b"");
    let value: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((value["code"].as_str(), value["argument"].as_str()), (Some("wrong-use"), Some("--fast")));
}

#[test]
fn a_copy_is_genuine_or_refused() {
    let answer = |path: &PathBuf| {
        let output = run(&["--lang", "en", "--json", "--verify", path.to_str().unwrap()], &frozen());
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), value["code"].as_str().unwrap_or_default().to_owned())
    };
    let mut file = run(&["--state", "signed"], &frozen()).stdout;
    assert_eq!(answer(&kept("signed.pdf", &file)), (Some(0), "genuine".to_owned()));
    // As a draft it is refused where the report is known to be signed, and the other way round.
    let draft = run(&[], &frozen()).stdout;
    let of = |path: &PathBuf, state: &str| {
        let arguments = ["--lang", "en", "--json", "--state", state, "--verify", path.to_str().unwrap()];
        let output = run(&arguments, &frozen());
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), value["code"].as_str().unwrap_or_default().to_owned())
    };
    let (draft, signed) = (kept("draft.pdf", &draft), kept("signed.pdf", &file));
    assert_eq!(of(&signed, "signed"), (Some(0), "genuine".to_owned()));
    assert_eq!(of(&draft, "signed"), (Some(1), "earlier-state".to_owned()));
    assert_eq!(of(&signed, "draft"), (Some(1), "state-not-reached".to_owned()));
    let middle = file.len() / 2;
    file[middle] ^= 1;
    assert_eq!(answer(&kept("changed.pdf", &file)), (Some(1), "altered".to_owned()));
    assert_eq!(answer(&kept("none.pdf", b"%PDF-1.7")), (Some(1), "unmarked".to_owned()));
    let other = sample::report([98_713_820, 80_000_000, 33_900_000, 50_000_000]).bytes();
    let other = run(&["--state", "signed"], &other).stdout;
    assert_eq!(answer(&kept("other.pdf", &other)), (Some(1), "another-report".to_owned()));
}
