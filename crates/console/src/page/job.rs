//! Jobs: work that takes longer than an answer may, with how far it has come.

use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use maud::{Markup, html};
use services::officer::Officer;
use services::unit::within;
use services::{Book, Error};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use text::t;

/// Jobs remembered; what they did is in the register.
const KEPT: usize = 200;

/// What a job has done so far.
#[derive(Clone)]
pub(crate) struct Job {
    kind: &'static str,
    sent: String,
    officer: Officer,
    begun: time::Instant,
    done: u64,
    total: u64,
    result: Option<Result<Vec<(&'static str, u64)>, Error>>,
}

/// The jobs of this process.
#[derive(Default)]
pub(crate) struct Jobs(Arc<Mutex<BTreeMap<String, Job>>>);

type All = BTreeMap<String, Job>;

fn with<T>(jobs: &Mutex<All>, work: impl FnOnce(&mut All) -> T) -> T {
    work(&mut jobs.lock().unwrap_or_else(PoisonError::into_inner))
}

/// How a job says how far it has come.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u64, u64);

impl Jobs {
    /// Begins a job; gives its id. What the same officer has `sent` before is the same job, unless that failed: then it is
    /// done again. Every job is a command that goes on where it was cut off when it is given again; files that were sent
    /// for it are gone with the process and are sent again too.
    pub(crate) fn start(
        &self,
        console: &Console,
        officer: &Officer,
        kind: &'static str,
        sent: &str,
        work: impl FnOnce(&Console, Progress<'_>) -> Result<Vec<(&'static str, u64)>, Error> + Send + 'static,
    ) -> String {
        let id = console.book().id().to_string();
        let (sent, begun) = (sent.to_owned(), console.book().now());
        let job = Job { kind, sent, officer: officer.clone(), begun, done: 0, total: 0, result: None };
        let known = with(&self.0, |jobs| {
            let same = |own: &Job| {
                !job.sent.is_empty() && (&own.sent, own.kind, own.officer.id) == (&job.sent, kind, officer.id)
            };
            let known = jobs.iter().find(|(_, own)| same(own) && !matches!(own.result, Some(Err(_))));
            if let Some((known, _)) = known {
                return Some(known.clone());
            }
            jobs.insert(id.clone(), job);
            while jobs.len() > KEPT {
                jobs.pop_first();
            }
            None
        });
        if let Some(known) = known {
            return known;
        }
        let (jobs, own, console) = (Arc::clone(&self.0), id.clone(), console.clone());
        tokio::task::spawn_blocking(move || {
            let mut progress = |done, total| {
                with(&jobs, |jobs| {
                    if let Some(job) = jobs.get_mut(&own) {
                        (job.done, job.total) = (done, total);
                    }
                });
            };
            let result = work(&console, &mut progress);
            with(&jobs, |jobs| {
                if let Some(job) = jobs.get_mut(&own) {
                    job.result = Some(result);
                }
            });
        });
        id
    }

    /// The officer's own jobs; an administrator sees those of all officers of the unit.
    fn of(&self, book: &Book, officer: &Officer) -> Result<Vec<(String, Job)>, Error> {
        let mut all: Vec<(String, Job)> =
            with(&self.0, |jobs| jobs.iter().rev().map(|(id, job)| (id.clone(), job.clone())).collect());
        let administers = officer.may("administer").is_ok();
        book.view(|view| {
            let mut seen = Vec::new();
            for (_, job) in &all {
                let near = administers && within(view, &job.officer.unit, &officer.unit)?;
                seen.push(near || job.officer.id == officer.id);
            }
            let mut seen = seen.into_iter();
            all.retain(|_| seen.next().unwrap_or(false));
            Ok(())
        })?;
        Ok(all)
    }
}

fn state(job: &Job) -> &'static str {
    match &job.result {
        None => "running",
        Some(Ok(_)) => "done",
        Some(Err(_)) => "failed",
    }
}

/// The jobs that this officer sees.
async fn seen(console: &Console, page: &Page) -> Result<Vec<(String, Job)>, Error> {
    let officer = page.officer.clone();
    console.run(move |console| console.0.jobs.of(console.book(), &officer)).await
}

pub(crate) async fn list(State(console): State<Console>, page: Page) -> Response {
    let look = &page.look;
    let all = match seen(&console, &page).await {
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
                part::badge(look, state(job)),
            ]
        })
        .collect();
    let content = part::table(look, &look.text(t!("nav-jobs")), &head, &rows);
    frame::page(&page, &look.text(t!("nav-jobs")), &content)
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    let look = &page.look;
    let found = match seen(&console, &page).await {
        Ok(all) => all.into_iter().find(|(own, _)| *own == id).ok_or(Error::Missing("job-missing")),
        Err(error) => Err(error),
    };
    let job = match found {
        Ok((_, job)) => job,
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
        Some(Ok(figures)) => html! {
            (part::notice("good", &look.text(t!("job-done"))))
            (part::facts(&figures.iter().map(|(name, value)| (look.word("figure", name), html! { (look.count(*value)) })).collect::<Vec<_>>()))
            p.actions { a.button href="/" { (look.text(t!("nav-home"))) } }
        },
        Some(Err(error)) => html! {
            (part::notice("bad", &Refused::from(error.clone()).words(look)))
            p { (look.text(t!("job-again"))) }
        },
    }
}
