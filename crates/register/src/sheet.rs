//! A file as rows of cells: CSV in any usual encoding and delimiter, or XLSX.
//!
//! Limits come before parsing: bytes of the file, bytes of a cell, what a workbook may unpack to.

use crate::Error;
use crate::heading::Mapping;
use calamine::{Data, Reader, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use vn::Encoding;

/// Bytes taken in one file.
pub const BYTES_MAX: u64 = 512 << 20;
/// Bytes in one cell.
const CELL_BYTES_MAX: usize = 32 << 10;
/// Bytes that a workbook may unpack to.
const UNPACKED_BYTES_MAX: u64 = 1 << 30;
/// Columns that a mapping has.
pub const CELLS_MAX: usize = 200;
/// Lines of a workbook's sheet.
const SHEET_LINES: u64 = 1 << 20;
/// Columns of a workbook's sheet.
const SHEET_COLUMNS: usize = 1 << 14;
/// Cells that the rows of one sheet may have between them, empty ones counted.
const SHEET_CELLS_MAX: usize = 32 << 20;
/// Lines looked at for headings.
const HEADING_LINES: usize = 20;

/// A file read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// How it was written: `UTF-8, ","` or `XLSX`.
    pub form: String,
    /// Whether cells are Latin-1 views of an old code page.
    pub encoding: Option<Encoding>,
    /// Its tables: one, or one for each sheet of a workbook that has headings.
    pub parts: Vec<Part>,
}

/// Rows under one line of headings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// For each cell position the column of [`crate::heading::COLUMNS`].
    pub columns: Vec<Option<usize>>,
    /// The rows.
    pub rows: Vec<Line>,
}

impl Sheet {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.rows.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One row as sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The line where it begins, from 1. The second sheet of a workbook goes on at 1,048,577, the third at 2,097,153.
    pub line: u64,
    /// Its cells, as read.
    pub cells: Vec<String>,
    /// The file ends within it: the last cell may be part of one.
    pub cut: bool,
}

/// Reads a file's bytes. Rows come out in the file's order; empty lines are left out.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Sheet, Error> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty);
    }
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Error::TooLarge { bytes: bytes.len() as u64, bytes_max: BYTES_MAX });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes, mapping);
    }
    let (text, encoding) = vn::decode(bytes).map_err(|offset| Error::Encoding { offset })?;
    let delimiter = delimiter(&text);
    let (lines, last) = split(&text, delimiter)?;
    let (headings, mut part) = with_headings(lines, mapping)?;
    mark_cut(&text[last.min(text.len())..], delimiter, headings, mapping, &mut part)?;
    let shown = if delimiter == b'\t' { "tab".to_owned() } else { format!("\"{}\"", delimiter as char) };
    Ok(Sheet { form: format!("{}, {shown}", encoding.name()), encoding: Some(encoding), parts: vec![part] })
}

/// Reads a file's bytes row by row, without keeping them: each row as its cells in the order of the mapping's columns, as
/// read; a cell that the file cuts off is empty. Errors are those of [`read`]; rows before one
/// have been given.
pub fn each(bytes: &[u8], mapping: &Mapping, row: &mut dyn FnMut(&[&str])) -> Result<(), Error> {
    let width = mapping.width().min(CELLS_MAX);
    if bytes.starts_with(b"PK\x03\x04") || bytes.iter().all(u8::is_ascii_whitespace) || bytes.len() as u64 > BYTES_MAX {
        for part in read(bytes, mapping)?.parts {
            for line in &part.rows {
                give(line.cells.iter().map(String::as_str), &part.columns, width, row);
            }
        }
        return Ok(());
    }
    let (text, _) = vn::decode(bytes).map_err(|offset| Error::Encoding { offset })?;
    let delimiter = delimiter(&text);
    let mut first = Vec::new();
    lines_of(&text, delimiter, &mut |line, _| {
        first.push(Line { line: line.number, cells: line.owned(), cut: false });
        first.len() < HEADING_LINES
    })?;
    let (headings, Part { columns, .. }) = with_headings(first, mapping)?;
    let mut last_part = Part { columns: columns.clone(), rows: Vec::new() };
    let last = lines_of(&text, delimiter, &mut |line, is_last| {
        if line.number > headings && !is_last {
            give(line.cells(), &columns, width, row);
        } else if line.number > headings {
            // The last row may be cut off.
            last_part.rows.push(Line { line: line.number, cells: line.owned(), cut: false });
        }
        true
    })?;
    mark_cut(&text[last.min(text.len())..], delimiter, headings, mapping, &mut last_part)?;
    for line in &last_part.rows {
        let whole = line.cells.len() - usize::from(line.cut);
        give(line.cells[..whole].iter().map(String::as_str), &columns, width, row);
    }
    Ok(())
}

