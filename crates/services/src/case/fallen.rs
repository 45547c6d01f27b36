//! Cases whose question has gone away, because a person in them was withdrawn, or what a person claimed.

use super::{Contents, contents, held, subjects};
use crate::application::{after_case, of_case};
use crate::book::{Book, Decision};
use crate::person::Entry;
use crate::rows::first_in;
use crate::{Error, import};
use ids::{ImportId, PersonId};
use journal::{Actor, Change, Event, Row};
use ports::store::Read;
use register::table::{CASE, PERSON};
use std::sync::Arc;

/// Closes every open case about somebody who is no longer active, and every clash of numbers that is none any more, with what follows for those who waited: each is one
/// transaction, so that a run that is cut off is ended by the next.
pub(crate) fn close_fallen(book: &Arc<Book>, actor: &Actor) -> Result<(), Error> {
    let rows = book.view(|view| {
        let mut fallen =
            |row: &Row| Ok(!is_active(view, row, 5)? || !is_active(view, row, 6)? || !still_clash(book, view, row)?);
        first_in(view, &super::LISTED, "", "open", usize::MAX, &mut fallen)
    })?;
    for row in rows {
        let (inner, actor) = (Arc::clone(book), actor.clone());
        book.submit(None, move |view| {
            let row = view.get(&CASE, &row[..1])?.filter(|row| row[3].text() == "open");
            let events = row.map_or(Ok(Vec::new()), |row| close(&inner, view, &actor, row))?;
            Ok(Decision { events, answer: Vec::new() })
        })?;
    }
    Ok(())
}

/// Whether a clash of numbers still is one: whoever claims the number still does. Other cases are not looked at.
fn still_clash(book: &Book, view: &dyn Read, row: &Row) -> Result<bool, Error> {
    if row[2].text() != "number-clash" {
        return Ok(true);
    }
    let second = if row[6].is_null() { 5 } else { 6 };
    let id = PersonId::from_bytes(row[second].blob()).unwrap_or_default();
    let Some(entry) = Entry::load(view, book.home(), id)? else { return Ok(true) };
    let over = contents(book, row, 0)?.body["number"].as_str().map(str::to_owned);
    let claims = |number: &String| !number.is_empty() && over.as_ref().is_none_or(|over| over == number);
    let believed = entry.person.sources.iter().filter(|source| !source.superseded);
    Ok(claims(&entry.person.facts().0.number) || believed.into_iter().any(|source| claims(&source.facts.number)))
}

/// Whether the person in a column is in the register; nobody is.
fn is_active(view: &dyn Read, row: &Row, column: usize) -> Result<bool, Error> {
    if row[column].is_null() {
        return Ok(true);
    }
    let person = view.get(&PERSON, &row[column..=column])?;
    Ok(person.is_some_and(|person| person[2].text() == "active"))
}

/// The event that ends a case as withdrawn.
pub(crate) fn ended(book: &Book, actor: &Actor, contents: &Contents, mut row: Row) -> Event {
    let mut event = book.event("case.withdrawn", actor);
    event.unit.clone_from(&contents.summary.unit);
    event.subjects = subjects(contents);
    row[1] = (row[1].int() + 1).into();
    row[3] = "withdrawn".into();
    event.changes = vec![Change::put(&CASE, row)];
    event
}

/// The case ends. Rows that it held enter as a person of their own; whoever waited for a number gets one of the register's;
/// an application is searched again, or refused where the applicant is gone.
fn close(book: &Arc<Book>, view: &dyn Read, actor: &Actor, row: Row) -> Result<Vec<Event>, Error> {
    let contents = contents(book, &row, 0)?;
    let import = ImportId::from_bytes(row[7].blob()).unwrap_or_default();
    let applicant_stays = is_active(view, &row, 6)? && contents.b.is_some();
    let mut events = vec![ended(book, actor, &contents, row)];
    match contents.summary.kind.as_str() {
        "linkage" => events.extend(import::enter_held(book, view, actor, import, held(&contents.body)?)?),
        "number-clash" if applicant_stays => {
            events.extend(import::number_anew(book, view, actor, contents.b.unwrap_or(contents.a))?);
        }
        "fingerprint" if of_case(view, &contents)?.is_some_and(|row| row[3].text() == "case") => {
            let state = if applicant_stays { "again" } else { "withdrawn" };
            events.extend(after_case(book, view, actor, &contents, state)?);
        }
        _ => {}
    }
    Ok(events)
}
