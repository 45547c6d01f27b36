//! The programme board: a unit and those below it, as the pages show it; returns signed, targets set.

use crate::problem::{Problem, Problems};
use crate::request::{Api, Body, Caller, Key, Parameters, raw};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use services::programme::{self, Asked, Depth, Line, Setting};
use time::Day;
use utoipa::{IntoParams, ToSchema};

/// What is asked.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The unit's code; the caller's own unless told.
    unit: Option<String>,
    /// Only this measure.
    measure: Option<String>,
    /// The day, `YYYY-MM-DD`; today unless told.
    #[param(format = "date")]
    day: Option<String>,
    /// The day whose ranks are compared; seven days before unless told.
    #[param(format = "date")]
    earlier: Option<String>,
    /// As it was known at the end of that day, and not as it is known now.
    #[serde(default)]
    then: bool,
    /// Every unit below, and not only those directly below.
    #[serde(default)]
    all: bool,
}

/// A unit and a measure.
#[derive(Serialize, ToSchema)]
pub(crate) struct BoardLine {
    /// Empty for the nation.
    unit: String,
    name: String,
    measure: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<u64>,
    value: u64,
    /// Of the target, else of the population; two decimals, rounded half up.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<u64>,
    /// Places won since seven days before; negative where lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_change: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    above_average: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pace_7d: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pace_needed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast_low: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast_high: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    /// counted, returned, mixed.
    source: &'static str,
    /// What events count.
    counted: u64,
    /// What was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    returned: Option<u64>,
    /// The unit above; empty for a province and the nation.
    parent: String,
    /// 0 the nation, 1 province, 2 district, 3 commune.
    level: u8,
    /// The last day for the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pace_28d: Option<f64>,
    /// The share of all its neighbours together, in percent: what above and below are judged by.
    #[serde(skip_serializing_if = "Option::is_none")]
    average: Option<f64>,
    /// What the forecast rests on: outlook-reached, -under-way, -out-of-sight, -standing, -falling, -no-data.
    #[serde(skip_serializing_if = "Option::is_none")]
    outlook: Option<&'static str>,
    /// Codes of what is to be said about the figures.
    notes: Vec<&'static str>,
}

impl From<Line> for BoardLine {
    fn from(one: Line) -> BoardLine {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        BoardLine {
            unit: one.unit,
            name: one.name,
            measure: one.measure,
            population: one.population,
            value: one.value,
            percent: one.percent,
            rank: one.rank,
            rank_change: one.rank_change,
            above_average: one.above_average,
            target: one.target,
            pace_7d: one.pace_7d,
            pace_needed: one.pace_needed,
            forecast_date: day(one.forecast_date),
            forecast_low: day(one.forecast_low),
            forecast_high: day(one.forecast_high),
            probability: one.probability,
            source: source(one.source),
            counted: one.counted,
            returned: one.returned,
            parent: one.parent,
            level: one.level,
            deadline: day(one.deadline),
            pace_28d: one.pace_28d,
            average: one.average,
            outlook: one.outlook.map(|outlook| outlook.code()),
            notes: one.notes.iter().map(|note| note.code()).collect(),
        }
    }
}

