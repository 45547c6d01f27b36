//! EF.SOD: hashes of the data groups, signed by the document signer.
//!
//! Standard: Doc 9303-10, 8th edition, 4.6.2 and appendix D (LDS Security Object, version 0); RFC 5652 (SignedData).
//! Invariant: an [`EfSod`] has been parsed completely and holds one signer and at least one certificate.
//! Not here: trust. Whether the signature is right and the signer trusted is decided by [`crate::passive`].
//! Start reading at [`make`] and [`EfSod::parse`].

use lds::tlv::{self, Reader, tag};
use sha2::{Digest, Sha256};

use crate::algorithm::{Check, Hash, check, ecdsa_sha256, sha256, signature_value};
use crate::{Certificate, Error, Sign, Time};

/// id-signedData, 1.2.840.113549.1.7.2
const SIGNED_DATA: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
/// id-icao-mrtd-security-ldsSecurityObject, 2.23.136.1.1.1
const LDS_SECURITY_OBJECT: [u8; 6] = [0x67, 0x81, 0x08, 0x01, 0x01, 0x01];
/// id-contentType, 1.2.840.113549.1.9.3
const CONTENT_TYPE: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
/// id-messageDigest, 1.2.840.113549.1.9.4
const MESSAGE_DIGEST: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];
/// id-signingTime, 1.2.840.113549.1.9.5
const SIGNING_TIME: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05];

const FILE: u32 = 0x77;

/// Makes EF.SOD over data groups, given as number and whole file, in ascending order.
///
/// # Errors
/// [`Error::Refused`] where the key's holder does not sign.
pub fn make(groups: &[(u8, &[u8])], signer: &Certificate, at: Time, sign: Sign<'_>) -> Result<Vec<u8>, Error> {
    let hashes: Vec<Vec<u8>> = groups
        .iter()
        .map(|(number, file)| {
            let pieces = [tlv::integer(&[*number]), tlv::encode(tag::OCTET_STRING, &Sha256::digest(file))];
            tlv::wrap(tag::SEQUENCE, &pieces)
        })
        .collect();
    let content = tlv::wrap(tag::SEQUENCE, &[tlv::integer(&[0]), sha256(), tlv::wrap(tag::SEQUENCE, &hashes)]);

    let attribute = |oid: &[u8], value: Vec<u8>| {
        tlv::wrap(tag::SEQUENCE, &[tlv::encode(tag::OID, oid), tlv::encode(tag::SET, &value)])
    };
    let mut attributes = [
        attribute(&CONTENT_TYPE, tlv::encode(tag::OID, &LDS_SECURITY_OBJECT)),
        attribute(&SIGNING_TIME, at.encode()),
        attribute(&MESSAGE_DIGEST, tlv::encode(tag::OCTET_STRING, &Sha256::digest(&content))),
    ];
    attributes.sort();
    let signature = sign(&Sha256::digest(tlv::wrap(tag::SET, &attributes)).into())?;

    let identifier = tlv::wrap(tag::SEQUENCE, &[signer.issuer.clone(), tlv::encode(tag::INTEGER, &signer.serial)]);
    let signer_info = [
        tlv::integer(&[1]),
        identifier,
        sha256(),
        tlv::wrap(0xA0, &attributes),
        ecdsa_sha256(),
        tlv::encode(tag::OCTET_STRING, &signature_value(&signature)),
    ];
    let encapsulated =
        [tlv::encode(tag::OID, &LDS_SECURITY_OBJECT), tlv::encode(0xA0, &tlv::encode(tag::OCTET_STRING, &content))];
    let signed_data = [
        tlv::integer(&[3]),
        tlv::encode(tag::SET, &sha256()),
        tlv::wrap(tag::SEQUENCE, &encapsulated),
        tlv::encode(0xA0, signer.as_bytes()),
        tlv::encode(tag::SET, &tlv::wrap(tag::SEQUENCE, &signer_info)),
    ];
    let signed_data = tlv::encode(0xA0, &tlv::wrap(tag::SEQUENCE, &signed_data));
    Ok(tlv::encode(FILE, &tlv::wrap(tag::SEQUENCE, &[tlv::encode(tag::OID, &SIGNED_DATA), signed_data])))
}

