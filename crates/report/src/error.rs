//! Why there are no pages.

use programme::report::Fault;

/// What went wrong.
#[derive(Debug)]
pub enum Error {
    /// The report is none.
    Report(Fault),
    /// The report is larger than [`crate::INPUT_MAX`].
    Large,
    /// The pages could not be set: what the typesetter said.
    Set(String),
    /// The workbook could not be written.
    Sheet(export::Error),
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Report(fault) => fault.code(),
            Error::Large => "report-large",
            Error::Set(_) | Error::Sheet(_) => "report-unsettable",
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Report(fault) => fault.fmt(f),
            Error::Large => f.write_str("too large"),
            Error::Set(said) => f.write_str(said),
            Error::Sheet(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Report(fault)
    }
}

impl From<export::Error> for Error {
    fn from(error: export::Error) -> Error {
        Error::Sheet(error)
    }
}
