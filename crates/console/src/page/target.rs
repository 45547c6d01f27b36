//! Targets: the newest version for each unit and measure, its earlier versions, and a new one: looked at before it is set, and
//! shared out below.

use super::board::measure;
use super::see;
use super::steer::{self, asked, name};
use super::tables;
use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part::{self, Field, day};
use crate::request::{Look, Page};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::Error;
use services::programme::{self as steering, Basis, MEASURES, Preview, Setting, Share, ShownTarget};
use text::t;

/// What is asked in the address.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    unit: String,
    measure: String,
    deadline: String,
}

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    drawn(&console, &page, &wanted, None).await
}

/// The list; with what was typed where it was refused.
async fn drawn(console: &Console, page: &Page, wanted: &Wanted, typed: Option<(&Fields, Error)>) -> Response {
    let (look, officer, unit) = (&page.look, page.officer.clone(), wanted.unit.clone());
    let of = match asked(&wanted.deadline) {
        Ok(Some(deadline)) => Some((wanted.measure.clone(), deadline)),
        Ok(None) => None,
        Err(error) => return Refused::from(error).page(look),
    };
    let versions = of.is_some();
    let read = move |console: &Console| match &of {
        Some((measure, deadline)) => steering::versions(console.book(), &officer, &unit, measure, *deadline),
        None => steering::newest(console.book(), &officer, &unit),
    };
    let all = match console.run(read).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(look),
    };
    let refused = typed.as_ref().map(|(_, error)| Refused::from(error.clone()));
    let content = html! {
        (steer::ways(look))
        p.lead { (look.text(if versions { t!("targets-versions") } else { t!("targets-what") })) }
        @if let Some(refused) = &refused { (part::notice("bad", &refused.words(look))) }
        @if page.may("steer") {
            details open[typed.is_some()] {
                summary { (look.text(t!("targets-set"))) }
                (form(page, typed.as_ref().map(|(typed, _)| *typed)))
            }
        }
        @if versions { p { a href={ "/targets?unit=" (wanted.unit) } { (look.text(t!("console-back"))) } } }
        @else {
            form.choices method="get" action="/targets" role="search" {
                (Field::new("unit", look.text(t!("board-unit"))).of("sought-").value(&wanted.unit).optional().show())
                div.actions { button { (look.text(t!("board-show"))) } }
            }
        }
        (table(look, &all, versions))
        @if !versions { (tables::files("targets", &[("unit", &wanted.unit)])) }
    };
    let response = frame::page(page, &look.text(t!("nav-targets")), &content);
    match refused {
        Some(refused) => refused.on(response),
        None => response,
    }
}

fn table(look: &Look, all: &[ShownTarget], versions: bool) -> Markup {
    let head = [
        t!("board-unit"),
        t!("board-measure"),
        t!("targets-count"),
        t!("targets-deadline"),
        t!("targets-basis"),
        t!("targets-version"),
        t!("targets-by"),
        t!("returns-stated"),
    ];
    let row = |one: &ShownTarget| {
        let target = &one.target;
        let own = format!("/targets?unit={}&measure={}&deadline={}", target.unit, target.measure, target.deadline);
        let findings: Vec<String> = one.findings.iter().map(|found| look.word("finding", found.code())).collect();
        vec![
            html! { a href={ "/targets?unit=" (target.unit) } { (name(look, &one.name)) } },
            html! { (measure(look, &target.measure)) },
            html! { strong { (target.count.map_or_else(|| look.text(t!("targets-withdrawn")), |count| look.count(count))) } },
            html! { (day(target.deadline)) },
            html! { (look.word("basis", target.basis.name())) },
            html! { @if versions || target.version == 1 { (target.version) } @else { a href=(own) { (target.version) " · " (look.text(t!("targets-earlier"))) } } },
            html! { (officer(look, one)) br; small { (part::moment(&target.set.to_string())) } },
            html! { @if !findings.is_empty() { span.badge data-tone="wait" { (findings.len()) } " " } (findings.join("; ")) },
        ]
    };
    let rows: Vec<Vec<Markup>> = all.iter().map(row).collect();
    part::table(look, &look.text(t!("nav-targets")), &head.map(|key| look.text(key)), &rows)
}

fn officer(look: &Look, one: &ShownTarget) -> String {
    match one.officer.as_deref() {
        Some("") => look.word("role", "operator"),
        Some(name) => name.to_owned(),
        None => look.text(t!("targets-elsewhere")),
    }
}

