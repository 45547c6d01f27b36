//! Sessions: signing in with password and second factor, signing out.

use crate::problem::{Problem, Problems};
use crate::request::{Api, Attempt, Body, Caller};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use services::officer;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The account's name.
    officer: String,
    password: String,
    /// The code that the authenticator shows.
    code: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// For `Authorization: Bearer TOKEN`; good for twelve hours.
    token: String,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "sign_in", tag = "session", request_body = SignIn, responses(
    (status = 201, body = Session),
    Problems,
))]
pub(crate) async fn sign_in(
    State(api): State<Api>,
    _: Attempt,
    Body(sent): Body<SignIn>,
) -> Result<(StatusCode, Json<Session>), Problem> {
    let token = api.run(move |book| officer::sign_in(book, &sent.officer, &sent.password, &sent.code)).await?;
    Ok((StatusCode::CREATED, Json(Session { token })))
}

/// Signs out: the token is good no more.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "sign_out", tag = "session",
    security(("session" = [])), responses(
    (status = 204),
    Problems,
))]
pub(crate) async fn sign_out(State(api): State<Api>, caller: Caller) -> Result<StatusCode, Problem> {
    api.run(move |book| officer::sign_out(book, &caller.token)).await?;
    Ok(StatusCode::NO_CONTENT)
}
