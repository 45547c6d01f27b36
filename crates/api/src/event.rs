//! The feed of events, to be resumed from a position; and the register in numbers.

use crate::case::within_limit;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller, Parameters};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Position {
    /// The number of the first event wanted.
    #[serde(default)]
    #[param(maximum = 9_223_372_036_854_775_807_i64)]
    from: u64,
    /// At most so many, 1 to 1,000.
    #[serde(default)]
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// An event without anything of the persons it concerns.
#[derive(Serialize, ToSchema)]
pub(crate) struct Event {
    number: u64,
    kind: String,
    unit: String,
    recorded: String,
    /// What stands in the ledger for it, in hexadecimal.
    commitment: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Feed {
    events: Vec<Event>,
    /// What to give as `from` the next time.
    next: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Persons {
    entered: u64,
    numbered: u64,
    number_pending: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Status {
    persons: Persons,
    staged: u64,
    households: u64,
    cases_open: u64,
    applications: u64,
    cards: u64,
    events: u64,
    reads: u64,
    ledger_size: u64,
    ledger_root: String,
    version: String,
}

/// Events in order, from a position.
///
/// Kinds, units and times are the whole nation's: only its own auditors may.
#[utoipa::path(get, path = "/api/v1/events", operation_id = "feed_events", tag = "event",
    security(("session" = [])), params(Position), responses(
    (status = 200, body = Feed),
    Problems,
))]
pub(crate) async fn feed(
    State(api): State<Api>,
    caller: Caller,
    Parameters(position): Parameters<Position>,
) -> Result<Json<Feed>, Problem> {
    caller.may("audit")?;
    caller.officer.of_nation()?;
    within_limit(position.limit)?;
    if i64::try_from(position.from).is_err() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "parameter-malformed", Vec::new()));
    }
    let limit = usize::from(position.limit.unwrap_or(100)).clamp(1, 1_000);
    let from = position.from;
    let stored = api.run(move |book| book.view(|view| Ok(view.events(from, limit)?))).await?;
    let next = stored.last().map_or(from, |last| last.number + 1);
    let events = stored.into_iter().map(|event| Event {
        number: event.number,
        kind: event.kind,
        unit: event.unit,
        recorded: event.recorded.to_string(),
        commitment: event.commitment.iter().map(|byte| format!("{byte:02x}")).collect(),
    });
    Ok(Json(Feed { events: events.collect(), next }))
}

/// The register in numbers.
#[utoipa::path(get, path = "/api/v1/status", operation_id = "show_status", tag = "event",
    security(("session" = [])), responses(
    (status = 200, body = Status),
    Problems,
))]
pub(crate) async fn status(State(api): State<Api>, caller: Caller) -> Result<Json<Status>, Problem> {
    caller.may("status")?;
    let version = api.version();
    let (_, one) = api.run(move |book| services::status::recent(book, version)).await?;
    let services::status::Persons { entered, numbered, number_pending } = one.persons;
    Ok(Json(Status {
        persons: Persons { entered, numbered, number_pending },
        staged: one.staged,
        households: one.households,
        cases_open: one.cases_open,
        applications: one.applications,
        cards: one.cards,
        events: one.events,
        reads: one.reads,
        ledger_size: one.ledger_size,
        ledger_root: one.ledger_root,
        version: one.version,
    }))
}