/// A parsed EF.SOD.
#[derive(Debug, Clone)]
pub struct EfSod {
    /// Hash of the data groups; none where it is not supported here.
    pub hash: Option<Hash>,
    /// Number and hash of each data group.
    pub hashes: Vec<(u32, Vec<u8>)>,
    /// The document signer's certificate.
    pub signer: Certificate,
    content: Vec<u8>,
    is_lds_security_object: bool,
    digest: Option<Hash>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
    attributes: Option<Attributes>,
}

#[derive(Debug, Clone)]
struct Attributes {
    /// As signed: tagged as a SET.
    signed: Vec<u8>,
    content_type: Vec<u8>,
    message_digest: Vec<u8>,
}

/// What checking the signature of EF.SOD by its own signer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The signature is the signer's.
    Right,
    /// It is not, or it covers something else.
    Wrong,
    /// The algorithms are not supported here.
    Unsupported,
}

impl EfSod {
    /// Reads EF.SOD.
    ///
    /// # Errors
    /// [`Error::Sod`] or [`Error::Certificate`] where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<EfSod, Error> {
        parse(bytes)
    }

    /// Checks the signature with the key of the certificate inside. This says nothing about trust.
    pub fn check_signature(&self) -> SignatureCheck {
        let Some(digest) = self.digest else { return SignatureCheck::Unsupported };
        if !self.is_lds_security_object {
            return SignatureCheck::Wrong;
        }
        let message = match &self.attributes {
            None => &self.content,
            Some(attributes) => {
                let covers = attributes.content_type == LDS_SECURITY_OBJECT
                    && attributes.message_digest == digest.digest(&self.content);
                if !covers {
                    return SignatureCheck::Wrong;
                }
                &attributes.signed
            }
        };
        match check(&self.signature_algorithm, Some(digest), &self.signer.public_key, message, &self.signature) {
            Check::Right => SignatureCheck::Right,
            Check::Wrong => SignatureCheck::Wrong,
            Check::Unsupported => SignatureCheck::Unsupported,
        }
    }
}

fn parse(bytes: &[u8]) -> Result<EfSod, Error> {
    let mut reader =
        tlv::only(bytes, FILE).and_then(|file| tlv::only(file.value, tag::SEQUENCE)).map_err(Error::Sod)?.inside();
    let (content, is_lds_security_object, certificates, info) = signed_data(&mut reader).map_err(Error::Sod)?;
    let (hash, hashes) = security_object(content).map_err(Error::Sod)?;
    let info = signer_info(info).map_err(Error::Sod)?;
    let mut signer = None;
    let mut list = Reader::new(certificates);
    while let Some(certificate) = list.next().map_err(Error::Sod)? {
        let certificate = Certificate::parse(certificate.bytes)?;
        let meant = match info.identifier {
            Identifier::IssuerAndSerial(issuer, serial) => certificate.issuer == issuer && certificate.serial == serial,
            Identifier::KeyId(id) => certificate.subject_key_id.as_deref() == Some(id),
        };
        if meant {
            signer = Some(certificate);
        }
    }
    Ok(EfSod {
        hash,
        hashes,
        signer: signer.ok_or(Error::Sod(lds::Error::Value { what: "signer's certificate" }))?,
        content: content.to_vec(),
        is_lds_security_object,
        digest: info.digest,
        signature_algorithm: info.algorithm.to_vec(),
        signature: info.signature.to_vec(),
        attributes: info.attributes,
    })
}

type Parts<'a> = (&'a [u8], bool, &'a [u8], Reader<'a>);

