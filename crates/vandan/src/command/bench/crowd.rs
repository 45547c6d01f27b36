//! Many people out of few: the events of a small register again, for other persons in other communes on other days.
//!
//! Every person of the small register is a pattern: all events about them alone. Another person lives through the same
//! events, with rows of the same tables and sizes under ids of their own; then desks look them up. What is sealed is taken
//! over byte by byte, so it opens for nobody: no counter looks into it.
//! Not here: how events reach the store (`recount`).
//! Start reading at [`Crowd::day`].

use crate::output::Failure;
use enrolment::table::{APPLICATION, CAPTURE};
use ids::{PersonId, Uuid};
use issuance::table::CARD;
use journal::{Change, Event, Parts, Row, Value};
use ports::store::Read;
use register::table::{HOUSEHOLD, NUMBER_COUNTER, PERSON, PERSON_KEY, STAGED_ROW};
use services::{Book, Error};
use std::cell::Cell;
use std::collections::BTreeMap;
use time::{Day, Instant};

/// Days over which they come.
pub(super) const DAYS: i32 = 150;
/// Of a hundred persons so many apply for a card, of others so many another row comes, so many were sent by mistake.
const APPLICANTS: u64 = 25;
const UPDATED: u64 = 15;
const MISTAKES: u64 = 1;
/// How often a person is looked up when they come.
const READS: usize = 12;
/// Cards in a batch.
const BATCH: u64 = 500;
/// Desks look up whoever is among the last of these.
const RECENT: usize = 50_000;
/// Of so many captures one has a clock that is years ahead.
const AHEAD_OF: u64 = 5_000;

const DAY_US: i64 = 86_400_000_000;

/// A unit's code, its district and its province.
type Commune = [String; 3];

/// One person of the small register: all events about nobody else, in order.
#[derive(Default)]
struct Chain {
    events: Vec<Event>,
    commune: Commune,
}

/// One of the many, at the next of their events.
#[derive(Clone, Copy, Default)]
struct Someone {
    number: u64,
    chain: usize,
    next: usize,
    born: Instant,
    captured: Instant,
    received: Instant,
}

/// The many.
pub(super) struct Crowd {
    chains: Vec<Chain>,
    plain: Vec<usize>,
    applicants: Vec<usize>,
    updated: Vec<usize>,
    mistakes: Vec<usize>,
    /// The wrapped key of a person, which is in no event.
    wrapped: Value,
    /// A look-up by a desk.
    read: Option<Event>,
    /// Files as sent: the file, then its rows.
    files: Vec<Vec<Event>>,
    communes: Vec<Commune>,
    /// Who has an event on a later day.
    due: BTreeMap<Day, Vec<Someone>>,
    /// Persons that have come.
    persons: u64,
    /// Rows that have come with files.
    rows: u64,
    /// Those who came last, and the places of their communes.
    recent: Vec<(PersonId, usize)>,
    /// Ids of events that were made.
    made: Cell<u64>,
}

/// A number that looks drawn, the same for the same seed.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A place drawn in a list of this length.
fn draw(seed: u64, length: usize) -> usize {
    (mix(seed) % length.max(1) as u64) as usize
}

