//! Attention: the units that the rules raise, to whom and by when, with the way to the numbers; and the rules.

use super::board::measure;
use super::steer::{self, asked, name};
use super::tables;
use crate::Console;
use crate::frame::{self, Refused};
use crate::part::{self, Field, day};
use crate::request::{Look, Page};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::programme::{self as steering, Attention, Kind, Raised, Rule};
use text::t;
use time::Day;

/// The most units that a page shows.
const SHOWN: usize = 100;

/// What is asked in the address.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    pub(crate) unit: String,
    pub(crate) day: String,
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    let look = &page.look;
    let (officer, unit) = (page.officer.clone(), wanted.unit.clone());
    let read = async {
        let on = asked(&wanted.day)?;
        let read = move |console: &Console| {
            let rulebook = console.machine().rulebook()?;
            steering::attention(console.book(), &officer, &rulebook, &unit, on)
        };
        console.run(read).await
    };
    match read.await {
        Ok(found) => frame::page(&page, &look.text(t!("nav-attention")), &content(look, &found)),
        Err(error) => Refused::from(error).page(look),
    }
}

fn content(look: &Look, found: &Attention) -> Markup {
    let count = [("count", look.count(found.raised.len() as u64)), ("day", day(found.day))];
    html! {
        (steer::ways(look))
        p.lead { strong { (name(look, &found.name)) } ". " (look.fill(t!("attention-count"), &count)) }
        (choices(look, "/attention", &found.unit, found.day))
        (table(look, &found.raised, found.day))
        (tables::files("attention", &[("unit", &found.unit), ("day", &found.day.to_string())]))
        (rules(look, &found.rules))
    }
}

/// Which unit and day.
pub(super) fn choices(look: &Look, place: &str, unit: &str, on: Day) -> Markup {
    html! {
        form.choices method="get" action=(place) role="search" {
            (Field::new("unit", look.text(t!("board-unit"))).value(unit).optional().show())
            (Field::new("day", look.text(t!("board-day"))).kind("date").value(&on.to_string()).optional().show())
            div.actions { button { (look.text(t!("board-show"))) } }
        }
    }
}

/// What is raised, the most serious first.
pub(super) fn table(look: &Look, raised: &[Raised], on: Day) -> Markup {
    let head = [
        t!("attention-severity"),
        t!("board-unit"),
        t!("attention-what"),
        t!("attention-to"),
        t!("attention-since"),
        t!("record-due"),
    ];
    let rows: Vec<Vec<Markup>> = raised
        .iter()
        .take(SHOWN)
        .map(|one| {
            let tone = match one.severity {
                steering::Severity::High => "bad",
                steering::Severity::Medium => "wait",
                steering::Severity::Low => "plain",
            };
            vec![
                html! { span.badge data-tone=(tone) { (look.word("severity", one.severity.name())) } },
                html! { a href={ "/board?unit=" (one.unit) "&measure=" (one.measure) } { (name(look, &one.name)) } },
                html! { strong { (measure(look, one.measure)) } br; (steering::tables::said(look.texts(), one)) " " small { (one.rule) } },
                html! { (look.word("role", &one.to)) },
                html! { (day(one.since)) },
                html! { (day(one.due)) @if one.due < on { " " (part::badge(look, "late")) } },
            ]
        })
        .collect();
    html! {
        (part::table(look, &look.text(t!("attention-raised")), &head.map(|key| look.text(key)), &rows))
        @if raised.len() > SHOWN { p.hint { (look.fill(t!("attention-more"), &[("count", SHOWN.to_string())])) } }
    }
}

/// The rules in words.
fn rules(look: &Look, rules: &[Rule]) -> Markup {
    let head = [
        t!("attention-rule"),
        t!("attention-raises"),
        t!("board-measure"),
        t!("attention-severity"),
        t!("attention-to"),
    ];
    let rows: Vec<Vec<Markup>> = rules
        .iter()
        .map(|rule| {
            let bound = [("bound", rule.bound().to_string())];
            let words = match rule.kind {
                Kind::FallingPace => look.fill(t!("rule-falling-pace"), &bound),
                Kind::Rising => look.fill(t!("rule-rising"), &bound),
                Kind::OutOfReach => look.fill(t!("rule-out-of-reach"), &bound),
                Kind::NoReturn => look.fill(t!("rule-no-return"), &bound),
            };
            let levels: Vec<String> = rule.levels.iter().map(|level| look.word("level", &level.to_string())).collect();
            let measures: Vec<String> = rule.measures.iter().map(|name| measure(look, name)).collect();
            vec![
                html! { code { (rule.name) } },
                html! { (words) @if let Some(least) = rule.least() { (look.fill(t!("rule-least"), &[("least", least.to_string())])) } " (" (levels.join(", ")) ")" },
                html! { (measures.join("; ")) },
                html! { (look.word("severity", rule.severity.name())) },
                html! { (look.fill(t!("attention-within"), &[("to", look.word("role", &rule.to)), ("days", rule.within_days.to_string())])) },
            ]
        })
        .collect();
    html! {
        section {
            h2 { (look.text(t!("attention-rules"))) }
            p.hint { (look.text(t!("attention-rules-what"))) }
            (part::table(look, &look.text(t!("attention-rules")), &head.map(|key| look.text(key)), &rows))
        }
    }
}
