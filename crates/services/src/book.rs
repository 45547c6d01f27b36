//! The book: every decision becomes events and rows in one transaction, then entries of the ledger.
//!
//! Invariant: when [`Book::submit`] has returned `Ok`, event and rows are durable; a checkpoint covers them within 200 ms
//! where [`Book::tick`] is called that often, and at the latest when the book is closed.
//! Many callers are committed together: whoever finds no commit under way takes everything that waits.

use crate::Error;
use crate::edge::{Draft, Edge, Stored};
use crate::gallery::Gallery;
use crate::import::Turns;
use crate::programme::{Counters, Sheets};
use crate::rows::each;
use crate::schema::{COMMAND, PERSON_EVENT, implied};
use crate::status::Figures;
use ids::{PersonId, Uuid};
use journal::{Actor, Change, Event, Link, Parts, Row, Value};
use ledger::{Hash, Heads, HeadsAt};
use ports::Fault;
use ports::blob::Blobs;
use ports::gallery::GalleryFiles;
use ports::keys::Keys;
use ports::machine::{Clock, Entropy, random};
use ports::store::{Read, Store, StoredEvent, Write};
use ports::tiles::TileFiles;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::Instant;

/// How old a checkpoint's head map may be.
const HEADS_AGE_US_MAX: i64 = 60_000_000;
/// How old the last checkpoint may be while there are newer events.
const CHECKPOINT_AGE_US_MAX: i64 = 200_000;
/// A checkpoint of this age is signed by whoever commits, also where a thread should have done it.
const LATE_US: i64 = 3_000_000;

