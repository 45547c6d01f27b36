//! The keys of the country signing authority and of the document signer. Only the role that personalises reaches them.
//!
//! Standard: ICAO Doc 9303-12. An adapter holds both private keys and never shows them: a folder for a demonstration, a
//! hardware module for a State.
//! Start reading at [`Signer`].

use crate::Fault;
use pki::{Certificate, Signature};

/// Whose key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The country signing certification authority.
    Csca,
    /// The document signer.
    DocumentSigner,
}

/// The holder of both keys.
pub trait Signer: Send + Sync {
    /// The certificate that belongs to a key.
    ///
    /// # Errors
    /// [`Fault`] where it cannot be read.
    fn certificate(&self, role: Role) -> Result<Certificate, Fault>;

    /// Signs a SHA-256 digest with ECDSA.
    ///
    /// # Errors
    /// [`Fault`] where the key cannot be used.
    fn sign(&self, role: Role, digest: &[u8; 32]) -> Result<Signature, Fault>;
}

/// The suite that every adapter passes: certificates that fit, and signatures that verify.
///
/// # Panics
/// Where the adapter does not pass.
pub fn suite(signer: &dyn Signer, now: pki::Time) {
    let certificate = |role| signer.certificate(role).unwrap_or_else(|fault| panic!("certificate: {fault}"));
    let (csca, document_signer) = (certificate(Role::Csca), certificate(Role::DocumentSigner));
    assert!(csca.is_authority && !document_signer.is_authority);
    assert_eq!(document_signer.is_signed_by(&csca), pki::certificate::Issued::Yes);
    assert_eq!(csca.is_signed_by(&csca), pki::certificate::Issued::Yes);
    let groups: [(u8, &[u8]); 1] = [(1, b"a data group")];
    let mut sign = |digest: &[u8; 32]| signer.sign(Role::DocumentSigner, digest).map_err(|_| pki::Refused);
    let sod = pki::ef_sod::make(&groups, &document_signer, now, &mut sign).unwrap_or_else(|error| panic!("{error}"));
    let (verdict, reasons) = pki::passive::verify(&sod, &groups, &[csca], now);
    assert_eq!((verdict, reasons), (pki::passive::Verdict::Valid, Vec::new()));
}
