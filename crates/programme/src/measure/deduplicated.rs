//! Applications searched against everybody.

use super::{Measure, Source};

/// An application whose case is sent to be searched again has not been checked before, so nothing is taken back.
pub(super) const DEDUPLICATED: Measure = Measure {
    counts: &[Source::one("application.checked")],
    ..Measure::new(
        "deduplicated",
        "applications",
        "Applications whose fingers were searched against everybody's and that go on: no hit, or two officers said that \
         the hit is somebody else.",
        "Applications with an open case, and those refused or to be captured again.",
    )
};
