//! The first page: what waits for this officer, what was begun and not finished, what waits longest.

use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use services::queue::{self, Queue};
use text::{Key, t};
use time::Instant;

/// Queues of things that were begun here and not finished; the others are work that came from elsewhere.
const UNFINISHED: [&str; 2] = ["imports-open", "recapture"];
/// From so many days on, waiting is late.
const LATE_DAYS: i64 = 3;

pub(crate) async fn home(State(console): State<Console>, page: Page) -> Response {
    let (officer, look) = (page.officer.clone(), page.look.clone());
    let version = console.0.desk.version;
    let looked = console
        .run(move |console| {
            let book = console.book();
            Ok((queue::queues(book, &officer)?, services::status::recent(book, version)?.1))
        })
        .await;
    let (queues, status) = match looked {
        Ok(looked) => looked,
        Err(error) => return Refused::from(error).page(&look),
    };
    let (unfinished, waiting): (Vec<&Queue>, Vec<&Queue>) =
        queues.iter().partition(|queue| UNFINISHED.contains(&queue.name));
    let content = html! {
        @if page.may("read") {
            form.search method="post" action="/persons" role="search" hx-boost="true" hx-push-url="false" {
                label.hidden for="search-field" { (look.text(t!("search"))) }
                input #search-field type="search" name="text" required autocomplete="off"
                    placeholder=(look.text(t!("search-placeholder")));
                (part::purpose(&look, "request"))
                button { (look.text(t!("search"))) }
            }
        }
        @if page.may("return") { (programme(&look)) }
        @if !waiting.is_empty() {
            h2 { (look.text(t!("home-waits"))) }
            div.figures { @for queue in &waiting { (figure(&look, queue)) } }
        }
        @if !unfinished.is_empty() {
            h2 { (look.text(t!("home-unfinished"))) }
            div.figures { @for queue in &unfinished { (figure(&look, queue)) } }
        }
        @if !queues.is_empty() { h2 { (look.text(t!("home-late"))) } (oldest(&look, &queues, console.book().now())) }
        h2 { (look.text(t!("home-register"))) }
        div.figures {
            (part::figure(&look, t!("status-persons"), status.persons.entered, "/health"))
            (part::figure(&look, t!("status-pending"), status.persons.number_pending, "/health"))
            (part::figure(&look, t!("status-households"), status.households, "/health"))
            (part::figure(&look, t!("status-applications"), status.applications, "/health"))
            (part::figure(&look, t!("status-cards"), status.cards, "/health"))
            (part::figure(&look, t!("status-reads"), status.reads, "/health"))
        }
    };
    frame::page(&page, &look.text(t!("nav-home")), &content)
}

/// The pages of the programme, for whoever signs or steers.
fn programme(look: &Look) -> Markup {
    let places = [
        ("/digest", t!("nav-digest"), t!("home-digest")),
        ("/attention", t!("nav-attention"), t!("home-attention")),
        ("/board", t!("nav-board"), t!("home-board")),
        ("/returns", t!("nav-returns"), t!("home-returns")),
        ("/targets", t!("nav-targets"), t!("home-targets")),
        ("/honours", t!("nav-honours"), t!("home-honours")),
    ];
    html! {
        h2 { (look.text(t!("home-programme"))) }
        div.figures.ways {
            @for (place, name, what) in places { a.figure href=(place) { strong { (look.text(name)) } span { (look.text(what)) } } }
        }
    }
}

fn words(queue: &Queue) -> (Key, &'static str) {
    match queue.name {
        "cases" => (t!("home-cases"), "/cases"),
        "received" => (t!("home-received"), "/applications"),
        "recapture" => (t!("home-recapture"), "/applications?state=recapture"),
        "checked" => (t!("home-checked"), "/applications?state=checked"),
        "batches-open" => (t!("home-open-batches"), "/batches"),
        "batches-approved" => (t!("home-approved-batches"), "/batches?state=approved"),
        _ => (t!("home-open-imports"), "/collect"),
    }
}

fn figure(look: &Look, queue: &Queue) -> Markup {
    let (words, address) = words(queue);
    let many = if queue.more { "+" } else { "" };
    html! { a.figure href=(address) { strong { (look.count(queue.waiting)) (many) } span { (look.text(words)) } } }
}

/// The oldest of each queue, the one that waits longest first.
fn oldest(look: &Look, queues: &[Queue], now: Instant) -> Markup {
    let mut waiting: Vec<&Queue> = queues.iter().filter(|queue| queue.oldest.is_some()).collect();
    waiting.sort_by_key(|queue| queue.oldest.as_ref().map(|(since, _)| *since));
    let head = [t!("home-oldest-in"), t!("home-oldest-since"), t!("home-oldest-days")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = waiting
        .iter()
        .filter_map(|queue| {
            let (since, id) = queue.oldest.as_ref()?;
            let ((words, list), days) = (words(queue), queue.days(now));
            let page = list.split('?').next().unwrap_or(list);
            let address = if id.is_empty() { list.to_owned() } else { format!("{page}/{id}") };
            Some(vec![
                html! { a href=(address) { (look.text(words)) } },
                html! { (part::moment(&since.to_string())) },
                html! { (look.count(days.unsigned_abs())) @if days >= LATE_DAYS { " " (part::badge(look, "late")) } },
            ])
        })
        .collect();
    part::table(look, &look.text(t!("home-late")), &head, &rows)
}
