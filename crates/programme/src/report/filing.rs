//! The way of a report: draft, checked, signed; each step by another officer.
//!
//! Invariant: a [`Filing`] speaks of one report only, by its hash; whoever checks or signs says which one they have seen.
//! Not here: rights (who may sign) and the event of each step (`services`).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where a report stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Frozen by its writer.
    Draft,
    /// Checked by a second officer.
    Checked,
    /// Signed by a third.
    Signed,
}

impl State {
    /// All of them, as they follow each other.
    pub const ALL: [State; 3] = [State::Draft, State::Checked, State::Signed];

    /// Its name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Checked => "checked",
            State::Signed => "signed",
        }
    }
}

/// The files of a report as they were set in one state, each by its SHA-256 in 64 hexadecimal digits. What sets pages changes
/// with the years; a file that was set then is known by these.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The state.
    pub state: State,
    /// The pages.
    pub pdf: String,
    /// The workbook, which is the same in every state.
    pub xlsx: String,
}

impl Files {
    /// The files with these bytes.
    #[must_use]
    pub fn of(state: State, pdf: &[u8], xlsx: &[u8]) -> Files {
        Files { state, pdf: sha256(pdf), xlsx: sha256(xlsx) }
    }
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A report's papers: which report, and who has done what. Officers are named by id.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// The hash of the report.
    pub hash: String,
    /// Who froze it.
    pub drafted_by: String,
    /// Who checked it.
    pub checked_by: Option<String>,
    /// Who signed it.
    pub signed_by: Option<String>,
    /// The account name of who signed it, as it is printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signer: String,
    /// The document's number, where one was given when it was signed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// What was set in each state; none of a state where the program that sets reports was not at hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Files>,
}

/// Why a step is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It has been checked already.
    CheckedAlready,
    /// Nobody has checked it yet.
    NotChecked,
    /// It has been signed already.
    SignedAlready,
    /// The officer has done an earlier step.
    SameOfficer,
    /// The officer has seen another report than this.
    OtherReport,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Refusal; 5] = [
        Refusal::CheckedAlready,
        Refusal::NotChecked,
        Refusal::SignedAlready,
        Refusal::SameOfficer,
        Refusal::OtherReport,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Refusal::CheckedAlready => "report-checked",
            Refusal::NotChecked => "report-not-checked",
            Refusal::SignedAlready => "report-signed",
            Refusal::SameOfficer => "report-same-officer",
            Refusal::OtherReport => "report-other",
        }
    }
}

impl Filing {
    /// A draft.
    #[must_use]
    pub fn draft(hash: &str, officer: &str) -> Filing {
        Filing {
            hash: hash.to_owned(),
            drafted_by: officer.to_owned(),
            checked_by: None,
            signed_by: None,
            signer: String::new(),
            number: String::new(),
            files: Vec::new(),
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        match (&self.checked_by, &self.signed_by) {
            (_, Some(_)) => State::Signed,
            (Some(_), None) => State::Checked,
            (None, None) => State::Draft,
        }
    }

    /// Checked by an officer who has seen the report with this hash.
    pub fn check(&self, officer: &str, seen: &str) -> Result<Filing, Refusal> {
        if self.state() != State::Draft {
            return Err(Refusal::CheckedAlready);
        }
        self.may(officer, seen)?;
        Ok(Filing { checked_by: Some(officer.to_owned()), ..self.clone() })
    }

    /// Signed by an officer who has seen the report with this hash.
    pub fn sign(&self, officer: &str, seen: &str) -> Result<Filing, Refusal> {
        match self.state() {
            State::Draft => return Err(Refusal::NotChecked),
            State::Signed => return Err(Refusal::SignedAlready),
            State::Checked => self.may(officer, seen)?,
        }
        Ok(Filing { signed_by: Some(officer.to_owned()), ..self.clone() })
    }

    /// The same, signed under a name and, where one was given, a number. Until it is signed it bears neither.
    #[must_use]
    pub fn signed_as(mut self, signer: &str, number: &str) -> Filing {
        if self.state() == State::Signed {
            (self.signer, self.number) = (signer.to_owned(), number.to_owned());
        }
        self
    }

    /// The same with the files of the state in which it stands.
    #[must_use]
    pub fn with_files(mut self, files: Option<Files>) -> Filing {
        let state = self.state();
        self.files.extend(files.filter(|files| files.state == state));
        self
    }

    /// The state whose file this is, by its SHA-256. A workbook is the same in every state: it is of the one in which the report
    /// stands.
    #[must_use]
    pub fn state_of(&self, sha256: &str) -> Option<State> {
        if self.files.iter().any(|files| files.xlsx == sha256) {
            return Some(self.state());
        }
        self.files.iter().find(|files| files.pdf == sha256).map(|files| files.state)
    }

    fn may(&self, officer: &str, seen: &str) -> Result<(), Refusal> {
        if self.drafted_by == officer || self.checked_by.as_deref() == Some(officer) {
            return Err(Refusal::SameOfficer);
        }
        if self.hash == seen { Ok(()) } else { Err(Refusal::OtherReport) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_officers_each_of_whom_has_seen_this_report() {
        let draft = Filing::draft("aa", "writer");
        assert_eq!(draft.state(), State::Draft);
        assert_eq!(draft.sign("chief", "aa"), Err(Refusal::NotChecked));
        assert_eq!(draft.check("writer", "aa"), Err(Refusal::SameOfficer));
        assert_eq!(draft.check("second", "bb"), Err(Refusal::OtherReport));
        let checked = draft.check("second", "aa").unwrap();
        assert_eq!(checked.state(), State::Checked);
        assert_eq!(checked.check("third", "aa"), Err(Refusal::CheckedAlready));
        for officer in ["writer", "second"] {
            assert_eq!(checked.sign(officer, "aa"), Err(Refusal::SameOfficer));
        }
        assert_eq!(checked.sign("chief", "bb"), Err(Refusal::OtherReport));
        let signed = checked.sign("chief", "aa").unwrap();
        assert_eq!(signed.state(), State::Signed);
        assert_eq!(signed.check("fourth", "aa"), Err(Refusal::CheckedAlready));
        assert_eq!(signed.sign("fourth", "aa"), Err(Refusal::SignedAlready));
    }

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<&str> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::ALL.len());
    }
}
