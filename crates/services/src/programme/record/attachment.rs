//! Files attached to a difficulty: sealed under a key of their own, in the blob store.
//!
//! Invariant: every download is an event before the bytes are given. Nothing of the register has to be in such a file, but
//! nobody can say that nothing is.
//! Start reading at [`attach`].

use super::{find, list, sight};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::programme::counters;
use crate::programme::table::ATTACHMENT;
use crate::seal::{open, seal};
use crate::{Command, Error};
use ::programme::record::attachment::{Attachment, BYTES_MAX, FILES_MAX, Kind, name};
use ::programme::record::{By, Record, Step};
use ids::Uuid;
use journal::{Change, Value};
use ports::Fault;
use ports::blob::Address;
use ports::machine::random;
use std::sync::Arc;

/// A file as it was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file as it is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

fn context(file: Uuid) -> Vec<u8> {
    [b"attachment\0".as_slice(), &file.0].concat()
}

/// The kinds of some files; an error where there are none, too many, or one that is too large or of no kind.
fn kinds(files: &[Sent]) -> Result<Vec<Kind>, Error> {
    let over = |code, max: usize| Error::Input { code, arguments: vec![("max", max.to_string())] };
    if files.is_empty() {
        return Err(Error::input("attachment-none"));
    }
    if files.len() > FILES_MAX {
        return Err(over("attachments-full", FILES_MAX));
    }
    if files.iter().any(|file| file.bytes.len() > BYTES_MAX) {
        return Err(over("attachment-large", BYTES_MAX >> 20));
    }
    let kind = |file: &Sent| Kind::of(&file.bytes).ok_or(Error::input("attachment-kind"));
    files.iter().map(kind).collect()
}

/// Adds files to a difficulty, all of them or none.
pub fn attach(book: &Arc<Book>, command: &Command, id: Uuid, files: &[Sent]) -> Result<Record, Error> {
    command.officer.may("return")?;
    let kinds = kinds(files)?;
    let home = book.home();
    let parts = files.iter().flat_map(|file| [file.name.as_bytes(), &file.bytes]);
    let parts: Vec<&[u8]> = std::iter::once(id.0.as_slice()).chain(parts).collect();
    let once = command.once(home, "attach", &parts)?;
    let attached = |book: &Book| book.view(|view| find(view, id))?.ok_or(Error::Missing("record-missing"));
    if once.answered(book)?.is_some() {
        return attached(book);
    }
    // Asked before anything is kept; the state again in the transaction.
    may_attach(book, &command.officer, &attached(book)?)?;
    let (at, units) = (book.now(), counters::tree(book)?);
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    for (file, kind) in files.iter().zip(kinds) {
        let (own, key): (Uuid, [u8; 32]) = (book.id(), random(&*home.entropy));
        // Blobs lie before the row that names them.
        let address = home.blobs.put(&seal(&key, &context(own), random(&*home.entropy), &file.bytes))?;
        let wrapped = home.keys.wrap(&key, &context(own), random(&*home.entropy));
        rows.push((address, vec![(&own.0).into(), (&id.0).into(), Value::from(&address), wrapped.into()]));
        all.push(Attachment {
            id: own,
            name: name(&file.name, kind),
            kind,
            bytes: file.bytes.len() as u64,
            unit: command.officer.unit.clone(),
            officer: command.officer.id,
            at,
            withdrawn: None,
        });
    }
    let first = all[0].id;
    let addresses: Vec<Address> = rows.iter().map(|(address, _)| *address).collect();
    let (inner, by, expected) = (Arc::clone(book), command.officer.clone(), command.version);
    let done = once.submit(book, move |view| {
        let found = find(view, id)?.ok_or(Error::Missing("record-missing"))?;
        if let Some(expected) = expected.filter(|expected| *expected != found.head().version) {
            return Err(Error::Version { expected, found: found.head().version });
        }
        let Record::Difficulty(one) = found else { return Err(Error::Missing("record-missing")) };
        let next = one.attach(all, By { officer: by.id, at }).map_err(|refusal| Error::refused(refusal.code))?;
        let step = Step { act: "attach".to_owned(), at, officer: Some(by.id), to: None };
        let next = Record::Difficulty(next).noted(step);
        let mut event = inner.event("difficulty.changed", &by.actor("programme"));
        event.unit.clone_from(&next.head().unit);
        event.detail = "{\"act\":\"attach\"}".to_owned();
        event.changes = list::changes(view, &units, &next)?;
        event.changes.extend(rows.into_iter().map(|(_, row)| Change::put(&ATTACHMENT, row)));
        Ok(Decision { events: vec![event], answer: id.0.to_vec() })
    });
    // What was refused, or sent twice at once, leaves nothing behind. After a fault nobody knows whether it was done.
    let ours = |record: &Record| matches!(record, Record::Difficulty(one) if one.attachments.iter().any(|file| file.id == first));
    let kept = match &done {
        Ok(_) => ours(&attached(book)?),
        Err(Error::Fault(_)) => true,
        Err(_) => false,
    };
    if !kept {
        for address in &addresses {
            let _ = home.blobs.delete(address);
        }
    }
    done.and_then(|_| attached(book))
}

