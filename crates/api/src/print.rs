//! Prints of a fingerprint case, side by side.

use crate::image::Image;
use crate::problem::{Problem, Problems};
use crate::request::{Api, ById, Caller, Id};
use axum::Json;
use axum::extract::State;
use ids::CaseId;
use serde::Serialize;
use services::case;
use utoipa::ToSchema;

/// One impression of one finger.
#[derive(Serialize, ToSchema)]
pub(crate) struct Print {
    image: Image,
    /// Of the image, in pixels.
    width: u32,
    height: u32,
}

impl From<&case::Print> for Print {
    fn from(one: &case::Print) -> Print {
        Print { image: Image::png(&one.image.to_png()), width: one.image.width(), height: one.image.height() }
    }
}

/// A finger of the applicant and the same finger of somebody who was like them.
#[derive(Serialize, ToSchema)]
#[schema(as = PrintPair)]
pub(crate) struct Pair {
    /// 1 to 10 (ISO/IEC 19794-2).
    finger: u8,
    /// The other's; another one, where hands or two fingers were exchanged when one of them was captured.
    other_finger: u8,
    candidate: String,
    /// The comparison score.
    score: f32,
    applicant: Print,
    other: Print,
    /// Minutiae that lie on each other: their places in the one and the other, in pixels at 500 dpi.
    matched: Vec<[[u16; 2]; 2]>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PrintPairs)]
pub(crate) struct Pairs {
    pairs: Vec<Pair>,
}

/// Reads the prints of a fingerprint case; the read is recorded for everybody in it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/prints/read", operation_id = "read_prints", tag = "case",
    security(("session" = [])), params(ById), responses(
    (status = 200, body = Pairs),
    Problems,
))]
pub(crate) async fn read(State(api): State<Api>, caller: Caller, Id(id): Id<CaseId>) -> Result<Json<Pairs>, Problem> {
    caller.may("adjudicate")?;
    caller.reader(&api, "adjudication")?;
    let pairs = api.run(move |book| case::prints(book, &caller.officer, "adjudication", id)).await?;
    let pair = |one: &case::Pair| Pair {
        finger: one.applicant.position,
        other_finger: one.other.position,
        candidate: one.candidate.to_string(),
        score: one.score,
        applicant: (&one.applicant).into(),
        other: (&one.other).into(),
        matched: one.matched.iter().map(|(own, other)| [*own, *other]).collect(),
    };
    Ok(Json(Pairs { pairs: pairs.iter().map(pair).collect() }))
}
