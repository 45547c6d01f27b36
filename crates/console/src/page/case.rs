//! Cases: two records side by side with the reason for each weight, two prints side by side, decided by the officers.

use super::{At, see};
use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use ids::CaseId;
use maud::{Markup, PreEscaped, html};
use register::row::Facts;
use services::case::{self, Contents, Pair, Verdict};
use services::change::{self, Changed};
use services::person::Entry;
use text::t;

/// Cases on one page.
const LISTED: usize = 50;

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(at): Query<At>) -> Response {
    let (look, unit) = (page.look.clone(), page.officer.unit.clone());
    let (state, after) = (at.state(&case::STATES), CaseId::parse(&at.after));
    let read = move |console: &Console| case::list(console.book(), &unit, state, after, LISTED);
    let cases = match console.run(read).await {
        Ok(cases) => cases,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("case-kind"), t!("case-opened"), t!("case-unit"), t!("case-decisions")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = cases
        .items
        .iter()
        .map(|one| {
            vec![
                html! { a href={ "/cases/" (one.id) } { (look.word("case-kind", &one.kind)) } },
                html! { (part::moment(&one.opened)) },
                html! { (one.unit) },
                html! { (look.count(one.decisions as u64)) },
            ]
        })
        .collect();
    let content = html! {
        (part::states(&look, "/cases", &case::STATES, state))
        (part::table(&look, &look.word("state", state), &head, &rows))
        (part::further(&look, "/cases", state, cases.next.as_deref()))
    };
    frame::page(&page, &look.text(t!("nav-cases")), &content)
}

/// What the page of a case shows.
struct Shown {
    contents: Contents,
    pairs: Vec<Pair>,
    /// How far the register had come.
    seen: u64,
    /// What others did since the form was drawn that comes back now.
    changed: Vec<Changed>,
}

/// A decision as it was typed, which another came before.
struct Typed {
    verdict: String,
    reason: String,
    seen: u64,
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    match CaseId::parse(&id) {
        Some(id) => drawn(&console, &page, id, None).await,
        None => Refused::from(services::Error::Missing("case-missing")).page(&page.look),
    }
}

async fn drawn(console: &Console, page: &Page, id: CaseId, typed: Option<Typed>) -> Response {
    let look = page.look.clone();
    if let Err(refused) = console.take_read(page, "adjudication") {
        return refused.page(&look);
    }
    let (officer, from) = (page.officer.clone(), typed.as_ref().map(|typed| typed.seen));
    let shown = console
        .run(move |console| {
            let (book, purpose) = (console.book(), "adjudication");
            let seen = change::now(book)?;
            // The persons come with the case: one look, one event.
            let contents = case::show(book, &officer, purpose, id)?;
            let fingerprint = contents.summary.kind == "fingerprint";
            let pairs = if fingerprint { case::prints(book, &officer, purpose, id)? } else { Vec::new() };
            let changed = from.map_or(Ok(Vec::new()), |from| change::of_case(book, &officer, id, from))?;
            // Who looked is no change.
            let changed = changed.into_iter().filter(|one| one.kind != "case.read").collect();
            Ok(Shown { contents, pairs, seen, changed })
        })
        .await;
    let shown = match shown {
        Ok(shown) => shown,
        Err(error) => return Refused::from(error).page(&look),
    };
    let summary = &shown.contents.summary;
    let both = &shown.contents.persons;
    let content = html! {
        p.lead { (part::badge(&look, &summary.state)) " " (look.fill(t!("case-since"), &[("time", part::moment(&summary.opened))])) }
        @if let Some(typed) = &typed {
            (part::changed(&look, &shown.changed))
            @if summary.state != "open" {
                (part::facts(&[
                    (look.text(t!("case-verdict")), html! { (look.word("verdict", &typed.verdict)) }),
                    (look.text(t!("case-reason")), html! { (typed.reason) }),
                ]))
            }
        }
        @match summary.kind.as_str() {
            "fingerprint" => { (prints(&look, &shown.pairs)) (persons(&look, both)) }
            "linkage" => (linkage(&look, &shown)),
            _ => (persons(&look, both)),
        }
        @if summary.state == "open" { (decision(&look, id, summary, shown.seen, typed.as_ref())) }
    };
    frame::second(frame::page(page, &look.word("case-kind", &summary.kind), &content), typed.is_some())
}

/// One row of a comparison: name, the values, whether they are the same.
type Compared = (String, Vec<String>);

fn of(look: &Look, facts: &[&Facts]) -> Vec<Compared> {
    let each = |value: &dyn Fn(&Facts) -> String| facts.iter().map(|facts| value(facts)).collect::<Vec<String>>();
    [
        (t!("person-name"), each(&|facts| facts.name.clone())),
        (t!("person-birth"), each(&super::person::birth)),
        (
            t!("person-sex"),
            each(&|facts| {
                facts.sex.map_or(String::new(), |sex| look.word("sex", if sex == 'M' { "male" } else { "female" }))
            }),
        ),
        (t!("person-claimed-number"), each(&|facts| facts.number.clone())),
        (t!("person-old-number"), each(&|facts| facts.old_number.clone())),
        (t!("person-father"), each(&|facts| facts.father.clone())),
        (t!("person-mother"), each(&|facts| facts.mother.clone())),
        (t!("person-home-town"), each(&|facts| facts.home_town.clone())),
        (t!("person-unit"), each(&|facts| facts.ward.clone())),
        (t!("person-address"), each(&|facts| facts.address.clone())),
        (t!("person-household-number"), each(&|facts| facts.household_no.clone())),
    ]
    .into_iter()
    .map(|(key, values)| (look.text(key), values))
    .collect()
}

/// Values beside each other; rows that differ are marked in words too, not by colour alone.
pub(crate) fn side_by_side(look: &Look, heads: &[String], rows: &[Compared]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(look.text(t!("case-compared"))) {
            table.compared {
                caption { (look.text(t!("case-compared"))) }
                thead { tr { th scope="col" {} @for head in heads { th scope="col" { (head) } } th scope="col" { (look.text(t!("case-agree"))) } } }
                tbody {
                    @for (name, values) in rows.iter().filter(|(_, values)| values.iter().any(|value| !value.is_empty())) {
                        @let known: Vec<&String> = values.iter().filter(|value| !value.is_empty()).collect();
                        @let agree = if known.len() < 2 { "unknown" } else if known.iter().all(|value| *value == known[0]) { "same" } else { "different" };
                        tr data-agree=(agree) {
                            th scope="row" { (name) }
                            @for value in values { td { (value) } }
                            td { (look.word("agree", agree)) }
                        }
                    }
                }
            }
        }
    }
}

