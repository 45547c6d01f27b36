//! Receiving a packet: once, whichever way and however often it arrives.

use super::capture::{Ready, make_ready};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::person::{Entry, by_number};
use crate::seal::seal;
use crate::{Error, unit};
use enrolment::packet::{self, Sender};
use enrolment::table::{APPLICATION, CAPTURE, KIT, PACKET};
use ids::{ApplicationId, KitId, PersonId};
use journal::{Actor, Change, Value};
use ports::machine::random;
use std::sync::Arc;

/// The receipt of a packet.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Received {
    /// The application.
    pub application: String,
    /// Fingers captured, of those not said to be missing.
    pub fingers: usize,
    /// The lowest quality among them, 0–100.
    pub quality_min: u8,
    /// The quality of the face, 0–100; none where it was not measured.
    pub face_quality: Option<u8>,
    /// Whether this packet had been received before.
    pub again: bool,
}

/// Makes a kit known by its public key.
pub fn register_kit(book: &Arc<Book>, actor: &Actor, kit: KitId, public: [u8; 32], unit: &str) -> Result<(), Error> {
    let mut event = book.event("kit.registered", actor);
    unit.clone_into(&mut event.unit);
    let row = vec![kit.bytes().into(), Value::from(&public), unit.into(), "active".into()];
    book.submit(None, move |view| match view.get(&KIT, &[kit.bytes().into()])? {
        Some(known) if known == row => Ok(Decision::default()),
        Some(_) => Err(Error::refused("kit-known")),
        None => {
            event.changes = vec![Change::put(&KIT, row)];
            Ok(Decision { events: vec![event], answer: Vec::new() })
        }
    })?;
    Ok(())
}

/// What a capture's template is sealed for.
pub(crate) fn template_context(person: PersonId, application: ApplicationId, position: i64) -> Vec<u8> {
    [b"template\0".as_slice(), person.bytes(), application.bytes(), &position.to_be_bytes()].concat()
}

/// What a blob of a person is sealed for.
pub(crate) fn blob_context(person: PersonId) -> Vec<u8> {
    [b"blob\0".as_slice(), person.bytes()].concat()
}

