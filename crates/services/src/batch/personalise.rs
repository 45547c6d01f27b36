//! Making the cards of an approved batch: each begun, assembled, signed, read back, written out, and only then counted.
//!
//! Invariant: an application has one card. It is begun in the book before anything of it leaves the system; an attempt that
//! was cut off is taken up under the same id, so that what is written replaces what the last attempt left, and only the
//! last attempt can be counted. Which content was counted is in the card's sealed body.

use super::{CARDS_MAX, check_hands, holder};
use crate::Error;
use crate::application::{blob_context, moved, person_of};
use crate::book::{Book, Decision};
use crate::command::Command;
use crate::officer::Officer;
use crate::person::Entry;
use crate::seal::{open, seal};
use card_app::InProcess;
use enrolment::table::APPLICATION;
use ids::{ApplicationId, BatchId, CardId, OfficerId};
use inspection::read_back;
use issuance::table::{BATCH, CARD};
use issuance::{Profile, assemble};
use journal::{Change, Row, Value};
use lds::{CardImage, Date};
use pki::Time;
use ports::Fault;
use ports::machine::random;
use ports::signer::{Role, Signer};
use ports::store::Read;
use std::sync::Arc;

/// A card made and read back.
pub struct Made {
    /// Its id; the same for every attempt.
    pub card: CardId,
    /// Its content, with the chip's secrets: for the chip, or the file that stands for it.
    pub image: CardImage,
}

/// A card that could not be made; its application stays approved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failed {
    /// Whose card.
    pub application: ApplicationId,
    /// Why not.
    pub error: Error,
}

/// What a run made of a batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Cards made.
    pub made: Vec<CardId>,
    /// Cards that could not be made. While there are any, the batch stays approved and the same command goes on.
    pub failed: Vec<Failed>,
}

