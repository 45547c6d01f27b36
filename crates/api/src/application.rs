//! Applications: listed, shown, a kit's packet taken in, those that wait checked; what a card of one will show.

use crate::image::Image;
use crate::job::{self, Begins, Begun};
use crate::list::ApplicationList;
use crate::problem::{Problem, Problems};
use crate::request::{Api, ById, Caller, Id, Key, Parameters, Room, raw};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use ids::ApplicationId;
use serde::Serialize;
use services::job::{Order, Progress};
use services::{Desk, application, batch};
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

/// A page of applications.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationPage)]
pub(crate) struct Page {
    items: Vec<Summary>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The applications of the caller's unit, the oldest first.
#[utoipa::path(get, path = "/api/v1/applications", operation_id = "list_applications", tag = "application",
    security(("session" = [])), params(ApplicationList), responses(
    (status = 200, body = Page),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Parameters(list): Parameters<ApplicationList>,
) -> Result<Json<Page>, Problem> {
    caller.may("status")?;
    let (unit, limit) = (caller.officer.unit.clone(), list.limit()?);
    let unknown = || services::Error::Missing("application-unknown");
    let after = list.after.as_deref().map(|id| ApplicationId::parse(id).ok_or_else(unknown)).transpose()?;
    let state = list.state();
    let slice = api.run(move |book| application::list(book, &unit, state, after, limit)).await?;
    let summary = |one: application::Summary| {
        let application::Summary { id, state, version, unit, received } = one;
        Summary { id, state, version, unit, received }
    };
    Ok(Json(Page { items: slice.items.into_iter().map(summary).collect(), next: slice.next }))
}

/// Bytes of a packet.
pub(crate) const PACKET_BYTES_MAX: usize = 64 << 20;

/// A packet as a kit signed and sealed it, who sent it, and the room that it takes.
pub(crate) struct Packet(Caller, Bytes, Room);

impl FromRequest<Api> for Packet {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Packet, Problem> {
        let (caller, request) = Caller::sending(request, api, "enrol").await?;
        let room = Room::wait(api, request.headers(), PACKET_BYTES_MAX).await?;
        Ok(Packet(caller, raw(request, api, "application/octet-stream").await?, room))
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
    Packet(caller, packet, _room): Packet,
) -> Result<(StatusCode, Json<Receipt>), Problem> {
    let command = caller.command(None);
    let received = api.run(move |book| application::receive(book, &command, &packet)).await?;
    let application::Received { application, fingers, quality_min, face_quality, again } = received;
    Ok((StatusCode::CREATED, Json(Receipt { application, fingers, quality_min, face_quality, again })))
}

#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationFinger)]
pub(crate) struct Finger {
    /// 1 to 10 (ISO/IEC 19794-2).
    position: u8,
    /// Why it was not captured: amputated, bandaged, worn.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
    /// 0 to 100.
    quality: u8,
    /// What most lowers the quality: good, too-small, dry, wet, moved, unclear, few-minutiae.
    reason: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationShown)]
pub(crate) struct Shown {
    application: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    face_quality: Option<u8>,
    fingers: Vec<Finger>,
}

/// An application with the quality of each finger. Nothing in it names a person.
#[utoipa::path(get, path = "/api/v1/applications/{id}", operation_id = "show_application", tag = "application",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Shown),
    Problems,
))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ApplicationId>,
) -> Result<Json<Shown>, Problem> {
    let shown = api.run(move |book| application::show(book, &caller.officer, id)).await?;
    let application::Summary { id, state, version, unit, received } = shown.summary;
    let finger = |one: application::FingerShown| {
        let application::FingerShown { position, missing, quality, reason } = one;
        Finger { position, missing, quality, reason }
    };
    Ok(Json(Shown {
        application: Summary { id, state, version, unit, received },
        face_quality: shown.face_quality,
        fingers: shown.fingers.into_iter().map(finger).collect(),
    }))
}

/// Searches every application that waits against everybody enrolled: a job.
#[utoipa::path(post, path = "/api/v1/applications/check", operation_id = "check_applications", tag = "application",
    security(("session" = [])), params(Key), responses(Begins, Problems))]
pub(crate) async fn check(State(api): State<Api>, caller: Caller) -> Result<Begun, Problem> {
    caller.may("enrol")?;
    let command = caller.command(None);
    let work = move |desk: &Desk, progress: Progress<'_>| services::job::check(desk, &command, progress);
    let order = Order { kind: "check", key: caller.key(), what: "", mebibytes: 0 };
    job::begin(&api, &caller, order, work).await
}

/// What the two faces of a card show.
#[derive(Serialize, ToSchema)]
#[schema(as = CardHolder)]
pub(crate) struct Holder {
    number: String,
    full_name: String,
    birth: String,
    /// M or F.
    sex: String,
    nationality: String,
    home_town: String,
    residence: String,
    features: String,
    issue: String,
    /// Absent on a card without expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry: Option<String>,
    face: Image,
}

/// Reads what the card of an application will show; the read is recorded.
#[utoipa::path(post, path = "/api/v1/applications/{id}/holder/read", operation_id = "read_holder", tag = "application",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Holder),
    Problems,
))]
pub(crate) async fn holder(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ApplicationId>,
) -> Result<Json<Holder>, Problem> {
    caller.reader(&api, "issuance")?;
    let holder = api.run(move |book| batch::faces(book, &caller.officer, id)).await?;
    let day = |date: &lds::Date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    Ok(Json(Holder {
        birth: day(&holder.birth),
        sex: if holder.sex == lds::mrz::Sex::Male { "M" } else { "F" }.to_owned(),
        issue: day(&holder.issue),
        expiry: holder.expiry.as_ref().map(day),
        face: Image::face(&holder.face_jpeg),
        number: holder.number,
        full_name: holder.full_name,
        nationality: holder.nationality,
        home_town: holder.home_town,
        residence: holder.residence,
        features: holder.features,
    }))
}
