//! Cards made.

use super::{Measure, Source};

/// The event is written after the card was read back.
pub(super) const PERSONALISED: Measure = Measure {
    counts: &[Source::one("card.personalised")],
    ..Measure::new(
        "personalised",
        "cards",
        "Cards personalised and read back, file by file.",
        "Cards begun that failed.",
    )
};
