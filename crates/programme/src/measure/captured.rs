//! Applications on the day they were captured.

use super::{APPLICATION, Amount, CAPTURED_AT, Measure, Source, When};

/// The kit's clock says the day; the register learns it when the packet comes.
pub(super) const CAPTURED: Measure = Measure {
    counts: &[Source { kind: "application.received", amount: Amount::One, when: When::Cell(APPLICATION, CAPTURED_AT) }],
    ..Measure::new(
        "captured",
        "applications",
        "Applications captured, on the day of the capture as the kit says it.",
        "Packets that still wait in a kit: they count for their day once they have come.",
    )
};
