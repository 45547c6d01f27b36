//! Targets set and shared out.

use super::counters;
use super::table::TARGET;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::rows::each;
use crate::{Command, Error};
use ::programme::board::people_of;
use ::programme::target::{Basis, Finding, Target};
use ::programme::{AsOf, MEASURES, Measure, NATION, Sheet, Sources};
use ids::OfficerId;
use journal::{Change, Value};
use std::collections::BTreeMap;
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
    write(book, command, setting, (Basis::Hand, &[]), &|sources| {
        Ok(vec![(super::seen(sources.units, &command.officer, &setting.unit)?, setting.count)])
    })
}

/// Sets a unit's target and shares it out over the units directly below: by their people, or by what came there in the last
/// 28 days. The shares add up to it exactly; a unit without people, or where nothing came, gets nothing and is said.
pub fn share(book: &Arc<Book>, command: &Command, setting: &Setting, basis: Basis) -> Result<Vec<Standing>, Error> {
    let Some(total) = setting.count else { return set(book, command, setting) };
    let today = book.now().day();
    write(book, command, setting, (basis, &[]), &|sources| {
        let place = super::seen(sources.units, &command.officer, &setting.unit)?;
        let below = sources.units.children(place);
        let shares = divided(total, &weights(sources, place, &setting.measure, basis, today))?;
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
    (basis, typed): (Basis, &[(String, u64)]),
    shares: Shares<'_>,
) -> Result<Vec<Standing>, Error> {
    command.officer.may("steer")?;
    let measure = Measure::find(&setting.measure).ok_or(Error::Missing("measure-missing"))?;
    if measure.mean_of.is_some() {
        return Err(Error::Input { code: "target-of-mean", arguments: Vec::new() });
    }
    let count = setting.count.map_or_else(String::new, |count| count.to_string());
    let day = setting.deadline.to_string();
    let word = basis.name();
    let parts = [setting.unit.as_bytes(), measure.name.as_bytes(), day.as_bytes(), count.as_bytes(), word.as_bytes()];
    let typed: Vec<u8> = typed.iter().flat_map(|(unit, count)| format!("{unit} {count}\n").into_bytes()).collect();
    let more = if typed.is_empty() { &[][..] } else { &[typed.as_slice()][..] };
    let once = command.once(book.home(), "target set", &[&parts[..], more].concat())?;
    if let Some(answer) = once.answered(book)? {
        // What was set the first time is told again, whatever the shares would be today.
        return said(book, serde_json::from_slice(&answer).unwrap_or_default());
    }
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
    if targets.iter().filter_map(|target| target.count).any(|count| count > ::programme::returns::COUNT_MAX) {
        return Err(Error::Input { code: "target-too-large", arguments: Vec::new() });
    }
    // The first is the unit's own: whoever saw another version of it sees what was set meanwhile.
    if let Some(own) = targets.first() {
        command.expect(i64::from(own.version) - 1)?;
    }
    let (inner, by, rows) = (Arc::clone(book), command.officer.clone(), targets);
    let answer = once.submit(book, move |view| {
        let answer = serde_json::to_vec(&rows).unwrap_or_default();
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
        Ok(Decision { events: vec![event], answer })
    })?;
    said(book, serde_json::from_slice(&answer).unwrap_or_default())
}

/// A target as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownTarget {
    /// The target.
    pub target: Target,
    /// The unit's name; empty for the nation.
    pub name: String,
    /// What is to be said about it.
    pub findings: Vec<Finding>,
    /// Who set it; empty for the operator of the machine, none where the officer is not one that may be known.
    pub officer: Option<String>,
}

/// The newest version of each target of a unit and of those directly below it: the unit's own first, the next deadline first.
pub fn newest(book: &Book, officer: &Officer, unit: &str) -> Result<Vec<ShownTarget>, Error> {
    let all = shown(book, officer, unit, true, &|_| true)?;
    let mut newest: BTreeMap<(String, String, Day), ShownTarget> = BTreeMap::new();
    for one in all {
        let key = (one.target.unit.clone(), one.target.measure.clone(), one.target.deadline);
        if newest.get(&key).is_none_or(|other| other.target.version < one.target.version) {
            newest.insert(key, one);
        }
    }
    let mut newest: Vec<ShownTarget> = newest.into_values().collect();
    let own = counters::with(book, |sources, _| {
        Ok(sources.units.at(super::seen(sources.units, officer, unit)?).code.clone())
    })?;
    let order = |one: &ShownTarget| {
        (one.target.unit != own, one.target.measure.clone(), one.target.deadline, one.target.unit.clone())
    };
    newest.sort_by_key(order);
    Ok(newest)
}

/// All versions of a unit's target for a measure and a deadline, the newest first.
pub fn versions(
    book: &Book,
    officer: &Officer,
    unit: &str,
    measure: &str,
    deadline: Day,
) -> Result<Vec<ShownTarget>, Error> {
    let measure = Measure::find(measure).ok_or(Error::Missing("measure-missing"))?.name;
    let fits = |one: &Target| one.measure == measure && one.deadline == deadline;
    let mut all = shown(book, officer, unit, false, &fits)?;
    all.sort_by_key(|one| std::cmp::Reverse(one.target.version));
    Ok(all)
}

fn shown(
    book: &Book,
    officer: &Officer,
    unit: &str,
    below: bool,
    fits: &dyn Fn(&Target) -> bool,
) -> Result<Vec<ShownTarget>, Error> {
    officer.may("status")?;
    let mut rows: Vec<(Target, OfficerId)> = Vec::new();
    let accounts = book.view(|view| {
        each(view, &TARGET, &mut |row| {
            let by = OfficerId::from_bytes(row[7].blob()).unwrap_or_default();
            rows.extend(counters::target(&row).filter(|one| fits(one)).map(|one| (one, by)));
            Ok(())
        })?;
        crate::officer::reachable(view, officer)
    })?;
    let names: BTreeMap<OfficerId, String> = accounts.into_iter().map(|one| (one.id, one.name)).collect();
    let today = book.now().day();
    counters::with(book, |sources, _| {
        let (units, own) = (sources.units, super::seen(sources.units, officer, unit)?);
        let near = |place: usize| place == own || (below && place != NATION && units.parent(place) == own);
        let people = people_of(sources, AsOf::now(today));
        let shown = rows.into_iter().filter_map(|(target, by)| {
            let place = units.resolve(&target.unit).filter(|place| near(*place))?;
            let officer = if by == OfficerId::default() { Some(String::new()) } else { names.get(&by).cloned() };
            let findings = sources.targets.findings(&target, units, &people, today);
            Some(ShownTarget { name: units.at(place).name.clone(), findings, officer, target })
        });
        Ok(shown.collect())
    })
}

/// A target as it would be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// The unit; empty for the nation.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// The newest version that there is; 0 where there is none.
    pub version: i64,
    /// What is to be said about it.
    pub findings: Vec<Finding>,
    /// The shares of the units directly below; none where it is not shared out.
    pub shares: Vec<Share>,
}

