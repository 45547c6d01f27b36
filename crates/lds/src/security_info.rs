//! SecurityInfos: what EF.CardAccess and DG14 say about the protocols of the chip.
//!
//! Standard: Doc 9303-11, 9.2 (PACEInfo, ChipAuthenticationInfo, ChipAuthenticationPublicKeyInfo).
//! Invariant: entries of other protocols are kept as bytes, so that what is parsed and written again is complete.
//! Start reading at [`SecurityInfos::parse`].

use alloc::vec::Vec;

use crate::tlv::{self, Reader, tag};
use crate::{Curve, Error, PublicKey};

/// id-PACE-ECDH-GM, 0.4.0.127.0.7.2.2.4.2; one more byte names the cipher.
const PACE_ECDH_GM: [u8; 9] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02];
/// id-PACE, the arc of all its protocols.
const PACE: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04];
/// id-CA-ECDH, 0.4.0.127.0.7.2.2.3.2; one more byte names the cipher.
const CA_ECDH: [u8; 9] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02];
/// id-PK-ECDH, 0.4.0.127.0.7.2.2.1.2.
const PK_ECDH: [u8; 9] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02];

/// Cipher and message authentication code of a session: AES-CBC with CMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cipher {
    /// 128-bit keys, derived with SHA-1.
    Aes128,
    /// 192-bit keys, derived with SHA-256.
    Aes192,
    /// 256-bit keys, derived with SHA-256.
    Aes256,
}

impl Cipher {
    /// All ciphers.
    pub const ALL: [Cipher; 3] = [Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];

    /// Bytes of a key.
    pub fn key_len(self) -> usize {
        match self {
            Cipher::Aes128 => 16,
            Cipher::Aes192 => 24,
            Cipher::Aes256 => 32,
        }
    }

    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            Cipher::Aes128 => "AES-128",
            Cipher::Aes192 => "AES-192",
            Cipher::Aes256 => "AES-256",
        }
    }

    fn arc(self) -> u8 {
        match self {
            Cipher::Aes128 => 2,
            Cipher::Aes192 => 3,
            Cipher::Aes256 => 4,
        }
    }

    fn from_oid(oid: &[u8], family: &[u8; 9]) -> Option<Cipher> {
        let rest = oid.strip_prefix(family)?;
        Cipher::ALL.into_iter().find(|cipher| rest == [cipher.arc()])
    }

    /// The object identifier of PACE-ECDH-GM with this cipher, as the bytes of its value.
    pub fn pace_oid(self) -> [u8; 10] {
        with_arc(PACE_ECDH_GM, self.arc())
    }

    /// The cipher of a PACE-ECDH-GM identifier.
    pub fn from_pace_oid(oid: &[u8]) -> Option<Cipher> {
        Cipher::from_oid(oid, &PACE_ECDH_GM)
    }

    /// The object identifier of Chip Authentication over ECDH with this cipher.
    pub fn chip_authentication_oid(self) -> [u8; 10] {
        with_arc(CA_ECDH, self.arc())
    }

    /// The cipher of a Chip Authentication identifier.
    pub fn from_chip_authentication_oid(oid: &[u8]) -> Option<Cipher> {
        Cipher::from_oid(oid, &CA_ECDH)
    }
}

