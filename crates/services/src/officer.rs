//! Officers: accounts with a second factor, sessions, and what each role may do.
//!
//! Passwords are kept as Argon2id (RFC 9106), the second factor is TOTP (RFC 6238); a code is accepted once. A passkey is
//! possession and verification of the user in one, and takes the place of both. The first
//! administrator is made by `init` with a one-time code; so is every officer after that, by an administrator.

mod account;
mod passkey;

pub use account::{Account, change, close, create, find, list, open as reopen, reset};
pub use passkey::{
    Assertion, PASSKEY, Passkey, add_passkey, challenge, passkeys, remove_passkey, sign_in_with_passkey,
};

use crate::Error;
use crate::book::{Book, Decision, Home};
use crate::seal::{open, seal};
use ids::OfficerId;
use journal::{Actor, Change, Column, Index, Row, Table, Value};
use ports::machine::random;
use ports::store::Read;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use time::Instant;

/// Accounts. Names here are account names, not names of persons. `state`: invited, active, closed.
pub static OFFICER: Table = Table {
    code: 42,
    name: "officer",
    key: 1,
    columns: &[
        Column::blob("officer_id"),
        Column::int("version"),
        Column::text("name"),
        Column::text("roles"),
        Column::text("unit"),
        Column::text("state"),
        Column::blob("one_time"),
        Column::blob("salt"),
        Column::blob("password"),
        Column::blob("second_factor"),
        Column::int("last_step"),
        Column::int("failures"),
    ],
    indexes: &[Index { name: "officer_by_name", columns: &[2] }, Index { name: "officer_by_unit", columns: &[4, 2] }],
};

/// Sessions, by the keyed hash of their token.
pub static SESSION: Table = Table {
    code: 43,
    name: "session",
    key: 1,
    columns: &[Column::blob("token"), Column::blob("officer_id"), Column::int("expires")],
    indexes: &[Index { name: "session_by_officer", columns: &[1] }],
};

/// All of them.
pub static TABLES: &[&Table] = &[&OFFICER, &SESSION, &PASSKEY];

/// How long a session lasts.
const SESSION_US: i64 = 12 * 3_600_000_000;
/// Wrong attempts after which an account is closed until an administrator opens it.
const FAILURES_MAX: i64 = 10;

/// Roles and what each may do.
pub const ROLES: &[(&str, &[&str])] = &[
    ("administrator", &["administer", "import", "export", "status"]),
    ("collector", &["import", "read", "status"]),
    ("reader", &["read", "status"]),
    ("enroller", &["read", "enrol", "hand-over", "status"]),
    ("adjudicator", &["read", "adjudicate", "status"]),
    ("approver", &["approve", "status"]),
    ("personaliser", &["personalise", "status"]),
    ("auditor", &["audit", "status"]),
    // Of a unit: signs its figures, says what is difficult. Of the ministry: sets targets, decides, visits, reports.
    ("director", &["return", "status"]),
    ("inspector", &["steer", "return", "status"]),
    // Whoever holds the data folder, without a session: everything that needs no second person.
    ("operator", &["administer", "import", "export", "read", "enrol", "audit", "steer", "return", "status"]),
];

/// Somebody who acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Officer {
    /// The id; all zeros for the operator of the machine.
    pub id: OfficerId,
    /// The account name.
    pub name: String,
    /// Roles of [`ROLES`].
    pub roles: Vec<String>,
    /// The unit whose affairs they see; empty for the nation.
    pub unit: String,
}

impl Officer {
    /// The operator of the machine: who holds the folder and its keys, without a session.
    #[must_use]
    pub fn operator() -> Officer {
        Officer {
            id: OfficerId::default(),
            name: "operator".into(),
            roles: vec!["operator".into()],
            unit: String::new(),
        }
    }

    /// The actor of events, with the purpose stated.
    #[must_use]
    pub fn actor(&self, purpose: &str) -> Actor {
        let officer = (self.id != OfficerId::default()).then_some(self.id);
        Actor { officer, purpose: purpose.to_owned() }
    }

    /// An error unless the officer is the whole nation's, not one unit's.
    pub fn of_nation(&self) -> Result<(), Error> {
        if self.unit.is_empty() { Ok(()) } else { Err(Error::refused("nation-only")) }
    }