/// Everything outside that the services use.
pub struct Home {
    /// State and events.
    pub store: Box<dyn Store>,
    /// Sealed blobs.
    pub blobs: Box<dyn Blobs>,
    /// The ledger's files.
    pub tiles: Box<dyn TileFiles>,
    /// The secret keys.
    pub keys: Box<dyn Keys>,
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// The gallery of prints.
    pub gallery: Arc<dyn GalleryFiles>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// What a command decided: events to write, and its answer.
#[derive(Default)]
pub struct Decision {
    /// The events, in order.
    pub events: Vec<Event>,
    /// The answer, kept with the idempotency key where there is one.
    pub answer: Vec<u8>,
}

type Work = Box<dyn FnOnce(&dyn Read) -> Result<Decision, Error> + Send>;

struct Job {
    key: Option<Vec<u8>>,
    work: Option<Work>,
    waiter: Sender<Message>,
}

/// What a caller that waits is told.
enum Message {
    /// Its command has been carried out, or refused.
    Done(Result<Vec<u8>, Error>),
    /// It is its turn to commit everything that waits.
    Lead,
}

/// Commands that wait. While somebody leads, others only wait: the next leader is one of them.
#[derive(Default)]
struct Queue {
    jobs: Vec<Job>,
    led: bool,
}

/// The register's book.
pub struct Book {
    home: Home,
    queue: Mutex<Queue>,
    edge: Mutex<Edge>,
    /// Held by whoever signs, and taken before the edge.
    signing: Mutex<()>,
    /// Somebody calls [`Book::tick`] again and again, so that whoever commits need not.
    ticked: AtomicBool,
    heads: Mutex<Option<Kept>>,
    /// The head map is being made beside the work; until it is there, checkpoints carry the last root.
    warming: AtomicBool,
    pub(crate) figures: Mutex<Figures>,
    pub(crate) counting: Mutex<()>,
    pub(crate) imports: Turns,
    pub(crate) counters: Mutex<Counters>,
    pub(crate) sheets: Sheets,
    /// Held by whoever counts for the board.
    pub(crate) counts: Mutex<()>,
    /// Opened by the first search; held by whoever searches applications.
    pub(crate) gallery: Mutex<Option<Gallery>>,
}

/// What a wish for a checkpoint comes to.
enum Drafted {
    /// The last one says everything.
    Signed(String),
    /// A new one is to be signed.
    New(Draft),
}

/// The head map, kept while events come.
struct Kept {
    map: Heads,
    /// The events in it.
    events: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Book {
    /// Opens the book and compares ledger and SQL: events that a crash kept out of the ledger are entered; a ledger that
    /// knows more events than SQL is damage.
    pub fn open(home: Home) -> Result<Book, Error> {
        let edge = Edge::load(&*home.tiles, &*home.keys)?;
        let book = Book {
            home,
            queue: Mutex::default(),
            edge: Mutex::new(edge),
            signing: Mutex::default(),
            ticked: AtomicBool::new(false),
            heads: Mutex::default(),
            warming: AtomicBool::new(false),
            figures: Mutex::default(),
            counting: Mutex::default(),
            imports: Turns::default(),
            counters: Mutex::default(),
            sheets: Sheets::default(),
            counts: Mutex::default(),
            gallery: Mutex::default(),
        };
        let mut edge = lock(&book.edge);
        let count = book.view(|view| Ok(view.event_count()?))?;
        let damaged = |cause: String| Error::Fault(Fault::Damaged { what: "ledger".into(), cause });
        if count < edge.size() {
            let size = edge.size();
            return Err(damaged(format!(
                "the ledger has {size} events, the database {count}: the database was set back"
            )));
        }
        if edge.signed.is_none() {
            if count > 0 {
                return Err(damaged("there is no checkpoint, and there are events: the checkpoint was removed".into()));
            }
            // From the first event on there is a checkpoint, so a missing one is always damage.
            let heads = HeadsAt { size: 0, root: Heads::default().root(), made_us: book.now().0 };
            edge.sign(&*book.home.tiles, &*book.home.keys, heads, book.now())?;
        }
        book.catch_up(&mut edge, count)?;
        drop(edge);
        Ok(book)
    }

    /// Enters events into the ledger that SQL has and the ledger has not: those of a crash, or of a tile that could not be
    /// written. Only events that this installation wrote are entered.
    fn catch_up(&self, edge: &mut Edge, count: u64) -> Result<(), Error> {
        while edge.size() < count {
            let from = edge.size();
            let events = self.view(|view| Ok(view.events(from, 500)?))?;
            let mut commitments = Vec::with_capacity(events.len());
            for event in &events {
                let parts = Parts::from_bytes(&event.bytes)?;
                let own = event.number == from + commitments.len() as u64
                    && commitment(&self.home, event.number, &parts) == (event.salt, event.commitment);
                if !own {
                    let cause = format!("event {} was not written by this installation", event.number);
                    return Err(Fault::Damaged { what: "ledger".into(), cause }.into());
                }
                commitments.push(event.commitment);
            }
            if commitments.is_empty() {
                return Err(Fault::Damaged { what: "ledger".into(), cause: format!("event {from} is missing") }.into());
            }
            edge.append(&*self.home.tiles, &commitments)?;
        }
        Ok(())
    }

    /// What the services use.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.home.clock.now()
    }

    /// A new id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        Uuid::v7(self.now().0, random(&*self.home.entropy))
    }

    /// A new event.
    #[must_use]
    pub fn event(&self, kind: &str, actor: &Actor) -> Event {
        Event::new(self.id(), kind, self.now(), actor.clone())
    }

    /// Looks at a consistent view. For answers that disclose a person use [`Book::submit`] with a read event.
    pub fn view<T>(&self, work: impl FnOnce(&dyn Read) -> Result<T, Error>) -> Result<T, Error> {
        let mut work = Some(work);
        let mut result = None;
        self.home.store.read(&mut |view| {
            result = work.take().map(|work| work(view));
            Ok(())
        })?;
        result.unwrap_or(Err(Error::Fault(Fault::Locked)))
    }

    /// Carries out a command: `work` looks and decides; its events and rows are durable when this returns. A command with
    /// a key that was carried out before is not carried out again; its answer is given again.
    pub fn submit(
        &self,
        key: Option<&[u8]>,
        work: impl FnOnce(&dyn Read) -> Result<Decision, Error> + Send + 'static,
    ) -> Result<Vec<u8>, Error> {
        let (waiter, messages) = channel();
        let first = {
            let mut queue = lock(&self.queue);
            queue.jobs.push(Job { key: key.map(<[u8]>::to_vec), work: Some(Box::new(work)), waiter });
            !std::mem::replace(&mut queue.led, true)
        };
        if first {
            self.lead();
        }
        loop {
            match messages.recv() {
                Ok(Message::Done(answer)) => return answer,
                Ok(Message::Lead) => self.lead(),
                // Whoever led has gone away without an answer: its thread panicked.
                Err(_) => return Err(Error::Fault(Fault::Locked)),
            }
        }
    }