/// The share of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Share {
    /// The unit.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// What it is shared out by: people, or what came in 28 days; none by hand.
    pub weight: Option<u64>,
    /// The target that it has for this deadline now.
    pub before: Option<u64>,
    /// The share.
    pub count: u64,
}

/// Looks at a target before it is set. `typed` are shares by the unit's code; without any they are made on the basis.
pub fn preview(
    book: &Book,
    officer: &Officer,
    setting: &Setting,
    basis: Option<Basis>,
    typed: &[(String, u64)],
) -> Result<Preview, Error> {
    officer.may("steer")?;
    let at = Measure::position(&setting.measure).ok_or(Error::Missing("measure-missing"))?;
    let now = book.now();
    counters::with(book, |sources, _| {
        let place = super::seen(sources.units, officer, &setting.unit)?;
        let unit = sources.units.at(place);
        let version = sources.targets.next_version(&unit.code, at, setting.deadline);
        let own = Target {
            unit: unit.code.clone(),
            measure: MEASURES[at].name.to_owned(),
            deadline: setting.deadline,
            version,
            count: setting.count,
            basis: basis.unwrap_or(Basis::Hand),
            set: now,
        };
        let people = people_of(sources, AsOf::now(now.day()));
        let mut findings = sources.targets.findings(&own, sources.units, &people, now.day());
        let mut shares = Vec::new();
        if let Some(basis) = basis {
            // What the units below have now is about to change.
            findings.retain(|finding| *finding != Finding::NotTheSum);
            let weights = weights(sources, place, &setting.measure, basis, now.day());
            let made = match (basis, setting.count) {
                (Basis::Hand, _) | (_, None) => vec![0; weights.len()],
                (_, Some(total)) if typed.is_empty() => divided(total, &weights)?,
                _ => vec![0; weights.len()],
            };
            for ((child, weight), count) in sources.units.children(place).iter().zip(weights).zip(made) {
                let below = sources.units.at(*child);
                let before = sources.targets.of_deadline(&below.code, at, setting.deadline, now.day());
                let usual = if basis == Basis::Hand { before.unwrap_or(0) } else { count };
                let own = typed.iter().find(|(unit, _)| *unit == below.code).map(|(_, count)| *count);
                let count = if typed.is_empty() { usual } else { own.unwrap_or(0) };
                let weight = Some(weight).filter(|_| basis != Basis::Hand);
                shares.push(Share { unit: below.code.clone(), name: below.name.clone(), weight, before, count });
            }
        }
        let version = i64::from(version) - 1;
        Ok(Preview { unit: unit.code.clone(), name: unit.name.clone(), version, findings, shares })
    })
}

