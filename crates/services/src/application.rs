//! Applications: packets taken in, fingerprints searched against everybody, hits to cases.

mod capture;
mod enrolled;
mod face;
mod receive;
mod search;
mod show;

pub use receive::{Received, enrol, packets_of, receive, register_kit};
pub(crate) use receive::{blob_context, template_context};
pub use search::{Checked, check_all};
pub use show::{FingerShown, Shown, show};

use crate::Error;
use crate::book::Book;
use crate::case::Contents;
use crate::place::{Listed, Slice};
use enrolment::table::APPLICATION;
use ids::{ApplicationId, PersonId};
use journal::{Actor, Change, Event, Row};
use ports::Fault;
use ports::store::Read;
use serde::Serialize;
use std::sync::Arc;

/// An application as listed: nothing in it names a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// received, checked, case, refused, recapture, batched, approved, personalised, handed-over.
    pub state: String,
    /// Counts the changes.
    pub version: i64,
    /// The unit it counts for.
    pub unit: String,
    /// When it was received.
    pub received: String,
}

/// How applications are listed.
pub(crate) static LISTED: Listed = Listed { table: &APPLICATION, unit: 4, above: 12, nation: Some(1), province: 3 };

/// The states an application can be in, in the order of its life.
pub const STATES: [&str; 8] =
    ["received", "case", "recapture", "checked", "batched", "approved", "personalised", "refused"];

/// The applications of a unit in a state, the oldest first, after the application `after`.
pub fn list(
    book: &Book,
    unit: &str,
    state: &str,
    after: Option<ApplicationId>,
    limit: usize,
) -> Result<Slice<Summary>, Error> {
    book.view(|view| {
        let after = match after {
            Some(id) => {
                let row = view.find(&APPLICATION, 0, &[id.bytes().into()], 1)?.pop();
                Some(crate::unit::cursor(view, row, LISTED.unit, unit, "application-unknown")?)
            }
            None => None,
        };
        let rows = LISTED.page(view, unit, &[state.into()], after.as_ref(), limit, false)?;
        Slice::of(rows, limit, |row| Ok(summary(row)), |row| summary(row).id)
    })
}

fn summary(row: &Row) -> Summary {
    Summary {
        id: ApplicationId::from_bytes(row[1].blob()).unwrap_or_default().to_string(),
        state: row[3].text().to_owned(),
        version: row[2].int(),
        unit: row[4].text().to_owned(),
        received: time::Instant(row[7].int()).to_string(),
    }
}

pub(crate) fn person_of(row: &Row) -> Result<PersonId, Fault> {
    let damaged = || Fault::Damaged { what: "table application".into(), cause: "malformed id".into() };
    PersonId::from_bytes(row[0].blob()).ok_or_else(damaged)
}

/// The event that moves an application to a state.
pub(crate) fn moved(book: &Book, actor: &Actor, kind: &str, mut row: Row, state: &str) -> Result<Event, Error> {
    let person = person_of(&row)?;
    let mut event = book.event(kind, actor);
    row[4].text().clone_into(&mut event.unit);
    event.subjects = vec![person];
    row[2] = (row[2].int() + 1).into();
    row[3] = state.into();
    event.changes = vec![Change::put(&APPLICATION, row)];
    Ok(event)
}

/// A person's applications that wait are refused: the person is no longer in the register.
pub(crate) fn refuse_waiting(
    book: &Book,
    view: &dyn Read,
    actor: &Actor,
    person: PersonId,
) -> Result<Vec<Event>, Error> {
    let waiting = ["received", "checked", "case", "batched", "approved"];
    let mut rows = view.scan(&APPLICATION, &[person.bytes().into()], None, 1_000)?;
    rows.retain(|row| waiting.contains(&row[3].text()));
    rows.into_iter().map(|row| moved(book, actor, "application.refused", row, "refused")).collect()
}

/// The application that a fingerprint case concerns; none for other cases.
pub(crate) fn of_case(view: &dyn Read, contents: &Contents) -> Result<Option<Row>, Error> {
    let Some(id) = contents.body["application"].as_str().and_then(ApplicationId::parse) else { return Ok(None) };
    Ok(view.find(&APPLICATION, 0, &[id.bytes().into()], 1)?.pop())
}

/// What follows from the decision of a fingerprint case: `different` lets the application go on; `same` ends it, the
/// person is in the register under another number; `recapture` asks for new prints; `again` lets it be searched again.
pub(crate) fn after_case(
    book: &Arc<Book>,
    view: &dyn Read,
    actor: &Actor,
    contents: &Contents,
    state: &str,
) -> Result<Vec<Event>, Error> {
    let row = of_case(view, contents)?.ok_or(Error::Missing("application-unknown"))?;
    let (kind, next) = match state {
        "different" => ("application.checked", "checked"),
        "recapture" => ("application.recapture", "recapture"),
        "again" => ("application.returned", "received"),
        _ => ("application.refused", "refused"),
    };
    Ok(vec![moved(book, actor, kind, row, next)?])
}
