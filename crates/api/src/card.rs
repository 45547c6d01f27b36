//! Cards that were made here, read with our own terminal.

use crate::image::Image;
use crate::problem::{Problem, Problems};
use crate::request::{Api, ById, Caller, Id};
use axum::Json;
use axum::extract::State;
use ids::CardId;
use serde::Serialize;
use services::{Error, batch};
use std::sync::Arc;
use utoipa::ToSchema;

/// The verdict on one mechanism.
#[derive(Serialize, ToSchema)]
#[schema(as = CardMechanism)]
pub(crate) struct Mechanism {
    /// pace, passive-authentication, chip-authentication, card-access.
    mechanism: &'static str,
    /// valid, invalid, unknown.
    verdict: &'static str,
    /// The code of the first reason why it is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// What reading a card found.
#[derive(Serialize, ToSchema)]
#[schema(as = CardReading)]
pub(crate) struct Reading {
    /// valid where every mechanism is, invalid where one is, else unknown: what is not proven is not called genuine.
    verdict: &'static str,
    mechanisms: Vec<Mechanism>,
    /// The machine-readable zone (ICAO Doc 9303-5), 90 characters, where it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    mrz: Option<String>,
    /// The face as the chip holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    face: Option<Image>,
}

/// Reads a card and verifies it; the read of its holder is recorded.
#[utoipa::path(post, path = "/api/v1/cards/{id}/read", operation_id = "read_card", tag = "card",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Reading),
    Problems,
))]
pub(crate) async fn read(State(api): State<Api>, caller: Caller, Id(id): Id<CardId>) -> Result<Json<Reading>, Problem> {
    caller.may("personalise")?;
    caller.reader(&api, "access number")?;
    let desk = Arc::clone(api.desk());
    let inspection = api
        .run(move |book| {
            let access_number = batch::access_number(book, &caller.officer, id)?;
            desk.machine.inspect(id, &access_number)?.ok_or(Error::Missing("card-missing"))
        })
        .await?;
    let verdict = match (inspection.is_refused(), inspection.is_genuine()) {
        (true, _) => "invalid",
        (false, true) => "valid",
        (false, false) => "unknown",
    };
    let mechanisms = inspection.findings.iter().map(|finding| Mechanism {
        mechanism: finding.mechanism.name(),
        verdict: finding.verdict.word(),
        reason: finding.reasons.first().map(|reason| reason.code),
    });
    Ok(Json(Reading {
        verdict,
        mechanisms: mechanisms.collect(),
        mrz: inspection.zone().map(|zone| zone.encode()),
        face: inspection.face().map(|face| Image::face(face.image)),
    }))
}
