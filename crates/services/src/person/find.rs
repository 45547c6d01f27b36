//! Search: by words of the name in any order and without marks, or by a number. A page is one read event.
//!
//! Every word has a list of persons in order of commune and id. The list that reaches furthest with the same number of
//! entries is the sparsest: it leads, the others only confirm. So a page costs the same in a village and in the nation,
//! first or last; after [`CANDIDATES`] a page ends as it is, and the next goes on.

use super::{Entry, Reader, Sealed, by_number, token};
use crate::book::{Book, Decision, Home};
use crate::place::{Subtree, Walk};
use crate::{Error, unit};
use ids::{HouseholdId, PersonId};
use journal::{Row, Value};
use ports::store::Read;
use register::person::Person;
use register::table::{PERSON, PERSON_TOKEN};
use std::sync::Arc;

/// Persons on one page of a search.
pub const PAGE: usize = 20;
/// Words of one search; no name has more, and each is a walk through a list.
const WORDS_MAX: usize = 12;
/// Members of a household that are looked at.
const HOUSEHOLD_MAX: usize = 200;
/// Entries of the leading list that are looked at for one page.
const CANDIDATES: usize = 2_048;
/// Of these at a time.
const CHUNK: usize = 256;

/// One page of a search.
#[derive(Default)]
pub struct Page {
    /// The persons, in order of commune and id. There may be fewer than a page holds, even none, and still a next page.
    pub entries: Vec<Entry>,
    /// Where the next page begins, if there is one.
    pub next: Option<PersonId>,
    /// The page is not full, and somebody was found whom the reader may not see. Nothing more is said of them. Where many
    /// have the words, the first 2,048 of the nation are looked at: of a person beyond them nothing is said.
    pub elsewhere: bool,
}

/// Searches by words of the name, in any order and without marks, or by a number; `after` is the `next` of the page
/// before. A page is one read event that names everybody on it, and says whether somebody elsewhere was told of.
pub fn find(book: &Arc<Book>, reader: &Reader, text: &str, after: Option<PersonId>) -> Result<Page, Error> {
    let text = text.trim();
    if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return found(book, reader, after, |view| by_number(view, book.home(), text));
    }
    let words = Person::search_words(text);
    if words.is_empty() {
        return Err(Error::input("search-empty"));
    }
    if words.len() > WORDS_MAX {
        return Err(Error::Input { code: "search-wide", arguments: vec![("max", WORDS_MAX.to_string())] });
    }
    reader.purpose()?;
    let lists: Vec<[u8; 8]> = words.iter().map(|word| token(book.home(), &super::Token::Word(word))).collect();
    let (page, next, elsewhere) = book.view(|view| {
        let units = Subtree::of(view, &reader.unit)?;
        let after = match after {
            Some(id) => {
                let row = view.get(&PERSON, &[id.bytes().into()])?;
                let row = unit::cursor(view, row, 4, &reader.unit, "person-missing")?;
                Some(vec![row[4].clone(), row[0].clone(), Value::Blob(vec![0xff; 9])])
            }
            None => None,
        };
        let search = Search { view, lists: &lists, units: &units };
        // One more than a page says whether another follows.
        let (mut ids, mut next) = search.page(after, PAGE + 1, &|_| true)?;
        if ids.len() > PAGE {
            ids.truncate(PAGE);
            next = ids.last().and_then(|key| PersonId::from_bytes(key[0].blob()));
        }
        let rows = view.get_all(&PERSON, &ids)?.into_iter().flatten().filter(|row| row[2].text() == "active");
        let page = rows.map(|row| Sealed::from_row(view, row)).collect::<Result<Vec<_>, _>>()?;
        let elsewhere = page.len() < PAGE && next.is_none() && !units.is_nation() && {
            let nation = Search { view, lists: &lists, units: &Subtree::of(view, "")? };
            !nation.page(None, 1, &|row| !units.has(row[2].text()))?.0.is_empty()
        };
        Ok((page, next, elsewhere))
    })?;
    disclosed(book, reader, page, next, elsewhere)
}

/// A search for words, each given by the token of its list.
struct Search<'a> {
    view: &'a dyn Read,
    lists: &'a [[u8; 8]],
    units: &'a Subtree,
}

