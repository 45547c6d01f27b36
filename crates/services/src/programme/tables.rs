//! What the programme lists, as tables: for files of every form, on every edge the same.
//!
//! The first column names of each table are stable; headings are in the language of whoever asks.
//! Not here: the forms (`export`), and who may have what: a table is made of what was given.
//! Start reading at [`of`].

mod record;

pub use record::records;

use super::{
    Asked, Compared, Comparing, Criteria, Depth, Digest, Honoured, Honours, Judging, KINDS, Kind, Line, Listing, Pair,
    Raised, Rulebook, ShownTarget, Signed, Sought,
};
use crate::Error;
use crate::book::Book;
use crate::officer::Officer;
use ::programme::Origin;
use export::{Cell, Column, Table};
use text::{Key, Texts, t};
use time::Day;

/// Rows of one table.
const ROWS_MAX: usize = 200_000;

/// Which rows of a table. What a table does not know is passed over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// The unit; empty for the officer's own.
    pub unit: String,
    /// The measure; empty for the usual one, or all.
    pub measure: String,
    /// The first day of a period, the earlier of two days.
    pub from: Option<Day>,
    /// The day; the last of a period, the later of two days. Today where none is named.
    pub to: Option<Day>,
    /// As it was known at the end of the day, and not as it is known now.
    pub then: bool,
    /// The state of records.
    pub state: String,
    /// Words that stand in them.
    pub query: String,
}

/// The tables there are, beside those of the kinds of records.
pub const NAMES: [&str; 7] = ["board", "comparison", "honours", "returns", "targets", "attention", "digest"];

/// A table by its name, and the day that it shows.
pub fn of(
    book: &Book,
    officer: &Officer,
    rulebook: &dyn Fn() -> Result<Rulebook, Error>,
    texts: &Texts,
    (name, filter): (&str, &Filter),
) -> Result<(Table, Day), Error> {
    let today = book.now().day();
    let day = filter.to.unwrap_or(today).min(today);
    let Filter { unit, measure, from, to, then, .. } = filter.clone();
    let usual = if measure.is_empty() { "entered".to_owned() } else { measure.clone() };
    let table = match name {
        "board" => {
            let asked =
                Asked { unit, day: to, then, depth: Depth::All, measures: vec![usual.clone()], ..Asked::default() };
            let board = super::board(book, officer, &asked)?;
            self::board(texts, &usual, &board.lines)
        }
        "comparison" => {
            let asked = Comparing { unit, measure: usual, first: from, second: to, then };
            comparison(texts, &super::compare(book, officer, &asked)?)
        }
        "honours" => {
            let judging = Judging { unit, from, to, known: then.then_some(day) };
            honours(texts, &super::honours(book, officer, &rulebook()?, &judging)?)
        }
        "returns" => {
            let sought = Sought { unit, measure, after: String::new(), limit: Some(ROWS_MAX) };
            let found = super::signed(book, officer, &sought)?;
            if found.next.is_some() {
                return Err(too_long(texts));
            }
            returns(texts, &found.items)
        }
        "targets" => targets(texts, &super::newest(book, officer, &unit)?),
        "attention" => attention(texts, &super::attention(book, officer, &rulebook()?, &unit, to)?.raised),
        "digest" => digest(texts, &super::digest(book, officer, &rulebook()?, &unit, to)?),
        kind if KINDS.contains(&kind) => {
            let Filter { state, query, .. } = filter.clone();
            let listing = Listing { kind: kind.to_owned(), state, query, limit: Some(ROWS_MAX), ..Listing::default() };
            let found = super::records(book, officer, &listing)?;
            if found.next.is_some() {
                return Err(too_long(texts));
            }
            let reachable = book.view(|view| crate::officer::reachable(view, officer))?;
            records(texts, kind, &found.items, &reachable.into_iter().map(|one| (one.id, one.name)).collect())
        }
        _ => return Err(Error::Missing("table-missing")),
    };
    Ok((table, day))
}

fn too_long(texts: &Texts) -> Error {
    Error::Input { code: "table-too-long", arguments: vec![("max", texts.language().count(ROWS_MAX as u64))] }
}

/// The word for a measure.
fn measure(texts: &Texts, name: &str) -> String {
    texts.named("measure", name)
}

/// A unit's name; that of the nation is a word.
fn name(texts: &Texts, name: &str) -> String {
    if name.is_empty() { texts.text(t!("unit-nation")) } else { name.to_owned() }
}

