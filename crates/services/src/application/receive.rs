//! Receiving a packet: once, whichever way and however often it arrives.

use super::capture::{Ready, make_ready};
use super::moved;
use crate::book::{Book, Decision, Home};
use crate::command::{Command, Once};
use crate::officer::Officer;
use crate::person::{Entry, one_by_number};
use crate::seal::seal;
use crate::{Error, unit};
use enrolment::packet::{self, Sender};
use enrolment::table::{APPLICATION, CAPTURE, KIT, PACKET};
use enrolment::{Application, Capture};
use ids::{ApplicationId, KitId, PersonId};
use journal::{Actor, Change, Row, Value};
use ports::Fault;
use ports::machine::random;
use ports::store::Read;
use std::sync::Arc;

/// The receipt of a packet.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
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

/// The highest count among the packets received from a kit; 0 if there is none.
pub fn packets_of(book: &Book, kit: KitId) -> Result<u64, Error> {
    let last = book.view(|view| Ok(view.last(&PACKET, &[kit.bytes().into()])?))?;
    Ok(last.map_or(0, |row| row[1].int().unsigned_abs()))
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
pub fn receive(book: &Arc<Book>, command: &Command, bytes: &[u8]) -> Result<Received, Error> {
    command.officer.may("enrol")?;
    let once = command.once(book.home(), "application receive", &[bytes])?;
    take_in(book, &command.officer, &once, bytes)
}

/// Takes in an application filled in at this machine: `seal` makes its packet, unless the command was carried out before.
/// The same command is one for the same number, face and fingers; each time it is given it has another id and packet.
pub fn enrol<E: From<Error>>(
    book: &Arc<Book>,
    command: &Command,
    filled: &Application,
    seal: impl FnOnce(&Application) -> Result<Vec<u8>, E>,
) -> Result<Received, E> {
    command.officer.may("enrol")?;
    let mut arguments = vec![filled.number.as_bytes().to_vec(), filled.face.clone()];
    for finger in &filled.fingers {
        let capture = match &finger.capture {
            Capture::Missing(reason) => reason.word().as_bytes().to_vec(),
            Capture::Image { file, dpi } => [dpi.to_be_bytes().as_slice(), file].concat(),
        };
        arguments.extend([vec![finger.position], capture]);
    }
    let arguments: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
    let once = command.once(book.home(), "application new", &arguments)?;
    if let Some(answer) = once.answered(book)? {
        return Ok(received(&answer)?);
    }
    let packet = seal(filled)?;
    Ok(take_in(book, &command.officer, &once, &packet)?)
}

fn received(answer: &[u8]) -> Result<Received, Error> {
    let damaged = || Fault::Damaged { what: "table command".into(), cause: "malformed answer".into() };
    Ok(serde_json::from_slice(answer).map_err(|_| damaged())?)
}

fn take_in(book: &Arc<Book>, officer: &Officer, once: &Once, bytes: &[u8]) -> Result<Received, Error> {
    if let Some(answer) = once.answered(book)? {
        return received(&answer);
    }
    let refused =
        |error: enrolment::Error| Error::Input { code: error.code(), arguments: vec![("detail", error.to_string())] };
    let sender = packet::sender(bytes).map_err(refused)?;
    let known = book.view(|view| Ok(view.get(&KIT, &[sender.kit.bytes().into()])?))?;
    let public = known.filter(|row| row[3].text() == "active").and_then(|row| <[u8; 32]>::try_from(row[1].blob()).ok());
    let public = public.ok_or(Error::input("kit-unknown"))?;
    let (sender, application) = packet::open(bytes, &public, &book.home().keys.packet_secret()).map_err(refused)?;
    let hash = book.home().keys.mac("packet", bytes)[..16].to_vec();
    if let Some(again) = book.view(|view| received_before(view, sender, &hash))? {
        let answer = serde_json::to_vec(&again).unwrap_or_default();
        return received(&once.submit(book, move |_| Ok(Decision { events: Vec::new(), answer }))?);
    }
    let (ready, face_quality) = make_ready(&application)?;
    let captured: Vec<u8> =
        ready.iter().filter_map(|ready| ready.found.as_ref().ok()).map(|(_, quality, _)| quality.value).collect();
    let (fingers, quality_min) = (captured.len(), captured.iter().copied().min().unwrap_or(0));
    let (inner, actor, within) = (Arc::clone(book), officer.actor("enrolment"), officer.unit.clone());
    // Blobs lie before the row that names them, and are durable before anybody waits for the row's transaction; what a
    // refusal leaves over is found by `doctor`.
    let entry = book.view(|view| {
        let entry = applicant(view, book.home(), &application.number, &within)?;
        giving_way(view, entry.id, application.enroller.is_some()).map(|_| entry)
    })?;
    let person = entry.id;
    let home = book.home();
    let put = |clear: &[u8]| home.blobs.put(&seal(&entry.key, &blob_context(person), random(&*home.entropy), clear));
    let face = put(&application.face)?;
    let images = ready.iter().map(|ready| ready.found.as_ref().ok().map(|(.., file)| put(file)).transpose());
    let images = images.collect::<Result<Vec<_>, _>>()?;
    let answer = once.submit(book, move |view| {
        let home = inner.home();
        // Another delivery of the same packet may have come first.
        if let Some(again) = received_before(view, sender, &hash)? {
            return Ok(Decision { events: Vec::new(), answer: serde_json::to_vec(&again).unwrap_or_default() });
        }
        // Whoever holds the number now is who held it when the blobs were sealed.
        let entry = applicant(view, home, &application.number, &within)?;
        if entry.id != person {
            return Err(Error::Missing("person-missing"));
        }
        let mut events = Vec::new();
        for other in giving_way(view, person, application.enroller.is_some())? {
            events.push(moved(&inner, &actor, "application.refused", other, "refused")?);
        }
        if !view.find(&APPLICATION, 0, &[application.id.bytes().into()], 1)?.is_empty() {
            return Err(Error::input("application-known"));
        }
        let mut event = inner.event("application.received", &actor);
        for (Ready { position, found }, image) in ready.into_iter().zip(images) {
            let number = i64::from(position);
            let (missing, quality, image, template, lowers) = match found {
                Err(reason) => (Value::from(reason), 0, Value::Null, Value::Null, Value::Null),
                Ok((template, quality, _)) => {
                    let context = template_context(person, application.id, number);
                    let sealed = seal(&entry.key, &context, random(&*home.entropy), &template.to_bytes());
                    let image = image.map_or(Value::Null, |image| Value::from(&image));
                    (Value::Null, i64::from(quality.value), image, sealed.into(), quality.reason.code().into())
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
                lowers,
            ];
            event.changes.push(Change::put(&CAPTURE, row));
        }
        let [province, district] = crate::place::above(view, &entry.unit)?;
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
            province,
            district,
        ];
        event.changes.push(Change::put(&APPLICATION, row));
        let packet = [packet_key(sender), vec![hash.into(), application.id.bytes().into()]].concat();
        event.changes.push(Change::put(&PACKET, packet));
        event.unit.clone_from(&entry.unit);
        event.subjects = vec![person];
        let application = application.id.to_string();
        let receipt = Received { application, fingers, quality_min, face_quality, again: false };
        events.push(event);
        Ok(Decision { events, answer: serde_json::to_vec(&receipt).unwrap_or_default() })
    })?;
    received(&answer)
}

/// The person with a number in a unit, who can have a card.
fn applicant(view: &dyn Read, home: &Home, number: &str, within: &str) -> Result<Entry, Error> {
    let person = one_by_number(view, home, number, within)?;
    let entry = Entry::load(view, home, person)?.filter(|entry| entry.status == "active");
    let entry = entry.ok_or(Error::Missing("person-missing"))?;
    if !unit::within(view, &entry.unit, within)? {
        return Err(Error::Missing("person-missing"));
    }
    crate::batch::check_facts(&entry)?;
    Ok(entry)
}

/// A person's applications that give way to a new one: nobody may approve what nobody is known to have enrolled, so it gives
/// way to one that somebody did. An error if another waits.
fn giving_way(view: &dyn Read, person: PersonId, enrolled: bool) -> Result<Vec<Row>, Error> {
    let mut giving = Vec::new();
    for other in view.scan(&APPLICATION, &[person.bytes().into()], None, 1_000)? {
        let replaced = other[5].is_null() && enrolled;
        match other[3].text() {
            "received" | "checked" | "batched" if replaced => giving.push(other),
            "received" | "checked" | "case" | "batched" | "approved" => {
                return Err(Error::refused("application-waiting"));
            }
            _ => {}
        }
    }
    Ok(giving)
}

fn packet_key(sender: Sender) -> Vec<Value> {
    vec![sender.kit.bytes().into(), (sender.counter as i64).into()]
}

/// The receipt of a packet that was taken in before; an error if another came under its number.
fn received_before(view: &dyn Read, sender: Sender, hash: &[u8]) -> Result<Option<Received>, Error> {
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
}
