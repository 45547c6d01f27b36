//! Applications received.

use super::{Measure, Source};

/// A packet sent again is no second event.
pub(super) const APPLICATIONS: Measure = Measure {
    counts: &[Source::one("application.received")],
    ..Measure::new(
        "applications",
        "applications",
        "Applications received by the centre, on the day they came.",
        "Nothing: one captured again after bad prints is a new application, and one refused later was received.",
    )
};