/// The word for where a figure comes from, the same in every language.
#[must_use]
pub fn origin(source: Origin) -> &'static str {
    match source {
        Origin::Counted => "counted",
        Origin::Returned => "returned",
        Origin::Mixed => "mixed",
    }
}

fn table(texts: &Texts, name: &str, title: String, columns: &[(&str, Key)], rows: Vec<Vec<Cell>>) -> Table {
    let column = |(key, words): &(&str, Key)| Column { key: (*key).to_owned(), heading: texts.text(*words) };
    Table { name: name.to_owned(), title, columns: columns.iter().map(column).collect(), rows }
}

/// The columns are those of the contract's board, then what else is known of a line.
#[must_use]
pub fn board(texts: &Texts, name: &str, lines: &[Line]) -> Table {
    let columns = [
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("population", t!("board-population")),
        ("value", t!("board-value")),
        ("percent", t!("board-percent")),
        ("rank", t!("board-rank")),
        ("above_average", t!("board-over-average")),
        ("target", t!("board-goal")),
        ("pace_7d", t!("board-pace")),
        ("pace_needed", t!("board-needed")),
        ("forecast_date", t!("board-outlook")),
        ("forecast_low", t!("board-earliest")),
        ("forecast_high", t!("board-latest")),
        ("probability", t!("board-likely")),
        ("source", t!("board-source")),
        ("parent", t!("board-path")),
        ("level", t!("board-level")),
        ("deadline", t!("targets-deadline")),
        ("pace_28d", t!("board-pace-28")),
        ("rank_change", t!("board-won")),
        ("counted", t!("board-by-events")),
        ("returned", t!("board-by-returns")),
        ("notes", t!("returns-stated")),
    ];
    let columns = columns.into_iter().map(|(key, words)| Column { key: key.to_owned(), heading: texts.text(words) });
    Table {
        name: name.to_owned(),
        title: measure(texts, name),
        columns: columns.collect(),
        rows: lines.iter().map(cells).collect(),
    }
}

/// A number with two decimals, where there is one.
fn hundredths(value: Option<f64>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Hundredths((value * 100.0).round() as i64))
}

fn cells(line: &Line) -> Vec<Cell> {
    let day = |day: Option<Day>| day.map_or(Cell::Empty, Cell::Day);
    let notes: Vec<&str> = line.notes.iter().map(|note| note.code()).collect();
    vec![
        Cell::text(&line.unit),
        Cell::text(&line.name),
        Cell::text(line.measure),
        Cell::count(line.population),
        Cell::count(Some(line.value)),
        hundredths(line.percent),
        Cell::count(line.rank),
        line.above_average.map_or(Cell::Empty, Cell::Flag),
        Cell::count(line.target),
        hundredths(line.pace_7d),
        hundredths(line.pace_needed),
        day(line.forecast_date),
        day(line.forecast_low),
        day(line.forecast_high),
        hundredths(line.probability),
        Cell::text(origin(line.source)),
        Cell::text(&line.parent),
        Cell::Count(line.level.into()),
        day(line.deadline),
        hundredths(line.pace_28d),
        line.rank_change.map_or(Cell::Empty, Cell::Count),
        Cell::count(Some(line.counted)),
        Cell::count(line.returned),
        Cell::text(&notes.join(" ")),
    ]
}
/// Returns, with what is to be said about each.
#[must_use]
pub fn returns(texts: &Texts, all: &[Signed]) -> Table {
    let columns = [
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("day", t!("board-day")),
        ("count", t!("returns-figure")),
        ("signer", t!("returns-signer")),
        ("recorded", t!("returns-taken")),
        ("findings", t!("returns-stated")),
    ];
    let row = |one: &Signed| {
        let findings: Vec<&str> = one.findings.iter().map(|found| found.code()).collect();
        vec![
            Cell::text(&one.one.unit),
            Cell::text(&one.name.as_ref().map_or_else(String::new, |unit| name(texts, unit))),
            Cell::text(&one.one.measure),
            Cell::Day(one.one.day),
            Cell::count(Some(one.one.count)),
            Cell::text(&one.one.signer),
            Cell::text(&one.one.recorded.to_string()),
            Cell::text(&findings.join(" ")),
        ]
    };
    table(texts, "returns", texts.text(t!("nav-returns")), &columns, all.iter().map(row).collect())
}

