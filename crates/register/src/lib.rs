//! The population register: persons, households, numbers, rows as sent and what they mean.
//!
//! Invariant: a row as sent is never lost; what it means is computed from it again at any time.
//! Invariant: a person exists with the facts of one or more rows; the person's number may be pending.
//! Not here: sealing, storing, logging (`services`), and how records are compared (`linkage`).
//! Start reading at [`sheet::read`], then [`row::normalise`], then [`person::Person`].

pub mod heading;
pub mod number;
pub mod person;
pub mod row;
pub mod sheet;
pub mod table;
pub mod unit;

/// Why a file cannot be taken in. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than are taken.
    #[error("the file has {bytes} bytes; at most {bytes_max} are taken")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// In no encoding that is known.
    #[error("byte {offset} fits no known encoding")]
    Encoding {
        /// Where.
        offset: usize,
    },
    /// A cell larger than any text in it could be.
    #[error("line {line}, column {column}: the cell is larger than {bytes_max} bytes")]
    Cell {
        /// The line.
        line: u64,
        /// The column, from 1.
        column: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// A workbook that unpacks to more than is taken, or cannot be unpacked.
    #[error("the workbook cannot be taken: {cause}")]
    Workbook {
        /// Why, in a fixed phrase.
        cause: &'static str,
    },
    /// No line with the headings that are needed.
    #[error("columns are missing: {missing}")]
    Missing {
        /// The names of the columns that were not found.
        missing: String,
        /// The headings that were not understood.
        unknown: String,
        /// The line that looked most like headings.
        line: u64,
        /// A mapping to begin with.
        proposal: String,
    },
    /// No line with the columns that a description names.
    #[error("columns are missing: {missing}")]
    Undescribed {
        /// The names of the columns that were not found.
        missing: String,
        /// The headings that the description does not name.
        unknown: String,
        /// The line that looked most like headings.
        line: u64,
    },
    /// A column stands twice.
    #[error("line {line}, column {column}: the column {name} stands twice")]
    Doubled {
        /// The line of the headings.
        line: u64,
        /// The second column, from 1.
        column: usize,
        /// Its name.
        name: String,
    },
    /// A quoted cell does not end.
    #[error("line {line}: a quoted cell does not end")]
    Quote {
        /// Where it begins.
        line: u64,
    },
    /// The file ends in the middle of a row.
    #[error("line {line}: the file ends in the middle of this row")]
    Truncated {
        /// Where the row begins.
        line: u64,
    },
    /// The mapping file cannot be read.
    #[error("the mapping cannot be read: {cause}")]
    Mapping {
        /// What is wrong with it.
        cause: String,
    },
    /// A cell of a unit file is not what it should be.
    #[error("line {line}, column {column}: {cause}")]
    Unit {
        /// The line.
        line: u64,
        /// The column's name.
        column: &'static str,
        /// What is wrong, in a fixed phrase.
        cause: &'static str,
    },
}

impl Error {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Empty => "file-empty",
            Error::TooLarge { .. } => "file-too-large",
            Error::Encoding { .. } => "file-encoding",
            Error::Cell { .. } => "file-cell",
            Error::Workbook { .. } => "file-workbook",
            Error::Missing { .. } => "file-columns-missing",
            Error::Undescribed { .. } => "file-columns-undescribed",
            Error::Doubled { .. } => "file-column-doubled",
            Error::Quote { .. } => "file-quote",
            Error::Truncated { .. } => "file-truncated",
            Error::Mapping { .. } => "file-mapping",
            Error::Unit { .. } => "file-unit",
        }
    }

    /// What the text of this error names.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Empty => Vec::new(),
            Error::TooLarge { bytes, bytes_max } => vec![("bytes", bytes.to_string()), ("max", bytes_max.to_string())],
            Error::Encoding { offset } => vec![("offset", offset.to_string())],
            Error::Cell { line, column, bytes_max } => {
                vec![("line", line.to_string()), ("column", column.to_string()), ("max", bytes_max.to_string())]
            }
            Error::Workbook { cause } => vec![("cause", (*cause).to_owned())],
            Error::Missing { missing, unknown, line, proposal } => vec![
                ("missing", missing.clone()),
                ("unknown", unknown.clone()),
                ("line", line.to_string()),
                ("proposal", proposal.clone()),
            ],
            Error::Undescribed { missing, unknown, line } => {
                vec![("missing", missing.clone()), ("unknown", unknown.clone()), ("line", line.to_string())]
            }
            Error::Doubled { line, column, name } => {
                vec![("line", line.to_string()), ("column", column.to_string()), ("name", name.clone())]
            }
            Error::Quote { line } | Error::Truncated { line } => vec![("line", line.to_string())],
            Error::Mapping { cause } => vec![("cause", cause.clone())],
            Error::Unit { line, column, cause } => {
                vec![("line", line.to_string()), ("column", (*column).to_owned()), ("cause", (*cause).to_owned())]
            }
        }
    }
}
