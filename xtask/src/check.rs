//! What CI checks beyond the tests: format, clippy, docs, licences, no_std, the number of packages, fuzzing.

use crate::{REPORT, cargo, floors, package, root, run, say};
use std::process::Command;

/// The most Rust packages that the lock file may hold.
const PACKAGES_MAX: usize = 350;
/// Licences that a dependency may have, alone or as one of a choice.
const LICENCES: [&str; 15] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unicode-3.0",
    "Unlicense",
    "CC0-1.0",
    "BSL-1.0",
    "bzip2-1.0.6",
    "NCSA",
];

/// Runs every check, and says at the end which failed.
pub(crate) fn check() -> Result<(), String> {
    let mut failed = Vec::new();
    let mut step = |name: &str, done: Result<(), String>| {
        if let Err(message) = done {
            say(&message);
            failed.push(name.to_owned());
        }
    };
    step("format", run(cargo().args(["fmt", "--all", "--check"])));
    step("format", run(cargo().args(["fmt", "--check", "--manifest-path", REPORT])));
    step("clippy", run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    step(
        "docs",
        run(cargo()
            .args(["doc", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings")),
    );
    step("floors", floors::floors(false));
    step("licences", licences());
    step("packages", packages());
    step("unit", package::unit());
    if failed.is_empty() {
        say("all checks passed");
        return Ok(());
    }
    Err(format!("failed: {}", failed.join(", ")))
}

/// Every dependency's licence is one that an Apache-2.0 program may use.
fn licences() -> Result<(), String> {
    let mut refused = Vec::new();
    for manifest in ["Cargo.toml", REPORT] {
        let arguments = ["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest];
        let output = cargo().args(arguments).output().map_err(|error| error.to_string())?;
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("{manifest}: {error}"))?;
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let licence = package["license"].as_str().unwrap_or("none stated");
            if !acceptable(licence) {
                refused.push(format!("{}: {licence}", package["name"].as_str().unwrap_or_default()));
            }
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(format!("licences:\n  {}", refused.join("\n  "))) }
}

/// Whether one of the choices (OR) has all its parts (AND) on the list.
fn acceptable(licence: &str) -> bool {
    let plain = licence.replace('/', " OR ").replace(['(', ')'], "");
    plain.split(" OR ").any(|choice| choice.split(" AND ").all(|part| LICENCES.contains(&part.trim())))
}

/// The lock file stays small enough to be read.
fn packages() -> Result<(), String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).map_err(|error| error.to_string())?;
    let count = lock.matches("[[package]]").count();
    say(&format!("{count} packages in Cargo.lock (at most {PACKAGES_MAX})"));
    if count <= PACKAGES_MAX { Ok(()) } else { Err("too many packages".into()) }
}

/// Fuzzes every parser of outside bytes, each for so many seconds.
pub(crate) fn fuzz(seconds: u64) -> Result<(), String> {
    let folder = root().join("fuzz");
    let ready = Command::new("cargo").args(["fuzz", "--version"]).output().is_ok_and(|output| output.status.success());
    if !ready {
        return Err("cargo-fuzz is needed: cargo install cargo-fuzz --locked".into());
    }
    let fuzz = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        // The fuzzer's instrumentation is an unstable flag of the compiler; no other compiler is installed for it.
        command.arg("fuzz").args(arguments).current_dir(&folder).env("RUSTC_BOOTSTRAP", "1");
        command
    };
    let listed = fuzz(&["list"]).output().map_err(|error| error.to_string())?;
    let targets = String::from_utf8_lossy(&listed.stdout).into_owned();
    run(&mut fuzz(&["build", "--sanitizer", "none"]))?;
    let limit = format!("-max_total_time={seconds}");
    let mut failed = Vec::new();
    for target in targets.split_whitespace() {
        let options = [limit.as_str(), "-rss_limit_mb=2048", "-timeout=20", "-verbosity=0", "-print_final_stats=1"];
        if let Err(message) = run(fuzz(&["run", "--sanitizer", "none", target, "--"]).args(options)) {
            say(&message);
            failed.push(target);
        }
    }
    if targets.trim().is_empty() || !failed.is_empty() {
        return Err(format!("fuzz targets that failed: {}; the inputs are in fuzz/artifacts", failed.join(", ")));
    }
    say("all fuzz targets survived");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::acceptable;

    #[test]
    fn licences_are_read_as_choices_of_parts() {
        for licence in ["MIT", "MIT/Apache-2.0", "MIT OR GPL-3.0", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
            assert!(acceptable(licence), "{licence}");
        }
        for licence in ["GPL-3.0", "MIT AND GPL-3.0", "none stated"] {
            assert!(!acceptable(licence), "{licence}");
        }
    }
}