    /// Commits everything that waits, then hands the lead to one who came meanwhile.
    fn lead(&self) {
        let _handover = Handover(self);
        let mut edge = lock(&self.edge);
        let mut jobs = std::mem::take(&mut lock(&self.queue).jobs);
        let mut answers = Vec::new();
        let (mut commitments, mut moved) = (Vec::new(), HashMap::new());
        let mut first = 0;
        let written = self.home.store.write(&mut |tx| {
            let (next, heads) = (tx.event_count()?, HashMap::new());
            first = next;
            let mut writing = Writing { home: &self.home, next, heads, commitments: Vec::new() };
            for job in &mut jobs {
                answers.push(writing.carry_out(tx, job)?);
            }
            (commitments, moved) = (writing.commitments, writing.heads);
            Ok(())
        });
        // What is committed is committed, whatever comes of tiles and signature: a ledger that fell behind is read again
        // from its files and catches up with the next commit or checkpoint. So does one that knows nothing of a commit
        // whose callers are told of a fault although the database has done it.
        if written.is_ok() && self.enter(&mut edge, first, &commitments).is_err() {
            edge.broken = true;
        }
        if written.is_ok() {
            self.keep(first, commitments.len() as u64, &moved);
        }
        drop(edge);
        for (at, job) in jobs.iter().enumerate() {
            let answer = match &written {
                Ok(()) => answers[at].clone(),
                Err(fault) => Err(fault.clone().into()),
            };
            // A caller that has gone away does not want its answer.
            let _ = job.waiter.send(Message::Done(answer));
        }
        // Where a thread ticks nobody waits for a signature, unless that thread is late. One that cannot be made now is made
        // with a later commit.
        let age_us = if self.is_ticked() { LATE_US } else { CHECKPOINT_AGE_US_MAX };
        let _ = self.sign_after(age_us);
    }

    /// Enters what a transaction changed into the head map. A map that does not end where it began is made anew when it is
    /// wanted.
    fn keep(&self, first: u64, count: u64, moved: &HashMap<PersonId, (u64, Hash)>) {
        let mut kept = lock(&self.heads);
        if let Some(kept) = kept.as_mut().filter(|kept| kept.events == first) {
            for (person, (number, head)) in moved {
                kept.map.set(&(*person.bytes(), *number, *head));
            }
            kept.events += count;
        }
    }

    /// Reads a broken edge again from its files. Until that succeeds nothing is appended and nothing is signed: a signature
    /// over a tile that was never written could not be proven.
    fn mend(&self, edge: &mut Edge) -> Result<(), Error> {
        if edge.broken {
            let loaded = Edge::load(&*self.home.tiles, &*self.home.keys)?;
            let size = |edge: &Edge| edge.signed.as_ref().map(|signed| signed.size);
            if size(&loaded) < size(edge) {
                let cause = "the last checkpoint was removed or set back".to_owned();
                return Err(Fault::Damaged { what: "ledger".into(), cause }.into());
            }
            *edge = loaded;
        }
        Ok(())
    }

    /// Enters commitments whose first has number `first`.
    fn enter(&self, edge: &mut Edge, first: u64, commitments: &[Hash]) -> Result<(), Error> {
        self.mend(edge)?;
        self.catch_up(edge, first)?;
        Ok(edge.append(&*self.home.tiles, commitments)?)
    }

    /// Signs a checkpoint if there is something new and the last one is old enough. To be called every 200 ms or so.
    pub fn tick(&self) -> Result<(), Error> {
        self.sign_after(CHECKPOINT_AGE_US_MAX)
    }

