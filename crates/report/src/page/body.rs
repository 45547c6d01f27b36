//! The report itself: results in words, then the chapters that have something in them.

use super::{Block, Column, Line, Words, annex, head, unit};
use crate::chart::{course, funnel};
use crate::number::{day, pace, percent, roman};
use programme::report::{Difficulty, Kind, Promise, Report, Row, Source, Table};
use text::{Key, t};

pub(crate) fn body(words: &Words, report: &Report, pictures: &mut Vec<(String, String)>) -> Vec<Block> {
    let paragraph = |text: &String| Block::Paragraph { text: text.clone() };
    let mut blocks: Vec<Block> = report.preface.iter().map(paragraph).collect();
    blocks.push(Block::Paragraph { text: head::as_of(words, report) });
    match report.kind {
        Kind::Government => {}
        Kind::Conference => blocks.extend(opening(words, report, pictures)),
        // The sheet is about one unit: its own page comes first.
        Kind::Province => blocks.extend(report.pages.iter().flat_map(|page| unit::blocks(words, report, page))),
    }
    let chapters = [
        (t!("report-results"), told(report).flat_map(|table| results(words, table, report.kind)).collect()),
        (t!("report-course"), courses(words, report)),
        (t!("report-funnel"), way(words, report)),
        (t!("report-honours"), honours(words, report)),
        (t!("report-difficulties"), difficulties(words, &report.difficulties)),
        (t!("report-promises"), promises(words, &report.promises)),
        (t!("report-roadmap"), roadmap(words, report)),
        (t!("report-milestones"), milestones(words, report)),
        (t!("report-notes"), report.notes.iter().map(paragraph).collect()),
    ];
    let mut number = 0;
    for (title, chapter) in chapters {
        let chapter: Vec<Block> = chapter;
        if !chapter.is_empty() {
            number += 1;
            blocks.push(Block::Heading { text: format!("{}. {}", roman(number), words.plain(title)) });
            blocks.extend(chapter);
        }
    }
    blocks
}

/// The whole at a glance: its figures, and the map of the first measure that has one.
fn opening(words: &Words, report: &Report, pictures: &mut Vec<(String, String)>) -> Vec<Block> {
    let mut blocks = vec![unit::figures(words, report, &report.unit)];
    if let Some(table) = told(report).find(|table| annex::is_nation(report) && table.total.percent.is_some()) {
        blocks.extend(annex::mapped(words, table, "map.svg", pictures));
    }
    blocks
}

/// The measures that say what was done: that people live somewhere is no result.
pub(super) fn told(report: &Report) -> impl Iterator<Item = &Table> {
    report.tables.iter().filter(|table| table.measure != "population")
}

/// One measure in words.
fn results(words: &Words, table: &Table, kind: Kind) -> Vec<Block> {
    let total = &table.total;
    let title = ("title", table.title.clone());
    let value = ("value", words.language.count(total.value));
    let share = total.percent.map(|share| ("percent", percent(words.language, share)));
    let whole = |whole: u64| ("whole", words.language.count(whole));
    let text = match (total.target, total.population, share) {
        (Some(target), _, Some(share)) => words.say(t!("report-result-target"), &[title, value, whole(target), share]),
        (None, Some(people), Some(share)) => {
            words.say(t!("report-result-population"), &[title, value, whole(people), share])
        }
        _ => words.say(t!("report-result-bare"), &[title, value]),
    };
    let source = match total.source {
        Source::Counted => t!("report-counted"),
        Source::Returned => t!("report-returned"),
        Source::Both => t!("report-both"),
    };
    let mut blocks = vec![
        Block::Strong { text },
        Block::Paragraph {
            text: sentences(vec![words.plain(source), pace_of(words, table), forecast_of(words, total)]),
        },
    ];
    if let Some(share) = table.average().filter(|_| !table.rows.is_empty()) {
        let names: Vec<&str> = table.above_average().iter().map(|row| row.name.as_str()).collect();
        let arguments = [("percent", percent(words.language, share)), ("names", names.join(", "))];
        let key = if names.is_empty() { t!("report-above-none") } else { t!("report-above") };
        blocks.push(Block::Paragraph { text: words.say(key, &arguments) });
        let mut below: Vec<&Row> = table.rows.iter().filter(|row| row.above_average == Some(false)).collect();
        // Who needs help is asked at a conference; a report to the Government names who is ahead.
        if kind == Kind::Conference && !below.is_empty() {
            below.sort_by_key(|row| (std::cmp::Reverse(row.rank), &row.unit));
            let names: Vec<&str> = below.iter().map(|row| row.name.as_str()).collect();
            let arguments = [("percent", percent(words.language, share)), ("names", names.join(", "))];
            blocks.push(Block::Paragraph { text: words.say(t!("report-below"), &arguments) });
        }
    }
    blocks
}

fn sentences(sentences: Vec<String>) -> String {
    sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<String>>().join(" ")
}

