//! Difficulties that nobody answered by their due day go to the unit above, by the clock and not by an officer.
//!
//! Invariant: once per level. What is overdue is looked at again in the transaction that passes it on, and has a new due day
//! after it; so a second clock that ticks meanwhile finds nothing to do.
//! Start reading at [`escalate`].

use super::{list, read};
use crate::Error;
use crate::book::{Book, Decision};
use crate::programme::counters;
use crate::programme::table::RECORD;
use ::programme::record::difficulty::Difficulty;
use ::programme::record::{Record, Step};
use ::programme::{NATION, Units};
use journal::{Actor, Value};
use ports::store::{Page, Read};
use std::sync::Arc;
use time::{Day, Instant};

/// Records looked at together, and passed on in one transaction.
const CHUNK: usize = 200;

/// Passes on every difficulty that was due before today and is unanswered; gives how many. To be called every few seconds.
pub fn escalate(book: &Arc<Book>) -> Result<usize, Error> {
    let (mut after, mut count) = (None, 0);
    loop {
        // Most looks find nothing, and write nothing.
        let today = book.now().day();
        let rows = book.view(|view| overdue(view, today, after.as_deref()))?;
        if rows.is_empty() {
            return Ok(count);
        }
        let units = counters::tree(book)?;
        let waits = book.view(|view| {
            let mut waiting = Vec::new();
            for (_, id) in &rows {
                waiting.extend(lapsed(view, &units, id, today.start())?.map(|_| id.clone()));
            }
            Ok(waiting)
        })?;
        if !waits.is_empty() {
            count += pass_on(book, units, waits)?;
        }
        match rows.last() {
            Some((due, id)) if rows.len() == CHUNK => after = Some(vec![due.clone(), id.clone()]),
            _ => return Ok(count),
        }
    }
}

/// Due day and id of records that were due before a day, in order, after a place in it.
fn overdue(view: &dyn Read, today: Day, after: Option<&[Value]>) -> Result<Vec<(Value, Value)>, Error> {
    // Nothing waits where there is no day: those come first in the index.
    let first = [Value::from(i64::from(i32::MIN)), Value::from([].as_slice())];
    let page = Page::after(Some(after.unwrap_or(&first)), CHUNK);
    let rows = view.find_page(&RECORD, 1, &["difficulty".into()], page)?;
    let before = rows.into_iter().take_while(|row| row[5].int() < i64::from(today.0));
    Ok(before.map(|row| (row[5].clone(), row[0].clone())).collect())
}

/// A record as it is once it was passed on; none where it need not, or cannot, be.
fn lapsed(view: &dyn Read, units: &Units, id: &Value, at: Instant) -> Result<Option<Difficulty>, Error> {
    let Some(found) = view.get(&RECORD, std::slice::from_ref(id))? else { return Ok(None) };
    // One that cannot be read is left to whoever opens it; it keeps no other from being passed on.
    let Ok(Record::Difficulty(one)) = read(&found) else { return Ok(None) };
    let above = units.resolve(&one.at).filter(|place| *place != NATION);
    let above = above.map(|place| units.at(units.parent(place)).code.clone());
    Ok(one.lapse(above.as_deref(), at).ok())
}

/// Passes on those of some records that are still unanswered.
fn pass_on(book: &Arc<Book>, units: Arc<Units>, ids: Vec<Value>) -> Result<usize, Error> {
    let inner = Arc::clone(book);
    let answer = book.submit(None, move |view| {
        let at = inner.now();
        let mut events = Vec::new();
        for id in ids {
            let Some(one) = lapsed(view, &units, &id, at)? else { continue };
            let to = one.at.clone();
            // No officer: the program itself.
            let mut event =
                inner.event("difficulty.escalated", &Actor { officer: None, purpose: "deadline".to_owned() });
            event.unit.clone_from(&one.head.unit);
            event.detail = serde_json::json!({ "to": to, "level": one.passed_on.len() }).to_string();
            let step = Step { act: "escalate".to_owned(), at, officer: None, to: Some(to) };
            event.changes = list::changes(view, &units, &Record::Difficulty(one).noted(step))?;
            events.push(event);
        }
        let count = (events.len() as u32).to_be_bytes().to_vec();
        Ok(Decision { events, answer: count })
    })?;
    Ok(answer.try_into().map_or(0, |count| u32::from_be_bytes(count) as usize))
}
