//! Returns signed: a file of aggregate figures, taken up whole or not at all.

use super::counters;
use super::table::RETURN;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Command, Error};
use ::programme::returns::{Finding, Return, read};
use ::programme::{Measure, NATION};
use journal::Change;
use std::sync::Arc;
use time::Instant;

/// Bytes of a file of returns.
const BYTES_MAX: usize = 64 << 20;

/// A return, and what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// The return.
    pub one: Return,
    /// The name of the unit that it counts for, empty for the nation; none where there is no such unit.
    pub name: Option<String>,
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
    let answer = once.submit(book, move |view| {
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
        Ok(Decision { events: vec![event], answer: recorded.0.to_be_bytes().to_vec() })
    })?;
    // Sent again, they are those of then.
    let recorded = answer.try_into().map_or(recorded, |micros| Instant(i64::from_be_bytes(micros)));
    checked(book, returns.into_iter().map(|one| Return { recorded, ..one }).collect())
}

/// One figure as it was typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// The unit, as people write it; empty for the officer's own.
    pub unit: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The measure.
    pub measure: String,
    /// How much in all.
    pub count: String,
    /// Who signs.
    pub signer: String,
}

/// Takes up one figure, by the same rules as a file of one row.
pub fn sign_one(book: &Arc<Book>, command: &Command, figures: &Figures) -> Result<Vec<Signed>, Error> {
    let Figures { unit, day, measure, count, signer } = figures;
    let unit = if unit.is_empty() { &command.officer.unit } else { unit };
    let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let row: Vec<String> = [unit, day, measure, count, signer].into_iter().map(quoted).collect();
    let sheet = format!("unit,day,measure,count,signer\n{}\n", row.join(","));
    sign(book, command, "", sheet.as_bytes())
}

/// Which returns.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sought {
    /// The unit, with those below it; empty for the officer's own.
    pub unit: String,
    /// Only this measure.
    pub measure: String,
    /// Where the page before ended: [`SignedPage::next`].
    pub after: String,
    /// At most so many; a hundred where nothing is said.
    pub limit: Option<usize>,
}

/// A page of returns.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SignedPage {
    /// The unit; empty for the nation.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// The measure; empty for all.
    pub measure: String,
    /// The returns, the newest first.
    pub items: Vec<Signed>,
    /// What to give as `after` for the next page.
    pub next: Option<String>,
}

/// Returns on one page.
const PAGE: usize = 100;

/// The returns of a unit and those below it, each with what is to be said about it; the newest first. What came meanwhile
/// moves no page: each goes on where the one before ended.
pub fn signed(book: &Book, officer: &Officer, sought: &Sought) -> Result<SignedPage, Error> {
    officer.may("status")?;
    let measure = match sought.measure.as_str() {
        "" => None,
        name => Some(Measure::position(name).ok_or(Error::Missing("measure-missing"))?),
    };
    let ended = || Error::Missing("cursor-unknown");
    // When the last of the page before was taken up, and how many of the same instant were shown.
    let (before, skipped): (i64, usize) = match sought.after.split_once('.') {
        None if sought.after.is_empty() => (i64::MAX, 0),
        None => return Err(ended()),
        Some((at, count)) => (at.parse().map_err(|_| ended())?, count.parse().map_err(|_| ended())?),
    };
    let (limit, today) = (sought.limit.unwrap_or(PAGE), book.now().day());
    counters::with(book, |sources, _| {
        let own = super::seen(sources.units, officer, &sought.unit)?;
        let unit = sources.units.at(own);
        let near = |counts_for: Option<&str>| {
            let place = counts_for.and_then(|code| sources.units.resolve(code)).unwrap_or(NATION);
            sources.units.within(place, own)
        };
        let of = |at: Option<usize>| measure.is_none() || at == measure;
        let mut all: Vec<(&Return, Option<&str>)> = sources
            .returns
            .iter()
            .filter(|(code, at, one)| one.recorded.0 <= before && of(*at) && near(*code))
            .map(|(code, _, one)| (one, code))
            .collect();
        let order = |(a, _): &(&Return, Option<&str>), (b, _): &(&Return, Option<&str>)| {
            b.recorded.cmp(&a.recorded).then_with(|| (&a.unit, &a.measure, a.day).cmp(&(&b.unit, &b.measure, b.day)))
        };
        let wanted = skipped.saturating_add(limit).saturating_add(1);
        if all.len() > wanted {
            all.select_nth_unstable_by(wanted, order);
            all.truncate(wanted);
        }
        all.sort_by(order);
        let skip = all.iter().take(skipped).filter(|(one, _)| one.recorded.0 == before).count();
        let more = all.len() > skip + limit;
        let shown: Vec<(&Return, Option<&str>)> = all.into_iter().skip(skip).take(limit).collect();
        let next = shown.last().filter(|_| more).map(|(last, _)| {
            let same = shown.iter().filter(|(one, _)| one.recorded == last.recorded).count();
            let same = if last.recorded.0 == before { same + skip } else { same };
            format!("{}.{same}", last.recorded.0)
        });
        let check = sources.returns.check(sources.units, sources.cube, today);
        let name = |code: Option<&str>| Some(sources.units.at(sources.units.resolve(code?)?).name.clone());
        let items = shown.into_iter().map(|(one, code)| Signed {
            findings: check.findings(one),
            name: name(code),
            one: one.clone(),
        });
        Ok(SignedPage {
            unit: unit.code.clone(),
            name: unit.name.clone(),
            measure: sought.measure.clone(),
            items: items.collect(),
            next,
        })
    })
}

fn checked(book: &Book, returns: Vec<Return>) -> Result<Vec<Signed>, Error> {
    let today = book.now().day();
    counters::with(book, |sources, _| {
        let check = sources.returns.check(sources.units, sources.cube, today);
        let name = |unit: &str| sources.units.named(unit).map(|place| sources.units.at(place).name.clone());
        let signed = |one: Return| Signed { findings: check.findings(&one), name: name(&one.unit), one };
        Ok(returns.into_iter().map(signed).collect())
    })
}
