//! `audit verify`: events, rows and ledger are held against each other; whatever does not fit is named.
//!
//! Every event is read again: its commitment, its place, its persons' chains. Its rows are written into an empty shadow
//! store by the code that wrote them the first time, and every table is compared with its shadow, row by row. So a changed,
//! deleted or inserted row, a swapped body, an edited token or counter and a removed event are all found.

use crate::edge::Stored;
use crate::programme::ATTACHMENT;
use crate::rows::each;
use crate::schema::implied;
use crate::{Book, Error, Home};
use enrolment::table::{APPLICATION, CAPTURE};
use ids::{PersonId, Uuid};
use journal::{Parts, Table, Value};
use ledger::{Checkpoint, Hash, Heads, Tree};
use ports::store::{Read, Store, StoredEvent};
use register::table::{PERSON, PERSON_KEY};
use std::collections::{BTreeMap, HashMap};

/// Something that does not fit. It names places, never values.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Finding {
    /// The stable code of what is wrong.
    pub code: &'static str,
    /// The table or file.
    pub place: String,
    /// The key of the row, or the number of the event.
    pub key: String,
}

/// What was verified.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Report {
    /// Events read.
    pub events: u64,
    /// Rows compared.
    pub rows: u64,
    /// Entries under the last signed checkpoint.
    pub ledger_size: u64,
    /// What does not fit; at most [`FINDINGS_MAX`] are listed.
    pub findings: Vec<Finding>,
    /// How many were found in all.
    pub findings_count: u64,
}

/// Findings listed.
pub const FINDINGS_MAX: usize = 1000;
/// Rows or events taken at a time.
const PAGE: usize = 5_000;

impl Report {
    fn add(&mut self, code: &'static str, place: &str, key: String) {
        self.findings_count += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { code, place: place.to_owned(), key });
        }
    }
}