    /// An error unless one of the roles allows the action.
    pub fn may(&self, action: &str) -> Result<(), Error> {
        let allows = |role: &String| ROLES.iter().any(|(name, actions)| name == role && actions.contains(&action));
        if self.roles.iter().any(allows) {
            return Ok(());
        }
        let code = if self.id == OfficerId::default() { "session-needed" } else { "role-missing" };
        Err(Error::Refused { code, arguments: vec![("action", action.to_owned())] })
    }
}

fn context(id: OfficerId) -> Vec<u8> {
    [b"officer\0".as_slice(), id.bytes()].concat()
}

fn second_factor_key(home: &Home) -> [u8; 32] {
    home.keys.mac("second factor", &[])
}

fn hash_password(password: &str, salt: &[u8]) -> Result<[u8; 32], Error> {
    let mut hash = [0; 32];
    argon2::Argon2::default()
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .map_err(|_| Error::input("password-unusable"))?;
    Ok(hash)
}

fn totp(secret: [u8; 20]) -> Result<totp_rs::Totp, Error> {
    totp_rs::Builder::new().with_secret(secret).build().map_err(|_| Error::input("second-factor"))
}

/// What a first sign-in gives: the secret for the authenticator, in base 32.
pub struct Accepted {
    /// The officer.
    pub officer: Officer,
    /// The second factor's secret, to be shown once.
    pub second_factor: String,
}

/// Takes up an account with its one-time code: sets the password, makes the second factor.
pub fn accept(book: &Arc<Book>, name: &str, one_time: &str, password: &str) -> Result<Accepted, Error> {
    if password.chars().count() < 10 {
        return Err(Error::input("password-short"));
    }
    let salt: [u8; 16] = random(&*book.home().entropy);
    let hash = hash_password(password, &salt)?;
    let secret: [u8; 20] = random(&*book.home().entropy);
    let mac = account::code_mac(book.home(), one_time);
    let (inner, wanted) = (Arc::clone(book), name.to_owned());
    book.submit(None, move |view| {
        let mut row = account(view, &wanted)?;
        let right = row[5].text() == "invited" && row[11].int() < FAILURES_MAX && bool::from(row[6].blob().ct_eq(&mac));
        if !right {
            return failed(&inner, row);
        }
        let id = OfficerId::from_bytes(row[0].blob()).unwrap_or_default();
        let sealed = seal(&second_factor_key(inner.home()), &context(id), random(&*inner.home().entropy), &secret);
        row[1] = (row[1].int() + 1).into();
        row[5] = "active".into();
        row[6] = Value::Null;
        row[7] = Value::from(&salt);
        row[8] = Value::from(&hash);
        row[9] = sealed.into();
        row[11] = 0.into();
        let mut event = inner.event("officer.accepted", &officer_of(&row).actor("sign-in"));
        event.changes = vec![Change::put(&OFFICER, row)];
        Ok(Decision { events: vec![event], answer: b"1".to_vec() })
    })
    .and_then(refused_if_empty)?;
    let officer = book.view(|view| Ok(officer_of(&account(view, name)?)))?;
    Ok(Accepted { officer, second_factor: totp_rs::Secret::from(secret).to_base32() })
}

/// Signs in with password and second factor; gives the session's token.
pub fn sign_in(book: &Arc<Book>, name: &str, password: &str, code: &str) -> Result<String, Error> {
    // The slow hash is done before the transaction, with the account's salt; an unknown name costs the same time.
    let found = book.view(|view| Ok(account(view, name).ok()))?;
    let salt = found.as_ref().map(|row| row[7].blob().to_vec()).filter(|salt| salt.len() == 16).unwrap_or(vec![0; 16]);
    let hash = hash_password(password, &salt)?;
    let (token, mac) = new_session(book);
    let (inner, wanted, code) = (Arc::clone(book), name.to_owned(), code.trim().to_owned());
    book.submit(None, move |view| {
        let mut row = account(view, &wanted)?;
        let now = inner.now();
        let id = OfficerId::from_bytes(row[0].blob()).unwrap_or_default();
        let right = row[5].text() == "active" && row[11].int() < FAILURES_MAX && bool::from(row[8].blob().ct_eq(&hash));
        let secret = right.then(|| open(&second_factor_key(inner.home()), &context(id), row[9].blob())).transpose()?;
        let secret: Option<[u8; 20]> = secret.and_then(|secret| secret.try_into().ok());
        let step = match secret {
            Some(secret) => totp(secret)?.check(&code, (now.0 / 1_000_000).unsigned_abs()),
            None => None,
        };
        // A code is good once: its step must be later than the last one used.
        let Some(step) = step.filter(|step| *step as i64 > row[10].int()) else { return failed(&inner, row) };
        row[10] = (step as i64).into();
        row[11] = 0.into();
        let mut event = inner.event("officer.signed-in", &officer_of(&row).actor("sign-in"));
        let session = session_row(&inner, &mac, &row);
        event.changes = vec![Change::put(&OFFICER, row), session];
        Ok(Decision { events: vec![event], answer: b"1".to_vec() })
    })
    .and_then(refused_if_empty)?;
    Ok(token)
}

