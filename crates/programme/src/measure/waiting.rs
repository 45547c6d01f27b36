//! How long applicants wait for a card.

use super::{APPLICATION, Amount, Better, Measure, RECEIVED_AT, Source};

/// An event counts the days since its application came; the figure is their mean.
pub(super) const WAITING: Measure = Measure {
    counts: &[Source::of("card.personalised", Amount::Days(APPLICATION, RECEIVED_AT))],
    better: Better::Less,
    mean_of: Some("personalised"),
    ..Measure::new(
        "waiting",
        "days",
        "Mean days from the receipt of an application to its card.",
        "Applications that still wait; the days before the packet came and after the card was made. It is a mean, and \
         cannot be returned.",
    )
};
