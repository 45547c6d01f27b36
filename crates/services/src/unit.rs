//! Administrative units: imported, looked up, and the unit path that rights are cut to.

use crate::Error;
use crate::book::{Book, Decision};
use crate::command::Command;
use journal::{Actor, Change, Row};
use ports::store::Read;
use register::table::UNIT;
use register::unit::{Merger, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use time::Instant;

/// Takes up units from the bytes of several files, provinces first, and which communes were merged into which. Gives how many are new or changed.
pub fn import(book: &Arc<Book>, command: &Command, files: &[(String, Vec<u8>)]) -> Result<usize, Error> {
    command.officer.may("import").and_then(|()| command.officer.of_nation())?;
    let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let once = command.once(book.home(), "import units", &contents)?;
    let mut provinces = book.view(provinces)?;
    let mut units: Vec<Unit> = Vec::new();
    // Provinces before districts before communes, in whatever order the files were named.
    let mut waiting: Vec<&(String, Vec<u8>)> = files.iter().collect();
    waiting.sort_by_key(|(_, bytes)| {
        let head = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
        if has(b"pin_code") {
            0
        } else if has(b"province_code") {
            1
        } else {
            2
        }
    });
    let mut merged: Vec<(&str, Merger)> = Vec::new();
    for (file, bytes) in waiting {
        let mergers = register::unit::mergers(bytes).map_err(|error| Error::in_file(&error, file))?;
        if let Some(mergers) = mergers {
            merged.extend(mergers.into_iter().map(|merger| (file.as_str(), merger)));
            continue;
        }
        units.extend(register::unit::read(bytes, &mut provinces).map_err(|error| Error::in_file(&error, file))?);
    }
    let known: BTreeMap<&str, &str> = provinces.iter().map(|(gso, pin)| (pin.as_str(), gso.as_str())).collect();
    let rows: Vec<Vec<journal::Value>> = units
        .iter()
        .map(|unit| {
            let gso = unit.code.strip_prefix('P').and_then(|pin| known.get(pin)).copied().unwrap_or_default();
            vec![
                unit.code.as_str().into(),
                unit.parent.as_str().into(),
                unit.name.as_str().into(),
                i64::from(unit.level).into(),
                unit.population.into(),
                gso.into(),
                journal::Value::Null,
                journal::Value::Null,
            ]
        })
        .collect();
    let coming: BTreeSet<&str> = units.iter().map(|unit| unit.code.as_str()).collect();
    book.view(|view| there(view, &coming, &merged))?;
    let merged: Vec<Merger> = merged.into_iter().map(|(_, merger)| merger).collect();
    let (inner, actor, now) = (Arc::clone(book), command.officer.actor("import"), book.now());
    let by = actor.clone();
    let answer = once.submit(book, move |view| {
        let mut changed: BTreeMap<String, Row> = BTreeMap::new();
        for mut row in rows {
            let known = view.get(&UNIT, &row[..1])?;
            // A unit that was merged stays so, also where an older list is taken up again.
            if let Some(known) = &known {
                row[SUCCESSOR..].clone_from_slice(&known[SUCCESSOR..]);
            }
            if known.as_ref() != Some(&row) {
                changed.insert(row[0].text().to_owned(), row);
            }
        }
        for Merger { old, new, .. } in merged {
            let row = match changed.get(&old) {
                Some(row) => Some(row.clone()),
                None => view.get(&UNIT, &[old.as_str().into()])?,
            };
            if let Some(mut row) = row.filter(|row| row[SUCCESSOR].text() != new) {
                row[SUCCESSOR] = new.into();
                row[MERGED] = now.0.into();
                changed.insert(old, row);
            }
        }
        let changes: Vec<Change> = changed.into_values().map(|row| Change::put(&UNIT, row)).collect();
        let answer = changes.len().to_string().into_bytes();
        if changes.is_empty() {
            return Ok(Decision { events: Vec::new(), answer });
        }
        let mut event = inner.event("units.imported", &actor);
        event.changes = changes;
        Ok(Decision { events: vec![event], answer })
    })?;
    replace(book, &by)?;
    Ok(String::from_utf8_lossy(&answer).parse().unwrap_or(0))
}

/// How many units lie below one that has not been imported: until it is, they lie directly below the nation.
pub fn without_parent(book: &Book) -> Result<usize, Error> {
    let units = book.view(all)?;
    Ok(units.values().filter(|unit| !unit.parent.is_empty() && !units.contains_key(&unit.parent)).count())
}

/// The column with the unit that another was merged into, and the one with the instant at which that was told.
const SUCCESSOR: usize = 6;
const MERGED: usize = 7;

/// An error if a merger names a commune that is not there and does not come with the same files.
/// Nor may two communes be merged into each other: neither would be left.
fn there(view: &dyn Read, coming: &BTreeSet<&str>, merged: &[(&str, Merger)]) -> Result<(), Error> {
    let mut gone: BTreeMap<String, String> =
        self::merged(view)?.into_iter().map(|(old, (new, _))| (old, new)).collect();
    for (file, merger) in merged {
        gone.insert(merger.old.clone(), merger.new.clone());
        let left = std::iter::successors(Some(&merger.new), |code| gone.get(*code).filter(|_| **code != merger.old));
        if left.take(gone.len() + 1).any(|code| *code == merger.old) {
            let cause = "the commune was itself merged into the old one: none would be left";
            return Err(Error::in_file(
                &register::Error::Unit { line: merger.line, column: "new_ward_code", cause },
                file,
            ));
        }
        for (code, column) in [(&merger.old, "old_ward_code"), (&merger.new, "new_ward_code")] {
            if !coming.contains(code.as_str()) && view.get(&UNIT, &[code.as_str().into()])?.is_none() {
                let cause = "no such commune has been imported";
                return Err(Error::in_file(&register::Error::Unit { line: merger.line, column, cause }, file));
            }
        }
    }
    Ok(())
}

/// The units that are no longer there, each with the one that it was merged into, and when that was told.
pub(crate) fn merged(view: &dyn Read) -> Result<BTreeMap<String, (String, Instant)>, Error> {
    let rows = view.scan(&UNIT, &[], None, 100_000)?;
    let gone = rows.into_iter().filter(|row| !row[SUCCESSOR].text().is_empty());
    let merger = |row: Row| (row[SUCCESSOR].text().to_owned(), Instant(row[MERGED].int()));
    Ok(gone.map(|row| (row[0].text().to_owned(), merger(row))).collect())
}

/// Rows in one event when units have moved.
const MOVED: usize = 1_000;

/// Puts every listed row below the district and the province that its unit lies in now. Where no unit has moved nothing is
/// written; a run that was cut off is ended by the next.
fn replace(book: &Arc<Book>, actor: &Actor) -> Result<(), Error> {
    for list in [&crate::case::LISTED, &crate::application::LISTED, &crate::import::LISTED] {
        let mut after: Option<Row> = None;
        loop {
            let rows = book.view(|view| Ok(view.scan(list.table, &[], after.as_deref(), MOVED)?))?;
            let Some(last) = rows.last() else { break };
            after = Some(last[..list.table.key].to_vec());
            let keys: Vec<Row> = rows.iter().map(|row| row[..list.table.key].to_vec()).collect();
            let stale = move |view: &dyn Read| {
                let mut changes = Vec::new();
                for row in view.get_all(list.table, &keys)?.into_iter().flatten() {
                    changes.extend(list.placed(view, row)?);
                }
                Ok(changes)
            };
            move_rows(book, actor, stale)?;
        }
    }
    crate::batch::replace(book, actor)?;
    crate::programme::replace(book, actor)
}

/// Writes what is stale as one event, if anything is.
pub(crate) fn move_rows(
    book: &Arc<Book>,
    actor: &Actor,
    stale: impl Fn(&dyn Read) -> Result<Vec<Change>, Error> + Send + 'static,
) -> Result<(), Error> {
    if book.view(&stale)?.is_empty() {
        return Ok(());
    }
    let mut event = book.event("units.moved", actor);
    book.submit(None, move |view| {
        event.changes = stale(view)?;
        let events = if event.changes.is_empty() { Vec::new() } else { vec![event] };
        Ok(Decision { events, answer: Vec::new() })
    })?;
    Ok(())
}

/// Two-digit province codes to three-digit ones.
fn provinces(view: &dyn Read) -> Result<BTreeMap<String, String>, Error> {
    let mut all = BTreeMap::new();
    for row in view.find(&UNIT, 0, &["".into()], 1000)? {
        if let Some(pin) = row[0].text().strip_prefix('P') {
            all.insert(row[5].text().to_owned(), pin.to_owned());
        }
    }
    Ok(all)
}

/// All units, by code: parent, name, level, population.
pub fn all(view: &dyn Read) -> Result<BTreeMap<String, Unit>, Error> {
    let rows = view.scan(&UNIT, &[], None, 100_000)?;
    let unit = |row: journal::Row| Unit {
        code: row[0].text().to_owned(),
        parent: row[1].text().to_owned(),
        name: row[2].text().to_owned(),
        level: row[3].int() as u8,
        population: row[4].int(),
    };
    Ok(rows.into_iter().map(unit).map(|unit| (unit.code.clone(), unit)).collect())
}

/// The names of some units; a code that there is not has none.
pub fn names<'a>(view: &dyn Read, codes: impl IntoIterator<Item = &'a str>) -> Result<BTreeMap<String, String>, Error> {
    let mut codes: Vec<&str> = codes.into_iter().filter(|code| !code.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut names = BTreeMap::new();
    for code in codes {
        if let Some(row) = view.get(&UNIT, &[code.into()])? {
            names.insert(code.to_owned(), row[2].text().to_owned());
        }
    }
    Ok(names)
}

/// The three-digit code of the province that a unit is or lies in; none for the nation.
pub(crate) fn province(view: &dyn Read, unit: &str) -> Result<Option<String>, Error> {
    let mut at = unit.to_owned();
    for _ in 0..4 {
        if let Some(code) = at.strip_prefix('P') {
            return Ok(Some(code.to_owned()));
        }
        match view.get(&UNIT, &[at.as_str().into()])? {
            Some(row) => row[1].text().clone_into(&mut at),
            None => break,
        }
    }
    Ok(None)
}

/// Where a list goes on: a row of another unit is answered as one that is not there.
pub(crate) fn cursor(
    view: &dyn Read,
    row: Option<Row>,
    column: usize,
    above: &str,
    missing: &'static str,
) -> Result<Row, Error> {
    let row = row.ok_or(Error::Missing(missing))?;
    if within(view, row[column].text(), above)? { Ok(row) } else { Err(Error::Missing(missing)) }
}

/// Whether a unit is `above` itself or lies below it. Everything lies below the nation, which is the empty code.
pub fn within(view: &dyn Read, unit: &str, above: &str) -> Result<bool, Error> {
    if above.is_empty() {
        return Ok(true);
    }
    let mut at = unit.to_owned();
    for _ in 0..4 {
        if at == above {
            return Ok(true);
        }
        match view.get(&UNIT, &[at.as_str().into()])? {
            Some(row) => row[1].text().clone_into(&mut at),
            None => return Ok(false),
        }
    }
    Ok(false)
}
