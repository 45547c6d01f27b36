//! Linking: which rows are one person, which persons are there already, and what an officer must decide.

use super::{Read, Run, again};
use crate::book::{Book, Decision};
use crate::person::Entry;
use crate::rows::each;
use crate::{Error, unit};
use ids::{ImportId, PersonId};
use journal::{Actor, Row};
use linkage::Thresholds;
use register::person::Source;
use register::table::{PERSON, RECORD, ROW_OUTCOME};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A row with all that entering it needs.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) file: ids::FileId,
    /// The keyed token of sender and row number.
    pub(super) record: Vec<u8>,
    /// The keyed hash of the row as sent.
    pub(super) content: Vec<u8>,
    pub(super) source: Source,
}

/// What is to become of the rows, in file-and-line order.
pub(super) struct Plan {
    /// Rows that were there already, word for word, with their person.
    pub(super) same: Vec<(Planned, Option<PersonId>)>,
    /// Rows for persons that are there.
    pub(super) known: Vec<(PersonId, Vec<Planned>)>,
    /// New persons.
    pub(super) new: Vec<Vec<Planned>>,
    /// Rows held until an officer decides.
    pub(super) cases: Vec<Held>,
    /// Every twelve-digit number that the rows claim.
    pub(super) claimed: HashSet<String>,
    /// How many of the rows have each finding.
    pub(super) findings: BTreeMap<String, usize>,
    /// Pairs compared.
    pub(super) pairs_scored: u64,
}

/// Rows that may be a person who is there or is being entered.
pub(super) struct Held {
    pub(super) rows: Vec<Planned>,
    pub(super) other: Other,
    pub(super) probability: f64,
    pub(super) why: Option<Why>,
}

/// Why rows may be a person, in the linker's words.
#[derive(Clone, serde::Serialize)]
pub(super) struct Why {
    rival: &'static str,
    /// Bits before anything is looked at.
    before: f64,
    evidence: Vec<Evidence>,
}

/// What some fields say together: their names, how the values agree, and bits.
#[derive(Clone, serde::Serialize)]
struct Evidence {
    fields: Vec<(&'static str, &'static str)>,
    bits: f64,
}

impl Why {
    fn of(explanation: &linkage::Explanation) -> Why {
        let tenths = |bits: f64| (bits * 10.0).round() / 10.0;
        let evidence = explanation.evidence.iter().map(|one| Evidence {
            fields: one.fields.iter().map(|(field, alike)| (FIELD_NAMES[*field], alike.code())).collect(),
            bits: tenths(one.bits),
        });
        let (rival, before) = (explanation.rival.code(), tenths(explanation.before));
        Why { rival, before, evidence: evidence.collect() }
    }
}

/// The other side of a case.
#[derive(Clone)]
pub(super) enum Other {
    Person(PersonId),
    /// The record token of a row whose person this run enters, or which is held too.
    Record(Vec<u8>),
}

/// A person's facts as they were before this run.
struct Known {
    id: PersonId,
    facts: register::row::Facts,
}

