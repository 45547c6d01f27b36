//! The counters, kept up with the events: whoever asks has everything counted that was written before.

use super::sheets;
use super::table::{RETURN, TARGET};
use crate::Error;
use crate::book::Book;
use crate::rows::each;
use crate::unit;
use ::programme::returns::{Return, Returns};
use ::programme::target::{Basis, Target, Targets};
use ::programme::{Cube, Measure, Merger, Sources, Unit, Units};
use journal::{Parts, Row};
use ports::Fault;
use ports::store::{Read, StoredEvent};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Day, Instant};

/// The file with the counters as they were kept last, beside the ledger's.
const KEPT: &str = "counters";
/// Events counted before others may ask.
const CHUNK: usize = 1_000;
/// Events after which the counters are kept again.
const KEPT_EVERY: u64 = 10_000;

/// What a board is made of, as far as it has been read.
#[derive(Default)]
pub(crate) struct Counters {
    cube: Cube,
    /// Where the kept copy stops.
    kept: u64,
    begun: bool,
    units: Option<Arc<Units>>,
    returns: Option<Returns>,
    targets: Option<Arc<Targets>>,
}

/// Works with what a board is made of, everything counted; the events counted are given too.
pub(super) fn with<T>(book: &Book, work: impl FnOnce(&Sources<'_>, u64) -> Result<T, Error>) -> Result<T, Error> {
    let counters = caught_up(book)?;
    let sources = counters.sources().ok_or(Error::Fault(Fault::Locked))?;
    work(&sources, counters.events())
}

/// The units that there are.
pub(super) fn tree(book: &Book) -> Result<Arc<Units>, Error> {
    let units = caught_up(book)?.units.clone();
    units.ok_or(Error::Fault(Fault::Locked))
}

/// The same as it was known at an instant, counted anew.
pub(super) fn until<T>(
    book: &Book,
    until: Instant,
    work: impl FnOnce(&Sources<'_>, u64) -> Result<T, Error>,
) -> Result<T, Error> {
    let (mut cube, mut next) = (Cube::default(), 0);
    loop {
        let events = book.view(|view| Ok(view.events(next, CHUNK)?))?;
        let Some(last) = events.last() else { break };
        next = last.number + 1;
        for stored in events.iter().filter(|stored| stored.recorded <= until) {
            count(&mut cube, stored)?;
        }
    }
    let units = book.view(units)?;
    let mut known = book.view(returns)?;
    known.retain(|one| one.recorded <= until);
    let mut set = book.view(targets)?;
    set.retain(|one| one.set <= until);
    let (returns, targets) = (Returns::new(&units, known), Targets::new(&units, set));
    work(&Sources { units: &units, cube: &cube, returns: &returns, targets: &targets }, cube.events())
}

fn count(cube: &mut Cube, stored: &StoredEvent) -> Result<(), Error> {
    if !cube.add_head(stored.number, &stored.kind, &stored.unit, stored.recorded) {
        cube.add(stored.number, &Parts::from_bytes(&stored.bytes)?.event()?);
    }
    Ok(())
}

/// Keeps a copy of the counters where enough has been counted since the last, so that a program that starts goes on from it.
pub fn keep(book: &Book) -> Result<(), Error> {
    let counters = caught_up(book)?;
    if counters.cube.next() >= counters.kept + KEPT_EVERY {
        write(book, counters)?;
    }
    Ok(())
}

/// Counts every event anew and keeps that. Gives the events counted, and whether the counters were the same before.
pub fn rebuild(book: &Book) -> Result<(u64, bool), Error> {
    let before = stored(&caught_up(book)?.cube)?;
    *lock(book) = Counters { begun: true, ..Counters::default() };
    let counters = caught_up(book)?;
    let (events, same) = (counters.cube.next(), stored(&counters.cube)? == before);
    write(book, counters)?;
    Ok((events, same))
}

fn write(book: &Book, mut counters: MutexGuard<'_, Counters>) -> Result<(), Error> {
    let bytes = stored(&counters.cube)?;
    counters.kept = counters.cube.next();
    drop(counters);
    Ok(book.home().tiles.put(KEPT, &bytes)?)
}

fn stored(cube: &Cube) -> Result<Vec<u8>, Error> {
    let unwritable = |_| Fault::Damaged { what: "counters".into(), cause: "they cannot be written".into() };
    Ok(serde_json::to_vec(cube).map_err(unwritable)?)
}

fn lock(book: &Book) -> MutexGuard<'_, Counters> {
    book.counters.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts what was written before; between two chunks others may ask, and see what has been counted.
pub(super) fn caught_up(book: &Book) -> Result<MutexGuard<'_, Counters>, Error> {
    // One counts; whoever asks meanwhile waits for that one, which has begun before.
    let _one: MutexGuard<'_, ()> = one(&book.counts);
    begin(book)?;
    // What comes while this counts is for the next one: who followed would never end where much is written.
    let all = book.view(|view| Ok(view.event_count()?))?;
    loop {
        let next = lock(book).cube.next();
        let events = if next < all { book.view(|view| Ok(view.events(next, CHUNK)?))? } else { Vec::new() };
        let mut counters = lock(book);
        for stored in &events {
            match stored.kind.as_str() {
                // Figures and targets of units that were merged are added to others'.
                "units.imported" => (counters.units, counters.returns, counters.targets) = (None, None, None),
                "returns.signed" => counters.returns = None,
                "targets.set" => counters.targets = None,
                _ => {
                    count(&mut counters.cube, stored)?;
                    continue;
                }
            }
            sheets::drop_all(book);
            count(&mut counters.cube, stored)?;
        }
        if events.is_empty() || counters.cube.next() >= all {
            counters.read(book)?;
            return Ok(counters);
        }
    }
}

fn one(mutex: &Mutex<()>) -> MutexGuard<'_, ()> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes up the kept copy, once. One that other measures made, or that knows events that are not there, is left aside.
fn begin(book: &Book) -> Result<(), Error> {
    if lock(book).begun {
        return Ok(());
    }
    let kept = book.home().tiles.get(KEPT)?.and_then(|bytes| serde_json::from_slice::<Cube>(&bytes).ok());
    let events = book.view(|view| Ok(view.event_count()?))?;
    let mut counters = lock(book);
    if let Some(cube) = kept.filter(|cube| cube.next() <= events) {
        (counters.kept, counters.cube) = (cube.next(), cube);
    }
    counters.begun = true;
    Ok(())
}

impl Counters {
    /// What a board is made of, once it has been read.
    pub(super) fn sources(&self) -> Option<Sources<'_>> {
        let (units, returns, targets) = (self.units.as_deref()?, self.returns.as_ref()?, self.targets.as_deref()?);
        Some(Sources { units, cube: &self.cube, returns, targets })
    }

    /// Units and targets, for whoever works with them later.
    pub(super) fn shared(&self) -> Option<(Arc<Units>, Arc<Targets>)> {
        self.units.clone().zip(self.targets.clone())
    }

    /// The events counted.
    pub(super) fn events(&self) -> u64 {
        self.cube.next()
    }

    /// Reads what is not at hand.
    fn read(&mut self, book: &Book) -> Result<(), Error> {
        if self.units.is_none() {
            self.units = Some(Arc::new(book.view(units)?));
        }
        if let (None, Some(units)) = (&self.returns, &self.units) {
            self.returns = Some(Returns::new(units, book.view(returns)?));
        }
        if let (None, Some(units)) = (&self.targets, &self.units) {
            self.targets = Some(Arc::new(Targets::new(units, book.view(targets)?)));
        }
        Ok(())
    }
}

