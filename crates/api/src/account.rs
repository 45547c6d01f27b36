//! The caller's own account: taken up, shown, its passkeys removed. Passkeys are added and used on pages: a browser binds
//! them to the server's address.

use crate::problem::{Problem, Problems};
use crate::request::{Api, Attempt, Body, Caller, Key, Name};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use services::{Error, officer};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// The account's name.
    officer: String,
    /// The code that an administrator handed over.
    one_time_code: String,
    /// At least ten characters.
    #[schema(min_length = 10)]
    password: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The secret for the authenticator (RFC 6238), in Base32; shown once.
    second_factor: String,
}

/// Takes an account up with its one-time code: sets the password, makes the second factor.
#[utoipa::path(post, path = "/api/v1/account", operation_id = "accept_account", tag = "session",
    request_body = Acceptance, responses(
    (status = 201, body = Accepted),
    Problems,
))]
pub(crate) async fn accept(
    State(api): State<Api>,
    _: Attempt,
    Body(sent): Body<Acceptance>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let Acceptance { officer, one_time_code, password } = sent;
    let accepted = api.run(move |book| officer::accept(book, &officer, &one_time_code, &password)).await?;
    Ok((StatusCode::CREATED, Json(Accepted { second_factor: accepted.second_factor })))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Passkey {
    /// The credential's id, in Base64 for addresses.
    id: String,
    added: String,
    /// When it was last used; absent where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<String>,
    /// Whether it may be on more than one device.
    synchronised: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OwnAccount)]
pub(crate) struct Account {
    name: String,
    roles: Vec<String>,
    /// The unit whose affairs the officer sees; empty for the nation.
    unit: String,
    passkeys: Vec<Passkey>,
}

/// The caller's own account.
#[utoipa::path(get, path = "/api/v1/account", operation_id = "show_account", tag = "session",
    security(("session" = [])), responses(
    (status = 200, body = Account),
    Problems,
))]
pub(crate) async fn show(State(api): State<Api>, caller: Caller) -> Result<Json<Account>, Problem> {
    let officer = caller.officer.clone();
    let passkeys = api.run(move |book| officer::passkeys(book, &officer)).await?;
    let passkey = |one: officer::Passkey| Passkey {
        id: URL_SAFE_NO_PAD.encode(&one.credential),
        added: one.added.to_string(),
        used: one.used.map(|used| used.to_string()),
        synchronised: one.eligible,
    };
    let officer::Officer { name, roles, unit, .. } = caller.officer;
    Ok(Json(Account { name, roles, unit, passkeys: passkeys.into_iter().map(passkey).collect() }))
}

/// Which passkey; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByPasskey {
    /// The passkey's id.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    passkey: String,
}

/// Takes a passkey from the caller's own account.
#[utoipa::path(delete, path = "/api/v1/account/passkeys/{passkey}", operation_id = "remove_passkey", tag = "session",
    security(("session" = [])), params(ByPasskey, Key), responses(
    (status = 204),
    Problems,
))]
pub(crate) async fn remove_passkey(
    State(api): State<Api>,
    caller: Caller,
    Name(id): Name,
) -> Result<StatusCode, Problem> {
    let credential = URL_SAFE_NO_PAD.decode(id).map_err(|_| Error::Missing("passkey-missing"))?;
    let command = caller.command(None);
    api.run(move |book| officer::remove_passkey(book, &command, &credential)).await?;
    Ok(StatusCode::NO_CONTENT)
}
