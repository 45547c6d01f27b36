//! Batches: made, shown, approved, personalised.

use crate::job::{self, Begins, Begun};
use crate::list::BatchList;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, ById, Caller, Id, Key, Parameters};
use axum::Json;
use axum::extract::State;
use ids::BatchId;
use serde::{Deserialize, Serialize};
use services::job::{Order, Progress};
use services::{Desk, batch};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = BatchSummary)]
pub(crate) struct Summary {
    id: String,
    /// open, approved, personalised.
    state: String,
    version: i64,
    cards: i64,
}

impl From<batch::Summary> for Summary {
    fn from(one: batch::Summary) -> Summary {
        let batch::Summary { batch, state, version, cards } = one;
        Summary { id: batch, state, version, cards }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Line {
    application: String,
    state: String,
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    card_state: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Shown {
    batch: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<String>,
    cards: Vec<Line>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    /// The batch; absent where there was nothing to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<String>,
    cards: usize,
    /// Applications left out because nobody is known to have enrolled them.
    without_enroller: usize,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// The version that was seen.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Approved {
    cards: usize,
}

/// A page of batches.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchPage)]
pub(crate) struct Page {
    items: Vec<Summary>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The batches with an application of the caller's unit, the newest first.
#[utoipa::path(get, path = "/api/v1/batches", operation_id = "list_batches", tag = "batch",
    security(("session" = [])), params(BatchList), responses(
    (status = 200, body = Page),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Parameters(list): Parameters<BatchList>,
) -> Result<Json<Page>, Problem> {
    caller.may("status")?;
    let (unit, limit) = (caller.officer.unit.clone(), list.limit()?);
    let unknown = || services::Error::Missing("batch-missing");
    let after = list.after.as_deref().map(|id| BatchId::parse(id).ok_or_else(unknown)).transpose()?;
    let state = list.state();
    let slice = api.run(move |book| batch::list(book, &unit, state, after, limit)).await?;
    Ok(Json(Page { items: slice.items.into_iter().map(Summary::from).collect(), next: slice.next }))
}

/// Collects the checked applications into a batch.
#[utoipa::path(post, path = "/api/v1/batches", operation_id = "make_batch", tag = "batch",
    security(("session" = [])),
    params(Key), responses(
    (status = 200, body = Made),
    Problems,
))]
pub(crate) async fn make(State(api): State<Api>, caller: Caller) -> Result<Json<Made>, Problem> {
    caller.may("personalise")?;
    let command = caller.command(None);
    let made = api.run(move |book| batch::new(book, &command, 500)).await?;
    let batch = made.batch.map(|id| id.to_string());
    Ok(Json(Made { batch, cards: made.cards, without_enroller: made.without_enroller }))
}

/// A batch, card by card.
#[utoipa::path(get, path = "/api/v1/batches/{id}", operation_id = "show_batch", tag = "batch",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Shown),
    Problems,
))]
pub(crate) async fn show(State(api): State<Api>, caller: Caller, Id(id): Id<BatchId>) -> Result<Json<Shown>, Problem> {
    let shown = api.run(move |book| batch::show(book, &caller.officer, id)).await?;
    let line = |one: batch::Line| {
        let batch::Line { application, state, unit, card, card_state } = one;
        Line { application, state, unit, card, card_state }
    };
    let cards = shown.lines.into_iter().map(line).collect();
    Ok(Json(Shown { batch: shown.summary.into(), approver: shown.approver, cards }))
}

/// Approves a batch; refused to whoever enrolled one of its applications.
#[utoipa::path(post, path = "/api/v1/batches/{id}/approval", operation_id = "approve_batch", tag = "batch",
    security(("session" = [])),
    params(ById, Key), request_body = Approval, responses(
    (status = 200, body = Approved),
    Problems,
))]
pub(crate) async fn approve(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<BatchId>,
    Body(sent): Body<Approval>,
) -> Result<Json<Approved>, Problem> {
    caller.may("approve")?;
    let command = caller.command(sent.version);
    let cards = api.run(move |book| batch::approve(book, &command, id)).await?;
    Ok(Json(Approved { cards }))
}

/// Makes the cards of an approved batch on this machine: a job. One that was cut off goes on with the cards that are missing.
#[utoipa::path(post, path = "/api/v1/batches/{id}/personalisation", operation_id = "personalise_batch", tag = "batch",
    security(("session" = [])), params(ById, Key), request_body = Approval, responses(Begins, Problems))]
pub(crate) async fn personalise(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<BatchId>,
    Body(sent): Body<Approval>,
) -> Result<Begun, Problem> {
    caller.may("personalise")?;
    let officer = caller.officer.clone();
    // Whoever does not see it does not hear of it by a job that fails.
    api.run(move |book| batch::show(book, &officer, id)).await?;
    let command = caller.command(sent.version);
    let what = format!("{id} {}", sent.version.unwrap_or(0));
    let work = move |desk: &Desk, progress: Progress<'_>| services::job::personalise(desk, &command, id, progress);
    let order = Order { kind: "personalise", key: caller.key(), what: &what, mebibytes: 0 };
    job::begin(&api, &caller, order, work).await
}
