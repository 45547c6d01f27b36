//! Two persons of the register who are one: the second's rows become the first's.
//!
//! Invariant: the merged person's number, if there was one, is never given again, and their words find nobody.

use super::fallen::ended;
use super::{Contents, contents};
use crate::Error;
use crate::application::{after_case, refuse_waiting};
use crate::book::Book;
use crate::person::{Entry, empty_household, number_key};
use crate::rows::first_in;
use ids::{CaseId, PersonId};
use journal::{Actor, Change, Event, Row, Value};
use ports::store::Read;
use register::table::{CASE, NUMBER, RECORD, ROW_OUTCOME};
use std::sync::Arc;

/// The events that merge the second person of a case into the first.
pub(super) fn merge(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    case: CaseId,
    first: PersonId,
    second: PersonId,
) -> Result<Vec<Event>, Error> {
    let home = book.home();
    let load = |id| Entry::load(view, home, id)?.ok_or(Error::Missing("person-missing"));
    let (mut survivor, mut merged) = (load(first)?, load(second)?);
    if survivor.status != "active" || merged.status != "active" {
        return Err(Error::refused("person-withdrawn"));
    }
    // The survivor applies under the number that stays.
    let mut events = refuse_waiting(book, view, actor, second)?;
    events.extend(cases(book, view, actor, case, &survivor, second)?);
    let mut event = book.event("person.merged", actor);
    event.detail = serde_json::json!({ "survivor": first.to_string(), "merged": second.to_string() }).to_string();
    for mut row in view.find(&RECORD, 0, &[second.bytes().into()], 100_000)? {
        row[4] = first.bytes().into();
        event.changes.push(Change::put(&RECORD, row));
    }
    for mut row in view.find(&ROW_OUTCOME, 0, &[second.bytes().into()], 100_000)? {
        row[3] = first.bytes().into();
        event.changes.push(Change::put(&ROW_OUTCOME, row));
    }
    if let Some(number) = &merged.person.number {
        let row = vec![number_key(home, number).into(), second.bytes().into(), "withdrawn".into()];
        event.changes.push(Change::put(&NUMBER, row));
    }
    for source in merged.person.sources.clone() {
        survivor.person.take_up(source);
    }
    let ward = survivor.person.facts().0.ward;
    if !ward.is_empty() {
        events.extend(survivor.moves(book, actor, &ward));
    }
    merged.status = "merged".into();
    event.changes.extend(empty_household(view, &merged, &[])?);
    // It counts where the merged person counted.
    event.unit.clone_from(&merged.unit);
    event.subjects = vec![first, second];
    merged.write(home, &mut event);
    survivor.write(home, &mut event);
    events.push(event);
    Ok(events)
}

/// The merged person's other open cases are the survivor's; where nothing is left to ask, they end.
fn cases(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    case: CaseId,
    survivor: &Entry,
    merged: PersonId,
) -> Result<Vec<Event>, Error> {
    let id = Value::from(merged.bytes());
    let mut concerns = |row: &Row| Ok(row[0].blob() != case.bytes() && (row[5] == id || row[6] == id));
    let rows = first_in(view, &super::LISTED, "", "open", usize::MAX, &mut concerns)?;
    let mut events = Vec::new();
    for mut row in rows {
        let contents: Contents = contents(book, &row, 0)?;
        // The applicant of a fingerprint case stands second, or alone.
        let applicant = contents.b.unwrap_or(contents.a) == merged && contents.summary.kind == "fingerprint";
        for column in [5, 6] {
            if row[column] == id {
                row[column] = survivor.id.bytes().into();
            }
        }
        if applicant || row[5] == row[6] {
            if !applicant && contents.summary.kind == "fingerprint" {
                // The survivor's prints were alike to their own.
                events.extend(after_case(book, view, actor, &contents, "again")?);
            }
            events.push(ended(book, actor, &contents, row));
            continue;
        }
        let mut event = book.event("case.moved", actor);
        event.unit.clone_from(&contents.summary.unit);
        event.subjects = vec![survivor.id, merged];
        row[1] = (row[1].int() + 1).into();
        event.changes = vec![Change::put(&CASE, row)];
        events.push(event);
    }
    Ok(events)
}
