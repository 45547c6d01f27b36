//! Officers: accounts with their roles and units, listed, shown, made; changed, closed, opened, reset by an administrator.

mod change;

#[doc(hidden)]
pub(crate) use change::{__path_change, __path_close, __path_open, __path_reset};
pub(crate) use change::{change, close, open, reset};

use crate::case::within_limit;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, Caller, Key, Name, Parameters};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use services::officer;
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

/// Where in the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfficerList {
    /// The `next` of the page before: an account's name.
    #[param(max_length = 64)]
    after: Option<String>,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Account {
    id: String,
    name: String,
    roles: Vec<String>,
    /// The unit whose affairs the officer sees; empty for the nation.
    unit: String,
    /// invited, active, locked, closed.
    state: String,
    version: i64,
}

impl From<officer::Account> for Account {
    fn from(one: officer::Account) -> Account {
        let officer::Account { officer, state, version } = one;
        Account {
            id: officer.id.to_string(),
            name: officer.name,
            roles: officer.roles,
            unit: officer.unit,
            state,
            version,
        }
    }
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
#[schema(as = OfficerPage)]
pub(crate) struct Page {
    items: Vec<Account>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The accounts of the caller's unit, unit by unit and by name.
#[utoipa::path(get, path = "/api/v1/officers", operation_id = "list_officers", tag = "officer",
    security(("session" = [])), params(OfficerList), responses(
    (status = 200, body = Page),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Parameters(list): Parameters<OfficerList>,
) -> Result<Json<Page>, Problem> {
    caller.may("administer")?;
    within_limit(list.limit)?;
    let (unit, limit) = (caller.officer.unit.clone(), usize::from(list.limit.unwrap_or(100)));
    let slice = api.run(move |book| officer::list(book, &unit, list.after.as_deref(), limit)).await?;
    Ok(Json(Page { items: slice.items.into_iter().map(Account::from).collect(), next: slice.next }))
}

/// Whose account; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByName {
    /// The account's name.
    #[param(min_length = 1, max_length = 64)]
    name: String,
}

/// One account of the caller's unit.
#[utoipa::path(get, path = "/api/v1/officers/{name}", operation_id = "show_officer", tag = "officer",
    security(("session" = [])), params(ByName), responses(
    (status = 200, body = Account),
    Problems,
))]
pub(crate) async fn show(State(api): State<Api>, caller: Caller, Name(name): Name) -> Result<Json<Account>, Problem> {
    caller.may("administer")?;
    let unit = caller.officer.unit.clone();
    let account = api.run(move |book| officer::find(book, &unit, &name)).await?;
    Ok(Json(account.ok_or(services::Error::Missing("officer-missing"))?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOfficer)]
pub(crate) struct New {
    /// Letters, digits, dot, dash and underline.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
    name: String,
    /// At least one.
    #[schema(min_items = 1)]
    roles: Vec<Role>,
    /// The unit's code; empty for the nation.
    unit: String,
}

/// What an officer may be.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Administrator,
    Collector,
    Reader,
    Enroller,
    Adjudicator,
    Approver,
    Personaliser,
    Auditor,
    Director,
    Inspector,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Collector => "collector",
            Role::Reader => "reader",
            Role::Enroller => "enroller",
            Role::Adjudicator => "adjudicator",
            Role::Approver => "approver",
            Role::Personaliser => "personaliser",
            Role::Auditor => "auditor",
            Role::Director => "director",
            Role::Inspector => "inspector",
        }
    }
}

/// The words of roles, each once.
fn words(roles: &[Role]) -> Vec<String> {
    let words: BTreeSet<&str> = roles.iter().map(|role| role.word()).collect();
    words.into_iter().map(str::to_owned).collect()
}

#[derive(Serialize, ToSchema)]
#[schema(as = OfficerMade)]
pub(crate) struct Made {
    name: String,
    /// To be handed to the officer; with it the account is taken up, once.
    one_time_code: String,
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/officers", operation_id = "make_officer", tag = "officer",
    security(("session" = [])), params(Key), request_body = New, responses(
    (status = 201, body = Made),
    Problems,
))]
pub(crate) async fn make(
    State(api): State<Api>,
    caller: Caller,
    Body(sent): Body<New>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let (command, name) = (caller.command(None), sent.name.clone());
    let roles = words(&sent.roles);
    let one_time_code = api.run(move |book| officer::create(book, &command, &sent.name, &roles, &sent.unit)).await?;
    Ok((StatusCode::CREATED, Json(Made { name, one_time_code })))
}
