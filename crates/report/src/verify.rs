//! Whether a file is the report that somebody holds the frozen data of.
//!
//! The pages are set again from the data and the bytes compared: nothing in the file is believed. What it says of itself only
//! tells why it is refused.

use crate::paper::{Paper, Signed};
use crate::{Error, edition, pdf};
use programme::report::{Report, State};

/// What comes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Byte for byte what these data give, in this state.
    Genuine(State),
    /// Byte for byte what these data give as a draft or checked, where they have come further since.
    Earlier(State),
    /// It says that it was checked or signed, and the report is not.
    Beyond(State),
    /// It bears the hash of these data and is something else.
    Altered,
    /// It bears another hash.
    Another(String),
    /// It bears none.
    Unmarked,
    /// It says that it was made with another edition of the template, so this program cannot tell.
    Edition(String),
}

impl Verdict {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Verdict::Genuine(_) => "genuine",
            Verdict::Earlier(_) => "earlier-state",
            Verdict::Beyond(_) => "state-not-reached",
            Verdict::Altered => "altered",
            Verdict::Another(_) => "another-report",
            Verdict::Unmarked => "unmarked",
            Verdict::Edition(_) => "another-edition",
        }
    }

    /// The same where it is known how far the report has come: only pages of that state are it.
    #[must_use]
    pub fn filed(self, state: State) -> Verdict {
        match self {
            Verdict::Genuine(found) if found < state => Verdict::Earlier(found),
            Verdict::Genuine(found) if found > state => Verdict::Beyond(found),
            other => other,
        }
    }
}

/// Compares a file with what a report gives, as a draft, checked or signed. Whether it has come so far is not known here: see
/// [`Verdict::filed`].
pub fn verify(report: &Report, signed: &Signed, file: &[u8]) -> Result<Verdict, Error> {
    let Some(found) = marked(file, b"sha256:", 64) else { return Ok(Verdict::Unmarked) };
    if found != report.hash() {
        return Ok(Verdict::Another(found));
    }
    if let Some(found) = marked(file, b"edition:", 16).filter(|found| found != edition()) {
        return Ok(Verdict::Edition(found));
    }
    for state in [State::Signed, State::Checked, State::Draft] {
        if pdf(&Paper { report: report.clone(), state, signed: signed.clone() })? == file {
            return Ok(Verdict::Genuine(state));
        }
    }
    Ok(Verdict::Altered)
}

/// The hexadecimal digits after a mark in the file's metadata.
fn marked(file: &[u8], mark: &[u8], digits: usize) -> Option<String> {
    let at = file.windows(mark.len()).position(|window| window == mark)? + mark.len();
    let found = file.get(at..at + digits)?;
    found.iter().all(u8::is_ascii_hexdigit).then(|| String::from_utf8_lossy(found).into_owned())
}
