//! What is followed up: difficulties, approaches, delegations, acts of law, milestones, pilots; and the frozen reports.

use crate::followed::{Followed, StepTaken, named, steps};
use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, Caller, Key, Name, Parameters};
use axum::Json;
use axum::extract::State;
use ids::Uuid;
use serde::{Deserialize, Serialize};
use services::programme::{self, Fields, Listing};
use services::{Book, Error};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which records.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    #[param(inline)]
    kind: Kind,
    /// Only those in this state.
    #[serde(default)]
    state: String,
    /// Words that stand in it, without regard to marks.
    #[serde(default)]
    q: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// The kinds.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Difficulty,
    Approach,
    Delegation,
    Roadmap,
    Milestone,
    Pilot,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Difficulty => "difficulty",
            Kind::Approach => "approach",
            Kind::Delegation => "delegation",
            Kind::Roadmap => "roadmap",
            Kind::Milestone => "milestone",
            Kind::Pilot => "pilot",
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RecordSummary {
    id: String,
    kind: &'static str,
    title: String,
    unit: String,
    state: &'static str,
    version: i64,
    /// When it was made.
    made: String,
    /// When it was changed last.
    changed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
}

impl From<&programme::Record> for RecordSummary {
    fn from(one: &programme::Record) -> RecordSummary {
        let head = one.head();
        RecordSummary {
            id: head.id.to_string(),
            kind: one.kind(),
            title: head.title.clone(),
            unit: head.unit.clone(),
            state: one.state(),
            version: head.version,
            made: head.made.to_string(),
            changed: head.changed.to_string(),
            due: head.due.map(|due| due.to_string()),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RecordList {
    /// What is due first, then what was changed last.
    items: Vec<RecordSummary>,
    /// How many there are on all pages.
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The records of a kind in the caller's reach.
#[utoipa::path(get, path = "/api/v1/records", operation_id = "list_records", tag = "programme",
    security(("session" = [])), params(Wanted), responses(
    (status = 200, body = RecordList),
    Problems,
))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<RecordList>, Problem> {
    crate::case::within_limit(wanted.limit)?;
    let Wanted { kind, state, q: query, after, limit } = wanted;
    let listing = Listing { kind: kind.word().to_owned(), state, query, after, limit: limit.map(usize::from) };
    let found = api.run(move |book| programme::records(book, &caller.officer, &listing)).await?;
    let items = found.items.iter().map(RecordSummary::from).collect();
    Ok(Json(RecordList { items, count: found.count, next: found.next }))
}

/// Which record; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByRecord {
    /// The record.
    #[param(format = "uuid")]
    record: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RecordShown {
    summary: RecordSummary,
    /// Who sees to it, where the name may be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// What it says, by its kind.
    record: Followed,
    /// What was done with it, in order.
    steps: Vec<StepTaken>,
    /// The acts that may be taken now.
    acts: Vec<&'static str>,
    /// The pace before and after, of units that were visited or took it up: those touched last first, twenty at most.
    effects: Vec<EffectShown>,
}

/// The pace of 28 days before and after a unit was visited or took something up. Paces are a day.
#[derive(Serialize, ToSchema)]
pub(crate) struct EffectShown {
    unit: String,
    before: f64,
    after: f64,
    /// How many of the days after have passed.
    days_after: usize,
    /// How many similar units it is compared with; none where there are fewer than three.
    similar: usize,
    /// What it would have gained as these did.
    #[serde(skip_serializing_if = "Option::is_none")]
    similar_gain: Option<f64>,
    /// How much these differ among themselves: one standard deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<f64>,
    /// Whether it gained more, or less, than chance among these explains.
    #[serde(skip_serializing_if = "Option::is_none")]
    clear: Option<bool>,
}

impl From<&programme::Effect> for EffectShown {
    fn from(one: &programme::Effect) -> EffectShown {
        let pace = |hundredths: i64| hundredths as f64 / 100.0;
        EffectShown {
            unit: one.unit.clone(),
            before: pace(one.before),
            after: pace(one.after),
            days_after: one.days_after,
            similar: one.similar.len(),
            similar_gain: one.similar_gain.map(pace),
            spread: one.spread.map(pace),
            clear: one.clear(),
        }
    }
}

pub(crate) fn id(text: &str) -> Result<Uuid, Error> {
    Uuid::parse(text).ok_or(Error::Missing("record-missing"))
}

/// One record.
#[utoipa::path(get, path = "/api/v1/records/{record}", operation_id = "show_record", tag = "programme",
    security(("session" = [])), params(ByRecord), responses(
    (status = 200, body = RecordShown),
    Problems,
))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
) -> Result<Json<RecordShown>, Problem> {
    let id = id(&name)?;
    let read = move |book: &Arc<Book>| {
        let shown = programme::record(book, &caller.officer, id)?;
        Ok((shown, programme::effects(book, &caller.officer, id)?))
    };
    let (shown, effects) = api.run(read).await?;
    let owner = shown.record.head().owner.and_then(|owner| named(&shown, &owner.to_string()));
    let acts = shown.acts.iter().map(|act| act.name).collect();
    let effects = effects.iter().map(EffectShown::from).collect();
    let (record, steps) = ((&shown).into(), steps(&shown));
    Ok(Json(RecordShown { summary: (&shown.record).into(), owner, record, steps, acts, effects }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActTaken {
    /// Its name, as `raise` or `answer`.
    act: String,
    /// Its fields, as they are typed on the page.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// The record; absent for an act that makes one.
    #[serde(default)]
    record: Option<String>,
    /// The version that was seen.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

/// Makes a record, or takes one a step further.
#[utoipa::path(post, path = "/api/v1/records", operation_id = "act_on_record", tag = "programme",
    security(("session" = [])), params(Key), request_body = ActTaken, responses(
    (status = 200, body = RecordSummary),
    Problems,
))]
pub(crate) async fn act(
    State(api): State<Api>,
    caller: Caller,
    Body(sent): Body<ActTaken>,
) -> Result<Json<RecordSummary>, Problem> {
    let command = caller.command(sent.version);
    let record = sent.record.as_deref().map(id).transpose()?;
    let fields = Fields::new(sent.fields);
    let done = api.run(move |book| programme::act(book, &command, record, &sent.act, &fields)).await?;
    Ok(Json((&done).into()))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReportSummary {
    id: String,
    title: String,
    unit: String,
    /// draft, checked, signed.
    state: &'static str,
    as_of: String,
    /// SHA-256 of the frozen report, in hexadecimal.
    hash: String,
    version: i64,
}

impl From<programme::Frozen> for ReportSummary {
    fn from(one: programme::Frozen) -> ReportSummary {
        ReportSummary {
            id: one.id.to_string(),
            title: one.report.title,
            unit: one.report.unit,
            state: one.filing.state().name(),
            as_of: one.report.as_of,
            hash: one.filing.hash,
            version: one.version,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReportList {
    /// The newest first.
    items: Vec<ReportSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paged {
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// The reports of the caller's unit and those below it.
#[utoipa::path(get, path = "/api/v1/reports", operation_id = "list_reports", tag = "programme",
    security(("session" = [])), params(Paged), responses(
    (status = 200, body = ReportList),
    Problems,
))]
pub(crate) async fn reports(
    State(api): State<Api>,
    caller: Caller,
    Parameters(paged): Parameters<Paged>,
) -> Result<Json<ReportList>, Problem> {
    crate::case::within_limit(paged.limit)?;
    let limit = paged.limit.map_or(100, usize::from);
    let found = api.run(move |book| programme::reports_page(book, &caller.officer, &paged.after, limit)).await?;
    Ok(Json(ReportList { items: found.items.into_iter().map(ReportSummary::from).collect(), next: found.next }))
}

/// Which report; for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only")]
pub(crate) struct ByReport {
    /// The report.
    #[param(format = "uuid")]
    report: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReportShown {
    hash: String,
    /// The report as it was frozen.
    #[schema(value_type = Object)]
    report: serde_json::Value,
}

/// One report as it was frozen.
#[utoipa::path(get, path = "/api/v1/reports/{report}", operation_id = "show_report", tag = "programme",
    security(("session" = [])), params(ByReport), responses(
    (status = 200, body = ReportShown),
    Problems,
))]
pub(crate) async fn report(
    State(api): State<Api>,
    caller: Caller,
    Name(name): Name,
) -> Result<Json<ReportShown>, Problem> {
    let id = crate::report::id(&name)?;
    let frozen = api.run(move |book| programme::report_of(book, &caller.officer, id)).await?;
    let report = serde_json::to_value(&frozen.report).unwrap_or_default();
    Ok(Json(ReportShown { hash: frozen.filing.hash, report }))
}