/// Targets in their newest version.
#[must_use]
pub fn targets(texts: &Texts, all: &[ShownTarget]) -> Table {
    let columns = [
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("deadline", t!("targets-deadline")),
        ("count", t!("targets-count")),
        ("basis", t!("targets-basis")),
        ("version", t!("targets-version")),
        ("set", t!("returns-taken")),
        ("findings", t!("returns-stated")),
    ];
    let row = |one: &ShownTarget| {
        let findings: Vec<&str> = one.findings.iter().map(|found| found.code()).collect();
        vec![
            Cell::text(&one.target.unit),
            Cell::text(&name(texts, &one.name)),
            Cell::text(&one.target.measure),
            Cell::Day(one.target.deadline),
            Cell::count(one.target.count),
            Cell::text(one.target.basis.name()),
            Cell::Count(one.target.version.into()),
            Cell::text(&one.target.set.to_string()),
            Cell::text(&findings.join(" ")),
        ]
    };
    table(texts, "targets", texts.text(t!("nav-targets")), &columns, all.iter().map(row).collect())
}

/// The units that rules raise.
#[must_use]
pub fn attention(texts: &Texts, all: &[Raised]) -> Table {
    let columns = [
        ("severity", t!("attention-severity")),
        ("unit", t!("case-unit")),
        ("name", t!("board-unit")),
        ("measure", t!("board-measure")),
        ("rule", t!("attention-rule")),
        ("found", t!("attention-what")),
        ("to", t!("attention-to")),
        ("since", t!("attention-since")),
        ("due", t!("record-due")),
    ];
    let row = |one: &Raised| {
        vec![
            Cell::text(one.severity.name()),
            Cell::text(&one.unit),
            Cell::text(&name(texts, &one.name)),
            Cell::text(one.measure),
            Cell::text(&one.rule),
            Cell::text(&said(texts, one)),
            Cell::text(&one.to),
            Cell::Day(one.since),
            Cell::Day(one.due),
        ]
    };
    table(texts, "attention", texts.text(t!("nav-attention")), &columns, all.iter().map(row).collect())
}

/// What was found, beside what.
pub fn said(texts: &Texts, one: &Raised) -> String {
    let pace = |hundredths: i64| texts.language().number(hundredths as f64 / 100.0, 1);
    match one.kind {
        Kind::FallingPace | Kind::Rising => {
            texts.fill(t!("attention-pace"), &[("week", pace(one.figure)), ("month", pace(one.beside))])
        }
        Kind::OutOfReach => texts.fill(t!("attention-reach"), &[("percent", one.figure.to_string())]),
        Kind::NoReturn => texts.fill(t!("attention-silent"), &[("days", one.figure.to_string())]),
    }
}

/// A digest, all its parts one below the other: `part` says which.
#[must_use]
pub fn digest(texts: &Texts, digest: &Digest) -> Table {
    let columns = [
        ("part", t!("digest-part")),
        ("unit", t!("case-unit")),
        ("measure", t!("board-measure")),
        ("name", t!("attention-what")),
        ("value", t!("board-value")),
        ("more", t!("digest-more")),
        ("percent", t!("board-percent")),
        ("rank", t!("board-rank")),
        ("source", t!("board-source")),
        ("due", t!("record-due")),
        ("late", t!("digest-late")),
    ];
    let mut rows = Vec::new();
    for one in &digest.figures {
        rows.push(vec![
            Cell::text("figure"),
            Cell::text(&digest.unit),
            Cell::text(one.measure),
            Cell::text(&measure(texts, one.measure)),
            Cell::count(Some(one.value)),
            Cell::Count(one.more),
            hundredths(one.percent),
            Cell::count(one.rank),
            Cell::text(origin(one.source)),
            Cell::Empty,
            Cell::Empty,
        ]);
    }
    let more = |part: &str, unit: &str, measure: &str, what: &str, due: Option<Day>| {
        let due_cell = due.map_or(Cell::Empty, Cell::Day);
        let late = due.map_or(Cell::Empty, |due| Cell::Flag(due < digest.day));
        let mut row = vec![Cell::text(part), Cell::text(unit), Cell::text(measure), Cell::text(what)];
        row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, due_cell, late]);
        row
    };
    rows.extend(
        digest.raised.iter().map(|one| more("raised", &one.unit, one.measure, &said(texts, one), Some(one.due))),
    );
    rows.extend(digest.missing.iter().map(|one| {
        let silent = texts.fill(t!("attention-silent"), &[("days", one.days.to_string())]);
        more("missing", &one.unit, one.measure, &silent, Some(one.due))
    }));
    let told = [("difficulty", &digest.difficulties), ("promise", &digest.promises), ("milestone", &digest.milestones)];
    for (part, all) in told {
        rows.extend(all.iter().map(|one| more(part, &one.unit, "", &one.title, one.due)));
    }
    table(texts, "digest", texts.text(t!("nav-digest")), &columns, rows)
}