fn linkage(look: &Look, shown: &Shown) -> Markup {
    let body = &shown.contents.body;
    let held: Vec<register::person::Source> = serde_json::from_value(body["rows"].clone()).unwrap_or_default();
    let own: Vec<Facts> = shown.contents.persons.iter().map(|entry| entry.person.facts().0).collect();
    let mut heads: Vec<String> = own.iter().map(|_| look.text(t!("case-in-register"))).collect();
    heads.extend(held.iter().map(|source| format!("{} {} · {}", source.form, source.sender, source.rec_id)));
    let facts: Vec<&Facts> = own.iter().chain(held.iter().map(|source| &source.facts)).collect();
    let why: Option<Why> = serde_json::from_value(body["why"].clone()).unwrap_or_default();
    let probability = body["probability"].as_f64().unwrap_or(0.0);
    html! {
        (side_by_side(look, &heads, &of(look, &facts)))
        section {
            h2 { (look.text(t!("case-weights"))) }
            p { (look.fill(t!("case-probability"), &[("percent", look.language.number(probability * 100.0, 1))])) }
            @if let Some(why) = &why { (weights(look, why)) }
        }
    }
}

/// Why rows may be a person, in the linker's words.
#[derive(serde::Deserialize)]
struct Why {
    rival: String,
    before: f64,
    evidence: Vec<Evidence>,
}

