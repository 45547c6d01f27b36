//! Records as tables: what every record has, then what its kind has.

use super::super::Record;
use super::table;
use ::programme::record::delegation::{Delegation, Outcome};
use ::programme::record::pilot::{Bound, Pilot, Verdict};
use export::{Cell, Table};
use ids::OfficerId;
use std::collections::BTreeMap;
use text::{Key, Texts, t};
use time::Day;

/// The name of an officer, as far as it may be known.
type Named<'a> = &'a dyn Fn(OfficerId) -> String;

/// Records of one kind, with the officers whose names are given.
#[must_use]
pub fn records(texts: &Texts, kind: &str, all: &[Record], names: &BTreeMap<OfficerId, String>) -> Table {
    let named = |id: OfficerId| names.get(&id).cloned().unwrap_or_else(|| texts.text(t!("timeline-elsewhere")));
    let mut columns = vec![
        ("id", t!("record-id")),
        ("title", t!("record-title")),
        ("unit", t!("case-unit")),
        ("state", t!("state")),
        ("made", t!("record-begun")),
        ("changed", t!("record-changed")),
        ("due", t!("record-due")),
        ("owner", t!("field-owner")),
        ("version", t!("targets-version")),
    ];
    columns.extend(own_columns(kind));
    let row = |one: &Record| {
        let head = one.head();
        let mut cells = vec![
            Cell::text(&head.id.to_string()),
            Cell::text(&head.title),
            Cell::text(&head.unit),
            Cell::text(one.state()),
            Cell::text(&head.made.to_string()),
            Cell::text(&head.changed.to_string()),
            day(head.due),
            head.owner.map_or(Cell::Empty, |owner| Cell::text(&named(owner))),
            Cell::Count(head.version),
        ];
        cells.extend(own_cells(one, &named));
        cells
    };
    table(texts, kind, texts.named("record", kind), &columns, all.iter().map(row).collect())
}

fn own_columns(kind: &str) -> Vec<(&'static str, Key)> {
    match kind {
        "difficulty" => vec![
            ("about", t!("field-about")),
            ("severity", t!("field-severity")),
            ("body", t!("field-body")),
            ("at", t!("field-at")),
            ("passed_on", t!("record-passed-on")),
            ("decision", t!("field-decision")),
            ("files", t!("record-files")),
        ],
        "approach" => vec![
            ("body", t!("field-body")),
            ("measure", t!("field-measure")),
            ("since", t!("field-since")),
            ("adopted", t!("record-who-adopted")),
        ],
        "delegation" => vec![
            ("plan", t!("field-body")),
            ("members", t!("field-members")),
            ("route", t!("field-route")),
            ("findings", t!("record-findings")),
            ("promises", t!("record-promised")),
        ],
        "roadmap" => vec![
            ("document", t!("field-document")),
            ("number", t!("field-number")),
            ("article", t!("field-article")),
            ("change", t!("field-change")),
            ("why", t!("field-why")),
            ("stages", t!("field-stages")),
            ("depends_on", t!("record-depends")),
        ],
        "milestone" => {
            vec![("project", t!("field-project")), ("reached", t!("record-reached")), ("moved", t!("record-moved"))]
        }
        _ => vec![("units", t!("field-units")), ("criteria", t!("field-criteria")), ("signed", t!("record-signed"))],
    }
}

fn own_cells(one: &Record, named: Named<'_>) -> Vec<Cell> {
    match one {
        Record::Difficulty(one) => vec![
            Cell::text(one.about.name()),
            Cell::text(one.severity.name()),
            Cell::text(&one.body),
            Cell::text(&one.at),
            Cell::text(&one.passed_on.join(" ")),
            Cell::text(one.decision.as_deref().unwrap_or_default()),
            Cell::Count(i64::try_from(one.files().count()).unwrap_or(i64::MAX)),
        ],
        Record::Approach(one) => vec![
            Cell::text(&one.body),
            Cell::text(&one.measure),
            Cell::Day(one.since),
            listed(one.adopted.iter().map(|adoption| format!("{} {}", adoption.unit, adoption.day))),
        ],
        Record::Delegation(one) => delegation(one, named),
        Record::Roadmap(one) => vec![
            Cell::text(one.document.name()),
            Cell::text(&one.number),
            Cell::text(&one.article),
            Cell::text(&one.change),
            Cell::text(&one.why),
            listed(one.stages.iter().map(|stage| {
                let done = stage.done.map_or_else(String::new, |done| format!(" → {done}"));
                format!("{} {}{done}", stage.name, stage.planned)
            })),
            listed(one.depends_on.iter().map(ToString::to_string)),
        ],
        Record::Milestone(one) => vec![
            Cell::text(one.project.name()),
            day(one.reached),
            listed(one.moved.iter().map(|(from, reason)| format!("{from} {reason}"))),
        ],
        Record::Pilot(one) => pilot(one, named),
    }
}

fn delegation(one: &Delegation, named: Named<'_>) -> Vec<Cell> {
    let stop = |stop: &::programme::record::delegation::Stop| {
        let visited = stop.visited.map_or_else(String::new, |visited| format!(" → {visited}"));
        format!("{} {}{visited}", stop.unit, stop.planned)
    };
    let promise = |promise: &::programme::record::delegation::Promise| {
        let outcome = match &promise.outcome {
            None => String::new(),
            Some(Outcome::Kept(on)) => format!(" → kept {on}"),
            Some(Outcome::GivenUp(on, reason)) => format!(" → given-up {on} {reason}"),
        };
        format!("{} {} {}{outcome}", promise.unit, promise.due, promise.text)
    };
    vec![
        Cell::text(&one.plan),
        listed(one.members.iter().map(|member| named(*member))),
        listed(one.route.iter().map(stop)),
        listed(one.findings.iter().map(|finding| format!("{} {}", finding.unit, finding.text))),
        listed(one.promises.iter().map(promise)),
    ]
}

fn pilot(one: &Pilot, named: Named<'_>) -> Vec<Cell> {
    let criterion = |criterion: &::programme::record::pilot::Criterion| {
        let bound = match criterion.bound {
            Bound::AtLeast(bound) => format!("≥ {bound}"),
            Bound::AtMost(bound) => format!("≤ {bound}"),
        };
        let measured = criterion.measured.map_or_else(String::new, |(value, on)| format!(" → {value} {on}"));
        format!("{} {bound}{measured}", criterion.name)
    };
    let verdict = |verdict: &Verdict| match verdict {
        Verdict::Go => "go",
        Verdict::NoGo => "no-go",
    };
    vec![
        Cell::text(&one.units.join(" ")),
        listed(one.criteria.iter().map(criterion)),
        listed(
            one.signed.iter().map(|(officer, own, at)| format!("{} {} {}", named(*officer), verdict(own), at.day())),
        ),
    ]
}

fn day(day: Option<Day>) -> Cell {
    day.map_or(Cell::Empty, Cell::Day)
}

/// Several in one cell.
fn listed(all: impl Iterator<Item = String>) -> Cell {
    Cell::text(&all.collect::<Vec<_>>().join("; "))
}
