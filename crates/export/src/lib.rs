//! Any table as CSV, JSON and XLSX: the same columns and rows in each, and the same bytes for the same table.
//!
//! Invariant: what was typed is data everywhere. No cell becomes a formula, a field or a markup.
//! Not here: which tables there are, and who may have them.
//! Start reading at [`Table`].

mod comma;
mod json;
mod sheet;

pub use sheet::{Book, Error, xlsx};

use time::Day;

/// A table to be exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name: of the file, and of the sheet (at most 31 characters, none of `[]:*?/\`).
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in CSV and JSON, the same in every language.
    pub key: String,
    /// What people call it.
    pub heading: String,
}

/// What stands in a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A number of hundredths: 8627 is 86.27.
    Hundredths(i64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(Day),
}

impl Cell {
    /// A text, or nothing where it is empty.
    #[must_use]
    pub fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// A count, where there is one. One that is too large for the type is the largest.
    #[must_use]
    pub fn count(value: Option<u64>) -> Cell {
        value.map_or(Cell::Empty, |value| Cell::Count(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    /// A day as `YYYY-MM-DD`; what is no day stays a text.
    #[must_use]
    pub fn day(text: &str) -> Cell {
        Day::parse(text).map_or_else(|| Cell::text(text), Cell::Day)
    }
}

impl Table {
    /// As CSV (RFC 4180, UTF-8 with a byte order mark, which spreadsheets need to read Vietnamese).
    ///
    /// A text that a spreadsheet would take for a formula gets an apostrophe before it.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        comma::csv(self)
    }

    /// As JSON: `name`, `title`, `columns` and `rows`, each row an object by the columns' keys; numbers are numbers.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        json::json(self)
    }
}

/// Hundredths with a point, without zeros that say nothing: `-0.05`, `86.27`, `67.8`, `100`.
fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let plain = hundredths.unsigned_abs();
    let whole = plain / 100;
    match plain % 100 {
        0 => format!("{sign}{whole}"),
        tenths if tenths % 10 == 0 => format!("{sign}{whole}.{}", tenths / 10),
        hundredths => format!("{sign}{whole}.{hundredths:02}"),
    }
}

#[cfg(test)]
mod tests;
