//! Cases: listed, read, decided.

use crate::list::{CaseState, CaseStates, List, Place};
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, Caller, Id};
use axum::Json;
use axum::extract::State;
use ids::CaseId;
use serde::{Deserialize, Serialize};
use services::case::{self, Verdict};
use utoipa::ToSchema;

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
pub(crate) struct Decision {
    verdict: Word,
    /// Kept sealed with the case.
    reason: String,
    /// The version that was seen.
    #[serde(default)]
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
#[utoipa::path(get, path = "/api/v1/cases", tag = "case", security(("session" = [])), params(CaseStates, Place), responses(
    (status = 200, body = Page),
    Problems,
))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller, list: List<CaseState>) -> Result<Json<Page>, Problem> {
    caller.may("adjudicate")?;
    let (unit, limit) = (caller.officer.unit.clone(), list.place.limit());
    let unknown = || services::Error::Missing("case-missing");
    let after = list.place.after.map(|id| CaseId::parse(&id).ok_or_else(unknown)).transpose()?;
    let state = CaseState::word(list.state);
    let slice = api.run(move |book| case::list(book, &unit, state, after, limit)).await?;
    Ok(Json(Page { items: slice.items.into_iter().map(Summary::from).collect(), next: slice.next }))
}

/// Reads a case; the read is recorded for the persons in it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/read", tag = "case", security(("session" = [])), params(("id" = String, Path)), responses(
    (status = 200, body = Contents),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CaseId>,
) -> Result<Json<Contents>, Problem> {
    caller.may("adjudicate")?;
    let contents = api.run(move |book| case::show(book, &caller.officer, "adjudication", id)).await?;
    let (a, b) = (contents.a.to_string(), contents.b.map(|id| id.to_string()));
    Ok(Json(Contents { case: contents.summary.into(), a, b, evidence: contents.body }))
}

/// Decides a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/decisions", tag = "case", security(("session" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = Decision, responses(
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
