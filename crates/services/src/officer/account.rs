//! Accounts of officers: made, listed, changed, closed and opened, given a new one-time code.
//!
//! A one-time code is a keyed hash of the account and its version, and stands nowhere: a repeated command computes it again.

use super::{FAILURES_MAX, OFFICER, Officer, PASSKEY, ROLES, SESSION, officer_of};
use crate::book::{Book, Decision, Home};
use crate::command::{Command, Once};
use crate::place::{Slice, Subtree, Walk};
use crate::rows::each;
use crate::{Error, unit};
use ids::OfficerId;
use journal::{Change, Event, Row, Value};
use ports::Fault;
use ports::store::Read;
use std::sync::Arc;

/// An account as listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Whose.
    pub officer: Officer,
    /// `invited`, `active` or `closed`; `locked` after too many failures.
    pub state: String,
    /// Counts the changes; sign-ins and failed attempts are none.
    pub version: i64,
}

fn account_of(row: &Row) -> Account {
    let locked = row[5].text() != "closed" && row[11].int() >= FAILURES_MAX;
    let state = if locked { "locked" } else { row[5].text() }.to_owned();
    Account { officer: officer_of(row), state, version: row[1].int() }
}

/// The account with a name, if it lies in the unit.
pub fn find(book: &Book, unit: &str, name: &str) -> Result<Option<Account>, Error> {
    book.view(|view| match view.find(&OFFICER, 0, &[name.into()], 1)?.pop() {
        Some(row) if unit::within(view, row[4].text(), unit)? => Ok(Some(account_of(&row))),
        _ => Ok(None),
    })
}

/// The officers whose account lies in the officer's unit, below it or above it: those whose names they may know.
pub(crate) fn reachable(view: &dyn Read, officer: &Officer) -> Result<Vec<Officer>, Error> {
    let mut all = Vec::new();
    each(view, &OFFICER, &mut |row| {
        let own = row[4].text();
        if unit::within(view, own, &officer.unit)? || unit::within(view, &officer.unit, own)? {
            all.push(officer_of(&row));
        }
        Ok(())
    })?;
    Ok(all)
}

/// The accounts of a unit, unit by unit and by name, after the account with the name `after`.
pub fn list(book: &Book, unit: &str, after: Option<&str>, limit: usize) -> Result<Slice<Account>, Error> {
    book.view(|view| {
        let units = Subtree::of(view, unit)?;
        let walk = Walk { table: &OFFICER, index: 1, given: &[], units: &units };
        let mut place = match after {
            Some(name) => {
                let row = view.find(&OFFICER, 0, &[name.into()], 1)?.pop();
                Some(walk.place(&unit::cursor(view, row, 4, unit, "officer-unknown")?))
            }
            None => None,
        };
        let mut rows = Vec::new();
        while rows.len() <= limit {
            let (more, next) = walk.next(view, place, limit + 1 - rows.len())?;
            rows.extend(more);
            place = next;
            if place.is_none() {
                break;
            }
        }
        Slice::of(rows, limit, |row| Ok(account_of(row)), |row| row[2].text().to_owned())
    })
}

/// A code of 100 bits that a person can type: groups of five letters and digits that are not mistaken for each other.
fn one_time_code(home: &Home, id: OfficerId, version: i64) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let message = [id.bytes().as_slice(), &version.to_be_bytes()].concat();
    let bytes = home.keys.mac("one-time code of an account", &message);
    let letters: Vec<char> = bytes[..20].iter().map(|byte| LETTERS[usize::from(byte % 32)] as char).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What stands in the account for a one-time code.
pub(super) fn code_mac(home: &Home, code: &str) -> [u8; 32] {
    home.keys.mac("one-time code", code.trim().as_bytes())
}

/// A stored answer that says which account at which version was given a code.
fn code_given(id: OfficerId, version: i64) -> Vec<u8> {
    [id.bytes().as_slice(), &version.to_be_bytes()].concat()
}

/// The code of such an answer.
fn code_told(home: &Home, answer: &[u8]) -> Result<String, Error> {
    let damaged = || Fault::Damaged { what: "table command".into(), cause: "malformed answer".into() };
    let (id, version) = answer.split_at_checked(16).ok_or_else(damaged)?;
    let id = OfficerId::from_bytes(id).ok_or_else(damaged)?;
    let version = i64::from_be_bytes(version.try_into().map_err(|_| damaged())?);
    Ok(one_time_code(home, id, version))
}

