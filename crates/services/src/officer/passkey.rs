//! Passkeys of officers: added, listed, removed; signing in with one.
//!
//! A challenge is the server's own word: its time, random bytes, and a keyed hash over both and over what it was made for.
//! So nobody keeps challenges, and asking for many of them fills nothing. It is good for five minutes, and once: a passkey
//! takes no challenge that is not younger than the last one it was used with.
//! Not here: what browsers and authenticators send; that is read and verified by the crate `passkey`.

use super::{FAILURES_MAX, OFFICER, Officer, failed, new_session, officer_of, refused_if_empty};
use crate::Error;
use crate::book::{Book, Decision};
use crate::command::Command;
use ids::OfficerId;
use journal::{Change, Column, Index, Row, Table, Value};
use passkey::{ClientData, Kept, Site};
use ports::machine::random;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use time::Instant;

/// Passkeys. `challenge` is the time of the last challenge that was signed.
pub static PASSKEY: Table = Table {
    code: 44,
    name: "passkey",
    key: 1,
    columns: &[
        Column::blob("credential"),
        Column::blob("officer_id"),
        Column::int("version"),
        Column::blob("public_key"),
        Column::int("counter"),
        Column::int("eligible"),
        Column::int("backed_up"),
        Column::int("added"),
        Column::int("used"),
        Column::int("challenge"),
    ],
    indexes: &[Index { name: "passkey_by_officer", columns: &[1] }],
};

/// How long a challenge is good for.
const CHALLENGE_US: i64 = 5 * 60 * 1_000_000;
/// Passkeys of one officer.
const PASSKEYS_MAX: usize = 10;

/// A passkey as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passkey {
    /// The credential's id, as the authenticator knows it.
    pub credential: Vec<u8>,
    /// Counts the changes, uses among them.
    pub version: i64,
    /// When it was added.
    pub added: Instant,
    /// When it was last used to sign in.
    pub used: Option<Instant>,
    /// Whether it may be on more than one device.
    pub eligible: bool,
}

/// What a browser sends to sign in.
pub struct Assertion {
    /// The credential's id.
    pub credential: Vec<u8>,
    /// The user handle: whose passkey the authenticator says it is.
    pub user: Vec<u8>,
    /// The client data, as text.
    pub client_data: Vec<u8>,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// The signature over both.
    pub signature: Vec<u8>,
}

fn challenge_mac(book: &Book, officer: OfficerId, body: &[u8]) -> [u8; 16] {
    let mac = book.home().keys.mac("passkey challenge", &[officer.bytes().as_slice(), body].concat());
    std::array::from_fn(|at| mac[at])
}

/// A challenge: for an officer who adds a passkey, or for whoever is about to sign in.
#[must_use]
pub fn challenge(book: &Book, officer: Option<&Officer>) -> Vec<u8> {
    let nonce: [u8; 16] = random(&*book.home().entropy);
    let body = [book.now().0.to_be_bytes().as_slice(), &nonce].concat();
    let mac = challenge_mac(book, officer.map(|officer| officer.id).unwrap_or_default(), &body);
    [body.as_slice(), &mac].concat()
}

/// When a challenge was made, if it is one of ours for this officer and still good.
fn challenge_made(book: &Book, officer: OfficerId, challenge: &[u8]) -> Option<i64> {
    let (body, mac) = challenge.split_at_checked(24)?;
    let own = bool::from(challenge_mac(book, officer, body).ct_eq(mac));
    let made = i64::from_be_bytes(*body.first_chunk()?);
    let age = book.now().0.checked_sub(made)?;
    (own && (0..=CHALLENGE_US).contains(&age)).then_some(made)
}

/// The officer's own passkeys, oldest first.
pub fn passkeys(book: &Book, officer: &Officer) -> Result<Vec<Passkey>, Error> {
    let rows = book.view(|view| Ok(view.find(&PASSKEY, 0, &[officer.id.bytes().into()], PASSKEYS_MAX)?))?;
    let mut all: Vec<Passkey> = rows
        .iter()
        .map(|row| Passkey {
            credential: row[0].blob().to_vec(),
            version: row[2].int(),
            added: Instant(row[7].int()),
            used: (!row[8].is_null()).then(|| Instant(row[8].int())),
            eligible: row[5].int() == 1,
        })
        .collect();
    all.sort_by_key(|one| one.added);
    Ok(all)
}

