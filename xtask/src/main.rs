//! The project's own commands: `demo`, `test`, `check`, `bench`, `load`, `interop`, `api`, `postgres`, `browser`, `fuzz`, `floors`, `web`,
//! `report`, `judge`, `package`, `sbom`.
//!
//! Each says what it runs, runs it, and ends with its status. What is missing on the machine is named with the line that
//! installs it.

mod check;
mod floors;
mod need;
mod package;
mod postgres;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

/// The report, a workspace of its own: its typesetter is more packages than the program.
const REPORT: &str = "crates/report/Cargo.toml";

const USAGE: &str = "usage: cargo xtask demo [--once] | test | check | bench NAME [--json] | load [OPTIONS] | interop | api [EXAMPLES] | postgres [COMMAND …] | browser | web | report [--release] | judge | package | sbom | fuzz [SECONDS] | floors [--write]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["demo", ref rest @ ..] => demo(rest),
        ["test", ref rest @ ..] => test(rest),
        ["check"] => check::check(),
        ["bench", ref rest @ ..] if !rest.is_empty() => bench(rest),
        ["load", ref rest @ ..] => load(rest),
        ["interop", ref rest @ ..] => interop(rest),
        ["api", ref rest @ ..] => api(rest),
        ["web"] => web(),
        ["report"] => report(&[]),
        ["report", "--release"] => report(&["--release"]),
        ["judge", ref rest @ ..] => judge(rest),
        ["package"] => package::package(),
        ["sbom"] => package::sbom(),
        ["browser", ref rest @ ..] => browser(rest),
        ["postgres", ref rest @ ..] => postgres::postgres(rest),
        ["fuzz"] => check::fuzz(60),
        ["fuzz", seconds] => match seconds.parse() {
            Ok(seconds) => check::fuzz(seconds),
            Err(_) => Err(USAGE.into()),
        },
        ["floors"] => floors::floors(false),
        ["floors", "--write"] => floors::floors(true),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&message);
            ExitCode::FAILURE
        }
    }
}

/// What moves in the console's pages, and its fonts: bundled into a folder that the program embeds.
fn web() -> Result<(), String> {
    need::node()?;
    let folder = root().join("crates/console/web");
    let lock = modified(&folder.join("package-lock.json"));
    if modified(&folder.join("node_modules/.package-lock.json")) < lock {
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    }
    run(Command::new("node").args(["node_modules/typescript/bin/tsc", "-p", "."]).current_dir(&folder))?;
    run(Command::new("node").arg("build.mjs").current_dir(&folder))
}

/// The program that sets reports, beside the program that freezes them. The shapes of the map and its font are fetched first.
fn report(profile: &[&str]) -> Result<(), String> {
    match need::node() {
        Ok(()) => shapes()?,
        Err(_) => say("without Node the report has no map, and another font: apt-get install -y nodejs npm"),
    }
    let target = root().join(target_folder()).display().to_string();
    run(cargo().args(["build", "--manifest-path", REPORT, "--target-dir", &target]).args(profile))
}

/// Strangers judge the reports: veraPDF, poppler, sha256sum. Without one of them it has failed.
fn judge(rest: &[&str]) -> Result<(), String> {
    need::judges()?;
    let mut command = Command::new("bash");
    command.arg(root().join("interop/report/run")).args(rest).current_dir(root());
    run(&mut command)
}

/// The shapes of the provinces and a font for the report: others' work, fetched and laid where its build embeds it.
fn shapes() -> Result<(), String> {
    let folder = root().join("crates/report/web");
    if modified(&folder.join("node_modules/.package-lock.json")) < modified(&folder.join("package-lock.json")) {
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    }
    if modified(&folder.join("dist/shapes.json")) < modified(&folder.join("build.mjs")) {
        run(Command::new("node").arg("build.mjs").current_dir(&folder))?;
    }
    Ok(())
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// A browser does officers' work in the console.
fn browser(rest: &[&str]) -> Result<(), String> {
    need::browser()?;
    web()?;
    run(cargo().args(["build", "--package", "vandan"]))?;
    let mut command = Command::new("bash");
    command.arg(root().join("interop/console/run")).args(rest).current_dir(root());
    run(&mut command)
}

/// Builds everything, then the main job on sample data.
fn demo(rest: &[&str]) -> Result<(), String> {
    need::compiler()?;
    // Without Node the pages are complete all the same; the program says what is missing.
    match need::node() {
        Ok(()) => web()?,
        Err(missing) => say(&missing),
    }
    run(cargo().args(["build", "--package", "vandan"]))?;
    let mut command = Command::new(root().join(target_folder()).join("debug/vandan"));
    command.arg("demo").args(rest);
    run(&mut command)
}

/// All tests that need nothing but the machine.
fn test(rest: &[&str]) -> Result<(), String> {
    need::compiler()?;
    run(cargo().args(["test", "--workspace", "--no-fail-fast"]).args(rest))
}

/// A benchmark, built for speed.
fn bench(rest: &[&str]) -> Result<(), String> {
    need::compiler()?;
    run(cargo().args(["build", "--release", "--package", "vandan"]))?;
    let mut command = Command::new(root().join(target_folder()).join("release/vandan"));
    command.arg("bench").args(rest);
    run(&mut command)
}

/// Officers at work against a server: on SQLite, then on a PostgreSQL server of our own. The options are those of
/// `vandan bench load`; a register that is made for it is kept in the target folder for the next run.
fn load(rest: &[&str]) -> Result<(), String> {
    need::compiler()?;
    run(cargo().args(["build", "--release", "--package", "vandan"]))?;
    let program = root().join(target_folder()).join("release/vandan");
    let folder = root().join(target_folder()).join("load");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let homes = |name: &str| folder.join(name).display().to_string();
    let mut command = Command::new(&program);
    command.args(["bench", "load", "--data", &homes("sqlite")]).args(rest);
    run(&mut command)?;
    let _ = std::fs::remove_dir_all(homes("postgres"));
    postgres::during(|url| {
        let mut command = Command::new(&program);
        command.args(["bench", "load", "--database", url, "--data", &homes("postgres")]).args(rest);
        run(command.env("VANDAN_POSTGRES_PRIVATE", "1"))
    })
}

/// Strangers' software against our virtual card.
fn interop(rest: &[&str]) -> Result<(), String> {
    need::interop()?;
    run(cargo().args(["build", "--package", "vandan"]))?;
    let mut command = Command::new("bash");
    command.arg(root().join("interop/run")).args(rest).current_dir(root());
    run(&mut command)
}

/// Schemathesis asks the API what its document promises, with so many examples for each operation.
fn api(rest: &[&str]) -> Result<(), String> {
    need::python()?;
    run(cargo().args(["build", "--package", "vandan"]))?;
    let mut command = Command::new("bash");
    command.arg(root().join("interop/api/run")).args(rest).current_dir(root());
    run(&mut command)
}

fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}

/// The workspace's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo builds.
fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// Runs a command, saying which; an error if it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| Path::new(word).strip_prefix(root()).unwrap_or(Path::new(word)).display().to_string())
        .collect();
    let shown = words.join(" ");
    say(&format!("$ {shown}"));
    let status: ExitStatus = command.status().map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed ({status}): {shown}")) }
}

fn say(message: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{message}");
}
