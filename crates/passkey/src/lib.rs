//! Passkeys: what a browser sends at registration and sign-in, verified.
//!
//! Standard: W3C Web Authentication Level 3, sections 7.1 and 7.2. Only what an officer's sign-in needs: ES256, attestation
//! "none", user verification always, no extensions asked for (those that come unasked are passed over).
//! Invariant: limits stand before every parser; bytes of any kind give a value or an [`Error`].
//! Not here: making challenges and keeping credentials. Whoever calls has looked whether [`ClientData::challenge`] is one of
//! their own, still young and not used before.
//! Start reading at [`register`] and [`verify`].

mod authenticator;
mod client;
mod site;

pub use authenticator::{AuthenticatorData, Credential};
pub use client::{Ceremony, ClientData};
pub use site::Site;

use ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use sha2::{Digest, Sha256};

/// Why something sent is not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read, or is larger than such a thing ever is.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// It belongs to the other ceremony.
    #[error("made for another ceremony")]
    Ceremony,
    /// It was made in a page of another site, or in a frame of one.
    #[error("made for another origin")]
    Origin,
    /// The authenticator signed for another site.
    #[error("made for another relying party")]
    RelyingParty,
    /// The authenticator did not make sure who holds it.
    #[error("the user was not verified")]
    Unverified,
    /// The key is of a kind that was not asked for.
    #[error("not an ES256 key")]
    Algorithm,
    /// The signature is not that of the key.
    #[error("wrong signature")]
    Signature,
    /// The counter did not grow: there may be a copy of the authenticator.
    #[error("the signature counter went back")]
    Counter,
    /// What never changes in a credential has changed.
    #[error("the credential's backup eligibility changed")]
    Eligibility,
}

/// What is kept of a passkey between two uses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The public key, uncompressed: 65 bytes.
    pub public_key: Vec<u8>,
    /// The signature counter; 0 where the authenticator has none.
    pub counter: u32,
    /// Whether the passkey may be kept on more than one device.
    pub eligible: bool,
    /// Whether it is, as far as the authenticator said last.
    pub backed_up: bool,
}

/// Verifies a registration: gives the credential's id and what is to be kept of it.
pub fn register(site: &Site, client: &ClientData, authenticator_data: &[u8]) -> Result<(Vec<u8>, Kept), Error> {
    client.check(Ceremony::Create, site)?;
    let data = AuthenticatorData::parse(authenticator_data)?;
    let credential = data.credential.as_ref().ok_or(Error::Malformed("authenticator data"))?;
    // The point is looked at once, here: what is kept is a key.
    VerifyingKey::from_sec1_bytes(&credential.public_key).map_err(|_| Error::Algorithm)?;
    data.check(site)?;
    let kept = Kept {
        public_key: credential.public_key.to_vec(),
        counter: data.counter,
        eligible: data.eligible,
        backed_up: data.backed_up,
    };
    Ok((credential.id.clone(), kept))
}

/// Verifies a sign-in against what was kept: gives what is to be kept from now on.
pub fn verify(
    site: &Site,
    client: &ClientData,
    authenticator_data: &[u8],
    signature: &[u8],
    kept: &Kept,
) -> Result<Kept, Error> {
    client.check(Ceremony::Get, site)?;
    let data = AuthenticatorData::parse(authenticator_data)?;
    let key = VerifyingKey::from_sec1_bytes(&kept.public_key).map_err(|_| Error::Algorithm)?;
    if signature.len() > SIGNATURE_BYTES_MAX {
        return Err(Error::Malformed("signature"));
    }
    let signature = DerSignature::from_bytes(signature).map_err(|_| Error::Malformed("signature"))?;
    let message = [authenticator_data, &Sha256::digest(client.bytes())].concat();
    key.verify(&message, &signature).map_err(|_| Error::Signature)?;
    data.check(site)?;
    if data.eligible != kept.eligible {
        return Err(Error::Eligibility);
    }
    // Two zeros are an authenticator without a counter; anything else must grow.
    if (data.counter, kept.counter) != (0, 0) && data.counter <= kept.counter {
        return Err(Error::Counter);
    }
    Ok(Kept { counter: data.counter, backed_up: data.backed_up, ..kept.clone() })
}

/// A DER signature of two numbers of 33 bytes.
const SIGNATURE_BYTES_MAX: usize = 72;