/// Takes a packet in.
pub fn receive(book: &Arc<Book>, officer: &Officer, bytes: &[u8]) -> Result<Received, Error> {
    officer.may("enrol")?;
    let refused =
        |error: enrolment::Error| Error::Input { code: error.code(), arguments: vec![("detail", error.to_string())] };
    let sender = packet::sender(bytes).map_err(refused)?;
    let known = book.view(|view| Ok(view.get(&KIT, &[sender.kit.bytes().into()])?))?;
    let public = known.filter(|row| row[3].text() == "active").and_then(|row| <[u8; 32]>::try_from(row[1].blob()).ok());
    let public = public.ok_or(Error::input("kit-unknown"))?;
    let (sender, application) = packet::open(bytes, &public, &book.home().keys.packet_secret()).map_err(refused)?;
    let hash = book.home().keys.mac("packet", bytes)[..16].to_vec();
    if let Some(again) = received_before(book, sender, &hash)? {
        return Ok(again);
    }
    let (ready, face_quality) = make_ready(&application)?;
    let captured: Vec<u8> =
        ready.iter().filter_map(|ready| ready.found.as_ref().ok()).map(|(_, quality, _)| *quality).collect();
    let (fingers, quality_min) = (captured.len(), captured.iter().copied().min().unwrap_or(0));
    let (inner, actor, within) = (Arc::clone(book), officer.actor("enrolment"), officer.unit.clone());
    let answer = book.submit(None, move |view| {
        let home = inner.home();
        if let Some(row) = view.get(&PACKET, &packet_key(sender))? {
            return if row[2].blob() == hash { Ok(Decision::default()) } else { Err(Error::input("packet-replayed")) };
        }
        let found = by_number(view, home, &application.number)?;
        let [person] = found[..] else { return Err(Error::Missing("person-missing")) };
        let entry = Entry::load(view, home, person)?.filter(|entry| entry.status == "active");
        let entry = entry.ok_or(Error::Missing("person-missing"))?;
        if !unit::within(view, &entry.unit, &within)? {
            return Err(Error::Missing("person-missing"));
        }
        crate::batch::check_facts(&entry)?;
        let waiting = ["received", "checked", "case", "batched", "approved"];
        let others = view.scan(&APPLICATION, &[person.bytes().into()], None, 1_000)?;
        if others.iter().any(|row| waiting.contains(&row[3].text())) {
            return Err(Error::refused("application-waiting"));
        }
        if !view.find(&APPLICATION, 0, &[application.id.bytes().into()], 1)?.is_empty() {
            return Err(Error::input("application-known"));
        }
        // Blobs lie before the row that names them; what a crash leaves over is found by `doctor`.
        let put =
            |clear: &[u8]| home.blobs.put(&seal(&entry.key, &blob_context(person), random(&*home.entropy), clear));
        let face = put(&application.face)?;
        let mut event = inner.event("application.received", &actor);
        for Ready { position, found } in ready {
            let number = i64::from(position);
            let (missing, quality, image, template) = match found {
                Err(reason) => (Value::from(reason), 0, Value::Null, Value::Null),
                Ok((template, quality, file)) => {
                    let context = template_context(person, application.id, number);
                    let sealed = seal(&entry.key, &context, random(&*home.entropy), &template.to_bytes());
                    (Value::Null, i64::from(quality), Value::from(&put(&file)?), sealed.into())
                }
            };
            let row = vec![
                person.bytes().into(),
                application.id.bytes().into(),
                number.into(),
                missing,
                quality.into(),
                image,
                template,
            ];
            event.changes.push(Change::put(&CAPTURE, row));
        }
        let row = vec![
            person.bytes().into(),
            application.id.bytes().into(),
            1.into(),
            "received".into(),
            entry.unit.as_str().into(),
            application.enroller.map_or(Value::Null, |officer| Value::from(officer.bytes())),
            application.captured.0.into(),
            event.recorded.0.into(),
            Value::from(&face),
            Value::Null,
            Value::Null,
            face_quality.map(i64::from).into(),
        ];
        event.changes.push(Change::put(&APPLICATION, row));
        let packet = [packet_key(sender), vec![hash.into(), application.id.bytes().into()]].concat();
        event.changes.push(Change::put(&PACKET, packet));
        event.unit.clone_from(&entry.unit);
        event.subjects = vec![person];
        Ok(Decision { events: vec![event], answer: application.id.to_string().into_bytes() })
    })?;
    let application = String::from_utf8_lossy(&answer).into_owned();
    if application.is_empty() {
        // Another delivery of the same packet came first.
        let hash = book.home().keys.mac("packet", bytes)[..16].to_vec();
        return received_before(book, sender, &hash)?.ok_or(Error::Missing("application-unknown"));
    }
    Ok(Received { application, fingers, quality_min, face_quality, again: false })
}

fn packet_key(sender: Sender) -> Vec<Value> {
    vec![sender.kit.bytes().into(), (sender.counter as i64).into()]
}

/// The receipt of a packet that was taken in before; an error if another came under its number.
fn received_before(book: &Book, sender: Sender, hash: &[u8]) -> Result<Option<Received>, Error> {
    book.view(|view| {
        let Some(row) = view.get(&PACKET, &packet_key(sender))? else { return Ok(None) };
        if row[2].blob() != hash {
            return Err(Error::input("packet-replayed"));
        }
        let id = ApplicationId::from_bytes(row[3].blob()).unwrap_or_default();
        let application =
            view.find(&APPLICATION, 0, &[id.bytes().into()], 1)?.pop().ok_or(Error::Missing("application-unknown"))?;
        let captures = view.scan(&CAPTURE, &application[..2], None, 10)?;
        let captured: Vec<u8> = captures.iter().filter(|row| row[3].is_null()).map(|row| row[4].int() as u8).collect();
        Ok(Some(Received {
            application: id.to_string(),
            fingers: captured.len(),
            quality_min: captured.iter().copied().min().unwrap_or(0),
            face_quality: (!application[11].is_null()).then(|| application[11].int() as u8),
            again: true,
        }))
    })
}
