//! Changes of persons who are in the register.

use super::{Amount, Measure, Source};

/// A person changed twice counts twice.
pub(super) const UPDATED: Measure = Measure {
    counts: &[Source::of("person.updated", Amount::Subjects), Source::of("person.numbered", Amount::Subjects)],
    ..Measure::new(
        "updated",
        "changes",
        "Changes of persons who are in the register: another row attached, a row taken back, a number given.",
        "The first entry; moves from unit to unit; rows that say nothing new.",
    )
};
