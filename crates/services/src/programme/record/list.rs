//! Under which units records are listed: what a unit follows up is one stretch of a table, however much others follow up.
//!
//! Invariant: a record is listed under every unit whose officers `sight` shows it to, but for the nation, which has all, and for
//! approaches, which are for everybody. A unit may have one listed that it is not shown yet.
//! Start reading at [`each`].

use super::super::counters;
use super::super::table::{RECORD, RECORD_LIST};
use super::{read, row};
use crate::Error;
use crate::book::Book;
use ::programme::record::{LIST_MAX, Record};
use ::programme::{NATION, Units};
use journal::{Actor, Change, Row};
use ports::store::{Page, Read};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows taken at a time.
const PAGE: usize = 1_000;
/// More units than one record can be listed under: it names at most so many, each with a district and a province above it.
const UNITS_MAX: usize = 3 * (LIST_MAX + 2) + 1;

/// Hands each record of a kind to `work` that is listed under a unit, in the order of their ids; the first error ends it.
pub(super) fn each(
    view: &dyn Read,
    unit: &str,
    kind: &str,
    work: &mut dyn FnMut(&Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after: Option<Row> = None;
    loop {
        let rows = if unit.is_empty() || kind == "approach" {
            let rows = view.find_page(&RECORD, 0, &[kind.into()], Page::after(after.as_deref(), PAGE))?;
            // In this index the id stands twice: as a column and as the key.
            after = rows.last().map(|row| vec![row[0].clone(), row[0].clone()]);
            rows
        } else {
            let listed = view.scan(&RECORD_LIST, &[unit.into(), kind.into()], after.as_deref(), PAGE)?;
            after = listed.last().cloned();
            let keys: Vec<Row> = listed.into_iter().map(|row| row[2..].to_vec()).collect();
            view.get_all(&RECORD, &keys)?.into_iter().flatten().collect()
        };
        rows.iter().try_for_each(&mut *work)?;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// What is written of a record: itself, and where it is listed now.
pub(super) fn changes(view: &dyn Read, units: &Units, record: &Record) -> Result<Vec<Change>, Error> {
    let mut changes = vec![Change::put(&RECORD, row(record)?)];
    changes.extend(moved(view, units, record)?);
    Ok(changes)
}

/// What is to be written so that a record is listed where its units lie now.
fn moved(view: &dyn Read, units: &Units, record: &Record) -> Result<Vec<Change>, Error> {
    let (mut wanted, id) = (under(units, record), record.head().id);
    let mut changes = Vec::new();
    for row in view.find(&RECORD_LIST, 0, &[(&id.0).into()], UNITS_MAX)? {
        if !wanted.remove(row[0].text()) {
            changes.push(Change::delete(&RECORD_LIST, row));
        }
    }
    let put = |unit: &str| Change::put(&RECORD_LIST, vec![unit.into(), record.kind().into(), (&id.0).into()]);
    changes.extend(wanted.into_iter().map(put));
    Ok(changes)
}

/// The units that a record is about, as they are now, and those above them.
fn under<'u>(units: &'u Units, record: &Record) -> BTreeSet<&'u str> {
    let mut all = BTreeSet::new();
    for place in about(record).into_iter().filter_map(|unit| units.resolve(unit)) {
        let above = std::iter::successors(Some(place), |place| Some(units.parent(*place)));
        all.extend(above.take_while(|place| *place != NATION).map(|place| units.at(place).code.as_str()));
    }
    all
}

fn about(record: &Record) -> Vec<&str> {
    let mut all = vec![record.head().unit.as_str()];
    match record {
        Record::Difficulty(one) => all.push(&one.at),
        // Findings and promises are of units that were visited.
        Record::Delegation(one) => all.extend(one.route.iter().map(|stop| stop.unit.as_str())),
        Record::Pilot(one) => all.extend(one.units.iter().map(String::as_str)),
        Record::Approach(_) | Record::Roadmap(_) | Record::Milestone(_) => {}
    }
    all
}

/// Lists what was followed up before there were these lists, or before units moved. To be called when a server starts.
pub fn relist(book: &Arc<Book>) -> Result<(), Error> {
    replace(book, &Actor { officer: None, purpose: "list".to_owned() })
}

/// Lists every record where its units lie now; see `unit::import`. Where none has moved nothing is written; a run that was cut off is
/// ended by the next.
pub(crate) fn replace(book: &Arc<Book>, actor: &Actor) -> Result<(), Error> {
    let mut after: Option<Row> = None;
    loop {
        let rows = book.view(|view| Ok(view.scan(&RECORD, &[], after.as_deref(), PAGE)?))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last[..1].to_vec());
        let (units, keys) = (counters::tree(book)?, rows.iter().map(|row| row[..1].to_vec()).collect::<Vec<Row>>());
        crate::unit::move_rows(book, actor, move |view| {
            let mut stale = Vec::new();
            for row in view.get_all(&RECORD, &keys)?.into_iter().flatten() {
                // One that cannot be read is left to whoever opens it.
                if let Ok(record) = read(&row) {
                    stale.extend(moved(view, &units, &record)?);
                }
            }
            Ok(stale)
        })?;
    }
}