    fn sign_after(&self, age_us: i64) -> Result<(), Error> {
        let now = self.now();
        let due = match &lock(&self.edge).signed {
            // A clock that was set back must not keep us from signing until it has caught up.
            Some(signed) => now.0 < signed.signed_us || now.0 - signed.signed_us >= age_us,
            None => true,
        };
        if due { self.checkpoint(false).map(drop) } else { Ok(()) }
    }

    /// Says that [`Book::tick`] will be called, by a thread of its own: then nobody who commits waits for a signature.
    pub fn will_tick(&self) {
        self.ticked.store(true, Ordering::Relaxed);
    }

    /// Whether a thread ticks.
    pub(crate) fn is_ticked(&self) -> bool {
        self.ticked.load(Ordering::Relaxed)
    }

    /// Signs a checkpoint of everything; with `heads` its head map is of now, otherwise at most 60 s old. Others commit
    /// while its files are made durable.
    pub fn checkpoint(&self, heads: bool) -> Result<String, Error> {
        let _one = lock(&self.signing);
        let draft = match self.draft(&mut lock(&self.edge), heads)? {
            Drafted::Signed(note) => return Ok(note),
            Drafted::New(draft) => draft,
        };
        match draft.sign(&*self.home.tiles, &*self.home.keys) {
            Ok(signed) => Ok(lock(&self.edge).take(&*self.home.tiles, signed)),
            Err(fault) => {
                // Who could not sync does not know what is durable: the tiles since the last checkpoint are written anew.
                lock(&self.edge).broken = true;
                Err(fault.into())
            }
        }
    }

    /// Looks at one state of everything: the checkpoint, the head map under it, and the rows. Nothing is committed while
    /// `work` looks, and it may commit nothing.
    pub(crate) fn still<T>(
        &self,
        work: impl FnOnce(String, &mut Heads, &dyn Read) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let _one = lock(&self.signing);
        let mut edge = lock(&self.edge);
        let note = match self.draft(&mut edge, true)? {
            Drafted::Signed(note) => note,
            Drafted::New(draft) => {
                let signed = draft.sign(&*self.home.tiles, &*self.home.keys);
                edge.broken |= signed.is_err();
                edge.take(&*self.home.tiles, signed?)
            }
        };
        let size = edge.size();
        self.with_heads(size, |heads| self.view(|view| work(note, heads, view)))
    }

    /// What is to be signed. The head map is of what SQL has, so the ledger first catches up with what SQL has.
    fn draft(&self, edge: &mut Edge, heads: bool) -> Result<Drafted, Error> {
        self.mend(edge)?;
        let count = self.view(|view| Ok(view.event_count()?))?;
        self.catch_up(edge, count)?;
        let now = self.now();
        let last = edge.signed.as_ref().map(|signed| (signed.size, signed.heads));
        if let Some((size, at)) = last
            && size == edge.size()
            && (!heads || at.size == size)
            && let Some(note) = self.home.tiles.get(crate::edge::CHECKPOINT)?
        {
            let damaged = |_| Fault::Damaged { what: "ledger".into(), cause: "checkpoint".into() };
            return Ok(Drafted::Signed(String::from_utf8(note).map_err(damaged)?));
        }
        let heads = match last {
            Some((_, at))
                if !heads && (now.0 - at.made_us < HEADS_AGE_US_MAX || self.warming.load(Ordering::Relaxed)) =>
            {
                at
            }
            _ => HeadsAt {
                size: edge.size(),
                root: self.with_heads(edge.size(), |heads| Ok(heads.root()))?,
                made_us: now.0,
            },
        };
        Ok(Drafted::New(edge.draft(heads, now)))
    }

    /// Works on the head map after so many events. Nothing is committed meanwhile: the caller holds the edge.
    fn with_heads<T>(&self, events: u64, work: impl FnOnce(&mut Heads) -> Result<T, Error>) -> Result<T, Error> {
        let mut kept = lock(&self.heads);
        if kept.as_ref().is_none_or(|kept| kept.events != events) {
            *kept = Some(Kept { map: self.view(heads_of)?, events });
        }
        match kept.as_mut() {
            Some(kept) => work(&mut kept.map),
            None => Err(Error::Fault(Fault::Locked)),
        }
    }

