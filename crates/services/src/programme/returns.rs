//! Returns signed: a file of aggregate figures, taken up whole or not at all.

use super::counters;
use super::table::RETURN;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Command, Error};
use ::programme::NATION;
use ::programme::returns::{Finding, Return, read};
use journal::Change;
use std::sync::Arc;

/// Bytes of a file of returns.
const BYTES_MAX: usize = 64 << 20;

/// A return, and what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// The return.
    pub one: Return,
    /// Its findings; none where all is well.
    pub findings: Vec<Finding>,
}

/// Takes up a file of returns for the officer's unit and those below it. Nothing is dropped: what is doubtful is said, and
/// what names no unit or measure counts nowhere until there is one. A row for a unit elsewhere refuses the file.
pub fn sign(book: &Arc<Book>, command: &Command, file: &str, bytes: &[u8]) -> Result<Vec<Signed>, Error> {
    command.officer.may("return")?;
    if bytes.len() > BYTES_MAX {
        let arguments = vec![("file", file.to_owned()), ("max", (BYTES_MAX >> 20).to_string())];
        return Err(Error::Input { code: "returns-large", arguments });
    }
    let recorded = book.now();
    let returns = read(bytes, recorded).map_err(|fault| {
        let arguments = vec![
            ("file", file.to_owned()),
            ("line", fault.line.to_string()),
            ("column", fault.column.to_owned()),
            ("detail", fault.cause.to_owned()),
        ];
        Error::Input { code: "returns-malformed", arguments }
    })?;
    if returns.is_empty() {
        return Err(Error::Input { code: "returns-empty", arguments: vec![("file", file.to_owned())] });
    }
    let officer = command.officer.clone();
    counters::with(book, |sources, _| {
        let own = super::seen(sources.units, &officer, "")?;
        let elsewhere = returns.iter().find(|one| {
            // What names no unit that there is can only be the nation's to take up.
            !sources.units.within(sources.units.named(&one.unit).unwrap_or(NATION), own)
        });
        match elsewhere {
            Some(one) => {
                let arguments = vec![("unit", one.unit.clone()), ("file", file.to_owned())];
                Err(Error::Refused { code: "return-elsewhere", arguments })
            }
            None => Ok(()),
        }
    })?;
    let once = command.once(book.home(), "returns sign", &[bytes])?;
    let (inner, by, rows) = (Arc::clone(book), officer.clone(), returns.clone());
    once.submit(book, move |view| {
        let mut event = inner.event("returns.signed", &by.actor("programme"));
        event.unit.clone_from(&by.unit);
        event.detail = format!("{{\"returns\":{}}}", rows.len());
        for (at, one) in rows.into_iter().enumerate() {
            // Two rows of one file about the same: the later stands, a microsecond after.
            let mut row = vec![
                one.unit.into(),
                one.measure.into(),
                i64::from(one.day.0).into(),
                (one.recorded.0 + at as i64).into(),
                i64::try_from(one.count).unwrap_or(i64::MAX).into(),
                one.signer.into(),
                by.id.bytes().into(),
            ];
            // What another file said in the same microsecond is not overwritten.
            while view.get(&RETURN, &row[..RETURN.key])?.is_some() {
                row[3] = (row[3].int() + 1).into();
            }
            event.changes.push(Change::put(&RETURN, row));
        }
        Ok(Decision { events: vec![event], answer: b"1".to_vec() })
    })?;
    checked(book, returns)
}

/// The returns of the officer's unit and those below it, each with what is to be said about it; the newest first.
pub fn signed(book: &Book, officer: &Officer, limit: usize) -> Result<Vec<Signed>, Error> {
    officer.may("status")?;
    let mut all = book.view(counters::returns)?;
    all.sort_by(|a, b| (b.recorded, &a.unit, &a.measure).cmp(&(a.recorded, &b.unit, &b.measure)));
    let own = counters::with(book, |sources, _| {
        let own = super::seen(sources.units, officer, "")?;
        all.retain(|one| sources.units.within(sources.units.named(&one.unit).unwrap_or(NATION), own));
        all.truncate(limit);
        Ok(all)
    })?;
    checked(book, own)
}

fn checked(book: &Book, returns: Vec<Return>) -> Result<Vec<Signed>, Error> {
    let today = book.now().day();
    counters::with(book, |sources, _| {
        let check = sources.returns.check(sources.units, sources.cube, today);
        Ok(returns.into_iter().map(|one| Signed { findings: check.findings(&one), one }).collect())
    })
}
