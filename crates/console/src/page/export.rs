//! A table as a file: CSV, XLSX or JSON; the board's has all units below one, with every column.

use super::board::{Wanted, measure};
use crate::Console;
use crate::frame::Refused;
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use export::{Cell, Column, Table};
use services::programme::{self, Asked, Depth, Line};
use text::t;
use time::Day;

pub(crate) async fn board(
    State(console): State<Console>,
    page: Page,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let look = &page.look;
    let (officer, own) = (page.officer.clone(), wanted.clone());
    let read = move |console: &Console| {
        let asked = Asked { depth: Depth::All, measures: vec![own.measure().to_owned()], ..own.asked()? };
        programme::board(console.book(), &officer, &asked)
    };
    let board = match console.run(read).await {
        Ok(board) => board,
        Err(error) => return Refused::from(error).page(look),
    };
    let table = table(look, wanted.measure(), &board.lines);
    let name = format!("vandan-board-{}-{}", wanted.measure(), board.day);
    given(look, &form, &name, &table, &book(&table, board.day))
}

/// A table as a file of a form.
pub(super) fn given(look: &Look, form: &str, name: &str, table: &Table, book: &export::Book) -> Response {
    let (kind, bytes) = match form {
        "csv" => ("text/csv; charset=utf-8", table.csv()),
        "json" => ("application/json", table.json()),
        "xlsx" => match export::xlsx(book, std::slice::from_ref(table)) {
            Ok(bytes) => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes),
            Err(_) => return Refused::bad(t!("board-export-failed"), Vec::new()).page(look),
        },
        _ => return Refused::from(services::Error::Missing("record-missing")).page(look),
    };
    let name = format!("attachment; filename=\"{name}.{form}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

pub(super) fn book(table: &Table, day: Day) -> export::Book {
    export::Book { title: table.title.clone(), author: "Vạn Dân".to_owned(), comment: String::new(), day }
}

/// The columns are those of the contract's board, then what else is known of a line.
fn table(look: &Look, name: &str, lines: &[Line]) -> Table {
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
    let columns = columns.into_iter().map(|(key, words)| Column { key: key.to_owned(), heading: look.text(words) });
    Table {
        name: name.to_owned(),
        title: measure(look, name),
        columns: columns.collect(),
        rows: lines.iter().map(cells).collect(),
    }
}

/// A number with two decimals, where there is one.
pub(super) fn hundredths(value: Option<f64>) -> Cell {
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
        Cell::text(super::board::origin(line.source)),
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
