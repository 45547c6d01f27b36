//! Honours: the units below one by the published criteria, with what each came by its points.

use super::board::measure;
use super::export;
use super::steer::{self, asked, name};
use crate::Console;
use crate::frame::{self, Refused};
use crate::part::{self, Field, chart, day};
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use programme::honour::Evidence;
use services::Error;
use services::programme::{self as steering, Criteria, Honoured, Honours, Judging, tables};
use text::{Key, t};

/// What is judged.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    unit: String,
    from: String,
    to: String,
    known: String,
}

async fn read(console: &Console, page: &Page, wanted: &Wanted) -> Result<Honours, Error> {
    let officer = page.officer.clone();
    let judging = Judging {
        unit: wanted.unit.clone(),
        from: asked(&wanted.from)?,
        to: asked(&wanted.to)?,
        known: asked(&wanted.known)?,
    };
    console
        .run(move |console| {
            let rulebook = console.machine().rulebook()?;
            steering::honours(console.book(), &officer, &rulebook, &judging)
        })
        .await
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    let look = &page.look;
    match read(&console, &page, &wanted).await {
        Ok(honours) => frame::page(&page, &look.text(t!("nav-honours")), &content(look, &honours)),
        Err(error) => Refused::from(error).page(look),
    }
}

/// The address of a list, the same for whoever opens it.
fn address(place: &str, honours: &Honours) -> String {
    let period = honours.period;
    format!("{place}?unit={}&from={}&to={}&known={}", honours.unit, period.from, period.to, period.known)
}

fn content(look: &Look, honours: &Honours) -> Markup {
    let period = honours.period;
    let days = [("from", day(period.from)), ("to", day(period.to)), ("known", day(period.known))];
    html! {
        (steer::ways(look))
        p.lead { strong { (name(look, &honours.name)) } ". " (look.fill(t!("honours-period"), &days)) }
        form.choices method="get" action="/honours" role="search" {
            (Field::new("unit", look.text(t!("board-unit"))).value(&honours.unit).optional().show())
            (Field::new("from", look.text(t!("honours-from"))).kind("date").value(&period.from.to_string()).optional().show())
            (Field::new("to", look.text(t!("honours-to"))).kind("date").value(&period.to.to_string()).optional().show())
            (Field::new("known", look.text(t!("honours-known"))).kind("date").value(&period.known.to_string()).optional().show())
            div.actions {
                button { (look.text(t!("board-show"))) }
                @for form in ["csv", "xlsx", "json"] { a href=(address(&format!("/honours/export/{form}"), honours)) download { (form.to_uppercase()) } }
            }
        }
        (table(look, honours))
        (criteria(look, honours))
        p.hint { (look.text(t!("honours-again"))) " " a href=(address("/honours", honours)) { (look.text(t!("honours-address"))) } }
    }
}

/// The criteria with their weights, in words.
fn criteria(look: &Look, honours: &Honours) -> Markup {
    let Criteria { measure: of, progress, quality, improvement, terrain, places } = &honours.criteria;
    let all = u64::from(*progress) + u64::from(*quality) + u64::from(*improvement) + u64::from(*terrain);
    let of = [("measure", measure(look, of))];
    let rows: [(&str, u32, Key); 4] = [
        ("progress", *progress, t!("honours-progress-what")),
        ("quality", *quality, t!("honours-quality-what")),
        ("improvement", *improvement, t!("honours-improvement-what")),
        ("terrain", *terrain, t!("honours-terrain-what")),
    ];
    let rows: Vec<(String, Markup)> = rows
        .into_iter()
        .map(|(criterion, weight, what)| {
            let share = look.language.number(f64::from(weight) * 100.0 / all.max(1) as f64, 0);
            let terrain = criterion == "terrain" && !honours.has_ground;
            let words = html! { (look.fill(what, &of)) @if terrain { " " (look.text(t!("honours-no-ground"))) } };
            (format!("{} · {share} %", look.word("criterion", criterion)), words)
        })
        .collect();
    html! {
        section {
            h2 { (look.text(t!("honours-criteria"))) }
            p { (look.fill(t!("honours-places"), &[("places", places.to_string())])) }
            (part::facts(&rows))
        }
    }
}

fn points(look: &Look, points: u64) -> String {
    look.language.number(points as f64 / 100.0, 2)
}

fn table(look: &Look, honours: &Honours) -> Markup {
    let caption = look.text(t!("nav-honours"));
    html! {
        @if honours.list.is_empty() { p.empty { (look.text(t!("table-empty"))) } }
        @else {
            div.wide tabindex="0" role="region" aria-label=(caption) {
                table.board {
                    caption { (caption) }
                    thead { tr {
                        th scope="col" { (look.text(t!("board-rank"))) }
                        th scope="col" { (look.text(t!("board-unit"))) }
                        th scope="col" { (look.text(t!("honours-points"))) }
                        @for evidence in &honours.list[0].evidence { th scope="col" { (look.word("criterion", evidence.criterion)) } }
                    } }
                    tbody { @for one in &honours.list { (row(look, honours, one)) } }
                }
            }
        }
    }
}

fn row(look: &Look, honours: &Honours, one: &Honoured) -> Markup {
    html! {
        tr {
            td.number { (one.rank) }
            th scope="row" {
                a href={ "/board?unit=" (one.unit) "&measure=" (honours.criteria.measure) } { (one.name) }
                @if one.outstanding { " " span.badge data-tone="good" { (look.text(t!("honours-outstanding"))) } }
            }
            td.number { strong { (points(look, one.points)) } }
            @for evidence in &one.evidence {
                td.number { (points(look, evidence.points)) (chart::bar(Some(evidence.points as f64 / 100.0), None))
                    small { (figures(look, evidence)) } }
            }
        }
    }
}

/// The two figures that points are made of.
fn figures(look: &Look, evidence: &Evidence) -> String {
    let beside = if evidence.beside == 0 { "—".to_owned() } else { look.count(evidence.beside) };
    format!("{} / {beside}", look.count(evidence.figure))
}

pub(crate) async fn file(
    State(console): State<Console>,
    page: Page,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let look = &page.look;
    match read(&console, &page, &wanted).await {
        Ok(honours) => {
            let name = format!("vandan-honours-{}-{}", honours.period.from, honours.period.to);
            let table = tables::honours(look.texts(), &honours);
            export::given(look, &form, &name, &table, &export::book(&table, honours.period.to))
        }
        Err(error) => Refused::from(error).page(look),
    }
}
