//! People processed: persons in the register.

use super::{Amount, Measure, Source};

/// Who moves is taken from the unit left and counts in the new one; a merge leaves one of two.
pub(super) const ENTERED: Measure = Measure {
    counts: &[Source::of("person.entered", Amount::Subjects), Source::of("person.moved-in", Amount::Subjects)],
    takes_back: &[
        Source::of("person.withdrawn", Amount::Subjects),
        Source::one("person.merged"),
        Source::of("person.moved-out", Amount::Subjects),
    ],
    everybody: true,
    ..Measure::new(
        "entered",
        "people",
        "People processed: persons in the register, in the unit where they live now, with or without a number.",
        "Rows that wait in a case; persons withdrawn or merged into another.",
    )
};