/// The word for where a figure comes from.
pub(crate) fn source(origin: programme::Origin) -> &'static str {
    match origin {
        programme::Origin::Counted => "counted",
        programme::Origin::Returned => "returned",
        programme::Origin::Mixed => "mixed",
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Board {
    unit: String,
    day: String,
    /// The day whose ranks were compared.
    earlier: String,
    /// Events counted.
    events: u64,
    lines: Vec<BoardLine>,
    /// Events that say they happened after they came; each counts on the day it came. The first thousand of the nation.
    ahead: Vec<AheadEvent>,
}

/// An event with a clock ahead.
#[derive(Serialize, ToSchema)]
pub(crate) struct AheadEvent {
    unit: String,
    /// The day that it says.
    happened: String,
    /// The day it came.
    recorded: String,
}

impl From<programme::Ahead> for AheadEvent {
    fn from(one: programme::Ahead) -> AheadEvent {
        AheadEvent { unit: one.unit, happened: one.happened.to_string(), recorded: one.recorded.to_string() }
    }
}

/// A day in the address.
pub(crate) fn parameter(text: Option<String>) -> Result<Option<Day>, Problem> {
    let malformed = || Problem::new(StatusCode::BAD_REQUEST, "parameter-malformed", Vec::new());
    text.map(|text| Day::parse(&text).ok_or_else(malformed)).transpose()
}

/// The board of a unit, measure by measure, in order of rank.
#[utoipa::path(get, path = "/api/v1/board", operation_id = "show_board", tag = "programme",
    security(("session" = [])), params(Wanted), responses(
    (status = 200, body = Board),
    Problems,
))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Json<Board>, Problem> {
    let asked = Asked {
        unit: wanted.unit.unwrap_or_default(),
        day: parameter(wanted.day)?,
        earlier: parameter(wanted.earlier)?,
        then: wanted.then,
        measures: wanted.measure.into_iter().collect(),
        depth: if wanted.all { Depth::All } else { Depth::Page },
        ..Asked::default()
    };
    let board = api.run(move |book| programme::board(book, &caller.officer, &asked)).await?;
    let lines = board.lines.into_iter().map(BoardLine::from).collect();
    let ahead = board.ahead.into_iter().map(AheadEvent::from).collect();
    let (unit, day, earlier) = (board.unit, board.day.to_string(), board.earlier.to_string());
    Ok(Json(Board { unit, day, earlier, events: board.events, lines, ahead }))
}

/// A file of returns, and who sent it.
pub(crate) struct Sheet(Caller, Bytes);

