//! The stored form of a cube, so that a program that starts again counts on and not anew.
//!
//! The form is sorted, so equal cubes have equal bytes in whatever order their events came.

use super::{Ahead, Cube, Seen};
use crate::measure::{MEASURES, edition};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Day;

/// The stored cube.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    /// [`edition`] of the measures.
    edition: u64,
    seen: Vec<(u64, u64)>,
    units: Vec<(String, Vec<Counts>)>,
    ahead: Vec<(u64, Ahead)>,
    ahead_count: u64,
}

/// The counts of one measure: its place, and per cell the day recorded as the step from the last one's, how many days
/// before that it happened, and the count.
type Counts = (u16, Vec<(i32, u32, i64)>);

/// Why a stored cube is of no use: count from the first event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the counters were made by other measures")]
pub struct Stale;

impl Cube {
    fn checkpoint(&self) -> Checkpoint {
        let mut units: Vec<(String, Vec<Counts>)> = Vec::with_capacity(self.units.len());
        for (place, unit) in self.units.iter().enumerate() {
            let mut measures = Vec::new();
            for measure in 0..MEASURES.len() {
                let mut recorded = 0;
                let mut counts = Vec::new();
                // Counts that took each other back on one day too: their events are listed.
                for cell in self.series[place * MEASURES.len() + measure].cells() {
                    let late = cell.recorded.0.abs_diff(cell.happened.0);
                    counts.push((cell.recorded.0 - recorded, late, cell.count));
                    recorded = cell.recorded.0;
                }
                if !counts.is_empty() {
                    measures.push((measure as u16, counts));
                }
            }
            if !measures.is_empty() {
                units.push((unit.to_string(), measures));
            }
        }
        units.sort_unstable();
        Checkpoint {
            edition: edition(),
            seen: self.seen.stretches().collect(),
            units,
            ahead: self.ahead.iter().map(|(position, ahead)| (*position, ahead.clone())).collect(),
            ahead_count: self.ahead_count,
        }
    }

    fn restore(checkpoint: Checkpoint) -> Result<Cube, Stale> {
        if checkpoint.edition != edition() {
            return Err(Stale);
        }
        let mut cube = Cube::default();
        for (unit, measures) in checkpoint.units {
            let place = cube.intern(&unit);
            for (measure, counts) in measures {
                if usize::from(measure) >= MEASURES.len() {
                    return Err(Stale);
                }
                let mut recorded = 0_i32;
                for (step, late, count) in counts {
                    recorded = recorded.checked_add(step).ok_or(Stale)?;
                    let happened = recorded.checked_sub_unsigned(late).ok_or(Stale)?;
                    cube.put(place, usize::from(measure), Day(happened), Day(recorded), count);
                }
            }
        }
        let mut seen = checkpoint.seen;
        seen.sort_unstable();
        cube.seen = Seen::of(seen);
        cube.ahead = checkpoint.ahead.into_iter().collect();
        cube.ahead_count = checkpoint.ahead_count;
        Ok(cube)
    }
}

/// Equal where every count is.
impl PartialEq for Cube {
    fn eq(&self, other: &Cube) -> bool {
        let (a, b) = (self.checkpoint(), other.checkpoint());
        (a.seen, a.units, a.ahead, a.ahead_count) == (b.seen, b.units, b.ahead, b.ahead_count)
    }
}

impl Eq for Cube {}

impl Serialize for Cube {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.checkpoint().serialize(serializer)
    }
}

/// Refused where the measures have changed since ([`Stale`]).
impl<'de> Deserialize<'de> for Cube {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cube, D::Error> {
        Cube::restore(Checkpoint::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
