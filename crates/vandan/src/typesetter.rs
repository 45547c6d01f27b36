//! The program that sets reports, `vandan-report`: it lies beside this one and runs for one report at a time, so that what a
//! typesetter takes of memory and time is its own.

use ports::Fault;
use services::Error;
use services::programme::Paper;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A report of more bytes is none.
const BYTES_MAX: u64 = 256 << 20;
/// How long it may take: it gives up itself a little earlier.
const PATIENCE: Duration = Duration::from_secs(70);
/// One at a time.
static TURN: Mutex<()> = Mutex::new(());

/// The program, where it is.
pub(crate) fn program() -> Option<PathBuf> {
    let name = format!("vandan-report{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok()?.with_file_name(name);
    beside.is_file().then_some(beside)
}

/// Sets a report on paper; `form` is `pdf` or `xlsx`. None where the program is not here.
pub(crate) fn set(paper: &Paper, form: &str) -> Result<Option<Vec<u8>>, Error> {
    let given = ["--signer", &paper.signer, "--number", &paper.number];
    let arguments = [&["--state", paper.state.name(), "--format", form], &given[..]].concat();
    let Some((status, bytes)) = run(&arguments, &paper.frozen)? else { return Ok(None) };
    if status == Some(0) { Ok(Some(bytes)) } else { Err(Error::input("report-unset")) }
}

/// How the program ended, none where it was ended, and what it said.
type Ended = (Option<i32>, Vec<u8>);

/// Runs the program; nothing where it is not here.
fn run(arguments: &[&str], input: &[u8]) -> Result<Option<Ended>, Error> {
    let Some(program) = program() else { return Ok(None) };
    let _turn: MutexGuard<'_, ()> = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let failed = |error: std::io::Error| Error::Fault(Fault::io("vandan-report", &error));
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(failed)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    std::thread::scope(|scope| {
        // Both ends are served at once: neither waits for the other's pipe.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let reader = scope.spawn(move || {
            let mut bytes = Vec::new();
            stdout.map(|stdout| stdout.take(BYTES_MAX).read_to_end(&mut bytes));
            bytes
        });
        let status = wait(&mut child).map_err(failed)?;
        let bytes = reader.join().unwrap_or_default();
        Ok(Some((status, bytes)))
    })
}

/// Waits as long as is allowed; what takes longer is ended.
#[expect(clippy::disallowed_methods, reason = "another program is waited for, which the simulator does not run")]
fn wait(child: &mut Child) -> std::io::Result<Option<i32>> {
    const STEP: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if waited >= PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(STEP);
        waited += STEP;
    }
}
