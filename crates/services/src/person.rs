//! Persons in the store: opened and sealed under their own key, found by keyed tokens, every read logged.

mod find;

pub use find::{PAGE, Page, find, household};

use crate::book::{Book, Decision, Home};
use crate::rows::each;
use crate::seal::{open, seal};
use crate::{Error, unit};
use ids::{HouseholdId, ImportId, PersonId};
use journal::{Actor, Change, Event, Row, Value};
use ports::Fault;
use ports::machine::random;
use ports::store::Read;
use register::person::Person;
use register::table::{HOUSEHOLD, NUMBER, PERSON, PERSON_KEY, PERSON_TOKEN};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// A person as stored.
#[derive(Clone)]
pub struct Entry {
    /// The id.
    pub id: PersonId,
    /// Counts the changes, from 1.
    pub version: i64,
    /// `active`, `withdrawn` or `merged`.
    pub status: String,
    /// `numbered` or `pending`.
    pub number_state: String,
    /// The commune of residence; empty if not known.
    pub unit: String,
    /// The household.
    pub household: Option<HouseholdId>,
    /// The import that entered the person.
    pub import: ImportId,
    /// The data key.
    pub(crate) key: [u8; 32],
    /// What is sealed.
    pub person: Person,
    /// The person as stored and their commune, whose tokens stand in the store; nobody before the first writing and after
    /// withdrawal.
    before: Option<(Person, String)>,
}

