//! Entering: persons with numbers or numbers pending, households, cases; in chunks that are commands of their own.

use super::plan::{Held, Other, Plan, Planned};
use super::{Progress, Report, Run, again, codes};
use crate::Error;
use crate::book::{Book, Decision, Home};
use crate::case::{self, Opening};
use crate::person::{Entry, number_key};
use ids::{HouseholdId, PersonId};
use journal::{Actor, Change, Event, Row, Table, Value};
use ports::store::Read;
use rayon::prelude::*;
use register::number;
use register::row::{Facts, Finding};
use register::table::{HOUSEHOLD, IMPORT, NUMBER, NUMBER_COUNTER, PERSON, RECORD, ROW_OUTCOME, STAGED_FILE};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use vn::PersonalNumber;

/// Persons entered in one transaction.
const CHUNK: usize = 2_000;

/// What one chunk did; kept as the command's answer, so that a repeated run reports the same.
#[derive(Default, Serialize, Deserialize)]
struct Done {
    entered: usize,
    pending: usize,
    households: usize,
    cases: usize,
    #[serde(default)]
    numbers_taken: usize,
}

impl Done {
    /// Counts a row that has its outcome already.
    fn count(&mut self, outcome: &Row) {
        match outcome[2].text() {
            "entered" => self.entered += 1,
            "pending" => self.pending += 1,
            _ => (),
        }
    }
}

