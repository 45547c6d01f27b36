//! How days stand in JSON.

use serde::Serializer;
use time::Day;

/// A day as `YYYY-MM-DD`, or null.
pub fn day<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

/// A day as `YYYY-MM-DD`.
pub fn some_day<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}
