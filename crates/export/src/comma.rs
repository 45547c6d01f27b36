//! CSV (RFC 4180), safe to open in a spreadsheet.
//!
//! Spreadsheets run what begins with `=`, `+`, `-` or `@` as a formula, also behind a tab or a blank, and in some languages in
//! its wide form. An apostrophe before it makes it a text.

use crate::{Cell, Table, decimal};
use csv::{QuoteStyle, Terminator, WriterBuilder};

pub(crate) fn csv(table: &Table) -> Vec<u8> {
    let bytes = b"\xef\xbb\xbf".to_vec();
    let mut writer =
        WriterBuilder::new().terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric).from_writer(bytes);
    let keys = table.columns.iter().map(|column| column.key.clone());
    let rows = table.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<String>>());
    for record in std::iter::once(keys.collect()).chain(rows) {
        // Writing to memory does not fail, and the columns are as many in every row.
        if writer.write_record(&record).is_err() {
            break;
        }
    }
    writer.into_inner().unwrap_or_default()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Count(count) => count.to_string(),
        Cell::Hundredths(hundredths) => decimal(*hundredths),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

fn guarded(text: &str) -> String {
    let first = text.chars().find(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}');
    let formula = first.is_some_and(|first| "=+-@＝＋－＠".contains(first));
    if formula { format!("'{text}") } else { text.to_owned() }
}
