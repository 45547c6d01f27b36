//! Why a use case was refused.

use ports::Fault;

/// One enum for all use cases: a code that texts are keyed by, and what the text names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An adapter could not.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The input is not what it should be; nothing was changed.
    #[error("bad input: {code}")]
    Input {
        /// The stable code.
        code: &'static str,
        /// What the text names (file, line, column …), without personal data.
        arguments: Vec<(&'static str, String)>,
    },
    /// The register's rules or the officer's rights do not allow it.
    #[error("refused: {code}")]
    Refused {
        /// The stable code.
        code: &'static str,
        /// What the text names, without personal data.
        arguments: Vec<(&'static str, String)>,
    },
    /// There is no such thing.
    #[error("not found: {0}")]
    Missing(&'static str),
    /// Somebody else changed it first.
    #[error("changed by another officer: version {found} where {expected} was expected")]
    Version {
        /// The version the caller saw.
        expected: i64,
        /// The version there is.
        found: i64,
    },
    /// Done too often; later it may be done again.
    #[error("too often: {code}, again in {seconds} s")]
    Often {
        /// The stable code.
        code: &'static str,
        /// Seconds until then.
        seconds: u64,
    },
}

impl Error {
    /// A refusal with nothing to name.
    #[must_use]
    pub fn refused(code: &'static str) -> Error {
        Error::Refused { code, arguments: Vec::new() }
    }

    /// A refusal whose text says more in detail.
    #[must_use]
    pub fn refused_because(code: &'static str, detail: &dyn std::fmt::Display) -> Error {
        Error::Refused { code, arguments: vec![("detail", detail.to_string())] }
    }

    /// Why a file was not taken in, with the file's name.
    #[must_use]
    pub fn in_file(error: &register::Error, file: &str) -> Error {
        let mut arguments = error.arguments();
        arguments.push(("file", file.to_owned()));
        Error::Input { code: error.code(), arguments }
    }

    /// Bad input with nothing to name.
    #[must_use]
    pub fn input(code: &'static str) -> Error {
        Error::Input { code, arguments: Vec::new() }
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Fault(fault) => fault.code(),
            Error::Input { code, .. }
            | Error::Refused { code, .. }
            | Error::Missing(code)
            | Error::Often { code, .. } => code,
            Error::Version { .. } => "version-changed",
        }
    }

    /// What the text of this error names.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Fault(fault) => vec![("detail", fault.to_string())],
            Error::Input { arguments, .. } | Error::Refused { arguments, .. } => arguments.clone(),
            Error::Missing(_) => Vec::new(),
            Error::Often { seconds, .. } => vec![("seconds", seconds.to_string())],
            Error::Version { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
        }
    }
}

impl From<journal::Error> for Error {
    fn from(error: journal::Error) -> Error {
        Error::Fault(Fault::Damaged { what: "event".into(), cause: error.to_string() })
    }
}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Error {
        Error::Fault(Fault::Damaged { what: "ledger".into(), cause: error.to_string() })
    }
}