/// Adds a passkey to the officer's own account.
pub fn add_passkey(
    book: &Arc<Book>,
    command: &Command,
    site: &Site,
    client_data: &[u8],
    authenticator_data: &[u8],
) -> Result<(), Error> {
    let once = command.once(book.home(), "passkey add", &[client_data, authenticator_data])?;
    let (inner, site, officer) = (Arc::clone(book), site.clone(), command.officer.clone());
    let (client_data, authenticator_data) = (client_data.to_vec(), authenticator_data.to_vec());
    once.submit(book, move |view| {
        let refused = |_| Error::refused("passkey-refused");
        let account = view.get(&OFFICER, &[officer.id.bytes().into()])?;
        if account.is_none_or(|row| row[5].text() != "active") {
            return Err(Error::refused("session-needed"));
        }
        let client = ClientData::parse(&client_data).map_err(refused)?;
        let made = challenge_made(&inner, officer.id, client.challenge()).ok_or(Error::refused("passkey-late"))?;
        let (credential, kept) = passkey::register(&site, &client, &authenticator_data).map_err(refused)?;
        if view.get(&PASSKEY, &[credential.as_slice().into()])?.is_some() {
            return Err(Error::refused("passkey-known"));
        }
        if view.find(&PASSKEY, 0, &[officer.id.bytes().into()], PASSKEYS_MAX)?.len() == PASSKEYS_MAX {
            let arguments = vec![("max", PASSKEYS_MAX.to_string())];
            return Err(Error::Refused { code: "passkey-many", arguments });
        }
        let mut event = inner.event("passkey.added", &officer.actor("sign-in"));
        event.unit.clone_from(&officer.unit);
        let row = vec![
            credential.into(),
            officer.id.bytes().into(),
            1.into(),
            kept.public_key.into(),
            i64::from(kept.counter).into(),
            i64::from(kept.eligible).into(),
            i64::from(kept.backed_up).into(),
            event.recorded.0.into(),
            Value::Null,
            made.into(),
        ];
        event.changes = vec![Change::put(&PASSKEY, row)];
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    Ok(())
}

/// Takes a passkey from the officer's own account. Whoever has none left signs in with password and code, as before.
pub fn remove_passkey(book: &Arc<Book>, command: &Command, credential: &[u8]) -> Result<(), Error> {
    let once = command.once(book.home(), "passkey remove", &[credential])?;
    let (inner, command, credential) = (Arc::clone(book), command.clone(), credential.to_vec());
    once.submit(book, move |view| {
        let officer = &command.officer;
        let row = view.get(&PASSKEY, &[credential.as_slice().into()])?;
        // Another's passkey is no passkey of this account.
        let row = row.filter(|row| row[1].blob() == officer.id.bytes()).ok_or(Error::Missing("passkey-missing"))?;
        command.expect(row[2].int())?;
        let mut event = inner.event("passkey.removed", &officer.actor("sign-in"));
        event.unit.clone_from(&officer.unit);
        event.changes = vec![Change::delete(&PASSKEY, row[..1].to_vec())];
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    Ok(())
}

/// Signs in with a passkey; gives the session's token. A failed attempt with a passkey that there is counts as a wrong
/// password does.
pub fn sign_in_with_passkey(book: &Arc<Book>, site: &Site, sent: Assertion) -> Result<String, Error> {
    let (token, mac) = new_session(book);
    let (inner, site) = (Arc::clone(book), site.clone());
    book.submit(None, move |view| {
        let unknown = || Error::refused("sign-in-refused");
        let mut passkey = view.get(&PASSKEY, &[sent.credential.as_slice().into()])?.ok_or_else(unknown)?;
        let mut row = view.get(&OFFICER, &passkey[1..2])?.ok_or_else(unknown)?;
        let usable = row[5].text() == "active" && row[11].int() < FAILURES_MAX;
        let Some((kept, made)) = verified(&inner, &site, &passkey, &sent).filter(|_| usable) else {
            return failed(&inner, row);
        };
        let mut event = inner.event("officer.signed-in", &officer_of(&row).actor("sign-in"));
        passkey[2] = (passkey[2].int() + 1).into();
        passkey[4] = i64::from(kept.counter).into();
        passkey[6] = i64::from(kept.backed_up).into();
        passkey[8] = event.recorded.0.into();
        passkey[9] = made.into();
        row[11] = 0.into();
        let session = super::session_row(&inner, &mac, &row);
        event.changes = vec![Change::put(&OFFICER, row), session, Change::put(&PASSKEY, passkey)];
        Ok(Decision { events: vec![event], answer: b"1".to_vec() })
    })
    .and_then(refused_if_empty)?;
    Ok(token)
}

/// What is to be kept of a passkey after this use, and the time of its challenge; `None` if anything is wrong.
fn verified(book: &Book, site: &Site, row: &Row, sent: &Assertion) -> Option<(Kept, i64)> {
    let client = ClientData::parse(&sent.client_data).ok()?;
    let made = challenge_made(book, OfficerId::default(), client.challenge()).filter(|made| *made > row[9].int())?;
    let kept = Kept {
        public_key: row[3].blob().to_vec(),
        counter: u32::try_from(row[4].int()).ok()?,
        eligible: row[5].int() == 1,
        backed_up: row[6].int() == 1,
    };
    let kept = passkey::verify(site, &client, &sent.authenticator_data, &sent.signature, &kept).ok()?;
    (sent.user == row[1].blob()).then_some((kept, made))
}
