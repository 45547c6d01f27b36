//! XLSX: a sheet for each table. Texts are written as strings, never as what they look like.

use crate::{Cell, Table};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use time::Day;

/// What stands in the properties of a workbook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    /// Its title.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// What else is to be said of it: the hash of the report.
    pub comment: String,
    /// The day it bears. The clock is not asked, so that the same tables are the same bytes.
    pub day: Day,
}

/// Why there is no workbook.
#[derive(Debug)]
pub struct Error(XlsxError);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

impl From<XlsxError> for Error {
    fn from(error: XlsxError) -> Error {
        Error(error)
    }
}

/// The greatest whole number that a spreadsheet holds exactly; a greater one is written as text.
const EXACT_MAX: u64 = 1 << 53;

/// A workbook of these tables.
pub fn xlsx(book: &Book, tables: &[Table]) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(readable(&book.title))
        .set_author(readable(&book.author))
        .set_comment(readable(&book.comment))
        .set_creation_datetime(&moment(book.day)?);
    workbook.set_properties(&properties);
    let formats = Formats::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.name)?;
        fill(sheet, table, &formats)?;
    }
    Ok(workbook.save_to_buffer()?)
}

struct Formats {
    heading: Format,
    text: Format,
    count: Format,
    decimal: Format,
    day: Format,
}

impl Formats {
    fn new() -> Formats {
        Formats {
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            text: Format::new().set_num_format("@").set_align(FormatAlign::Top),
            count: Format::new().set_num_format("#,##0").set_align(FormatAlign::Top),
            decimal: Format::new().set_num_format("#,##0.00").set_align(FormatAlign::Top),
            day: Format::new().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Top),
        }
    }
}

fn fill(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    for (column, heading) in (0u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, readable(&heading.heading), &formats.heading)?;
        let widths = table.rows.iter().filter_map(|row| row.get(usize::from(column))).map(width);
        sheet.set_column_width(column, widths.chain([8]).max().unwrap_or(8).min(60) as f64 + 2.0)?;
    }
    for (row, cells) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, column, readable(text), &formats.text)?;
                }
                Cell::Count(count) if count.unsigned_abs() > EXACT_MAX => {
                    sheet.write_string_with_format(row, column, count.to_string(), &formats.text)?;
                }
                Cell::Count(count) => {
                    sheet.write_number_with_format(row, column, *count as f64, &formats.count)?;
                }
                Cell::Hundredths(hundredths) => {
                    sheet.write_number_with_format(row, column, *hundredths as f64 / 100.0, &formats.decimal)?;
                }
                Cell::Flag(flag) => {
                    sheet.write_boolean(row, column, *flag)?;
                }
                Cell::Day(day) => match moment(*day) {
                    Ok(moment) => sheet.write_datetime_with_format(row, column, &moment, &formats.day).map(drop)?,
                    // Spreadsheets begin in 1900.
                    Err(_) => sheet.write_string_with_format(row, column, day.to_string(), &formats.text).map(drop)?,
                },
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (Ok(last), Ok(right)) = (u32::try_from(table.rows.len()), u16::try_from(table.columns.len()))
        && last > 0
        && right > 0
    {
        sheet.autofilter(0, 0, last, right - 1)?;
    }
    Ok(())
}

fn moment(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = day.date();
    ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(0), month, day)
}

fn width(cell: &Cell) -> usize {
    match cell {
        Cell::Empty | Cell::Flag(_) => 8,
        Cell::Text(text) => text.chars().count(),
        Cell::Count(_) | Cell::Hundredths(_) => 14,
        Cell::Day(_) => 10,
    }
}

/// A text that XML can hold.
fn readable(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c }).collect()
}
