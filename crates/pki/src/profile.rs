//! Making the certificates of the CSCA and of the document signer.
//!
//! Standard: Doc 9303-12, 8th edition, 7.1 (certificate profile) and 4.1.6.3 (key parameters written out in full).
//! Start reading at [`csca`] and [`document_signer`].

use lds::PublicKey;
use lds::tlv::{self, tag};
use sha1::{Digest, Sha1};

use crate::algorithm::{ecdsa_sha256, signature_value};
use crate::{Certificate, Refused, Sign, Time};

const BOOLEAN_TRUE: [u8; 3] = [0x01, 0x01, 0xFF];
/// id-icao-mrtd-security-extensions-documentTypeList, 2.23.136.1.1.6.2
const DOCUMENT_TYPE_LIST: [u8; 7] = [0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x02];

/// What both certificates state.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// Sixteen random bytes that become the serial number.
    pub serial: [u8; 16],
    /// Two-letter country code, in capitals.
    pub country: &'a str,
    /// Three-letter code as in the machine readable zone, in capitals.
    pub country_in_zone: &'a str,
    /// Organisation.
    pub organisation: &'a str,
    /// Common name of the subject.
    pub common_name: &'a str,
    /// Where the holder of the key can be written to.
    pub email: &'a str,
    /// Where the revocation list is published.
    pub revocation_uri: &'a str,
    /// First moment of validity.
    pub not_before: Time,
    /// Last moment of validity.
    pub not_after: Time,
    /// Last moment at which the private key signs.
    pub private_key_until: Time,
    /// The subject's public key.
    pub public_key: &'a PublicKey,
}

impl Statement<'_> {
    fn name(&self) -> Vec<u8> {
        let attribute = |arc: u8, tag: u32, text: &str| {
            let pieces = [tlv::encode(tag::OID, &[0x55, 0x04, arc]), tlv::encode(tag, text.as_bytes())];
            tlv::encode(tag::SET, &tlv::wrap(tag::SEQUENCE, &pieces))
        };
        let pieces = [
            attribute(6, tag::PRINTABLE_STRING, self.country),
            attribute(10, tag::UTF8_STRING, self.organisation),
            attribute(3, tag::UTF8_STRING, self.common_name),
        ];
        tlv::wrap(tag::SEQUENCE, &pieces)
    }

    /// The same alternative names for subject and issuer: an address to write to, and the State.
    fn alternative_names(&self) -> Vec<u8> {
        let locality = [
            tlv::encode(tag::OID, &[0x55, 0x04, 7]),
            tlv::encode(tag::PRINTABLE_STRING, self.country_in_zone.as_bytes()),
        ];
        let directory_name = tlv::wrap(tag::SEQUENCE, &[tlv::encode(tag::SET, &tlv::wrap(tag::SEQUENCE, &locality))]);
        tlv::wrap(tag::SEQUENCE, &[tlv::encode(0x81, self.email.as_bytes()), tlv::encode(0xA4, &directory_name)])
    }

    fn sign(
        &self,
        issuer: &[u8],
        authority_key_id: &[u8],
        own_extensions: Vec<Vec<u8>>,
        sign: Sign<'_>,
    ) -> Result<Vec<u8>, Refused> {
        let usage_period = [
            tlv::encode(0x80, &self.not_before.generalized()),
            tlv::encode(0x81, &self.private_key_until.generalized()),
        ];
        let location = tlv::encode(0x86, self.revocation_uri.as_bytes());
        let point = tlv::encode(tag::SEQUENCE, &tlv::encode(0xA0, &tlv::encode(0xA0, &location)));
        let mut extensions = vec![
            extension(&[0x55, 0x1D, 35], false, &tlv::wrap(tag::SEQUENCE, &[tlv::encode(0x80, authority_key_id)])),
            extension(&[0x55, 0x1D, 14], false, &tlv::encode(tag::OCTET_STRING, &key_id(self.public_key))),
            extension(&[0x55, 0x1D, 16], false, &tlv::wrap(tag::SEQUENCE, &usage_period)),
            extension(&[0x55, 0x1D, 17], false, &self.alternative_names()),
            extension(&[0x55, 0x1D, 18], false, &self.alternative_names()),
            extension(&[0x55, 0x1D, 31], false, &tlv::encode(tag::SEQUENCE, &point)),
        ];
        extensions.extend(own_extensions);
        // The highest bit is cleared so that the number is positive and has at most 16 bytes.
        let mut serial = self.serial;
        serial[0] = serial[0] & 0x7F | 0x40;
        let fields = [
            tlv::encode(0xA0, &tlv::integer(&[2])),
            tlv::integer(&serial),
            ecdsa_sha256(),
            issuer.to_vec(),
            tlv::wrap(tag::SEQUENCE, &[self.not_before.encode(), self.not_after.encode()]),
            self.name(),
            self.public_key.encode(),
            tlv::encode(0xA3, &tlv::wrap(tag::SEQUENCE, &extensions)),
        ];
        let signed = tlv::wrap(tag::SEQUENCE, &fields);
        let signature = sign(&sha2::Sha256::digest(&signed).into())?;
        let bits = [&[0][..], &signature_value(&signature)].concat();
        Ok(tlv::wrap(tag::SEQUENCE, &[signed, ecdsa_sha256(), tlv::encode(tag::BIT_STRING, &bits)]))
    }
}

/// The self-signed certificate of the country signing authority.
///
/// # Errors
/// [`Refused`] where the key's holder does not sign.
pub fn csca(statement: &Statement<'_>, sign: Sign<'_>) -> Result<Vec<u8>, Refused> {
    let constraints = [&BOOLEAN_TRUE[..], &tlv::integer(&[0])].concat();
    let own = vec![
        extension(&[0x55, 0x1D, 15], true, &tlv::encode(tag::BIT_STRING, &[1, 0x06])),
        extension(&[0x55, 0x1D, 19], true, &tlv::encode(tag::SEQUENCE, &constraints)),
    ];
    statement.sign(&statement.name(), &key_id(statement.public_key), own, sign)
}

/// The certificate of a document signer for documents of these types, issued by `issuer`, whose key signs.
///
/// # Errors
/// [`Refused`] where the key's holder does not sign.
pub fn document_signer(
    statement: &Statement<'_>,
    document_types: &[&str],
    issuer: &Certificate,
    sign: Sign<'_>,
) -> Result<Vec<u8>, Refused> {
    let types: Vec<Vec<u8>> =
        document_types.iter().map(|code| tlv::encode(tag::PRINTABLE_STRING, code.as_bytes())).collect();
    let list = tlv::wrap(tag::SEQUENCE, &[tlv::integer(&[0]), tlv::wrap(tag::SET, &types)]);
    let own = vec![
        extension(&[0x55, 0x1D, 15], true, &tlv::encode(tag::BIT_STRING, &[7, 0x80])),
        extension(&DOCUMENT_TYPE_LIST, false, &list),
    ];
    let authority = issuer.subject_key_id.clone().unwrap_or_default();
    statement.sign(&issuer.subject, &authority, own, sign)
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &BOOLEAN_TRUE } else { &[] };
    tlv::wrap(tag::SEQUENCE, &[&tlv::encode(tag::OID, oid)[..], flag, &tlv::encode(tag::OCTET_STRING, value)])
}

/// SHA-1 of the public point: method 1 of RFC 5280, 4.2.1.2. It identifies, it does not protect.
fn key_id(key: &PublicKey) -> [u8; 20] {
    Sha1::digest(&key.point).into()
}
