//! Applications approved for a card.

use super::{Measure, Source};

/// One event an application, though batches are approved whole.
pub(super) const APPROVED: Measure = Measure {
    counts: &[Source::one("application.approved")],
    ..Measure::new(
        "approved",
        "applications",
        "Applications approved for a card, each by another officer than the one who enrolled it.",
        "Batches that wait for approval. An application refused after approval stays counted: it was approved.",
    )
};
