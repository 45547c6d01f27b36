//! A certificate as far as passive authentication looks at it.
//!
//! Standard: RFC 5280, 4.1 and 4.2; Doc 9303-12, 7.1. Read with the strict TLV reader, so that the signed bytes, names and
//! keys are exactly the bytes that came. Extensions that passive authentication does not need are passed over unless
//! they are marked critical.
//! Invariant: a [`Certificate`] was parsed completely; its signature is unchecked until [`Certificate::is_signed_by`].
//! Start reading at [`Certificate::parse`].

use lds::tlv::{self, Reader, tag};

use crate::algorithm::{Check, check};
use crate::{Error, Time};

/// id-ce, 2.5.29; one more byte names the extension.
const CE: [u8; 2] = [0x55, 0x1D];

/// A certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    bytes: Vec<u8>,
    signed: Vec<u8>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
    /// Serial number, the INTEGER's value as it stands.
    pub serial: Vec<u8>,
    /// Issuer name, all its bytes.
    pub issuer: Vec<u8>,
    /// Subject name, all its bytes.
    pub subject: Vec<u8>,
    /// First moment of validity.
    pub not_before: Time,
    /// Last moment of validity.
    pub not_after: Time,
    /// SubjectPublicKeyInfo, all its bytes.
    pub public_key: Vec<u8>,
    /// Subject key identifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// Authority key identifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// Whether basic constraints say that it is a certification authority.
    pub is_authority: bool,
    /// Key usage bits, the first bit (digitalSignature) highest; none where the extension is missing.
    pub key_usage: Option<u16>,
    /// Whether a critical extension is there that this crate does not know.
    pub has_unknown_critical: bool,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({} bytes)", self.bytes.len())
    }
}

/// How a certificate relates to a supposed issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    /// The signature is the issuer's.
    Yes,
    /// The names fit, the signature does not.
    WrongSignature,
    /// Names or key identifiers are others.
    ByAnother,
    /// The names fit, and the signature algorithm is not supported here.
    Unsupported,
}

impl Certificate {
    /// Key usage: digitalSignature.
    pub const DIGITAL_SIGNATURE: u16 = 0x8000;
    /// Key usage: keyCertSign.
    pub const KEY_CERT_SIGN: u16 = 0x0400;

    /// Reads one DER certificate and nothing after it.
    ///
    /// # Errors
    /// [`Error::Certificate`] where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<Certificate, Error> {
        parse(bytes).map_err(Error::Certificate)
    }

    /// All bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the certificate is valid at this moment.
    pub fn is_valid_at(&self, time: Time) -> bool {
        self.not_before <= time && time <= self.not_after
    }

    /// Whether the key may be used so; true where the certificate does not restrict it.
    pub fn allows(&self, usage: u16) -> bool {
        self.key_usage.is_none_or(|allowed| allowed & usage == usage)
    }

    /// Whether `issuer` signed this certificate.
    pub fn is_signed_by(&self, issuer: &Certificate) -> Issued {
        let other_key = self
            .authority_key_id
            .as_ref()
            .is_some_and(|id| issuer.subject_key_id.as_ref().is_some_and(|subject| subject != id));
        if self.issuer != issuer.subject || other_key {
            return Issued::ByAnother;
        }
        match check(&self.signature_algorithm, None, &issuer.public_key, &self.signed, &self.signature) {
            Check::Right => Issued::Yes,
            Check::Wrong => Issued::WrongSignature,
            Check::Unsupported => Issued::Unsupported,
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Certificate, lds::Error> {
    let mut outer = tlv::only(bytes, tag::SEQUENCE)?.inside();
    let signed = outer.expect(tag::SEQUENCE)?;
    let algorithm = outer.expect(tag::SEQUENCE)?;
    let signature = match outer.expect(tag::BIT_STRING)?.value {
        [0, signature @ ..] => signature.to_vec(),
        _ => return Err(lds::Error::Value { what: "signature" }),
    };
    outer.finish()?;

    let mut fields = signed.inside();
    fields.optional(0xA0)?;
    let serial = fields.expect(tag::INTEGER)?.value.to_vec();
    if fields.expect(tag::SEQUENCE)?.bytes != algorithm.bytes {
        return Err(lds::Error::Value { what: "signature algorithm" });
    }
    let issuer = fields.expect(tag::SEQUENCE)?.bytes.to_vec();
    let mut validity = fields.expect(tag::SEQUENCE)?.inside();
    let mut moment =
        || -> Result<Time, lds::Error> { Time::parse(validity.next()?.ok_or(lds::Error::Value { what: "validity" })?) };
    let (not_before, not_after) = (moment()?, moment()?);
    let subject = fields.expect(tag::SEQUENCE)?.bytes.to_vec();
    let public_key = fields.expect(tag::SEQUENCE)?.bytes.to_vec();
    fields.optional(0x81)?;
    fields.optional(0x82)?;
    let extensions = fields.optional(0xA3)?;
    fields.finish()?;

    let mut certificate = Certificate {
        bytes: bytes.to_vec(),
        signed: signed.bytes.to_vec(),
        signature_algorithm: algorithm.inside().expect(tag::OID)?.value.to_vec(),
        signature,
        serial,
        issuer,
        subject,
        not_before,
        not_after,
        public_key,
        subject_key_id: None,
        authority_key_id: None,
        is_authority: false,
        key_usage: None,
        has_unknown_critical: false,
    };
    if let Some(extensions) = extensions {
        let mut list = tlv::only(extensions.value, tag::SEQUENCE)?.inside();
        while !list.is_empty() {
            read_extension(&mut certificate, list.expect(tag::SEQUENCE)?.inside())?;
        }
    }
    Ok(certificate)
}

fn read_extension(certificate: &mut Certificate, mut fields: Reader<'_>) -> Result<(), lds::Error> {
    const BOOLEAN: u32 = 0x01;
    let oid = fields.expect(tag::OID)?.value;
    let critical = fields.optional(BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
    let value = fields.expect(tag::OCTET_STRING)?.value;
    fields.finish()?;
    match oid.strip_prefix(&CE) {
        Some([14]) => certificate.subject_key_id = Some(tlv::only(value, tag::OCTET_STRING)?.value.to_vec()),
        Some([35]) => {
            let mut identifier = tlv::only(value, tag::SEQUENCE)?.inside();
            certificate.authority_key_id = identifier.optional(0x80)?.map(|id| id.value.to_vec());
        }
        Some([15]) => {
            certificate.key_usage = match tlv::only(value, tag::BIT_STRING)?.value {
                [_, high] => Some(u16::from_be_bytes([*high, 0])),
                [_, high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => return Err(lds::Error::Value { what: "key usage" }),
            };
        }
        Some([19]) => {
            let mut constraints = tlv::only(value, tag::SEQUENCE)?.inside();
            certificate.is_authority = constraints.optional(BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
        }
        _ => certificate.has_unknown_critical |= critical,
    }
    Ok(())
}
