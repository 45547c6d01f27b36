//! A sheet: the figures and ranks of all units on a day, made once, from which the board of any unit is drawn.
//!
//! To make one, everything that was ever counted is added up; to draw a board from it, only its lines are looked at. So many
//! readers of different units share one sheet.

use super::figure::{self, Figures};
use super::line::Drawing;
use super::rank::Ranks;
use super::{Depth, Line, Request, Sources, figures};
use crate::forecast::WINDOW;
use crate::funnel::{self, Funnel};
use crate::target::Targets;
use crate::{AsOf, MEASURES, Measure, Units};

/// Figures and ranks of all units on one day.
pub struct Sheet {
    as_of: AsOf,
    people: Vec<u64>,
    /// By measure; none of those that were not asked for.
    columns: Vec<Option<Column>>,
}

/// What stands of one measure.
pub(super) struct Column {
    pub(super) figures: Figures,
    pub(super) ranks: Ranks,
    pub(super) before: Option<Ranks>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("as_of", &self.as_of).field("units", &self.people.len()).finish_non_exhaustive()
    }
}

impl Sheet {
    /// Adds up. `earlier` is the day whose ranks are compared; without `measures`, all of them.
    #[must_use]
    pub fn new(sources: &Sources<'_>, as_of: AsOf, earlier: Option<AsOf>, measures: &[usize]) -> Sheet {
        let places = figure::places(sources);
        let people = figure::people(sources, &places, as_of);
        let people_before = earlier.map(|earlier| figure::people(sources, &places, earlier));
        let column = |measure: usize| {
            let figures = figures(sources, &places, measure, as_of, WINDOW);
            let ranks = Ranks::new(sources, &figures, &people, measure, as_of);
            let before = earlier.zip(people_before.as_ref()).map(|(earlier, people)| {
                Ranks::new(sources, &self::figures(sources, &places, measure, earlier, 0), people, measure, earlier)
            });
            Column { figures, ranks, before }
        };
        let wanted = |measure: &usize| measures.is_empty() || measures.contains(measure);
        let columns = (0..MEASURES.len()).map(|measure| Some(measure).filter(wanted).map(column)).collect();
        Sheet { as_of, people, columns }
    }

    /// The board of a unit, by its place among the units that the sheet was made of: measure by measure, the unit itself,
    /// then those below it, each group in order of rank. Without `measures`, all that the sheet has.
    #[must_use]
    pub fn lines(&self, units: &Units, targets: &Targets, place: usize, depth: Depth, measures: &[usize]) -> Vec<Line> {
        let mut lines = Vec::new();
        for (measure, column) in self.columns.iter().enumerate() {
            let Some(column) = column.as_ref().filter(|_| measures.is_empty() || measures.contains(&measure)) else {
                continue;
            };
            let drawing = Drawing { units, targets, as_of: self.as_of, depth, measure, people: &self.people, column };
            drawing.lines(place, &mut lines);
        }
        lines
    }

    /// The funnel of a unit beside its neighbours; see [`crate::funnel`].
    #[must_use]
    pub fn funnel(&self, units: &Units, place: usize) -> Funnel {
        funnel::of(units, place, |measure, place| {
            let value = self.columns[measure].as_ref().map_or(0, |column| column.figures.of(place).value);
            value.max(0).unsigned_abs()
        })
    }

    /// What came on each of the last days, at most [`WINDOW`], in each unit directly below one, the last day last.
    #[must_use]
    pub fn days_below(&self, units: &Units, place: usize, measure: &str, days: usize) -> Vec<(String, Vec<i64>)> {
        let column = Measure::position(measure).and_then(|at| self.columns[at].as_ref());
        let Some(column) = column else { return Vec::new() };
        let last = |child: usize| {
            let all = column.figures.days(child);
            all[all.len() - days.min(all.len())..].to_vec()
        };
        units.children(place).iter().map(|child| (units.at(*child).code.clone(), last(*child))).collect()
    }
}

/// The board that a request asks for. Empty where there is no such unit.
#[must_use]
pub fn board(sources: &Sources<'_>, request: &Request<'_>) -> Vec<Line> {
    let Some(root) = sources.units.find(request.within) else { return Vec::new() };
    Sheet::new(sources, request.as_of, request.earlier, request.measures).lines(
        sources.units,
        sources.targets,
        root,
        request.depth,
        &[],
    )
}
