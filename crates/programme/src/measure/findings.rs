//! Data-quality findings on the rows of persons.

use super::{Amount, Better, FINDINGS as COLUMN, Measure, ROW_OUTCOME, Source};

/// An event counts every finding on every row that it gives an outcome.
pub(super) const FINDINGS: Measure = Measure {
    counts: &[
        Source::of("person.entered", Amount::Words(ROW_OUTCOME, COLUMN)),
        Source::of("person.updated", Amount::Words(ROW_OUTCOME, COLUMN)),
    ],
    better: Better::Less,
    ..Measure::new(
        "findings",
        "findings",
        "Faults found in the rows of persons when they were entered or attached: a day that is no day, a ward unknown.",
        "Rows that wait in a case, until they are decided. A finding mended later is not taken back: it was found.",
    )
};
