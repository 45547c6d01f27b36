//! Jobs: work that takes longer than an answer may, with how far it has come. They are remembered by the process; what they
//! did is in the register.
//!
//! Invariant: jobs have threads of their own, few of them: however many are begun, nobody else waits for a thread.
//! Invariant: a job that has not ended is never forgotten, and what failed in one is written down.

mod work;

pub use work::{check, digest, import, personalise, withdraw};

use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use crate::unit::within;
use ids::OfficerId;
use ports::Fault;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use time::Instant;

/// Ended jobs remembered of an officer.
const KEPT: usize = 50;
/// Jobs of an officer that have not ended.
const UNENDED: usize = 8;
/// Jobs that run at once; the others wait their turn.
const RUNNING: usize = 4;
/// Mebibytes of files that may wait in all jobs together.
const MEBIBYTES: usize = 512;
/// When to come again where there is no room.
const AGAIN_S: u64 = 30;

/// What a job did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// In named numbers.
    pub figures: Vec<(&'static str, u64)>,
    /// The id of what it made, where it made one thing: an import's.
    pub made: Option<String>,
}

/// How a job says how far it has come: so much of so much.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// What is to be done by a job, and what tells it from others.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// What it does: import, withdraw, check, personalise.
    pub kind: &'static str,
    /// The key that the officer gave; empty for none.
    pub key: &'a str,
    /// What it is done to and with: the same key with another is refused.
    pub what: &'a str,
    /// Mebibytes that it holds until it has ended.
    pub mebibytes: usize,
}

/// What a job has done so far.
#[derive(Clone)]
pub struct Job {
    /// What it does.
    pub kind: &'static str,
    key: String,
    what: String,
    mebibytes: usize,
    officer: Officer,
    /// When it was begun.
    pub begun: Instant,
    /// How far it has come.
    pub done: u64,
    /// Of how much; 0 while that is not known.
    pub total: u64,
    /// How it ended; none while it waits or runs.
    pub result: Option<Result<Done, Error>>,
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

type Work = Box<dyn FnOnce(Progress<'_>) -> Result<Done, Error> + Send>;

#[derive(Default)]
struct Board {
    all: BTreeMap<String, Job>,
    waiting: VecDeque<(String, Work)>,
    running: usize,
    closed: bool,
}

/// Where a fault of a job is written down: its kind, and the fault.
type Log = Box<dyn Fn(&str, &Fault) + Send + Sync>;

struct Shared {
    board: Mutex<Board>,
    ended: Condvar,
    log: Log,
}

/// The jobs of this process.
pub struct Jobs(Arc<Shared>);

impl Default for Jobs {
    fn default() -> Jobs {
        Jobs::new(Box::new(|_, _| ()))
    }
}

impl Jobs {
    /// No jobs yet; `log` writes down what fails in one.
    #[must_use]
    pub fn new(log: Log) -> Jobs {
        Jobs(Arc::new(Shared { board: Mutex::default(), ended: Condvar::new(), log }))
    }

    /// Begins a job; gives its id. What the same officer has given before under the same key is the same job, unless that
    /// failed: then it is done again. Without a key the same work is the same job as long as it has not ended. Every job is a
    /// command that goes on where it was cut off when it is given again; files that were sent for it are gone with the process
    /// and are sent again too.
    pub fn begin(
        &self,
        book: &Book,
        officer: &Officer,
        order: Order<'_>,
        work: impl FnOnce(Progress<'_>) -> Result<Done, Error> + Send + 'static,
    ) -> Result<String, Error> {
        let (id, begun) = (book.id().to_string(), book.now());
        let mut board = self.0.lock();
        let own = |job: &Job| job.officer.id == officer.id && job.kind == order.kind && job.key == order.key;
        let alive = |job: &Job| if order.key.is_empty() { job.result.is_none() } else { job.state() != "failed" };
        let mut known = board.all.iter().filter(|(_, job)| own(job) && alive(job));
        if let Some((known, _)) = known.clone().find(|(_, job)| job.what == order.what) {
            return Ok(known.clone());
        }
        if !order.key.is_empty() && known.next().is_some() {
            return Err(Error::refused("key-reused"));
        }
        let unended = board.all.values().filter(|job| job.result.is_none());
        let held: usize = unended.clone().map(|job| job.mebibytes).sum();
        if unended.filter(|job| job.officer.id == officer.id).count() >= UNENDED || held + order.mebibytes > MEBIBYTES {
            return Err(Error::Often { code: "jobs-many", seconds: AGAIN_S });
        }
        let job = Job {
            kind: order.kind,
            key: order.key.to_owned(),
            what: order.what.to_owned(),
            mebibytes: order.mebibytes,
            officer: officer.clone(),
            begun,
            done: 0,
            total: 0,
            result: None,
        };
        board.all.insert(id.clone(), job);
        board.forget(officer.id);
        board.waiting.push_back((id.clone(), Box::new(work)));
        if board.running < RUNNING && !board.closed {
            board.running += 1;
            let shared = Arc::clone(&self.0);
            std::thread::spawn(move || shared.work());
        }
        Ok(id)
    }

    /// The officer's own jobs, the newest first; an administrator sees those of all officers of the unit.
    pub fn of(&self, book: &Book, officer: &Officer) -> Result<Vec<(String, Job)>, Error> {
        may(officer)?;
        let all: Vec<(String, Job)> =
            self.0.lock().all.iter().rev().map(|(id, job)| (id.clone(), job.clone())).collect();
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

    /// Begins no more, and waits for those that run, but not for ever.
    pub fn close(&self, patience: Duration) {
        let mut board = self.0.lock();
        board.closed = true;
        let running = |board: &mut Board| board.running > 0;
        let _ended = self.0.ended.wait_timeout_while(board, patience, running);
    }
}

impl Board {
    /// Forgets the oldest of an officer's ended jobs.
    fn forget(&mut self, officer: OfficerId) {
        let ended = self.all.iter().filter(|(_, job)| job.officer.id == officer && job.result.is_some());
        let ended: Vec<String> = ended.map(|(id, _)| id.clone()).collect();
        for id in ended.iter().take(ended.len().saturating_sub(KEPT)) {
            self.all.remove(id);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.lock().all.get_mut(id) {
            change(job);
        }
    }

    /// Does what waits, one after the other, until nothing does.
    fn work(&self) {
        loop {
            let mut board = self.lock();
            let next = if board.closed { None } else { board.waiting.pop_front() };
            let Some((id, work)) = next else {
                board.running -= 1;
                self.ended.notify_all();
                return;
            };
            let kind = board.all.get(&id).map_or("job", |job| job.kind);
            drop(board);
            let mut progress = |done, total| self.change(&id, |job| (job.done, job.total) = (done, total));
            let result = catch_unwind(AssertUnwindSafe(|| work(&mut progress))).unwrap_or_else(|_| {
                Err(Error::Fault(Fault::Refused { what: "job".into(), cause: "it broke off".into() }))
            });
            if let Err(Error::Fault(fault)) = &result {
                (self.log)(kind, fault);
            }
            self.change(&id, |job| job.result = Some(result));
        }
    }
}

/// An error unless the officer may do anything that is a job.
fn may(officer: &Officer) -> Result<(), Error> {
    let mut any = ["import", "enrol", "personalise"].iter().map(|action| officer.may(action));
    any.find(Result::is_ok).unwrap_or_else(|| officer.may("import"))
}