impl Crowd {
    /// Takes the patterns from a small register.
    pub(super) fn of(book: &Book) -> Result<Crowd, Error> {
        let (mut chains, mut files) = (BTreeMap::<PersonId, Chain>::new(), Vec::<Vec<Event>>::new());
        let (mut read, mut from) = (None, 0);
        loop {
            let events = book.view(|view| Ok(view.events(from, 1_000)?))?;
            let Some(last) = events.last() else { break };
            from = last.number + 1;
            for stored in &events {
                let event = Parts::from_bytes(&stored.bytes)?.event()?;
                match (event.kind.as_str(), event.subjects.as_slice()) {
                    ("file.staged", []) => files.push(vec![event]),
                    ("rows.staged", []) => {
                        let file = files.iter_mut().find(|file| key_of(&file[0]) == key_of(&event));
                        file.into_iter().for_each(|file| file.push(event.clone()));
                    }
                    // A desk's look-up stands for itself; one that belongs to a card comes with the card.
                    ("person.read", [_]) if event.actor.purpose == "request" => read = Some(event),
                    (_, [person]) => chains.entry(*person).or_default().events.push(event),
                    _ => {}
                }
            }
        }
        let communes = book.view(communes)?;
        let at: BTreeMap<&str, &Commune> = communes.iter().map(|commune| (commune[0].as_str(), commune)).collect();
        let mut all = Vec::new();
        for mut chain in chains.into_values().filter(|chain| chain.events[0].kind == "person.entered") {
            let Some(commune) = at.get(chain.events[0].unit.as_str()) else { continue };
            chain.commune = (*commune).clone();
            all.push(chain);
        }
        let with = |kind: &str| -> Vec<usize> {
            let has = |chain: &Chain| chain.events.iter().any(|event| event.kind == kind);
            (0..all.len()).filter(|at| has(&all[*at])).collect()
        };
        let kinds = ["application.received", "person.updated", "person.withdrawn"];
        let [applicants, updated, mistakes] = kinds.map(with);
        let others = [&applicants, &updated, &mistakes];
        let plain = (0..all.len()).filter(|at| others.iter().all(|other| !other.contains(at))).collect();
        let wrapped = book.view(|view| Ok(view.scan(&PERSON_KEY, &[], None, 1)?))?.pop();
        Ok(Crowd {
            chains: all,
            plain,
            applicants,
            updated,
            mistakes,
            wrapped: wrapped.map_or(Value::Null, |mut row| row.remove(1)),
            read,
            files,
            communes,
            due: BTreeMap::new(),
            persons: 0,
            rows: 0,
            recent: vec![(PersonId::default(), 0); RECENT],
            made: Cell::new(0),
        })
    }

    /// How many communes they live in.
    pub(super) fn communes(&self) -> usize {
        self.communes.len()
    }

    /// How many have come.
    pub(super) fn persons(&self) -> u64 {
        self.persons
    }

    /// The events of one day, so many: first what is due, then new persons with their files and look-ups.
    pub(super) fn day(
        &mut self,
        day: Day,
        quota: usize,
        emit: &mut dyn FnMut(Event) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // Offices work for nine hours.
        let begin = day.start().0 + 8 * 3_600_000_000;
        let mut done = 0;
        let mut give = |done: &mut usize, event: &mut dyn FnMut(Instant) -> Event| {
            let now = Instant(begin + 9 * 3_600_000_000 / quota.max(1) as i64 * *done as i64);
            *done += 1;
            emit(event(now))
        };
        let mut due: Vec<Someone> = Vec::new();
        while let Some(entry) = self.due.first_entry().filter(|entry| *entry.key() <= day) {
            due.extend(entry.remove());
        }
        let mut due = due.into_iter();
        while done < quota {
            let fresh = due.next();
            let (mut someone, new) = match fresh {
                Some(someone) => (someone, false),
                None => (self.newcomer(), true),
            };
            // What follows on the same day follows at once.
            loop {
                give(&mut done, &mut |now| self.event(&mut someone, now))?;
                let Some(wait) = self.wait(&someone) else { break };
                if wait > 0 || done == quota {
                    self.due.entry(Day(day.0 + wait)).or_default().push(someone);
                    break;
                }
            }
            if !new {
                continue;
            }
            for at in 0..READS {
                let Some(read) = self.read.clone().filter(|_| done < quota) else { break };
                give(&mut done, &mut |now| self.look_up(read.clone(), someone.number, at, now))?;
            }
            if self.rows < self.persons && done + 4 < quota {
                let (number, file) = (self.rows, draw(self.rows ^ 1, self.files.len()));
                let mut sender = Someone { number, ..Someone::default() };
                for at in 0..self.files.get(file).map_or(0, Vec::len) {
                    give(&mut done, &mut |now| self.sent(file, at, &mut sender, now))?;
                }
            }
        }
        // Whoever did not get their turn has it the next day.
        self.due.entry(Day(day.0 + 1)).or_default().extend(due);
        Ok(())
    }

