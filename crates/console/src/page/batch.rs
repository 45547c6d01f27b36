//! Batches: made, approved by another officer, personalised; card by card, with the faces of each card and what reading it
//! found.

use super::case::base64;
use super::{At, see};
use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use ids::{ApplicationId, BatchId, CardId};
use inspection::{Inspection, Mechanism};
use issuance::CardHolder;
use maud::{Markup, PreEscaped, html};
use services::batch;
use services::change;
use services::job::{self, Order};
use text::{Key, t};

/// Batches on one page.
const LISTED: usize = 50;
/// Cards whose faces are drawn on one page; each is a logged read.
const FACES: usize = 6;

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(at): Query<At>) -> Response {
    let (look, unit) = (page.look.clone(), page.officer.unit.clone());
    let (state, after) = (at.state(&batch::STATES), BatchId::parse(&at.after));
    let read = move |console: &Console| batch::list(console.book(), &unit, state, after, LISTED);
    let all = match console.run(read).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("batch"), t!("batch-cards"), t!("state")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = all
        .items
        .iter()
        .map(|one| {
            vec![
                html! { a href={ "/batches/" (one.batch) } { code { (short(&one.batch)) } } },
                html! { (look.count(one.cards.unsigned_abs())) },
                part::badge(&look, &one.state),
            ]
        })
        .collect();
    let content = html! {
        @if page.may("personalise") { div.actions { (part::button(&look, "/batches", t!("batch-new"), None)) } }
        (part::states(&look, "/batches", &batch::STATES, state))
        (part::table(&look, &look.word("state", state), &head, &rows))
        (part::further(&look, "/batches", state, all.next.as_deref()))
    };
    frame::page(&page, &look.text(t!("nav-batches")), &content)
}

/// The end of an id: its random part, enough for people to tell things apart.
fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or(id)
}

pub(crate) async fn new(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let (look, command) = (page.look.clone(), page.command(sent.key(), None));
    let made = match console.run(move |console| batch::new(console.book(), &command, 500)).await {
        Ok(made) => made,
        Err(error) => return Refused::from(error).page(&look),
    };
    match made.batch {
        Some(id) => see(&format!("/batches/{id}")),
        None => {
            let words = look.fill(t!("batch-nothing"), &[("without", made.without_enroller.to_string())]);
            frame::page(&page, &look.text(t!("nav-batches")), &part::notice("plain", &words))
        }
    }
}

fn unknown(look: &Look) -> Response {
    Refused::from(services::Error::Missing("batch-missing")).page(look)
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    match BatchId::parse(&id) {
        Some(id) => drawn(&console, &page, id, None).await,
        None => unknown(&page.look),
    }
}