pub(super) fn enter(
    book: &Arc<Book>,
    actor: &Actor,
    run: &Run,
    plan: Plan,
    files: &[super::Read],
    report: &mut Report,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let Plan { same, mut known, mut new, cases, claimed, findings, pairs_scored } = plan;
    (report.findings, report.pairs_scored) = (findings, pairs_scored);
    let total = (same.len() + known.len() + new.len() + cases.len()) as u64;
    let mut done = same.len() as u64;
    report.same = same.len();
    report.persons = new.len();
    report.persons_updated = known.len();
    if !same.is_empty() {
        mark_same(book, actor, run, same)?;
    }
    if run.begun {
        again::rejoin(book, &mut known, &mut new)?;
    }
    let (claimed, begun) = (Arc::new(claimed), run.begun);
    let add = |report: &mut Report, answer: &[u8]| {
        let chunk: Done = serde_json::from_slice(answer).unwrap_or_default();
        report.entered += chunk.entered;
        report.pending += chunk.pending;
        report.households += chunk.households;
        report.cases += chunk.cases;
        if chunk.numbers_taken > 0 {
            *report.findings.entry(Finding::NumberTaken.code()).or_default() += chunk.numbers_taken;
        }
    };
    let mut known = known.into_iter().peekable();
    while known.peek().is_some() {
        let chunk: Vec<(PersonId, Vec<Planned>)> = known.by_ref().take(CHUNK).collect();
        done += chunk.len() as u64;
        let key = again::key(book, run, "attach", chunk.iter().flat_map(|(_, rows)| rows));
        let (inner, actor) = (Arc::clone(book), actor.clone());
        let answer = book.submit(Some(&key), move |view| attach_chunk(&inner, view, &actor, chunk))?;
        add(report, &answer);
        progress("enter", done, total);
    }
    let mut new = new.into_iter().peekable();
    while new.peek().is_some() {
        let chunk: Vec<Vec<Planned>> = new.by_ref().take(CHUNK).collect();
        done += chunk.len() as u64;
        let key = again::key(book, run, "enter", chunk.iter().flatten());
        let (inner, actor, claimed, import) = (Arc::clone(book), actor.clone(), Arc::clone(&claimed), run.id);
        let answer = book.submit(Some(&key), move |view| {
            let (mut fresh, mut done) = (chunk, Done::default());
            if begun {
                let rest = fresh.into_iter().map(|rows| again::fresh(view, rows, &mut |outcome| done.count(outcome)));
                fresh = rest.collect::<Result<_, _>>()?;
                fresh.retain(|rows| !rows.is_empty());
            }
            enter_chunk(&inner, view, &actor, import, &claimed, fresh, done)
        })?;
        add(report, &answer);
        progress("enter", done, total);
    }
    report.in_case = cases.iter().map(|held| held.rows.len()).sum();
    for held in cases {
        let key = again::key(book, run, "hold", held.rows.iter());
        let (inner, actor, import) = (Arc::clone(book), actor.clone(), run.id);
        let answer = book.submit(Some(&key), move |view| hold(&inner, view, &actor, import, held))?;
        add(report, &answer);
        done += 1;
        progress("enter", done, total);
    }
    again::complete(book, files)?;
    let mut event = book.event("import.finished", actor);
    let states = files.iter().map(|file| (file.file, *file.file.bytes())).collect::<Vec<_>>();
    let import = run.id;
    event.detail = serde_json::json!({ "rows": report.staged, "persons": report.persons }).to_string();
    book.submit(Some(&run.key(book, "finish", 0)), move |view| {
        for (_, file) in states {
            if let Some(mut row) = view.get(&STAGED_FILE, &[Value::from(&file)])? {
                row[5] = "entered".into();
                event.changes.push(Change::put(&STAGED_FILE, row));
            }
        }
        if let Some(mut row) = view.get(&IMPORT, &[import.bytes().into()])? {
            row[2] = "done".into();
            event.changes.push(Change::put(&IMPORT, row));
        }
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    Ok(())
}

/// The row's outcome and the sender's record.
fn row_changes(row: &Planned, state: &str, person: Option<PersonId>, case: Option<ids::CaseId>) -> [Change; 2] {
    let id = person.map_or(Value::Null, |person| Value::from(person.bytes()));
    let outcome = vec![
        row.file.bytes().into(),
        (row.source.line as i64).into(),
        state.into(),
        id.clone(),
        case.map_or(Value::Null, |case| Value::from(case.bytes())),
        codes(&row.source.findings).into(),
    ];
    let record = vec![
        row.record.as_slice().into(),
        row.content.as_slice().into(),
        row.file.bytes().into(),
        (row.source.line as i64).into(),
        id,
    ];
    [Change::put(&ROW_OUTCOME, outcome), Change::put(&RECORD, record)]
}

fn mark_same(book: &Arc<Book>, actor: &Actor, run: &Run, same: Vec<(Planned, Option<PersonId>)>) -> Result<(), Error> {
    for chunk in same.chunks(2_000) {
        let key = again::key(book, run, "same", chunk.iter().map(|(row, _)| row));
        let mut event = book.event("rows.same", actor);
        let chunk = chunk.to_vec();
        book.submit(Some(&key), move |view| {
            for (row, person) in chunk {
                for row in again::fresh(view, vec![row], &mut |_| ())? {
                    let [outcome, _] = row_changes(&row, "same", person, None);
                    event.changes.push(outcome);
                }
            }
            let events = if event.changes.is_empty() { Vec::new() } else { vec![event] };
            Ok(Decision { events, answer: Vec::new() })
        })?;
    }
    Ok(())
}

/// Rows for persons who are there; each person stands once. Rows that an earlier, cut off run attached are only counted.
fn attach_chunk(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    chunk: Vec<(PersonId, Vec<Planned>)>,
) -> Result<Decision, Error> {
    let mut allotment = Allotment::new(book.home(), view);
    let mut done = Done::default();
    let mut events = Vec::new();
    for (person, rows) in chunk {
        let fresh = again::fresh(view, rows, &mut |outcome| done.count(outcome))?;
        if !fresh.is_empty() {
            events.extend(attach(book, actor, &mut allotment, person, &fresh, &mut done)?);
        }
    }
    Ok(Decision { events, answer: serde_json::to_vec(&done).unwrap_or_default() })
}

/// Rows for a person who is there.
fn attach(
    book: &Arc<Book>,
    actor: &Actor,
    allotment: &mut Allotment<'_>,
    person: PersonId,
    rows: &[Planned],
    done: &mut Done,
) -> Result<Vec<Event>, Error> {
    let home = book.home();
    let mut entry = Entry::load(allotment.view, home, person)?.ok_or(Error::Missing("person-missing"))?;
    let mut event = book.event("person.updated", actor);
    for row in rows {
        entry.person.take_up(row.source.clone());
    }
    if entry.status != "active" {
        return Err(Error::refused("person-withdrawn"));
    }
    let (facts, _) = entry.person.facts();
    let mut events = Vec::new();
    if !facts.ward.is_empty() {
        events = entry.moves(book, actor, &facts.ward);
    }
    let mut clash = None;
    let mut rows = rows.to_vec();
    if entry.person.number.is_none() {
        // What was missing for a number may have come with these rows.
        let given = allotment.number(&entry, &facts, &HashSet::new())?;
        event.changes.extend(given.changes);
        clash = given.clash;
        if given.taken {
            done.numbers_taken += number_taken(&mut entry, &mut rows, &facts.number);
        }
        if given.number.is_some() {
            entry.number_state = "numbered".into();
            entry.person.number = given.number;
        }
    } else if !facts.number.is_empty() && entry.person.number.as_ref() != Some(&facts.number) {
        let key = number_key(home, &facts.number);
        clash = match allotment.view.get(&NUMBER, &[key.as_slice().into()])? {
            // Whoever had it is no longer in the register: there is nobody to ask about.
            Some(row) if row[2].text() == "withdrawn" => None,
            Some(row) => PersonId::from_bytes(row[1].blob()),
            None => allotment.taken.get(&key).copied().or(Some(person)),
        };
    }
    let state = if entry.number_state == "numbered" { "entered" } else { "pending" };
    for row in &rows {
        event.changes.extend(row_changes(row, state, Some(person), None));
    }
    let count = if state == "entered" { &mut done.entered } else { &mut done.pending };
    *count += rows.len();
    event.unit.clone_from(&entry.unit);
    event.subjects = vec![person];
    entry.write(home, &mut event);
    events.push(event);
    if let Some(owner) = clash
        && !case::clash_known(book, allotment.view, owner, person, &facts.number)?
    {
        let b = (owner != person).then_some(person);
        let import = entry.import;
        let body = serde_json::json!({ "number": facts.number });
        let opening = Opening { kind: "number-clash", unit: &entry.unit, a: owner, b, import, body };
        events.push(case::open(book, allotment.view, actor, opening)?.1);
        done.cases += 1;
    }
    Ok(events)
}

/// Notes with the rows that claim a number that it was somebody else's; gives how many they are.
fn number_taken(entry: &mut Entry, rows: &mut [Planned], number: &str) -> usize {
    let own = rows.iter_mut().map(|row| &mut row.source);
    let claiming = |source: &&mut register::person::Source| source.facts.number == number;
    let mut count = 0;
    for source in own.filter(claiming) {
        source.findings.push(Finding::NumberTaken);
        count += 1;
    }
    for source in entry.person.sources.iter_mut().filter(claiming) {
        if !source.findings.contains(&Finding::NumberTaken) {
            source.findings.push(Finding::NumberTaken);
        }
    }
    count
}

/// Numbers and households being given within one transaction, on top of what the view shows.
struct Allotment<'a> {
    home: &'a Home,
    view: &'a dyn Read,
    taken: HashMap<Vec<u8>, PersonId>,
    /// Rows of numbers and counters that were looked up together.
    looked_up: HashMap<(u16, Vec<u8>), Option<Row>>,
    counters: HashMap<u32, u32>,
    households: HashMap<Vec<u8>, HouseholdId>,
}

/// A number for a person, the rows that record it, and who has the claimed number already.
struct Given {
    number: Option<String>,
    changes: Vec<Change>,
    clash: Option<PersonId>,
    /// The claimed number was somebody's who is no longer in the register.
    taken: bool,
}

impl<'a> Allotment<'a> {
    fn new(home: &'a Home, view: &'a dyn Read) -> Allotment<'a> {
        Allotment {
            home,
            view,
            taken: HashMap::new(),
            looked_up: HashMap::new(),
            counters: HashMap::new(),
            households: HashMap::new(),
        }
    }

    /// Looks up together what giving numbers to these persons will ask for: the numbers they claim, the counters of others.
    fn look_up<'f>(&mut self, facts: impl Iterator<Item = &'f Facts>) -> Result<(), Error> {
        let (mut numbers, mut counters) = (HashSet::new(), HashSet::new());
        for facts in facts {
            if !facts.number.is_empty() {
                numbers.insert(number_key(self.home, &facts.number));
            } else if let Some(cell) = cell_of(facts) {
                counters.insert(cell_key(self.home, cell));
            }
        }
        for (table, keys) in [(&NUMBER, numbers), (&NUMBER_COUNTER, counters)] {
            let keys: Vec<Row> = keys.into_iter().map(|key| vec![key.into()]).collect();
            for (key, row) in keys.iter().zip(self.view.get_all(table, &keys)?) {
                self.looked_up.insert((table.code, key[0].blob().to_vec()), row);
            }
        }
        Ok(())
    }

    /// A row of a table whose key is one token.
    fn row(&self, table: &'static Table, key: &[u8]) -> Result<Option<Row>, ports::Fault> {
        match self.looked_up.get(&(table.code, key.to_vec())) {
            Some(row) => Ok(row.clone()),
            None => self.view.get(table, &[key.into()]),
        }
    }

    /// The number that the rows claim, if nobody has it. Without a claim, or where whoever had it is no longer in the
    /// register, the next of the cell: a number once given is given to nobody else.
    fn number(&mut self, entry: &Entry, facts: &Facts, claimed: &HashSet<String>) -> Result<Given, Error> {
        let person = entry.id;
        let mut given = Given { number: None, changes: Vec::new(), clash: None, taken: false };
        if !facts.number.is_empty() {
            let key = number_key(self.home, &facts.number);
            let row = self.row(&NUMBER, &key)?;
            let owner = row.as_ref().and_then(|row| PersonId::from_bytes(row[1].blob()));
            let gone = row.is_some_and(|row| row[2].text() == "withdrawn");
            // Given within this transaction; else as the table says.
            given.clash = self.taken.get(&key).copied().or(owner.filter(|_| !gone));
            if given.clash.is_some() {
                return Ok(given);
            }
            given.taken = match owner.filter(|owner| *owner != person) {
                Some(owner) => !self.comes_back(owner, entry, facts)?,
                None => false,
            };
            if !given.taken {
                self.taken.insert(key.clone(), person);
                given.changes.push(Change::put(&NUMBER, vec![key.into(), person.bytes().into(), "file".into()]));
                given.number = Some(facts.number.clone());
                return Ok(given);
            }
        }
        let Some(cell) = cell_of(facts) else { return Ok(given) };
        let mut counter = match self.counters.get(&cell.cell()) {
            Some(counter) => *counter,
            None => {
                let row = self.row(&NUMBER_COUNTER, &cell_key(self.home, cell))?;
                row.map_or(0, |row| row[1].int() as u32)
            }
        };
        let prf = |message: &[u8]| self.home.keys.mac("number permutation", message);
        let mut fault = None;
        let mut is_taken = |number: PersonalNumber| {
            let number = number.to_string();
            let key = number_key(self.home, &number);
            claimed.contains(&number)
                || self.taken.contains_key(&key)
                || self
                    .row(&NUMBER, &key)
                    .unwrap_or_else(|error| {
                        fault = Some(error);
                        None
                    })
                    .is_some()
        };
        let number = number::next(&prf, cell, &mut counter, &mut is_taken);
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        self.counters.insert(cell.cell(), counter);
        given
            .changes
            .push(Change::put(&NUMBER_COUNTER, vec![cell_key(self.home, cell).into(), i64::from(counter).into()]));
        if let Some(number) = number.map(|number| number.to_string()) {
            let key = number_key(self.home, &number);
            self.taken.insert(key.clone(), person);
            given.changes.push(Change::put(&NUMBER, vec![key.into(), person.bytes().into(), "allotted".into()]));
            given.number = Some(number);
        }
        Ok(given)
    }

    /// Whether somebody who is no longer in the register comes back as this person: by the same row of the same sender, or
    /// with the same name and day of birth.
    fn comes_back(&self, before: PersonId, entry: &Entry, facts: &Facts) -> Result<bool, Error> {
        let Some(before) = Entry::load(self.view, self.home, before)? else { return Ok(false) };
        let same_row = before.person.sources.iter().any(|old| {
            let same = |new: &register::person::Source| (&new.sender, &new.rec_id) == (&old.sender, &old.rec_id);
            !old.rec_id.is_empty() && entry.person.sources.iter().any(same)
        });
        let old = before.person.facts().0;
        let born = facts.birth.is_some_and(|birth| birth.day().is_some());
        Ok(same_row || (born && (&old.name, old.birth) == (&facts.name, facts.birth)))
    }

    /// The household of these facts, made if it is new.
    fn household(
        &mut self,
        book: &Book,
        import: ids::ImportId,
        facts: &Facts,
    ) -> Result<(Option<HouseholdId>, Option<Change>), Error> {
        if facts.household_no.is_empty() || facts.ward.is_empty() {
            return Ok((None, None));
        }
        let words = format!("{}\u{1f}{}", facts.ward, facts.household_no);
        let token = self.home.keys.mac("token household", words.as_bytes())[..16].to_vec();
        if let Some(id) = self.households.get(&token) {
            return Ok((Some(*id), None));
        }
        let found = self.view.find(&HOUSEHOLD, 0, &[token.as_slice().into()], 1)?;
        if let Some(id) = found.first().and_then(|row| HouseholdId::from_bytes(row[0].blob())) {
            return Ok((Some(id), None));
        }
        let id = HouseholdId(book.id());
        self.households.insert(token.clone(), id);
        let row = vec![id.bytes().into(), 1.into(), facts.ward.as_str().into(), token.into(), import.bytes().into()];
        Ok((Some(id), Some(Change::put(&HOUSEHOLD, row))))
    }
}