/// The ways to share out, the first not at all.
fn bases(look: &Look) -> Vec<(String, String)> {
    let none = (String::new(), look.text(t!("targets-alone")));
    let own = [Basis::Population, Basis::Capacity, Basis::Hand];
    std::iter::once(none).chain(own.map(|own| (own.name().to_owned(), look.word("basis", own.name())))).collect()
}

/// What is to be set; it is looked at first.
fn form(page: &Page, typed: Option<&Fields>) -> Markup {
    let look = &page.look;
    let value = |name: &str, usual: &str| typed.map_or_else(|| usual.to_owned(), |typed| typed.get(name).to_owned());
    let measures: Vec<(String, String)> = MEASURES
        .iter()
        .filter(|one| one.returnable())
        .map(|one| (one.name.to_owned(), measure(look, one.name)))
        .collect();
    html! {
        p.hint { (look.text(t!("targets-set-what"))) }
        form.stack method="post" action="/targets" {
            (part::key(look, None))
            (Field::new("unit", look.text(t!("board-unit"))).value(&value("unit", &page.officer.unit)).hint(look.text(t!("hint-unit"))).optional().show())
            (part::choice("measure", &look.text(t!("board-measure")), &measures, &value("measure", "applications")))
            (Field::new("deadline", look.text(t!("targets-deadline"))).kind("date").value(&value("deadline", "")).show())
            (Field::new("count", look.text(t!("targets-count"))).value(&value("count", "")).hint(look.text(t!("targets-count-hint"))).optional().show())
            (part::choice("basis", &look.text(t!("targets-share")), &bases(look), &value("basis", "")))
            button name="act" value="preview" { (look.text(t!("targets-preview"))) }
        }
    }
}

/// What a form says.
fn setting(sent: &Fields) -> Result<(Setting, Option<Basis>), Error> {
    let deadline = asked(sent.get("deadline"))?.ok_or_else(|| Error::input("day-malformed"))?;
    let count = match sent.get("count") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::input("target-malformed"))?),
    };
    let basis = match sent.get("basis") {
        "" => None,
        word => Some(Basis::named(word).ok_or_else(|| Error::input("target-malformed"))?),
    };
    Ok((Setting { unit: sent.get("unit").to_owned(), measure: sent.get("measure").to_owned(), deadline, count }, basis))
}

/// The shares as they were typed; none in the first look.
fn shares(sent: &Fields) -> Result<Vec<(String, u64)>, Error> {
    let typed = sent.beginning("share-").map(|(unit, count)| {
        let count = if count.is_empty() { Ok(0) } else { count.parse() };
        Ok((unit.to_owned(), count.map_err(|_| Error::input("target-malformed"))?))
    });
    typed.collect()
}

pub(crate) async fn set(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let read = setting(&sent).and_then(|(setting, basis)| Ok((setting, basis, shares(&sent)?)));
    let (setting, basis, shares) = match read {
        Ok(read) => read,
        Err(error) => return drawn(&console, &page, &Wanted::default(), Some((&sent, error))).await,
    };
    if sent.get("act") != "set" {
        return looked_at(&console, &page, &sent, (setting, basis, shares), None).await;
    }
    let command = page.command(sent.key(), sent.version());
    let (wanted, given) = (setting.clone(), shares.clone());
    let done = console.run(move |console| match basis {
        None => steering::set(console.book(), &command, &wanted),
        Some(basis) => steering::set_shares(console.book(), &command, &wanted, basis, &given),
    });
    match done.await {
        Ok(_) => see(&format!("/targets?unit={}", setting.unit)),
        Err(error @ Error::Fault(_)) => Refused::from(error).page(&page.look),
        Err(error) => looked_at(&console, &page, &sent, (setting, basis, shares), Some(error)).await,
    }
}

