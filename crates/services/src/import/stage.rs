//! Staging: rows as sent, sealed under their file's key, with file, line and a keyed hash.

use super::{Progress, Read, Run};
use crate::Error;
use crate::book::{Book, Decision};
use crate::seal::seal;
use ids::FileId;
use journal::{Actor, Change};
use ports::machine::random;
use rayon::prelude::*;
use register::row::Row;
use register::table::{STAGED_FILE, STAGED_ROW};
use std::sync::Arc;

/// Rows staged in one event.
const CHUNK: usize = 2_000;
/// Times that one content was sent that are looked at.
const FILES_MAX: usize = 10_000;

/// Whether a file with this content has been imported, and not withdrawn.
pub(super) fn is_imported(book: &Book, content: &[u8]) -> Result<bool, Error> {
    book.view(|view| imported(view, content))
}

fn imported(view: &dyn ports::store::Read, content: &[u8]) -> Result<bool, Error> {
    // A file may have been cut off and withdrawn many times before it was entered.
    let rows = view.find(&STAGED_FILE, 0, &[content.into()], FILES_MAX)?;
    Ok(rows.iter().any(|row| row[5].text() == "entered"))
}

pub(super) fn context(file: FileId) -> Vec<u8> {
    [b"staged row\0".as_slice(), file.bytes()].concat()
}

/// The keyed hash of a row as sent: an empty cell says something else than a cell that is not there.
pub(super) fn content(book: &Book, row: &Row) -> Vec<u8> {
    let mut message = row.raw.0.join("\u{1f}");
    if !row.absent.is_none() {
        message.push_str(&format!("\u{1f}absent {:04x}", row.absent.bits()));
    }
    book.home().keys.mac("row", message.as_bytes())[..16].to_vec()
}

pub(super) fn file_row(run: &Run, file: &Read, state: &str, wrapped: Vec<u8>) -> Vec<journal::Value> {
    vec![
        file.file.bytes().into(),
        run.id.bytes().into(),
        file.content.as_slice().into(),
        file.form.as_str().into(),
        (file.rows.len() as i64).into(),
        state.into(),
        wrapped.into(),
    ]
}

/// Makes every file known that is not yet, in one command; sets each file's id and gives the files' keys.
pub(super) fn begin(book: &Arc<Book>, actor: &Actor, run: &Run, files: &mut [Read]) -> Result<Vec<[u8; 32]>, Error> {
    let home = book.home();
    let mut keys = Vec::with_capacity(files.len());
    let (mut events, mut contents) = (Vec::new(), Vec::new());
    for file in files {
        let row = book.view(|view| {
            let rows = view.find(&STAGED_FILE, 0, &[file.content.as_slice().into()], FILES_MAX)?;
            Ok(rows.into_iter().find(|row| row[1].blob() == run.id.bytes()))
        })?;
        if let Some(row) = row {
            file.file = FileId::from_bytes(row[0].blob()).ok_or(Error::Missing("staged-file-missing"))?;
            keys.push(home.keys.unwrap(row[6].blob(), &context(file.file))?);
            continue;
        }
        file.file = FileId(book.id());
        let key: [u8; 32] = random(&*home.entropy);
        let wrapped = home.keys.wrap(&key, &context(file.file), random(&*home.entropy));
        let mut event = book.event("file.staged", actor);
        event.changes = vec![Change::put(&STAGED_FILE, file_row(run, file, "staged", wrapped))];
        contents.push(file.content.clone());
        events.push(event);
        keys.push(key);
    }
    if !events.is_empty() {
        book.submit(None, move |view| {
            for content in &contents {
                if imported(view, content)? {
                    return Err(ports::Fault::Busy { code: "import-running" }.into());
                }
            }
            Ok(Decision { events, answer: Vec::new() })
        })?;
    }
    Ok(keys)
}

/// Stages every row that is not staged yet.
pub(super) fn stage(
    book: &Arc<Book>,
    actor: &Actor,
    run: &Run,
    files: &[Read],
    keys: &[[u8; 32]],
    progress: Progress<'_>,
) -> Result<(), Error> {
    let total: usize = files.iter().map(|file| file.rows.len()).sum();
    let mut done = 0;
    for (file, key) in files.iter().zip(keys) {
        for (number, chunk) in file.rows.chunks(CHUNK).enumerate() {
            let step = format!("stage {}", file.file);
            let changes: Vec<Change> = chunk
                .par_iter()
                .map(|row| {
                    let body = serde_json::to_vec(&row.raw).unwrap_or_default();
                    let nonce = random(&*book.home().entropy);
                    let cells = vec![
                        file.file.bytes().into(),
                        (row.line as i64).into(),
                        content(book, row).into(),
                        seal(key, &context(file.file), nonce, &body).into(),
                    ];
                    Change::put(&STAGED_ROW, cells)
                })
                .collect();
            let mut event = book.event("rows.staged", actor);
            event.detail = format!("{{\"rows\":{}}}", chunk.len());
            event.changes = changes;
            book.submit(Some(&run.key(book, &step, number)), move |_| {
                Ok(Decision { events: vec![event], answer: Vec::new() })
            })?;
            done += chunk.len();
            progress("stage", done as u64, total as u64);
        }
    }
    Ok(())
}
