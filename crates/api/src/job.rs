//! Jobs: work that takes longer than an answer may. It is answered with its job, and that is asked about.

use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller, Name};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use services::job::{Done, Order, Progress};
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
    /// The id of what it made, where it made one thing: an import's.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

impl Job {
    fn new(id: String, job: job::Job) -> Job {
        let state = job.state().to_owned();
        let (done, problem) = match job.result {
            None => (Done::default(), None),
            Some(Ok(done)) => (done, None),
            Some(Err(error)) => (Done::default(), Some(Problem::from(error))),
        };
        let figures = done.figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (kind, begun) = (job.kind.to_owned(), job.begun.to_string());
        Job { job: id, kind, state, begun, done: job.done, total: job.total, figures, made: done.made, problem }
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

/// Begins a job.
pub(crate) async fn begin(
    api: &Api,
    caller: &Caller,
    order: Order<'_>,
    work: impl FnOnce(&Desk, Progress<'_>) -> Result<Done, Error> + Send + 'static,
) -> Result<Begun, Problem> {
    caller.command(None).usable()?;
    let desk = Arc::clone(api.desk());
    let own = Arc::clone(&desk);
    let id = desk.jobs.begin(&desk.book, &caller.officer, order, move |progress| work(&own, progress))?;
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
pub(crate) async fn show(State(api): State<Api>, caller: Caller, Name(id): Name) -> Result<Json<Job>, Problem> {
    let (desk, wanted) = (Arc::clone(api.desk()), id.clone());
    let job = api.run(move |book| desk.jobs.find(book, &caller.officer, &wanted)).await?;
    Ok(Json(Job::new(id, job)))
}