/// The look before a target is set: the shares, and what is to be said about them. Also what another officer set meanwhile.
async fn looked_at(
    console: &Console,
    page: &Page,
    sent: &Fields,
    (setting, basis, shares): (Setting, Option<Basis>, Vec<(String, u64)>),
    refused: Option<Error>,
) -> Response {
    let (look, officer, wanted) = (&page.look, page.officer.clone(), setting.clone());
    let seen = sent.version().unwrap_or(0);
    let again = !shares.is_empty();
    let read = move |console: &Console| {
        let preview = steering::preview(console.book(), &officer, &wanted, basis, &shares)?;
        let versions = steering::versions(console.book(), &officer, &preview.unit, &wanted.measure, wanted.deadline)?;
        Ok((preview, versions))
    };
    let (preview, versions) = match console.run(read).await {
        Ok(read) => read,
        Err(error) => return drawn(console, page, &Wanted::default(), Some((sent, error))).await,
    };
    let second = matches!(refused, Some(Error::Version { .. }));
    let newer: Vec<ShownTarget> = versions.into_iter().filter(|one| i64::from(one.target.version) > seen).collect();
    let content = html! {
        (steer::ways(look))
        @if second {
            section.changed role="alert" {
                h2 { (look.text(t!("changed"))) }
                p { (look.text(t!("changed-what"))) }
                (table(look, &newer, true))
            }
        } @else if let Some(error) = &refused { (part::notice("bad", &Refused::from(error.clone()).words(look))) }
        p.lead { strong { (name(look, &preview.name)) } " · " (measure(look, &setting.measure)) ": "
            strong { (setting.count.map_or_else(|| look.text(t!("targets-withdrawn")), |count| look.count(count))) }
            " · " (look.text(t!("targets-deadline"))) " " (day(setting.deadline)) }
        (stated(look, &preview, &setting))
        form method="post" action="/targets" {
            (part::key(look, Some(preview.version)))
            @for (name, value) in [("unit", preview.unit.as_str()), ("measure", &setting.measure), ("deadline", sent.get("deadline")), ("count", sent.get("count")), ("basis", sent.get("basis"))] {
                input type="hidden" name=(name) value=(value);
            }
            @if basis.is_some() { (shared(look, &preview)) }
            div.actions {
                button name="act" value="set" { (look.text(t!("targets-set"))) }
                @if basis.is_some() { button.quiet name="act" value="preview" { (look.text(t!("targets-again"))) } }
                a href="/targets" { (look.text(t!("console-back"))) }
            }
        }
    };
    let title = look.text(if again { t!("targets-again") } else { t!("targets-preview") });
    let response = frame::page(page, &title, &content);
    match refused {
        Some(error) if !second => Refused::from(error).on(response),
        _ => frame::second(response, second),
    }
}

/// What is to be said about a target before it is set.
fn stated(look: &Look, preview: &Preview, setting: &Setting) -> Markup {
    let total: u64 = preview.shares.iter().map(|share| share.count).sum();
    let goal = setting.count.unwrap_or(0);
    let sums = [("sum", look.count(total)), ("difference", look.count(total.abs_diff(goal)))];
    let without: Vec<&str> =
        preview.shares.iter().filter(|share| share.weight == Some(0)).map(|share| share.name.as_str()).collect();
    let mut all: Vec<String> = preview.findings.iter().map(|found| look.word("finding", found.code())).collect();
    if !preview.shares.is_empty() && total != goal {
        all.push(look.fill(if total < goal { t!("targets-too-few") } else { t!("targets-too-many") }, &sums));
    }
    if !without.is_empty() {
        all.push(look.fill(t!("targets-without"), &[("units", without.join(", "))]));
    }
    html! {
        @if all.is_empty() { (part::notice("good", &look.text(t!("targets-sound")))) }
        @else { div.notice.bad role="alert" { ul { @for words in all { li { (words) } } } } }
    }
}

/// The shares, each of which may still be changed.
fn shared(look: &Look, preview: &Preview) -> Markup {
    let head = [t!("board-unit"), t!("targets-weight"), t!("targets-before"), t!("targets-part")];
    let dash = |count: Option<u64>| count.map_or_else(|| "—".to_owned(), |count| look.count(count));
    let row = |share: &Share| {
        vec![
            html! { (share.name) },
            html! { (dash(share.weight)) },
            html! { (dash(share.before)) },
            html! { input name={ "share-" (share.unit) } value=(share.count) inputmode="numeric" autocomplete="off" aria-label=(format!("{}: {}", look.text(t!("targets-part")), share.name)); },
        ]
    };
    let rows: Vec<Vec<Markup>> = preview.shares.iter().map(row).collect();
    part::table(look, &look.text(t!("targets-shares")), &head.map(|key| look.text(key)), &rows)
}
