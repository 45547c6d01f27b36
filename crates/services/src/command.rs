//! A command as it comes from outside: who gives it, under which key, and on which version of the thing it changes.
//!
//! Invariant: a command under a key is carried out once; whoever repeats it gets the answer of the first time, and nothing
//! more is written. The same key with other arguments is refused, never answered with another command's answer.
//! A refused command leaves nothing under its key: it may be given again.
//! Start reading at [`Command`].

use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::schema::COMMAND;
use crate::{Error, book::Home};
use journal::Actor;
use ports::store::Read;
use std::sync::Arc;

/// Bytes of a key from outside.
const KEY_BYTES_MAX: usize = 200;

/// Who gives a command, under which key, on which version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// The officer.
    pub officer: Officer,
    /// The idempotency key, chosen by whoever gives the command.
    pub key: Option<String>,
    /// The version that the officer saw of what is to be changed.
    pub version: Option<i64>,
}

impl Command {
    /// A command without a key, on whatever version there is.
    #[must_use]
    pub fn by(officer: &Officer) -> Command {
        Command { officer: officer.clone(), key: None, version: None }
    }

    /// An error where the key is none: blank, or too long. What becomes a job asks before it begins one.
    pub fn usable(&self) -> Result<(), Error> {
        let usable = |key: &String| !key.trim().is_empty() && key.len() <= KEY_BYTES_MAX;
        let unusable = || Error::Input { code: "key-unusable", arguments: vec![("max", KEY_BYTES_MAX.to_string())] };
        self.key.iter().all(usable).then_some(()).ok_or_else(unusable)
    }

    /// The command of one part of several that were given under one key.
    #[must_use]
    pub fn part(&self, number: usize) -> Command {
        Command { key: self.key.as_ref().map(|key| format!("{key}\u{1f}{number}")), ..self.clone() }
    }

    /// An error if something has another version than the officer saw.
    pub(crate) fn expect(&self, found: i64) -> Result<(), Error> {
        match self.version.filter(|expected| *expected != found) {
            Some(expected) => Err(Error::Version { expected, found }),
            None => Ok(()),
        }
    }

    /// The command under its name and arguments, ready to be carried out once.
    pub(crate) fn once(&self, home: &Home, name: &str, arguments: &[&[u8]]) -> Result<Once, Error> {
        self.usable()?;
        let half = |label: &str, parts: &[&[u8]]| -> [u8; 16] {
            let mac = home.keys.mac(label, &joined(parts));
            std::array::from_fn(|at| mac[at])
        };
        let version = self.version.map_or_else(Vec::new, |version| version.to_be_bytes().to_vec());
        let digest = half("command arguments", &[&[name.as_bytes(), &version], arguments].concat());
        let key = self
            .key
            .as_ref()
            .map(|key| half("command key", &[self.officer.id.bytes(), name.as_bytes(), key.as_bytes()]));
        Ok(Once { key, digest, actor: self.officer.actor(name) })
    }
}

/// Parts that cannot be mistaken for others that are cut elsewhere.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes(), *part].concat()).collect()
}

/// A command with name and arguments. In the store its key is a keyed hash of officer, name and outside key; before the
/// answer stands a keyed hash of the arguments.
#[derive(Clone)]
pub(crate) struct Once {
    key: Option<[u8; 16]>,
    digest: [u8; 16],
    actor: Actor,
}

impl Once {
    /// Carries the command out, or repeats its answer. A command under a key that decides nothing is an event too, so that
    /// its answer stays the same.
    pub(crate) fn submit(
        &self,
        book: &Arc<Book>,
        work: impl FnOnce(&dyn Read) -> Result<Decision, Error> + Send + 'static,
    ) -> Result<Vec<u8>, Error> {
        let Some(key) = &self.key else { return book.submit(None, work) };
        let (inner, actor, digest) = (Arc::clone(book), self.actor.clone(), self.digest);
        let stored = book.submit(Some(key), move |view| {
            let Decision { mut events, answer } = work(view)?;
            if events.is_empty() {
                events.push(inner.event("command.answered", &actor));
            }
            Ok(Decision { events, answer: [digest.as_slice(), &answer].concat() })
        })?;
        self.own(&stored)
    }

    /// The answer, if the command was carried out before: for commands of several transactions, whose last one stores it.
    pub(crate) fn answered(&self, book: &Book) -> Result<Option<Vec<u8>>, Error> {
        let Some(key) = &self.key else { return Ok(None) };
        let row = book.view(|view| Ok(view.get(&COMMAND, &[key.into()])?))?;
        row.map(|row| self.own(row[2].blob())).transpose()
    }

    /// The store's key of one transaction of several.
    pub(crate) fn step(&self, home: &Home, step: &[&[u8]]) -> Option<Vec<u8>> {
        let key = self.key.as_ref()?;
        let message = joined(&[&[key.as_slice(), &self.digest], step].concat());
        Some(home.keys.mac("command step", &message)[..16].to_vec())
    }

    fn own(&self, stored: &[u8]) -> Result<Vec<u8>, Error> {
        match stored.split_at_checked(16) {
            Some((digest, answer)) if digest == self.digest => Ok(answer.to_vec()),
            _ => Err(Error::refused("key-reused")),
        }
    }
}
