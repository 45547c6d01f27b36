//! What is made of the board for whoever steers: honours, attention, the digest.

use crate::board::parameter as day;
use crate::problem::{Problem, Problems};
use crate::request::{Api, Caller, Parameters};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use services::programme::{self, Judging, Told};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// What is judged.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Judged {
    /// The unit whose units are judged; the caller's own unless told.
    unit: Option<String>,
    /// The first day; four weeks before the last unless told.
    #[param(format = "date")]
    from: Option<String>,
    /// The last day; today unless told.
    #[param(format = "date")]
    to: Option<String>,
    /// As it was known on this day; today unless told.
    #[param(format = "date")]
    known: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct HonourCriteria {
    measure: String,
    /// Weights of the criteria.
    progress: u32,
    quality: u32,
    improvement: u32,
    terrain: u32,
    /// How many units are outstanding.
    places: u32,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct HonourEvidence {
    /// progress, quality, improvement, terrain.
    criterion: &'static str,
    /// 0 to 10,000.
    points: u64,
    /// Reached; findings; came in the period; how hard the ground is.
    figure: u64,
    /// Of the goal; of the persons entered; beside the period before; of 100.
    beside: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct HonouredUnit {
    unit: String,
    name: String,
    rank: u64,
    /// 0 to 10,000, rounded down; ranks follow the exact sum.
    points: u64,
    outstanding: bool,
    evidence: Vec<HonourEvidence>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct HonourList {
    /// Empty for the nation.
    unit: String,
    from: String,
    to: String,
    known: String,
    criteria: HonourCriteria,
    /// The first place first.
    units: Vec<HonouredUnit>,
}

/// The units directly below one by the published criteria, for a period.
#[utoipa::path(get, path = "/api/v1/honours", operation_id = "list_honours", tag = "programme",
    security(("session" = [])), params(Judged), responses(
    (status = 200, body = HonourList),
    Problems,
))]
pub(crate) async fn honours(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Judged>,
) -> Result<Json<HonourList>, Problem> {
    let unit = wanted.unit.unwrap_or_default();
    let judging = Judging { unit, from: day(wanted.from)?, to: day(wanted.to)?, known: day(wanted.known)? };
    let desk = Arc::clone(api.desk());
    let read = move |book: &Arc<services::Book>| {
        programme::honours(book, &caller.officer, &desk.machine.rulebook()?, &judging)
    };
    let found = api.run(read).await?;
    let criteria = found.criteria;
    let unit = |one: programme::Honoured| HonouredUnit {
        unit: one.unit,
        name: one.name,
        rank: one.rank,
        points: one.points,
        outstanding: one.outstanding,
        evidence: one
            .evidence
            .iter()
            .map(|one| HonourEvidence {
                criterion: one.criterion,
                points: one.points,
                figure: one.figure,
                beside: one.beside,
            })
            .collect(),
    };
    Ok(Json(HonourList {
        unit: found.unit,
        from: found.period.from.to_string(),
        to: found.period.to.to_string(),
        known: found.period.known.to_string(),
        criteria: HonourCriteria {
            measure: criteria.measure,
            progress: criteria.progress,
            quality: criteria.quality,
            improvement: criteria.improvement,
            terrain: criteria.terrain,
            places: criteria.places,
        },
        units: found.list.into_iter().map(unit).collect(),
    }))
}

/// A unit and a day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Morning {
    /// The unit's code; the caller's own unless told.
    unit: Option<String>,
    /// The day, `YYYY-MM-DD`; today unless told.
    #[param(format = "date")]
    day: Option<String>,
}

/// A unit that a rule raises.
#[derive(Serialize, ToSchema)]
pub(crate) struct RaisedUnit {
    unit: String,
    name: String,
    measure: &'static str,
    rule: String,
    /// falling-pace, out-of-reach, rising, no-return.
    kind: &'static str,
    /// high, medium, low.
    severity: &'static str,
    /// Whose attention: a role.
    to: String,
    /// Since when without a break, 14 days back at most.
    since: String,
    /// By when somebody is to answer.
    due: String,
    /// Hundredths a day of the last week, per cent, or days, by the kind.
    figure: i64,
    /// Hundredths a day of four weeks, or the rule's bound.
    beside: i64,
}

