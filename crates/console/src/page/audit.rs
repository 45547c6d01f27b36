//! Audit: the ledger's state, the events as they can be searched, and the proof of everything that was done with one person's
//! data.

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
use services::audit as search;
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
            let search = html! { p.actions { a.button href="/audit/events" { (page.look.text(t!("audit-search"))) } } };
            let content = html! { (search) (fields(&page.look, "", None)) (state) };
            frame::page(&page, &page.look.text(t!("nav-audit")), &content)
        }
        Err(error) => Refused::from(error).page(&page.look),
    }
}

/// What is searched for, as the form sends it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Query {
    kind: String,
    unit: String,
    officer: String,
    day: String,
    before: Option<u64>,
}

impl Query {
    fn form(&self, look: &Look, fault: Option<&Refused>) -> Markup {
        let mut kinds: Vec<(String, String)> =
            search::KINDS.iter().map(|kind| ((*kind).to_owned(), look.word("kind", kind))).collect();
        kinds.sort_by(|one, other| one.1.cmp(&other.1));
        kinds.insert(0, (String::new(), look.text(t!("audit-any"))));
        let unit = Field::new("unit", look.text(t!("case-unit"))).value(&self.unit).optional();
        let officer = Field::new("officer", look.text(t!("sign-in-officer"))).value(&self.officer).optional();
        let day = Field::new("day", look.text(t!("audit-day"))).kind("date").value(&self.day).optional();
        html! {
            @if let Some(fault) = fault { (part::notice("bad", &fault.words(look))) }
            form.stack method="get" action="/audit/events" {
                (part::choice("kind", &look.text(t!("audit-kind")), &kinds, &self.kind))
                (unit.hint(look.text(t!("audit-unit-hint"))).show())
                (officer.show())
                (day.show())
                button { (look.text(t!("search"))) }
            }
        }
    }

    /// The same search from another place on. What it is made of was found to be a kind, a unit, an account and a day.
    fn from(&self, before: u64) -> String {
        let Query { kind, unit, officer, day, .. } = self;
        format!("/audit/events?kind={kind}&unit={unit}&officer={officer}&day={day}&before={before}")
    }
}

/// Events, the newest first; nothing in them names a person.
pub(crate) async fn events(
    State(console): State<Console>,
    page: Page,
    axum::extract::Query(mut query): axum::extract::Query<Query>,
) -> Response {
    let look = &page.look;
    for field in [&mut query.kind, &mut query.unit, &mut query.officer, &mut query.day] {
        *field = field.trim().to_owned();
    }
    let (officer, before) = (page.officer.clone(), query.before);
    let Query { kind, unit, officer: name, day, .. } = query.clone();
    let wanted = search::Wanted { kind, unit, officer: name, day };
    let found = console.run(move |console| search::search(console.book(), &officer, &wanted, before)).await;
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let refused = Refused::from(error);
            let content = query.form(look, Some(&refused));
            return refused.on(frame::page(&page, &look.text(t!("audit-search")), &content));
        }
    };
    let head = [t!("audit-number"), t!("audit-recorded"), t!("audit-kind"), t!("case-unit"), t!("sign-in-officer")]
        .map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = found
        .events
        .iter()
        .map(|one| {
            let officer = match &one.officer {
                Some(name) => name.clone(),
                None if one.operator => look.word("role", "operator"),
                None => look.text(t!("timeline-elsewhere")),
            };
            vec![
                html! { code { (one.number) } },
                html! { (part::moment(&one.recorded)) },
                html! { (look.word("kind", &one.kind)) },
                html! { (one.unit) },
                html! { (officer) },
            ]
        })
        .collect();
    let content = html! {
        (query.form(look, None))
        (part::table(look, &look.text(t!("audit-found")), &head, &rows))
        @if let Some(next) = found.next {
            @if rows.is_empty() { p.hint { (look.text(t!("audit-on"))) } }
            (part::next(look, &query.from(next)))
        }
    };
    frame::page(&page, &look.text(t!("audit-search")), &content)
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
