//! Cards in force.

use super::{Measure, Source};

/// The events are reserved; nothing writes them yet.
pub(super) const IN_FORCE: Measure = Measure {
    counts: &[Source::one("card.activated")],
    takes_back: &[Source::one("card.ended")],
    ..Measure::new(
        "in_force",
        "cards",
        "Cards in force: activated, and neither suspended, replaced nor expired.",
        "No part of the program writes the events yet: it is fed by returns.",
    )
};
