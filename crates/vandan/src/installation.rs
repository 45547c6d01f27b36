//! One installation: its data folder opened, its book ready.

use crate::home::{self, Home};
use crate::machine::{SystemClock, SystemEntropy, variable};
use crate::output::{Exit, Failure};
use crate::text::t;
use folder::{DataFolder, KeyFile};
use journal::Table;
use ports::machine::{Clock, Entropy, random};
use services::Book;
use services::Command;
use services::officer::Officer;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an installation is, and who acts in it.
#[derive(clap::Args, Clone)]
pub(crate) struct Place {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    #[arg(long, value_name = "TOKEN")]
    pub(crate) session: Option<String>,
}

impl Place {
    /// The session's token, from the line or the environment.
    pub(crate) fn token(&self) -> Option<String> {
        self.session.clone().or_else(|| variable("VANDAN_SESSION"))
    }
}

/// The key of a command that makes something.
#[derive(clap::Args, Clone)]
pub(crate) struct Making {
    #[arg(long, value_name = "TEXT")]
    idempotency_key: Option<String>,
}

/// The key of a command that changes something, and the version of it that was seen.
#[derive(clap::Args, Clone)]
pub(crate) struct Changing {
    #[command(flatten)]
    making: Making,
    #[arg(long, value_name = "N")]
    expect_version: Option<i64>,
}

/// An open installation.
pub(crate) struct Installation {
    pub(crate) book: Arc<Book>,
    pub(crate) folder: Arc<DataFolder>,
}

/// Every table of every noun.
pub(crate) fn tables() -> Vec<&'static Table> {
    let mut all = vec![&services::schema::PERSON_EVENT, &services::schema::COMMAND];
    all.extend(services::programme::TABLES);
    all.extend(services::officer::TABLES);
    all.extend(register::table::TABLES);
    all.extend(enrolment::table::TABLES);
    all.extend(issuance::table::TABLES);
    all
}

impl Installation {
    /// Makes a fresh installation; refuses a folder that holds one.
    pub(crate) fn init(data: &Path, place: &Home) -> Result<Installation, Failure> {
        Installation::init_at(data, place, Box::new(SystemClock))
    }