/// A cell's key in the table of counters: a cell says province, sex and year of birth, and stands in an event beside a
/// person's id.
fn cell_key(home: &Home, cell: PersonalNumber) -> Vec<u8> {
    home.keys.mac("number cell", &cell.cell().to_be_bytes())[..16].to_vec()
}

/// The cell of numbers that facts belong to, if they say enough.
fn cell_of(facts: &Facts) -> Option<PersonalNumber> {
    number::cell(&facts.birth_province, facts.sex, facts.birth.map(|birth| birth.year()))
}

/// Enters new persons, each an event; `done` is what counts already.
fn enter_chunk(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    import: ids::ImportId,
    claimed: &HashSet<String>,
    chunk: Vec<Vec<Planned>>,
    mut done: Done,
) -> Result<Decision, Error> {
    let home = book.home();
    let mut allotment = Allotment::new(home, view);
    let ids: Vec<PersonId> = chunk.iter().map(|_| PersonId(book.id())).collect();
    let drafts: Vec<(Vec<Planned>, Entry, Facts)> = chunk
        .into_par_iter()
        .zip(ids)
        .map(|(rows, id)| {
            let mut entry = Entry::new(home, id, import);
            for row in &rows {
                entry.person.take_up(row.source.clone());
            }
            let facts = entry.person.facts().0;
            (rows, entry, facts)
        })
        .collect();
    allotment.look_up(drafts.iter().map(|(_, _, facts)| facts))?;
    let mut entries: Vec<(Entry, Event)> = Vec::with_capacity(drafts.len());
    let mut cases = Vec::new();
    for (mut rows, mut entry, facts) in drafts {
        let mut event = book.event("person.entered", actor);
        let given = allotment.number(&entry, &facts, claimed)?;
        if given.taken {
            done.numbers_taken += number_taken(&mut entry, &mut rows, &facts.number);
        }
        event.changes.extend(given.changes);
        let (household, made) = allotment.household(book, import, &facts)?;
        done.households += usize::from(made.is_some());
        event.changes.extend(made);
        entry.household = household;
        entry.unit.clone_from(&facts.ward);
        entry.number_state = if given.number.is_some() { "numbered" } else { "pending" }.into();
        entry.person.number = given.number;
        let state = if entry.person.number.is_some() { "entered" } else { "pending" };
        for row in &rows {
            event.changes.extend(row_changes(row, state, Some(entry.id), None));
        }
        done.entered += if state == "entered" { rows.len() } else { 0 };
        done.pending += if state == "entered" { 0 } else { rows.len() };
        if let Some(owner) = given.clash {
            let opening = Opening {
                kind: "number-clash",
                unit: &entry.unit,
                a: owner,
                b: Some(entry.id),
                import,
                body: serde_json::json!({ "number": facts.number }),
            };
            cases.push(case::open(book, view, actor, opening)?);
            done.cases += 1;
        }
        event.unit.clone_from(&entry.unit);
        event.subjects = vec![entry.id];
        entries.push((entry, event));
    }
    let mut events: Vec<Event> = entries
        .into_par_iter()
        .map(|(mut entry, mut event)| {
            entry.write(home, &mut event);
            event
        })
        .collect();
    events.extend(cases.into_iter().map(|(_, event)| event));
    Ok(Decision { events, answer: serde_json::to_vec(&done).unwrap_or_default() })
}

