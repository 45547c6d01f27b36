//! An account changed, closed, opened, reset. What the caller saw is named by its version: a second administrator is refused.

use super::{ByName, Made, Role, words};
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, Caller, Key, Name};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use services::officer;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OfficerChange)]
pub(crate) struct Change {
    /// At least one; what is absent stays.
    #[serde(default)]
    #[schema(min_items = 1)]
    roles: Option<Vec<Role>>,
    /// The unit's code, empty for the nation; what is absent stays.
    #[serde(default)]
    unit: Option<String>,
    /// The version that was seen.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

/// Changes an account's roles, its unit, or both. It holds for the officer's next command.
#[utoipa::path(patch, path = "/api/v1/officers/{name}", operation_id = "change_officer", tag = "officer",
    security(("session" = [])), params(ByName, Key), request_body = Change, responses(
    (status = 204),
    Problems,
))]
pub(crate) async fn change(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
    Body(sent): Body<Change>,
) -> Result<StatusCode, Problem> {
    let (command, roles) = (caller.command(sent.version), sent.roles.as_deref().map(words));
    if roles.is_none() && sent.unit.is_none() {
        // Nothing is to be changed: nothing is written, and nobody else's version grows old.
        caller.may("administer")?;
        command.usable()?;
        let (unit, missing) = (caller.officer.unit.clone(), services::Error::Missing("officer-missing"));
        let known = api.run(move |book| officer::find(book, &unit, &name)).await?;
        return Ok(known.map(|_| StatusCode::NO_CONTENT).ok_or(missing)?);
    }
    api.run(move |book| officer::change(book, &command, &name, roles.as_deref(), sent.unit.as_deref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// The version that was seen.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

/// Closes an account; its sessions end at once.
#[utoipa::path(post, path = "/api/v1/officers/{name}/closing", operation_id = "close_officer", tag = "officer",
    security(("session" = [])), params(ByName, Key), request_body = Seen, responses(
    (status = 204),
    Problems,
))]
pub(crate) async fn close(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
    Body(sent): Body<Seen>,
) -> Result<StatusCode, Problem> {
    let command = caller.command(sent.version);
    api.run(move |book| officer::close(book, &command, &name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens an account that was closed, or that closed itself after too many failures.
#[utoipa::path(post, path = "/api/v1/officers/{name}/opening", operation_id = "open_officer", tag = "officer",
    security(("session" = [])), params(ByName, Key), request_body = Seen, responses(
    (status = 204),
    Problems,
))]
pub(crate) async fn open(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
    Body(sent): Body<Seen>,
) -> Result<StatusCode, Problem> {
    let command = caller.command(sent.version);
    api.run(move |book| officer::reopen(book, &command, &name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an account a new one-time code; password, second factor, passkeys and sessions are gone.
#[utoipa::path(post, path = "/api/v1/officers/{name}/reset", operation_id = "reset_officer", tag = "officer",
    security(("session" = [])), params(ByName, Key), request_body = Seen, responses(
    (status = 200, body = Made),
    Problems,
))]
pub(crate) async fn reset(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
    Body(sent): Body<Seen>,
) -> Result<Json<Made>, Problem> {
    let (command, wanted) = (caller.command(sent.version), name.clone());
    let one_time_code = api.run(move |book| officer::reset(book, &command, &wanted)).await?;
    Ok(Json(Made { name, one_time_code }))
}
