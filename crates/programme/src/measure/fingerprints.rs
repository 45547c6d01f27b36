//! Fingerprints enrolled.

use super::{APPLICATION, Amount, CAPTURE, CAPTURED_AT, Measure, Source, TEMPLATE, When};

/// An event counts every finger that it brings a template of.
pub(super) const FINGERPRINTS: Measure = Measure {
    counts: &[Source {
        kind: "application.received",
        amount: Amount::Rows(CAPTURE, TEMPLATE),
        when: When::Cell(APPLICATION, CAPTURED_AT),
    }],
    ..Measure::new(
        "fingerprints",
        "fingers",
        "Fingers enrolled with a template, on the day of the capture.",
        "Fingers missing or bandaged, and images without a template.",
    )
};