fn check_roles(roles: &[String]) -> Result<(), Error> {
    if roles.is_empty() {
        return Err(Error::input("officer-without-role"));
    }
    let known = |role: &String| role != "operator" && ROLES.iter().any(|(name, _)| name == role);
    match roles.iter().find(|role| !known(role)) {
        Some(unknown) => Err(Error::Input { code: "role-unknown", arguments: vec![("role", unknown.clone())] }),
        None => Ok(()),
    }
}

/// An error unless the unit exists and the administrator may give rights in it.
fn check_unit(view: &dyn Read, by: &Officer, code: &str) -> Result<(), Error> {
    let exists = code.is_empty() || view.get(&register::table::UNIT, &[code.into()])?.is_some();
    if exists && unit::within(view, code, &by.unit)? { Ok(()) } else { Err(Error::Missing("unit-missing")) }
}

/// Makes an account; gives its one-time code.
pub fn create(book: &Arc<Book>, command: &Command, name: &str, roles: &[String], unit: &str) -> Result<String, Error> {
    command.officer.may("administer")?;
    let usable = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(usable) {
        return Err(Error::input("officer-name"));
    }
    check_roles(roles)?;
    let roles = roles.join(" ");
    let once = command.once(book.home(), "officer add", &[name.as_bytes(), roles.as_bytes(), unit.as_bytes()])?;
    let (inner, by, name, unit) = (Arc::clone(book), command.officer.clone(), name.to_owned(), unit.to_owned());
    let answer = once.submit(book, move |view| {
        if !view.find(&OFFICER, 0, &[name.as_str().into()], 1)?.is_empty() {
            return Err(Error::refused("officer-exists"));
        }
        check_unit(view, &by, &unit)?;
        let (home, id) = (inner.home(), OfficerId(inner.id()));
        let row = vec![
            id.bytes().into(),
            1.into(),
            name.into(),
            roles.into(),
            unit.as_str().into(),
            "invited".into(),
            Value::from(&code_mac(home, &one_time_code(home, id, 1))),
            Value::Null,
            Value::Null,
            Value::Null,
            0.into(),
            0.into(),
        ];
        let mut event = inner.event("officer.made", &by.actor("administration"));
        event.unit = unit;
        event.changes = vec![Change::put(&OFFICER, row)];
        Ok(Decision { events: vec![event], answer: code_given(id, 1) })
    })?;
    code_told(book.home(), &answer)
}

/// Closes an account; its sessions end at once. The last active administrator's stays open.
pub fn close(book: &Arc<Book>, command: &Command, name: &str) -> Result<(), Error> {
    let once = command.once(book.home(), "officer close", &[name.as_bytes()])?;
    alter(book, command, &once, name, "officer.closed", |view, row, event| {
        if row[5].text() == "closed" {
            return Err(Error::refused("officer-closed"));
        }
        another_administrator(view, row)?;
        row[5] = "closed".into();
        end_sessions(view, row, event)
    })?;
    Ok(())
}

/// Opens an account that was closed, or that closed itself after too many failures.
pub fn open(book: &Arc<Book>, command: &Command, name: &str) -> Result<(), Error> {
    let once = command.once(book.home(), "officer open", &[name.as_bytes()])?;
    alter(book, command, &once, name, "officer.opened", |_, row, _| {
        if row[5].text() != "closed" && row[11].int() < FAILURES_MAX {
            return Err(Error::refused("officer-open"));
        }
        row[5] = if row[8].is_null() { "invited" } else { "active" }.into();
        row[11] = 0.into();
        Ok(())
    })?;
    Ok(())
}

/// Gives an account a new one-time code; password, second factor, passkeys and sessions are gone. Until the code is used nobody signs
/// in with it, so the last active administrator's account keeps its own; a closed account stays closed.
pub fn reset(book: &Arc<Book>, command: &Command, name: &str) -> Result<String, Error> {
    let once = command.once(book.home(), "officer reset", &[name.as_bytes()])?;
    let inner = Arc::clone(book);
    let answer = alter(book, command, &once, name, "officer.reset", move |view, row, event| {
        if row[5].text() == "closed" {
            return Err(Error::refused("officer-closed"));
        }
        another_administrator(view, row)?;
        let id = OfficerId::from_bytes(row[0].blob()).unwrap_or_default();
        row[5] = "invited".into();
        row[6] = Value::from(&code_mac(inner.home(), &one_time_code(inner.home(), id, row[1].int())));
        row[7..10].fill(Value::Null);
        row[10..12].fill(0.into());
        let passkeys = view.find(&PASSKEY, 0, &row[..1], 100_000)?;
        event.changes.extend(passkeys.into_iter().map(|passkey| Change::delete(&PASSKEY, passkey[..1].to_vec())));
        end_sessions(view, row, event)
    })?;
    code_told(book.home(), &answer)
}

