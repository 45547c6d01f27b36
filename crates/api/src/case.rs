//! Cases: listed, read, decided.

use crate::list::CaseList;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, ById, Caller, Id, Key, Parameters};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ids::CaseId;
use serde::{Deserialize, Serialize};
use services::case::{self, Verdict};
use utoipa::ToSchema;

/// An error for more than a list gives at once, and for nothing: what a client did not mean is not guessed.
pub(crate) fn within_limit(limit: Option<u16>) -> Result<(), Problem> {
    let known = limit.is_none_or(|limit| (1..=1_000).contains(&limit));
    known.then_some(()).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "parameter-malformed", Vec::new()))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    id: String,
    /// `linkage`, `fingerprint` or `number-clash`.
    kind: String,
    state: String,
    version: i64,
    unit: String,
    opened: String,
    /// How many officers have decided; not how.
    decisions: usize,
}

impl From<case::Summary> for Summary {
    fn from(one: case::Summary) -> Summary {
        let case::Summary { id, kind, state, version, unit, opened, decisions } = one;
        Summary { id, kind, state, version, unit, opened, decisions }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Contents {
    case: Summary,
    /// The person who was there.
    a: String,
    /// The other person, where entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<String>,
    /// Rows, probability and weights; or scores.
    #[schema(value_type = Object)]
    evidence: serde_json::Value,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Word {
    Same,
    Different,
    Recapture,
    Expert,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    verdict: Word,
    /// Kept sealed with the case.
    #[schema(min_length = 1)]
    reason: String,
    /// The version that was seen.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Decided {
    /// The case's state: still `open` where a second officer must agree.
    state: String,
}

/// A page of cases.
#[derive(Serialize, ToSchema)]
#[schema(as = CasePage)]
pub(crate) struct Page {
    items: Vec<Summary>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The cases of the caller's unit, the oldest first.
#[utoipa::path(get, path = "/api/v1/cases", operation_id = "list_cases", tag = "case",
    security(("session" = [])), params(CaseList), responses(
    (status = 200, body = Page),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Parameters(list): Parameters<CaseList>,
) -> Result<Json<Page>, Problem> {
    caller.may("adjudicate")?;
    let (unit, limit) = (caller.officer.unit.clone(), list.limit()?);
    let unknown = || services::Error::Missing("case-missing");
    let after = list.after.as_deref().map(|id| CaseId::parse(id).ok_or_else(unknown)).transpose()?;
    let state = list.state();
    let slice = api.run(move |book| case::list(book, &unit, state, after, limit)).await?;
    Ok(Json(Page { items: slice.items.into_iter().map(Summary::from).collect(), next: slice.next }))
}

/// Reads a case; the read is recorded for the persons in it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/read", operation_id = "read_case", tag = "case",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Contents),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CaseId>,
) -> Result<Json<Contents>, Problem> {
    caller.may("adjudicate")?;
    caller.reader(&api, "adjudication")?;
    let contents = api.run(move |book| case::show(book, &caller.officer, "adjudication", id)).await?;
    let (a, b) = (contents.a.to_string(), contents.b.map(|id| id.to_string()));
    Ok(Json(Contents { case: contents.summary.into(), a, b, evidence: contents.body }))
}

/// Decides a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/decisions", operation_id = "decide_case", tag = "case",
    security(("session" = [])),
    params(ById, Key), request_body = Decision, responses(
    (status = 200, body = Decided),
    Problems,
))]
pub(crate) async fn decide(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CaseId>,
    Body(sent): Body<Decision>,
) -> Result<Json<Decided>, Problem> {
    caller.may("adjudicate")?;
    let verdict = match sent.verdict {
        Word::Same => Verdict::Same,
        Word::Different => Verdict::Different,
        Word::Recapture => Verdict::Recapture,
        Word::Expert => Verdict::Expert,
    };
    let command = caller.command(sent.version);
    let state = api.run(move |book| case::decide(book, &command, id, verdict, &sent.reason)).await?;
    Ok(Json(Decided { state }))
}
