//! `postgres`: a PostgreSQL server of our own for as long as a command runs: in a folder of its own, on a socket in that
//! folder, never the machine's server. It is started again when a test kills it, and stopped by its process number.

use crate::{cargo, run, say};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The line that installs the server.
const MISSING: &str = "PostgreSQL is needed: apt-get install -y postgresql";
/// Who owns the server's files when root runs this: the server refuses root.
const OWNERS: [&str; 2] = ["postgres", "nobody"];

/// Runs the tests that need a server, or the given command with `VANDAN_POSTGRES` set.
pub(crate) fn postgres(words: &[&str]) -> Result<(), String> {
    let server = Server::new()?;
    let mut commands = Vec::new();
    if let [program, rest @ ..] = words {
        let mut command = Command::new(program);
        command.args(rest).current_dir(crate::root());
        commands.push(command);
    } else {
        for tests in [["--package", "store-sql", "--tests"], ["--package", "vandan", "--test=postgres"]] {
            let mut command = cargo();
            command.arg("test").args(tests).args(["--", "--nocapture"]);
            commands.push(command);
        }
    }
    server.during(|| {
        commands.iter_mut().try_for_each(|command| {
            // The server is the tests' own: they may kill it and change its settings.
            run(command.env("VANDAN_POSTGRES", server.url()).env("VANDAN_POSTGRES_PRIVATE", "1"))
        })
    })
}

/// Runs work that needs a server; it is given the address.
pub(crate) fn during(work: impl FnOnce(&str) -> Result<(), String> + Send) -> Result<(), String> {
    let server = Server::new()?;
    let url = server.url();
    server.during(|| work(&url))
}

/// A folder with a database cluster, and what runs on it.
struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// The account that runs it, where that is not ours.
    owner: Option<&'static str>,
}

impl Server {
    /// Makes the cluster.
    fn new() -> Result<Server, String> {
        let programs = programs().ok_or(MISSING)?;
        let owner = if user("-u", None) == Some(0) {
            let known = OWNERS.into_iter().find(|name| user("-u", Some(name)).is_some());
            Some(known.ok_or("there is no account without rights to run the server")?)
        } else {
            None
        };
        let folder = std::env::temp_dir().join(format!("vandan-postgres-{}", std::process::id()));
        let io = |error: std::io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(&folder).map_err(io)?;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).map_err(io)?;
        if let Some(owner) = owner {
            let (uid, gid) = (user("-u", Some(owner)), user("-g", Some(owner)));
            std::os::unix::fs::chown(&folder, uid, gid).map_err(io)?;
        }
        let server = Server { folder, programs, owner };
        // A language whose order of words is not the order of bytes: what is ours must not depend on it.
        let made = server
            .initdb(&["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi"])
            .or_else(|_| server.initdb(&["--locale=C.UTF-8"]))
            .or_else(|_| server.initdb(&[]));
        made.map(|()| server)
    }

    /// A program of the server's, run by its owner.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = match self.owner {
            None => Command::new(path),
            Some(owner) => {
                let mut command = Command::new("setpriv");
                let group = user("-g", Some(owner)).unwrap_or_default().to_string();
                command.args(["--reuid", owner, "--regid", &group, "--clear-groups", "--inh-caps=-all"]).arg(path);
                command
            }
        };
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn initdb(&self, options: &[&str]) -> Result<(), String> {
        let mut command = self.program("initdb");
        command.arg("--pgdata").arg(self.data()).args([
            "--username=vandan",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]);
        let output = command.args(options).output().map_err(|error| format!("initdb: {error}"))?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The address of the database in which tests make their own.
    fn url(&self) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://vandan@{socket}:5432/postgres")
    }

    /// Starts it. It listens on a socket in its folder and on no network.
    fn start(&self) -> Result<Child, String> {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("log"));
        let log = log.map_err(|error| error.to_string())?;
        let again = log.try_clone().map_err(|error| error.to_string())?;
        let mut command = self.program("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder).args(["-p", "5432", "-c", "listen_addresses="]);
        // Enough for the sample that the tests import, so that they wait for nobody but the disk.
        command.args(["-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB"]);
        command.stdout(log).stderr(again).spawn().map_err(|error| format!("postgres: {error}"))
    }

    fn ready(&self) -> bool {
        let mut command = self.program("pg_isready");
        command.args(["-q", "-U", "vandan", "-h"]).arg(&self.folder).args(["-p", "5432"]);
        command.status().is_ok_and(|status| status.success())
    }

    /// Keeps the server running while `work` runs, then stops it and removes everything.
    fn during(&self, work: impl FnOnce() -> Result<(), String> + Send) -> Result<(), String> {
        let mut child = self.start()?;
        say(&format!("PostgreSQL runs as process {} in {}", child.id(), self.folder.display()));
        let tries = (0..600).any(|_| {
            pause();
            self.ready()
        });
        let done = if tries {
            std::thread::scope(|scope| {
                let working = scope.spawn(work);
                while !working.is_finished() {
                    pause();
                    // A test has killed it. While processes of the old server are left the new one does not start.
                    if let Ok(Some(_)) = child.try_wait() {
                        child = self.start()?;
                    }
                }
                working.join().unwrap_or_else(|_| Err("a panic".into()))
            })
        } else {
            Err(self.said())
        };
        stop(&mut child);
        if done.is_err() {
            say(&self.said());
        }
        let _ = std::fs::remove_dir_all(&self.folder);
        done
    }

    /// The end of the server's log.
    fn said(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        format!("the server's last words:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"))
    }
}

/// Waits before looking again.
#[expect(clippy::disallowed_methods, reason = "a real server is waited for")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

/// Asks the process to end at once but in order, and waits for it.
fn stop(child: &mut Child) {
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    if !asked.is_ok_and(|status| status.success()) {
        let _ = child.kill();
    }
    let _ = child.wait();
}

/// A number of an account.
fn user(which: &str, name: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(which).args(name).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The folder with the newest server's programs.
fn programs() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = debian.filter(|path| path.join("bin/initdb").is_file()).max_by_key(|path| version(path));
    let elsewhere = ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from);
    newest.map(|path| path.join("bin")).or_else(|| elsewhere.into_iter().find(|path| path.join("initdb").is_file()))
}
