//! The gallery: the prints of everybody enrolled, ready to be searched, kept through any end of the process.
//!
//! What is enrolled or erased is first written to a log, durably, then acknowledged and seen by every search that begins after. From time
//! to time ([`Gallery::tend`]) the entries of the logs are written as a part with its index, parts are joined, and what is erased is left
//! out, its index with it. When a process starts, parts are read as they are and only the last logs are indexed anew.
//!
//! Invariant: what was acknowledged is found after any crash; what was erased is never found again, and stands in no file once
//! [`Gallery::purge`] has returned.
//! Invariant: templates leave the process sealed only.
//! Lock order: `tending`, then `log`, then `state`.
//! Not here: files (`ports::gallery`), scores (`fingerprint`), what a hit means (`abis`).
//! Start reading at [`Gallery::open`], then [`Gallery::enrol`]; how files are replaced is in `rewrite`.

mod change;
mod log;
mod manifest;
mod part;
mod rewrite;
mod sealed;
#[cfg(test)]
mod tests;
mod view;

use change::{Change, ENTRIES_MAX, PRINTS_MAX, What};
use fingerprint::search::{Forms, Simd};
use fingerprint::{Candidate, Fused};
use ids::ApplicationId;
use log::Log;
use manifest::{Manifest, Standing};
use part::Part;
use ports::Fault;
use ports::gallery::GalleryFiles;
use ports::machine::{Entropy, random};
use rayon::prelude::*;
use sealed::Sealed;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
pub use view::View;

/// Entries that wait to be indexed; a search indexes them when it comes.
const WAITING_MAX: usize = 512;

/// The prints of one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub id: ApplicationId,
    /// By finger; at most 20 are kept.
    pub prints: Forms,
}

/// How a gallery was found when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// Entries in force.
    pub entries: usize,
    /// Of these, in parts that were read as they are.
    pub indexed: usize,
    /// Changes that stood in logs alone.
    pub replayed: usize,
}

/// See the module.
pub struct Gallery {
    files: Arc<dyn GalleryFiles>,
    entropy: Arc<dyn Entropy>,
    seal: Sealed,
    simd: Simd,
    tending: Mutex<()>,
    log: Mutex<Writing>,
    state: Mutex<State>,
}

/// Where the next change is written.
struct Writing {
    current: Option<Log>,
    next: u64,
    mark: u64,
}

#[derive(Default)]
struct State {
    /// Those in files first.
    parts: Vec<Part>,
    waiting: BTreeMap<ApplicationId, Forms>,
    /// What is searched; none after a change.
    view: Option<Arc<View>>,
    next_part: u64,
    first_log: u64,
    /// The mark at the end of the logs before `first_log`.
    mark: u64,
}

impl Gallery {
    /// Opens a gallery, or makes one where there is none. `key` seals the files and is used for nothing else.
    ///
    /// # Errors
    /// [`Fault::Damaged`] names the file; a gallery can always be made anew from the register.
    pub fn open(
        files: Arc<dyn GalleryFiles>,
        entropy: Arc<dyn Entropy>,
        key: &[u8; 32],
    ) -> Result<(Self, Opened), Fault> {
        let seal = Sealed::new(key);
        let names = files.list()?;
        let manifest = match files.get(manifest::NAME)? {
            Some(bytes) => Manifest::from_bytes(&seal, &bytes)?,
            None if names.is_empty() => {
                let manifest = Manifest::new(1, 1, 0, Vec::new());
                files.put(manifest::NAME, &manifest.to_bytes(&seal, random(&*entropy)))?;
                manifest
            }
            None => return Err(Fault::Damaged { what: "gallery manifest".into(), cause: "missing".into() }),
        };
        let read = |standing: &Standing| read_part(&*files, &seal, standing);
        let parts = manifest.parts.par_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let indexed = parts.iter().map(Part::alive).sum();
        let state = State {
            parts,
            next_part: manifest.next_part,
            first_log: manifest.first_log,
            mark: manifest.mark,
            ..State::default()
        };
        let logs: Vec<u64> = names.iter().filter_map(|name| log::number(name)).collect();
        let next = logs.last().map_or(manifest.first_log, |last| last + 1).max(manifest.first_log);
        let log = Mutex::new(Writing { current: None, next, mark: manifest.mark });
        let gallery =
            Self { files, entropy, seal, simd: Simd::best(), tending: Mutex::default(), log, state: Mutex::new(state) };
        let mut replayed = 0;
        for number in logs.into_iter().filter(|number| *number >= manifest.first_log) {
            let bytes = gallery.files.get(&log::name(number))?.unwrap_or_default();
            for change in log::read(&gallery.seal, number, &bytes)? {
                replayed += 1;
                lock(&gallery.log).mark = change.mark;
                gallery.apply(change.what);
            }
        }
        gallery.forget(&manifest, &names)?;
        let entries = gallery.len();
        Ok((gallery, Opened { entries, indexed, replayed }))
    }

    /// Removes files that the manifest does not speak of: those of work that was cut off.
    fn forget(&self, manifest: &Manifest, names: &[String]) -> Result<(), Fault> {
        let standing = |number: u64| manifest.parts.iter().any(|part| part.number == number);
        for name in names {
            let past = log::number(name).is_some_and(|number| number < manifest.first_log);
            if past || part::number(name).is_some_and(|number| !standing(number)) {
                self.files.delete(name)?;
            }
        }
        Ok(())
    }

