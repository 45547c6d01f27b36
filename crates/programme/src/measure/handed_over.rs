//! Cards in their holders' hands.

use super::{Measure, Source};

/// The event is reserved; nothing writes it yet.
pub(super) const HANDED_OVER: Measure = Measure {
    counts: &[Source::one("card.handed-over")],
    ..Measure::new(
        "handed_over",
        "cards",
        "Cards handed over to their holders.",
        "No part of the program writes the event yet: it is fed by returns.",
    )
};
