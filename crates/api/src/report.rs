//! Reports: frozen, checked, signed, given as files, and copies verified. Listing and showing them is beside the records.

use crate::problem::{Problem, Problems};
use crate::record::{ByReport, ReportSummary};
use crate::request::{Api, Body, Caller, Key, Name, Room, raw};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ids::Uuid;
use serde::{Deserialize, Serialize};
use services::programme::{self, Freezing, ReportKind, Rulebook};
use std::sync::Arc;
use text::{Language, Texts};
use time::{Day, Instant};
use utoipa::{IntoParams, ToSchema};

/// Bytes of a copy.
pub(crate) const BYTES_MAX: usize = 64 << 20;

/// The report that an address names.
pub(crate) fn id(name: &str) -> Result<Uuid, Problem> {
    Uuid::parse(name).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "report-missing", Vec::new()))
}

/// What a report is for.
#[derive(Deserialize, ToSchema, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReportPurpose {
    /// The report of a unit; of the nation, to the Government.
    Unit,
    /// The papers of a conference: a page for each unit.
    Conference,
}

/// The language of a report.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReportLanguage {
    Vi,
    En,
}

/// What is to be frozen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportAsked {
    /// The unit's code; the caller's own unless told.
    #[serde(default)]
    unit: String,
    /// What it is for; the unit's own report unless told.
    #[serde(default)]
    purpose: Option<ReportPurpose>,
    /// The day at whose end its figures stood so, `YYYY-MM-DD`, as it was known then; now unless told.
    #[serde(default)]
    #[schema(format = Date)]
    day: Option<String>,
    /// The title; the usual one unless told.
    #[serde(default)]
    #[schema(max_length = 200)]
    title: String,
    /// Vietnamese unless told.
    #[serde(default)]
    language: Option<ReportLanguage>,
    /// Where it is issued; the usual place unless told.
    #[serde(default)]
    #[schema(max_length = 200)]
    place: String,
}

/// Characters of a title and of a place.
const CHARS_MAX: usize = 200;

/// Freezes the figures of a unit as a report, a draft. The root of the ledger in it covers every event that it rests on.
#[utoipa::path(post, path = "/api/v1/reports", operation_id = "freeze_report", tag = "programme",
    security(("session" = [])), params(Key), request_body = ReportAsked, responses(
    (status = 200, body = ReportSummary),
    Problems,
))]
pub(crate) async fn freeze(
    State(api): State<Api>,
    caller: Caller,
    Body(sent): Body<ReportAsked>,
) -> Result<Json<ReportSummary>, Problem> {
    let malformed = services::Error::input("day-malformed");
    let day = sent.day.map(|text| Day::parse(&text).ok_or(malformed)).transpose()?;
    let as_of = day.map(|day| Instant(Day(day.0.saturating_add(1)).start().0 - 1));
    if [&sent.title, &sent.place].iter().any(|text| text.chars().count() > CHARS_MAX) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "form-malformed", Vec::new()));
    }
    let (language, code) = match sent.language {
        Some(ReportLanguage::En) => (Language::En, "en"),
        Some(ReportLanguage::Vi) | None => (Language::Vi, "vi"),
    };
    let (command, desk) = (caller.command(None), Arc::clone(api.desk()));
    let frozen = api.run(move |book| {
        let freezing = Freezing {
            unit: sent.unit,
            kind: (sent.purpose == Some(ReportPurpose::Conference)).then_some(ReportKind::Conference),
            as_of,
            title: sent.title,
            language: code,
            place: sent.place,
            rulebook: Rulebook::clone(&desk.machine.rulebook()?),
        };
        let texts = Texts::new(language);
        let words = |of: &str, name: &str| texts.named(of, name);
        programme::freeze(book, &command, &freezing, &words, &|paper, form| desk.machine.set(paper, form))
    });
    Ok(Json(ReportSummary::from(frozen.await?)))
}

/// A step: from draft to checked, from checked to signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportStep {
    /// The hash of the report that the officer has seen.
    hash: String,
    /// The document's number, given when it is signed.
    #[serde(default)]
    number: String,
    /// The version that was seen.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

