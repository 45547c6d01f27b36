//! People who live in a unit, as the unit says.

use super::Measure;

/// Stands in the place of the population that the unit was imported with, from the day the unit signed it.
pub(super) const POPULATION: Measure = Measure::new(
    "population",
    "people",
    "People who live in the unit, as it signed; from then on percents are of this figure and not of the census.",
    "The census figure that units are imported with. No event says it: it is fed by returns.",
);