/// Gives a row's cells in the order of the known columns.
fn give<'a>(
    cells: impl Iterator<Item = &'a str>,
    columns: &[Option<usize>],
    width: usize,
    row: &mut dyn FnMut(&[&str]),
) {
    let mut ordered = [""; CELLS_MAX];
    for (cell, column) in cells.zip(columns) {
        if let Some(column) = column {
            ordered[*column] = cell;
        }
    }
    row(&ordered[..width]);
}

/// The delimiter that stands most often, and most evenly, outside quotes in the first lines.
fn delimiter(text: &str) -> u8 {
    let count = |delimiter: u8| -> (usize, usize) {
        let mut counts = Vec::new();
        for line in text.lines().take(HEADING_LINES) {
            let mut quoted = false;
            let found = line.bytes().filter(|byte| {
                quoted ^= *byte == b'"';
                !quoted && *byte == delimiter
            });
            counts.push(found.count());
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        (counts.iter().filter(|count| **count > 0).count().min(most), most)
    };
    // A tie goes to the first of the list; `max_by_key` would take the last.
    let mut best = (b',', count(b','));
    for delimiter in [b';', b'\t', b'|'] {
        let found = count(delimiter);
        if found.1 > best.1.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

/// Notes a last row, which begins `rest`, that was cut off: it has too few cells and no line end, so its last cell may be
/// part of one. An error if who it is about is lost with it, or if it ends within quotes: a row cut off would otherwise be a
/// newer version of itself, or of another, that says something else.
fn mark_cut(rest: &str, delimiter: u8, headings: u64, mapping: &Mapping, part: &mut Part) -> Result<(), Error> {
    if rest.bytes().all(|byte| byte == delimiter || byte.is_ascii_whitespace()) {
        return Ok(());
    }
    let line = part.rows.last().map_or(headings, |row| row.line);
    if ends_quoted(rest, delimiter) {
        return Err(Error::Truncated { line });
    }
    let columns = &part.columns;
    let last = part.rows.last_mut().filter(|row| row.cells.len() < columns.len() && !rest.ends_with(['\r', '\n']));
    let Some(last) = last else { return Ok(()) };
    last.cut = true;
    let whole = &columns[..last.cells.len().saturating_sub(1)];
    if mapping.required().all(|column| whole.contains(&Some(column))) { Ok(()) } else { Err(Error::Truncated { line }) }
}

/// Whether a row ends within a quoted cell, read as the CSV reader reads it.
fn ends_quoted(row: &str, delimiter: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    for byte in row.trim_start_matches(['\r', '\n']).bytes() {
        // Within quotes a doubled quote closes and opens again; a quote after other text is text.
        let closed = quoted && byte == b'"';
        quoted = if quoted { !closed } else { byte == b'"' && begins };
        begins = !quoted && (byte == delimiter || closed);
    }
    quoted
}

/// The lines that hold anything, and where the last record begins.
fn split(text: &str, delimiter: u8) -> Result<(Vec<Line>, usize), Error> {
    let mut lines = Vec::new();
    let last = lines_of(text, delimiter, &mut |line, _| {
        lines.push(Line { line: line.number, cells: line.owned(), cut: false });
        true
    })?;
    Ok((lines, last))
}

/// A line where it lies: its cells are parts of one text.
struct Lying<'a> {
    number: u64,
    text: &'a str,
    record: &'a csv::ByteRecord,
}

impl Lying<'_> {
    fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.record.len())
            .map(|at| self.record.range(at).and_then(|range| self.text.get(range)).unwrap_or_default())
    }

    fn owned(&self) -> Vec<String> {
        self.cells().map(str::to_owned).collect()
    }
}

