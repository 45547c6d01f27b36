//! Copies of reports: whether a file that somebody holds is a report as it was filed.
//!
//! A file is known by the SHA-256 that was kept when it was set, or else compared byte for byte with what is set anew: what sets
//! pages changes with the years, and makes other bytes then.
//! Invariant: nothing that a file says of itself is believed. Its marks only tell why it is refused.
//! Start reading at [`Frozen::judge`].

use super::report::Frozen;
use crate::Error;
use ::programme::report::{Files, State, sha256};

/// What is set on paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    /// The frozen report.
    pub frozen: Vec<u8>,
    /// How far it has come; the pages say so until it is signed.
    pub state: State,
    /// Who signed it; empty until somebody has.
    pub signer: String,
    /// The number it was given then; empty without one.
    pub number: String,
}

/// Sets a paper in a form, `pdf` or `xlsx`; none where nobody here can.
pub type Setter<'a> = &'a dyn Fn(&Paper, &str) -> Result<Option<Vec<u8>>, Error>;

/// The mark of the edition in a file's metadata.
const EDITION: &[u8] = b"edition:";

/// What a copy is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judged {
    /// The report as it stands.
    Same,
    /// The report as it stood before: a draft of one that was signed since.
    Earlier(State),
    /// It says that it was checked or signed, and the report is not.
    Beyond(State),
    /// It bears the hash of this report, says that another edition of the program set it, and is none of the files that were kept
    /// track of.
    Edition,
    /// It bears the hash of another report, or none.
    Other,
    /// Something in it was changed.
    Changed,
    /// It can only be compared with pages set anew, and the program that sets them is not here.
    Unset,
}

impl Judged {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Judged::Same => "same",
            Judged::Earlier(_) => "earlier",
            Judged::Beyond(_) => "beyond",
            Judged::Edition => "edition",
            Judged::Other => "other",
            Judged::Changed => "changed",
            Judged::Unset => "unset",
        }
    }

    /// The state that the copy shows, where it is another than the report's.
    #[must_use]
    pub fn state(self) -> Option<State> {
        match self {
            Judged::Earlier(state) | Judged::Beyond(state) => Some(state),
            _ => None,
        }
    }
}

impl Frozen {
    /// The paper of a state.
    #[must_use]
    pub fn paper(&self, state: State) -> Paper {
        let filing = &self.filing;
        Paper { frozen: self.report.bytes(), state, signer: filing.signer.clone(), number: filing.number.clone() }
    }

    /// What a file is of this report.
    pub fn judge(&self, copy: &[u8], set: Setter<'_>) -> Result<Judged, Error> {
        if copy.starts_with(b"{") {
            let id = self.report.id.as_bytes();
            let named = copy.windows(id.len()).any(|window| window == id);
            return Ok(match copy == self.report.bytes() {
                true => Judged::Same,
                false if named => Judged::Changed,
                false => Judged::Other,
            });
        }
        if let Some(state) = self.filing.state_of(&sha256(copy)) {
            return Ok(self.standing(state));
        }
        if copy.starts_with(b"PK") {
            // A workbook does not say which report it is of: it is one, or it is none.
            return Ok(match set(&self.paper(self.filing.state()), "xlsx")? {
                None => Judged::Unset,
                Some(bytes) if bytes == copy => Judged::Same,
                Some(_) => Judged::Other,
            });
        }
        if marked(copy, b"sha256:", 64).is_none_or(|found| found != self.filing.hash) {
            return Ok(Judged::Other);
        }
        let (filed, edition) = (self.filing.state(), marked(copy, EDITION, 16));
        // As it stands first: most copies are that.
        let others = State::ALL.into_iter().filter(|state| *state != filed);
        for state in std::iter::once(filed).chain(others) {
            match set(&self.paper(state), "pdf")? {
                None => return Ok(Judged::Unset),
                Some(bytes) if bytes == copy => return Ok(self.standing(state)),
                Some(bytes) if marked(&bytes, EDITION, 16) != edition => return Ok(Judged::Edition),
                Some(_) => {}
            }
        }
        Ok(Judged::Changed)
    }

    /// What its files are in the state in which it stands; none where nobody here can set them.
    pub(super) fn set(&self, set: Setter<'_>) -> Result<Option<Files>, Error> {
        let paper = self.paper(self.filing.state());
        let Some(pdf) = set(&paper, "pdf")? else { return Ok(None) };
        Ok(set(&paper, "xlsx")?.map(|xlsx| Files::of(paper.state, &pdf, &xlsx)))
    }

    /// What a genuine copy of a state is, as the report stands.
    fn standing(&self, state: State) -> Judged {
        match state.cmp(&self.filing.state()) {
            std::cmp::Ordering::Less => Judged::Earlier(state),
            std::cmp::Ordering::Equal => Judged::Same,
            std::cmp::Ordering::Greater => Judged::Beyond(state),
        }
    }
}

/// The hexadecimal digits after a mark in a file's metadata.
fn marked(file: &[u8], mark: &[u8], digits: usize) -> Option<String> {
    let at = file.windows(mark.len()).position(|window| window == mark)? + mark.len();
    let found = file.get(at..at + digits)?;
    found.iter().all(u8::is_ascii_hexdigit).then(|| String::from_utf8_lossy(found).into_owned())
}