/// All units that there are now as a tree; those that were merged stand for the ones they were merged into.
pub(super) fn units(view: &dyn Read) -> Result<Units, Error> {
    let merged = unit::merged(view)?;
    let there = unit::all(view)?.into_values().filter(|unit| !merged.contains_key(&unit.code));
    let units = Units::new(there.map(|unit| Unit {
        code: unit.code,
        parent: unit.parent,
        name: unit.name,
        level: unit.level,
        population: unit.population.max(0).unsigned_abs(),
    }));
    let merger = |(old, (new, since)): (String, (String, Instant))| Merger { old, new, since: since.day() };
    Ok(units.with_merged(merged.into_iter().map(merger)))
}

/// All returns.
pub(super) fn returns(view: &dyn Read) -> Result<Vec<Return>, Error> {
    let mut all = Vec::new();
    each(view, &RETURN, &mut |row| {
        all.push(Return {
            unit: row[0].text().to_owned(),
            measure: row[1].text().to_owned(),
            day: day(&row, 2),
            recorded: Instant(row[3].int()),
            count: row[4].int().max(0).unsigned_abs(),
            signer: row[5].text().to_owned(),
        });
        Ok(())
    })?;
    Ok(all)
}

/// All targets.
pub(super) fn targets(view: &dyn Read) -> Result<Vec<Target>, Error> {
    let mut all = Vec::new();
    each(view, &TARGET, &mut |row| {
        all.extend(target(&row));
        Ok(())
    })?;
    Ok(all)
}

/// The target of a row; none where its measure is not there.
pub(super) fn target(row: &Row) -> Option<Target> {
    let measure = Measure::find(row[0].text())?;
    Some(Target {
        measure: measure.name.to_owned(),
        unit: row[1].text().to_owned(),
        deadline: day(row, 2),
        version: u32::try_from(row[3].int()).unwrap_or(u32::MAX),
        count: (!row[4].is_null()).then(|| row[4].int().max(0).unsigned_abs()),
        basis: Basis::named(row[5].text()).unwrap_or(Basis::Hand),
        set: Instant(row[6].int()),
    })
}

fn day(row: &Row, column: usize) -> Day {
    Day(i32::try_from(row[column].int()).unwrap_or(i32::MAX))
}
