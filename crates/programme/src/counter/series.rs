//! The counts of one unit and measure by the day they became known and the day they happened.

use super::AsOf;
use time::Day;

/// What became known on one day about another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cell {
    pub(super) recorded: Day,
    pub(super) happened: Day,
    pub(super) count: i64,
    /// This count and all before it in the series.
    total: i64,
}

/// Cells in the order in which they became known. Events mostly come in that order, so a count is added at the end, and
/// what was known on a day is one look at a running total.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Series {
    cells: Vec<Cell>,
}

impl Series {
    /// Adds a count; `happened` is not after `recorded`.
    pub(super) fn add(&mut self, happened: Day, recorded: Day, count: i64) {
        let key = (recorded, happened);
        if let Some(last) = self.cells.last_mut()
            && (last.recorded, last.happened) == key
        {
            last.count += count;
            last.total += count;
            return;
        }
        let at = self.cells.partition_point(|cell| (cell.recorded, cell.happened) < key);
        if self.cells.get(at).is_none_or(|cell| (cell.recorded, cell.happened) != key) {
            let total = if at > 0 { self.cells[at - 1].total } else { 0 };
            self.cells.insert(at, Cell { recorded, happened, count: 0, total });
        }
        self.cells[at].count += count;
        for cell in &mut self.cells[at..] {
            cell.total += count;
        }
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// What became known after a day and up to another.
    pub(super) fn recorded(&self, after: Day, until: Day) -> &[Cell] {
        let from = self.cells.partition_point(|cell| cell.recorded <= after);
        let to = self.cells.partition_point(|cell| cell.recorded <= until);
        &self.cells[from..to.max(from)]
    }

    /// The last day up to `until` on which something became known that happened on `day` or before.
    pub(super) fn last_known(&self, day: Day, until: Day) -> Option<Day> {
        let to = self.cells.partition_point(|cell| cell.recorded <= until);
        self.cells[..to].iter().rev().find(|cell| cell.happened <= day).map(|cell| cell.recorded)
    }

    pub(super) fn value(&self, as_of: AsOf) -> i64 {
        // Nothing happens after it was recorded, so everything known by the end of the earlier day counts.
        let end = as_of.day.min(as_of.known);
        let sure = self.cells.partition_point(|cell| cell.recorded <= end);
        let total = if sure > 0 { self.cells[sure - 1].total } else { 0 };
        let later = self.cells[sure..].iter().take_while(|cell| cell.recorded <= as_of.known);
        total + later.filter(|cell| cell.happened <= as_of.day).map(|cell| cell.count).sum::<i64>()
    }

    /// Whether there is a count up to a day.
    pub(super) fn counts(&self, as_of: AsOf) -> bool {
        let mut known = self.cells.iter().take_while(|cell| cell.recorded <= as_of.known);
        known.any(|cell| cell.happened <= as_of.day)
    }

    /// Adds the counts of the days that end with the day asked for.
    pub(super) fn daily(&self, as_of: AsOf, days: &mut [i64]) {
        let before = Day(as_of.day.0.saturating_sub(days.len() as i32));
        for cell in self.recorded(before, as_of.known) {
            if cell.happened > before && cell.happened <= as_of.day {
                days[(cell.happened.0 - before.0 - 1) as usize] += cell.count;
            }
        }
    }
}
