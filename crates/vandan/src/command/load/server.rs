//! The server as a process of its own, to be measured from outside, and killed.

use crate::command::bench::Target;
use crate::installation::of_services;
use crate::output::Failure;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a server that could not start waits for the next try, and how often it tries.
const AGAIN: Duration = Duration::from_millis(250);
const TRIES_MAX: u32 = 240;

/// A server that runs; ended in order when it is dropped.
pub(super) struct Server {
    program: PathBuf,
    target: Target,
    /// Options besides the usual ones.
    more: Vec<String>,
    child: Child,
    pub(super) address: SocketAddr,
    log: PathBuf,
}

fn failed(error: &std::io::Error) -> Failure {
    of_services(&ports::Fault::io("server process", error).into())
}

impl Server {
    pub(super) fn start(target: &Target, more: &[&str]) -> Result<Server, Failure> {
        let more: Vec<String> = more.iter().map(|&one| one.to_owned()).collect();
        let program = std::env::current_exe().map_err(|error| failed(&error))?;
        let log = target.data.with_extension("log");
        let _ = std::fs::remove_file(&log);
        let listen = SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0));
        let (child, address) = run(&program, target, &more, listen, &log)?;
        Ok(Server { program, target: target.clone(), more, child, address, log })
    }

    /// Kills it as a power cut would, and starts it again at the same address.
    pub(super) async fn kill(&mut self) -> Result<(), Failure> {
        self.child.kill().and_then(|()| self.child.wait()).map_err(|error| failed(&error))?;
        let mut tries = 0;
        loop {
            match run(&self.program, &self.target, &self.more, self.address, &self.log) {
                Ok((child, _)) => {
                    self.child = child;
                    return Ok(());
                }
                // A database that was killed before is not back yet: whoever looks after the server starts it again.
                Err(failure) if tries == TRIES_MAX => return Err(failure),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Ends it in order; gives its log.
    pub(super) fn stop(mut self) -> String {
        self.end();
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn end(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.end();
        }
    }
}

/// Starts the program and waits until it says where it listens.
fn run(
    program: &PathBuf,
    target: &Target,
    more: &[String],
    listen: SocketAddr,
    log: &PathBuf,
) -> Result<(Child, SocketAddr), Failure> {
    let log = std::fs::File::options().create(true).append(true).open(log).map_err(|error| failed(&error))?;
    let mut command = Command::new(program);
    command.args(["serve", "--json", "--listen", &listen.to_string(), "--data"]).arg(&target.data).args(more);
    if let Some(url) = &target.database {
        command.args(["--database", url]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(|error| failed(&error))?;
    }
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
    let address = said["address"].as_str().and_then(|address| address.strip_prefix("http://"));
    match address.and_then(|address| address.trim_end_matches('/').parse().ok()) {
        Some(address) => Ok((child, address)),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err(failed(&std::io::Error::other(line.trim().to_owned())))
        }
    }
}