    /// Enrols; durable and searchable when it returns. An id that is enrolled already gets these prints in place of its own. `mark` says
    /// how far the owner of the gallery has come; see [`Gallery::mark`].
    ///
    /// # Errors
    /// A fault means that any of the entries may have been enrolled; enrolling them again is right.
    pub fn enrol(&self, entries: Vec<Entry>, mark: u64) -> Result<(), Fault> {
        let mut entries = entries;
        entries.iter_mut().for_each(|entry| entry.prints.truncate(PRINTS_MAX));
        while !entries.is_empty() {
            let rest = entries.split_off(entries.len().min(ENTRIES_MAX));
            self.change(What::Enrolled(entries), mark)?;
            entries = rest;
        }
        Ok(())
    }

    /// Erases; no search that begins after it returns finds them. Ids that are not enrolled are no error.
    ///
    /// # Errors
    /// A fault means that any of them may have been erased; erasing them again is right.
    pub fn erase(&self, ids: &[ApplicationId], mark: u64) -> Result<(), Fault> {
        ids.chunks(ENTRIES_MAX).try_for_each(|ids| self.change(What::Erased(ids.to_vec()), mark))
    }

    /// Says how far the owner has come, where that is farther than before.
    ///
    /// # Errors
    /// The mark may have been written.
    pub fn reach(&self, mark: u64) -> Result<(), Fault> {
        if mark > self.mark() { self.change(What::Erased(Vec::new()), mark) } else { Ok(()) }
    }

    fn change(&self, what: What, mark: u64) -> Result<(), Fault> {
        let change = Change { mark, what };
        let mut writing = lock(&self.log);
        let mut log = match writing.current.take() {
            Some(log) => log,
            None => {
                writing.next += 1;
                Log::new(writing.next - 1, random(&*self.entropy))
            }
        };
        // After a fault the log may end in a part of a frame: the next change begins another.
        log.append(&*self.files, &self.seal, &change)?;
        writing.current = Some(log);
        writing.mark = mark;
        self.apply(change.what);
        Ok(())
    }

    /// Takes a change that is in a log into what is searched.
    fn apply(&self, what: What) {
        if what.is_empty() {
            return;
        }
        let mut state = lock(&self.state);
        state.view = None;
        match what {
            What::Enrolled(entries) => {
                for entry in entries {
                    state.erase(entry.id);
                    state.waiting.insert(entry.id, entry.prints);
                }
                if state.waiting.len() >= WAITING_MAX {
                    state.index(self.simd);
                }
            }
            What::Erased(ids) => ids.into_iter().for_each(|id| state.erase(id)),
        }
    }

    /// The `top` most alike entries, most alike first.
    #[must_use]
    pub fn search(&self, prints: &Forms, top: usize) -> Vec<Candidate<ApplicationId>> {
        let view = self.view();
        let among = |number: u32| view.id(number).is_some();
        let found = view.people().search_among(prints, top, self.simd, &among).candidates;
        let named = |one: Candidate<u32>| -> Option<Candidate<ApplicationId>> {
            let fused: Fused = one.fused;
            Some(Candidate { id: view.id(one.id)?, fused })
        };
        found.into_iter().filter_map(named).collect()
    }

    /// What is searched now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        let mut state = lock(&self.state);
        if let Some(view) = &state.view {
            return Arc::clone(view);
        }
        let waiting = state.waiting.iter().map(|(id, prints)| Entry { id: *id, prints: prints.clone() }).collect();
        let waiting = Part::new(waiting, self.simd);
        let view = Arc::new(View::new(state.parts.iter().cloned().chain([waiting])));
        state.view = Some(Arc::clone(&view));
        view
    }

    /// The mark of the last change: where the owner goes on after a start.
    #[must_use]
    pub fn mark(&self) -> u64 {
        lock(&self.log).mark
    }

    /// How many entries are in force.
    #[must_use]
    pub fn len(&self) -> usize {
        let state = lock(&self.state);
        state.parts.iter().map(Part::alive).sum::<usize>() + state.waiting.len()
    }

    /// Whether nobody is enrolled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an id is enrolled.
    #[must_use]
    pub fn contains(&self, id: ApplicationId) -> bool {
        let state = lock(&self.state);
        state.waiting.contains_key(&id) || state.parts.iter().any(|part| part.find(id).is_some())
    }

    /// Bytes of memory that the index takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let state = lock(&self.state);
        state.parts.iter().map(|part| part.people.bytes() + 16 * part.ids.len()).sum()
    }
}

impl State {
    /// Marks an entry as erased wherever it stands.
    fn erase(&mut self, id: ApplicationId) {
        self.waiting.remove(&id);
        for part in &mut self.parts {
            if let Some(at) = part.find(id) {
                part.erase(at);
            }
        }
    }

    /// Indexes what waits.
    fn index(&mut self, simd: Simd) {
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() {
            let entries = waiting.into_iter().map(|(id, prints)| Entry { id, prints }).collect();
            self.parts.push(Part::new(entries, simd));
        }
    }
}

fn read_part(files: &dyn GalleryFiles, seal: &Sealed, standing: &Standing) -> Result<Part, Fault> {
    let name = part::name(standing.number);
    let damaged = |cause: &str| Fault::Damaged { what: format!("gallery {name}"), cause: cause.into() };
    let bytes = files.get(&name)?.ok_or_else(|| damaged("missing"))?;
    let mut part = Part::from_bytes(seal, standing.number, bytes)?;
    if standing.erased.iter().any(|at| *at as usize >= part.ids.len()) {
        return Err(damaged("fewer entries than the manifest says"));
    }
    part.erased = Arc::new(standing.erased.iter().copied().collect());
    Ok(part)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