/// A token of 256 random bits, and the keyed hash that stands for it.
fn new_session(book: &Book) -> (String, [u8; 32]) {
    let token: [u8; 32] = random(&*book.home().entropy);
    let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    let mac = book.home().keys.mac("session", token.as_bytes());
    (token, mac)
}

/// The session of an account, from now on.
fn session_row(book: &Book, mac: &[u8; 32], account: &Row) -> Change {
    Change::put(&SESSION, vec![Value::from(mac), account[0].clone(), (book.now().0 + SESSION_US).into()])
}

/// A failed attempt is recorded, and answered without saying what was wrong. It changes nothing that a form shows, so the
/// version stays; an account that is closed or locked takes no more attempts, and there is nothing to record.
fn failed(book: &Book, mut row: Row) -> Result<Decision, Error> {
    if row[5].text() == "closed" || row[11].int() >= FAILURES_MAX {
        return Ok(Decision::default());
    }
    row[11] = (row[11].int() + 1).into();
    let mut event = book.event("officer.refused", &Actor::default());
    event.changes = vec![Change::put(&OFFICER, row)];
    Ok(Decision { events: vec![event], answer: Vec::new() })
}

fn refused_if_empty(answer: Vec<u8>) -> Result<(), Error> {
    if answer.is_empty() { Err(Error::refused("sign-in-refused")) } else { Ok(()) }
}

/// The code that the officer's authenticator would show: for the demonstration, which plays all officers.
pub fn code_of(second_factor: &str, now: Instant) -> Result<String, Error> {
    let secret = totp_rs::Secret::try_from_base32(second_factor).map_err(|_| Error::input("second-factor"))?;
    let secret: [u8; 20] = secret.as_bytes().try_into().map_err(|_| Error::input("second-factor"))?;
    Ok(totp(secret)?.generate((now.0 / 1_000_000).unsigned_abs()).to_string())
}

/// The officer of a session.
pub fn of_session(book: &Book, token: &str) -> Result<Officer, Error> {
    let mac = book.home().keys.mac("session", token.trim().as_bytes());
    let now = book.now();
    book.view(|view| {
        let session = view.get(&SESSION, &[Value::from(&mac)])?.filter(|row| row[2].int() > now.0);
        let session = session.ok_or(Error::refused("session-ended"))?;
        let row = view.get(&OFFICER, &session[1..2])?.filter(|row| row[5].text() == "active");
        Ok(officer_of(&row.ok_or(Error::refused("session-ended"))?))
    })
}

/// Ends a session.
pub fn sign_out(book: &Arc<Book>, token: &str) -> Result<(), Error> {
    let officer = of_session(book, token)?;
    let mac = book.home().keys.mac("session", token.trim().as_bytes());
    let mut event = book.event("officer.signed-out", &officer.actor("sign-out"));
    event.changes = vec![Change::delete(&SESSION, vec![Value::from(&mac)])];
    book.submit(None, move |view| match view.get(&SESSION, &[Value::from(&mac)])? {
        Some(_) => Ok(Decision { events: vec![event], answer: Vec::new() }),
        None => Err(Error::refused("session-ended")),
    })?;
    Ok(())
}

fn account(view: &dyn Read, name: &str) -> Result<Row, Error> {
    view.find(&OFFICER, 0, &[name.into()], 1)?.pop().ok_or(Error::refused("sign-in-refused"))
}

fn officer_of(row: &Row) -> Officer {
    Officer {
        id: OfficerId::from_bytes(row[0].blob()).unwrap_or_default(),
        name: row[2].text().to_owned(),
        roles: row[3].text().split_whitespace().map(str::to_owned).collect(),
        unit: row[4].text().to_owned(),
    }
}