/// Takes a line that holds anything, and whether the file ends with it; says whether to go on.
type Taker<'a> = &'a mut dyn FnMut(&Lying<'_>, bool) -> bool;

/// Goes through the lines that hold anything, and gives where the last record begins.
fn lines_of(text: &str, delimiter: u8, take: Taker<'_>) -> Result<usize, Error> {
    let bytes = text.as_bytes();
    let mut last = 0;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(last),
            Err(_) => return Err(Error::Quote { line: reader.position().line() }),
        }
        let begin = record.position().map_or((last, 0), |begin| (begin.byte() as usize, begin.line()));
        last = begin.0;
        // The reader's position lies before the empty lines that it passes over.
        let passed = bytes[last.min(bytes.len())..].iter().take_while(|byte| is_end(byte));
        let number = begin.1 + passed.filter(|byte| **byte == b'\n').count() as u64;
        // What the reader joins of parts of a text is a text.
        let Ok(cells) = simdutf8::basic::from_utf8(record.as_slice()) else {
            return Err(Error::Quote { line: number });
        };
        let line = Lying { number, text: cells, record: &record };
        if let Some((at, cell)) = line.cells().enumerate().find(|(_, cell)| cell.len() > CELL_BYTES_MAX) {
            // A quote that is never closed swallows the rest of the file into one cell.
            let swallowed = cell.lines().count() > 50;
            return Err(if swallowed {
                Error::Quote { line: number }
            } else {
                Error::Cell { line: number, column: at + 1, bytes_max: CELL_BYTES_MAX }
            });
        }
        let rest = &bytes[(reader.position().byte() as usize).min(bytes.len())..];
        if line.cells().any(|cell| !cell.trim().is_empty()) && !take(&line, rest.iter().all(is_end)) {
            return Ok(last);
        }
    }
}

/// Finds the line of headings and takes the rows after it; gives that line too.
fn with_headings(lines: Vec<Line>, mapping: &Mapping) -> Result<(u64, Part), Error> {
    let best = lines
        .iter()
        .take(HEADING_LINES)
        .enumerate()
        .max_by_key(|(at, line)| (mapping.known(&line.cells), usize::MAX - at));
    let Some((at, headings)) = best else { return Err(Error::Empty) };
    let columns = mapping.columns(headings.line, &headings.cells)?;
    mapping.require(headings.line, &headings.cells, &columns)?;
    let headings = headings.line;
    let rows = lines.into_iter().skip(at + 1).collect();
    Ok((headings, Part { columns, rows }))
}

fn workbook(bytes: &[u8], mapping: &Mapping) -> Result<Sheet, Error> {
    unpacks_within_limits(bytes)?;
    let unreadable = |_| Error::Workbook { cause: "it is not an XLSX workbook" };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut first_fault = None;
    let mut parts = Vec::new();
    for (number, name) in book.sheet_names().into_iter().enumerate() {
        let Some(lines) = lines(&mut book, &name, number as u64 * SHEET_LINES)? else { continue };
        match with_headings(lines, mapping) {
            Ok((_, mut part)) => {
                // Notes beside the table make no row, no more than an empty line does.
                let Part { columns, rows } = &mut part;
                let is_known = |(cell, column): (&String, &Option<usize>)| column.is_some() && !cell.trim().is_empty();
                rows.retain(|row| row.cells.iter().zip(&*columns).any(is_known));
                parts.push(part);
            }
            Err(Error::Empty) => {}
            Err(doubled @ Error::Doubled { .. }) => return Err(doubled),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    if parts.is_empty() {
        return Err(first_fault.unwrap_or(Error::Empty));
    }
    Ok(Sheet { form: "XLSX".into(), encoding: None, parts })
}

/// The rows of one sheet that hold anything; `None` if it is a chart. Memory is taken for the cells that are there, not
/// for the rectangle they span: two cells in opposite corners span seventeen thousand million.
fn lines(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, top: u64) -> Result<Option<Vec<Line>>, Error> {
    let damaged = || Error::Workbook { cause: "a sheet cannot be read" };
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
        Err(_) => return Err(damaged()),
    };
    let (mut rows, mut width) = (BTreeMap::<u64, Vec<(usize, String)>>::new(), 0);
    loop {
        let cell = match reader.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(_) => return Err(damaged()),
        };
        let text = cell_text(&Data::from(cell.get_value().clone()));
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = (u64::from(cell.get_position().0), cell.get_position().1 as usize);
        if row >= SHEET_LINES || column >= SHEET_COLUMNS {
            return Err(Error::Workbook { cause: "a cell lies outside any sheet" });
        }
        if text.len() > CELL_BYTES_MAX {
            return Err(Error::Cell { line: top + row + 1, column: column + 1, bytes_max: CELL_BYTES_MAX });
        }
        width = width.max(column + 1);
        if (rows.len() + 1).saturating_mul(width) > SHEET_CELLS_MAX {
            return Err(Error::Workbook { cause: "a sheet spans more than 32 million cells" });
        }
        rows.entry(row).or_default().push((column, text));
    }
    let whole = rows.into_iter().map(|(row, found)| {
        let mut cells = vec![String::new(); width];
        found.into_iter().for_each(|(column, text)| cells[column] = text);
        Line { line: top + row + 1, cells, cut: false }
    });
    Ok(Some(whole.collect()))
}

