//! Who sees a record, which part of it, and which acts are offered.
//!
//! Officers of a record's unit and of the units above it see it whole; a difficulty also those of the unit that has to answer; an
//! approach that others may take up everybody. Whom a delegation visited sees that visit, what was found and what was promised
//! there, and nothing of other units; of a visit to come it is told nothing. A unit of a pilot sees the pilot, and itself in it, and
//! what the board counted there unless that would tell the figures of one or two others.
//! Start reading at [`seen`].

use super::Act;
use ::programme::Units;
use ::programme::record::{FEWEST, Record};

/// Whether a unit is the one at a place or lies below it.
pub(super) fn reaches(units: &Units, own: usize, unit: &str) -> bool {
    units.resolve(unit).is_some_and(|place| units.within(place, own))
}

/// Whether a unit's officers see a record whole. `own` is the unit's place.
pub(super) fn whole(units: &Units, own: usize, record: &Record) -> bool {
    let within = |unit: &str| reaches(units, own, unit);
    match record {
        Record::Approach(one) if one.state.name() == "shared" => true,
        Record::Difficulty(one) => within(&one.head.unit) || within(&one.at),
        other => within(&other.head().unit),
    }
}

/// A record as a unit's officers see it: whole, or what in it is about their own units; none where nothing is.
pub(in crate::programme) fn seen(units: &Units, own: usize, record: Record) -> Option<Record> {
    if whole(units, own, &record) {
        return Some(record);
    }
    let within = |unit: &str| reaches(units, own, unit);
    match record {
        Record::Delegation(mut one) => {
            one.route.retain(|stop| stop.visited.is_some() && within(&stop.unit));
            one.findings.retain(|finding| within(&finding.unit));
            one.promises.retain(|promise| within(&promise.unit));
            let nothing = one.route.is_empty() && one.findings.is_empty() && one.promises.is_empty();
            one.members.clear();
            one.plan.clear();
            (one.head.owner, one.head.trail) = (None, Vec::new());
            // The delegation's own next day is that of a visit to others.
            let open = one.promises.iter().filter(|promise| promise.outcome.is_none());
            one.head.due = open.map(|promise| promise.due).min();
            (!nothing).then_some(Record::Delegation(one))
        }
        Record::Pilot(mut one) => {
            let all = one.units.len();
            one.units.retain(|unit| within(unit));
            // From what a few units come to, each could tell the others' figures.
            if (1..FEWEST).contains(&(all - one.units.len())) {
                one.criteria.retain(|criterion| criterion.counted_by().is_none());
            }
            (one.head.owner, one.head.trail) = (None, Vec::new());
            (!one.units.is_empty()).then_some(Record::Pilot(one))
        }
        _ => None,
    }
}

/// Whether an act on a record is for a unit's officers to take.
pub(super) fn offered(units: &Units, own: usize, record: &Record, act: &Act) -> bool {
    let within = |unit: &str| reaches(units, own, unit);
    match record {
        Record::Difficulty(one) => match act.name {
            "send-back" | "close-difficulty" => within(&one.head.unit),
            "escalate" => within(&one.head.unit) || within(&one.at),
            "withdraw-file" => one.files().any(|file| within(&file.unit)),
            _ => within(&one.at),
        },
        Record::Approach(one) => act.name == "adopt" || within(&one.head.unit),
        other => within(&other.head().unit),
    }
}