pub(super) fn plan(
    book: &Arc<Book>,
    actor: &Actor,
    run: &Run,
    files: &[Read],
    thresholds: Thresholds,
) -> Result<Plan, Error> {
    let mut files: Vec<&Read> = files.iter().collect();
    files.sort_by(|a, b| (first_sender(a), &a.content).cmp(&(first_sender(b), &b.content)));
    let recorded = book.now();
    let mut rows: Vec<Planned> = Vec::new();
    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        for row in &file.rows {
            let record = record_token(book, &row.sender, &row.rec_id, &file.content, row.line);
            let content = super::stage::content(book, row);
            for finding in &row.findings {
                *findings.entry(finding.code()).or_default() += 1;
            }
            let source = Source::of(row, file.file.to_string(), recorded);
            rows.push(Planned { file: file.file, record, content, source });
        }
    }
    let own_files: HashSet<String> = files.iter().map(|file| file.file.to_string()).collect();
    let known = known_persons(book, actor, run, &own_files)?;
    let (mut same, mut versions, rows) = split_known(book, run, &own_files, rows)?;
    let mut table = linkage::Table::new(linkage::Spec::dc01());
    known.iter().for_each(|known| known.facts.link(&mut table));
    rows.iter().for_each(|row| row.source.facts.link(&mut table));
    let links = linkage::link(&mut table, thresholds);
    let claimed = rows.iter().map(|row| row.source.facts.number.clone()).filter(|number| !number.is_empty()).collect();
    let mut plan = divide(&known, rows, &links, thresholds);
    // Each person once: what a command looks at is how they were before it.
    let mut places: HashMap<PersonId, usize> = HashMap::new();
    let attached = std::mem::take(&mut plan.known);
    for (person, rows) in attached.into_iter().chain(versions.drain(..).map(|(person, row)| (person, vec![row]))) {
        let place = *places.entry(person).or_insert(plan.known.len());
        match plan.known.get_mut(place) {
            Some((_, own)) => own.extend(rows),
            None => plan.known.push((person, rows)),
        }
    }
    hold_elsewhere(book, run, &mut plan)?;
    plan.same.append(&mut same);
    plan.claimed = claimed;
    plan.findings = findings;
    plan.pairs_scored = links.pairs_scored;
    Ok(plan)
}

/// Rows for persons outside the unit of the officer who imports are held: a case of the person's own unit decides them.
/// What an earlier, cut off run attached stays attached.
fn hold_elsewhere(book: &Book, run: &Run, plan: &mut Plan) -> Result<(), Error> {
    if run.unit.is_empty() {
        return Ok(());
    }
    book.view(|view| {
        for (person, rows) in std::mem::take(&mut plan.known) {
            let unit =
                view.get(&PERSON, &[person.bytes().into()])?.map_or(String::new(), |row| row[4].text().to_owned());
            if unit::within(view, &unit, &run.unit)? {
                plan.known.push((person, rows));
                continue;
            }
            let (mut attached, mut held) = (Vec::new(), Vec::new());
            for row in rows {
                let outcome = view.get(&ROW_OUTCOME, &[row.file.bytes().into(), (row.source.line as i64).into()])?;
                let is_attached = outcome.is_some_and(|outcome| outcome[2].text() != "case");
                if is_attached { &mut attached } else { &mut held }.push(row);
            }
            if !attached.is_empty() {
                plan.known.push((person, attached));
            }
            if !held.is_empty() {
                plan.cases.push(Held { rows: held, other: Other::Person(person), probability: 1.0, why: None });
            }
        }
        Ok(())
    })
}

fn first_sender(file: &Read) -> &str {
    file.rows.first().map_or("", |row| row.sender.as_str())
}

/// The token of a sender's row. A row without a number of its own is known by its file's content and its line, so it is
/// never taken for another version of somebody else's row.
pub(super) fn record_token(book: &Book, sender: &str, rec_id: &str, content: &[u8], line: u64) -> Vec<u8> {
    let own = if rec_id.is_empty() {
        let file: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{file} line {line}")
    } else {
        rec_id.to_owned()
    };
    book.home().keys.mac("record", format!("{sender}\u{1f}{own}").as_bytes())[..16].to_vec()
}

/// The token of the row that a person's source is a version of.
pub(crate) fn record_of(book: &Book, view: &dyn ports::store::Read, source: &Source) -> Result<Vec<u8>, Error> {
    let file = ids::FileId::parse(&source.file).ok_or(Error::Missing("staged-file-missing"))?;
    let file = view.get(&register::table::STAGED_FILE, &[file.bytes().into()])?;
    let content = file.ok_or(Error::Missing("staged-file-missing"))?[2].blob().to_vec();
    Ok(record_token(book, &source.sender, &source.rec_id, &content, source.line))
}