    /// Says that [`Book::warm`] will be called: until it has ended, checkpoints carry the last head map's root.
    pub fn will_warm(&self) {
        self.warming.store(true, Ordering::Relaxed);
    }

    /// Makes ready what a long-running process would otherwise make while somebody waits: the head map and the figures.
    /// Work goes on meanwhile; only what was written since the map's view is entered while it waits.
    pub fn warm(&self) -> Result<(), Error> {
        let made = self.make_map();
        self.warming.store(false, Ordering::Relaxed);
        made.and_then(|()| crate::status::refresh(self))
    }

    fn make_map(&self) -> Result<(), Error> {
        let (mut map, mut events) = self.view(|view| Ok((heads_of(view)?, view.event_count()?)))?;
        // The last stretch is entered while nobody commits; what came during the first reading, before.
        self.follow(&mut map, &mut events)?;
        let _edge = lock(&self.edge);
        self.follow(&mut map, &mut events)?;
        *lock(&self.heads) = Some(Kept { map, events });
        Ok(())
    }

    /// Enters the events from number `events` on into a head map.
    fn follow(&self, map: &mut Heads, events: &mut u64) -> Result<(), Error> {
        loop {
            let more = self.view(|view| Ok(view.events(*events, 500)?))?;
            let Some(last) = more.last() else { return Ok(()) };
            *events = last.number + 1;
            for event in &more {
                for link in Parts::from_bytes(&event.bytes)?.links {
                    map.set(&(*link.person.bytes(), link.number, event.commitment));
                }
            }
        }
    }

    /// The way from an event to the root of the last checkpoint.
    pub fn inclusion(&self, number: u64, size: u64) -> Result<Vec<Hash>, Error> {
        Ok(ledger::inclusion(number, size, &Stored(&*self.home.tiles)).map_err(ledger::Error::from)?)
    }

    /// How many entries the ledger has.
    #[must_use]
    pub fn ledger_size(&self) -> u64 {
        lock(&self.edge).size()
    }

    /// Hands the ports back, after a last checkpoint.
    pub fn close(self) -> Result<Home, Error> {
        self.checkpoint(false)?;
        Ok(self.home)
    }
}

/// The head map of all persons, read from the store.
fn heads_of(view: &dyn Read) -> Result<Heads, Error> {
    let mut last: HashMap<[u8; 16], (u64, Hash)> = HashMap::new();
    let damaged = || Fault::Damaged { what: "table person_event".into(), cause: "malformed row".into() };
    each(view, &PERSON_EVENT, &mut |row| {
        let person = row[0].blob().try_into().map_err(|_| damaged())?;
        let head = row[3].blob().try_into().map_err(|_| damaged())?;
        last.insert(person, (row[1].int().unsigned_abs(), head));
        Ok(())
    })?;
    Ok(Heads::new(last.into_iter().map(|(person, (number, head))| (person, number, head))))
}

/// Passes the lead on when it is dropped, also after a panic: else nobody would ever lead again.
struct Handover<'a>(&'a Book);

impl Drop for Handover<'_> {
    fn drop(&mut self) {
        let mut queue = lock(&self.0.queue);
        // Whoever has gone away cannot lead; its command is carried out by whoever does.
        queue.led = queue.jobs.iter().any(|job| job.waiter.send(Message::Lead).is_ok());
    }
}

/// The salt of an event and the commitment made with it. The salt is a keyed hash of the event: random to everybody
/// without the master key, and proof that this installation wrote the event.
pub(crate) fn commitment(home: &Home, number: u64, parts: &Parts) -> ([u8; 16], Hash) {
    let links: Vec<[u8; 56]> = parts.links.iter().map(Link::to_bytes).collect();
    let lengths = [number, parts.head.len() as u64, parts.body.len() as u64].map(u64::to_be_bytes);
    let message = [lengths.as_flattened(), &parts.head, &parts.body, links.as_flattened()].concat();
    let mac = home.keys.mac("event", &message);
    let mut salt = [0; 16];
    salt.copy_from_slice(&mac[..16]);
    (salt, ledger::commit(&salt, &parts.head, &parts.body, &links))
}