/// Verifies everything. `shadow` is an empty store opened with the same `tables`; `outside` is a checkpoint kept elsewhere.
pub fn verify(
    book: &Book,
    shadow: &dyn Store,
    tables: &[&'static Table],
    outside: Option<&Checkpoint>,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Error> {
    let home = book.home();
    let mut report = Report::default();
    let mut replay = Replay::default();
    let mut outside_root = outside.filter(|checkpoint| checkpoint.size == 0).map(|_| Tree::default().root());
    let note = home.tiles.get(crate::edge::CHECKPOINT)?.and_then(|note| String::from_utf8(note).ok());
    let signed = note.and_then(|note| Checkpoint::verify(&note, &home.keys.verifying()).ok());
    if signed.is_none() && book.ledger_size() > 0 {
        report.add("checkpoint-invalid", "ledger", String::new());
    }
    let (mut signed_root, mut signed_heads) = (None, None);
    loop {
        let from = report.events;
        let page = book.view(|view| Ok(view.events(from, PAGE)?))?;
        if page.is_empty() {
            break;
        }
        let mut events = page.iter();
        shadow.write(&mut |tx| {
            for event in events.by_ref() {
                let parts = replay.take(home, event, &mut report);
                if let Some((parts, decoded)) = parts {
                    tx.apply(&implied(event.number, &event.commitment, &parts.links, decoded.command.as_ref()))?;
                    if tx.apply(&decoded.changes).is_err() {
                        report.add("event-malformed", "event", event.number.to_string());
                    }
                }
                report.events += 1;
                let size = report.events;
                if signed.as_ref().is_some_and(|signed| signed.size == size) {
                    signed_root = Some(replay.tree.root());
                }
                if outside.is_some_and(|outside| outside.size == size) {
                    outside_root = Some(replay.tree.root());
                }
                if signed.as_ref().is_some_and(|signed| signed.heads.size == size) {
                    signed_heads = Some(replay.heads().root());
                }
            }
            Ok(())
        })?;
        progress(report.events);
    }
    if let Some(signed) = &signed {
        report.ledger_size = signed.size;
        let events = format!("{} / {}", report.events, signed.size);
        if signed.size > 0 && signed_root != Some(signed.root) {
            report.add(if report.events < signed.size { "events-missing" } else { "ledger-root" }, "event", events);
        }
        if signed.heads.size > 0 && signed_heads != Some(signed.heads.root) {
            report.add("head-map", "person_event", String::new());
        }
        compare_tiles(book, &replay.commitments, signed.size, &mut report)?;
    }
    if let Some(outside) = outside
        && outside_root != Some(outside.root)
    {
        let behind = report.events < outside.size;
        let events = format!("{} / {}", report.events, outside.size);
        report.add(if behind { "set-back" } else { "other-history" }, "event", events);
    }
    for table in tables.iter().filter(|table| table.code != PERSON_KEY.code) {
        compare_table(book, shadow, table, &mut report)?;
    }
    // Keys are in no event: a person's key is right if it opens the person's body.
    if tables.iter().any(|table| table.code == PERSON_KEY.code) {
        for person in book.view(|view| crate::person::unopened(view, home))? {
            report.add("key-wrong", PERSON_KEY.name, person.to_string());
        }
        let counts = book.view(|view| Ok((view.count(&PERSON)?, view.count(&PERSON_KEY)?)))?;
        if counts.0 != counts.1 {
            report.add("key-wrong", PERSON_KEY.name, format!("{} / {}", counts.1, counts.0));
        }
    }
    for (table, column) in [(&APPLICATION, 8), (&CAPTURE, 5), (&ATTACHMENT, 2)] {
        if tables.iter().any(|known| known.code == table.code) {
            check_blobs(book, table, column, &mut report)?;
        }
    }
    for fault in home.store.check()? {
        report.add("database", "database", fault);
    }
    Ok(report)
}

/// What reading the events again builds up.
#[derive(Default)]
struct Replay {
    tree: Tree,
    commitments: Vec<Hash>,
    chains: HashMap<PersonId, (u64, Hash)>,
}

impl Replay {
    /// Checks one event against its commitment, its columns and its persons' chains.
    fn take(&mut self, home: &Home, event: &StoredEvent, report: &mut Report) -> Option<(Parts, journal::Event)> {
        let key = || event.number.to_string();
        if event.number != report.events {
            report.add("event-gap", "event", report.events.to_string());
        }
        self.tree.append(&event.commitment, &mut |_, _| ());
        self.commitments.push(event.commitment);
        let parts = Parts::from_bytes(&event.bytes).ok();
        let decoded = parts.and_then(|parts| parts.event().ok().map(|decoded| (parts, decoded)));
        let Some((parts, decoded)) = decoded else {
            report.add("event-malformed", "event", key());
            return None;
        };
        if crate::book::commitment(home, event.number, &parts) != (event.salt, event.commitment) {
            report.add("event-changed", "event", key());
        }
        if (&decoded.kind, &decoded.unit, decoded.recorded) != (&event.kind, &event.unit, event.recorded) {
            report.add("event-changed", "event", key());
        }
        for link in &parts.links {
            let last = self.chains.entry(link.person).or_default();
            if (link.number, link.previous) != (last.0 + 1, last.1) {
                report.add("chain-broken", "event", key());
            }
            *last = (link.number, event.commitment);
        }
        Some((parts, decoded))
    }

    fn heads(&self) -> Heads {
        Heads::new(self.chains.iter().map(|(person, (number, head))| (*person.bytes(), *number, *head)))
    }
}

/// Every blob that a row names is there, with the bytes of its address.
fn check_blobs(book: &Book, table: &'static Table, column: usize, report: &mut Report) -> Result<(), Error> {
    let blobs = &book.home().blobs;
    book.view(|view| {
        each(view, table, &mut |row| {
            let address = row[column].blob().try_into();
            let there = address.is_ok_and(|address| matches!(blobs.get(&address), Ok(Some(_))));
            if !row[column].is_null() && !there {
                report.add("blob-wrong", table.name, describe(&row[..table.key]));
            }
            Ok(())
        })
    })
}

/// The tiles on disk are those of the events.
fn compare_tiles(book: &Book, commitments: &[Hash], size: u64, report: &mut Report) -> Result<(), Error> {
    let files = &*book.home().tiles;
    let mut expected: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut tree = Tree::default();
    let signed = &commitments[..commitments.len().min(size as usize)];
    for commitment in signed {
        tree.append(commitment, &mut |tile, hashes| {
            expected.insert(ledger::tile_path(tile), hashes.as_flattened().to_vec());
        });
    }
    for (path, bytes) in expected {
        if files.get(&path)?.as_deref() != Some(bytes.as_slice()) {
            report.add("tile-changed", &path, String::new());
        }
    }
    for (number, bundle) in signed.chunks(ledger::WIDTH as usize).enumerate() {
        let width = bundle.len() as u64;
        let found = match files.get(&ledger::entry_path(number as u64, width))? {
            Some(bytes) => Some(bytes),
            None => files.get(&ledger::entry_path(number as u64, ledger::WIDTH))?,
        };
        let found = found.and_then(|bytes| crate::edge::read_bundle(&bytes));
        if found.is_none_or(|found| found.get(..bundle.len()) != Some(bundle)) {
            report.add("tile-changed", &ledger::entry_path(number as u64, width), String::new());
        }
    }
    if size > 0
        && commitments.len() as u64 >= size
        && Tree::load(size, &Stored(files)).ok().map(|edge| edge.root()) != Some(tree.root())
    {
        report.add("tile-changed", "tile", String::new());
    }
    Ok(())
}

/// Every row of a table against its shadow, in key order.
fn compare_table(book: &Book, shadow: &dyn Store, table: &'static Table, report: &mut Report) -> Result<(), Error> {
    let mut found = Rows::new(table);
    let mut expected = Rows::new(table);
    loop {
        let left = found.peek(&mut |after| book.view(|view| Ok(view.scan(table, &[], after, PAGE)?)))?;
        let right = expected.peek(&mut |after| {
            let mut rows = Vec::new();
            shadow.read(&mut |view: &dyn Read| {
                rows = view.scan(table, &[], after, PAGE)?;
                Ok(())
            })?;
            Ok(rows)
        })?;
        report.rows += 1;
        let key = |row: &[Value]| row[..table.key].to_vec();
        match (left, right) {
            (None, None) => {
                report.rows -= 1;
                return Ok(());
            }
            (Some(left), Some(right)) if key(left) == key(right) => {
                if left != right {
                    let columns = table.columns.iter().zip(left.iter().zip(right));
                    let changed: Vec<&str> =
                        columns.filter(|(_, (a, b))| a != b).map(|(column, _)| column.name).collect();
                    let place = format!("{}.{}", table.name, changed.join("+"));
                    report.add("row-changed", &place, describe(&key(left)));
                }
                found.next();
                expected.next();
            }
            (Some(left), right) if right.is_none_or(|right| key(left) < key(right)) => {
                report.add("row-inserted", table.name, describe(&key(left)));
                found.next();
            }
            (_, Some(right)) => {
                report.add("row-deleted", table.name, describe(&key(right)));
                expected.next();
            }
            (Some(_), None) => unreachable!("covered by the guard above"),
        }
    }
}

/// A cursor over a table's rows, a page at a time.
struct Rows {
    key: usize,
    page: Vec<Vec<Value>>,
    at: usize,
    after: Option<Vec<Value>>,
    done: bool,
}

type Fetch<'a> = &'a mut dyn FnMut(Option<&[Value]>) -> Result<Vec<Vec<Value>>, Error>;

impl Rows {
    fn new(table: &Table) -> Rows {
        Rows { key: table.key, page: Vec::new(), at: 0, after: None, done: false }
    }

    fn peek(&mut self, fetch: Fetch<'_>) -> Result<Option<&Vec<Value>>, Error> {
        if self.at == self.page.len() && !self.done {
            self.page = fetch(self.after.as_deref())?;
            self.at = 0;
            self.done = self.page.is_empty();
            if let Some(last) = self.page.last() {
                self.after = Some(last[..self.key].to_vec());
            }
        }
        Ok(self.page.get(self.at))
    }

    fn next(&mut self) {
        self.at += 1;
    }
}

/// A key in words: ids as ids, tokens as hexadecimal, numbers and unit codes as they are.
fn describe(key: &[Value]) -> String {
    let cells: Vec<String> = key
        .iter()
        .map(|cell| match cell {
            Value::Null => "-".to_owned(),
            Value::Int(value) => value.to_string(),
            Value::Text(text) => text.clone(),
            Value::Blob(bytes) => match <[u8; 16]>::try_from(bytes.as_slice()) {
                Ok(id) => Uuid(id).to_string(),
                Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            },
        })
        .collect();
    cells.join(" ")
}
