//! Jobs: work that takes longer than an answer may, with how far it has come.

use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use maud::{Markup, html};
use services::job::Job;
use text::t;

pub(crate) async fn list(State(console): State<Console>, page: Page) -> Response {
    let look = &page.look;
    let officer = page.officer.clone();
    let all = match console.run(move |console| console.jobs().of(console.book(), &officer)).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(look),
    };
    let head = [t!("job"), t!("import-begun"), t!("state")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|(id, job)| {
            vec![
                html! { a href={ "/jobs/" (id) } { (look.word("job", job.kind)) } },
                html! { (part::moment(&job.begun.to_string())) },
                part::badge(look, job.state()),
            ]
        })
        .collect();
    let content = part::table(look, &look.text(t!("nav-jobs")), &head, &rows);
    frame::page(&page, &look.text(t!("nav-jobs")), &content)
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    let look = &page.look;
    let officer = page.officer.clone();
    let job = match console.run(move |console| console.jobs().find(console.book(), &officer, &id)).await {
        Ok(job) => job,
        Err(error) => return Refused::from(error).page(look),
    };
    let mut response = frame::page(&page, &look.word("job", job.kind), &view(look, &job));
    if job.result.is_none() {
        // The page looks again by itself, without script.
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("1"));
    }
    response
}

fn view(look: &Look, job: &Job) -> Markup {
    match &job.result {
        None => html! {
            p.lead { (part::badge(look, "running")) }
            (part::progress(look, &look.text(t!("job-progress")), job.done, job.total))
            p.hint { (look.text(t!("job-hint"))) }
        },
        Some(Ok(done)) => html! {
            (part::notice("good", &look.text(t!("job-done"))))
            (part::facts(&done.figures.iter().map(|(name, value)| (look.word("figure", name), html! { (look.count(*value)) })).collect::<Vec<_>>()))
            @if let Some(made) = done.made.as_ref().filter(|_| job.kind == "import") {
                p { a href={ "/collect/" (made) } { (look.text(t!("import-one"))) } }
            }
            p.actions { a.button href="/" { (look.text(t!("nav-home"))) } }
        },
        Some(Err(error)) => html! {
            (part::notice("bad", &Refused::from(error.clone()).words(look)))
            p { (look.text(t!("job-again"))) }
        },
    }
}
