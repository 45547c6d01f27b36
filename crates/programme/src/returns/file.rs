//! The file of returns: `unit,day,measure,count,signer`.

use super::{COUNT_MAX, Return};
use std::collections::BTreeMap;
use time::{Day, Instant};

/// Rows read of one file.
const ROWS_MAX: usize = 1_000_000;
/// Longest cell.
const CELL_MAX: usize = 200;
/// The columns, which may stand in any order.
const COLUMNS: [&str; 5] = ["unit", "day", "measure", "count", "signer"];

/// Why a file is no file of returns. Nothing of it is taken up.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}, column {column}: {cause}")]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// The column's heading.
    pub column: &'static str,
    /// What is wrong.
    pub cause: &'static str,
}

/// Reads a file, taken up at `recorded`. What is no day or no whole number refuses the file; units and measures are looked
/// at by [`super::Check::findings`].
pub fn read(bytes: &[u8], recorded: Instant) -> Result<Vec<Return>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64;
        Fault { line, column: "unit", cause: "it is not UTF-8" }
    })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| Fault { line: 1, column: "unit", cause: "it cannot be read" })?.clone();
    let mut at = [0; 5];
    for (place, column) in at.iter_mut().zip(COLUMNS) {
        let found = headings.iter().position(|heading| heading.eq_ignore_ascii_case(column));
        *place = found.ok_or(Fault { line: 1, column, cause: "the column is missing" })?;
    }
    let mut returns = Vec::new();
    let mut said = BTreeMap::new();
    for record in reader.records() {
        let unreadable = |error: &csv::Error| error.position().map_or(0, csv::Position::line);
        let record =
            record.map_err(|error| Fault { line: unreadable(&error), column: "unit", cause: "it cannot be read" })?;
        let fault = |column, cause| Fault { line: line_of(text, &record), column, cause };
        if returns.len() == ROWS_MAX {
            return Err(fault("unit", "there are too many rows"));
        }
        let cell = |which: usize| -> Result<&str, Fault> {
            let cell = record.get(at[which]).unwrap_or_default();
            if cell.len() > CELL_MAX {
                return Err(fault(COLUMNS[which], "it is too long"));
            }
            Ok(cell)
        };
        if record.iter().skip(headings.len()).any(|cell| !cell.is_empty()) {
            return Err(fault("count", "the row has more cells than the heading: a number has no separators"));
        }
        let count: u64 = cell(3)?.parse().map_err(|_| fault("count", "it is not a whole number"))?;
        if count > COUNT_MAX {
            return Err(fault("count", "it is more than 100,000,000,000"));
        }
        let signer = vn::clean(cell(4)?);
        if signer.is_empty() {
            return Err(fault("signer", "nobody has signed"));
        }
        let day = Day::parse(cell(1)?).ok_or(fault("day", "it is not a day such as 2021-02-28"))?;
        let before = said.insert((cell(0)?.to_owned(), cell(2)?.to_owned(), day), count);
        if before.is_some_and(|before| before != count) {
            return Err(fault("count", "an earlier row has another figure for this unit, measure and day"));
        }
        returns.push(Return { unit: cell(0)?.to_owned(), day, measure: cell(2)?.to_owned(), count, signer, recorded });
    }
    Ok(returns)
}

/// The line that a row begins in, from 1, blank lines and line ends of either kind counted.
pub(crate) fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let at =
        record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX)).min(text.len());
    let (before, rest) = text.as_bytes().split_at(at);
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(ends).filter(|byte| **byte == b'\n').count() as u64
}