/// Holds rows in a case against the person they may be.
fn hold(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    import: ids::ImportId,
    mut held: Held,
) -> Result<Decision, Error> {
    // What was held, entered or decided before the run was cut off is not asked again.
    held.rows = again::fresh(view, held.rows, &mut |_| ())?;
    if held.rows.is_empty() {
        return Ok(Decision::default());
    }
    let person = match &held.other {
        Other::Person(person) => *person,
        Other::Record(record) => again::person_of(view, record)?.ok_or(Error::Missing("person-missing"))?,
    };
    let unit = view.get(&PERSON, &[person.bytes().into()])?.map_or(String::new(), |row| row[4].text().to_owned());
    let sources: Vec<_> = held.rows.iter().map(|row| &row.source).collect();
    let tokens: Vec<(Vec<u8>, Vec<u8>)> =
        held.rows.iter().map(|row| (row.record.clone(), row.content.clone())).collect();
    let body = serde_json::json!({
        "rows": sources, "tokens": tokens, "probability": held.probability, "why": held.why,
    });
    let opening = Opening { kind: "linkage", unit: &unit, a: person, b: None, import, body };
    let (id, mut event) = case::open(book, view, actor, opening)?;
    for row in &held.rows {
        let [outcome, record] = row_changes(row, "case", None, Some(id));
        event.changes.push(outcome);
        // A version of a row that somebody has stays theirs until the case is decided.
        let known = view.get(&RECORD, &[row.record.as_slice().into()])?;
        if known.is_none_or(|known| known[4].is_null()) {
            event.changes.push(record);
        }
    }
    let done = Done { cases: 1, ..Done::default() };
    Ok(Decision { events: vec![event], answer: serde_json::to_vec(&done).unwrap_or_default() })
}