/// The page of a batch; `from`: where another officer came before, how far the register was when the page was drawn.
async fn drawn(console: &Console, page: &Page, id: BatchId, from: Option<u64>) -> Response {
    let look = page.look.clone();
    let (officer, reader) = (page.officer.clone(), page.clone());
    let shown = console
        .run(move |console| {
            let seen = change::now(console.book())?;
            let shown = batch::show(console.book(), &officer, id)?;
            let changed = from.map_or(Ok(Vec::new()), |from| change::of_batch(console.book(), &officer, id, from))?;
            let mut faces = Vec::new();
            for line in shown.lines.iter().take(FACES) {
                let Some(application) = ApplicationId::parse(&line.application) else { continue };
                // Each face is a read of its own. One that may not be read now, or cannot be drawn, hides no other.
                if let Err(often) = console.take_read(&reader, "issuance") {
                    faces.push((line.clone(), Err(often)));
                    break;
                }
                let holder = batch::faces(console.book(), &officer, application).map_err(Refused::from);
                faces.push((line.clone(), holder));
            }
            Ok((shown, faces, seen, changed))
        })
        .await;
    let (shown, faces, seen, changed) = match shown {
        Ok(shown) => shown,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("batch-application"), t!("case-unit"), t!("state"), t!("card")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = shown
        .lines
        .iter()
        .map(|line| {
            let card = match &line.card {
                Some(card) => html! { a href={ "/cards/" (card) } { code { (short(card)) } } " " (part::badge(&look, &line.card_state)) },
                None => html! {},
            };
            vec![html! { code { (short(&line.application)) } }, html! { (line.unit) }, part::badge(&look, &line.state), card]
        })
        .collect();
    let (summary, place) = (&shown.summary, format!("/batches/{}", shown.summary.batch));
    let done = shown.lines.iter().filter(|line| line.card_state == "personalised").count() as u64;
    let act = |what: &str, words| {
        html! {
            form.inline method="post" action={ (place) "/" (what) } {
                (part::key(&look, Some(summary.version))) (part::seen(seen))
                button { (look.text(words)) }
            }
        }
    };
    let content = html! {
        p.lead { (part::badge(&look, &summary.state)) " " code { (short(&summary.batch)) } }
        @if from.is_some() { (part::changed(&look, &changed)) }
        @if summary.state == "open" && page.may("approve") {
            div.actions { (act("approve", t!("batch-approve"))) }
        }
        @if summary.state == "approved" && page.may("personalise") {
            div.actions { (act("personalise", t!("batch-personalise"))) }
        }
        @if summary.state != "open" { (part::progress(&look, &look.text(t!("batch-made-cards")), done, shown.lines.len() as u64)) }
        (part::table(&look, &look.text(t!("batch-cards")), &head, &rows))
        h2 { (look.text(t!("card-faces"))) }
        p.hint { (look.fill(t!("card-faces-hint"), &[("count", FACES.to_string())])) }
        div.cards { @for (line, holder) in &faces {
            @match holder {
                Ok(holder) => (card_faces(&look, holder)),
                Err(refused) => div { p { code { (short(&line.application)) } } (part::notice("bad", &refused.words(&look))) },
            }
        } }
    };
    frame::second(frame::page(page, &look.text(t!("batch")), &content), from.is_some())
}

pub(crate) async fn approve(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    sent: Fields,
) -> Response {
    let (look, command) = (page.look.clone(), page.command(sent.key(), sent.version()));
    let Some(id) = BatchId::parse(&id) else { return unknown(&look) };
    match console.run(move |console| batch::approve(console.book(), &command, id)).await {
        Ok(_) => see(&format!("/batches/{id}")),
        Err(services::Error::Version { .. }) => drawn(&console, &page, id, Some(sent.seen())).await,
        Err(error) => Refused::from(error).page(&look),
    }
}

pub(crate) async fn personalise(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    sent: Fields,
) -> Response {
    let (look, command) = (page.look.clone(), page.command(sent.key(), sent.version()));
    let Some(id) = BatchId::parse(&id) else { return unknown(&look) };
    let what = format!("{id} {}", sent.version().unwrap_or(0));
    let order = Order { kind: "personalise", key: sent.key(), what: &what, mebibytes: 0 };
    console.start(&page, order, move |desk, progress| job::personalise(desk, &command, id, progress))
}

/// The two faces of a card, as they are printed: numbers and words in the holder's language, whatever the page's.
pub(crate) fn card_faces(look: &Look, holder: &CardHolder) -> Markup {
    let day = |date: &lds::Date| format!("{:02}/{:02}/{}", date.day, date.month, date.year);
    let sex = if holder.sex == lds::mrz::Sex::Male { "Nam" } else { "Nữ" };
    let expiry = holder.expiry.as_ref().map_or_else(|| "Không thời hạn".to_owned(), day);
    let kind = if holder.face_jpeg.starts_with(&[0xff, 0xd8]) { "jpeg" } else { "jp2" };
    let lines = [
        ("Số / No.", holder.number.clone()),
        ("Họ và tên / Full name", holder.full_name.to_uppercase()),
        ("Ngày sinh / Date of birth", day(&holder.birth)),
        ("Giới tính / Sex", format!("{sex}   Quốc tịch / Nationality  {}", holder.nationality)),
        ("Quê quán / Place of origin", holder.home_town.clone()),
        ("Nơi thường trú / Place of residence", holder.residence.clone()),
    ];
    html! {
        div.card lang="vi" {
            svg viewBox="0 0 856 540" role="img" aria-label=(look.text(t!("card-front"))) {
                rect.ground width="856" height="540" rx="32" {}
                text.nation x="428" y="52" text-anchor="middle" { "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" }
                text.title x="520" y="104" text-anchor="middle" { "CĂN CƯỚC CÔNG DÂN" }
                text.small x="520" y="132" text-anchor="middle" { "Citizen identity card" }
                rect.chip x="64" y="150" width="100" height="76" rx="12" {}
                image x="56" y="246" width="180" height="240" preserveAspectRatio="xMidYMid slice"
                    href={ "data:image/" (kind) ";base64," (PreEscaped(base64(&holder.face_jpeg))) } {}
                @for (at, (name, value)) in lines.iter().enumerate() {
                    text.name x="260" y=(168 + at * 60) { (name) }
                    text.value x="260" y=(193 + at * 60) { (value.chars().take(48).collect::<String>()) }
                }
                text.name x="56" y="514" { "Có giá trị đến / Date of expiry  " (expiry) }
            }
            svg viewBox="0 0 856 540" role="img" aria-label=(look.text(t!("card-back"))) {
                rect.ground width="856" height="540" rx="32" {}
                text.name x="56" y="64" { "Đặc điểm nhận dạng / Personal identification" }
                text.value x="56" y="94" { (if holder.features.is_empty() { "—" } else { holder.features.as_str() }) }
                text.name x="56" y="140" { "Ngày cấp / Date of issue  " (day(&holder.issue)) }
                text.small x="56" y="320" { "Mẫu thử. Không phải giấy tờ thật. / Specimen. Not a real document." }
                @for (at, line) in zone(holder).iter().enumerate() { text.zone x="56" y=(400 + at * 48) { (line) } }
            }
        }
    }
}

/// The machine-readable zone that the card's back shows.
fn zone(holder: &CardHolder) -> Vec<String> {
    lines(&issuance::zone(holder).map(|zone| zone.encode()).unwrap_or_default())
}

/// A zone of three lines (ICAO Doc 9303-5, TD1), line by line.
fn lines(zone: &str) -> Vec<String> {
    zone.as_bytes().chunks(30).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}

pub(crate) async fn card(page: Page, Path(id): Path<String>) -> Response {
    let look = page.look.clone();
    let Some(id) = CardId::parse(&id) else {
        return Refused::from(services::Error::Missing("card-missing")).page(&look);
    };
    let content = html! {
        p { (look.text(t!("card-read-what"))) }
        @if page.may("personalise") { div.actions { (part::button(&look, &format!("/cards/{id}"), t!("card-read-it"), None)) } }
    };
    frame::page(&page, &look.text(t!("card")), &content)
}

/// Reads the card's file with our own terminal and shows the verdict of each mechanism.
pub(crate) async fn read_card(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    let look = page.look.clone();
    let Some(id) = CardId::parse(&id) else {
        return Refused::from(services::Error::Missing("card-missing")).page(&look);
    };
    if let Err(refused) = console.take_read(&page, "access number") {
        return refused.page(&look);
    }
    let officer = page.officer.clone();
    let read = console
        .run(move |console| {
            let can = batch::access_number(console.book(), &officer, id)?;
            console.machine().inspect(id, &can)
        })
        .await;
    match read {
        Ok(Some(inspection)) => frame::page(&page, &look.text(t!("card")), &verdict(&look, &inspection)),
        Ok(None) => Refused::from(services::Error::Missing("card-missing")).page(&look),
        Err(error) => Refused::from(error).page(&look),
    }
}

fn mechanism(of: Mechanism) -> Key {
    match of {
        Mechanism::Pace => t!("card-mechanism-pace"),
        Mechanism::PassiveAuthentication => t!("card-mechanism-passive"),
        Mechanism::ChipAuthentication => t!("card-mechanism-chip"),
        Mechanism::CardAccess => t!("card-mechanism-card-access"),
    }
}

fn verdict(look: &Look, inspection: &Inspection) -> Markup {
    let head = [t!("card-mechanism"), t!("state"), t!("card-reason")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = inspection
        .findings
        .iter()
        .map(|finding| {
            let reason = finding.reasons.first().and_then(|reason| Key::find(&format!("error-{}", reason.code)));
            let reason = reason.map_or_else(String::new, |key| look.text(key));
            vec![
                html! { (look.text(mechanism(finding.mechanism))) },
                part::badge(look, finding.verdict.word()),
                html! { (reason) },
            ]
        })
        .collect();
    let zone = inspection.zone().map(|zone| zone.encode()).unwrap_or_default();
    let face = inspection.face().map(|face| face.image.to_vec()).unwrap_or_default();
    // What is not proven is not called genuine: a card that does not open, or is signed by somebody unknown.
    let (tone, words) = match (inspection.is_refused(), inspection.is_genuine()) {
        (true, _) => ("bad", t!("card-refused")),
        (false, true) => ("good", t!("card-genuine")),
        (false, false) => ("plain", t!("card-unproven")),
    };
    html! {
        (part::notice(tone, &look.text(words)))
        (part::table(look, &look.text(t!("card-mechanisms")), &head, &rows))
        @if !zone.is_empty() { pre.zone { (lines(&zone).join("\n")) } }
        @if face.starts_with(&[0xff, 0xd8]) {
            img.face alt=(look.text(t!("application-face"))) src={ "data:image/jpeg;base64," (PreEscaped(base64(&face))) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspection::{Finding, Verdict};
    use text::Language;

    #[test]
    fn only_what_is_proven_is_called_genuine() {
        let look = Look { language: Language::En, theme: "", path: "/".to_owned(), key: String::new() };
        let said = |found: [Verdict; 2]| {
            let findings = [Mechanism::Pace, Mechanism::PassiveAuthentication].into_iter().zip(found);
            let findings = findings.map(|(mechanism, verdict)| Finding { mechanism, verdict, reasons: Vec::new() });
            let (files, steps) = (std::collections::BTreeMap::new(), Vec::new());
            verdict(&look, &Inspection { findings: findings.collect(), files, steps, pace: None }).into_string()
        };
        let (genuine, refused) = (said([Verdict::Valid; 2]), said([Verdict::Unknown, Verdict::Invalid]));
        assert!(genuine.contains("notice good") && genuine.contains("The card is genuine."));
        assert!(refused.contains("notice bad") && refused.contains("The card is refused."));
        for found in [[Verdict::Unknown; 2], [Verdict::Valid, Verdict::Unknown]] {
            let unknown = said(found);
            assert!(unknown.contains("notice plain") && !unknown.contains("The card is genuine."), "{unknown}");
        }
    }
}