fn with_arc(family: [u8; 9], arc: u8) -> [u8; 10] {
    let mut oid = [arc; 10];
    oid.iter_mut().zip(family).for_each(|(to, from)| *to = from);
    oid
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityInfo {
    /// PACE with generic mapping over a curve known here.
    Pace {
        /// Cipher of the session.
        cipher: Cipher,
        /// Domain parameters.
        curve: Curve,
    },
    /// Chip Authentication version 1 over ECDH.
    ChipAuthentication {
        /// Cipher of the session afterwards.
        cipher: Cipher,
        /// Which key, where there are several.
        key_id: Option<u32>,
    },
    /// A public key of the chip.
    ChipAuthenticationPublicKey {
        /// The key.
        key: PublicKey,
        /// Which key, where there are several.
        key_id: Option<u32>,
    },
    /// PACE in a variant, or with domain parameters, not supported here; all its bytes.
    OtherPace(Vec<u8>),
    /// Anything else, all its bytes.
    Other(Vec<u8>),
}

impl SecurityInfo {
    fn encode(&self) -> Vec<u8> {
        let id = |key_id: &Option<u32>| key_id.map_or(Vec::new(), |id| tlv::integer(&id.to_be_bytes()));
        let pieces = match self {
            SecurityInfo::Pace { cipher, curve } => {
                [tlv::encode(tag::OID, &cipher.pace_oid()), tlv::integer(&[2]), tlv::integer(&[curve.parameter_id()])]
            }
            SecurityInfo::ChipAuthentication { cipher, key_id } => {
                [tlv::encode(tag::OID, &cipher.chip_authentication_oid()), tlv::integer(&[1]), id(key_id)]
            }
            SecurityInfo::ChipAuthenticationPublicKey { key, key_id } => {
                [tlv::encode(tag::OID, &PK_ECDH), key.encode(), id(key_id)]
            }
            SecurityInfo::OtherPace(bytes) | SecurityInfo::Other(bytes) => return bytes.clone(),
        };
        tlv::wrap(tag::SEQUENCE, &pieces)
    }

    fn parse(entry: tlv::Tlv<'_>) -> Result<SecurityInfo, Error> {
        let mut reader = entry.inside();
        let oid = reader.expect(tag::OID)?.value;
        let other = || SecurityInfo::Other(entry.bytes.to_vec());
        let other_pace = || SecurityInfo::OtherPace(entry.bytes.to_vec());
        let number = |reader: &mut Reader<'_>| match reader.optional(tag::INTEGER)? {
            Some(number) => tlv::small_integer(number.value).map(Some),
            None => Ok(None),
        };
        if let Some(cipher) = Cipher::from_pace_oid(oid) {
            let (version, parameter_id) = (number(&mut reader)?, number(&mut reader)?);
            return Ok(match parameter_id.and_then(Curve::from_parameter_id) {
                Some(curve) if version == Some(2) => SecurityInfo::Pace { cipher, curve },
                _ => other_pace(),
            });
        }
        if oid.starts_with(&PACE) {
            return Ok(other_pace());
        }
        if let Some(cipher) = Cipher::from_chip_authentication_oid(oid) {
            return Ok(match number(&mut reader)? {
                Some(1) => SecurityInfo::ChipAuthentication { cipher, key_id: number(&mut reader)? },
                _ => other(),
            });
        }
        if oid == PK_ECDH {
            let key = match PublicKey::parse(reader.expect(tag::SEQUENCE)?.bytes) {
                Ok(key) => key,
                Err(Error::Unsupported { .. }) => return Ok(other()),
                Err(error) => return Err(error),
            };
            return Ok(SecurityInfo::ChipAuthenticationPublicKey { key, key_id: number(&mut reader)? });
        }
        Ok(other())
    }
}

/// A set of entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecurityInfos(pub Vec<SecurityInfo>);

impl SecurityInfos {
    /// The bytes of EF.CardAccess: a SET OF in the order of its encodings, as DER asks.
    pub fn encode(&self) -> Vec<u8> {
        let mut entries: Vec<Vec<u8>> = self.0.iter().map(SecurityInfo::encode).collect();
        entries.sort();
        tlv::wrap(tag::SET, &entries)
    }

    /// The bytes of DG14.
    pub fn encode_dg14(&self) -> Vec<u8> {
        tlv::encode(0x6E, &self.encode())
    }

