//! What an inspection found.
//!
//! Start reading at [`Inspection`].

use std::collections::BTreeMap;

use lds::dg13::Dg13;
use lds::mrz::Td1;
use lds::{File, dg1, dg2};
use pki::passive::Verdict;

/// A security mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mechanism {
    /// The password opened a session.
    Pace,
    /// The data groups are signed by a trusted document signer.
    PassiveAuthentication,
    /// The chip holds the key that DG14 names.
    ChipAuthentication,
    /// EF.CardAccess offers what the signed DG14 offers: nobody weakened the protocol.
    CardAccess,
}

impl Mechanism {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Mechanism::Pace => "pace",
            Mechanism::PassiveAuthentication => "passive-authentication",
            Mechanism::ChipAuthentication => "chip-authentication",
            Mechanism::CardAccess => "card-access",
        }
    }
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// A stable word.
    pub code: &'static str,
    /// The file concerned.
    pub file: Option<File>,
}

impl Reason {
    pub(crate) fn new(code: &'static str) -> Reason {
        Reason { code, file: None }
    }

    pub(crate) fn of(code: &'static str, file: File) -> Reason {
        Reason { code, file: Some(file) }
    }
}

/// The verdict on one mechanism.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which mechanism.
    pub mechanism: Mechanism,
    /// Valid, invalid or unknown.
    pub verdict: Verdict,
    /// Why it is not valid; empty where it is.
    pub reasons: Vec<Reason>,
}

/// The messages of one part of the procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which part: `open`, `pace`, `passive-authentication`, `chip-authentication`, `read`.
    pub stage: &'static str,
    /// Commands sent.
    pub apdus: u32,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
}

/// The result of an inspection.
#[derive(Clone)]
pub struct Inspection {
    /// One per mechanism, in the order of [`Mechanism`].
    pub findings: Vec<Finding>,
    /// Every file read, complete.
    pub files: BTreeMap<File, Vec<u8>>,
    /// Messages by part of the procedure.
    pub steps: Vec<Step>,
    /// The variant of PACE used, as in `AES-256 P-256`.
    pub pace: Option<String>,
}

impl std::fmt::Debug for Inspection {
    /// The files are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inspection({:?}, {} files)", self.findings, self.files.len())
    }
}

impl Inspection {
    /// The finding on one mechanism.
    pub fn finding(&self, mechanism: Mechanism) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.mechanism == mechanism)
    }

    /// The verdict on one mechanism.
    pub fn verdict(&self, mechanism: Mechanism) -> Verdict {
        self.finding(mechanism).map_or(Verdict::Unknown, |finding| finding.verdict)
    }

    /// Whether any mechanism was found invalid.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Invalid)
    }

    /// Whether every mechanism was found valid.
    pub fn is_genuine(&self) -> bool {
        self.findings.iter().all(|finding| finding.verdict == Verdict::Valid)
    }

    /// The machine readable zone, if it was read and is one.
    pub fn zone(&self) -> Option<Td1> {
        dg1::parse(self.files.get(&File::Dg1)?).ok()
    }

    /// The details of DG13, if they were read and have the Vietnamese layout.
    pub fn details(&self) -> Option<Dg13> {
        Dg13::parse(self.files.get(&File::Dg13)?).ok()
    }

    /// The face, if it was read and is one.
    pub fn face(&self) -> Option<dg2::Face<'_>> {
        dg2::parse(self.files.get(&File::Dg2)?).ok()
    }
}