/// What a person is found by, before it is keyed.
pub(crate) enum Token<'a> {
    Word(&'a str),
    Number(&'a str),
    OldNumber(&'a str),
}

pub(crate) fn token(home: &Home, token: &Token<'_>) -> [u8; 8] {
    let (label, text) = match token {
        Token::Word(text) => ("token word", *text),
        Token::Number(text) => ("token number", *text),
        Token::OldNumber(text) => ("token old number", *text),
    };
    let mac = home.keys.mac(label, text.as_bytes());
    [mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], mac[6], mac[7]]
}

/// The key under which a number stands in the table of numbers.
pub(crate) fn number_key(home: &Home, number: &str) -> Vec<u8> {
    home.keys.mac("number", number.as_bytes())[..16].to_vec()
}

fn tokens(home: &Home, person: &Person) -> Vec<[u8; 8]> {
    let mut all = Vec::new();
    let mut names: Vec<&str> = person.sources.iter().map(|source| source.facts.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        all.extend(Person::search_words(name).iter().map(|word| token(home, &Token::Word(word))));
    }
    all.extend(person.number.iter().map(|number| token(home, &Token::Number(number))));
    for source in &person.sources {
        if !source.facts.old_number.is_empty() {
            all.push(token(home, &Token::OldNumber(&source.facts.old_number)));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn context(id: PersonId) -> Vec<u8> {
    [b"person\0".as_slice(), id.bytes()].concat()
}

fn id_of<T>(cell: &Value, from: fn(&[u8]) -> Option<T>) -> Result<T, Fault> {
    from(cell.blob()).ok_or_else(|| Fault::Damaged { what: "table person".into(), cause: "malformed id".into() })
}

/// A person's rows, not opened yet: what a transaction hands to the caller, who opens it afterwards on their own thread.
struct Sealed {
    id: PersonId,
    row: Row,
    wrapped: Row,
}

impl Sealed {
    /// The rows of the person with this id; `None` if there is none.
    fn load(view: &dyn Read, id: PersonId) -> Result<Option<Sealed>, Error> {
        let Some(row) = view.get(&PERSON, &[id.bytes().into()])? else { return Ok(None) };
        Sealed::from_row(view, row).map(Some)
    }

    fn from_row(view: &dyn Read, row: Row) -> Result<Sealed, Error> {
        let id = id_of(&row[0], PersonId::from_bytes)?;
        let gone = || Fault::Damaged { what: format!("person {id}"), cause: "the key is gone".into() };
        let wrapped = view.get(&PERSON_KEY, &row[..1])?.ok_or_else(gone)?;
        Ok(Sealed { id, row, wrapped })
    }

    fn unit(&self) -> &str {
        self.row[4].text()
    }

    fn open(self, home: &Home) -> Result<Entry, Error> {
        let Sealed { id, row, wrapped } = self;
        let damaged = || Fault::Damaged { what: format!("person {id}"), cause: "the body cannot be read".into() };
        let key = home.keys.unwrap(wrapped[1].blob(), &context(id))?;
        let body = open(&key, &context(id), row[7].blob())?;
        let person: Person = serde_json::from_slice(&body).map_err(|_| damaged())?;
        let before = (row[2].text() == "active").then(|| (person.clone(), row[4].text().to_owned()));
        Ok(Entry {
            id,
            version: row[1].int(),
            status: row[2].text().to_owned(),
            number_state: row[3].text().to_owned(),
            unit: row[4].text().to_owned(),
            household: HouseholdId::from_bytes(row[5].blob()),
            import: id_of(&row[6], ImportId::from_bytes)?,
            key,
            person,
            before,
        })
    }
}

impl Entry {
    /// A new person with a key of their own.
    pub(crate) fn new(home: &Home, id: PersonId, import: ImportId) -> Entry {
        Entry {
            id,
            version: 0,
            status: "active".into(),
            number_state: "pending".into(),
            unit: String::new(),
            household: None,
            import,
            key: random(&*home.entropy),
            person: Person::default(),
            before: None,
        }
    }

    /// Opens the person with this id; `None` if there is none.
    pub(crate) fn load(view: &dyn Read, home: &Home, id: PersonId) -> Result<Option<Entry>, Error> {
        Sealed::load(view, id)?.map(|sealed| sealed.open(home)).transpose()
    }

    pub(crate) fn from_row(view: &dyn Read, home: &Home, row: &Row) -> Result<Entry, Error> {
        Sealed::from_row(view, row.clone())?.open(home)
    }

    /// Sets the commune; where it is another, two events say so: one counts for the unit left, one for the new one.
    pub(crate) fn moves(&mut self, book: &Book, actor: &Actor, unit: &str) -> Vec<Event> {
        if self.unit == unit {
            return Vec::new();
        }
        let before = std::mem::replace(&mut self.unit, unit.to_owned());
        let event = |(kind, unit): (&str, &String)| {
            let mut event = book.event(kind, actor);
            event.unit.clone_from(unit);
            event.subjects = vec![self.id];
            event
        };
        [("person.moved-out", &before), ("person.moved-in", &self.unit)].map(event).into()
    }

    /// Adds to an event everything that writing this person changes; the version goes up by one.
    pub(crate) fn write(&mut self, home: &Home, event: &mut Event) {
        if self.version == 0 {
            // The key is no part of the event: destroying its row must leave it nowhere.
            let wrapped = home.keys.wrap(&self.key, &context(self.id), random(&*home.entropy));
            event.unlogged.push(Change::put(&PERSON_KEY, vec![self.id.bytes().into(), wrapped.into()]));
        }
        let changes = &mut event.changes;
        self.version += 1;
        let body = serde_json::to_vec(&self.person).unwrap_or_default();
        let sealed = seal(&self.key, &context(self.id), random(&*home.entropy), &body);
        let row = vec![
            self.id.bytes().into(),
            self.version.into(),
            self.status.as_str().into(),
            self.number_state.as_str().into(),
            self.unit.as_str().into(),
            self.household.map(|household| Value::from(household.bytes())).unwrap_or(Value::Null),
            self.import.bytes().into(),
            sealed.into(),
        ];
        changes.push(Change::put(&PERSON, row));
        let now = if self.status == "active" { tokens(home, &self.person) } else { Vec::new() };
        let key = |token: &[u8; 8]| vec![Value::from(self.id.bytes()), Value::from(token)];
        let before = self.before.as_ref().map_or_else(Vec::new, |(person, _)| tokens(home, person));
        let moved = self.before.as_ref().is_some_and(|(_, unit)| *unit != self.unit);
        for gone in before.iter().filter(|token| !now.contains(token)) {
            changes.push(Change::delete(&PERSON_TOKEN, key(gone)));
        }
        for new in now.iter().filter(|token| moved || !before.contains(token)) {
            changes.push(Change::put(&PERSON_TOKEN, [key(new), vec![self.unit.as_str().into()]].concat()));
        }
        self.before = (self.status == "active").then(|| (self.person.clone(), self.unit.clone()));
    }
}

/// The change that removes a person's household, if nobody in the register is left in it but those who go too.
pub(crate) fn empty_household(view: &dyn Read, entry: &Entry, going: &[PersonId]) -> Result<Option<Change>, Error> {
    let Some(household) = entry.household else { return Ok(None) };
    let members = view.find(&PERSON, 1, &[household.bytes().into()], 100_000)?;
    let stays = |row: &Row| {
        let id = PersonId::from_bytes(row[0].blob()).unwrap_or_default();
        row[2].text() == "active" && id != entry.id && !going.contains(&id)
    };
    let key = vec![household.bytes().into()];
    let there = view.get(&HOUSEHOLD, &key)?.is_some();
    Ok((there && !members.iter().any(stays)).then(|| Change::delete(&HOUSEHOLD, key)))
}

/// Persons looked at who share an old number.
const SHARED_MAX: usize = 100_000;

/// Finds the person with a number, twelve digits or nine. Several persons may share an old number.
pub(crate) fn by_number(view: &dyn Read, home: &Home, number: &str) -> Result<Vec<PersonId>, Error> {
    let keyed = match number.len() {
        12 => {
            let row = view.get(&NUMBER, &[number_key(home, number).into()])?;
            return Ok(row.and_then(|row| PersonId::from_bytes(row[1].blob())).into_iter().collect());
        }
        9 => token(home, &Token::OldNumber(number)),
        _ => return Err(Error::input("number-malformed")),
    };
    let rows = view.find(&PERSON_TOKEN, 0, &[Value::from(&keyed)], SHARED_MAX)?;
    Ok(rows.iter().filter_map(|row| PersonId::from_bytes(row[0].blob())).collect())
}

/// The one person with a number whom somebody of a unit may see. An old number may be several persons': those outside the
/// unit, and who is no longer in the register, do not count.
pub(crate) fn one_by_number(view: &dyn Read, home: &Home, number: &str, within: &str) -> Result<PersonId, Error> {
    let mut seen = Vec::new();
    for id in by_number(view, home, number)? {
        let Some(row) = view.get(&PERSON, &[id.bytes().into()])? else { continue };
        let in_force = number.len() == 12 || row[2].text() == "active";
        if in_force && unit::within(view, row[4].text(), within)? {
            seen.push(id);
        }
    }
    match seen[..] {
        [id] => Ok(id),
        [] => Err(Error::Missing("person-missing")),
        _ => Err(Error::refused("number-shared")),
    }
}

/// Who reads, for what.
#[derive(Clone)]
pub struct Reader {
    /// The officer or the operator.
    pub actor: Actor,
    /// The unit whose people they may see; empty for the whole nation.
    pub unit: String,
}

/// Characters of a purpose: a line, not a file.
const PURPOSE_CHARS_MAX: usize = 500;

/// An error unless a purpose is stated: every read of a person has one.
pub(crate) fn purpose(stated: &str) -> Result<(), Error> {
    if stated.chars().count() > PURPOSE_CHARS_MAX {
        return Err(Error::Input { code: "purpose-long", arguments: vec![("max", PURPOSE_CHARS_MAX.to_string())] });
    }
    if stated.trim().is_empty() { Err(Error::refused("purpose-missing")) } else { Ok(()) }
}

impl Reader {
    fn purpose(&self) -> Result<(), Error> {
        purpose(&self.actor.purpose)
    }
}

/// Looks a person up by number. The read is an event before the answer is given; who may not see the person is told only
/// that there is nobody in the own unit.
pub fn show(book: &Arc<Book>, reader: &Reader, number: &str) -> Result<Entry, Error> {
    let (inner, number, within) = (Arc::clone(book), number.to_owned(), reader.unit.clone());
    read(book, reader, move |view| one_by_number(view, inner.home(), &number, &within))
}

/// Looks a person up by id, as [`show`] does by number.
pub fn open_by_id(book: &Arc<Book>, reader: &Reader, id: PersonId) -> Result<Entry, Error> {
    read(book, reader, move |_| Ok(id))
}

fn read(
    book: &Arc<Book>,
    reader: &Reader,
    who: impl FnOnce(&dyn Read) -> Result<PersonId, Error> + Send + 'static,
) -> Result<Entry, Error> {
    reader.purpose()?;
    let (inner, reader) = (Arc::clone(book), reader.clone());
    let (give, given) = channel();
    book.submit(None, move |view| {
        let id = who(view)?;
        let sealed = Sealed::load(view, id)?.ok_or(Error::Missing("person-missing"))?;
        if !unit::within(view, sealed.unit(), &reader.unit)? {
            return Err(Error::Missing("person-missing"));
        }
        let mut event = inner.event("person.read", &reader.actor);
        sealed.unit().clone_into(&mut event.unit);
        event.subjects = vec![id];
        // The caller waits for the commit, and opens what is handed over only then.
        let _ = give.send(sealed);
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    given.try_recv().map_err(|_| Error::Missing("person-missing"))?.open(book.home())
}

/// Numbers of persons who are old enough for a card and have no application: whom a unit invites. One event names them
/// all.
pub fn invite(book: &Arc<Book>, officer: &crate::officer::Officer, limit: usize) -> Result<Vec<String>, Error> {
    officer.may("enrol")?;
    let (inner, officer) = (Arc::clone(book), officer.clone());
    let answer = book.submit(None, move |view| {
        let home = inner.home();
        let born_by = inner.now().day().date().0 - 15;
        let mut numbers = Vec::new();
        let mut event = inner.event("person.found", &officer.actor("invitation to enrol"));
        let rows = view.find(&PERSON, 0, &["active".into(), "numbered".into()], 20 * limit + 1000)?;
        for row in rows {
            if numbers.len() == limit {
                break;
            }
            let entry = Entry::from_row(view, home, &row)?;
            let facts = entry.person.facts().0;
            let grown = facts.birth.is_some_and(|birth| birth.day().is_some() && birth.year() <= born_by);
            let applied = !view.scan(&enrolment::table::APPLICATION, &row[..1], None, 1)?.is_empty();
            let complete = facts.sex.is_some() && !facts.name.is_empty();
            if grown && complete && !applied && unit::within(view, &entry.unit, &officer.unit)? {
                numbers.extend(entry.person.number);
                event.subjects.push(entry.id);
            }
        }
        let answer = serde_json::to_vec(&numbers).unwrap_or_default();
        Ok(Decision { events: vec![event], answer })
    })?;
    serde_json::from_slice(&answer).map_err(|_| Error::Missing("person-missing"))
}

/// Everybody in the register: a bulk extract. It is one event with a commitment to the set of persons, recorded before
/// anybody is read.
pub fn everyone(book: &Arc<Book>, officer: &crate::officer::Officer, purpose: &str) -> Result<Vec<Entry>, Error> {
    officer.may("audit")?;
    let mut rows = Vec::new();
    book.view(|view| {
        each(view, &PERSON, &mut |row| {
            rows.extend((row[2].text() == "active").then_some(row));
            Ok(())
        })
    })?;
    let ids: Vec<u8> = rows.iter().flat_map(|row| row[0].blob().to_vec()).collect();
    let set: String = book.home().keys.mac("set of persons", &ids).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut event = book.event("persons.extracted", &officer.actor(purpose));
    event.detail = serde_json::json!({ "persons": rows.len(), "set": set }).to_string();
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    book.view(|view| rows.iter().map(|row| Entry::from_row(view, book.home(), row)).collect())
}

/// Persons whose body does not open: the key is gone, another's, or the body is. Gives the ids. For `audit verify`.
pub(crate) fn unopened(view: &dyn Read, home: &Home) -> Result<Vec<PersonId>, Error> {
    let mut bad = Vec::new();
    each(view, &PERSON, &mut |row| {
        if Entry::from_row(view, home, &row).is_err() {
            bad.push(PersonId::from_bytes(row[0].blob()).unwrap_or_default());
        }
        Ok(())
    })?;
    Ok(bad)
}
