//! Persons: searched and read, each time with a purpose, each time recorded.

use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, ById, Caller, Id};
use axum::Json;
use axum::extract::State;
use ids::PersonId;
use serde::{Deserialize, Serialize};
use services::person::{self, Entry};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    /// Words of the name, in any order and without marks, or a number of 12 or 9 digits.
    #[schema(example = "nguyen van", min_length = 1)]
    text: String,
    /// Why; recorded with the read.
    #[schema(example = "request", min_length = 1, max_length = 500)]
    purpose: String,
    /// The last person of the page before.
    #[serde(default)]
    after: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Purpose {
    /// Why; recorded with the read.
    #[schema(example = "request", min_length = 1, max_length = 500)]
    pub(crate) purpose: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Person {
    id: String,
    version: i64,
    /// `active`, `withdrawn` or `merged`.
    status: String,
    /// The personal number; absent while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// The commune of residence.
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    household: Option<String>,
    /// What the register says of them.
    #[schema(value_type = Object)]
    facts: serde_json::Value,
}

impl Person {
    pub(crate) fn of(entry: &Entry) -> Person {
        Person {
            id: entry.id.to_string(),
            version: entry.version,
            status: entry.status.clone(),
            number: entry.person.number.clone(),
            unit: entry.unit.clone(),
            household: entry.household.map(|household| household.to_string()),
            facts: serde_json::to_value(entry.person.facts().0).unwrap_or_default(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    persons: Vec<Person>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Somebody was found outside the caller's unit.
    elsewhere: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Read {
    person: Person,
    /// Every event of the person, in order, reads too; of somebody with more than a thousand events, reads before the last
    /// thousand are left out. Officers of other units are not named.
    #[schema(value_type = Vec<Object>)]
    history: serde_json::Value,
}

/// Searches persons; the page is one read event that names everybody on it.
#[utoipa::path(post, path = "/api/v1/persons/search", operation_id = "search_persons", tag = "person",
    security(("session" = [])), request_body = Search, responses(
    (status = 200, body = Found),
    Problems,
))]
pub(crate) async fn search(
    State(api): State<Api>,
    caller: Caller,
    Body(sent): Body<Search>,
) -> Result<Json<Found>, Problem> {
    caller.may("read")?;
    let unknown = || services::Error::Missing("person-missing");
    let after = sent.after.as_deref().map(|id| PersonId::parse(id).ok_or_else(unknown)).transpose()?;
    let reader = caller.reader(&api, &sent.purpose)?;
    let page = api.run(move |book| person::find(book, &reader, &sent.text, after)).await?;
    let persons = page.entries.iter().map(Person::of).collect();
    Ok(Json(Found { persons, next: page.next.map(|id| id.to_string()), elsewhere: page.elsewhere }))
}

/// Reads one person with history.
#[utoipa::path(post, path = "/api/v1/persons/{id}/read", operation_id = "read_person", tag = "person",
    security(("session" = [])),
    params(ById), request_body = Purpose, responses(
    (status = 200, body = Read),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<PersonId>,
    Body(sent): Body<Purpose>,
) -> Result<Json<Read>, Problem> {
    caller.may("read")?;
    let reader = caller.reader(&api, &sent.purpose)?;
    let unit = caller.officer.unit.clone();
    let (entry, history) = api
        .run(move |book| {
            let entry = person::open_by_id(book, &reader, id)?;
            let history = services::history::for_unit(book, services::history::of(book, &entry)?, &unit)?;
            Ok((entry, history))
        })
        .await?;
    let history = serde_json::to_value(&history).unwrap_or_default();
    Ok(Json(Read { person: Person::of(&entry), history }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofOf {
    /// The personal number, twelve digits, or the old one of nine.
    #[schema(pattern = "^([0-9]{9}|[0-9]{12})$")]
    number: String,
    /// Why; recorded with the proof.
    purpose: String,
}

/// Proves everything that was done with a person's data: every event, in order, under a signed checkpoint. Making the proof is
/// itself an event, and stands in it. `vandan audit proof-verify` checks it without the register.
#[utoipa::path(post, path = "/api/v1/persons/proof", operation_id = "prove_person", tag = "person",
    security(("session" = [])), request_body = ProofOf, responses(
    (status = 200, body = serde_json::Value),
    Problems,
))]
pub(crate) async fn prove(
    State(api): State<Api>,
    caller: Caller,
    Body(sent): Body<ProofOf>,
) -> Result<Json<serde_json::Value>, Problem> {
    caller.reader(&api, &sent.purpose)?;
    let proof = api.run(move |book| services::audit::prove(book, &caller.officer, &sent.purpose, &sent.number)).await?;
    Ok(Json(serde_json::to_value(&proof).unwrap_or_default()))
}
