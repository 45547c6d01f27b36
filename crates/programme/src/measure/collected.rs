//! People collected: rows as the offices sent them.

use super::{Amount, Measure, Source};

/// One event stages up to two thousand rows and says how many.
pub(super) const COLLECTED: Measure = Measure {
    counts: &[Source::of("rows.staged", Amount::Detail("rows"))],
    everybody: true,
    ..Measure::new(
        "collected",
        "rows",
        "Rows of people in the files that offices sent, as staged.",
        "Nothing: a row sent again, and one withdrawn later, was collected all the same. An event without a unit counts \
         for the nation alone.",
    )
};