impl From<programme::Raised> for RaisedUnit {
    fn from(one: programme::Raised) -> RaisedUnit {
        RaisedUnit {
            unit: one.unit,
            name: one.name,
            measure: one.measure,
            rule: one.rule,
            kind: one.kind.name(),
            severity: one.severity.name(),
            to: one.to,
            since: one.since.to_string(),
            due: one.due.to_string(),
            figure: one.figure,
            beside: one.beside,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AttentionList {
    /// Empty for the nation.
    unit: String,
    day: String,
    /// The most serious first.
    raised: Vec<RaisedUnit>,
}

/// What the rules raise in a unit and below it.
#[utoipa::path(get, path = "/api/v1/attention", operation_id = "show_attention", tag = "programme",
    security(("session" = [])), params(Morning), responses(
    (status = 200, body = AttentionList),
    Problems,
))]
pub(crate) async fn attention(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Morning>,
) -> Result<Json<AttentionList>, Problem> {
    let (unit, on, desk) = (wanted.unit.unwrap_or_default(), day(wanted.day)?, Arc::clone(api.desk()));
    let read = move |book: &Arc<services::Book>| {
        programme::attention(book, &caller.officer, &desk.machine.rulebook()?, &unit, on)
    };
    let found = api.run(read).await?;
    let raised = found.raised.into_iter().map(RaisedUnit::from).collect();
    Ok(Json(AttentionList { unit: found.unit, day: found.day.to_string(), raised }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DigestFigure {
    measure: &'static str,
    value: u64,
    /// More than at the end of the day before.
    more: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<u64>,
    /// How many units are ranked with it.
    ranked: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_change: Option<i64>,
    /// counted, returned, mixed.
    source: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MissingReturn {
    unit: String,
    name: String,
    measure: &'static str,
    /// Days since the last.
    days: i64,
    due: String,
}

/// Something that is followed up.
#[derive(Serialize, ToSchema)]
pub(crate) struct FollowedUp {
    id: String,
    unit: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    late: bool,
}

impl From<Told> for FollowedUp {
    fn from(one: Told) -> FollowedUp {
        let due = one.due.map(|due| due.to_string());
        FollowedUp { id: one.id, unit: one.unit, title: one.title, due, late: one.late }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DigestShown {
    /// Empty for the nation.
    unit: String,
    name: String,
    /// The day on whose morning it is read.
    day: String,
    /// The day whose figures it tells.
    of: String,
    figures: Vec<DigestFigure>,
    raised: Vec<RaisedUnit>,
    missing: Vec<MissingReturn>,
    difficulties: Vec<FollowedUp>,
    promises: Vec<FollowedUp>,
    milestones: Vec<FollowedUp>,
}

/// The digest of a unit for the morning of a day.
#[utoipa::path(get, path = "/api/v1/digest", operation_id = "show_digest", tag = "programme",
    security(("session" = [])), params(Morning), responses(
    (status = 200, body = DigestShown),
    Problems,
))]
pub(crate) async fn digest(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Morning>,
) -> Result<Json<DigestShown>, Problem> {
    let (unit, on, desk) = (wanted.unit.unwrap_or_default(), day(wanted.day)?, Arc::clone(api.desk()));
    let read = move |book: &Arc<services::Book>| {
        programme::digest(book, &caller.officer, &desk.machine.rulebook()?, &unit, on)
    };
    let found = api.run(read).await?;
    let figure = |one: programme::Figure| DigestFigure {
        measure: one.measure,
        value: one.value,
        more: one.more,
        percent: one.percent,
        rank: one.rank,
        ranked: one.ranked,
        rank_change: one.rank_change,
        source: crate::board::source(one.source),
    };
    let missing = |one: programme::Missing| MissingReturn {
        unit: one.unit,
        name: one.name,
        measure: one.measure,
        days: one.days,
        due: one.due.to_string(),
    };
    let told = |all: Vec<Told>| all.into_iter().map(FollowedUp::from).collect();
    Ok(Json(DigestShown {
        unit: found.unit,
        name: found.name,
        day: found.day.to_string(),
        of: found.of.to_string(),
        figures: found.figures.into_iter().map(figure).collect(),
        raised: found.raised.into_iter().map(RaisedUnit::from).collect(),
        missing: found.missing.into_iter().map(missing).collect(),
        difficulties: told(found.difficulties),
        promises: told(found.promises),
        milestones: told(found.milestones),
    }))
}
