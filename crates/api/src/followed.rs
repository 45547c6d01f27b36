//! What a record says, by its kind. Officers stand here by name and only as far as the caller may know them.

use programme::record::approach::Approach;
use programme::record::delegation::{Delegation, Outcome};
use programme::record::difficulty::Difficulty;
use programme::record::milestone::Milestone;
use programme::record::pilot::{Bound, Pilot, Verdict};
use programme::record::roadmap::Amendment;
use programme::record::{Record, Step};
use serde::Serialize;
use services::programme::Shown;
use utoipa::ToSchema;

/// What a record says; which of these by its kind.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Followed {
    Difficulty(DifficultyRecord),
    Approach(ApproachRecord),
    Delegation(DelegationRecord),
    Roadmap(RoadmapRecord),
    Milestone(MilestoneRecord),
    Pilot(PilotRecord),
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DifficultyRecord {
    /// data, equipment, network, staff, money, legal, other.
    about: &'static str,
    /// high, medium, low.
    severity: &'static str,
    body: String,
    attachments: Vec<AttachedFile>,
    /// The unit that has to answer; empty for the nation.
    at: String,
    /// The units that it was passed on from.
    passed_on: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AttachedFile {
    id: String,
    name: String,
    /// pdf, jpeg, png, xlsx, text.
    #[schema(value_type = String)]
    kind: programme::record::attachment::Kind,
    bytes: u64,
    /// The unit from which it came.
    unit: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ApproachRecord {
    body: String,
    measure: String,
    since: String,
    adopted: Vec<AdoptedBy>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AdoptedBy {
    unit: String,
    day: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DelegationRecord {
    plan: String,
    /// The names that may be known.
    members: Vec<String>,
    route: Vec<RouteStop>,
    found: Vec<FoundThere>,
    promises: Vec<PromiseMade>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RouteStop {
    unit: String,
    planned: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visited: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FoundThere {
    unit: String,
    text: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PromiseMade {
    unit: String,
    text: String,
    due: String,
    /// The day on which it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
    /// The day on which it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_up: Option<String>,
    /// Why it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RoadmapRecord {
    /// law, decree, circular.
    document: &'static str,
    number: String,
    article: String,
    change: String,
    why: String,
    stages: Vec<RoadmapStage>,
    /// The acts that have to be in force first.
    depends_on: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RoadmapStage {
    name: String,
    planned: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MilestoneRecord {
    /// register, card.
    project: &'static str,
    /// The days it was held to before, with the reasons.
    moved: Vec<MovedDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MovedDay {
    from: String,
    why: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PilotRecord {
    units: Vec<String>,
    criteria: Vec<PilotCriterion>,
    signed: Vec<PilotVerdict>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PilotCriterion {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<i64>,
    /// The day it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PilotVerdict {
    /// The name, where it may be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<String>,
    /// go, no-go.
    verdict: &'static str,
    at: String,
}

/// A step that was taken.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepTaken {
    act: String,
    at: String,
    /// The name, where it may be known; absent too where the clock took the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<String>,
    /// The unit that it was passed on to.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

/// The steps of a record, in order.
pub(crate) fn steps(shown: &Shown) -> Vec<StepTaken> {
    let step = |one: &Step| StepTaken {
        act: one.act.clone(),
        at: one.at.to_string(),
        officer: one.officer.and_then(|officer| named(shown, &officer.to_string())),
        to: one.to.clone(),
    };
    shown.record.head().trail.iter().map(step).collect()
}

pub(crate) fn named(shown: &Shown, id: &str) -> Option<String> {
    shown.names.iter().find(|(own, _)| own == id).map(|(_, name)| name.clone())
}

impl From<&Shown> for Followed {
    fn from(shown: &Shown) -> Followed {
        match &shown.record {
            Record::Difficulty(one) => Followed::Difficulty(one.into()),
            Record::Approach(one) => Followed::Approach(one.into()),
            Record::Delegation(one) => Followed::Delegation(delegation(shown, one)),
            Record::Roadmap(one) => Followed::Roadmap(one.into()),
            Record::Milestone(one) => Followed::Milestone(one.into()),
            Record::Pilot(one) => Followed::Pilot(pilot(shown, one)),
        }
    }
}

impl From<&Difficulty> for DifficultyRecord {
    fn from(one: &Difficulty) -> DifficultyRecord {
        let file = |file: &programme::record::attachment::Attachment| AttachedFile {
            id: file.id.to_string(),
            name: file.name.clone(),
            kind: file.kind,
            bytes: file.bytes,
            unit: file.unit.clone(),
            at: file.at.to_string(),
            withdrawn: file.withdrawn.map(|at| at.to_string()),
        };
        DifficultyRecord {
            about: one.about.name(),
            severity: one.severity.name(),
            body: one.body.clone(),
            attachments: one.attachments.iter().map(file).collect(),
            at: one.at.clone(),
            passed_on: one.passed_on.clone(),
            decision: one.decision.clone(),
        }
    }
}

impl From<&Approach> for ApproachRecord {
    fn from(one: &Approach) -> ApproachRecord {
        let adopted = one.adopted.iter().map(|one| AdoptedBy { unit: one.unit.clone(), day: one.day.to_string() });
        ApproachRecord {
            body: one.body.clone(),
            measure: one.measure.clone(),
            since: one.since.to_string(),
            adopted: adopted.collect(),
        }
    }
}

fn delegation(shown: &Shown, one: &Delegation) -> DelegationRecord {
    let promises = one.promises.iter().map(|promise| {
        let (kept, given_up, why) = match &promise.outcome {
            None => (None, None, None),
            Some(Outcome::Kept(day)) => (Some(day.to_string()), None, None),
            Some(Outcome::GivenUp(day, why)) => (None, Some(day.to_string()), Some(why.clone())),
        };
        let (unit, text) = (promise.unit.clone(), promise.text.clone());
        PromiseMade { unit, text, due: promise.due.to_string(), kept, given_up, why }
    });
    let stops = one.route.iter().map(|stop| RouteStop {
        unit: stop.unit.clone(),
        planned: stop.planned.to_string(),
        visited: stop.visited.map(|day| day.to_string()),
    });
    let found = one.findings.iter().map(|found| FoundThere { unit: found.unit.clone(), text: found.text.clone() });
    DelegationRecord {
        plan: one.plan.clone(),
        members: one.members.iter().filter_map(|member| named(shown, &member.to_string())).collect(),
        route: stops.collect(),
        found: found.collect(),
        promises: promises.collect(),
    }
}

impl From<&Amendment> for RoadmapRecord {
    fn from(one: &Amendment) -> RoadmapRecord {
        let stages = one.stages.iter().map(|stage| RoadmapStage {
            name: stage.name.clone(),
            planned: stage.planned.to_string(),
            done: stage.done.map(|day| day.to_string()),
        });
        RoadmapRecord {
            document: one.document.name(),
            number: one.number.clone(),
            article: one.article.clone(),
            change: one.change.clone(),
            why: one.why.clone(),
            stages: stages.collect(),
            depends_on: one.depends_on.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<&Milestone> for MilestoneRecord {
    fn from(one: &Milestone) -> MilestoneRecord {
        let moved = one.moved.iter().map(|(day, why)| MovedDay { from: day.to_string(), why: why.clone() });
        MilestoneRecord {
            project: one.project.name(),
            moved: moved.collect(),
            reached: one.reached.map(|day| day.to_string()),
        }
    }
}

fn pilot(shown: &Shown, one: &Pilot) -> PilotRecord {
    let criteria = one.criteria.iter().map(|one| {
        let (at_least, at_most) = match one.bound {
            Bound::AtLeast(bound) => (Some(bound), None),
            Bound::AtMost(bound) => (None, Some(bound)),
        };
        let (measured, on) = one.measured.map(|(value, day)| (value, day.to_string())).unzip();
        PilotCriterion { name: one.name.clone(), at_least, at_most, measured, on, met: one.met() }
    });
    let signed = one.signed.iter().map(|(officer, verdict, at)| PilotVerdict {
        officer: named(shown, &officer.to_string()),
        verdict: match verdict {
            Verdict::Go => "go",
            Verdict::NoGo => "no-go",
        },
        at: at.to_string(),
    });
    PilotRecord { units: one.units.clone(), criteria: criteria.collect(), signed: signed.collect() }
}