/// Checks a draft, or signs what was checked; each by another officer.
#[utoipa::path(post, path = "/api/v1/reports/{report}/steps", operation_id = "file_report", tag = "programme",
    security(("session" = [])), params(ByReport, Key), request_body = ReportStep, responses(
    (status = 200, body = ReportSummary),
    Problems,
))]
pub(crate) async fn step(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
    Body(sent): Body<ReportStep>,
) -> Result<Json<ReportSummary>, Problem> {
    let (report, command, desk) = (id(&name)?, caller.command(sent.version), Arc::clone(api.desk()));
    let filed = api.run(move |book| {
        let seen = (sent.hash.as_str(), sent.number.as_str());
        programme::file(book, &command, report, seen, &|paper, form| desk.machine.set(paper, form))
    });
    Ok(Json(ReportSummary::from(filed.await?)))
}

/// Which file; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByForm {
    /// The report.
    #[param(format = "uuid")]
    report: String,
    /// pdf, xlsx, or json.
    #[param(pattern = "^(pdf|xlsx|json)$")]
    form: String,
}

/// A report as a file: PDF and XLSX as they are set, JSON as it was frozen.
#[utoipa::path(get, path = "/api/v1/reports/{report}/file/{form}", operation_id = "read_report", tag = "programme",
    security(("session" = [])), params(ByForm), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    Problems,
))]
pub(crate) async fn read(
    State(api): State<Api>,
    caller: Caller,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "id-unknown", Vec::new());
    let Path((name, form)) = path.map_err(|_| missing())?;
    let report = id(&name)?;
    if !["pdf", "xlsx", "json"].contains(&form.as_str()) {
        return Err(missing());
    }
    let (desk, wanted) = (Arc::clone(api.desk()), form.clone());
    let bytes = api.run(move |book| {
        let frozen = programme::report_of(book, &caller.officer, report)?;
        match wanted.as_str() {
            "json" => Ok(Some(frozen.report.bytes())),
            wanted => desk.machine.set(&frozen.paper(frozen.filing.state()), wanted),
        }
    });
    let bytes = bytes.await?.ok_or_else(|| Problem::new(StatusCode::CONFLICT, "report-no-setter", Vec::new()))?;
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"vandan-report-{report}.{form}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((head, bytes).into_response())
}

/// A copy that somebody holds.
pub(crate) struct Copy {
    caller: Caller,
    bytes: Bytes,
    _room: Room,
}

impl FromRequest<Api> for Copy {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Copy, Problem> {
        let (caller, request) = Caller::sending(request, api, "status").await?;
        let room = Room::wait(api, request.headers(), BYTES_MAX).await?;
        let bytes = raw(request, api, "application/octet-stream").await?;
        Ok(Copy { caller, bytes, _room: room })
    }
}

/// What a copy is.
#[derive(Serialize, ToSchema)]
pub(crate) struct CopyJudged {
    /// same; earlier, beyond (a state that the report had, or has not yet); edition, unset (it cannot be told here); other, changed.
    verdict: &'static str,
    /// The state that the copy shows, where it is another than the report's.
    copy: Option<&'static str>,
}

/// Whether a file is what this report gives: PDF, XLSX or JSON.
#[utoipa::path(post, path = "/api/v1/reports/{report}/verification", operation_id = "verify_report", tag = "programme",
    security(("session" = [])), params(ByReport),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = CopyJudged),
    Problems,
))]
pub(crate) async fn verify(State(api): State<Api>, Name(name): Name, copy: Copy) -> Result<Json<CopyJudged>, Problem> {
    let Copy { caller, bytes, _room } = copy;
    let (report, desk) = (id(&name)?, Arc::clone(api.desk()));
    let judged = api.run(move |book| {
        let frozen = programme::report_of(book, &caller.officer, report)?;
        frozen.judge(&bytes, &|paper, form| desk.machine.set(paper, form))
    });
    let judged = judged.await?;
    Ok(Json(CopyJudged { verdict: judged.code(), copy: judged.state().map(programme::Filed::name) }))
}
