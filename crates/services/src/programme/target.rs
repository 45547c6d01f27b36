//! Targets set and shared out.

use super::counters;
use super::table::TARGET;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Command, Error};
use ::programme::Measure;
use ::programme::target::{Basis, Finding, Target};
use journal::{Change, Value};
use std::sync::Arc;
use time::Day;

/// A target to be set, by hand or shared out over the units directly below.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The unit; empty for the officer's own.
    pub unit: String,
    /// The measure's name.
    pub measure: String,
    /// The last day on which it can be reached.
    pub deadline: Day,
    /// How much in all; none withdraws the target.
    pub count: Option<u64>,
}

/// A target that stands, and what is to be said about it.
pub type Standing = (Target, Vec<Finding>);

/// Sets a unit's target.
pub fn set(book: &Arc<Book>, command: &Command, setting: &Setting) -> Result<Vec<Standing>, Error> {
    write(book, command, setting, Basis::Hand, &|sources| {
        Ok(vec![(super::seen(sources.units, &command.officer, &setting.unit)?, setting.count)])
    })
}

/// Sets a unit's target and shares it out over the units directly below: by their people, or by what came there in the last
/// 28 days. The shares add up to it exactly; a unit without people, or where nothing came, gets nothing and is said.
pub fn share(book: &Arc<Book>, command: &Command, setting: &Setting, basis: Basis) -> Result<Vec<Standing>, Error> {
    let Some(total) = setting.count else { return set(book, command, setting) };
    let as_of = ::programme::AsOf::now(book.now().day());
    write(book, command, setting, basis, &|sources| {
        let units = sources.units;
        let place = super::seen(units, &command.officer, &setting.unit)?;
        let below = units.children(place);
        let weight = |child: &usize| match basis {
            Basis::Capacity => {
                let code = &units.at(*child).code;
                let (days, _) = ::programme::board::days(sources, code, &setting.measure, as_of, 28);
                days.iter().sum::<i64>().max(0).unsigned_abs()
            }
            Basis::Population | Basis::Hand => units.population(*child),
        };
        let weights: Vec<u64> = below.iter().map(weight).collect();
        let shares = ::programme::target::share(total, &weights).map_err(|error| Error::refused(error.code()))?;
        let own = std::iter::once((place, Some(total)));
        Ok(own.chain(below.iter().copied().zip(shares.into_iter().map(Some))).collect())
    })
}

/// The places and counts that a setting comes to.
type Shares<'a> = &'a dyn Fn(&::programme::Sources<'_>) -> Result<Vec<(usize, Option<u64>)>, Error>;

fn write(
    book: &Arc<Book>,
    command: &Command,
    setting: &Setting,
    basis: Basis,
    shares: Shares<'_>,
) -> Result<Vec<Standing>, Error> {
    command.officer.may("steer")?;
    let measure = Measure::find(&setting.measure).ok_or(Error::Missing("measure-missing"))?;
    let now = book.now();
    let targets: Vec<Target> = counters::with(book, |sources, _| {
        let at = Measure::position(measure.name).unwrap_or(0);
        let target = |(place, count): (usize, Option<u64>)| {
            let unit = sources.units.at(place).code.clone();
            let version = sources.targets.next_version(&unit, at, setting.deadline);
            let measure = measure.name.to_owned();
            Target { unit, measure, deadline: setting.deadline, version, count, basis, set: now }
        };
        Ok(shares(sources)?.into_iter().map(target).collect())
    })?;
    let count = setting.count.map_or_else(String::new, |count| count.to_string());
    let day = setting.deadline.to_string();
    let word = word(basis);
    let parts = [setting.unit.as_bytes(), measure.name.as_bytes(), day.as_bytes(), count.as_bytes(), word.as_bytes()];
    let once = command.once(book.home(), "target set", &parts)?;
    let (inner, by, rows) = (Arc::clone(book), command.officer.clone(), targets.clone());
    once.submit(book, move |view| {
        let mut event = inner.event("targets.set", &by.actor("programme"));
        event.unit.clone_from(&by.unit);
        for target in rows {
            let row = vec![
                target.measure.into(),
                target.unit.into(),
                i64::from(target.deadline.0).into(),
                i64::from(target.version).into(),
                target.count.map_or(Value::Null, |count| i64::try_from(count).unwrap_or(i64::MAX).into()),
                word.into(),
                target.set.0.into(),
                by.id.bytes().into(),
            ];
            // Somebody else set one in between: what was looked at is no longer so.
            if view.get(&TARGET, &row[..TARGET.key])?.is_some() {
                let found = row[3].int();
                return Err(Error::Version { expected: found - 1, found });
            }
            event.changes.push(Change::put(&TARGET, row));
        }
        Ok(Decision { events: vec![event], answer: b"1".to_vec() })
    })?;
    said(book, targets)
}

fn word(basis: Basis) -> &'static str {
    match basis {
        Basis::Population => "population",
        Basis::Capacity => "capacity",
        Basis::Hand => "hand",
    }
}

/// All targets of the officer's unit and those below it, in all versions, the newest first.
pub fn targets(book: &Book, officer: &Officer) -> Result<Vec<Standing>, Error> {
    officer.may("status")?;
    let mut all = book.view(counters::targets)?;
    all.sort_by(|a, b| (b.set, &a.unit, &a.measure).cmp(&(a.set, &b.unit, &b.measure)));
    let own = counters::with(book, |sources, _| {
        let own = super::seen(sources.units, officer, "")?;
        all.retain(|one| sources.units.find(&one.unit).is_some_and(|place| sources.units.within(place, own)));
        Ok(all)
    })?;
    said(book, own)
}

fn said(book: &Book, targets: Vec<Target>) -> Result<Vec<Standing>, Error> {
    let today = book.now().day();
    counters::with(book, |sources, _| {
        let said = |one: Target| {
            let findings = sources.targets.findings(&one, sources.units, today);
            (one, findings)
        };
        Ok(targets.into_iter().map(said).collect())
    })
}
