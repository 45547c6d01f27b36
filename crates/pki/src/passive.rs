//! Passive authentication: are the data groups those that a trusted document signer signed?
//!
//! Standard: Doc 9303-11, 5.1. The chain is the card's document signer and one of the given CSCA certificates; there is
//! nothing in between. A reason is a stable word; "unknown" means that nothing was found wrong and something could not
//! be checked.
//! Start reading at [`verify`].

use crate::certificate::Issued;
use crate::ef_sod::SignatureCheck;
use crate::{Certificate, Time, ef_sod::EfSod};

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was checked and is right.
    Valid,
    /// Something is wrong.
    Invalid,
    /// Nothing is known to be wrong, but not everything could be checked.
    Unknown,
}

impl Verdict {
    /// The stable word: valid, invalid, unknown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Invalid => "invalid",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Why the answer is not "valid".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// EF.SOD is malformed.
    SodMalformed,
    /// A data group's hash is another than the signed one.
    HashMismatch(u8),
    /// A data group is on the card and not in EF.SOD.
    NotSigned(u8),
    /// The signature of EF.SOD is wrong.
    SignatureWrong,
    /// The document signer's certificate is not signed by the CSCA whose name it states.
    SignerForged,
    /// None of the CSCA certificates given issued the document signer's certificate.
    SignerUntrusted,
    /// The document signer's certificate is not valid at this time.
    SignerExpired,
    /// The certificates do not allow what was done with their keys.
    KeyUsage,
    /// The CSCA certificate is not valid at this time.
    CscaExpired,
    /// No CSCA certificate was given.
    NoCsca,
    /// An algorithm is not supported here.
    AlgorithmUnsupported,
}

impl Reason {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Reason::SodMalformed => "sod-malformed",
            Reason::HashMismatch(_) => "hash-mismatch",
            Reason::NotSigned(_) => "data-group-not-signed",
            Reason::SignatureWrong => "sod-signature-wrong",
            Reason::SignerForged => "signer-forged",
            Reason::SignerUntrusted => "signer-untrusted",
            Reason::SignerExpired => "signer-expired",
            Reason::KeyUsage => "key-usage",
            Reason::CscaExpired => "csca-expired",
            Reason::NoCsca => "no-csca",
            Reason::AlgorithmUnsupported => "algorithm-unsupported",
        }
    }

    /// The data group concerned, if it is one.
    pub fn data_group(self) -> Option<u8> {
        match self {
            Reason::HashMismatch(group) | Reason::NotSigned(group) => Some(group),
            _ => None,
        }
    }

    fn verdict(self) -> Verdict {
        match self {
            Reason::NoCsca | Reason::AlgorithmUnsupported => Verdict::Unknown,
            _ => Verdict::Invalid,
        }
    }
}

/// Verifies the data groups that were read, each as number and whole file, against EF.SOD and the CSCA certificates.
/// Returns every reason found; none means valid.
pub fn verify(sod: &[u8], groups: &[(u8, &[u8])], csca: &[Certificate], at: Time) -> (Verdict, Vec<Reason>) {
    let mut reasons = Vec::new();
    match EfSod::parse(sod) {
        Err(_) => reasons.push(Reason::SodMalformed),
        Ok(sod) => {
            check_hashes(&sod, groups, &mut reasons);
            match sod.check_signature() {
                SignatureCheck::Right => {}
                SignatureCheck::Wrong => reasons.push(Reason::SignatureWrong),
                SignatureCheck::Unsupported => reasons.push(Reason::AlgorithmUnsupported),
            }
            check_signer(&sod.signer, csca, at, &mut reasons);
        }
    }
    reasons.sort();
    reasons.dedup();
    (reasons.iter().map(|reason| reason.verdict()).fold(Verdict::Valid, worse), reasons)
}

fn worse(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Verdict::Invalid, _) | (_, Verdict::Invalid) => Verdict::Invalid,
        (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
        _ => Verdict::Valid,
    }
}

fn check_hashes(sod: &EfSod, groups: &[(u8, &[u8])], reasons: &mut Vec<Reason>) {
    let Some(hash) = sod.hash else {
        reasons.push(Reason::AlgorithmUnsupported);
        return;
    };
    for (number, file) in groups {
        match sod.hashes.iter().find(|(signed, _)| *signed == u32::from(*number)) {
            None => reasons.push(Reason::NotSigned(*number)),
            Some((_, expected)) if *expected != hash.digest(file) => reasons.push(Reason::HashMismatch(*number)),
            Some(_) => {}
        }
    }
}

fn check_signer(signer: &Certificate, csca: &[Certificate], at: Time, reasons: &mut Vec<Reason>) {
    if !signer.is_valid_at(at) {
        reasons.push(Reason::SignerExpired);
    }
    if !signer.allows(Certificate::DIGITAL_SIGNATURE) || signer.has_unknown_critical || signer.is_authority {
        reasons.push(Reason::KeyUsage);
    }
    if csca.is_empty() {
        reasons.push(Reason::NoCsca);
        return;
    }
    let mut answer = Reason::SignerUntrusted;
    for authority in csca {
        match signer.is_signed_by(authority) {
            Issued::ByAnother => {}
            Issued::WrongSignature => answer = Reason::SignerForged,
            Issued::Unsupported => answer = Reason::AlgorithmUnsupported,
            Issued::Yes => {
                if !authority.is_authority || !authority.allows(Certificate::KEY_CERT_SIGN) {
                    reasons.push(Reason::KeyUsage);
                }
                if !authority.is_valid_at(at) {
                    reasons.push(Reason::CscaExpired);
                }
                return;
            }
        }
    }
    reasons.push(answer);
}