impl FromRequest<Api> for Sheet {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Sheet, Problem> {
        let (caller, request) = Caller::sending(request, api, "return").await?;
        Ok(Sheet(caller, raw(request, api, "text/csv").await?))
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedReturn {
    unit: String,
    day: String,
    measure: String,
    count: u64,
    signer: String,
    /// When it was taken up.
    recorded: String,
    /// Codes of what is to be said about it; it is taken up all the same.
    findings: Vec<&'static str>,
}

impl From<programme::Signed> for SignedReturn {
    fn from(one: programme::Signed) -> SignedReturn {
        SignedReturn {
            unit: one.one.unit,
            day: one.one.day.to_string(),
            measure: one.one.measure,
            count: one.one.count,
            signer: one.one.signer,
            recorded: one.one.recorded.to_string(),
            findings: one.findings.iter().map(|finding| finding.code()).collect(),
        }
    }
}

/// Which returns.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Returned {
    /// The unit's code, with those below it; the caller's own unless told.
    unit: Option<String>,
    /// Only this measure.
    measure: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many, 1 to 1,000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReturnList {
    /// Empty for the nation.
    unit: String,
    /// The newest first.
    items: Vec<SignedReturn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The returns of a unit and those below it, with what is to be said about each.
#[utoipa::path(get, path = "/api/v1/returns", operation_id = "list_returns", tag = "programme",
    security(("session" = [])), params(Returned), responses(
    (status = 200, body = ReturnList),
    Problems,
))]
pub(crate) async fn returned(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Returned>,
) -> Result<Json<ReturnList>, Problem> {
    crate::case::within_limit(wanted.limit)?;
    let sought = programme::Sought {
        unit: wanted.unit.unwrap_or_default(),
        measure: wanted.measure.unwrap_or_default(),
        after: wanted.after.unwrap_or_default(),
        limit: wanted.limit.map(usize::from),
    };
    let found = api.run(move |book| programme::signed(book, &caller.officer, &sought)).await?;
    let items = found.items.into_iter().map(SignedReturn::from).collect();
    Ok(Json(ReturnList { unit: found.unit, items, next: found.next }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedReturns {
    returns: Vec<SignedReturn>,
}

/// Signs figures of the caller's unit and those below it: CSV with `unit,day,measure,count,signer`, all of it or nothing.
#[utoipa::path(post, path = "/api/v1/returns", operation_id = "sign_returns", tag = "programme",
    security(("session" = [])), params(Key), request_body(content = String, content_type = "text/csv"), responses(
    (status = 201, body = SignedReturns),
    Problems,
))]
pub(crate) async fn sign(
    State(api): State<Api>,
    Sheet(caller, bytes): Sheet,
) -> Result<(StatusCode, Json<SignedReturns>), Problem> {
    let command = caller.command(None);
    let signed = api.run(move |book| programme::sign(book, &command, "returns.csv", &bytes)).await?;
    Ok((StatusCode::CREATED, Json(SignedReturns { returns: signed.into_iter().map(SignedReturn::from).collect() })))
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedDays {
    /// The unit's code; the caller's own unless told.
    unit: Option<String>,
    /// The measure; people processed unless told.
    measure: Option<String>,
    /// One day, `YYYY-MM-DD`; a week before the other unless told.
    #[param(format = "date")]
    first: Option<String>,
    /// The other day; today unless told.
    #[param(format = "date")]
    second: Option<String>,
    /// Each as it was known at its end, and not as it is known now.
    #[serde(default)]
    then: bool,
}

/// A unit on one day.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComparedDay {
    value: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<u64>,
    /// What became known of the day after its end.
    corrected: i64,
}

impl From<programme::Side> for ComparedDay {
    fn from(one: programme::Side) -> ComparedDay {
        ComparedDay { value: one.value, percent: one.percent, rank: one.rank, corrected: one.corrected }
    }
}

/// A unit on both days.
#[derive(Serialize, ToSchema)]
pub(crate) struct ComparedUnit {
    /// Empty for the nation.
    unit: String,
    name: String,
    first: ComparedDay,
    second: ComparedDay,
    /// How much more there is on the later day.
    gain: i64,
    /// Places won; negative where lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_gain: Option<i64>,
}

/// What an event told of a day after its end.
#[derive(Serialize, ToSchema)]
pub(crate) struct LateCount {
    unit: String,
    happened: String,
    recorded: String,
    count: i64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Comparison {
    measure: String,
    /// The earlier day.
    first: String,
    /// The later day.
    second: String,
    /// The unit itself, then those directly below it.
    units: Vec<ComparedUnit>,
    /// At most 500.
    corrections: Vec<LateCount>,
}

/// Two days of a unit and of those directly below it, side by side.
#[utoipa::path(get, path = "/api/v1/board/comparison", operation_id = "compare_board", tag = "programme",
    security(("session" = [])), params(WantedDays), responses(
    (status = 200, body = Comparison),
    Problems,
))]
pub(crate) async fn compare(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<WantedDays>,
) -> Result<Json<Comparison>, Problem> {
    let asked = programme::Comparing {
        unit: wanted.unit.unwrap_or_default(),
        measure: wanted.measure.unwrap_or_default(),
        first: parameter(wanted.first)?,
        second: parameter(wanted.second)?,
        then: wanted.then,
    };
    let found = api.run(move |book| programme::compare(book, &caller.officer, &asked)).await?;
    let unit = |one: programme::Pair| ComparedUnit {
        gain: one.gain(),
        rank_gain: one.rank_gain(),
        unit: one.unit,
        name: one.name,
        first: one.first.into(),
        second: one.second.into(),
    };
    let late = |one: programme::Correction| LateCount {
        unit: one.unit,
        happened: one.happened.to_string(),
        recorded: one.recorded.to_string(),
        count: one.count,
    };
    Ok(Json(Comparison {
        measure: found.measure,
        first: found.first.to_string(),
        second: found.second.to_string(),
        units: found.pairs.into_iter().map(unit).collect(),
        corrections: found.corrections.into_iter().map(late).collect(),
    }))
}

/// What a target is shared out by.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ShareBasis {
    /// The people who live there.
    Population,
    /// What came there in the last 28 days.
    Capacity,
}

/// The share of a unit directly below.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareSetting {
    unit: String,
    #[serde(deserialize_with = "crate::request::whole")]
    #[schema(value_type = i64, minimum = 0, maximum = 100_000_000_000_i64)]
    count: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetSetting {
    /// The unit's code; empty for the caller's own.
    unit: String,
    measure: String,
    /// The last day on which it can be reached.
    #[schema(format = Date)]
    deadline: String,
    /// How much in all; absent, the target is withdrawn.
    #[serde(default, deserialize_with = "crate::request::whole")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    count: Option<i64>,
    /// Whether it is shared out over the units directly below.
    #[serde(default)]
    share: bool,
    /// By what it is shared out; by people unless told.
    #[serde(default)]
    basis: Option<ShareBasis>,
    /// The shares, where they are made by hand: they need not add up, and that is said then.
    #[serde(default)]
    #[schema(max_items = 1000)]
    shares: Vec<ShareSetting>,
    /// The version that was seen, 0 for none: another one set meanwhile is a conflict.
    #[serde(default, deserialize_with = "crate::request::whole")]
    version: Option<i64>,
}

