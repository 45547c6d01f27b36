//! Files of rows below headings: CSV in UTF-8, the columns in any order.
//!
//! Invariant: a fault names the line in which its row begins, as an editor counts them: blank lines and line ends of either kind counted.
//! Not here: what the cells mean (`returns`, `forecast`).

use csv::{Reader, StringRecord};

/// Why a file cannot be taken. Nothing of it is.
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

/// A file whose headings were read.
pub(crate) struct File<'t, const N: usize> {
    text: &'t str,
    columns: [&'static str; N],
    /// Where each column stands.
    at: [usize; N],
    width: usize,
    reader: Reader<&'t [u8]>,
    /// The bytes whose lines were counted, and the line that the next begins in.
    counted: (usize, u64),
}

/// A row: its cells in the order of the columns asked for.
pub(crate) struct Row<const N: usize> {
    /// The line that it begins in.
    pub(crate) line: u64,
    record: StringRecord,
    at: [usize; N],
}

impl<const N: usize> Row<N> {
    /// The cells, without the blanks around them; empty where the row is too short.
    pub(crate) fn cells(&self) -> [&str; N] {
        self.at.map(|at| self.record.get(at).unwrap_or_default())
    }

    /// A fault in one of the row's columns.
    pub(crate) fn fault(&self, column: &'static str, cause: &'static str) -> Fault {
        Fault { line: self.line, column, cause }
    }
}

impl<'t, const N: usize> File<'t, N> {
    /// Reads the headings, of which each has to be there once.
    pub(crate) fn open(bytes: &'t [u8], columns: [&'static str; N]) -> Result<File<'t, N>, Fault> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + ends(&bytes[..error.valid_up_to()]);
            Fault { line, column: columns[0], cause: "it is not UTF-8" }
        })?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let unreadable = |_| Fault { line: 1, column: columns[0], cause: "it cannot be read" };
        let headings = reader.headers().map_err(unreadable)?;
        let (width, mut at) = (headings.len(), [0; N]);
        for (place, column) in at.iter_mut().zip(columns) {
            let mut found = headings.iter().enumerate().filter(|(_, heading)| heading.eq_ignore_ascii_case(column));
            let cause = |cause| Fault { line: 1, column, cause };
            *place = found.next().ok_or(cause("the column is missing"))?.0;
            if found.next().is_some() {
                return Err(cause("the column stands twice"));
            }
        }
        Ok(File { text, columns, at, width, reader, counted: (0, 1) })
    }

    /// The next row; none after the last.
    pub(crate) fn row(&mut self) -> Option<Result<Row<N>, Fault>> {
        let mut record = StringRecord::new();
        let read = self.reader.read_record(&mut record);
        let position = match &read {
            Ok(_) => record.position(),
            Err(error) => error.position(),
        };
        let line = self.line(position.map_or(0, csv::Position::byte));
        let fault = |column, cause| Some(Err(Fault { line, column, cause }));
        match read {
            Err(_) => return fault(self.columns[0], "it cannot be read"),
            Ok(false) => return None,
            Ok(true) => {}
        }
        if record.iter().skip(self.width).any(|cell| !cell.is_empty()) {
            return fault("count", "the row has more cells than the heading: a number has no separators");
        }
        Some(Ok(Row { line, record, at: self.at }))
    }

    /// The line that begins at a byte, or after the line ends that stand there.
    fn line(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let from = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.counted.0, bytes.len());
        let blank = bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let to = from + blank;
        self.counted = (to, self.counted.1 + ends(&bytes[self.counted.0..to]));
        self.counted.1
    }
}

fn ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