    /// Another person, before their first event.
    fn newcomer(&mut self) -> Someone {
        self.persons += 1;
        let number = self.persons;
        let from = match mix(number) % 100 {
            drawn if drawn < APPLICANTS => &self.applicants,
            drawn if drawn < APPLICANTS + UPDATED => &self.updated,
            drawn if drawn < APPLICANTS + UPDATED + MISTAKES => &self.mistakes,
            _ => &self.plain,
        };
        // A register so small that nobody in it did that has others.
        let from = if from.is_empty() { &self.plain } else { from };
        let chain = from.get(draw(number ^ 2, from.len())).copied().unwrap_or_default();
        Someone { number, chain, ..Someone::default() }
    }

    /// The next event of somebody, who is then before the one after it.
    fn event(&mut self, someone: &mut Someone, now: Instant) -> Event {
        let pattern = &self.chains[someone.chain].events[someone.next];
        if someone.next == 0 {
            someone.born = now;
        }
        if pattern.kind == "application.received" {
            // Packets wait in a kit for up to five days, some for weeks; some kits think that it is 2036.
            let drawn = mix(someone.number ^ 3);
            let days = match drawn {
                _ if drawn.is_multiple_of(AHEAD_OF) => -5_500,
                _ if drawn.is_multiple_of(20) => 6 + (drawn >> 32) as i64 % 24,
                _ => (drawn >> 32) as i64 % 6,
            };
            (someone.captured, someone.received) = (Instant(now.0 - days * DAY_US), now);
        }
        let commune = draw(someone.number ^ 5, self.communes.len());
        let from = &self.chains[someone.chain].commune;
        let mut event = self.again(pattern, someone, from, &self.communes[commune], now);
        if someone.next == 0 {
            let person = event.subjects[0];
            self.recent[someone.number as usize % RECENT] = (person, commune);
            event.unlogged = vec![Change::put(&PERSON_KEY, vec![person.bytes().into(), self.wrapped.clone()])];
        }
        someone.next += 1;
        event
    }

    /// The days until somebody's next event; none if there is none.
    fn wait(&self, someone: &Someone) -> Option<i32> {
        let next = self.chains[someone.chain].events.get(someone.next)?;
        let drawn = (mix(someone.number ^ 4) % 20) as i32;
        Some(match next.kind.as_str() {
            "application.received" => 1 + drawn,
            "application.checked" | "application.approved" => 1,
            "application.batched" | "person.read" => 2,
            "card.begun" | "card.personalised" => 0,
            _ => 1 + 2 * drawn,
        })
    }

    /// A desk looks somebody up.
    fn look_up(&mut self, mut event: Event, number: u64, at: usize, now: Instant) -> Event {
        // Whoever came now is the first; then somebody else who came lately.
        let back = if at == 0 { 0 } else { mix(number ^ at as u64) % number.min(RECENT as u64) };
        let (person, commune) = self.recent[(number - back) as usize % RECENT];
        event.subjects = vec![person];
        self.communes[commune][0].clone_into(&mut event.unit);
        (event.id, event.recorded) = (self.id(now), now);
        event
    }

    /// A file as sent, or rows of it.
    fn sent(&mut self, file: usize, at: usize, sender: &mut Someone, now: Instant) -> Event {
        let pattern = &self.files[file][at];
        if at == 0 {
            sender.born = now;
        }
        let staged = |change: &&Change| matches!(change, Change::Put { table, .. } if *table == STAGED_ROW.code);
        let rows = pattern.changes.iter().filter(staged).count() as u64;
        let nowhere = Commune::default();
        let event = self.again(pattern, sender, &nowhere, &nowhere, now);
        self.rows += rows;
        event
    }

    /// An id of an event.
    fn id(&self, now: Instant) -> Uuid {
        self.made.set(self.made.get() + 1);
        let mut random = [0; 10];
        random[..8].copy_from_slice(&mix(self.made.get()).to_le_bytes());
        Uuid::v7(now.0, random)
    }

