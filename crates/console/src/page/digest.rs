//! The digest: what a unit's director reads in the morning.

use super::attention::{self, Wanted};
use super::board::{measure, origin};
use super::steer::{self, asked, name};
use super::tables;
use crate::Console;
use crate::frame::{self, Refused};
use crate::part::{self, day};
use crate::request::{Look, Page};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::programme::{self as steering, Digest, Figure, Missing, Told};
use text::{Key, t};

pub(crate) async fn show(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    let look = &page.look;
    let (officer, unit) = (page.officer.clone(), wanted.unit.clone());
    let read = async {
        let on = asked(&wanted.day)?;
        let read = move |console: &Console| {
            let rulebook = console.machine().rulebook()?;
            let digest = steering::digest(console.book(), &officer, &rulebook, &unit, on)?;
            Ok((digest, console.book().now().day()))
        };
        console.run(read).await
    };
    match read.await {
        Ok((digest, today)) => {
            let title = look.text(t!("nav-digest"));
            frame::page(&page, &title, &content(look, &digest, digest.day < today))
        }
        Err(error) => Refused::from(error).page(look),
    }
}

fn content(look: &Look, digest: &Digest, past: bool) -> Markup {
    let days = [("day", day(digest.day)), ("of", day(digest.of))];
    html! {
        (steer::ways(look))
        p.lead { strong { (name(look, &digest.name)) } ". " (look.fill(t!("digest-of"), &days)) }
        (attention::choices(look, "/digest", &digest.unit, digest.day))
        (figures(look, digest))
        (tables::files("digest", &[("unit", &digest.unit), ("day", &digest.day.to_string())]))
        h2 { (look.text(t!("digest-raised"))) }
        (attention::table(look, &digest.raised, digest.day))
        (missing(look, &digest.missing, digest))
        @if past { p.hint { (look.text(t!("digest-now"))) } }
        (told(look, t!("digest-difficulties"), &digest.difficulties))
        (told(look, t!("digest-promises"), &digest.promises))
        (told(look, t!("digest-milestones"), &digest.milestones))
    }
}

fn figures(look: &Look, digest: &Digest) -> Markup {
    let head = [
        t!("board-measure"),
        t!("board-value"),
        t!("digest-more"),
        t!("board-percent"),
        t!("board-rank"),
        t!("board-source"),
    ];
    let rows: Vec<Vec<Markup>> = digest
        .figures
        .iter()
        .map(|one| {
            let percent = one.percent.map_or_else(|| "—".to_owned(), |one| look.language.percent(one));
            vec![
                html! { a href={ "/board?unit=" (digest.unit) "&measure=" (one.measure) "&day=" (digest.of) } { (measure(look, one.measure)) } },
                html! { strong { (look.count(one.value)) } },
                html! { (steer::signed(look, one.more)) },
                html! { (percent) },
                rank(look, one),
                html! { (look.word("state", origin(one.source))) },
            ]
        })
        .collect();
    html! {
        h2 { (look.text(t!("digest-figures"))) }
        (part::table(look, &look.text(t!("digest-figures")), &head.map(|key| look.text(key)), &rows))
    }
}

fn rank(look: &Look, one: &Figure) -> Markup {
    let Some(rank) = one.rank else { return html! { "—" } };
    html! {
        (rank) " / " (one.ranked)
        @if let Some(change) = one.rank_change.filter(|change| *change != 0) {
            @let won = change > 0;
            " " span.badge data-tone=(if won { "good" } else { "bad" }) title=(look.text(if won { t!("board-won") } else { t!("board-lost") })) {
                (if won { "▲" } else { "▼" }) " " (change.abs())
            }
        }
    }
}

/// Returns that are named as missing: what waits for somebody comes after them on the page.
const MISSING: usize = 20;

fn missing(look: &Look, all: &[Missing], digest: &Digest) -> Markup {
    let head = [t!("board-unit"), t!("board-measure"), t!("digest-silent"), t!("record-due")];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .take(MISSING)
        .map(|one| {
            vec![
                html! { a href={ "/returns?unit=" (one.unit) "&measure=" (one.measure) } { (name(look, &one.name)) } },
                html! { (measure(look, one.measure)) },
                html! { (one.days) },
                html! { (day(one.due)) @if one.due < digest.day { " " (part::badge(look, "late")) } },
            ]
        })
        .collect();
    html! {
        h2 { (look.text(t!("digest-missing"))) }
        (part::table(look, &look.text(t!("digest-missing")), &head.map(|key| look.text(key)), &rows))
        @if all.len() > MISSING {
            p.hint { a href="/attention" { (look.fill(t!("digest-missing-more"), &[("count", look.count((all.len() - MISSING) as u64))])) } }
        }
    }
}

fn told(look: &Look, title: Key, all: &[Told]) -> Markup {
    let head = [t!("record-title"), t!("case-unit"), t!("record-due")];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            vec![
                html! { a href={ "/records/" (one.id) } { (one.title) } },
                html! { (name(look, &one.unit)) },
                html! { (one.due.map_or_else(String::new, day)) @if one.late { " " (part::badge(look, "late")) } },
            ]
        })
        .collect();
    html! {
        h2 { (look.text(title)) }
        (part::table(look, &look.text(title), &head.map(|key| look.text(key)), &rows))
    }
}