/// Changes an account's roles, its unit, or both; what is `None` stays. It holds for the officer's next command. Somebody
/// without any role is a closed account, not a changed one.
pub fn change(
    book: &Arc<Book>,
    command: &Command,
    name: &str,
    roles: Option<&[String]>,
    unit: Option<&str>,
) -> Result<(), Error> {
    if roles.is_none() && unit.is_none() {
        return Err(Error::input("officer-change-nothing"));
    }
    roles.map_or(Ok(()), check_roles)?;
    let roles = roles.unwrap_or_default().join(" ");
    let to = unit.map_or_else(Vec::new, |unit| [b"=", unit.as_bytes()].concat());
    let once = command.once(book.home(), "officer change", &[name.as_bytes(), roles.as_bytes(), &to])?;
    let (by, unit) = (command.officer.clone(), unit.map(str::to_owned));
    alter(book, command, &once, name, "officer.changed", move |view, row, _| {
        if !roles.is_empty() {
            if !roles.split(' ').any(|role| role == ADMINISTRATOR) {
                another_administrator(view, row)?;
            }
            row[3] = roles.into();
        }
        if let Some(unit) = unit {
            check_unit(view, &by, &unit)?;
            if !unit::within(view, row[4].text(), &unit)? {
                another_administrator(view, row)?;
            }
            row[4] = unit.into();
        }
        Ok(())
    })?;
    Ok(())
}

/// Changes an account in one transaction: `work` is given its row with the next version. Gives the account and version.
fn alter(
    book: &Arc<Book>,
    command: &Command,
    once: &Once,
    name: &str,
    kind: &'static str,
    work: impl FnOnce(&dyn Read, &mut Row, &mut Event) -> Result<(), Error> + Send + 'static,
) -> Result<Vec<u8>, Error> {
    command.officer.may("administer")?;
    let (inner, command, name) = (Arc::clone(book), command.clone(), name.to_owned());
    once.submit(book, move |view| {
        let row = view.find(&OFFICER, 0, &[name.into()], 1)?.pop();
        let mut row = row.ok_or(Error::Missing("officer-missing"))?;
        if !unit::within(view, row[4].text(), &command.officer.unit)? {
            return Err(Error::Missing("officer-missing"));
        }
        command.expect(row[1].int())?;
        row[1] = (row[1].int() + 1).into();
        let mut event = inner.event(kind, &command.officer.actor("administration"));
        work(view, &mut row, &mut event)?;
        row[4].text().clone_into(&mut event.unit);
        let answer = code_given(OfficerId::from_bytes(row[0].blob()).unwrap_or_default(), row[1].int());
        event.changes.push(Change::put(&OFFICER, row));
        Ok(Decision { events: vec![event], answer })
    })
}

const ADMINISTRATOR: &str = "administrator";

/// An error if this is the only administrator of all of its unit who can sign in.
fn another_administrator(view: &dyn Read, row: &Row) -> Result<(), Error> {
    let active = |row: &Row| {
        let administers = row[3].text().split(' ').any(|role| role == ADMINISTRATOR);
        row[5].text() == "active" && row[11].int() < FAILURES_MAX && administers
    };
    let mut others = 0;
    each(view, &OFFICER, &mut |other| {
        if other[0] != row[0] && active(&other) {
            others += usize::from(unit::within(view, row[4].text(), other[4].text())?);
        }
        Ok(())
    })?;
    if active(row) && others == 0 { Err(Error::refused("officer-last-administrator")) } else { Ok(()) }
}

fn end_sessions(view: &dyn Read, row: &Row, event: &mut Event) -> Result<(), Error> {
    let sessions = view.find(&SESSION, 0, &row[..1], 100_000)?;
    event.changes.extend(sessions.into_iter().map(|session| Change::delete(&SESSION, session[..1].to_vec())));
    Ok(())
}