/// Unpacks every part into nothing, counting: what the directory of a bomb says is not believed.
fn unpacks_within_limits(bytes: &[u8]) -> Result<(), Error> {
    let broken = || Error::Workbook { cause: "the archive is damaged" };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut left = UNPACKED_BYTES_MAX;
    if archive.len() > 10_000 {
        return Err(Error::Workbook { cause: "it has more than 10,000 parts" });
    }
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| broken())?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or(Error::Workbook { cause: "it unpacks to more than 1 GiB" })?;
        if unpacked > 64 << 20 && unpacked / 200 > bytes.len() as u64 {
            return Err(Error::Workbook { cause: "it unpacks to more than 200 times its size" });
        }
    }
    Ok(())
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
        Data::DateTime(date) => {
            // Excel counts days from 1899-12-30, which is 25,569 days before 1970.
            // Its last day is 9999-12-31; what lies outside is no date.
            match date.as_f64() {
                days if (0.0..2_958_466.0).contains(&days) => time::Day(days as i32 - 25_569).to_string(),
                _ => String::new(),
            }
        }
        Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, form: &str, rows: usize) {
        let sheet = read(text.as_bytes(), &Mapping::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((sheet.form.as_str(), sheet.parts[0].rows.len()), (form, rows), "{text}");
    }

    #[test]
    fn csv_of_any_delimiter_is_read() {
        check("rec_id,file_province,full_name\n1,001,A\n2,001,\"B, C\"\n", "UTF-8, \",\"", 2);
        check("rec_id;file_province;full_name\r\n\r\n1;001;A\r\n", "UTF-8, \";\"", 1);
        check("rec_id\tfile_province\tfull_name\n1\t001\tA\n2\t001\t\"Thôn\nHạ\"", "UTF-8, tab", 2);
        check("Danh sách nhân khẩu,,\nrec_id,file_province,full_name\n1,001,A\n", "UTF-8, \",\"", 1);
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let sheet = read(b"rec_id,file_province,full_name\n1,001,\"A\nB\"\n\n2,001,C\n", &Mapping::default()).unwrap();
        assert_eq!(sheet.parts[0].rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
    }

    #[test]
    fn row_by_row_a_file_is_the_same() {
        let head = "rec_id,file_province,full_name,b,id9\n";
        let files =
            ["1,001,A,x\n\n 2,001,\"B\nC\"\n", "1,001,A\n2,001,B,01", "1,001,A\n2,001,B,x,0123", "", "1\n,,,\n"];
        for text in files.map(|rows| format!("note\n{head}{rows}")) {
            let mut given: Vec<Vec<String>> = Vec::new();
            each(text.as_bytes(), &Mapping::default(), &mut |row| {
                given.push(row.iter().map(|cell| (*cell).to_owned()).collect())
            })
            .unwrap();
            let sheet = read(text.as_bytes(), &Mapping::default()).unwrap();
            let world = crate::row::World { ward_exists: &|_| true, year: 2026 };
            let rows = crate::row::rows(&sheet, &world);
            assert_eq!(given.len(), rows.len(), "{text}");
            for (given, (row, line)) in given.iter().zip(rows.iter().zip(&sheet.parts[0].rows)) {
                assert_eq!(given[0].trim(), row.rec_id, "{text}");
                assert!(line.cut || given[3] == row.raw.0[3], "{text}");
            }
        }
        let cut = |text: &str| {
            let mut last = String::new();
            each(text.as_bytes(), &Mapping::default(), &mut |row| last = row[15].to_owned()).map(|()| last)
        };
        // What the file cuts off means nothing.
        let head = "rec_id,file_province,full_name,household_no,id9\n";
        assert_eq!(cut(&format!("{head}1,001,A,1234")), Ok(String::new()));
        assert_eq!(cut(&format!("{head}1,001,A,1234,")), Ok("1234".into()));
        assert_eq!(each(b"", &Mapping::default(), &mut |_| ()), Err(Error::Empty));
        let quote = format!("{head}1,001,\"A");
        assert_eq!(
            cut(&quote).map_err(|error| error.code()),
            read(quote.as_bytes(), &Mapping::default()).map(|_| String::new()).map_err(|error| error.code())
        );
    }

    #[test]
    fn bad_files_are_named() {
        let check = |bytes: &[u8], code: &str| {
            assert_eq!(read(bytes, &Mapping::default()).map_err(|error| error.code()), Err(code));
        };
        check(b"", "file-empty");
        check(b"  \n\n", "file-empty");
        check(b"\x00\x01\x02binary\xff", "file-encoding");
        check(b"a,b,c\n1,2,3\n", "file-columns-missing");
        check(b"rec_id,file_province,full_name,full_name\n", "file-column-doubled");
        check(b"PK\x03\x04 not a zip", "file-workbook");
        let head = "rec_id,file_province,full_name,sex\n1,001,A,Nam\n";
        for cut in ["2,001,L", "2,001", "2", "2,001,\"L", "2,001,\"L\"\"", "2,001,A,\"Na"] {
            check(format!("{head}{cut}").as_bytes(), "file-truncated");
        }
        let cut = read(b"rec_id,file_province,full_name,sex,ethnic\n2,001,A,Na", &Mapping::default()).unwrap();
        assert!(cut.parts[0].rows[0].cut);
        for whole in ["2,001,L\n", "2,001,L,Nam", "2,001,\"L\",\"N\"\"a\"", "2,001,L \"x,Nam\n", "2,001,x\"\"y,N"] {
            assert_eq!(read(format!("{head}{whole}").as_bytes(), &Mapping::default()).unwrap().len(), 2, "{whole}");
        }
        let mut large = b"rec_id,file_province,full_name\n1,001,".to_vec();
        large.resize(large.len() + (1 << 20), b'x');
        check(&large, "file-cell");
    }

    #[test]
    fn a_zip_bomb_is_refused_before_it_is_read() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..100 {
            std::io::Write::write_all(&mut archive, &zeros).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 200_000);
        assert_eq!(read(&bytes, &Mapping::default()).map_err(|error| error.code()), Err("file-workbook"));
    }

    /// A workbook with one sheet of these rows, as XML.
    fn book(rows: &str) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let parts = [
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="b" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="b"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
            ),
        ];
        for (name, xml) in parts {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut archive, xml.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_far_apart_take_no_memory_and_cells_outside_a_sheet_are_refused() {
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let headings = [cell("A3", "rec_id"), cell("B3", "file_province"), cell("D3", "full_name")].concat();
        let sheet = |rows: &str| read(&book(&format!("<row>{headings}</row>{rows}")), &Mapping::default());
        let read = sheet(&format!("<row>{}{}</row>", cell("A5", "1"), cell("XFD1048576", "x"))).unwrap();
        // The cell in the corner stands beside the table: it makes no row.
        assert_eq!(read.parts[0].rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5]);
        assert_eq!(read.parts[0].rows[0].cells.len(), 16_384);
        let refused = |rows: &str| assert_eq!(sheet(rows).map_err(|error| error.code()), Err("file-workbook"));
        refused(&format!("<row>{}</row>", cell("XFE1", "x")));
        refused(&format!("<row>{}</row>", cell("A1048577", "x")));
        refused(&(1..3000).map(|row| format!("<row>{}</row>", cell(&format!("XFD{row}"), "x"))).collect::<String>());
    }
}
