//! What was acknowledged, held against what the register has.

use super::shift::Done;
use crate::installation::of_services as failure;
use crate::output::Failure;
use ids::{ApplicationId, CaseId, OfficerId};
use register::table::CASE_DECISION;
use serde_json::{Value, json};
use services::Book;
use std::collections::{BTreeMap, BTreeSet};

/// How often each kind of event had happened.
pub(super) struct Counts(BTreeMap<String, u64>);

impl Counts {
    pub(super) fn of(book: &Book) -> Result<Counts, Failure> {
        let kinds = book.view(|view| Ok(view.kinds(0)?)).map_err(|error| failure(&error))?;
        Ok(Counts(kinds.into_iter().collect()))
    }

    fn since(&self, before: &Counts, kind: &str) -> u64 {
        let of = |counts: &Counts| counts.0.get(kind).copied().unwrap_or_default();
        of(self) - of(before)
    }
}

/// The kinds of event that a run's changes are.
const CHANGES: [&str; 3] = ["case.decided", "officer.made", "application.received"];

impl Done {
    /// The event that a change is; none for a read.
    fn event(&self) -> Option<&'static str> {
        match self {
            Done::Decided(..) => Some(CHANGES[0]),
            Done::Account(_) => Some(CHANGES[1]),
            Done::Received(_) => Some(CHANGES[2]),
            Done::Read => None,
        }
    }
}

/// Looks for everything that was acknowledged. Of what it counts, `missing`, `twice` and `reads_unlogged` must be 0.
pub(super) fn judge(book: &Book, before: &Counts, done: &[Done], officers: &[OfficerId]) -> Result<Value, Failure> {
    let after = Counts::of(book)?;
    let changes: Vec<&Done> = done.iter().filter(|done| **done != Done::Read).collect();
    let each: BTreeSet<&Done> = changes.iter().copied().collect();
    let mut missing = 0;
    for change in &each {
        let there = book.view(|view| {
            Ok(match change {
                Done::Decided(case, officer) => {
                    let (case, officer) = (CaseId::parse(case).unwrap_or_default(), officers[*officer]);
                    view.get(&CASE_DECISION, &[case.bytes().into(), officer.bytes().into()])?.is_some()
                }
                Done::Account(name) => {
                    !view.find(&services::officer::OFFICER, 0, &[name.as_str().into()], 2)?.is_empty()
                }
                Done::Received(id) => {
                    let id = ApplicationId::parse(id).unwrap_or_default();
                    !view.find(&enrolment::table::APPLICATION, 0, &[id.bytes().into()], 2)?.is_empty()
                }
                Done::Read => true,
            })
        });
        missing += u64::from(!there.map_err(|error| failure(&error))?);
    }
    // Every change is one event: more events than acknowledged changes are changes that were done twice.
    let mut acknowledged: BTreeMap<&str, u64> = CHANGES.map(|kind| (kind, 0)).into();
    for kind in each.iter().filter_map(|done| done.event()) {
        *acknowledged.entry(kind).or_default() += 1;
    }
    let twice: u64 = acknowledged.iter().map(|(kind, count)| after.since(before, kind).saturating_sub(*count)).sum();
    let reads = done.iter().filter(|done| **done == Done::Read).count() as u64;
    let logged = after.since(before, "person.read");
    Ok(json!({
        "acknowledged": each.len(), "missing": missing, "twice": twice,
        "reads": reads, "reads_logged": logged, "reads_unlogged": reads.saturating_sub(logged),
    }))
}