/// What some fields say together: their names, how the values agree, and bits.
#[derive(serde::Deserialize)]
struct Evidence {
    fields: Vec<(String, String)>,
    bits: f64,
}

/// The evidence in bits: to the right for one person, to the left against it.
fn weights(look: &Look, why: &Why) -> Markup {
    let bits = || why.evidence.iter().map(|one| one.bits).chain([why.before]);
    let most = bits().map(f64::abs).fold(1.0, f64::max);
    let row = |head: Markup, bits: f64| {
        let width = (bits.abs() / most * 100.0).round();
        let x = if bits < 0.0 { 100.0 - width } else { 100.0 };
        let says = if bits > 0.0 {
            "for"
        } else if bits < 0.0 {
            "against"
        } else {
            "nothing"
        };
        html! {
            tr {
                th scope="row" { (head) }
                td { svg viewBox="0 0 200 12" aria-hidden="true" {
                    rect.axis x="99.5" y="0" width="1" height="12" {}
                    rect.(says) x=(x) y="2" width=(width) height="8" {}
                } }
                td.number { (look.language.number(bits, 1)) }
                td { (look.word("weight", says)) }
            }
        }
    };
    html! {
        p { (look.fill(t!("case-rival"), &[("rival", look.word("rival", &why.rival))])) }
        div.wide tabindex="0" role="region" aria-label=(look.text(t!("case-weights-caption"))) {
            table.weights {
                caption { (look.text(t!("case-weights-caption"))) }
                tbody {
                    (row(html! { (look.text(t!("case-before"))) }, why.before))
                    @for one in &why.evidence {
                        (row(html! {
                            @for (field, alike) in &one.fields {
                                div { (look.word("weight", field)) ": " span.alike { (look.word("alike", alike)) } }
                            }
                        }, one.bits))
                    }
                    (row(html! { (look.text(t!("case-sum"))) }, bits().sum()))
                }
            }
        }
    }
}

fn persons(look: &Look, persons: &[Entry]) -> Markup {
    let facts: Vec<Facts> = persons.iter().map(|entry| entry.person.facts().0).collect();
    let heads: Vec<String> = persons
        .iter()
        .map(|entry| entry.person.number.clone().unwrap_or_else(|| look.word("state", "pending")))
        .collect();
    side_by_side(look, &heads, &of(look, &facts.iter().collect::<Vec<_>>()))
}

/// Prints in pairs, the same finger beside each other, the minutiae that lie on each other numbered.
fn prints(look: &Look, pairs: &[Pair]) -> Markup {
    html! {
        p.hint { (look.text(t!("case-prints-hint"))) }
        div.pairs {
        @for (at, pair) in pairs.iter().enumerate() {
            section.pair data-zoom tabindex="0" aria-label=(fingers(look, pair)) {
                h2 { (fingers(look, pair)) " " small { (look.fill(t!("case-print-score"), &[
                    ("score", look.language.number(f64::from(pair.score), 1)), ("matched", pair.matched.len().to_string())])) } }
                div.tools {
                    @for (act, words) in [("+", t!("print-nearer")), ("-", t!("print-farther")), ("r", t!("print-turn")),
                        ("i", t!("print-invert")), ("m", t!("print-minutiae")), ("0", t!("print-reset"))] {
                        button.quiet type="button" data-act=(act) { (look.text(words)) " " kbd { (act) } }
                    }
                }
                div.prints {
                    (print(look, &pair.applicant, &pair.matched.iter().map(|(own, _)| *own).collect::<Vec<_>>(), t!("case-applicant"), at))
                    (print(look, &pair.other, &pair.matched.iter().map(|(_, other)| *other).collect::<Vec<_>>(), t!("case-candidate"), at))
                }
            }
        }
        }
    }
}