/// Whether an officer sees the whole record.
fn sees(book: &Book, officer: &Officer, record: &Record) -> Result<bool, Error> {
    let units = counters::tree(book)?;
    Ok(sight::whole(&units, crate::programme::seen(&units, officer, "")?, record))
}

/// An error unless the officer's unit raised the difficulty or has to answer it, or lies above one that does.
fn may_attach(book: &Book, officer: &Officer, record: &Record) -> Result<(), Error> {
    let missing = Error::Missing("record-missing");
    let Record::Difficulty(one) = record else { return Err(missing) };
    if !sees(book, officer, record)? {
        return Err(missing);
    }
    one.clone()
        .attach(Vec::new(), By { officer: officer.id, at: book.now() })
        .map(drop)
        .map_err(|refusal| Error::refused(refusal.code))
}

/// Gives a file of a difficulty to an officer who sees it. The read is recorded first.
pub fn attachment(book: &Arc<Book>, officer: &Officer, id: Uuid, file: Uuid) -> Result<Opened, Error> {
    officer.may("status")?;
    let missing = || Error::Missing("attachment-missing");
    let record = book.view(|view| find(view, id))?.ok_or(Error::Missing("record-missing"))?;
    if !sees(book, officer, &record)? {
        return Err(Error::Missing("record-missing"));
    }
    let Record::Difficulty(one) = &record else { return Err(missing()) };
    let found = one.files().find(|one| one.id == file).ok_or_else(missing)?;
    let home = book.home();
    let row = book.view(|view| Ok(view.get(&ATTACHMENT, &[(&file.0).into()])?))?.ok_or_else(missing)?;
    // It may have been withdrawn since the record was read.
    let address = Address::try_from(row[2].blob()).map_err(|_| missing())?;
    let damaged = || Fault::Damaged { what: "attachment".into(), cause: "its bytes are not there".into() };
    let sealed = home.blobs.get(&address)?.ok_or_else(damaged)?;
    let bytes = open(&home.keys.unwrap(row[3].blob(), &context(file))?, &context(file), &sealed)?;
    let mut event = book.event("attachment.read", &officer.actor("programme"));
    event.unit.clone_from(&one.head.unit);
    event.detail = serde_json::json!({ "record": id.to_string(), "file": file.to_string() }).to_string();
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    Ok(Opened { name: found.name.clone(), kind: found.kind, bytes })
}

/// Where a file's bytes lie.
pub(super) fn address(book: &Book, file: Option<Uuid>) -> Result<Option<Address>, Error> {
    let Some(file) = file else { return Ok(None) };
    let row = book.view(|view| Ok(view.get(&ATTACHMENT, &[(&file.0).into()])?))?;
    Ok(row.and_then(|row| Address::try_from(row[2].blob()).ok()))
}

/// The row of a file that was withdrawn.
pub(super) fn emptied(file: Uuid, record: Uuid) -> Change {
    Change::put(&ATTACHMENT, vec![(&file.0).into(), (&record.0).into(), Value::Null, Value::Null])
}
