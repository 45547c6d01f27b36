//! How parts are replaced: what the logs told is written as a part, small parts are joined, erased entries are left out.
//!
//! A new part is written first, then the manifest that names it, then what it replaces is removed. Before the manifest the old files
//! hold, after it the new: at no moment is an entry in neither. Changes go on meanwhile; who is erased while a part is written is
//! erased in it too.
//! Start reading at [`Gallery::tend`].

use super::manifest::{self, Manifest, Standing};
use super::part::{self, Part};
use super::{Entry, Gallery, State, lock, log};
use fingerprint::search::{Index, Simd};
use ports::Fault;
use ports::machine::random;
use std::collections::BTreeMap;

/// Entries of a part, at most.
const PART_ENTRIES: usize = Index::SEGMENT_PRINTS;
/// Entries that stand in logs alone before they are written as a part.
const LOGGED_MAX: usize = 32_768;
/// Parts of about one size that are searched apart before they are joined, and how much larger the next size is.
const SIZE_STEP: usize = 8;
/// A part is written anew when one in so many of its entries is erased.
const ERASED_SHARE: usize = 32;

impl Gallery {
    /// Does the most urgent piece of upkeep; `false` where there is none. Whoever keeps a gallery calls it from a thread of its own, until it says `false`, every
    /// now and then.
    ///
    /// # Errors
    /// Nothing has changed, or what had to be removed is removed when the gallery is opened next.
    pub fn tend(&self) -> Result<bool, Fault> {
        let _tending = lock(&self.tending);
        let (logged, chosen) = {
            let state = lock(&self.state);
            let logged =
                state.parts.iter().filter(|part| part.number.is_none()).map(|part| part.ids.len()).sum::<usize>();
            (logged, state.to_join())
        };
        if logged >= LOGGED_MAX {
            self.flush_tending()?;
        } else if let Some((parts, kept)) = chosen {
            self.rewrite(parts, kept, None)?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Writes everything that stands in logs alone as parts, and forgets the logs.
    ///
    /// # Errors
    /// As [`Gallery::tend`].
    pub fn flush(&self) -> Result<(), Fault> {
        let _tending = lock(&self.tending);
        self.flush_tending()
    }

    /// Takes everybody who is erased out of the files: of parts, their index, and logs.
    ///
    /// # Errors
    /// As [`Gallery::tend`].
    pub fn purge(&self) -> Result<(), Fault> {
        let _tending = lock(&self.tending);
        self.flush_tending()?;
        loop {
            let part =
                lock(&self.state).parts.iter().find(|part| !part.erased.is_empty() && part.number.is_some()).cloned();
            match part {
                Some(part) => self.rewrite(vec![part], true, None)?,
                None => return Ok(()),
            }
        }
    }

    fn flush_tending(&self) -> Result<(), Fault> {
        let (young, ended) = {
            let mut writing = lock(&self.log);
            let mut state = lock(&self.state);
            state.index(self.simd);
            writing.current = None;
            let young: Vec<Part> = state.parts.iter().filter(|part| part.number.is_none()).cloned().collect();
            (young, (writing.next, writing.mark))
        };
        self.rewrite(young, true, Some(ended))
    }

    /// Enrols many at once, straight into parts: for the first filling of a gallery. Durable and searchable when it returns. Not
    /// to be called while entries of the same ids change.
    ///
    /// # Errors
    /// None of the entries are enrolled.
    pub fn fill(&self, entries: Vec<Entry>) -> Result<(), Fault> {
        let entries: BTreeMap<_, _> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
        let new = parts(entries.into_values().collect(), self.simd);
        let _tending = lock(&self.tending);
        // What a log says of one of these would come back with it.
        self.flush_tending()?;
        self.replace(Vec::new(), new, true, None)
    }

    /// Replaces parts by new ones with their entries, in files if they are to be kept there. `ended`: the logs before this one
    /// tell nothing more than the parts do, up to this mark.
    fn rewrite(&self, old: Vec<Part>, kept: bool, ended: Option<(u64, u64)>) -> Result<(), Fault> {
        if old.is_empty() && ended.is_none_or(|(log, _)| log == lock(&self.state).first_log) {
            return Ok(());
        }
        let mut entries: Vec<Entry> = old.iter().flat_map(Part::entries).collect();
        entries.sort_by_key(|entry| entry.id);
        self.replace(old, parts(entries, self.simd), kept, ended)
    }

    fn replace(&self, old: Vec<Part>, mut new: Vec<Part>, kept: bool, ended: Option<(u64, u64)>) -> Result<(), Fault> {
        let mut number = lock(&self.state).next_part;
        for part in new.iter_mut().filter(|_| kept) {
            self.files.put(&part::name(number), &part.to_bytes(&self.seal, number, random(&*self.entropy)))?;
            part.number = Some(number);
            number += 1;
        }
        let mut state = lock(&self.state);
        let replaced = |part: &Part| old.iter().any(|old| old.is(part));
        // Who was erased since the entries were read.
        for part in state.parts.iter().filter(|part| replaced(part)) {
            for at in part.erased.iter() {
                let id = part.ids[*at as usize];
                new.iter_mut().for_each(|new| new.find(id).into_iter().for_each(|at| new.erase(at)));
            }
        }
        let mut parts: Vec<Part> = state.parts.iter().filter(|part| !replaced(part)).cloned().collect();
        if old.is_empty() {
            // Nobody stands in two parts: the new entry holds.
            parts.iter_mut().for_each(|part| new.iter().for_each(|new| part.erase_all_of(new)));
        }
        parts.extend(new);
        parts.sort_by_key(|part| part.number.is_none());
        let (first_log, mark) = ended.unwrap_or((state.first_log, state.mark));
        if kept || ended.is_some() {
            let manifest = Manifest::new(first_log, number, mark, standing(&parts));
            self.files.put(manifest::NAME, &manifest.to_bytes(&self.seal, random(&*self.entropy)))?;
        }
        let before = state.first_log;
        (state.parts, state.next_part, state.first_log, state.mark) = (parts, number, first_log, mark);
        state.view = None;
        drop(state);
        for part in old.iter().filter_map(|part| part.number) {
            self.files.delete(&part::name(part))?;
        }
        (before..first_log).try_for_each(|number| self.files.delete(&log::name(number)))
    }
}

/// Entries, each id once and in ascending order, as parts.
fn parts(mut entries: Vec<Entry>, simd: Simd) -> Vec<Part> {
    let mut parts = Vec::new();
    while !entries.is_empty() {
        let rest = entries.split_off(entries.len().min(PART_ENTRIES));
        parts.push(Part::new(entries, simd));
        entries = rest;
    }
    parts
}

/// The parts in files, as the manifest says them.
///
/// A part's entries erased by changes that stand in the logs may be among them: reading the log again erases them once more.
fn standing(parts: &[Part]) -> Vec<Standing> {
    let one = |part: &Part| Some(Standing { number: part.number?, erased: part.erased.iter().copied().collect() });
    parts.iter().filter_map(one).collect()
}

impl State {
    /// Parts to be joined or written anew, and whether they are in files.
    fn to_join(&self) -> Option<(Vec<Part>, bool)> {
        let erased = |part: &&Part| part.number.is_some() && part.erased.len() * ERASED_SHARE > part.ids.len();
        if let Some(part) = self.parts.iter().find(erased) {
            return Some((vec![part.clone()], true));
        }
        // In files: the two smallest, if they fit in one.
        let mut kept: Vec<&Part> = self.parts.iter().filter(|part| part.number.is_some()).collect();
        kept.sort_by_key(|part| part.alive());
        if let [a, b, ..] = kept[..]
            && a.alive() + b.alive() <= PART_ENTRIES
        {
            return Some((vec![a.clone(), b.clone()], true));
        }
        // In memory: as many as make one of the next size.
        let mut sizes: BTreeMap<u32, Vec<&Part>> = BTreeMap::new();
        for part in self.parts.iter().filter(|part| part.number.is_none()) {
            sizes.entry((part.ids.len().max(1)).ilog(SIZE_STEP)).or_default().push(part);
        }
        let many = sizes.into_values().find(|parts| parts.len() >= SIZE_STEP)?;
        Some((many.into_iter().cloned().collect(), false))
    }
}
