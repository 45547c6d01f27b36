//! The services as JSON under `/api/v1`.
//!
//! Standards: OpenAPI 3.1 (made from the code, `GET /api/v1/openapi.json`), problem details (RFC 9457), bearer tokens
//! (RFC 6750), `Idempotency-Key`.
//! Invariant: every operation is a service's use case; rights and units are asked there. Every answer that is not 2xx is a
//! problem with a stable code.
//! Not here: pages (`console`), listening (the roof).
//! Start reading at [`router`]; a file for each noun.

mod account;
mod application;
mod attachment;
mod batch;
mod board;
mod card;
mod case;
mod event;
mod figure;
mod followed;
mod household;
mod image;
mod import;
mod job;
mod list;
mod officer;
mod person;
mod print;
mod problem;
mod record;
mod records;
mod report;
mod request;
mod row;
mod session;
mod steer;
mod table;
mod upload;

pub use problem::refusal;
pub use records::RECORDS;
pub use request::Api;
use request::Bearer;

use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use utoipa::OpenApi;

/// Bytes of a file of returns.
const RETURNS_BYTES_MAX: usize = 4 << 20;
/// Bytes of a body, where nothing else is said.
const BODY_BYTES_MAX: usize = 64 << 10;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vạn Dân",
        description = "A population register and chip ID cards. Every read of a person is recorded with its purpose.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        session::sign_in, session::sign_out, person::search, person::read, case::list, case::read, case::decide,
        application::list, application::receive, batch::list, batch::make, batch::show, batch::approve, event::feed,
        event::status, household::read, person::prove, application::show, import::list, import::show, import::send,
        import::withdraw, row::list, row::read, row::correct, officer::list, officer::show, officer::make, officer::change,
        officer::close, officer::open, officer::reset, application::check, application::holder, batch::personalise,
        card::read, print::read, account::accept, account::show, account::remove_passkey, job::list, job::show,
        event::search, board::show, figure::rows, board::compare, board::returned, board::sign, board::targets, board::target,
        record::list, record::show, record::act, record::reports, record::report, report::freeze, report::step, report::read, report::verify, table::read, attachment::attach,
        attachment::read, steer::honours, steer::attention, steer::digest,
    ),
    components(schemas(problem::Problem)),
    modifiers(&Bearer)
)]
struct Document;

/// The OpenAPI document.
#[must_use]
pub fn document() -> serde_json::Value {
    serde_json::to_value(Document::openapi()).unwrap_or_default()
}

/// All operations.
pub fn router(api: Api) -> Router {
    let operations = Router::new()
        .route("/session", post(session::sign_in))
        .route("/session", delete(session::sign_out))
        .route("/persons/search", post(person::search))
        .route("/persons/{id}/read", post(person::read))
        .route("/persons/proof", post(person::prove))
        .route("/households/{id}/read", post(household::read))
        .route("/imports", get(import::list))
        .route("/imports", post(import::send).layer(DefaultBodyLimit::max(upload::BYTES_MAX)))
        .route("/imports/{id}", get(import::show))
        .route("/imports/{id}/withdrawal", post(import::withdraw))
        .route("/imports/{id}/files/{file}/rows", get(row::list))
        .route("/imports/{id}/files/{file}/rows/{line}/read", post(row::read))
        .route("/imports/{id}/files/{file}/rows/{line}/corrections", post(row::correct))
        .route("/officers", get(officer::list).post(officer::make))
        .route("/officers/{name}", get(officer::show).patch(officer::change))
        .route("/officers/{name}/closing", post(officer::close))
        .route("/officers/{name}/opening", post(officer::open))
        .route("/officers/{name}/reset", post(officer::reset))
        .route("/account", get(account::show).post(account::accept))
        .route("/account/passkeys/{passkey}", delete(account::remove_passkey))
        .route("/cases", get(case::list))
        .route("/cases/{id}/read", post(case::read))
        .route("/cases/{id}/prints/read", post(print::read))
        .route("/cases/{id}/decisions", post(case::decide))
        .route("/applications", get(application::list))
        .route("/applications", post(application::receive).layer(DefaultBodyLimit::max(application::PACKET_BYTES_MAX)))
        .route("/applications/check", post(application::check))
        .route("/applications/{id}", get(application::show))
        .route("/applications/{id}/holder/read", post(application::holder))
        .route("/batches", get(batch::list).post(batch::make))
        .route("/batches/{id}", get(batch::show))
        .route("/batches/{id}/approval", post(batch::approve))
        .route("/batches/{id}/personalisation", post(batch::personalise))
        .route("/cards/{id}/read", post(card::read))
        .route("/jobs", get(job::list))
        .route("/jobs/{job}", get(job::show))
        .route("/board", get(board::show))
        .route("/returns", get(board::returned))
        .route("/board/comparison", get(board::compare))
        .route("/board/rows", get(figure::rows))
        .route("/returns", post(board::sign).layer(DefaultBodyLimit::max(RETURNS_BYTES_MAX)))
        .route("/targets", get(board::targets).post(board::target))
        .route("/honours", get(steer::honours))
        .route("/attention", get(steer::attention))
        .route("/digest", get(steer::digest))
        .route("/records", get(record::list).post(record::act))
        .route("/records/{record}", get(record::show))
        .route("/records/{record}/files", post(attachment::attach).layer(DefaultBodyLimit::max(attachment::BYTES_MAX)))
        .route("/records/{record}/files/{file}", get(attachment::read))
        .route("/reports", get(record::reports).post(report::freeze))
        .route("/reports/{report}", get(record::report))
        .route("/reports/{report}/steps", post(report::step))
        .route("/reports/{report}/file/{form}", get(report::read))
        .route("/reports/{report}/verification", post(report::verify).layer(DefaultBodyLimit::max(report::BYTES_MAX)))
        .route("/tables/{table}/{form}", get(table::read))
        .route("/events", get(event::feed))
        .route("/events/search", get(event::search))
        .route("/status", get(event::status))
        .route("/openapi.json", get(|| async { Json(document()) }))
        .fallback(problem::missing)
        .method_not_allowed_fallback(problem::method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(api);
    Router::new().nest("/api/v1", operations)
}
