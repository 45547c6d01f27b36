//! The report's tables, for sheets and other programs. Texts are as they were frozen.

use crate::Error;
use crate::page::Words;
use crate::paper::Paper;
use export::{Book, Cell, Column, Table};
use programme::report::{Forecast, Hundredths, Report, Row, Source};
use text::{Key, Language, t};
use time::{Day, Instant};

/// Every table of a report that has rows.
#[must_use]
pub fn tables(report: &Report) -> Vec<Table> {
    let words = Words::new(Language::of(&report.language));
    let measures = report.tables.iter().enumerate().map(|(at, table)| {
        let rows = std::iter::once(&table.total).chain(&table.rows).map(|row| line(&words, row)).collect();
        // Names of measures are ours; a sheet's name is short.
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let name: String = table.measure.chars().filter(|c| plain(*c)).take(24).collect();
        named(&words, &format!("{}-{name}", at + 1), &table.title, &UNITS, rows)
    });
    let mut tables: Vec<Table> = measures.collect();
    tables.extend(lists(&words, report));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// All tables as a workbook.
pub fn xlsx(paper: &Paper) -> Result<Vec<u8>, Error> {
    let report = &paper.report;
    let day = Instant::parse(&report.as_of).unwrap_or_default().day();
    let book = Book {
        title: report.title.clone(),
        author: report.letterhead.authority.clone(),
        comment: format!("sha256:{} ledger:{}:{}", report.hash(), report.ledger.size, report.ledger.root),
        day: day.max(Day::from_date(1900, 1, 1).unwrap_or_default()),
    };
    Ok(export::xlsx(&book, &tables(report))?)
}

const UNITS: [(&str, Key); 17] = [
    ("unit", t!("report-column-code")),
    ("name", t!("report-column-unit")),
    ("population", t!("report-column-population")),
    ("value", t!("report-column-value")),
    ("source", t!("report-column-source")),
    ("target", t!("report-column-target")),
    ("percent", t!("report-column-percent")),
    ("rank", t!("report-column-rank")),
    ("change", t!("report-column-change")),
    ("above_average", t!("report-column-above")),
    ("pace_7d", t!("report-column-pace")),
    ("pace_needed", t!("report-column-needed")),
    ("forecast_date", t!("report-column-forecast")),
    ("forecast_low", t!("report-column-low")),
    ("forecast_high", t!("report-column-high")),
    ("probability", t!("report-column-probability")),
    ("notes", t!("report-column-notes")),
];

fn line(words: &Words, row: &Row) -> Vec<Cell> {
    let hundredths = |value: Option<Hundredths>| value.map_or(Cell::Empty, |value| Cell::Hundredths(value.0));
    let forecast = |of: fn(&Forecast) -> &String| row.forecast.as_ref().map_or(Cell::Empty, |one| Cell::day(of(one)));
    let source = match row.source {
        Source::Counted => t!("report-source-counted"),
        Source::Returned => t!("report-source-returned"),
        Source::Both => t!("report-source-both"),
    };
    vec![
        Cell::text(&row.unit),
        Cell::text(&row.name),
        Cell::count(row.population),
        Cell::count(Some(row.value)),
        Cell::Text(words.plain(source)),
        Cell::count(row.target),
        hundredths(row.percent),
        Cell::count(row.rank),
        row.change.map_or(Cell::Empty, Cell::Count),
        row.above_average.map_or(Cell::Empty, Cell::Flag),
        hundredths(row.pace_7d),
        hundredths(row.pace_needed),
        forecast(|one| &one.day),
        forecast(|one| &one.low),
        forecast(|one| &one.high),
        hundredths(row.forecast.as_ref().and_then(|one| one.probability)),
        Cell::text(&row.notes.join("; ")),
    ]
}

fn named(words: &Words, name: &str, title: &str, columns: &[(&str, Key)], rows: Vec<Vec<Cell>>) -> Table {
    let column = |(key, heading): &(&str, Key)| Column { key: (*key).to_owned(), heading: words.plain(*heading) };
    Table { name: name.to_owned(), title: title.to_owned(), columns: columns.iter().map(column).collect(), rows }
}

/// Everything in a report that is a list.
fn lists(words: &Words, report: &Report) -> Vec<Table> {
    let list = |name: &str, title: Key, columns: &[(&str, Key)], rows: Vec<Vec<Cell>>| {
        named(words, name, &words.plain(title), columns, rows)
    };
    let unit = ("unit", t!("report-column-unit"));
    let text = ("text", t!("report-column-text"));
    let owner = ("owner", t!("report-column-owner"));
    let due = ("due", t!("report-column-due"));
    let state = ("state", t!("report-column-state"));
    let day = ("day", t!("report-column-day"));
    let value = ("value", t!("report-column-value"));
    let series = ("series", t!("report-column-series"));
    let reached = report.series.iter().flat_map(|one| {
        one.reached
            .iter()
            .map(|point| vec![Cell::text(&one.title), Cell::day(&point.day), Cell::count(Some(point.value))])
    });
    let expected = report.series.iter().flat_map(|one| {
        one.expected.iter().map(|band| {
            let [low, middle, high] = [band.low, band.middle, band.high].map(|value| Cell::count(Some(value)));
            vec![Cell::text(&one.title), Cell::day(&band.day), low, middle, high]
        })
    });
    let middle = ("middle", t!("report-column-middle"));
    let band = [series, day, ("low", t!("report-column-low")), middle, ("high", t!("report-column-high"))];
    let funnel = report.funnel.iter().map(|one| vec![Cell::text(&one.name), Cell::count(Some(one.count))]);
    let honours = report
        .honours
        .iter()
        .map(|one| [&one.unit, &one.criterion, &one.evidence].map(|text| Cell::text(text)).to_vec());
    let difficulties = report.difficulties.iter().map(|one| {
        let mut cells = [&one.unit, &one.kind, &one.severity, &one.text, &one.owner, &one.decision]
            .map(|text| Cell::text(text))
            .to_vec();
        cells.extend([Cell::day(&one.due), Cell::text(&one.state)]);
        cells
    });
    let promises = report.promises.iter().map(|one| {
        let [unit, text, owner] = [&one.unit, &one.text, &one.owner].map(|text| Cell::text(text));
        vec![unit, text, owner, Cell::day(&one.due), Cell::text(&one.state)]
    });
    let roadmap = report.roadmap.iter().map(|one| {
        let mut cells =
            [&one.document, &one.article, &one.change, &one.owner, &one.stage].map(|text| Cell::text(text)).to_vec();
        cells.extend([Cell::day(&one.due), Cell::text(&one.blocked_by)]);
        cells
    });
    let milestones = report
        .milestones
        .iter()
        .map(|one| vec![Cell::text(&one.project), Cell::text(&one.title), Cell::day(&one.due), Cell::text(&one.state)]);
    let criterion = ("criterion", t!("report-column-criterion"));
    let raised = [
        unit,
        ("kind", t!("report-column-kind")),
        ("severity", t!("report-column-severity")),
        text,
        owner,
        ("decision", t!("report-column-decision")),
        due,
        state,
    ];
    let legal = [
        ("document", t!("report-column-document")),
        ("article", t!("report-column-article")),
        text,
        owner,
        ("stage", t!("report-column-stage")),
        due,
        ("blocked_by", t!("report-column-blocked")),
    ];
    vec![
        list("reached", t!("report-course"), &[series, day, value], reached.collect()),
        list("expected", t!("report-course"), &band, expected.collect()),
        list("funnel", t!("report-funnel"), &[("stage", t!("report-column-stage")), value], funnel.collect()),
        list(
            "honours",
            t!("report-honours"),
            &[unit, criterion, ("evidence", t!("report-column-evidence"))],
            honours.collect(),
        ),
        list("difficulties", t!("report-difficulties"), &raised, difficulties.collect()),
        list("promises", t!("report-promises"), &[unit, text, owner, due, state], promises.collect()),
        list("roadmap", t!("report-roadmap"), &legal, roadmap.collect()),
        list(
            "milestones",
            t!("report-milestones"),
            &[("project", t!("report-column-project")), text, due, state],
            milestones.collect(),
        ),
    ]
}
