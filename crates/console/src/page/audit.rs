//! Audit: the ledger's state, and the proof of everything that was done with one person's data.

use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use ledger::Checkpoint;
use maud::{Markup, html};
use text::t;

fn fields(look: &Look, number: &str, fault: Option<String>) -> Markup {
    let number = Field::new("number", look.text(t!("person-number"))).value(number);
    html! {
        form.stack method="post" action="/audit" {
            h2 { (look.text(t!("audit-prove"))) }
            p { (look.text(t!("audit-proof-what"))) }
            (number.hint(look.text(t!("application-number-hint"))).fault(fault).show())
            (part::purpose(look, "complaint"))
            button { (look.text(t!("audit-download"))) }
        }
    }
}

async fn state(console: &Console, look: &Look) -> Result<Markup, services::Error> {
    let note = console.run(|console| console.book().checkpoint(false)).await?;
    let checkpoint = Checkpoint::parse(&note)?;
    let hex: String = checkpoint.root.iter().map(|byte| format!("{byte:02x}")).collect();
    let signed = time::Instant(checkpoint.signed_us).to_string();
    Ok(html! {
        h2 { (look.text(t!("audit-ledger"))) }
        (part::facts(&[
            (look.text(t!("audit-size")), html! { (look.count(checkpoint.size)) }),
            (look.text(t!("audit-root")), html! { code { (hex) } }),
            (look.text(t!("audit-signed")), html! { (part::moment(&signed)) }),
        ]))
        details { summary { (look.text(t!("audit-note"))) } pre { (note) } }
    })
}

pub(crate) async fn form(State(console): State<Console>, page: Page) -> Response {
    match state(&console, &page.look).await {
        Ok(state) => {
            let content = html! { (fields(&page.look, "", None)) (state) };
            frame::page(&page, &page.look.text(t!("nav-audit")), &content)
        }
        Err(error) => Refused::from(error).page(&page.look),
    }
}

/// The proof as one file, to be checked anywhere.
pub(crate) async fn proof(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let look = page.look.clone();
    let (number, purpose) = (sent.get("number").to_owned(), sent.get("purpose").to_owned());
    if let Err(refused) = console.take_read(&page, &purpose) {
        return refused.page(&look);
    }
    let (officer, wanted) = (page.officer.clone(), number.clone());
    let proof =
        console.run(move |console| services::audit::prove(console.book(), &officer, &purpose, wanted.trim())).await;
    match proof {
        Ok(proof) => {
            let mut response = serde_json::to_vec(&proof).unwrap_or_default().into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let name = HeaderValue::from_static("attachment; filename=\"proof.json\"");
            headers.insert(header::CONTENT_DISPOSITION, name);
            response
        }
        Err(error) => {
            let refused = Refused::from(error);
            let content = fields(&look, &number, Some(refused.words(&look)));
            refused.on(frame::page(&page, &look.text(t!("nav-audit")), &content))
        }
    }
}
