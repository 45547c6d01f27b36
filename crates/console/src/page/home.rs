//! The first page: what waits for this officer.

use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::Page;
use axum::extract::State;
use axum::response::Response;
use maud::html;
use text::t;

/// What waits, by the queue it waits in.
struct Queues {
    cases: u64,
    received: u64,
    open_batches: u64,
    approved_batches: u64,
    status: services::status::Status,
}

pub(crate) async fn home(State(console): State<Console>, page: Page) -> Response {
    let (unit, look) = (page.officer.unit.clone(), page.look.clone());
    let version = console.0.version;
    let queues = console
        .run(move |console| {
            let book = console.book();
            Ok(Queues {
                cases: services::case::waiting(book, &unit)?.count,
                received: services::application::waiting(book, &unit, "received")?.count,
                open_batches: services::batch::waiting(book, &unit, "open")?.count,
                approved_batches: services::batch::waiting(book, &unit, "approved")?.count,
                status: services::status::recent(book, version)?.1,
            })
        })
        .await;
    let queues = match queues {
        Ok(queues) => queues,
        Err(error) => return Refused::from(error).page(&look),
    };
    let figure = |name, value: u64, address| part::figure(&look, name, value, address);
    let waits = ["adjudicate", "enrol", "approve", "personalise"].iter().any(|action| page.may(action));
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
        @if waits { h2 { (look.text(t!("home-waits"))) } }
        div.figures {
            @if page.may("adjudicate") { (figure(t!("home-cases"), queues.cases, "/cases")) }
            @if page.may("enrol") { (figure(t!("home-received"), queues.received, "/applications")) }
            @if page.may("approve") { (figure(t!("home-open-batches"), queues.open_batches, "/batches")) }
            @if page.may("personalise") { (figure(t!("home-approved-batches"), queues.approved_batches, "/batches?state=approved")) }
        }
        h2 { (look.text(t!("home-register"))) }
        div.figures {
            (part::figure(&look, t!("status-persons"), queues.status.persons.entered, "/health"))
            (part::figure(&look, t!("status-pending"), queues.status.persons.number_pending, "/health"))
            (part::figure(&look, t!("status-households"), queues.status.households, "/health"))
            (part::figure(&look, t!("status-applications"), queues.status.applications, "/health"))
            (part::figure(&look, t!("status-cards"), queues.status.cards, "/health"))
            (part::figure(&look, t!("status-reads"), queues.status.reads, "/health"))
        }
    };
    frame::page(&page, &look.text(t!("nav-home")), &content)
}
