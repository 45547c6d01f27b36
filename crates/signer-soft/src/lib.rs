//! The signer port in software: CSCA and document signer keys in a folder. For demonstrations and tests only.
//!
//! Standard: ICAO Doc 9303-12 (profile), RFC 5958 (PKCS#8), RFC 6979 (signatures need no random bytes).
//! Invariant: key files have mode 0600 and are never overwritten; the folder is complete or [`SoftSigner::open`] says
//! what is missing. A State keeps these keys in hardware, behind the same port.
//! Start reading at [`SoftSigner::create`].

mod folder;

use eac::Entropy;
use ecdsa::signature::hazmat::PrehashSigner;
use lds::{Curve, Date, PublicKey};
use p256::SecretKey;
use p256::ecdsa::SigningKey;
use pki::profile::{self, Statement};
use pki::{Certificate, Refused, Signature, Time};
use ports::Fault;
use ports::signer::{Role, Signer};
use std::path::Path;

/// For whom the certificates speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Organisation in the certificates' names.
    pub organisation: String,
    /// Address in the certificates.
    pub email: String,
    /// Where a revocation list would be published.
    pub revocation_uri: String,
}

impl Identity {
    /// A demonstration's identity, which says so.
    #[must_use]
    pub fn demonstration() -> Identity {
        Identity {
            organisation: "Vạn Dân demonstration".to_owned(),
            email: "csca@vandan.example".to_owned(),
            revocation_uri: "http://vandan.example/csca.crl".to_owned(),
        }
    }

    /// The identity of test keys: cards made with them fail against any real CSCA.
    #[must_use]
    pub fn test_keys() -> Identity {
        Identity { organisation: "Vạn Dân test keys, not for use".to_owned(), ..Identity::demonstration() }
    }
}

/// Years for which the CSCA key signs, and for which its certificate is valid.
const CSCA_YEARS: (u16, u16) = (5, 36);
/// Years for which the document signer's certificate is valid: the longest card and a little. Its key signs for one.
const SIGNER_YEARS: (u16, u16) = (1, 31);

/// Both keys and their certificates.
pub struct SoftSigner {
    csca: (SigningKey, Certificate),
    document_signer: (SigningKey, Certificate),
}

impl std::fmt::Debug for SoftSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SoftSigner(…)")
    }
}

impl SoftSigner {
    /// New keys and certificates, valid from the day (UTC) of `now`, kept nowhere.
    ///
    /// # Errors
    /// [`Fault`] where a certificate cannot be made.
    pub fn ephemeral(identity: &Identity, now: Time, entropy: &mut dyn Entropy) -> Result<SoftSigner, Fault> {
        let today = now.date;
        let (csca_key, signer_key) = (new_key(entropy), new_key(entropy));
        let mut serials = [[0; 16]; 2];
        serials.iter_mut().for_each(|serial| entropy.fill(serial));
        let [csca_serial, signer_serial] = serials;
        let public = public(&csca_key);
        let statement = statement(identity, "CSCA Viet Nam", csca_serial, today, CSCA_YEARS, &public);
        let csca = profile::csca(&statement, &mut |digest| sign(&csca_key, digest)).map_err(|_| refused("csca"))?;
        let csca = Certificate::parse(&csca).map_err(|error| damaged("csca", &error))?;

        let public = self::public(&signer_key);
        let statement = self::statement(identity, "Document Signer 1", signer_serial, today, SIGNER_YEARS, &public);
        let signer = profile::document_signer(&statement, &["ID"], &csca, &mut |digest| sign(&csca_key, digest))
            .map_err(|_| refused("document signer"))?;
        let signer = Certificate::parse(&signer).map_err(|error| damaged("document signer", &error))?;
        Ok(SoftSigner { csca: (csca_key, csca), document_signer: (signer_key, signer) })
    }

    /// As [`SoftSigner::ephemeral`], kept in a folder that is made if need be.
    ///
    /// # Errors
    /// [`Fault`] where keys are there already or cannot be written.
    pub fn create(
        folder: &Path,
        identity: &Identity,
        now: Time,
        entropy: &mut dyn Entropy,
    ) -> Result<SoftSigner, Fault> {
        let signer = SoftSigner::ephemeral(identity, now, entropy)?;
        folder::write(folder, "csca", &signer.csca.0, signer.csca.1.as_bytes())?;
        folder::write(folder, "document-signer", &signer.document_signer.0, signer.document_signer.1.as_bytes())?;
        Ok(signer)
    }

    /// The keys of a folder.
    ///
    /// # Errors
    /// [`Fault`] where a file is missing or damaged, or a key does not belong to its certificate.
    pub fn open(folder: &Path) -> Result<SoftSigner, Fault> {
        let pair = |name| -> Result<(SigningKey, Certificate), Fault> {
            let (key, certificate) = folder::read(folder, name)?;
            let certificate = Certificate::parse(&certificate).map_err(|error| damaged(name, &error))?;
            let own = PublicKey::parse(&certificate.public_key).map_err(|error| damaged(name, &error))?;
            if own != public(&key) {
                return Err(Fault::Damaged { what: name.to_owned(), cause: "the key is another's".to_owned() });
            }
            Ok((key, certificate))
        };
        Ok(SoftSigner { csca: pair("csca")?, document_signer: pair("document-signer")? })
    }

    fn pair(&self, role: Role) -> &(SigningKey, Certificate) {
        match role {
            Role::Csca => &self.csca,
            Role::DocumentSigner => &self.document_signer,
        }
    }
}

impl Signer for SoftSigner {
    fn certificate(&self, role: Role) -> Result<Certificate, Fault> {
        Ok(self.pair(role).1.clone())
    }

    fn sign(&self, role: Role, digest: &[u8; 32]) -> Result<Signature, Fault> {
        sign(&self.pair(role).0, digest).map_err(|_| refused("signature"))
    }
}

fn sign(key: &SigningKey, digest: &[u8; 32]) -> Result<Signature, Refused> {
    let signature: p256::ecdsa::Signature = key.sign_prehash(digest).map_err(|_| Refused)?;
    Ok(signature.to_bytes().into())
}

fn new_key(entropy: &mut dyn Entropy) -> SigningKey {
    loop {
        let secret = eac::Secret::generate(Curve::P256, entropy);
        if let Ok(key) = SecretKey::from_slice(secret.expose()) {
            return SigningKey::from(key);
        }
    }
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey { curve: Curve::P256, point: key.verifying_key().to_sec1_point(false).as_bytes().to_vec() }
}

fn statement<'a>(
    identity: &'a Identity,
    common_name: &'a str,
    serial: [u8; 16],
    today: Date,
    (key_years, years): (u16, u16),
    public_key: &'a PublicKey,
) -> Statement<'a> {
    // 29 February has no anniversary in most years; the day before is always one.
    let day = if (today.month, today.day) == (2, 29) { 28 } else { today.day };
    let later = |years: u16| Time::end_of(Date { year: today.year + years, day, ..today });
    Statement {
        serial,
        country: "VN",
        country_in_zone: "VNM",
        organisation: &identity.organisation,
        common_name,
        email: &identity.email,
        revocation_uri: &identity.revocation_uri,
        not_before: Time::start_of(today),
        not_after: later(years),
        private_key_until: later(key_years),
        public_key,
    }
}

fn refused(what: &str) -> Fault {
    Fault::Refused { what: what.to_owned(), cause: "the key did not sign".to_owned() }
}

fn damaged(what: &str, error: &dyn std::fmt::Display) -> Fault {
    Fault::Damaged { what: what.to_owned(), cause: error.to_string() }
}
