//! The keys behind the cards: CSCA and document signer certificates, EF.SOD, and passive authentication.
//!
//! Standard: ICAO Doc 9303-12, 8th edition (certificate profile), Doc 9303-10, 4.6.2 (EF.SOD), Doc 9303-11, 5.1 (passive
//! authentication); RFC 5280, RFC 5652.
//! Invariant: no key lives here. Whoever signs does so behind a function that takes a digest, so that a folder, a token
//! or a machine room can stand behind it.
//! Not here: master lists and revocation lists. They are unknown to this crate, and nothing pretends otherwise.
//! Start reading at [`passive::verify`] and [`ef_sod::make`].

mod algorithm;
pub mod certificate;
pub mod ef_sod;
pub mod passive;
pub mod profile;
mod time;

pub use algorithm::Hash;
pub use certificate::Certificate;
pub use time::Time;

/// An ECDSA signature over a 32-byte digest with a key on P-256: r and s, 32 bytes each.
pub type Signature = [u8; 64];

/// Signs the SHA-256 digest of what is to be signed.
pub type Sign<'a> = &'a mut dyn FnMut(&[u8; 32]) -> Result<Signature, Refused>;

/// The holder of a key did not sign; why is for its port to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signer did not sign")]
pub struct Refused;

/// Why a certificate or an EF.SOD cannot be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no certificate of the form that this profile knows.
    #[error("certificate: {0}")]
    Certificate(#[source] lds::Error),
    /// It is no EF.SOD.
    #[error("EF.SOD: {0}")]
    Sod(#[source] lds::Error),
    /// The holder of the key did not sign.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl Error {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Certificate(_) => "certificate-malformed",
            Error::Sod(_) => "sod-malformed",
            Error::Refused(_) => "signer-refused",
        }
    }
}