/// Units by their points, with what they came by them.
#[must_use]
pub fn honours(texts: &Texts, honours: &Honours) -> Table {
    let mut columns = vec![
        ("unit".to_owned(), texts.text(t!("case-unit"))),
        ("name".to_owned(), texts.text(t!("board-unit"))),
        ("rank".to_owned(), texts.text(t!("board-rank"))),
        ("points".to_owned(), texts.text(t!("honours-points"))),
        ("outstanding".to_owned(), texts.text(t!("honours-outstanding"))),
    ];
    for criterion in ["progress", "quality", "improvement", "terrain"] {
        let words = texts.named("criterion", criterion);
        let weight = texts.text(t!("honours-weight"));
        columns.push((criterion.to_owned(), words.clone()));
        columns.push((format!("{criterion}_figure"), format!("{words}: {}", texts.text(t!("honours-figure")))));
        columns.push((format!("{criterion}_beside"), format!("{words}: {}", texts.text(t!("honours-beside")))));
        columns.push((format!("{criterion}_weight"), format!("{words}: {weight}")));
    }
    let Criteria { progress, quality, improvement, terrain, .. } = honours.criteria;
    let weights = [progress, quality, improvement, terrain];
    let hundredths = |points: u64| Cell::Hundredths(i64::try_from(points).unwrap_or(i64::MAX));
    let cells = |one: &Honoured| {
        let mut cells = vec![
            Cell::text(&one.unit),
            Cell::text(&one.name),
            Cell::count(Some(one.rank)),
            hundredths(one.points),
            Cell::Flag(one.outstanding),
        ];
        for (evidence, weight) in one.evidence.iter().zip(weights) {
            cells.push(hundredths(evidence.points));
            cells.extend([evidence.figure, evidence.beside, u64::from(weight)].map(|count| Cell::count(Some(count))));
        }
        cells
    };
    Table {
        name: "honours".to_owned(),
        title: texts.text(t!("nav-honours")),
        columns: columns.into_iter().map(|(key, heading)| Column { key, heading }).collect(),
        rows: honours.list.iter().map(cells).collect(),
    }
}
/// Two days side by side.
#[must_use]
pub fn comparison(texts: &Texts, compared: &Compared) -> Table {
    let [first, second] = [compared.first, compared.second].map(|day| format!(" {day}"));
    let none = String::new();
    let columns = [
        ("unit", t!("case-unit"), &none),
        ("name", t!("board-unit"), &none),
        ("first_value", t!("board-value"), &first),
        ("second_value", t!("board-value"), &second),
        ("gain", t!("compare-gain"), &none),
        ("first_percent", t!("board-percent"), &first),
        ("second_percent", t!("board-percent"), &second),
        ("percent_gain", t!("compare-points"), &none),
        ("first_rank", t!("board-rank"), &first),
        ("second_rank", t!("board-rank"), &second),
        ("rank_gain", t!("compare-places"), &none),
        ("first_corrected", t!("compare-corrected"), &first),
        ("second_corrected", t!("compare-corrected"), &second),
    ];
    let column =
        |(key, words, day): (&str, Key, &String)| Column { key: key.to_owned(), heading: texts.text(words) + day };
    let cells = |pair: &Pair| {
        vec![
            Cell::text(&pair.unit),
            Cell::text(&name(texts, &pair.name)),
            Cell::count(Some(pair.first.value)),
            Cell::count(Some(pair.second.value)),
            Cell::Count(pair.gain()),
            hundredths(pair.first.percent),
            hundredths(pair.second.percent),
            pair.percent_gain().map_or(Cell::Empty, Cell::Hundredths),
            Cell::count(pair.first.rank),
            Cell::count(pair.second.rank),
            pair.rank_gain().map_or(Cell::Empty, Cell::Count),
            Cell::Count(pair.first.corrected),
            Cell::Count(pair.second.corrected),
        ]
    };
    Table {
        name: compared.measure.clone(),
        title: measure(texts, &compared.measure),
        columns: columns.into_iter().map(column).collect(),
        rows: compared.pairs.iter().map(cells).collect(),
    }
}