/// What the units directly below a place are given shares by.
fn weights(sources: &Sources<'_>, place: usize, measure: &str, basis: Basis, today: Day) -> Vec<u64> {
    let below = sources.units.children(place).iter();
    match basis {
        Basis::Capacity => {
            let measures: Vec<usize> = Measure::position(measure).into_iter().collect();
            let sheet = Sheet::new(sources, AsOf::now(today), None, &measures);
            let days = sheet.days_below(sources.units, place, measure, CAPACITY_DAYS);
            days.into_iter().map(|(_, counts)| counts.iter().sum::<i64>().max(0).unsigned_abs()).collect()
        }
        Basis::Population | Basis::Hand => {
            let people = people_of(sources, AsOf::now(today));
            below.map(|child| people[*child]).collect()
        }
    }
}

/// Days whose sum is a unit's capacity.
const CAPACITY_DAYS: usize = 28;

fn divided(total: u64, weights: &[u64]) -> Result<Vec<u64>, Error> {
    ::programme::target::share(total, weights).map_err(|error| Error::refused(error.code()))
}

/// Sets a unit's target with these shares of the units directly below it, which need not add up: that is said of it. Shares
/// that are not those of the basis are by hand.
pub fn set_shares(
    book: &Arc<Book>,
    command: &Command,
    setting: &Setting,
    basis: Basis,
    shares: &[(String, u64)],
) -> Result<Vec<Standing>, Error> {
    let today = book.now().day();
    let basis = counters::with(book, |sources, _| {
        let place = super::seen(sources.units, &command.officer, &setting.unit)?;
        let weights = weights(sources, place, &setting.measure, basis, today);
        let made = divided(setting.count.unwrap_or(0), &weights).unwrap_or_default();
        let codes = sources.units.children(place).iter().map(|child| sources.units.at(*child).code.as_str());
        let same =
            codes.zip(made).all(|(code, count)| shares.iter().any(|(own, share)| own == code && *share == count));
        Ok(if same && !shares.is_empty() { basis } else { Basis::Hand })
    })?;
    write(book, command, setting, (basis, shares), &|sources| {
        let units = sources.units;
        let place = super::seen(units, &command.officer, &setting.unit)?;
        let mut all = vec![(place, setting.count)];
        for (unit, count) in shares {
            let child = units.children(place).iter().find(|child| units.at(**child).code == *unit);
            all.push((*child.ok_or(Error::Missing("unit-missing"))?, setting.count.map(|_| *count)));
        }
        Ok(all)
    })
}

fn said(book: &Book, targets: Vec<Target>) -> Result<Vec<Standing>, Error> {
    let today = book.now().day();
    counters::with(book, |sources, _| {
        let people = people_of(sources, AsOf::now(today));
        let said = |one: Target| {
            let findings = sources.targets.findings(&one, sources.units, &people, today);
            (one, findings)
        };
        Ok(targets.into_iter().map(said).collect())
    })
}