/// Whether a home can hold the rows of an event. A command whose rows it cannot hold is refused alone; in the home it would
/// fail everybody's who is committed with it.
fn writable(event: &Event) -> bool {
    let held = |cell: &Value| !matches!(cell, Value::Text(text) if text.contains('\0'));
    let cells = |change: &Change| match change {
        Change::Put { row, .. } => row.iter().all(held),
        Change::Delete { key, .. } => key.iter().all(held),
    };
    !event.unit.contains('\0') && event.changes.iter().chain(&event.unlogged).all(cells)
}

/// One transaction under way.
struct Writing<'a> {
    home: &'a Home,
    next: u64,
    heads: HashMap<PersonId, (u64, Hash)>,
    commitments: Vec<Hash>,
}

impl Writing<'_> {
    /// One command: refused commands write nothing and do not disturb the others; only a fault while writing ends the transaction.
    fn carry_out(&mut self, tx: &mut dyn Write, job: &mut Job) -> Result<Result<Vec<u8>, Error>, Fault> {
        if let Some(key) = &job.key
            && let Some(row) = tx.get(&COMMAND, &[key.as_slice().into()])?
        {
            return Ok(Ok(row[2].blob().to_vec()));
        }
        let decision = match job.work.take().map(|work| work(&*tx)) {
            Some(Ok(decision)) => decision,
            // Deciding wrote nothing, so whatever stopped it stops this command alone.
            Some(Err(error)) => return Ok(Err(error)),
            None => return Err(Fault::Locked),
        };
        if !decision.events.iter().all(writable) {
            return Ok(Err(Error::input("text-unusable")));
        }
        let mut command = job.key.take().map(|key| (key, decision.answer.clone()));
        let mut stored = Vec::with_capacity(decision.events.len());
        let mut changes = Vec::new();
        self.look_up_heads(tx, &decision.events)?;
        for mut event in decision.events {
            event.command = command.take();
            stored.push(self.record(event, &mut changes));
        }
        tx.append(&stored)?;
        tx.apply(&changes)?;
        Ok(Ok(decision.answer))
    }

    /// Gives an event its number, its persons' links and its commitment; adds the rows it writes to `changes`.
    fn record(&mut self, event: Event, changes: &mut Vec<Change>) -> StoredEvent {
        let mut links = Vec::with_capacity(event.subjects.len());
        for person in &event.subjects {
            let (number, previous) = self.heads.get(person).copied().unwrap_or_default();
            links.push(Link { person: *person, number: number + 1, previous });
        }
        let parts = Parts::new(&event, links);
        let number = self.next;
        let (salt, commitment) = commitment(self.home, number, &parts);
        let Event { kind, unit, recorded, command, changes: own, unlogged, .. } = event;
        changes.extend(implied(number, &commitment, &parts.links, command.as_ref()));
        changes.extend(own);
        changes.extend(unlogged);
        for link in &parts.links {
            self.heads.insert(link.person, (link.number, commitment));
        }
        self.commitments.push(commitment);
        self.next += 1;
        StoredEvent { number, kind, unit, recorded, salt, commitment, bytes: parts.to_bytes() }
    }

    /// The number and head of the last event of every person whom these events concern; zeros before the first.
    fn look_up_heads(&mut self, tx: &dyn Write, events: &[Event]) -> Result<(), Fault> {
        let persons: BTreeSet<PersonId> = events.iter().flat_map(|event| &event.subjects).copied().collect();
        let unknown: Vec<PersonId> = persons.into_iter().filter(|person| !self.heads.contains_key(person)).collect();
        let keys: Vec<Row> = unknown.iter().map(|person| vec![person.bytes().into()]).collect();
        let damaged = || Fault::Damaged { what: "table person_event".into(), cause: "malformed row".into() };
        for (person, row) in unknown.into_iter().zip(tx.last_all(&PERSON_EVENT, &keys)?) {
            let head = match row {
                Some(row) => (row[1].int().unsigned_abs(), row[3].blob().try_into().map_err(|_| damaged())?),
                None => (0, [0; 32]),
            };
            self.heads.insert(person, head);
        }
        Ok(())
    }
}
