//! People invited to enrol.

use super::Measure;

/// No event says it.
pub(super) const INVITED: Measure = Measure::new(
    "invited",
    "people",
    "People who were invited to apply for a card.",
    "No event says it yet: it is fed by returns.",
);
