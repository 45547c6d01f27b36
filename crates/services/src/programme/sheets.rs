//! Sheets that are kept, so that many readers share one.
//!
//! A sheet that has everything counted is given again. Where a thread ticks (a server), one that is a few seconds old is given
//! too, and that thread makes it anew beside the work: nobody waits for a sheet. What a unit signs and what targets are
//! set shows at once: then all sheets are dropped.
//! Start reading at [`sheet`].

use super::counters::{Counters, caught_up};
use crate::Error;
use crate::book::Book;
use ::programme::target::Targets;
use ::programme::{Ahead, AsOf, Sheet, Units};
use ports::Fault;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::Instant;

/// Sheets kept at a time; each has the figures of all units.
const SHEETS_MAX: usize = 6;
/// How old a sheet may be that is given where a thread ticks.
const AGE_US_MAX: i64 = 20_000_000;
/// How long one that nobody wants is made anew.
const WANTED_US_MAX: i64 = 60_000_000;

/// The sheets that are kept.
pub(crate) type Sheets = Mutex<Vec<Arc<Kept>>>;

/// A sheet, with what a board is drawn from besides.
pub(crate) struct Kept {
    as_of: AsOf,
    earlier: Option<AsOf>,
    /// Events counted in it.
    pub(super) events: u64,
    /// When it last had everything counted.
    fresh_us: AtomicI64,
    /// When it was asked for last.
    wanted_us: AtomicI64,
    pub(super) units: Arc<Units>,
    pub(super) targets: Arc<Targets>,
    pub(super) sheet: Sheet,
    /// Events with a clock ahead.
    pub(super) ahead: Vec<Ahead>,
}

/// The sheet of a day, with everything counted that was written before; where a thread ticks, of a few seconds ago.
pub(super) fn sheet(book: &Book, as_of: AsOf, earlier: Option<AsOf>) -> Result<Arc<Kept>, Error> {
    let now = book.now();
    let found = |fresh: &dyn Fn(&Kept) -> bool| {
        let sheets = lock(book);
        let kept = sheets.iter().find(|kept| (kept.as_of, kept.earlier) == (as_of, earlier) && fresh(kept))?;
        kept.wanted_us.store(now.0, Ordering::Relaxed);
        Some(Arc::clone(kept))
    };
    let young = |kept: &Kept| book.is_ticked() && now.0 - kept.fresh_us.load(Ordering::Relaxed) < AGE_US_MAX;
    if let Some(kept) = found(&young) {
        return Ok(kept);
    }
    let counters = caught_up(book)?;
    // Of many who waited for the counters the first makes the sheet: for the others too, who asked before.
    if let Some(kept) = found(&|kept| kept.events == counters.events() || young(kept)) {
        return Ok(kept);
    }
    let kept = Arc::new(make(&counters, as_of, earlier, now)?);
    let mut sheets = lock(book);
    sheets.retain(|other| (other.as_of, other.earlier) != (as_of, earlier));
    if sheets.len() == SHEETS_MAX {
        sheets.sort_by_key(|kept| kept.wanted_us.load(Ordering::Relaxed));
        sheets.remove(0);
    }
    sheets.push(Arc::clone(&kept));
    Ok(kept)
}

/// Any kept sheet of a day, whatever its ranks are compared with; else a new one.
pub(super) fn sheet_of_day(book: &Book, as_of: AsOf) -> Result<Arc<Kept>, Error> {
    let earlier = lock(book).iter().find(|kept| kept.as_of == as_of).and_then(|kept| kept.earlier);
    sheet(book, as_of, earlier)
}

/// Counts what came, and makes the sheets anew that somebody wants. To be called every few seconds.
pub fn refresh(book: &Book) -> Result<(), Error> {
    let (now, counters) = (book.now(), caught_up(book)?);
    let wanted = |kept: &Arc<Kept>| now.0 - kept.wanted_us.load(Ordering::Relaxed) < WANTED_US_MAX;
    lock(book).retain(wanted);
    // Nobody else makes or drops one while the counters are held.
    let all = lock(book).clone();
    for old in all {
        if old.events == counters.events() {
            old.fresh_us.store(now.0, Ordering::Relaxed);
            continue;
        }
        let kept = make(&counters, old.as_of, old.earlier, now)?;
        kept.wanted_us.store(old.wanted_us.load(Ordering::Relaxed), Ordering::Relaxed);
        let kept = Arc::new(kept);
        for place in lock(book).iter_mut().filter(|place| Arc::ptr_eq(place, &old)) {
            *place = Arc::clone(&kept);
        }
    }
    Ok(())
}

fn make(counters: &Counters, as_of: AsOf, earlier: Option<AsOf>, now: Instant) -> Result<Kept, Error> {
    let (Some((units, targets)), Some(sources)) = (counters.shared(), counters.sources()) else {
        return Err(Error::Fault(Fault::Locked));
    };
    let sheet = Sheet::new(&sources, as_of, earlier, &[]);
    let [fresh_us, wanted_us] = [now.0, now.0].map(AtomicI64::new);
    let ahead = sources.cube.ahead().map(|(_, ahead)| ahead.clone()).collect();
    Ok(Kept { as_of, earlier, events: counters.events(), fresh_us, wanted_us, units, targets, sheet, ahead })
}

/// Drops all: units, returns or targets have changed.
pub(super) fn drop_all(book: &Book) {
    lock(book).clear();
}

fn lock(book: &Book) -> MutexGuard<'_, Vec<Arc<Kept>>> {
    book.sheets.lock().unwrap_or_else(PoisonError::into_inner)
}
