//! The gallery of the register: the prints of every application that has been searched, whatever came of it.
//!
//! The gallery follows the register and can always be made from it. It is kept so that a start need not open and index every
//! template; what the register has learnt since, it learns from the events.
//! Invariant: whoever searches has everybody before them whose search was decided before.
//! Start reading at [`gallery`].

use super::search::{application_of, templates};
use crate::Error;
use crate::book::Book;
use crate::gallery::{Entry, Gallery};
use crate::rows::each;
use enrolment::table::APPLICATION;
use fingerprint::search::{Form, Forms, Index};
use journal::{Change, Parts, Row};
use ports::Fault;
use ports::store::Read;
use std::sync::Arc;

/// Events that are read at a time, and entries that a gallery is filled with at a time.
const EVENTS: usize = 500;
const ENTRIES: usize = Index::SEGMENT_PRINTS;
/// What decides a search; see `search`.
const DECIDED: [&str; 2] = ["application.checked", "case.opened"];

/// The gallery with everybody whose search is decided, and whether it had to be made anew since its files are damaged, or know
/// more than the register.
pub(super) fn gallery<'a>(book: &Book, held: &'a mut Option<Gallery>) -> Result<(&'a Gallery, bool), Error> {
    let count = book.view(|view| Ok(view.event_count()?))?;
    let mut anew = false;
    let gallery = match held.take() {
        Some(gallery) => gallery,
        None => match open(book) {
            Ok(gallery) if gallery.mark() <= count => gallery,
            Ok(_) | Err(Fault::Damaged { .. }) => {
                anew = true;
                remove(book)?;
                open(book)?
            }
            Err(fault) => return Err(fault.into()),
        },
    };
    let gallery = held.insert(gallery);
    match gallery.mark() {
        0 => from_register(book, gallery, count)?,
        mark => from_events(book, gallery, mark, count)?,
    }
    Ok((gallery, anew))
}

fn open(book: &Book) -> Result<Gallery, Fault> {
    let home = book.home();
    let key = home.keys.mac("gallery", b"");
    Ok(Gallery::open(Arc::clone(&home.gallery), Arc::clone(&home.entropy), &key)?.0)
}

fn remove(book: &Book) -> Result<(), Fault> {
    let files = &book.home().gallery;
    files.list()?.iter().try_for_each(|name| files.delete(name))
}

fn from_register(book: &Book, gallery: &Gallery, count: u64) -> Result<(), Error> {
    let mut entries = Vec::new();
    book.view(|view| {
        each(view, &APPLICATION, &mut |row| {
            if row[3].text() != "received" {
                entries.push(Entry { id: application_of(&row)?, prints: prints(book, view, &row)? });
            }
            // Until all are there the mark stays 0: cut off here, it begins again.
            if entries.len() >= ENTRIES {
                gallery.fill(std::mem::take(&mut entries))?;
            }
            Ok(())
        })
    })?;
    gallery.fill(entries)?;
    Ok(gallery.reach(count)?)
}

fn from_events(book: &Book, gallery: &Gallery, mark: u64, count: u64) -> Result<(), Error> {
    let mut next = mark;
    while next < count {
        let events = book.view(|view| Ok(view.events(next, EVENTS)?))?;
        let Some(last) = events.last() else { break };
        next = last.number + 1;
        let mut entries = Vec::new();
        for event in events.iter().filter(|event| DECIDED.contains(&event.kind.as_str())) {
            for change in Parts::from_bytes(&event.bytes)?.event()?.changes {
                let row = match change {
                    Change::Put { table, row } if table == APPLICATION.code => row,
                    _ => continue,
                };
                if !gallery.contains(application_of(&row)?) {
                    entries
                        .push(Entry { id: application_of(&row)?, prints: book.view(|view| prints(book, view, &row))? });
                }
            }
        }
        gallery.enrol(entries, next)?;
    }
    Ok(gallery.reach(next)?)
}

/// The prints of an application, in their search form.
pub(super) fn prints(book: &Book, view: &dyn Read, row: &Row) -> Result<Forms, Error> {
    let templates = templates(book, view, row)?;
    Ok(templates.into_iter().map(|(position, template)| (Some(position), Form::new(&template))).collect())
}
