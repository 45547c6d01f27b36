//! Attention: which units the rules raise on a day, to whom, since when and by when.

use super::{counters, seen};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::attention::{Raised, Rule, go_back, raised};
use ::programme::rulebook::Rulebook;
use ::programme::{AsOf, Depth, Measure, Request};
use time::Day;

/// What the rules raise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attention {
    /// The unit; empty for the nation.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// The day.
    pub day: Day,
    /// The rules.
    pub rules: Vec<Rule>,
    /// What they raise in the unit and below it, the most serious and the soonest due first.
    pub raised: Vec<Raised>,
}

/// What the rules raise in a unit and below it at the end of a day, as far down as a rule looks.
pub fn attention(
    book: &Book,
    officer: &Officer,
    rulebook: &Rulebook,
    unit: &str,
    day: Option<Day>,
) -> Result<Attention, Error> {
    officer.may("status")?;
    let today = book.now().day();
    let as_of = AsOf { day: day.unwrap_or(today).min(today), known: today };
    let (unit, name) = counters::with(book, |sources, _| {
        let unit = sources.units.at(seen(sources.units, officer, unit)?);
        Ok((unit.code.clone(), unit.name.clone()))
    })?;
    let all = on(book, rulebook, &unit, as_of, None)?;
    Ok(Attention { unit, name, day: as_of.day, rules: rulebook.rules.clone(), raised: all })
}

/// The same for whoever has looked at the rights; `depth` where not as far down as a rule looks.
pub(super) fn on(
    book: &Book,
    rulebook: &Rulebook,
    unit: &str,
    as_of: AsOf,
    depth: Option<Depth>,
) -> Result<Vec<Raised>, Error> {
    let deepest = rulebook.rules.iter().filter_map(Rule::deepest).max().unwrap_or(0);
    let depth = depth.unwrap_or(Depth::Level(deepest));
    let on = |rules: &[Rule], day: Day| {
        let as_of = AsOf { day, ..as_of };
        let measures = rules.iter().flat_map(|rule| &rule.measures).filter_map(|name| Measure::position(name));
        let measures: Vec<usize> = measures.collect();
        if measures.is_empty() {
            return Ok(Vec::new());
        }
        // One day at a time: whoever asks for something else is not kept waiting for all of them.
        counters::with(book, |sources, _| {
            let request = Request { as_of, earlier: None, within: unit, depth, measures: &measures };
            let lines = ::programme::board(sources, &request);
            Ok(raised(rules, &lines, sources.units, sources.returns, as_of))
        })
    };
    let mut all = on(&rulebook.rules, as_of.day)?;
    // Only rules that raise something today can go on since before.
    let going: Vec<Rule> =
        rulebook.rules.iter().filter(|rule| all.iter().any(|one| one.rule == rule.name)).cloned().collect();
    go_back(&mut all, as_of.day, |day| on(&going, day))?;
    Ok(all)
}
