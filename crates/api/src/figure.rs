//! What a figure of the board is made of.

use crate::board::source;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller, Parameters};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use services::Error;
use services::programme::{self, Behind, Place};
use time::Day;
use utoipa::{IntoParams, ToSchema};

/// Which figure.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Figure {
    /// The unit's code, with those below it; the caller's own unless told.
    unit: Option<String>,
    /// The measure.
    measure: String,
    /// The day, `YYYY-MM-DD`; today unless told.
    #[param(format = "date")]
    day: Option<String>,
    /// As it was known at the end of that day, and not as it is known now.
    #[serde(default)]
    then: bool,
    /// The `next` of the page before.
    after: Option<String>,
}

/// An event that counts.
#[derive(Serialize, ToSchema)]
pub(crate) struct CountedEvent {
    number: u64,
    kind: String,
    unit: String,
    /// The day it counts for.
    happened: String,
    recorded: String,
    /// Negative where it takes back.
    count: i64,
}

/// A figure that was signed.
#[derive(Serialize, ToSchema)]
pub(crate) struct FigureReturn {
    unit: String,
    day: String,
    count: u64,
    signer: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FigureRows {
    /// Empty for the nation.
    unit: String,
    measure: &'static str,
    day: String,
    value: u64,
    /// What events count; of a mean, the mean.
    counted: u64,
    /// What was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    returned: Option<u64>,
    /// counted, returned, mixed.
    source: &'static str,
    /// At most 500.
    returns: Vec<FigureReturn>,
    /// How many there are.
    returns_count: usize,
    /// The events, by the day they were recorded, the latest first; there may be none on a page and still a next one.
    items: Vec<CountedEvent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl From<programme::Rows> for FigureRows {
    fn from(found: programme::Rows) -> FigureRows {
        let event = |one: programme::Counted| CountedEvent {
            number: one.number,
            kind: one.kind,
            unit: one.unit,
            happened: one.happened.to_string(),
            recorded: one.recorded,
            count: one.count,
        };
        let signed = |one: programme::Return| FigureReturn {
            unit: one.unit,
            day: one.day.to_string(),
            count: one.count,
            signer: one.signer,
        };
        FigureRows {
            unit: found.line.unit,
            measure: found.line.measure,
            day: found.day.to_string(),
            value: found.line.value,
            counted: found.line.counted,
            returned: found.line.returned,
            source: source(found.line.source),
            returns: found.returns.into_iter().map(signed).collect(),
            returns_count: found.returns_count,
            items: found.items.into_iter().map(event).collect(),
            next: found.next.map(|next| next.to_string()),
        }
    }
}

/// The returns and the events that a figure of the board is made of.
#[utoipa::path(get, path = "/api/v1/board/rows", operation_id = "list_board_rows", tag = "programme",
    security(("session" = [])), params(Figure), responses(
    (status = 200, body = FigureRows),
    Problems,
))]
pub(crate) async fn rows(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Figure>,
) -> Result<Json<FigureRows>, Problem> {
    let malformed = || Problem::new(StatusCode::BAD_REQUEST, "parameter-malformed", Vec::new());
    let day = wanted.day.map(|day| Day::parse(&day).ok_or_else(malformed)).transpose()?;
    let after = wanted.after.filter(|after| !after.is_empty());
    let after = after.map(|after| Place::parse(&after).ok_or(Error::Missing("cursor-unknown"))).transpose()?;
    let behind = Behind { unit: wanted.unit.unwrap_or_default(), measure: wanted.measure, day, then: wanted.then };
    let found = api.run(move |book| programme::rows(book, &caller.officer, &behind, after)).await?;
    Ok(Json(found.into()))
}
