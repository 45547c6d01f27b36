//! What there is, in numbers.

use crate::Error;
use crate::book::Book;
use crate::edge::CHECKPOINT;
use crate::rows::each;
use ledger::Checkpoint;
use register::table::{CASE, HOUSEHOLD, PERSON, STAGED_FILE};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::Instant;

/// Persons of the register.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Persons {
    /// In the register and not withdrawn.
    pub entered: u64,
    /// Of these, with a number.
    pub numbered: u64,
    /// Of these, whose number is pending.
    pub number_pending: u64,
}

/// The figures of `vandan status`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Status {
    /// Persons.
    pub persons: Persons,
    /// Rows as sent.
    pub staged: u64,
    /// Households.
    pub households: u64,
    /// Cases that wait for officers.
    pub cases_open: u64,
    /// Applications.
    pub applications: u64,
    /// Cards made.
    pub cards: u64,
    /// Events.
    pub events: u64,
    /// Of these, reads of persons.
    pub reads: u64,
    /// Entries under the last checkpoint.
    pub ledger_size: u64,
    /// Its root, in hexadecimal.
    pub ledger_root: String,
    /// The program's version.
    pub version: String,
}

/// The kinds of event that are reads.
pub const READS: [&str; 9] = [
    "person.read",
    "person.found",
    "person.proven",
    "persons.extracted",
    "case.read",
    "prints.read",
    "row.read",
    "register.linked",
    "fingerprints.searched",
];

/// What was counted last, and how often each kind of event had been written then: a running process counts on from there.
#[derive(Default)]
pub(crate) struct Figures {
    kinds: BTreeMap<String, u64>,
    events: u64,
    last: Option<(Instant, Status)>,
}

/// Counts everything.
pub fn status(book: &Book, version: &str) -> Result<Status, Error> {
    let note = book.home().tiles.get(CHECKPOINT)?.and_then(|note| String::from_utf8(note).ok());
    let checkpoint = note.and_then(|note| Checkpoint::parse(&note).ok());
    let (mut kinds, from) = {
        let figures = lock(&book.figures);
        (figures.kinds.clone(), figures.events)
    };
    let mut status = book.view(|view| {
        for (kind, count) in view.kinds(from)? {
            *kinds.entry(kind).or_default() += count;
        }
        let count = |wanted: &[&str]| wanted.iter().filter_map(|kind| kinds.get(*kind)).sum();
        let persons = |state: &str| view.count_by(&PERSON, 0, &["active".into(), state.into()]);
        let (numbered, number_pending) = (persons("numbered")?, persons("pending")?);
        let mut staged = 0;
        each(view, &STAGED_FILE, &mut |file| {
            staged += file[4].int().unsigned_abs();
            Ok(())
        })?;
        let root =
            checkpoint.as_ref().map(|checkpoint| checkpoint.root.iter().map(|byte| format!("{byte:02x}")).collect());
        Ok(Status {
            persons: Persons { entered: numbered + number_pending, numbered, number_pending },
            staged,
            households: view.count(&HOUSEHOLD)?,
            cases_open: view.count_by(&CASE, 0, &["open".into()])?,
            applications: count(&["application.received"]),
            cards: count(&["card.personalised"]),
            events: view.event_count()?,
            reads: count(&READS),
            ledger_size: checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size),
            ledger_root: root.unwrap_or_default(),
            version: String::new(),
        })
    })?;
    let mut figures = lock(&book.figures);
    if figures.events <= status.events {
        (figures.kinds, figures.events) = (kinds, status.events);
    }
    figures.last = Some((book.now(), status.clone()));
    drop(figures);
    version.clone_into(&mut status.version);
    Ok(status)
}

/// What was counted last, and when; counted now if nothing has been.
pub fn recent(book: &Book, version: &str) -> Result<(Instant, Status), Error> {
    let counted = || lock(&book.figures).last.clone();
    let last = match counted() {
        Some(last) => last,
        None => {
            // Of many who ask at once one counts; the others wait for that.
            let _one = lock(&book.counting);
            match counted() {
                Some(last) => last,
                None => (book.now(), status(book, "")?),
            }
        }
    };
    let (at, mut status) = last;
    version.clone_into(&mut status.version);
    Ok((at, status))
}

/// Counts everything anew, for those who ask for [`recent`] figures.
pub fn refresh(book: &Book) -> Result<(), Error> {
    status(book, "").map(drop)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
