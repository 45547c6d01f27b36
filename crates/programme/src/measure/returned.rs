//! Applications returned with errors.

use super::{Better, Measure, Source};

/// The event is the decision of a case.
pub(super) const RETURNED: Measure = Measure {
    counts: &[Source::one("application.recapture")],
    better: Better::Less,
    ..Measure::new(
        "returned",
        "applications",
        "Applications returned to the unit with errors: the prints are to be captured again.",
        "Applications refused because the person is in the register under another number or has left it.",
    )
};
