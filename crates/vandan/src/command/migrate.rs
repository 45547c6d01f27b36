//! `migrate`: from the data folder into a database, or back; and the proof that both hold the same.
//!
//! Invariant: what goes into a database is one transaction, which is committed when the copy has been held against the
//! source; what goes into a file gets its name then. So a migration that was cut off has done nothing, and begins again.

use crate::home::{self, Home};
use crate::installation::{Installation, Place, of_services, tables};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use indicatif::ProgressBar;
use ports::Fault;
use ports::store::{Read, Store};
use services::state::{State, state};
use std::path::{Path, PathBuf};
use store_sql::{Address, PostgresStore, SqliteStore};

#[derive(clap::Args)]
pub(crate) struct Migrate {
    #[arg(long, value_name = "DIR|URL")]
    from: String,
    #[arg(long, value_name = "URL|DIR")]
    to: String,
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// The two sides of a copy.
pub(crate) struct Sides {
    from: State,
    to: State,
}

pub(crate) fn run(command: &Migrate, out: &mut Output) -> Result<(), Failure> {
    let bar = out.progress(0, t!("migrate-step-copy"));
    let migrated = match (Address::is_one(&command.from), Address::is_one(&command.to)) {
        (false, true) => to_database(Path::new(&command.from), &command.to, command.data.as_deref(), &bar),
        (true, false) if command.data.is_none() => to_folder(&command.from, Path::new(&command.to), &bar),
        _ => Err(Failure::new(Exit::Use, t!("migrate-sides"), Vec::new())),
    };
    bar.finish_and_clear();
    say(&migrated?, out)
}

/// Prints both sides; a difference is an answer that is "no".
fn say(sides: &Sides, out: &mut Output) -> Result<(), Failure> {
    let hex = |hash: &[u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (from, to) = (&sides.from, &sides.to);
    let equal = from == to;
    let mut documents = Vec::new();
    for (left, right) in from.tables.iter().zip(&to.tables) {
        let same = if left == right { t!("migrate-same") } else { t!("migrate-different") };
        let arguments = [
            ("table", left.name.to_owned()),
            ("rows", out.language.count(left.rows)),
            ("digest", hex(&left.digest)),
            ("same", out.text(same, &[])),
        ];
        out.say(t!("migrate-table"), &arguments);
        let mut document = serde_json::json!({ "name": left.name, "rows": left.rows, "digest": hex(&left.digest) });
        if left != right {
            document["copied"] = serde_json::json!({ "rows": right.rows, "digest": hex(&right.digest) });
        }
        documents.push(document);
    }
    let side = |state: &State| serde_json::json!({ "events": state.events, "root": hex(&state.root) });
    let document = serde_json::json!({ "equal": equal, "from": side(from), "to": side(to), "tables": documents });
    let mut roots = |state: &State, key| {
        out.say(key, &[("events", out.language.count(state.events)), ("root", hex(&state.root))]);
    };
    roots(from, t!("migrate-from"));
    roots(to, t!("migrate-to"));
    out.json(&document);
    if equal {
        out.say(t!("migrate-done"), &[]);
        return Ok(());
    }
    out.say(t!("migrate-unequal"), &[]);
    Err(Failure::no(t!("migrate-unequal")))
}

/// From a folder into a database. With `data` the keys, the ledger and the blobs are copied there, and the folder stays an
/// installation of its own; without it the folder is from now on that of the database.
fn to_database(from: &Path, to: &str, data: Option<&Path>, bar: &ProgressBar) -> Result<Sides, Failure> {
    let home = Home::named(Some(to))?;
    if let Some(data) = data
        && data.exists()
    {
        return Err(Failure::new(Exit::Use, t!("init-exists"), vec![("folder", data.display().to_string())]));
    }
    // Opening it brings its ledger up to its events, and holds the folder's lock: nobody else is at work.
    let place = Place { data: from.to_owned(), database: None, session: None };
    let source = Installation::open_in(&place, &Home::Folder)?;
    let moved = data.map(|data| copy_folder(from, data, &home)).transpose()?;
    let sides = copy_to_database(&*source.book.home().store, &home, bar)?;
    if sides.from == sides.to {
        source.book.checkpoint(false).map_err(|error| of_services(&error))?;
        match (moved, data) {
            (Some(moved), Some(data)) => renamed(&moved, data)?,
            _ => home.note_in(from)?,
        }
    }
    Ok(sides)
}

/// From a database into the folder of its installation.
fn to_folder(from: &str, data: &Path, bar: &ProgressBar) -> Result<Sides, Failure> {
    let place = Place { data: data.to_owned(), database: None, session: None };
    let source = Installation::open_in(&place, &Home::named(Some(from))?)?;
    let file = source.folder.database();
    let beside = file.with_extension("sqlite.new");
    remove(&beside)?;
    let failure = |fault: Fault| of_services(&fault.into());
    source.book.home().store.copy_to(&beside).map_err(failure)?;
    let copy = SqliteStore::open(&beside, &tables()).map_err(failure)?;
    let sides = Sides { from: state_of(&*source.book.home().store, bar)?, to: state_of(&copy, bar)? };
    copy.finish().map_err(failure)?;
    if sides.from == sides.to {
        if file.exists() {
            // What an earlier migration left here is older than the database.
            renamed(&file, &file.with_extension("sqlite.old"))?;
        }
        renamed(&beside, &file)?;
        Home::Folder.note_in(data)?;
    } else {
        remove(&beside)?;
    }
    Ok(sides)
}

/// Copies an SQLite file into an empty database; differences are a failure.
pub(crate) fn into_database(file: &Path, home: &Home, bar: &ProgressBar) -> Result<(), Failure> {
    let source = SqliteStore::open(file, &tables()).map_err(|fault| of_services(&fault.into()))?;
    let sides = copy_to_database(&source, home, bar)?;
    if sides.from == sides.to { Ok(()) } else { Err(Failure::new(Exit::No, t!("migrate-unequal"), Vec::new())) }
}

/// Copies everything and holds it against the source in one transaction, which is undone if anything differs. A database
/// that holds the same already is left as it is: the migration was cut off after its commit.
fn copy_to_database(source: &dyn Store, home: &Home, bar: &ProgressBar) -> Result<Sides, Failure> {
    let Home::Database(address) = home else { return Err(Failure::new(Exit::Use, t!("migrate-sides"), Vec::new())) };
    let failure = |fault: Fault| of_services(&fault.into());
    let target = PostgresStore::open(address, &tables()).map_err(failure)?;
    let from = state_of(source, bar)?;
    if !home::is_empty(&target)? {
        let to = state_of(&target, bar)?;
        return if from == to { Ok(Sides { from, to }) } else { Err(home::not_empty()) };
    }
    let total = from.tables.iter().map(|table| table.rows).sum();
    bar.set_length(total);
    let mut copied = None;
    let written = source.read(&mut |view| {
        target.write(&mut |tx| {
            store_sql::copy(view, &tables(), &mut |work| work(tx), &mut |done| bar.set_position(done))?;
            let found = read_state(tx, bar);
            let equal = found.as_ref().is_ok_and(|found| *found == from);
            copied = Some(found);
            // A fault is how a transaction is undone.
            if equal { Ok(()) } else { Err(Fault::Damaged { what: "copy".into(), cause: "it differs".into() }) }
        })
    });
    match (written, copied) {
        (Ok(()), Some(Ok(_))) => {
            // What is proven is what everybody can read now, not what the transaction saw.
            let to = state_of(&target, bar)?;
            Ok(Sides { from, to })
        }
        (_, Some(Ok(to))) if to != from => Ok(Sides { from, to }),
        (_, Some(Err(error))) => Err(of_services(&error)),
        (Err(fault), _) => Err(failure(fault)),
        (Ok(()), None) => Err(failure(Fault::Locked)),
    }
}

fn read_state(view: &dyn Read, bar: &ProgressBar) -> Result<State, services::Error> {
    state(view, &tables(), &mut |done| bar.set_position(done))
}

fn state_of(store: &dyn Store, bar: &ProgressBar) -> Result<State, Failure> {
    let mut found = None;
    let read = store.read(&mut |view| {
        found = Some(read_state(view, bar));
        Ok(())
    });
    read.map_err(|fault| of_services(&fault.into()))?;
    match found {
        Some(found) => found.map_err(|error| of_services(&error)),
        None => Err(of_services(&Fault::Locked.into())),
    }
}

/// Copies keys, ledger and blobs of an installation beside the place where they go; gives that place.
fn copy_folder(from: &Path, data: &Path, home: &Home) -> Result<PathBuf, Failure> {
    let mut beside = data.as_os_str().to_owned();
    beside.push(".migrating");
    let beside = PathBuf::from(beside);
    let copied = || {
        if beside.exists() {
            std::fs::remove_dir_all(&beside)?;
        }
        std::fs::create_dir_all(&beside)?;
        for name in ["keys", "ledger", "blobs", "ledger.pub"] {
            copy(&from.join(name), &beside.join(name))?;
        }
        Ok(())
    };
    copied().map_err(|error: std::io::Error| of_services(&Fault::io("data folder", &error).into()))?;
    home.note_in(&beside)?;
    Ok(beside)
}

/// Copies a file, or a folder with everything in it, with its rights; what is not there is left out.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_dir() {
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())?;
        std::fs::File::open(to)?.sync_all()
    } else if from.is_file() {
        std::fs::copy(from, to)?;
        std::fs::File::open(to)?.sync_all()
    } else {
        Ok(())
    }
}

fn renamed(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::rename(from, to).map_err(|error| of_services(&Fault::io("data folder", &error).into()))
}

/// Removes what a migration that was cut off has left.
fn remove(file: &Path) -> Result<(), Failure> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(of_services(&Fault::io("data folder", &error).into()));
            }
            _ => {}
        }
    }
    Ok(())
}