/// Everybody who was in the register before this run. Reading them for linkage is one event a run.
fn known_persons(book: &Arc<Book>, actor: &Actor, run: &Run, own_files: &HashSet<String>) -> Result<Vec<Known>, Error> {
    use rayon::prelude::*;
    let event = book.event("register.linked", actor);
    let mut entries: Vec<journal::Row> = Vec::new();
    book.view(|view| {
        each(view, &PERSON, &mut |row| {
            let own = ImportId::from_bytes(row[6].blob()) == Some(run.id);
            entries.extend((row[2].text() == "active" && !own).then_some(row));
            Ok(())
        })
    })?;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    book.submit(Some(&run.key(book, "link", 0)), move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let known: Vec<Result<Vec<Known>, Error>> = entries
        .par_chunks(2_000)
        .map(|rows| {
            book.view(|view| {
                rows.iter()
                    .map(|row| {
                        let mut entry = Entry::from_row(view, book.home(), row)?;
                        // Rows that this run has attached already do not count: the plan must come out the same.
                        if entry.person.sources.iter().any(|source| !own_files.contains(&source.file)) {
                            entry.person.take_back(&|file| own_files.contains(file));
                        }
                        Ok(Known { id: entry.id, facts: entry.person.facts().0 })
                    })
                    .collect()
            })
        })
        .collect();
    known.into_iter().collect::<Result<Vec<_>, _>>().map(|parts| parts.into_iter().flatten().collect())
}

type Split = (Vec<(Planned, Option<PersonId>)>, Vec<(PersonId, Planned)>, Vec<Planned>);

/// Rows whose sender sent them before this run: word for word the same, or a new version; and all others.
fn split_known(book: &Book, run: &Run, own_files: &HashSet<String>, rows: Vec<Planned>) -> Result<Split, Error> {
    let (mut same, mut versions, mut new) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    book.view(|view| {
        let keys: Vec<Row> = rows.iter().map(|row| vec![row.record.as_slice().into()]).collect();
        let mut there = Vec::with_capacity(rows.len());
        for keys in keys.chunks(2_000) {
            there.extend(view.get_all(&RECORD, keys)?);
        }
        for (row, found) in rows.into_iter().zip(there) {
            // The same row twice within the run: the second says nothing new.
            if let Some(content) = seen.get(&row.record)
                && *content == row.content
            {
                same.push((row, None));
                continue;
            }
            seen.insert(row.record.clone(), row.content.clone());
            let Some(found) = found else {
                new.push(row);
                continue;
            };
            let key = [found[2].clone(), found[3].clone()];
            let by_this_run = view
                .get(&register::table::STAGED_FILE, &key[..1])?
                .is_some_and(|file| file[1].blob() == run.id.bytes());
            let held = view.get(&ROW_OUTCOME, &key)?.is_some_and(|outcome| outcome[2].text() == "case");
            match PersonId::from_bytes(found[4].blob()) {
                // Attached by this very run, before it was cut off, to somebody who was there before it: as a version of
                // what they had, or because linking said so, which then must say it again.
                Some(person) if by_this_run && !entered_by(view, person, run.id)? => {
                    match again::version_before(book, view, own_files, person, &row.record)? {
                        Some(content) if content == row.content => same.push((row, Some(person))),
                        Some(_) => versions.push((person, row)),
                        None => new.push(row),
                    }
                }
                // Entered or held by this very run before it was cut off: planned again, and then not done again.
                _ if by_this_run => new.push(row),
                person if found[1].blob() == row.content => same.push((row, person)),
                Some(person) => versions.push((person, row)),
                None if held => same.push((row, None)),
                None => new.push(row),
            }
        }
        Ok(())
    })?;
    Ok((same, versions, new))
}

/// Where the other side of a held cluster stands, how likely they are one, and why.
type Doubt = (usize, f64, Why);

/// Whether a person was entered by this import.
fn entered_by(view: &dyn ports::store::Read, person: PersonId, import: ImportId) -> Result<bool, Error> {
    let row = view.get(&PERSON, &[person.bytes().into()])?;
    Ok(row.is_some_and(|row| ImportId::from_bytes(row[6].blob()) == Some(import)))
}

/// Clusters to persons; pairs in doubt to cases, the later rows being held.
fn divide(known: &[Known], rows: Vec<Planned>, links: &linkage::Links, thresholds: Thresholds) -> Plan {
    let offset = known.len();
    let mut own_cluster = links.cluster.clone();
    // Versions of one sender's row within the run are one person, whatever they say.
    let mut first_version: HashMap<&[u8], usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let first = *first_version.entry(&row.record).or_insert(at);
        own_cluster[offset + at] = own_cluster[offset + first];
    }
    let cluster = &own_cluster;
    let mut clusters: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, own) in cluster.iter().enumerate() {
        clusters.entry(*own).or_default().push(at);
    }
    // A cluster with two persons of the register is a question, not a merge; its rows go to the first by id.
    let person_of = |members: &[usize]| members.iter().filter(|at| **at < offset).map(|at| known[*at].id).min();
    // The earliest row decides the order; uncertain pairs hold the later cluster.
    let first_row = |members: &[usize]| members.iter().copied().find(|at| *at >= offset);
    let mut held: BTreeMap<u32, Doubt> = BTreeMap::new();
    for pair in &links.uncertain {
        let (a, b) = (cluster[pair.a as usize], cluster[pair.b as usize]);
        let (ma, mb) = (&clusters[&a], &clusters[&b]);
        let later = match (person_of(ma).is_some(), person_of(mb).is_some()) {
            (true, true) => continue,
            (true, false) => b,
            (false, true) => a,
            (false, false) => {
                if first_row(ma) < first_row(mb) {
                    b
                } else {
                    a
                }
            }
        };
        let earlier = if later == a { b } else { a };
        // What another case waits for cannot wait itself.
        let waited_for = held.values().any(|(other, ..)| cluster[*other] == later);
        if pair.probability < thresholds.ask || held.contains_key(&later) || held.contains_key(&earlier) || waited_for {
            continue;
        }
        let Some(anchor) = clusters[&earlier].first() else { continue };
        held.insert(later, (*anchor, pair.probability, Why::of(&links.explain(pair))));
    }
    let mut rows: Vec<Option<Planned>> = rows.into_iter().map(Some).collect();
    let records: Vec<Vec<u8>> =
        rows.iter().map(|row| row.as_ref().map(|row| row.record.clone()).unwrap_or_default()).collect();
    let mut order: Vec<(&u32, &Vec<usize>)> = clusters.iter().collect();
    order.sort_by_key(|(_, members)| first_row(members));
    let mut plan = Plan {
        same: Vec::new(),
        known: Vec::new(),
        new: Vec::new(),
        cases: Vec::new(),
        claimed: HashSet::new(),
        findings: BTreeMap::new(),
        pairs_scored: 0,
    };
    for (own_root, members) in order {
        let own: Vec<Planned> =
            members.iter().filter(|at| **at >= offset).filter_map(|at| rows[at - offset].take()).collect();
        if own.is_empty() {
            continue;
        }
        if let Some((anchor, probability, why)) = held.remove(own_root) {
            let other = match anchor.checked_sub(offset) {
                None => Other::Person(known[anchor].id),
                Some(row) => Other::Record(records[row].clone()),
            };
            plan.cases.push(Held { rows: own, other, probability, why: Some(why) });
        } else if let Some(person) = person_of(members) {
            plan.known.push((person, own));
        } else {
            plan.new.push(own);
        }
    }
    plan
}

/// The names of the linker's person columns in a case's evidence.
const FIELD_NAMES: [&str; 13] = [
    "name",
    "birth",
    "sex",
    "ethnic",
    "birth_province",
    "home_town",
    "ward",
    "address",
    "old_number",
    "number",
    "father",
    "mother",
    "household",
];
