//! Households: their members, read.

use crate::person::{Person, Purpose};
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, ById, Caller, Id};
use axum::Json;
use axum::extract::State;
use ids::HouseholdId;
use serde::Serialize;
use services::person;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Members {
    /// Those of the caller's unit.
    persons: Vec<Person>,
}

/// Reads a household's members; one read event names them.
#[utoipa::path(post, path = "/api/v1/households/{id}/read", operation_id = "read_household", tag = "person",
    security(("session" = [])), params(ById), request_body = Purpose, responses(
    (status = 200, body = Members),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<HouseholdId>,
    Body(sent): Body<Purpose>,
) -> Result<Json<Members>, Problem> {
    caller.may("read")?;
    let reader = caller.reader(&api, &sent.purpose)?;
    let entries = api.run(move |book| person::household(book, &reader, id)).await?;
    Ok(Json(Members { persons: entries.iter().map(Person::of).collect() }))
}
