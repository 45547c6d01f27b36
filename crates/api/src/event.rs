//! Events: a feed to be resumed from a position, the auditor's search; and the register in numbers.

use crate::case::within_limit;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller, Parameters};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use services::audit;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
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

/// The kinds of event, for the document.
fn kinds() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(audit::KINDS.iter().copied())).into()
}

/// What is searched for; what is absent does not count.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// A kind of event.
    #[param(schema_with = kinds)]
    kind: Option<String>,
    /// A unit's code: with everything below it.
    #[serde(default)]
    unit: String,
    /// An account's name.
    #[serde(default)]
    officer: String,
    /// A day in Việt Nam, `YYYY-MM-DD`.
    #[param(format = "date")]
    day: Option<String>,
    /// The `next` of the page before.
    #[param(minimum = 0, maximum = 9_223_372_036_854_775_807_i64)]
    before: Option<u64>,
}

/// An event as an auditor finds it.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundEvent {
    number: u64,
    kind: String,
    unit: String,
    recorded: String,
    /// The account's name; absent for the operator, and where the auditor may not know which officer.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<String>,
    /// The operator of the machine did it.
    operator: bool,
}

/// A page of them. There may be none on it and still a next page.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundEvents {
    items: Vec<FoundEvent>,
    /// What to give as `before` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// Searches the events of the auditor's unit, the newest first. Nothing in it names a person.
#[utoipa::path(get, path = "/api/v1/events/search", operation_id = "search_events", tag = "event",
    security(("session" = [])), params(Wanted), responses(
    (status = 200, body = FoundEvents),
    Problems,
))]
pub(crate) async fn search(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<FoundEvents>, Problem> {
    caller.may("audit")?;
    let Wanted { kind, unit, officer, day, before } = wanted;
    // An empty day or kind is not the same as none.
    let empty = [&kind, &day].into_iter().flatten().any(String::is_empty);
    if empty || before.is_some_and(|before| i64::try_from(before).is_err()) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "parameter-malformed", Vec::new()));
    }
    let wanted = audit::Wanted { kind: kind.unwrap_or_default(), unit, officer, day: day.unwrap_or_default() };
    let page = api.run(move |book| audit::search(book, &caller.officer, &wanted, before)).await?;
    let found = |one: audit::Found| {
        let audit::Found { number, kind, unit, recorded, officer, operator } = one;
        FoundEvent { number, kind, unit, recorded, officer, operator }
    };
    Ok(Json(FoundEvents { items: page.events.into_iter().map(found).collect(), next: page.next }))
}

/// The register in numbers.
#[utoipa::path(get, path = "/api/v1/status", operation_id = "show_status", tag = "event",
    security(("session" = [])), responses(
    (status = 200, body = Status),
    Problems,
))]
pub(crate) async fn status(State(api): State<Api>, caller: Caller) -> Result<Json<Status>, Problem> {
    caller.may("status")?;
    let version = api.desk().version;
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