fn pace_of(words: &Words, table: &Table) -> String {
    let (Some(now), Some(needed)) = (table.total.pace_7d, table.total.pace_needed) else { return String::new() };
    let arguments =
        [("pace", pace(words.language, now)), ("needed", pace(words.language, needed)), ("day", day(&table.deadline))];
    words.say(t!("report-pace"), &arguments)
}

fn forecast_of(words: &Words, total: &Row) -> String {
    let Some(forecast) = &total.forecast else { return String::new() };
    let arguments = [("day", day(&forecast.day)), ("low", day(&forecast.low)), ("high", day(&forecast.high))];
    let key = if forecast.high.is_empty() { t!("report-forecast-open") } else { t!("report-forecast") };
    let probable = forecast.probability.map_or_else(String::new, |probability| {
        words.say(t!("report-probability"), &[("percent", percent(words.language, probability))])
    });
    sentences(vec![words.say(key, &arguments), probable])
}

fn courses(words: &Words, report: &Report) -> Vec<Block> {
    let drawn = report.series.iter().filter_map(|series| Some((series, course(words.language, series, 8)?)));
    let blocks = drawn.map(|(series, course)| Block::Course {
        caption: words.say(t!("report-course-caption"), &[("title", series.title.clone())]),
        course,
        height: 58.0,
    });
    blocks.collect()
}

fn way(words: &Words, report: &Report) -> Vec<Block> {
    if report.funnel.is_empty() {
        return Vec::new();
    }
    vec![Block::Funnel { steps: funnel(words.language, &report.funnel), step: 7.5 }]
}

/// A table of texts; none where there are no rows.
fn listed(words: &Words, columns: &[(Key, f64)], rows: Vec<Vec<String>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let column = |(key, width): &(Key, f64)| Column { heading: words.plain(*key), align: "left", width: *width };
    let rows = rows.into_iter().map(|cells| Line { strong: false, cells }).collect();
    vec![Block::Table { columns: columns.iter().map(column).collect(), rows }]
}

fn honours(words: &Words, report: &Report) -> Vec<Block> {
    let columns =
        [(t!("report-column-unit"), 3.0), (t!("report-column-criterion"), 3.0), (t!("report-column-evidence"), 5.0)];
    let rows = report.honours.iter().map(|one| vec![one.unit.clone(), one.criterion.clone(), one.evidence.clone()]);
    listed(words, &columns, rows.collect())
}

pub(super) fn difficulties(words: &Words, all: &[Difficulty]) -> Vec<Block> {
    let columns = [
        (t!("report-column-unit"), 2.0),
        (t!("report-column-kind"), 2.0),
        (t!("report-column-text"), 4.0),
        (t!("report-column-answer"), 3.5),
        (t!("report-column-due"), 1.9),
        (t!("report-column-state"), 2.0),
    ];
    let rows = all.iter().map(|one| {
        let kind = [one.kind.as_str(), one.severity.as_str()].join(", ");
        let kind = kind.trim_matches([',', ' ']).to_owned();
        let decision = [one.owner.as_str(), one.decision.as_str()].join(": ");
        let decision = decision.trim_matches([':', ' ']).to_owned();
        vec![one.unit.clone(), kind, one.text.clone(), decision, day(&one.due), one.state.clone()]
    });
    listed(words, &columns, rows.collect())
}

pub(super) fn promises(words: &Words, all: &[Promise]) -> Vec<Block> {
    let columns = [
        (t!("report-column-unit"), 2.0),
        (t!("report-column-text"), 5.0),
        (t!("report-column-owner"), 2.5),
        (t!("report-column-due"), 1.8),
        (t!("report-column-state"), 2.0),
    ];
    let rows = all
        .iter()
        .map(|one| vec![one.unit.clone(), one.text.clone(), one.owner.clone(), day(&one.due), one.state.clone()]);
    listed(words, &columns, rows.collect())
}

fn roadmap(words: &Words, report: &Report) -> Vec<Block> {
    let columns = [
        (t!("report-column-document"), 3.0),
        (t!("report-column-article"), 1.4),
        (t!("report-column-text"), 4.5),
        (t!("report-column-owner"), 1.8),
        (t!("report-column-stage"), 2.0),
        (t!("report-column-due"), 1.9),
        (t!("report-column-blocked"), 2.0),
    ];
    let rows = report.roadmap.iter().map(|one| {
        let [document, article, change] = [&one.document, &one.article, &one.change].map(Clone::clone);
        vec![document, article, change, one.owner.clone(), one.stage.clone(), day(&one.due), one.blocked_by.clone()]
    });
    listed(words, &columns, rows.collect())
}

fn milestones(words: &Words, report: &Report) -> Vec<Block> {
    let columns = [
        (t!("report-column-project"), 3.0),
        (t!("report-column-text"), 5.0),
        (t!("report-column-due"), 1.8),
        (t!("report-column-state"), 2.0),
    ];
    let rows = report
        .milestones
        .iter()
        .map(|one| vec![one.project.clone(), one.title.clone(), day(&one.due), one.state.clone()]);
    listed(words, &columns, rows.collect())
}
