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
    cases: usize,
    received: usize,
    open_batches: usize,
    approved_batches: usize,
    status: services::status::Status,
}

/// More than this many are not counted one by one.
const COUNTED_MAX: usize = 1_000;

pub(crate) async fn home(State(console): State<Console>, page: Page) -> Response {
    let (unit, look) = (page.officer.unit.clone(), page.look.clone());
    let version = console.0.version;
    let queues = console
        .run(move |console| {
            let book = console.book();
            let applications = services::application::list(book, &unit, COUNTED_MAX)?;
            let batches = services::batch::list(book, &unit, COUNTED_MAX)?;
            let count = |state: &str| batches.iter().filter(|batch| batch.state == state).count();
            Ok(Queues {
                cases: services::case::list(book, &unit, COUNTED_MAX)?.len(),
                received: applications.iter().filter(|one| one.state == "received").count(),
                open_batches: count("open"),
                approved_batches: count("approved"),
                status: services::status::status(book, version)?,
            })
        })
        .await;
    let queues = match queues {
        Ok(queues) => queues,
        Err(error) => return Refused::from(error).page(&look),
    };
    let figure = |name, value: usize, address| part::figure(&look, name, value as u64, address);
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
            @if page.may("personalise") { (figure(t!("home-approved-batches"), queues.approved_batches, "/batches")) }
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
