//! What a visit, or an approach that was taken up, did: the pace before and after.

use super::super::counters;
use super::{find, sight};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::AsOf;
use ::programme::record::Record;
use ::programme::record::effect::{Around, Effect};
use ids::Uuid;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use time::Day;

/// Days before and after that are compared.
const WINDOW: u16 = 28;
/// Units of one record that are compared: those that were touched last.
const COMPARED_MAX: usize = 20;

/// The pace before and after, of the units that a delegation visited or that took an approach up, beside units like them that it did
/// not touch: those touched last first, twenty of them. Of units that the officer does not see in the record there is nothing.
pub fn effects(book: &Book, officer: &Officer, id: Uuid) -> Result<Vec<Effect>, Error> {
    officer.may("status")?;
    let missing = || Error::Missing("record-missing");
    let units = counters::tree(book)?;
    let own = crate::programme::seen(&units, officer, "")?;
    let whole = book.view(|view| find(view, id))?.ok_or_else(missing)?;
    let shown = sight::seen(&units, own, whole.clone()).ok_or_else(missing)?;
    let measure = match &whole {
        Record::Delegation(_) => "applications",
        Record::Approach(one) => one.measure.as_str(),
        _ => return Ok(Vec::new()),
    };
    // Similar units are those that nobody touched, whether the officer sees them touched or not.
    let all: BTreeSet<&str> = touched(&whole).into_iter().map(|(unit, _)| unit).collect();
    let mut compared = touched(&shown);
    compared.sort_by_key(|(unit, day)| (Reverse(*day), *unit));
    compared.truncate(COMPARED_MAX);
    let as_of = AsOf::now(book.now().day());
    let copied = counters::with(book, |sources, _| Ok(Around::of(sources, measure, &compared, WINDOW, as_of)))?;
    Ok(copied.map(|around| around.effects(&|unit| !all.contains(unit))).unwrap_or_default())
}

fn touched(record: &Record) -> Vec<(&str, Day)> {
    match record {
        Record::Delegation(one) => one.visited(),
        Record::Approach(one) => one.adopted.iter().map(|one| (one.unit.as_str(), one.day)).collect(),
        _ => Vec::new(),
    }
}