/// Content, whether it is an LDS Security Object, certificates, and the one signer.
fn signed_data<'a>(reader: &mut Reader<'a>) -> Result<Parts<'a>, lds::Error> {
    if reader.expect(tag::OID)?.value != SIGNED_DATA {
        return Err(lds::Error::Value { what: "content type" });
    }
    let mut fields = tlv::only(reader.expect(0xA0)?.value, tag::SEQUENCE)?.inside();
    fields.expect(tag::INTEGER)?;
    fields.expect(tag::SET)?;
    let mut encapsulated = fields.expect(tag::SEQUENCE)?.inside();
    let content_type = encapsulated.expect(tag::OID)?.value;
    let content = tlv::only(encapsulated.expect(0xA0)?.value, tag::OCTET_STRING)?.value;
    let certificates = fields.expect(0xA0)?.value;
    fields.optional(0xA1)?;
    let signers = fields.expect(tag::SET)?;
    let info = tlv::only(signers.value, tag::SEQUENCE)?.inside();
    Ok((content, content_type == LDS_SECURITY_OBJECT, certificates, info))
}

type Hashes = (Option<Hash>, Vec<(u32, Vec<u8>)>);

fn security_object(content: &[u8]) -> Result<Hashes, lds::Error> {
    let mut fields = tlv::only(content, tag::SEQUENCE)?.inside();
    fields.expect(tag::INTEGER)?;
    let hash = Hash::from_oid(fields.expect(tag::SEQUENCE)?.inside().expect(tag::OID)?.value);
    let mut list = fields.expect(tag::SEQUENCE)?.inside();
    let mut hashes: Vec<(u32, Vec<u8>)> = Vec::new();
    while !list.is_empty() {
        let mut entry = list.expect(tag::SEQUENCE)?.inside();
        let number = tlv::small_integer(entry.expect(tag::INTEGER)?.value)?;
        if !(1..=16).contains(&number) || hashes.iter().any(|(known, _)| *known == number) {
            return Err(lds::Error::Value { what: "data group number" });
        }
        hashes.push((number, entry.expect(tag::OCTET_STRING)?.value.to_vec()));
    }
    Ok((hash, hashes))
}

enum Identifier<'a> {
    IssuerAndSerial(&'a [u8], &'a [u8]),
    KeyId(&'a [u8]),
}

struct SignerInfo<'a> {
    identifier: Identifier<'a>,
    digest: Option<Hash>,
    attributes: Option<Attributes>,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

fn signer_info(mut fields: Reader<'_>) -> Result<SignerInfo<'_>, lds::Error> {
    fields.expect(tag::INTEGER)?;
    let identifier = match fields.optional(0x80)? {
        Some(id) => Identifier::KeyId(id.value),
        None => {
            let mut pair = fields.expect(tag::SEQUENCE)?.inside();
            Identifier::IssuerAndSerial(pair.expect(tag::SEQUENCE)?.bytes, pair.expect(tag::INTEGER)?.value)
        }
    };
    let digest = Hash::from_oid(fields.expect(tag::SEQUENCE)?.inside().expect(tag::OID)?.value);
    let attributes = fields.optional(0xA0)?.map(|set| attributes(set.value)).transpose()?;
    let algorithm = fields.expect(tag::SEQUENCE)?.inside().expect(tag::OID)?.value;
    let signature = fields.expect(tag::OCTET_STRING)?.value;
    Ok(SignerInfo { identifier, digest, attributes, algorithm, signature })
}

fn attributes(value: &[u8]) -> Result<Attributes, lds::Error> {
    let (mut content_type, mut message_digest) = (None, None);
    let mut list = Reader::new(value);
    while !list.is_empty() {
        let mut attribute = list.expect(tag::SEQUENCE)?.inside();
        let oid = attribute.expect(tag::OID)?.value;
        let values = attribute.expect(tag::SET)?.value;
        let slot = match oid {
            _ if oid == CONTENT_TYPE => &mut content_type,
            _ if oid == MESSAGE_DIGEST => &mut message_digest,
            _ => continue,
        };
        let value = Reader::new(values).next()?.map(|value| value.value.to_vec());
        if slot.is_some() || value.is_none() {
            return Err(lds::Error::Value { what: "signed attribute" });
        }
        *slot = value;
    }
    let missing = lds::Error::Value { what: "signed attributes" };
    Ok(Attributes {
        signed: tlv::encode(tag::SET, value),
        content_type: content_type.ok_or(missing)?,
        message_digest: message_digest.ok_or(missing)?,
    })
}
