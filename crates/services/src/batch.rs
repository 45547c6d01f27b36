//! Issuing: batches approved by another officer, cards made, read back, and only then counted.

use crate::application::moved;
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::person::Entry;
use crate::seal::{open, seal};
use crate::{Error, unit};
use card_app::InProcess;
use enrolment::table::APPLICATION;
use ids::{ApplicationId, BatchId, CardId, OfficerId, PersonId};
use inspection::read_back;
use issuance::table::{BATCH, CARD};
use issuance::{CardHolder, Profile, assemble};
use journal::{Change, Row, Value};
use lds::mrz::Sex;
use lds::{CardImage, Date};
use pki::Time;
use ports::Fault;
use ports::machine::random;
use ports::signer::{Role, Signer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cards in one batch.
const CARDS_MAX: usize = 500;

/// Collects the checked applications into a batch. Gives its id and how many cards; `None` if there is nothing to make.
pub fn new(book: &Arc<Book>, officer: &Officer, limit: usize) -> Result<Option<(BatchId, usize)>, Error> {
    officer.may("personalise")?;
    let (inner, officer) = (Arc::clone(book), officer.clone());
    let id = BatchId(book.id());
    let answer = book.submit(None, move |view| {
        let actor = officer.actor("issuance");
        let mut events = Vec::new();
        for mut row in view.find(&APPLICATION, 1, &["checked".into()], limit.min(CARDS_MAX))? {
            let person = crate::application::person_of(&row)?;
            let active = view
                .get(&register::table::PERSON, &[person.bytes().into()])?
                .is_some_and(|row| row[2].text() == "active");
            if active && unit::within(view, row[4].text(), &officer.unit)? {
                row[9] = id.bytes().into();
                events.push(moved(&inner, &actor, "application.batched", row, "batched")?);
            }
        }
        let cards = events.len();
        if cards > 0 {
            let mut event = inner.event("batch.made", &actor);
            let row = vec![id.bytes().into(), 1.into(), "open".into(), (cards as i64).into(), Value::Null];
            event.changes = vec![Change::put(&BATCH, row)];
            events.push(event);
        }
        Ok(Decision { events, answer: cards.to_string().into_bytes() })
    })?;
    let cards: usize = String::from_utf8_lossy(&answer).parse().unwrap_or(0);
    Ok((cards > 0).then_some((id, cards)))
}

/// Approves a batch and every application in it; refused to an officer who enrolled one of them.
pub fn approve(book: &Arc<Book>, officer: &Officer, id: BatchId) -> Result<usize, Error> {
    officer.may("approve")?;
    let (inner, officer) = (Arc::clone(book), officer.clone());
    let answer = book.submit(None, move |view| {
        let mut batch = view.get(&BATCH, &[id.bytes().into()])?.ok_or(Error::Missing("batch-missing"))?;
        if batch[2].text() != "open" {
            return Err(Error::refused("batch-approved"));
        }
        let actor = officer.actor("issuance");
        let mut events = Vec::new();
        for row in view.find(&APPLICATION, 2, &[id.bytes().into()], CARDS_MAX)? {
            if !unit::within(view, row[4].text(), &officer.unit)? {
                return Err(Error::refused("batch-elsewhere"));
            }
            if OfficerId::from_bytes(row[5].blob()) == Some(officer.id) {
                return Err(Error::refused("batch-enroller"));
            }
            events.push(moved(&inner, &actor, "application.approved", row, "approved")?);
        }
        let approved = events.len();
        batch[1] = (batch[1].int() + 1).into();
        batch[2] = "approved".into();
        batch[4] = officer.id.bytes().into();
        let mut event = inner.event("batch.approved", &actor);
        event.changes = vec![Change::put(&BATCH, batch)];
        events.push(event);
        Ok(Decision { events, answer: approved.to_string().into_bytes() })
    })?;
    Ok(String::from_utf8_lossy(&answer).parse().unwrap_or(0))
}

/// A card made and read back.
pub struct Made {
    /// Its id.
    pub card: CardId,
    /// Its content, with the chip's secrets: for the chip, or the file that stands for it.
    pub image: CardImage,
}

/// Personalises an approved batch: every card is assembled, signed, written into a chip, read back completely, handed to
/// `write`, and only then counted. A run that was cut off goes on with the cards that are missing.
pub fn personalise(
    book: &Arc<Book>,
    officer: &Officer,
    id: BatchId,
    signer: &dyn Signer,
    write: &mut dyn FnMut(&Made) -> Result<(), Error>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<usize, Error> {
    officer.may("personalise")?;
    let batch =
        book.view(|view| Ok(view.get(&BATCH, &[id.bytes().into()])?))?.ok_or(Error::Missing("batch-missing"))?;
    if batch[2].text() == "open" {
        return Err(Error::refused("batch-not-approved"));
    }
    if OfficerId::from_bytes(batch[4].blob()) == Some(officer.id) {
        return Err(Error::refused("batch-own-approval"));
    }
    let rows = book.view(|view| Ok(view.find(&APPLICATION, 2, &[id.bytes().into()], CARDS_MAX)?))?;
    for row in &rows {
        if !book.view(|view| unit::within(view, row[4].text(), &officer.unit))? {
            return Err(Error::refused("batch-elsewhere"));
        }
        if OfficerId::from_bytes(row[5].blob()) == Some(officer.id) {
            return Err(Error::refused("batch-enroller"));
        }
    }
    let waiting: Vec<Row> = rows.into_iter().filter(|row| row[3].text() == "approved").collect();
    let total = waiting.len() as u64;
    let mut made = 0;
    for row in waiting {
        let card = personalise_one(book, officer, &row, signer, write)?;
        let (inner, actor) = (Arc::clone(book), officer.actor("issuance"));
        book.submit(None, move |_| {
            let mut event = moved(&inner, &actor, "card.personalised", row, "personalised")?;
            event.changes.push(Change::put(&CARD, card));
            Ok(Decision { events: vec![event], answer: Vec::new() })
        })?;
        made += 1;
        progress(made as u64, total);
    }
    let (inner, actor) = (Arc::clone(book), officer.actor("issuance"));
    book.submit(None, move |view| {
        let mut batch = view.get(&BATCH, &[id.bytes().into()])?.ok_or(Error::Missing("batch-missing"))?;
        if batch[2].text() == "personalised" {
            return Ok(Decision::default());
        }
        batch[1] = (batch[1].int() + 1).into();
        batch[2] = "personalised".into();
        let mut event = inner.event("batch.personalised", &actor);
        event.changes = vec![Change::put(&BATCH, batch)];
        Ok(Decision { events: vec![event], answer: Vec::new() })
    })?;
    Ok(made)
}

/// Makes one card; gives its row.
fn personalise_one(
    book: &Arc<Book>,
    officer: &Officer,
    row: &Row,
    signer: &dyn Signer,
    write: &mut dyn FnMut(&Made) -> Result<(), Error>,
) -> Result<Row, Error> {
    let home = book.home();
    let person = crate::application::person_of(row)?;
    let entry = book.view(|view| Entry::load(view, home, person))?.ok_or(Error::Missing("person-missing"))?;
    // The holder's data are disclosed to the card centre: that read is an event before it happens.
    let mut event = book.event("person.read", &officer.actor("issuance"));
    event.unit.clone_from(&entry.unit);
    event.subjects = vec![person];
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let face: [u8; 32] = row[8].blob().try_into().map_err(|_| Error::Missing("face-missing"))?;
    let face = home.blobs.get(&face)?.ok_or(Error::Missing("face-missing"))?;
    let face = open(&entry.key, &blob_context(person), &face)?;
    let now = date_of(book);
    let units = book.view(unit::all)?;
    let ward = units.get(&entry.unit).map_or(String::new(), |unit| unit.name.clone());
    let holder = holder(&entry, face, now, &ward)?;
    let at = time_of(book);
    let certificate = signer.certificate(Role::DocumentSigner)?;
    let csca = signer.certificate(Role::Csca)?;
    let mut entropy = |bytes: &mut [u8]| home.entropy.fill(bytes);
    let mut sign = |digest: &[u8; 32]| signer.sign(Role::DocumentSigner, digest).map_err(|_| pki::Refused);
    let signed = issuance::Signer { certificate: &certificate, at, sign: &mut sign };
    let refused = |code: &'static str| Error::Refused { code, arguments: Vec::new() };
    let image = assemble(&holder, &Profile::default(), &mut entropy, signed).map_err(|error| refused(error.code()))?;
    let mut chip = InProcess::insert(&image, |bytes: &mut [u8]| home.entropy.fill(bytes))
        .map_err(|error| refused(error.code()))?;
    read_back(&mut chip, &image, &[csca], at, &mut entropy).map_err(|error| refused(error.code()))?;
    let made = Made { card: CardId(book.id()), image };
    write(&made)?;
    let body = serde_json::json!({ "can": made.image.secrets.can.as_str() }).to_string();
    let context = [b"card\0".as_slice(), person.bytes(), made.card.bytes()].concat();
    Ok(vec![
        person.bytes().into(),
        made.card.bytes().into(),
        1.into(),
        "personalised".into(),
        row[1].clone(),
        row[9].clone(),
        seal(&entry.key, &context, random(&*home.entropy), body.as_bytes()).into(),
    ])
}

use crate::application::blob_context;

fn date_of(book: &Book) -> Date {
    let (year, month, day) = book.now().day().date();
    Date { year: year as u16, month, day }
}

fn time_of(book: &Book) -> Time {
    let seconds = book.now().0.div_euclid(1_000_000);
    let (year, month, day) = time::Day(seconds.div_euclid(86_400) as i32).date();
    Time { date: Date { year: year as u16, month, day }, second: seconds.rem_euclid(86_400) as u32 }
}

/// Years that a card is valid: until the holder is 25, 40 or 60 (law 59/2014/QH13, article 21); after that without expiry.
fn expiry(birth: Date, issue: Date) -> Option<Date> {
    let age = |date: Date| {
        i32::from(date.year) - i32::from(birth.year) - i32::from((date.month, date.day) < (birth.month, birth.day))
    };
    // A card issued within two years before a boundary is valid to the next.
    let until = [25, 40, 60].into_iter().find(|until| age(issue) + 2 < *until)?;
    let day = if (birth.month, birth.day) == (2, 29) { 28 } else { birth.day };
    Some(Date { year: birth.year + until as u16, month: birth.month, day })
}

/// An error if the register lacks a fact that a card must show.
pub(crate) fn check_facts(entry: &Entry) -> Result<(), Error> {
    holder(entry, Vec::new(), Date { year: 2000, month: 1, day: 1 }, "").map(drop)
}

fn holder(entry: &Entry, face_jpeg: Vec<u8>, issue: Date, ward: &str) -> Result<CardHolder, Error> {
    let facts = entry.person.facts().0;
    let missing =
        |fact: &'static str| Error::Refused { code: "holder-fact-missing", arguments: vec![("fact", fact.to_owned())] };
    let birth = facts.birth.ok_or_else(|| missing("birth"))?;
    let birth = match (birth.month(), birth.day()) {
        (Some(month), Some(day)) => Date { year: birth.year() as u16, month, day },
        _ => return Err(missing("birth")),
    };
    let sex = match facts.sex {
        Some('M') => Sex::Male,
        Some(_) => Sex::Female,
        None => return Err(missing("sex")),
    };
    let residence =
        [facts.address.as_str(), ward].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    Ok(CardHolder {
        number: entry.person.number.clone().ok_or_else(|| missing("number"))?,
        full_name: facts.name,
        birth,
        sex,
        nationality: "Việt Nam".into(),
        ethnic: ethnic_name(&facts.ethnic),
        // The register does not hold a religion; the card says nothing.
        religion: String::new(),
        home_town: facts.home_town,
        residence,
        features: String::new(),
        issue,
        expiry: expiry(birth, issue),
        parents: [facts.father, facts.mother],
        old_number: facts.old_number,
        face_jpeg,
    })
}

/// The name of an ethnic group by its code (list of 1979); the code itself where the list here ends.
fn ethnic_name(code: &str) -> String {
    const NAMES: [&str; 54] = [
        "Kinh",
        "Tày",
        "Thái",
        "Hoa",
        "Khơ-me",
        "Mường",
        "Nùng",
        "HMông",
        "Dao",
        "Gia-rai",
        "Ngái",
        "Ê-đê",
        "Ba-na",
        "Xơ-đăng",
        "Sán Chay",
        "Cơ-ho",
        "Chăm",
        "Sán Dìu",
        "Hrê",
        "Mnông",
        "Ra-glai",
        "Xtiêng",
        "Bru-Vân Kiều",
        "Thổ",
        "Giáy",
        "Cơ-tu",
        "Gié-Triêng",
        "Mạ",
        "Khơ-mú",
        "Co",
        "Tà-ôi",
        "Chơ-ro",
        "Kháng",
        "Xinh-mun",
        "Hà Nhì",
        "Chu-ru",
        "Lào",
        "La Chí",
        "La Ha",
        "Phù Lá",
        "La Hủ",
        "Lự",
        "Lô Lô",
        "Chứt",
        "Mảng",
        "Pà Thẻn",
        "Cơ Lao",
        "Cống",
        "Bố Y",
        "Si La",
        "Pu Péo",
        "Brâu",
        "Ơ-đu",
        "Rơ-măm",
    ];
    let at: usize = code.parse().unwrap_or(0);
    NAMES.get(at.wrapping_sub(1)).map_or(code.to_owned(), |name| (*name).to_owned())
}

/// The batches and their states.
pub fn list(book: &Book) -> Result<Vec<(String, String, i64)>, Error> {
    let rows = book.view(|view| Ok(view.scan(&BATCH, &[], None, 10_000)?))?;
    let line = |row: &Row| {
        (BatchId::from_bytes(row[0].blob()).unwrap_or_default().to_string(), row[2].text().to_owned(), row[3].int())
    };
    Ok(rows.iter().map(line).collect())
}

/// The access number of a card, for the envelope that goes to its holder; the read is logged.
pub fn access_number(book: &Arc<Book>, officer: &Officer, card: CardId) -> Result<String, Error> {
    officer.may("personalise")?;
    let row = book
        .view(|view| Ok(view.find(&CARD, 0, &[card.bytes().into()], 1)?))?
        .pop()
        .ok_or(Error::Missing("card-missing"))?;
    let damaged = || Fault::Damaged { what: "table card".into(), cause: "malformed row".into() };
    let person = PersonId::from_bytes(row[0].blob()).ok_or_else(damaged)?;
    let entry = book.view(|view| Entry::load(view, book.home(), person))?.ok_or(Error::Missing("person-missing"))?;
    if !book.view(|view| unit::within(view, &entry.unit, &officer.unit))? {
        return Err(Error::Missing("card-missing"));
    }
    let mut event = book.event("person.read", &officer.actor("access number"));
    event.unit.clone_from(&entry.unit);
    event.subjects = vec![person];
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    let context = [b"card\0".as_slice(), person.bytes(), card.bytes()].concat();
    let body = open(&entry.key, &context, row[6].blob())?;
    let body: BTreeMap<String, String> = serde_json::from_slice(&body).map_err(|_| damaged())?;
    body.get("can").cloned().ok_or_else(|| damaged().into())
}

/// The card made for an application.
pub fn card_of(book: &Book, application: ApplicationId) -> Result<Option<CardId>, Error> {
    let row = book.view(|view| Ok(view.find(&CARD, 1, &[application.bytes().into()], 1)?))?.pop();
    Ok(row.and_then(|row| CardId::from_bytes(row[1].blob())))
}
