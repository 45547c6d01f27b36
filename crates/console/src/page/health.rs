//! System health: what there is, in numbers, and whether the ledger keeps up.

use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::Page;
use axum::extract::State;
use axum::response::Response;
use maud::html;
use text::t;

pub(crate) async fn page(State(console): State<Console>, page: Page) -> Response {
    let (look, version) = (page.look.clone(), console.0.desk.version);
    let status = match console.run(move |console| services::status::status(console.book(), version)).await {
        Ok(status) => status,
        Err(error) => return Refused::from(error).page(&look),
    };
    let row = |key, value: u64| (look.text(key), html! { (look.count(value)) });
    let behind = status.events.saturating_sub(status.ledger_size);
    let content = html! {
        @if behind == 0 { (part::notice("good", &look.text(t!("health-ledger-good")))) }
        @else { (part::notice("plain", &look.fill(t!("health-ledger-behind"), &[("events", look.count(behind))]))) }
        (part::facts(&[
            row(t!("status-persons"), status.persons.entered),
            row(t!("status-numbered"), status.persons.numbered),
            row(t!("status-pending"), status.persons.number_pending),
            row(t!("status-staged"), status.staged),
            row(t!("status-households"), status.households),
            row(t!("status-cases"), status.cases_open),
            row(t!("status-applications"), status.applications),
            row(t!("status-cards"), status.cards),
            row(t!("status-events"), status.events),
            row(t!("status-reads"), status.reads),
            row(t!("audit-size"), status.ledger_size),
            (look.text(t!("status-version")), html! { (status.version) }),
        ]))
        p { a href="/api" { (look.text(t!("operations"))) } }
    };
    frame::page(&page, &look.text(t!("nav-health")), &content)
}