impl Search<'_> {
    /// The keys of the next persons who stand in every list and are wanted, and the last entry looked at where more may
    /// follow.
    fn page(
        &self,
        after: Option<Row>,
        some: usize,
        wanted: &dyn Fn(&Row) -> bool,
    ) -> Result<(Vec<Row>, Option<PersonId>), Error> {
        let given: Vec<[Value; 1]> = self.lists.iter().map(|token| [Value::from(token)]).collect();
        let walk = |at: usize| Walk { table: &PERSON_TOKEN, index: 0, given: &given[at], units: self.units };
        // The sparsest list, judged by its first stretch: one that ends reaches furthest of all.
        let (mut leader, mut reach) = (0, None);
        if self.lists.len() > 1 {
            for at in 0..self.lists.len() {
                let (_, next) = walk(at).next(self.view, after.clone(), CHUNK)?;
                if at == 0 || next.is_none() || (reach.is_some() && next > reach) {
                    (leader, reach) = (at, next);
                }
                if reach.is_none() {
                    break;
                }
            }
        }
        let (mut found, mut place, mut looked) = (Vec::new(), after, 0);
        loop {
            let (rows, next) = walk(leader).next(self.view, place, CHUNK)?;
            looked += rows.len();
            let keep = self.confirmed(leader, &rows)?;
            for (row, keep) in rows.iter().zip(keep) {
                if keep && wanted(row) {
                    found.push(row[..1].to_vec());
                    if found.len() == some {
                        return Ok((found, PersonId::from_bytes(row[0].blob())));
                    }
                }
            }
            let last = rows.last().and_then(|row| PersonId::from_bytes(row[0].blob()));
            match next {
                None => return Ok((found, None)),
                Some(_) if looked >= CANDIDATES => return Ok((found, last)),
                Some(_) => place = next,
            }
        }
    }

    /// Which of the leading list's rows are persons who stand in the other lists too.
    fn confirmed(&self, leader: usize, rows: &[Row]) -> Result<Vec<bool>, Error> {
        let mut keep = vec![true; rows.len()];
        for (at, token) in self.lists.iter().enumerate() {
            if at == leader {
                continue;
            }
            let asked: Vec<usize> = (0..rows.len()).filter(|row| keep[*row]).collect();
            let keys: Vec<Row> = asked.iter().map(|row| vec![rows[*row][0].clone(), Value::from(token)]).collect();
            for (row, there) in asked.into_iter().zip(self.view.get_all(&PERSON_TOKEN, &keys)?) {
                keep[row] = there.is_some();
            }
        }
        Ok(keep)
    }
}

/// The first [`PAGE`] of a few persons, of those in force whom the reader may see.
fn found(
    book: &Arc<Book>,
    reader: &Reader,
    after: Option<PersonId>,
    who: impl FnOnce(&dyn Read) -> Result<Vec<PersonId>, Error>,
) -> Result<Page, Error> {
    reader.purpose()?;
    let mut page: Vec<Sealed> = Vec::new();
    let (mut next, mut elsewhere) = (None, false);
    // Looking keeps nobody waiting who writes; nothing is opened before the read is recorded.
    book.view(|view| {
        let mut ids = who(view)?;
        ids.sort_unstable();
        ids.retain(|id| after.is_none_or(|after| *id > after));
        for id in ids {
            let Some(sealed) = Sealed::load(view, id)? else { continue };
            if sealed.row[2].text() != "active" {
                continue;
            }
            if !unit::within(view, sealed.unit(), &reader.unit)? {
                elsewhere = true;
                continue;
            }
            if page.len() == PAGE {
                next = page.last().map(|last| last.id);
                break;
            }
            page.push(sealed);
        }
        Ok(())
    })?;
    disclosed(book, reader, page, next, elsewhere)
}

/// The page, opened after its read has been recorded, also where it shows nobody.
fn disclosed(
    book: &Arc<Book>,
    reader: &Reader,
    page: Vec<Sealed>,
    next: Option<PersonId>,
    elsewhere: bool,
) -> Result<Page, Error> {
    // Whoever is told of nobody, or only that there is somebody elsewhere, has learned that too.
    let mut event = book.event("person.found", &reader.actor);
    event.subjects = page.iter().map(|sealed| sealed.id).collect();
    if elsewhere {
        event.detail = serde_json::json!({ "elsewhere": true }).to_string();
    }
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let home: &Home = book.home();
    // A body that does not open is damage of one person; the others are shown all the same.
    let entries = page.into_iter().filter_map(|sealed| sealed.open(home).ok()).collect();
    Ok(Page { entries, next, elsewhere })
}

/// Everybody of a household whom the reader may see; one read event names them.
pub fn household(book: &Arc<Book>, reader: &Reader, household: HouseholdId) -> Result<Vec<Entry>, Error> {
    let page = found(book, reader, None, move |view| {
        let rows = view.find(&PERSON, 1, &[household.bytes().into()], HOUSEHOLD_MAX)?;
        Ok(rows.iter().filter_map(|row| PersonId::from_bytes(row[0].blob())).collect())
    })?;
    Ok(page.entries)
}
