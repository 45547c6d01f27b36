//! The annexes: for each measure the table of its units, their bars, and the map where the units are provinces.

use super::{Annex, Block, Class, Column, Line, Words, body, unit};
use crate::chart::bars;
use crate::map::{self, map};
use crate::number::{day, decimal, pace, percent, roman};
use programme::report::{Kind, Report, Row, Table};
use text::{Key, t};

/// A report on the nation has a map.
pub(super) fn is_nation(report: &Report) -> bool {
    report.unit.is_empty()
}

pub(crate) fn annexes(words: &Words, report: &Report, pictures: &mut Vec<(String, String)>) -> Vec<Annex> {
    let mut annexes = Vec::new();
    for (at, table) in body::told(report).enumerate().filter(|(_, table)| !table.rows.is_empty()) {
        let number = words.say(t!("report-annex"), &[("number", roman(annexes.len() + 1))]);
        let mut wide =
            Annex { title: format!("{number}. {}", table.title), wide: true, body: vec![lines(words, table)] };
        wide.body.extend(notes(words, report, table));
        annexes.push(wide);
        for (at, page) in bars(words.language, table).into_iter().enumerate() {
            let number = words.say(t!("report-annex"), &[("number", roman(annexes.len() + 1))]);
            let average = table.average().map_or_else(|| "–".to_owned(), |share| percent(words.language, share));
            let caption = words.say(t!("report-bars"), &[("percent", average)]);
            let of = if at == 0 { String::new() } else { format!(" ({})", at + 1) };
            let title = format!("{number}. {}{of}", table.title);
            annexes.push(Annex { title, wide: false, body: vec![Block::Bars { caption, bars: page }] });
        }
        // The pack has it on its opening page.
        if is_nation(report) && report.kind != Kind::Conference {
            let number = words.say(t!("report-annex"), &[("number", roman(annexes.len() + 1))]);
            let title = format!("{number}. {}", table.title);
            annexes.push(Annex { title, wide: false, body: mapped(words, table, &format!("map-{at}.svg"), pictures) });
        }
    }
    if report.kind == Kind::Conference {
        annexes.extend(report.pages.iter().map(|page| Annex {
            title: page.name.clone(),
            wide: false,
            body: unit::blocks(words, report, page),
        }));
    }
    annexes
}

fn lines(words: &Words, table: &Table) -> Block {
    let columns = columns(words, t!("report-column-unit"));
    let mut rows: Vec<&Row> = table.rows.iter().collect();
    rows.sort_by(|a, b| (a.rank.unwrap_or(u64::MAX), &a.unit).cmp(&(b.rank.unwrap_or(u64::MAX), &b.unit)));
    let mut lines: Vec<Line> = rows
        .into_iter()
        .map(|row| Line { strong: row.above_average == Some(true), cells: cells(words, row, &row.name) })
        .collect();
    let mut total = cells(words, &table.total, &words.plain(t!("report-total")));
    // All together have no place among themselves.
    total[0].clear();
    total[1].clear();
    lines.insert(0, Line { strong: true, cells: total });
    filled(columns, lines)
}

/// The columns of [`cells`]; `first` says what the lines are.
pub(super) fn columns(words: &Words, first: Key) -> Vec<Column> {
    let column = |key, align, width| Column { heading: words.plain(key), align, width };
    vec![
        column(t!("report-column-rank"), "right", 1.0),
        column(t!("report-column-change"), "right", 1.0),
        column(first, "left", 3.6),
        column(t!("report-column-population"), "right", 2.0),
        column(t!("report-column-target"), "right", 2.0),
        column(t!("report-column-value"), "right", 2.0),
        column(t!("report-column-percent"), "right", 1.6),
        column(t!("report-column-pace"), "right", 1.6),
        column(t!("report-column-needed"), "right", 1.6),
        column(t!("report-column-forecast"), "right", 1.9),
        column(t!("report-column-low"), "right", 1.9),
        column(t!("report-column-high"), "right", 1.9),
    ]
}

/// The table without the columns in which nothing stands.
pub(super) fn filled(columns: Vec<Column>, mut lines: Vec<Line>) -> Block {
    let used: Vec<bool> = (0..columns.len()).map(|at| lines.iter().any(|line| !line.cells[at].is_empty())).collect();
    for line in &mut lines {
        let mut at = used.iter();
        line.cells.retain(|_| at.next() == Some(&true));
    }
    let columns = columns.into_iter().zip(used).filter_map(|(column, used)| used.then_some(column));
    Block::Table { columns: columns.collect(), rows: lines }
}

pub(super) fn cells(words: &Words, row: &Row, name: &str) -> Vec<String> {
    let count = |value: Option<u64>| value.map_or_else(String::new, |value| words.language.count(value));
    let change = row.change.map_or_else(String::new, |change| match change {
        0 => "0".to_owned(),
        won if won > 0 => format!("+{won}"),
        lost => format!("−{}", lost.unsigned_abs()),
    });
    let forecast = |of: fn(&programme::report::Forecast) -> &String| {
        row.forecast.as_ref().map_or_else(String::new, |one| day(of(one)))
    };
    vec![
        count(row.rank),
        change,
        name.to_owned(),
        count(row.population),
        count(row.target),
        words.language.count(row.value),
        row.percent.map_or_else(String::new, |share| percent(words.language, share)),
        row.pace_7d.map_or_else(String::new, |value| pace(words.language, value)),
        row.pace_needed.map_or_else(String::new, |value| pace(words.language, value)),
        forecast(|one| &one.day),
        forecast(|one| &one.low),
        forecast(|one| &one.high),
    ]
}

/// What has to be said of the table, and of single values.
fn notes(words: &Words, report: &Report, table: &Table) -> Vec<Block> {
    let compared = (!report.compared_with.is_empty())
        .then(|| words.say(t!("report-compared"), &[("day", day(&report.compared_with))]));
    let noted = std::iter::once(&table.total).chain(&table.rows).filter(|row| !row.notes.is_empty());
    let noted = noted.map(|row| format!("{}: {}", row.name, row.notes.join("; ")));
    let base = words.plain(t!("report-base"));
    std::iter::once(base).chain(compared).chain(noted).map(|text| Block::Remark { text }).collect()
}

pub(super) fn mapped(words: &Words, table: &Table, name: &str, pictures: &mut Vec<(String, String)>) -> Vec<Block> {
    let remark = |text: String| Block::Remark { text };
    let Some(map) = map(words.language, table) else {
        return vec![remark(words.plain(t!("report-map-absent")))];
    };
    pictures.push((name.to_owned(), map.svg));
    let class = |(colour, low, high): (&'static str, String, String)| Class {
        colour: colour.to_owned(),
        text: words.say(t!("report-map-class"), &[("low", low), ("high", high)]),
    };
    let mut classes: Vec<Class> = map.classes.into_iter().rev().map(class).collect();
    classes.push(Class { colour: map::NONE.to_owned(), text: words.plain(t!("report-map-none")) });
    let mut blocks = vec![Block::Map {
        caption: words.plain(t!("report-map")),
        picture: name.to_owned(),
        ratio: map.ratio,
        classes,
    }];
    if let Some(share) = table.average() {
        let percent = format!("{} %", decimal(words.language, share));
        blocks.push(remark(words.say(t!("report-map-above"), &[("percent", percent)])));
    }
    if !map.unknown.is_empty() {
        blocks.push(remark(words.say(t!("report-map-unknown"), &[("names", map.unknown.join(", "))])));
    }
    blocks.push(remark(words.say(t!("report-map-credit"), &[("credit", map.credit)])));
    blocks
}