    /// An event again: of somebody, in a commune, now.
    fn again(&self, pattern: &Event, someone: &Someone, from: &Commune, to: &Commune, now: Instant) -> Event {
        let mut event = pattern.clone();
        (event.id, event.recorded) = (self.id(now), now);
        place(&mut event.unit, from, to);
        for person in &mut event.subjects {
            let id = renewed(person.bytes(), someone);
            *person = PersonId::from_bytes(&id).unwrap_or_default();
        }
        if let Some((key, _)) = &mut event.command {
            *key = renewed(key, someone);
        }
        for change in &mut event.changes {
            let (table, row) = match change {
                Change::Put { table, row } => (*table, row),
                Change::Delete { table, key } => (*table, key),
            };
            renew(table, row, someone, from, to);
        }
        event
    }
}

/// The first cell of the first row that an event writes: of a file and of its rows the file's id.
fn key_of(event: &Event) -> Option<&Value> {
    event.changes.iter().find_map(|change| match change {
        Change::Put { row, .. } => row.first(),
        Change::Delete { .. } => None,
    })
}

/// Puts one commune in another's place.
fn place(unit: &mut String, from: &Commune, to: &Commune) {
    if let Some(at) = from.iter().position(|old| old == unit && !old.is_empty()) {
        unit.clone_from(&to[at]);
    }
}

/// Makes a row that of somebody: other ids and tokens, another commune, the times of their own application.
fn renew(table: u16, row: &mut Row, someone: &Someone, from: &Commune, to: &Commune) {
    for (column, cell) in row.iter_mut().enumerate() {
        match cell {
            Value::Text(text) => place(text, from, to),
            Value::Blob(bytes) if matches!(bytes.len(), 16 | 32) && !shared(table, column) => {
                let batch = Someone { number: someone.number / BATCH, born: Instant(0), ..*someone };
                let of = if in_batch(table, column) { &batch } else { someone };
                *bytes = renewed(bytes, of);
            }
            Value::Int(at) if table == APPLICATION.code && column == 6 => *at = someone.captured.0,
            Value::Int(at) if table == APPLICATION.code && column == 7 => *at = someone.received.0,
            _ => {}
        }
    }
}

/// Whether a column says what many persons share: an import, an officer, a blob, a cell of numbers.
fn shared(table: u16, column: usize) -> bool {
    let all =
        [(&PERSON, 6), (&HOUSEHOLD, 4), (&APPLICATION, 5), (&APPLICATION, 8), (&CAPTURE, 5), (&NUMBER_COUNTER, 0)];
    all.iter().any(|(other, at)| (other.code, *at) == (table, column))
}

/// Whether a column is that of a batch of cards.
fn in_batch(table: u16, column: usize) -> bool {
    (table, column) == (APPLICATION.code, 9) || (table, column) == (CARD.code, 5)
}

/// An id or a token of somebody else, always the same for the same two; an id keeps the time at which it was made in front.
fn renewed(old: &[u8], someone: &Someone) -> Vec<u8> {
    let mut new = Vec::with_capacity(old.len());
    for part in old.chunks(8) {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        let drawn = mix(u64::from_le_bytes(word) ^ mix(someone.number));
        new.extend_from_slice(&drawn.to_le_bytes()[..part.len()]);
    }
    if new.len() == 16 && old[6] >> 4 == 7 {
        let time = Uuid::v7(someone.born.0, [0; 10]);
        new[..8].copy_from_slice(&time.0[..8]);
        new[8] = 0x80 | new[8] & 0x3f;
    }
    new
}

/// All communes with the district and the province they lie in.
fn communes(view: &dyn Read) -> Result<Vec<Commune>, Error> {
    let units = services::unit::all(view)?;
    let above = |code: &str| units.get(code).map(|unit| unit.parent.clone()).unwrap_or_default();
    let communes = units.values().filter(|unit| unit.level == 3);
    Ok(communes.map(|unit| [unit.code.clone(), unit.parent.clone(), above(&unit.parent)]).collect())
}
