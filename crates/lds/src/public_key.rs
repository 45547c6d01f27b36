//! Elliptic-curve domain parameters and public keys as certificates and security infos carry them.
//!
//! Standard: RFC 5480 and X9.62 (SubjectPublicKeyInfo), Doc 9303-12, 4.1.6.3: the parameters are written out in full,
//! with the cofactor, and points uncompressed. SEC 2 (P-256) and RFC 5639 (brainpoolP256r1) give the numbers.
//! Invariant: a [`PublicKey`] has the length of its curve's points. Whether the point lies on the curve is for `eac` and
//! `pki` to find out, who can compute.
//! Start reading at [`PublicKey::parse`].

use alloc::vec::Vec;

use crate::Error;
use crate::tlv::{self, Reader, tag};

/// 1.2.840.10045.2.1
const EC_PUBLIC_KEY: [u8; 7] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
/// 1.2.840.10045.1.1
const PRIME_FIELD: [u8; 7] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x01, 0x01];

/// A curve that the card may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, secp256r1.
    P256,
    /// brainpoolP256r1.
    BrainpoolP256r1,
}

struct Parameters {
    oid: &'static [u8],
    p: [u8; 32],
    a: [u8; 32],
    b: [u8; 32],
    generator: [[u8; 32]; 2],
    order: [u8; 32],
}

impl Curve {
    /// All curves known here.
    pub const ALL: [Curve; 2] = [Curve::P256, Curve::BrainpoolP256r1];

    /// The number of the standardised domain parameters (Doc 9303-11, table 11).
    pub fn parameter_id(self) -> u8 {
        match self {
            Curve::P256 => 12,
            Curve::BrainpoolP256r1 => 13,
        }
    }

    /// The curve with this number.
    pub fn from_parameter_id(id: u32) -> Option<Curve> {
        Curve::ALL.into_iter().find(|curve| u32::from(curve.parameter_id()) == id)
    }

    /// Bytes of a coordinate and of a scalar.
    pub fn coordinate_len(self) -> usize {
        32
    }

    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            Curve::P256 => "P-256",
            Curve::BrainpoolP256r1 => "brainpoolP256r1",
        }
    }

    fn parameters(self) -> Parameters {
        match self {
            Curve::P256 => Parameters {
                oid: &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
                p: hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"),
                a: hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"),
                b: hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"),
                generator: [
                    hex("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
                    hex("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
                ],
                order: hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
            },
            Curve::BrainpoolP256r1 => Parameters {
                oid: &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07],
                p: hex("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"),
                a: hex("7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"),
                b: hex("26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6"),
                generator: [
                    hex("8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"),
                    hex("547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"),
                ],
                order: hex("A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7"),
            },
        }
    }

    /// `ECParameters` written out in full.
    fn explicit(self) -> Vec<u8> {
        let Parameters { p, a, b, generator, order, .. } = self.parameters();
        let field = [tlv::encode(tag::OID, &PRIME_FIELD), tlv::integer(&p)];
        let curve = [tlv::encode(tag::OCTET_STRING, &a), tlv::encode(tag::OCTET_STRING, &b)];
        let [x, y] = generator;
        let pieces = [
            tlv::integer(&[1]),
            tlv::wrap(tag::SEQUENCE, &field),
            tlv::wrap(tag::SEQUENCE, &curve),
            tlv::wrap(tag::OCTET_STRING, &[&[4][..], &x, &y]),
            tlv::integer(&order),
            tlv::integer(&[1]),
        ];
        tlv::wrap(tag::SEQUENCE, &pieces)
    }

    /// Which curve written-out parameters describe. Seed and cofactor may be there or not; the generator may be compressed.
    fn from_explicit(sequence: Reader<'_>) -> Result<Option<Curve>, Error> {
        let mut reader = sequence;
        reader.expect(tag::INTEGER)?;
        let mut field = reader.expect(tag::SEQUENCE)?.inside();
        let field_type = field.expect(tag::OID)?.value;
        let Some(p) = field.next()?.filter(|p| field_type == PRIME_FIELD && p.tag == tag::INTEGER) else {
            return Ok(None);
        };
        let mut coefficients = reader.expect(tag::SEQUENCE)?.inside();
        let (a, b) = (coefficients.expect(tag::OCTET_STRING)?.value, coefficients.expect(tag::OCTET_STRING)?.value);
        coefficients.optional(tag::BIT_STRING)?;
        coefficients.finish()?;
        let base = reader.expect(tag::OCTET_STRING)?.value;
        let order = reader.expect(tag::INTEGER)?.value;
        let cofactor = reader.optional(tag::INTEGER)?;
        Ok(Curve::ALL.into_iter().find(|curve| {
            let known = curve.parameters();
            let [x, y] = known.generator;
            let base_fits = match base {
                [4, point @ ..] => point.split_at_checked(32) == Some((&x, &y)),
                [form @ (2 | 3), point @ ..] => point == x && form & 1 == y.last().unwrap_or(&0) & 1,
                _ => false,
            };
            let same = |written: &[u8], number: &[u8]| {
                written.iter().skip_while(|byte| **byte == 0).eq(number.iter().skip_while(|byte| **byte == 0))
            };
            base_fits
                && same(p.value, &known.p)
                && same(a, &known.a)
                && same(b, &known.b)
                && same(order, &known.order)
                && cofactor.is_none_or(|cofactor| cofactor.value == [1])
        }))
    }
}

