//! Cards packed and sent.

use super::{Measure, Source};

/// The event is reserved; nothing writes it yet.
pub(super) const PACKED: Measure = Measure {
    counts: &[Source::one("card.packed")],
    ..Measure::new(
        "packed",
        "cards",
        "Cards packed and sent to the unit that hands them over.",
        "No part of the program writes the event yet: it is fed by returns.",
    )
};