/// Which targets.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Targeted {
    /// The unit's code; the caller's own unless told.
    unit: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TargetShown {
    /// Empty for the nation.
    unit: String,
    name: String,
    measure: String,
    deadline: String,
    version: u32,
    /// Absent where it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// population, capacity, hand.
    basis: &'static str,
    set: String,
    /// Codes of what is to be said about it.
    findings: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TargetList {
    /// The unit's own first, then those directly below it.
    items: Vec<TargetShown>,
}

/// The newest version of each target of a unit and of those directly below it.
#[utoipa::path(get, path = "/api/v1/targets", operation_id = "list_targets", tag = "programme",
    security(("session" = [])), params(Targeted), responses(
    (status = 200, body = TargetList),
    Problems,
))]
pub(crate) async fn targets(
    State(api): State<Api>,
    caller: Caller,
    Parameters(wanted): Parameters<Targeted>,
) -> Result<Json<TargetList>, Problem> {
    let unit = wanted.unit.unwrap_or_default();
    let all = api.run(move |book| programme::newest(book, &caller.officer, &unit)).await?;
    let one = |one: programme::ShownTarget| TargetShown {
        unit: one.target.unit,
        name: one.name,
        measure: one.target.measure,
        deadline: one.target.deadline.to_string(),
        version: one.target.version,
        count: one.target.count,
        basis: one.target.basis.name(),
        set: one.target.set.to_string(),
        findings: one.findings.iter().map(|finding| finding.code()).collect(),
    };
    Ok(Json(TargetList { items: all.into_iter().map(one).collect() }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TargetSet {
    unit: String,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// Codes of what is to be said about it.
    findings: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TargetsSet {
    targets: Vec<TargetSet>,
}

/// Sets a target, and shares it out.
#[utoipa::path(post, path = "/api/v1/targets", operation_id = "set_target", tag = "programme",
    security(("session" = [])), params(Key), request_body = TargetSetting, responses(
    (status = 200, body = TargetsSet),
    Problems,
))]
pub(crate) async fn target(
    State(api): State<Api>,
    caller: Caller,
    Body(sent): Body<TargetSetting>,
) -> Result<Json<TargetsSet>, Problem> {
    caller.may("steer")?;
    let deadline = Day::parse(&sent.deadline).ok_or(services::Error::input("day-malformed"))?;
    let count = sent.count.map(|count| u64::try_from(count).map_err(|_| services::Error::input("count-negative")));
    let count = count.transpose()?;
    let setting = Setting { unit: sent.unit, measure: sent.measure, deadline, count };
    let (command, share) = (caller.command(sent.version), sent.share);
    let basis = match sent.basis {
        Some(ShareBasis::Capacity) => programme::Basis::Capacity,
        Some(ShareBasis::Population) | None => programme::Basis::Population,
    };
    let shares = sent.shares.into_iter().map(|share| {
        let count = share.count.and_then(|count| u64::try_from(count).ok());
        Ok((share.unit, count.ok_or(services::Error::input("count-negative"))?))
    });
    let shares: Vec<(String, u64)> = shares.collect::<Result<_, Problem>>()?;
    let set = api
        .run(move |book| match share {
            true if shares.is_empty() => programme::share(book, &command, &setting, basis),
            true => programme::set_shares(book, &command, &setting, basis, &shares),
            false => programme::set(book, &command, &setting),
        })
        .await?;
    let one = |(one, findings): programme::Standing| TargetSet {
        unit: one.unit,
        version: one.version,
        count: one.count,
        findings: findings.iter().map(|finding| finding.code()).collect(),
    };
    Ok(Json(TargetsSet { targets: set.into_iter().map(one).collect() }))
}
