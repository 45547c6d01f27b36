//! The authenticator data: what the device says, in the part that it signs.
//!
//! Standard: WebAuthn section 6.1; the key as CTAP2's canonical CBOR writes an ES256 key (RFC 9053 section 7.1), which is one
//! form of 77 bytes and no other: it is compared, not parsed.

use crate::{Error, Site};

/// An id of a credential has at most so many bytes (section 4, credential id).
const ID_BYTES_MAX: usize = 1_023;
/// Head, credential, and what extensions may add.
const DATA_BYTES_MAX: usize = 4_096;
/// Hash of the relying party's id, flags, counter.
const HEAD_BYTES: usize = 37;
/// {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: bytes of 32 …
const KEY_BEFORE_X: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
/// … -3: bytes of 32}
const KEY_BEFORE_Y: [u8; 3] = [0x22, 0x58, 0x20];

/// A new credential.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credential {
    /// Its id, chosen by the authenticator.
    pub id: Vec<u8>,
    /// The public key as SEC 1 writes a point, uncompressed.
    pub public_key: [u8; 65],
}

/// The authenticator data, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuthenticatorData {
    /// SHA-256 of the relying party's id.
    pub id_hash: [u8; 32],
    /// Somebody touched the device.
    pub present: bool,
    /// The device made sure who holds it.
    pub verified: bool,
    /// The credential may be kept on more than one device.
    pub eligible: bool,
    /// It is.
    pub backed_up: bool,
    /// Counts the signatures; 0 where the device does not count.
    pub counter: u32,
    /// The new credential; at registration.
    pub credential: Option<Credential>,
}

impl AuthenticatorData {
    /// Reads what the device signed.
    pub fn parse(bytes: &[u8]) -> Result<AuthenticatorData, Error> {
        let malformed = Error::Malformed("authenticator data");
        if bytes.len() > DATA_BYTES_MAX {
            return Err(malformed);
        }
        let (head, rest) = bytes.split_first_chunk::<HEAD_BYTES>().ok_or(malformed)?;
        let flag = |bit: u8| head[32] & (1 << bit) != 0;
        let (credential, rest) = if flag(6) {
            let (credential, rest) = credential(rest)?;
            (Some(credential), rest)
        } else {
            (None, rest)
        };
        // What follows is what extensions say; without their flag nothing may follow.
        if flag(7) == rest.is_empty() {
            return Err(malformed);
        }
        let data = AuthenticatorData {
            id_hash: std::array::from_fn(|at| head[at]),
            present: flag(0),
            verified: flag(2),
            eligible: flag(3),
            backed_up: flag(4),
            counter: u32::from_be_bytes([head[33], head[34], head[35], head[36]]),
            credential,
        };
        // A credential that may not be kept elsewhere is not (section 6.1.3).
        if data.backed_up && !data.eligible { Err(malformed) } else { Ok(data) }
    }

    pub(crate) fn check(&self, site: &Site) -> Result<(), Error> {
        if self.id_hash != site.id_hash() {
            return Err(Error::RelyingParty);
        }
        if self.present && self.verified { Ok(()) } else { Err(Error::Unverified) }
    }
}

/// The attested credential data (section 6.5.1): model, id, key.
fn credential(bytes: &[u8]) -> Result<(Credential, &[u8]), Error> {
    let malformed = Error::Malformed("credential");
    let (_model, rest) = bytes.split_at_checked(16).ok_or(malformed)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(malformed)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > ID_BYTES_MAX {
        return Err(malformed);
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(malformed)?;
    let rest = rest.strip_prefix(&KEY_BEFORE_X).ok_or(Error::Algorithm)?;
    let (x, rest) = rest.split_first_chunk::<32>().ok_or(malformed)?;
    let rest = rest.strip_prefix(&KEY_BEFORE_Y).ok_or(Error::Algorithm)?;
    let (y, rest) = rest.split_first_chunk::<32>().ok_or(malformed)?;
    let mut public_key = [4; 65];
    public_key[1..33].copy_from_slice(x);
    public_key[33..].copy_from_slice(y);
    Ok((Credential { id: id.to_vec(), public_key }, rest))
}
