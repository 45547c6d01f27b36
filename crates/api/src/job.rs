//! Jobs: work that takes longer than an answer may. It is answered with its job, and that is asked about.

use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use services::job::{Figures, Progress};
use services::{Desk, Error, job};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, IntoResponses, ToSchema};

#[derive(Serialize, ToSchema)]
pub(crate) struct Job {
    /// The job's id.
    job: String,
    /// import, withdraw, check, personalise.
    kind: String,
    /// running, done, failed.
    state: String,
    begun: String,
    /// How far it has come.
    done: u64,
    /// Of how much; 0 while that is not known.
    total: u64,
    /// What it did, in named numbers.
    figures: BTreeMap<String, u64>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

impl Job {
    fn new(id: String, job: job::Job) -> Job {
        let state = job.state().to_owned();
        let (figures, problem) = match job.result {
            None => (Figures::new(), None),
            Some(Ok(figures)) => (figures, None),
            Some(Err(error)) => (Figures::new(), Some(Problem::from(error))),
        };
        let figures = figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (kind, begun) = (job.kind.to_owned(), job.begun.to_string());
        Job { job: id, kind, state, begun, done: job.done, total: job.total, figures, problem }
    }
}

/// The answer to what became a job: `202`, the job as it stands, and where it is asked about.
pub(crate) struct Begun(Job);

/// The same for the document.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "read by the document only")]
pub(crate) enum Begins {
    /// It is being done: ask about the job.
    #[response(status = 202, headers(("Location" = String, description = "Where the job is asked about.")))]
    Job(Job),
}

impl IntoResponse for Begun {
    fn into_response(self) -> Response {
        let place = [(header::LOCATION, format!("/api/v1/jobs/{}", self.0.job))];
        (StatusCode::ACCEPTED, place, Json(self.0)).into_response()
    }
}

/// Begins a job; `sent` tells it from others, so that what is sent again is the same job.
pub(crate) async fn begin(
    api: &Api,
    caller: &Caller,
    kind: &'static str,
    sent: &str,
    work: impl FnOnce(&Desk, Progress<'_>) -> Result<Figures, Error> + Send + 'static,
) -> Result<Begun, Problem> {
    caller.command(None).usable()?;
    let desk = Arc::clone(api.desk());
    let (id, run) = desk.jobs.begin(&desk.book, &caller.officer, kind, sent);
    if let Some(run) = run {
        let desk = Arc::clone(&desk);
        tokio::task::spawn_blocking(move || run.run(|progress| work(&desk, progress)));
    }
    let (officer, wanted) = (caller.officer.clone(), id.clone());
    let job = api.run(move |book| desk.jobs.find(book, &officer, &wanted)).await?;
    Ok(Begun(Job::new(id, job)))
}

/// The jobs of this process that the caller sees.
#[derive(Serialize, ToSchema)]
#[schema(as = JobList)]
pub(crate) struct All {
    /// The newest first, at most 200.
    items: Vec<Job>,
}

/// The caller's own jobs; an administrator sees those of all officers of the unit. They are remembered until the server stops.
#[utoipa::path(get, path = "/api/v1/jobs", operation_id = "list_jobs", tag = "job",
    security(("session" = [])), responses(
    (status = 200, body = All),
    Problems,
))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<All>, Problem> {
    let desk = Arc::clone(api.desk());
    let all = api.run(move |book| desk.jobs.of(book, &caller.officer)).await?;
    Ok(Json(All { items: all.into_iter().map(|(id, job)| Job::new(id, job)).collect() }))
}

/// Which job; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByJob {
    /// The job.
    #[param(format = "uuid")]
    job: String,
}

/// How far a job has come, and how it ended.
#[utoipa::path(get, path = "/api/v1/jobs/{job}", operation_id = "show_job", tag = "job",
    security(("session" = [])), params(ByJob), responses(
    (status = 200, body = Job),
    Problems,
))]
pub(crate) async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Json<Job>, Problem> {
    let (desk, wanted) = (Arc::clone(api.desk()), id.clone());
    let job = api.run(move |book| desk.jobs.find(book, &caller.officer, &wanted)).await?;
    Ok(Json(Job::new(id, job)))
}