/// Which finger of both; different ones where hands or two fingers were exchanged.
fn fingers(look: &Look, pair: &Pair) -> String {
    let (own, other) = (finger(look, pair.applicant.position), finger(look, pair.other.position));
    if own == other { own } else { look.fill(t!("case-print-exchanged"), &[("own", own), ("other", other)]) }
}

/// The name of a finger position, 1 to 10.
pub(crate) fn finger(look: &Look, position: u8) -> String {
    look.word("finger", &position.to_string())
}

fn print(look: &Look, print: &case::Print, matched: &[[u16; 2]], who: text::Key, at: usize) -> Markup {
    let (width, height) = (print.image.width(), print.image.height());
    // Minutiae are placed at 500 dpi; the image may have another resolution, which the width of the template tells.
    let scale = f64::from(width) / f64::from(print.template.width().max(1));
    let png = print.image.to_png();
    html! {
        figure {
            div.frame {
                svg data-zoomed viewBox={ "0 0 " (width) " " (height) } role="img" aria-label={ (look.text(who)) " " (at + 1) } {
                    image href={ "data:image/png;base64," (PreEscaped(base64(&png))) } width=(width) height=(height) {}
                    g.minutiae {
                        @for (number, [x, y]) in matched.iter().enumerate() {
                            circle cx=(f64::from(*x) * scale) cy=(f64::from(*y) * scale) r="7" {}
                            text x=(f64::from(*x) * scale + 8.0) y=(f64::from(*y) * scale + 4.0) { (number + 1) }
                        }
                    }
                }
            }
            figcaption { (look.text(who)) }
        }
    }
}

/// An image in a page's own text.
pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn decision(look: &Look, id: CaseId, summary: &case::Summary, seen: u64, typed: Option<&Typed>) -> Markup {
    let (chosen, reason) = typed.map_or(("", ""), |typed| (typed.verdict.as_str(), typed.reason.as_str()));
    let verdicts: &[&str] = match summary.kind.as_str() {
        "fingerprint" => &["same", "different", "recapture", "expert"],
        _ => &["same", "different", "expert"],
    };
    let blind = summary.kind == "fingerprint";
    html! {
        form.stack.decision method="post" action={ "/cases/" (id) } {
            h2 { (look.text(t!("case-decide"))) }
            @if blind { p.hint { (look.text(t!("case-blind"))) } }
            (part::key(look, Some(summary.version)))
            (part::seen(seen))
            fieldset {
                legend { (look.text(t!("case-verdict"))) }
                @for verdict in verdicts {
                    label.radio { input type="radio" name="verdict" value=(verdict) required checked[*verdict == chosen]; (look.word("verdict", verdict)) }
                }
            }
            (Field::new("reason", look.text(t!("case-reason"))).value(reason).hint(look.text(t!("case-reason-hint"))).show())
            button { (look.text(t!("case-decide"))) }
        }
    }
}

pub(crate) async fn decide(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    sent: Fields,
) -> Response {
    let look = page.look.clone();
    let verdict = match sent.get("verdict") {
        "same" => Verdict::Same,
        "different" => Verdict::Different,
        "recapture" => Verdict::Recapture,
        "expert" => Verdict::Expert,
        _ => return Refused::bad(t!("case-verdict-missing"), Vec::new()).page(&look),
    };
    let Some(id) = CaseId::parse(&id) else {
        return Refused::from(services::Error::Missing("case-missing")).page(&look);
    };
    let (command, reason) = (page.command(sent.key(), sent.version()), sent.get("reason").to_owned());
    match console.run(move |console| case::decide(console.book(), &command, id, verdict, &reason)).await {
        Ok(_) => see("/cases"),
        Err(services::Error::Version { .. }) => {
            let typed = Typed {
                verdict: sent.get("verdict").to_owned(),
                reason: sent.get("reason").to_owned(),
                seen: sent.seen(),
            };
            drawn(&console, &page, id, Some(typed)).await
        }
        Err(error) => Refused::from(error).page(&look),
    }
}