/// A public key: a curve and an uncompressed point, 04 x y.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The curve.
    pub curve: Curve,
    /// The point, uncompressed.
    pub point: Vec<u8>,
}

impl PublicKey {
    /// SubjectPublicKeyInfo with written-out parameters.
    pub fn encode(&self) -> Vec<u8> {
        let algorithm = [tlv::encode(tag::OID, &EC_PUBLIC_KEY), self.curve.explicit()];
        let mut bits = alloc::vec![0];
        bits.extend_from_slice(&self.point);
        tlv::wrap(tag::SEQUENCE, &[tlv::wrap(tag::SEQUENCE, &algorithm), tlv::encode(tag::BIT_STRING, &bits)])
    }

    /// Reads a SubjectPublicKeyInfo with written-out or named parameters.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for another kind of key or curve, otherwise [`Error`] where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<PublicKey, Error> {
        let mut reader = tlv::only(bytes, tag::SEQUENCE)?.inside();
        let mut algorithm = reader.expect(tag::SEQUENCE)?.inside();
        if algorithm.expect(tag::OID)?.value != EC_PUBLIC_KEY {
            return Err(Error::Unsupported { what: "kind of public key" });
        }
        let parameters = algorithm.next()?.ok_or(Error::Value { what: "curve parameters" })?;
        let curve = match parameters.tag {
            tag::OID => Curve::ALL.into_iter().find(|curve| curve.parameters().oid == parameters.value),
            tag::SEQUENCE => Curve::from_explicit(parameters.inside())?,
            _ => None,
        };
        let curve = curve.ok_or(Error::Unsupported { what: "curve" })?;
        let bits = reader.expect(tag::BIT_STRING)?.value;
        reader.finish()?;
        match bits {
            [0, point @ ..] if point.len() == 2 * curve.coordinate_len() + 1 && point.first() == Some(&4) => {
                Ok(PublicKey { curve, point: point.to_vec() })
            }
            _ => Err(Error::Value { what: "public point" }),
        }
    }
}

/// The bytes of a literal of 64 hexadecimal digits.
const fn hex(text: &str) -> [u8; 32] {
    const fn digit(byte: u8) -> u8 {
        if byte <= b'9' { byte - b'0' } else { byte - b'A' + 10 }
    }
    let mut out = [0; 32];
    let mut at = 0;
    while at < 32 {
        out[at] = digit(text.as_bytes()[2 * at]) << 4 | digit(text.as_bytes()[2 * at + 1]);
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_out_parameters_are_recognised() {
        for curve in Curve::ALL {
            let key = PublicKey { curve, point: [&[4][..], &[7; 64]].concat() };
            assert_eq!(PublicKey::parse(&key.encode()), Ok(key));
            assert_eq!(Curve::from_parameter_id(u32::from(curve.parameter_id())), Some(curve));
        }
    }

    #[test]
    fn one_changed_parameter_is_another_curve() {
        let mut bytes = PublicKey { curve: Curve::P256, point: [&[4][..], &[7; 64]].concat() }.encode();
        // A byte inside the coefficient b.
        let at = bytes.windows(4).position(|w| w == [0x5A, 0xC6, 0x35, 0xD8]).unwrap();
        bytes[at + 5] ^= 1;
        assert_eq!(PublicKey::parse(&bytes), Err(Error::Unsupported { what: "curve" }));
    }

    #[test]
    fn named_parameters_are_read() {
        let named = [tlv::encode(tag::OID, &EC_PUBLIC_KEY), tlv::encode(tag::OID, Curve::P256.parameters().oid)];
        let bits = [&[0, 4][..], &[7; 64]].concat();
        let bytes = tlv::wrap(tag::SEQUENCE, &[tlv::wrap(tag::SEQUENCE, &named), tlv::encode(tag::BIT_STRING, &bits)]);
        assert_eq!(PublicKey::parse(&bytes).unwrap().curve, Curve::P256);
    }
}
