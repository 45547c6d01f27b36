//! Applications: listed, and a kit's packet taken in.

use crate::case::Limit;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller, Key, raw};
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use services::application;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationSummary)]
pub(crate) struct Summary {
    id: String,
    state: String,
    version: i64,
    unit: String,
    received: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Receipt {
    application: String,
    /// Fingers captured.
    fingers: usize,
    /// The lowest quality among them, 0–100.
    quality_min: u8,
    /// The quality of the face, 0–100.
    #[serde(skip_serializing_if = "Option::is_none")]
    face_quality: Option<u8>,
    /// This packet had been received before.
    again: bool,
}

/// Applications of the caller's unit.
#[utoipa::path(get, path = "/api/v1/applications", operation_id = "list_applications", tag = "application",
    security(("session" = [])), params(Limit), responses(
    (status = 200, body = Vec<Summary>),
    Problems,
))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller, limit: Limit) -> Result<Json<Vec<Summary>>, Problem> {
    caller.may("status")?;
    let (limit, unit) = (limit.get(), caller.officer.unit.clone());
    let all = api.run(move |book| application::list(book, &unit, limit)).await?;
    let summary = |one: application::Summary| {
        let application::Summary { id, state, version, unit, received } = one;
        Summary { id, state, version, unit, received }
    };
    Ok(Json(all.into_iter().map(summary).collect()))
}

/// A packet as a kit signed and sealed it.
pub(crate) struct Packet(Vec<u8>);

impl FromRequest<Api> for Packet {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Packet, Problem> {
        Ok(Packet(raw(request, api, "application/octet-stream").await?.to_vec()))
    }
}

/// Takes a packet in: once, however often it is sent.
#[utoipa::path(post, path = "/api/v1/applications", operation_id = "receive_application", tag = "application",
    security(("session" = [])),
    params(Key),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 201, body = Receipt),
    Problems,
))]
pub(crate) async fn receive(
    State(api): State<Api>,
    caller: Caller,
    Packet(packet): Packet,
) -> Result<(StatusCode, Json<Receipt>), Problem> {
    caller.may("enrol")?;
    let command = caller.command(None);
    let received = api.run(move |book| application::receive(book, &command, &packet)).await?;
    let application::Received { application, fingers, quality_min, face_quality, again } = received;
    Ok((StatusCode::CREATED, Json(Receipt { application, fingers, quality_min, face_quality, again })))
}
