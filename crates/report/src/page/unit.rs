//! One unit on one page: its figures, how they grew and how fast they would have to, the way to the card, what nobody has
//! answered and what was promised.

use super::annex::{cells, columns, filled};
use super::{Block, Line, Words, body};
use crate::chart::{course, funnel};
use programme::report::{Report, Row, UnitPage};
use text::{Key, t};

/// How much of the page's height a curve and a stage of the funnel take, in millimetres.
const CURVE: f64 = 36.0;
const STAGE: f64 = 5.4;
/// The place of the population among the cells of a row.
const PEOPLE: usize = 3;

pub(super) fn blocks(words: &Words, report: &Report, page: &UnitPage) -> Vec<Block> {
    let mut blocks = vec![figures(words, report, &page.unit)];
    let curves: Vec<Block> = page
        .series
        .iter()
        .filter_map(|series| {
            // A page's half has room for few days.
            let course = course(words.language, series, 3)?;
            let caption = words.say(t!("report-course-caption"), &[("title", series.title.clone())]);
            Some(Block::Course { caption, course, height: CURVE })
        })
        .collect();
    if !curves.is_empty() {
        blocks.push(Block::Beside { blocks: curves });
    }
    if page.funnel.len() > 1 {
        blocks.push(Block::Funnel { steps: funnel(words.language, &page.funnel), step: STAGE });
    }
    let lists = [
        (t!("report-open"), t!("report-open-first"), page.open, body::difficulties(words, &page.difficulties)),
        (t!("report-promised"), t!("report-promised-first"), page.promised, body::promises(words, &page.promises)),
    ];
    for (bare, first, count, list) in lists {
        let key: Key = if list.is_empty() { bare } else { first };
        blocks.push(Block::Strong { text: words.say(key, &[("count", words.language.count(count))]) });
        blocks.extend(list);
    }
    blocks
}

/// The figures of a unit, a line for each measure.
pub(super) fn figures(words: &Words, report: &Report, unit: &str) -> Block {
    let own = |table: &programme::report::Table| -> Option<Line> {
        let row: &Row =
            if unit == report.unit { &table.total } else { table.rows.iter().find(|row| row.unit == unit)? };
        let mut cells = cells(words, row, &table.title);
        // The same in each line; what the measure is of stands in the report's tables.
        cells[PEOPLE].clear();
        Some(Line { strong: false, cells })
    };
    filled(columns(words, t!("report-column-measure")), body::told(report).filter_map(own).collect())
}
