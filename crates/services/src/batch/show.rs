//! A batch card by card, and a card's two faces, for the officers who approve and make it.

use super::holder;
use crate::application::{blob_context, person_of};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::person::Entry;
use crate::seal::open;
use crate::{Error, unit};
use enrolment::table::APPLICATION;
use ids::{ApplicationId, BatchId, CardId, OfficerId};
use issuance::CardHolder;
use issuance::table::{BATCH, CARD};
use journal::Row;
use lds::Date;
use std::sync::Arc;

/// One card of a batch. Nothing in it names a person.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Line {
    /// The application.
    pub application: String,
    /// Its state.
    pub state: String,
    /// The unit.
    pub unit: String,
    /// The card, where one was begun.
    pub card: Option<String>,
    /// begun, personalised, active; empty where none was begun.
    pub card_state: String,
}

/// A batch with its cards.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Shown {
    /// The listed part.
    pub summary: super::Summary,
    /// Who approved it.
    pub approver: Option<String>,
    /// Its cards.
    pub lines: Vec<Line>,
}

pub(crate) fn may(officer: &Officer) -> Result<(), Error> {
    officer.may("approve").or_else(|_| officer.may("personalise"))
}

/// A batch, card by card; the cards of other units are left out, and a batch without any of the own is not there.
pub fn show(book: &Book, officer: &Officer, id: BatchId) -> Result<Shown, Error> {
    may(officer)?;
    book.view(|view| {
        let missing = || Error::Missing("batch-missing");
        let batch = view.get(&BATCH, &[id.bytes().into()])?.ok_or_else(missing)?;
        let mut lines = Vec::new();
        for row in view.find(&APPLICATION, 2, &[id.bytes().into()], super::CARDS_MAX)? {
            if !unit::within(view, row[4].text(), &officer.unit)? {
                continue;
            }
            let card = view.find(&CARD, 1, &row[1..2], 1)?.pop();
            lines.push(Line {
                application: ApplicationId::from_bytes(row[1].blob()).unwrap_or_default().to_string(),
                state: row[3].text().to_owned(),
                unit: row[4].text().to_owned(),
                card: card.as_ref().and_then(|card| CardId::from_bytes(card[1].blob())).map(|id| id.to_string()),
                card_state: card.map_or(String::new(), |card| card[3].text().to_owned()),
            });
        }
        if lines.is_empty() && !officer.unit.is_empty() {
            return Err(missing());
        }
        let approver = OfficerId::from_bytes(batch[4].blob()).map(|id| id.to_string());
        Ok(Shown { summary: super::summary(&batch), approver, lines })
    })
}

/// What the faces of an application's card show. The read is an event first.
pub fn faces(book: &Arc<Book>, officer: &Officer, application: ApplicationId) -> Result<CardHolder, Error> {
    may(officer)?;
    let row: Row = book.view(|view| {
        let row = view.find(&APPLICATION, 0, &[application.bytes().into()], 1)?.pop();
        let row = row.ok_or(Error::Missing("application-unknown"))?;
        let near = unit::within(view, row[4].text(), &officer.unit)?;
        near.then_some(row).ok_or(Error::Missing("application-unknown"))
    })?;
    let person = person_of(&row)?;
    let mut event = book.event("person.read", &officer.actor("issuance"));
    row[4].text().clone_into(&mut event.unit);
    event.subjects = vec![person];
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let home = book.home();
    let (entry, ward) = book.view(|view| {
        let entry = Entry::load(view, home, person)?.ok_or(Error::Missing("person-missing"))?;
        let ward = view.get(&register::table::UNIT, &[entry.unit.as_str().into()])?;
        Ok((entry, ward.map_or(String::new(), |row| row[2].text().to_owned())))
    })?;
    let address: [u8; 32] = row[8].blob().try_into().map_err(|_| Error::Missing("face-missing"))?;
    let sealed = home.blobs.get(&address)?.ok_or(Error::Missing("face-missing"))?;
    let face = open(&entry.key, &blob_context(person), &sealed)?;
    let (year, month, day) = book.now().day().date();
    holder(&entry, face, Date { year: year as u16, month, day }, &ward)
}