    /// The same by another clock, for a register whose days are made up.
    pub(crate) fn init_at(data: &Path, place: &Home, clock: Box<dyn Clock>) -> Result<Installation, Failure> {
        let io = |error: &std::io::Error| of_services(&ports::Fault::io("data folder", error).into());
        std::fs::create_dir_all(data).map_err(|error| io(&error))?;
        if data.join("keys").exists() || data.join("register.sqlite").exists() {
            return Err(Failure::new(Exit::Use, t!("init-exists"), vec![("folder", data.display().to_string())]));
        }
        if let Home::Database(_) = place
            && !home::is_empty(&*place.open(data)?)?
        {
            return Err(home::not_empty());
        }
        place.note_in(data)?;
        std::fs::create_dir_all(data.join("keys")).map_err(|error| io(&error))?;
        let name: [u8; 4] = random(&SystemEntropy);
        let origin = format!("vandan/{}", name.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let mut secret = [0; 32];
        SystemEntropy.fill(&mut secret);
        KeyFile::create(&data.join("keys"), secret, &origin).map_err(|fault| of_services(&fault.into()))?;
        let installation = Installation::open_folder(data, place, clock)?;
        let key = installation.book.home().keys.verifying().to_string();
        std::fs::write(data.join("ledger.pub"), format!("{key}\n")).map_err(|error| io(&error))?;
        Ok(installation)
    }

    /// Opens the installation of a command line.
    pub(crate) fn open(place: &Place) -> Result<Installation, Failure> {
        Installation::open_in(place, &Home::named(place.database.as_deref())?)
    }

    /// Opens the installation in a folder, with this home.
    pub(crate) fn open_in(place: &Place, home: &Home) -> Result<Installation, Failure> {
        if !place.data.join("keys").is_dir() {
            return Err(Failure::new(Exit::Now, t!("data-none"), vec![("folder", place.data.display().to_string())]));
        }
        Installation::open_folder(&place.data, home, Box::new(SystemClock))
    }

    fn open_folder(data: &Path, place: &Home, clock: Box<dyn Clock>) -> Result<Installation, Failure> {
        let failure = |fault: ports::Fault| of_services(&fault.into());
        let folder = DataFolder::open(data).map_err(failure)?;
        let keys = KeyFile::open(&folder.keys()).map_err(failure)?;
        place.expected_in(data)?;
        let home = services::Home {
            store: place.open(&folder.database())?,
            blobs: Box::new(folder.blobs()),
            tiles: Box::new(folder.tiles()),
            keys: Box::new(keys),
            clock,
            gallery: Arc::new(folder.gallery()),
            entropy: Arc::new(SystemEntropy),
        };
        let book = Book::open(home).map_err(|error| of_services(&error))?;
        Ok(Installation { book: Arc::new(book), folder: Arc::new(folder) })
    }

    /// Who acts: the officer of the session, or the operator of the machine.
    pub(crate) fn officer(&self, place: &Place) -> Result<Officer, Failure> {
        match place.token() {
            Some(token) => services::officer::of_session(&self.book, &token).map_err(|error| of_services(&error)),
            None => Ok(Officer::operator()),
        }
    }

    /// A command that makes something.
    pub(crate) fn making(&self, place: &Place, making: Making) -> Result<Command, Failure> {
        Ok(Command { officer: self.officer(place)?, key: making.idempotency_key, version: None })
    }

    /// A command that changes something.
    pub(crate) fn changing(&self, place: &Place, changing: Changing) -> Result<Command, Failure> {
        Ok(Command { version: changing.expect_version, ..self.making(place, changing.making)? })
    }

    /// Ends a command: everything done is under a signed checkpoint.
    pub(crate) fn close(self) -> Result<(), Failure> {
        self.book.checkpoint(false).map(drop).map_err(|error| of_services(&error))
    }
}

/// A service's error as a command's failure.
pub(crate) fn of_services(error: &services::Error) -> Failure {
    use services::Error;
    let exit = match error {
        Error::Fault(ports::Fault::Damaged { .. }) => Exit::No,
        Error::Fault(_) | Error::Version { .. } | Error::Often { .. } => Exit::Now,
        Error::Input { .. } => Exit::Input,
        Error::Refused { .. } | Error::Missing(_) => Exit::Use,
    };
    Failure::of_code(exit, error.code(), error.arguments())
}

/// Reads a file that a command was given.
pub(crate) fn read_file(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let named = |key, detail: String| {
        Failure::new(Exit::Input, key, vec![("file", path.display().to_string()), ("detail", detail)])
    };
    let unreadable = |error: std::io::Error| named(t!("file-unreadable"), error.kind().to_string());
    // What a file says of its length is not believed: a device has none.
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    bytes.reserve_exact(file.metadata().map_err(unreadable)?.len().min(bytes_max) as usize);
    std::io::Read::read_to_end(&mut std::io::Read::take(file, bytes_max + 1), &mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > bytes_max {
        return Err(named(t!("file-larger"), bytes_max.to_string()));
    }
    Ok(bytes)
}

/// Writes a file that a command was asked for: whole, or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = beside(path);
    let whole = std::fs::File::create(&beside).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    let written = whole.and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        unwritable(path, &error)
    })
}

/// Whether a file can be written there, before anything is done for its sake.
pub(crate) fn writable(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(unwritable(path, &std::io::ErrorKind::IsADirectory.into()));
    }
    let beside = beside(path);
    let made = std::fs::File::create(&beside).and_then(|_| std::fs::remove_file(&beside));
    made.map_err(|error| unwritable(path, &error))
}

fn beside(path: &Path) -> std::ffi::OsString {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    beside
}

pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let arguments = vec![("file", path.display().to_string()), ("detail", error.kind().to_string())];
    Failure::new(Exit::Now, t!("file-unwritable"), arguments)
}

impl From<services::Error> for Failure {
    fn from(error: services::Error) -> Failure {
        of_services(&error)
    }
}