/// Personalises an approved batch: every card is assembled, signed, written into a chip, read back completely, handed to
/// `write`, and only then counted. A card that fails does not stop the others. A run that was cut off goes on with the cards
/// that are missing.
pub fn personalise(
    book: &Arc<Book>,
    command: &Command,
    id: BatchId,
    signer: &dyn Signer,
    write: &mut dyn FnMut(&Made) -> Result<(), Error>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Outcome, Error> {
    let officer = &command.officer;
    officer.may("personalise")?;
    let once = command.once(book.home(), "batch personalise", &[id.bytes()])?;
    if let Some(answer) = once.answered(book)? {
        return Ok(Outcome { made: cards(&answer)?, failed: Vec::new() });
    }
    let waiting: Vec<ApplicationId> = book.view(|view| {
        command.expect(approved(view, officer, id)?[1].int())?;
        let mut rows = view.find(&APPLICATION, 2, &[id.bytes().into()], CARDS_MAX)?;
        rows.retain(|row| row[3].text() == "approved");
        rows.iter().try_for_each(|row| check_hands(view, officer, row))?;
        Ok(rows.iter().filter_map(|row| ApplicationId::from_bytes(row[1].blob())).collect())
    })?;
    let mut outcome = Outcome::default();
    for (done, application) in waiting.iter().enumerate() {
        match make(book, officer, id, *application, signer, write) {
            Ok(card) => outcome.made.extend(card),
            Err(error) => outcome.failed.push(Failed { application: *application, error }),
        }
        progress(done as u64 + 1, waiting.len() as u64);
    }
    if !outcome.failed.is_empty() {
        return Ok(outcome);
    }
    let (inner, officer, made) = (Arc::clone(book), officer.clone(), outcome.made);
    let answer = once.submit(book, move |view| {
        let mut decision = Decision { events: Vec::new(), answer: serde_json::to_vec(&made).unwrap_or_default() };
        let mut batch = approved(view, &officer, id)?;
        if batch[2].text() == "personalised" {
            return Ok(decision);
        }
        let rows = view.find(&APPLICATION, 2, &[id.bytes().into()], CARDS_MAX)?;
        if rows.iter().any(|row| row[3].text() == "approved") {
            return Err(Error::refused("batch-unfinished"));
        }
        batch[1] = (batch[1].int() + 1).into();
        batch[2] = "personalised".into();
        let mut event = inner.event("batch.personalised", &officer.actor("issuance"));
        event.changes = super::listed(view, id, &rows, Some("approved"), "personalised")?;
        event.changes.push(Change::put(&BATCH, batch));
        decision.events.push(event);
        Ok(decision)
    })?;
    Ok(Outcome { made: cards(&answer)?, failed: Vec::new() })
}

fn cards(answer: &[u8]) -> Result<Vec<CardId>, Error> {
    let damaged = || Fault::Damaged { what: "table command".into(), cause: "malformed answer".into() };
    Ok(serde_json::from_slice(answer).map_err(|_| damaged())?)
}

/// The batch, approved by somebody else.
fn approved(view: &dyn Read, officer: &Officer, id: BatchId) -> Result<Row, Error> {
    let batch = super::own(view, officer, id)?;
    if batch[2].text() == "open" {
        return Err(Error::refused("batch-not-approved"));
    }
    if OfficerId::from_bytes(batch[4].blob()) == Some(officer.id) {
        return Err(Error::refused("batch-own-approval"));
    }
    Ok(batch)
}

/// An application of an approved batch; none if its card is not to be made, or has been made.
fn waiting(view: &dyn Read, application: ApplicationId) -> Result<Option<Row>, Error> {
    let row = view.find(&APPLICATION, 0, &[application.bytes().into()], 1)?.pop();
    Ok(row.filter(|row| row[3].text() == "approved"))
}

/// Makes one card; none if another run has made it meanwhile.
fn make(
    book: &Arc<Book>,
    officer: &Officer,
    batch: BatchId,
    application: ApplicationId,
    signer: &dyn Signer,
    write: &mut dyn FnMut(&Made) -> Result<(), Error>,
) -> Result<Option<CardId>, Error> {
    let Some(card) = begin(book, officer, batch, application)? else { return Ok(None) };
    let id = CardId::from_bytes(card[1].blob()).unwrap_or_default();
    let made = Made { card: id, image: image(book, &card, signer)? };
    write(&made)?;
    finish(book, officer, application, card, &made)?;
    Ok(Some(id))
}

/// Begins a card, or takes up the one that was begun; gives its row. The holder's data are disclosed to the card centre:
/// that read is an event before it happens.
fn begin(
    book: &Arc<Book>,
    officer: &Officer,
    batch: BatchId,
    application: ApplicationId,
) -> Result<Option<Row>, Error> {
    let (inner, officer) = (Arc::clone(book), officer.clone());
    let answer = book.submit(None, move |view| {
        approved(view, &officer, batch)?;
        let Some(row) = waiting(view, application)? else { return Ok(Decision::default()) };
        check_hands(view, &officer, &row)?;
        let person = person_of(&row)?;
        let entry = Entry::load(view, inner.home(), person)?.ok_or(Error::Missing("person-missing"))?;
        let actor = officer.actor("issuance");
        if entry.status != "active" {
            // There is nobody to make a card for; the batch ends without it.
            let event = moved(&inner, &actor, "application.refused", row, "refused")?;
            return Ok(Decision { events: vec![event], answer: Vec::new() });
        }
        let mut read = inner.event("person.read", &actor);
        let mut begun = inner.event("card.begun", &actor);
        for event in [&mut read, &mut begun] {
            event.unit.clone_from(&entry.unit);
            event.subjects = vec![person];
        }
        let card = match view.find(&CARD, 1, &[application.bytes().into()], 1)?.pop() {
            Some(mut card) => {
                card[2] = (card[2].int() + 1).into();
                card
            }
            None => vec![
                person.bytes().into(),
                inner.id().0.as_slice().into(),
                1.into(),
                "begun".into(),
                application.bytes().into(),
                batch.bytes().into(),
                Value::Null,
            ],
        };
        let answer = card[1].blob().to_vec();
        begun.changes = vec![Change::put(&CARD, card)];
        Ok(Decision { events: vec![read, begun], answer })
    })?;
    if answer.is_empty() {
        return Ok(None);
    }
    book.view(|view| Ok(view.find(&CARD, 0, &[answer.into()], 1)?.pop()))
}

/// Assembles a card, writes it into a chip and reads it back.
fn image(book: &Book, card: &Row, signer: &dyn Signer) -> Result<CardImage, Error> {
    let home = book.home();
    let person = person_of(card)?;
    let (entry, face, ward) = book.view(|view| {
        let entry = Entry::load(view, home, person)?.ok_or(Error::Missing("person-missing"))?;
        let row = view.find(&APPLICATION, 0, &card[4..5], 1)?.pop().ok_or(Error::Missing("application-unknown"))?;
        let ward = view.get(&register::table::UNIT, &[entry.unit.as_str().into()])?;
        Ok((entry, row[8].blob().to_vec(), ward.map_or(String::new(), |row| row[2].text().to_owned())))
    })?;
    let face: [u8; 32] = face.try_into().map_err(|_| Error::Missing("face-missing"))?;
    let face = home.blobs.get(&face)?.ok_or(Error::Missing("face-missing"))?;
    let face = open(&entry.key, &blob_context(person), &face)?;
    let at = certificate_time(book);
    let (year, month, day) = book.now().day().date();
    let holder = holder(&entry, face, Date { year: year as u16, month, day }, &ward)?;
    let certificate = signer.certificate(Role::DocumentSigner)?;
    let csca = signer.certificate(Role::Csca)?;
    let mut entropy = |bytes: &mut [u8]| home.entropy.fill(bytes);
    let mut sign = |digest: &[u8; 32]| signer.sign(Role::DocumentSigner, digest).map_err(|_| pki::Refused);
    let signed = issuance::Signer { certificate: &certificate, at, sign: &mut sign };
    let image = assemble(&holder, &Profile::default(), &mut entropy, signed)
        .map_err(|error| Error::refused_because(error.code(), &error))?;
    let mut chip = InProcess::insert(&image, |bytes: &mut [u8]| home.entropy.fill(bytes))
        .map_err(|error| Error::refused_because(error.code(), &error))?;
    read_back(&mut chip, &image, &[csca], at, &mut entropy)
        .map_err(|error| Error::refused_because(error.code(), &error))?;
    Ok(image)
}

/// Counts a card: nothing may have changed since this attempt began.
fn finish(
    book: &Arc<Book>,
    officer: &Officer,
    application: ApplicationId,
    mut card: Row,
    made: &Made,
) -> Result<(), Error> {
    let (inner, actor, expected) = (Arc::clone(book), officer.actor("issuance"), card[2].int());
    let (id, can) = (made.card, made.image.secrets.can.as_str().to_owned());
    let content = book.home().keys.mac("card content", made.image.encode().as_slice());
    let content: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
    book.submit(None, move |view| {
        let home = inner.home();
        let row = waiting(view, application)?.ok_or(Error::refused("application-moved"))?;
        let person = person_of(&row)?;
        let now = view.get(&CARD, &card[..2])?.ok_or(Error::Missing("card-missing"))?;
        if now[2].int() != expected {
            return Err(Error::Version { expected, found: now[2].int() });
        }
        let entry = Entry::load(view, home, person)?.ok_or(Error::Missing("person-missing"))?;
        let body = serde_json::json!({ "can": can, "content": content }).to_string();
        let context = [b"card\0".as_slice(), person.bytes(), id.bytes()].concat();
        card[2] = (expected + 1).into();
        card[3] = "personalised".into();
        card[6] = seal(&entry.key, &context, random(&*home.entropy), body.as_bytes()).into();
        let mut event = moved(&inner, &actor, "card.personalised", row, "personalised")?;
        event.changes.push(Change::put(&CARD, card));
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    Ok(())
}

/// The present as certificates count it: UTC, to the second.
#[must_use]
pub fn certificate_time(book: &Book) -> Time {
    let seconds = book.now().0.div_euclid(1_000_000);
    let (year, month, day) = time::Day(seconds.div_euclid(86_400) as i32).date();
    Time { date: Date { year: year as u16, month, day }, second: seconds.rem_euclid(86_400) as u32 }
}
