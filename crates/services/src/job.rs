//! Jobs: work that takes longer than an answer may, with how far it has come. They are remembered by the process; what they
//! did is in the register.
//!
//! Not here: threads. Whoever begins a job is given its [`Run`], and runs that where waiting holds up nobody.

mod work;

pub use work::{check, import, personalise, sending, withdraw};

use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use crate::unit::within;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use time::Instant;

/// Jobs remembered.
const KEPT: usize = 200;

/// What a job did, in named numbers.
pub type Figures = Vec<(&'static str, u64)>;

/// How a job says how far it has come: so much of so much.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// What a job has done so far.
#[derive(Clone)]
pub struct Job {
    /// What it does: import, withdraw, check, personalise.
    pub kind: &'static str,
    sent: String,
    officer: Officer,
    /// When it was begun.
    pub begun: Instant,
    /// How far it has come.
    pub done: u64,
    /// Of how much; 0 while that is not known.
    pub total: u64,
    /// How it ended; none while it runs.
    pub result: Option<Result<Figures, Error>>,
}

impl Job {
    /// running, done or failed.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match &self.result {
            None => "running",
            Some(Ok(_)) => "done",
            Some(Err(_)) => "failed",
        }
    }
}

type All = BTreeMap<String, Job>;

/// The jobs of this process.
#[derive(Default)]
pub struct Jobs(Arc<Mutex<All>>);

/// A job that was begun and waits to be run.
pub struct Run {
    id: String,
    jobs: Arc<Mutex<All>>,
}

impl Run {
    /// Does the work, and keeps how it ended.
    pub fn run(self, work: impl FnOnce(Progress<'_>) -> Result<Figures, Error>) {
        let change = |change: &dyn Fn(&mut Job)| with(&self.jobs, |jobs| jobs.get_mut(&self.id).map(change));
        let result = work(&mut |done, total| {
            change(&|job| (job.done, job.total) = (done, total));
        });
        change(&|job| job.result = Some(result.clone()));
    }
}

impl Jobs {
    /// Begins a job; gives its id, and what is to be run where it is new. What the same officer has `sent` before is the
    /// same job, unless that failed: then it is done again. Every job is a command that goes on where it was cut off when it
    /// is given again; files that were sent for it are gone with the process and are sent again too.
    #[must_use]
    pub fn begin(&self, book: &Book, officer: &Officer, kind: &'static str, sent: &str) -> (String, Option<Run>) {
        let (id, begun) = (book.id().to_string(), book.now());
        let job = Job { kind, sent: sent.to_owned(), officer: officer.clone(), begun, done: 0, total: 0, result: None };
        with(&self.0, |jobs| {
            let same = |own: &Job| {
                !sent.is_empty() && (own.sent.as_str(), own.kind, own.officer.id) == (sent, kind, officer.id)
            };
            let known = jobs.iter().find(|(_, own)| same(own) && own.state() != "failed");
            if let Some((known, _)) = known {
                return (known.clone(), None);
            }
            jobs.insert(id.clone(), job);
            while jobs.len() > KEPT {
                jobs.pop_first();
            }
            (id.clone(), Some(Run { id, jobs: Arc::clone(&self.0) }))
        })
    }

    /// The officer's own jobs, the newest first; an administrator sees those of all officers of the unit.
    pub fn of(&self, book: &Book, officer: &Officer) -> Result<Vec<(String, Job)>, Error> {
        may(officer)?;
        let all: Vec<(String, Job)> =
            with(&self.0, |jobs| jobs.iter().rev().map(|(id, job)| (id.clone(), job.clone())).collect());
        let administers = officer.may("administer").is_ok();
        book.view(|view| {
            let mut seen = Vec::new();
            for (id, job) in all {
                let near = administers && within(view, &job.officer.unit, &officer.unit)?;
                if near || job.officer.id == officer.id {
                    seen.push((id, job));
                }
            }
            Ok(seen)
        })
    }

    /// One of them.
    pub fn find(&self, book: &Book, officer: &Officer, id: &str) -> Result<Job, Error> {
        let found = self.of(book, officer)?.into_iter().find(|(own, _)| own == id);
        found.map(|(_, job)| job).ok_or(Error::Missing("job-missing"))
    }
}

/// An error unless the officer may do anything that is a job.
fn may(officer: &Officer) -> Result<(), Error> {
    let mut any = ["import", "enrol", "personalise"].iter().map(|action| officer.may(action));
    any.find(Result::is_ok).unwrap_or_else(|| officer.may("import"))
}

fn with<T>(jobs: &Mutex<All>, work: impl FnOnce(&mut All) -> T) -> T {
    work(&mut jobs.lock().unwrap_or_else(PoisonError::into_inner))
}
