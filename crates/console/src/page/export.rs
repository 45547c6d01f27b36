//! A table as a file: CSV, XLSX or JSON; the board's has all units below one, with every column.

use super::board::Wanted;
use crate::Console;
use crate::frame::Refused;
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use export::Table;
use services::programme::{self, Asked, Depth, tables};
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
    let table = tables::board(look.texts(), wanted.measure(), &board.lines);
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