/// Enters the rows of a case as a person of their own: an officer has said that they are another.
pub(crate) fn enter_held(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    import: ids::ImportId,
    rows: Vec<(Vec<u8>, Vec<u8>, register::person::Source)>,
) -> Result<Vec<Event>, Error> {
    let rows = planned(rows)?;
    let claimed = rows.iter().map(|row| row.source.facts.number.clone()).collect();
    let mut claimed: HashSet<String> = claimed;
    claimed.remove("");
    Ok(enter_chunk(book, view, actor, import, &claimed, vec![rows], Done::default())?.events)
}

/// Attaches the rows of a case to the person: an officer has said that they are the same.
pub(crate) fn attach_held(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    person: PersonId,
    rows: Vec<(Vec<u8>, Vec<u8>, register::person::Source)>,
) -> Result<Vec<Event>, Error> {
    let mut allotment = Allotment::new(book.home(), view);
    attach(book, actor, &mut allotment, person, &planned(rows)?, &mut Done::default())
}

fn planned(rows: Vec<(Vec<u8>, Vec<u8>, register::person::Source)>) -> Result<Vec<Planned>, Error> {
    rows.into_iter()
        .map(|(record, content, source)| {
            let file = ids::FileId::parse(&source.file).ok_or(Error::Missing("staged-file-missing"))?;
            Ok(Planned { file, record, content, source })
        })
        .collect()
}

/// Gives a person whose claimed number is another's one of the register's own.
pub(crate) fn number_anew(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    person: PersonId,
) -> Result<Vec<Event>, Error> {
    let home = book.home();
    let mut entry = Entry::load(view, home, person)?.ok_or(Error::Missing("person-missing"))?;
    if entry.person.number.is_some() || entry.status != "active" {
        return Ok(Vec::new());
    }
    let mut facts = entry.person.facts().0;
    facts.number.clear();
    let given = Allotment::new(home, view).number(&entry, &facts, &HashSet::new())?;
    let Some(number) = given.number else { return Ok(Vec::new()) };
    let mut event = book.event("person.numbered", actor);
    event.changes = given.changes;
    entry.number_state = "numbered".into();
    entry.person.number = Some(number);
    event.unit.clone_from(&entry.unit);
    event.subjects = vec![person];
    entry.write(home, &mut event);
    Ok(vec![event])
}