    /// Reads EF.CardAccess.
    ///
    /// # Errors
    /// [`Error`] where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<SecurityInfos, Error> {
        let mut reader = tlv::only(bytes, tag::SET)?.inside();
        let mut entries = Vec::new();
        while !reader.is_empty() {
            entries.push(SecurityInfo::parse(reader.expect(tag::SEQUENCE)?)?);
        }
        Ok(SecurityInfos(entries))
    }

    /// Reads DG14.
    ///
    /// # Errors
    /// [`Error`] where it is malformed.
    pub fn parse_dg14(bytes: &[u8]) -> Result<SecurityInfos, Error> {
        SecurityInfos::parse(tlv::only(bytes, 0x6E)?.value)
    }

    /// The variants of PACE offered that are supported here.
    pub fn pace(&self) -> impl Iterator<Item = (Cipher, Curve)> + '_ {
        self.0.iter().filter_map(|entry| match entry {
            SecurityInfo::Pace { cipher, curve } => Some((*cipher, *curve)),
            _ => None,
        })
    }

    /// The ciphers that Chip Authentication is offered with.
    pub fn chip_authentication_ciphers(&self) -> impl Iterator<Item = Cipher> + '_ {
        self.0.iter().filter_map(|entry| match entry {
            SecurityInfo::ChipAuthentication { cipher, .. } => Some(*cipher),
            _ => None,
        })
    }

    /// Chip Authentication as it can be done: cipher, public key, and the key's number. The strongest cipher comes first.
    pub fn chip_authentication(&self) -> Option<(Cipher, &PublicKey, Option<u32>)> {
        let mut offers: Vec<_> = self
            .0
            .iter()
            .filter_map(|entry| match entry {
                SecurityInfo::ChipAuthentication { cipher, key_id } => Some((*cipher, *key_id)),
                _ => None,
            })
            .collect();
        offers.sort_by_key(|(cipher, _)| core::cmp::Reverse(*cipher));
        offers.into_iter().find_map(|(cipher, wanted)| {
            self.0.iter().find_map(|entry| match entry {
                SecurityInfo::ChipAuthenticationPublicKey { key, key_id } if wanted.is_none() || *key_id == wanted => {
                    Some((cipher, key, wanted))
                }
                _ => None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pace_info_of_appendix_g_1() {
        // 3012 060A 04007F00070202040202 020102 02010D
        let info = [0x30, 0x12, 6, 10, 4, 0, 0x7F, 0, 7, 2, 2, 4, 2, 2, 2, 1, 2, 2, 1, 13];
        let infos = SecurityInfos::parse(&tlv::encode(tag::SET, &info)).unwrap();
        assert_eq!(infos.pace().collect::<Vec<_>>(), [(Cipher::Aes128, Curve::BrainpoolP256r1)]);
        assert_eq!(infos.encode(), tlv::encode(tag::SET, &info));
    }

    #[test]
    fn dg14_round_trip() {
        let key = PublicKey { curve: Curve::P256, point: [&[4][..], &[7; 64]].concat() };
        let infos = SecurityInfos(alloc::vec![
            SecurityInfo::Pace { cipher: Cipher::Aes256, curve: Curve::P256 },
            SecurityInfo::ChipAuthentication { cipher: Cipher::Aes256, key_id: None },
            SecurityInfo::ChipAuthenticationPublicKey { key: key.clone(), key_id: None },
        ]);
        let again = SecurityInfos::parse_dg14(&infos.encode_dg14()).unwrap();
        assert_eq!(again.chip_authentication(), Some((Cipher::Aes256, &key, None)));
        assert_eq!(again.encode(), infos.encode());
    }

    #[test]
    fn unknown_entries_are_kept() {
        // PACE over DH with the group of RFC 5114, 2.1 (appendix G.2).
        let info = [0x30, 0x12, 6, 10, 4, 0, 0x7F, 0, 7, 2, 2, 4, 1, 2, 2, 1, 2, 2, 1, 0];
        let bytes = tlv::encode(tag::SET, &info);
        let infos = SecurityInfos::parse(&bytes).unwrap();
        assert!(matches!(infos.0[..], [SecurityInfo::OtherPace(_)]));
        assert_eq!((infos.pace().count(), infos.encode()), (0, bytes));
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = SecurityInfos::parse(&tlv::encode(tag::SET, &tlv::encode(tag::SEQUENCE, &bytes)));
        }
    }
}
