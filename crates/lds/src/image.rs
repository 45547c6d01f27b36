//! A card in a file: everything that personalisation writes into a chip.
//!
//! The format is this project's own: a line that names format and version, then one DER SEQUENCE of files, passwords and
//! the chip's key. It holds the chip's private key and the access number, so whoever keeps one keeps it as a secret.
//! Invariant: an image that was parsed and is written again has the same bytes.
//! Start reading at [`CardImage`].

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::tlv::{self, tag};
use crate::{Curve, Error, File};

/// The version that is written, and the only one so far.
pub const VERSION: u32 = 1;

const HEADING: &[u8] = b"vandan card ";

/// The content of a card.
#[derive(Clone)]
pub struct CardImage {
    /// Every file with its bytes.
    pub files: BTreeMap<File, Vec<u8>>,
    /// What opens the card.
    pub secrets: Secrets,
}

/// What the chip keeps to itself.
#[derive(Clone)]
pub struct Secrets {
    /// The card access number, printed on the card.
    pub can: Zeroizing<String>,
    /// The zone's information, as [`crate::mrz::information`] gives it.
    pub mrz: Zeroizing<String>,
    /// The curve of Chip Authentication.
    pub chip_curve: Curve,
    /// The private key of Chip Authentication: a scalar, big-endian.
    pub chip_key: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for CardImage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CardImage({} files)", self.files.len())
    }
}

impl CardImage {
    /// The bytes of the image.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let files: Vec<Vec<u8>> = self
            .files
            .iter()
            .map(|(file, bytes)| {
                let pieces = [tlv::integer(&file.id().to_be_bytes()), tlv::encode(tag::OCTET_STRING, bytes)];
                tlv::wrap(tag::SEQUENCE, &pieces)
            })
            .collect();
        let body = tlv::wrap(tag::SEQUENCE, &[&tlv::wrap(tag::SEQUENCE, &files), &*self.secrets.encode()]);
        let mut out = Zeroizing::new(HEADING.to_vec());
        out.extend_from_slice(VERSION.to_string().as_bytes());
        out.push(b'\n');
        out.extend_from_slice(&body);
        out
    }

    /// Reads an image.
    ///
    /// # Errors
    /// [`Error::ImageVersion`] for one of a later version, otherwise [`Error`] where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<CardImage, Error> {
        let no_image = Error::Value { what: "heading of the card image" };
        let rest = bytes.strip_prefix(HEADING).ok_or(no_image)?;
        let end = rest.iter().take(9).position(|byte| *byte == b'\n').ok_or(no_image)?;
        let (digits, body) = rest.split_at_checked(end).ok_or(no_image)?;
        let version = core::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).ok_or(no_image)?;
        if version != VERSION {
            return Err(Error::ImageVersion { found: version, known: VERSION });
        }
        let mut reader = tlv::only(body.get(1..).unwrap_or_default(), tag::SEQUENCE)?.inside();
        let mut list = reader.expect(tag::SEQUENCE)?.inside();
        let secrets = Secrets::parse(reader.expect(tag::SEQUENCE)?.bytes)?;
        reader.finish()?;
        let mut files = BTreeMap::new();
        while !list.is_empty() {
            let mut entry = list.expect(tag::SEQUENCE)?.inside();
            let id = tlv::small_integer(entry.expect(tag::INTEGER)?.value)?;
            let file =
                u16::try_from(id).ok().and_then(File::from_id).ok_or(Error::Value { what: "file identifier" })?;
            let content = entry.expect(tag::OCTET_STRING)?.value.to_vec();
            entry.finish()?;
            if files.insert(file, content).is_some() {
                return Err(Error::Value { what: "repeated file" });
            }
        }
        let image = CardImage { files, secrets };
        // Another order of the files, or another way to write the version, would read as the same card.
        if *image.encode() == bytes { Ok(image) } else { Err(Error::Value { what: "form of the card image" }) }
    }
}

impl Secrets {
    /// The secrets alone, as the chip stores them.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let key = Zeroizing::new(tlv::encode(tag::OCTET_STRING, &self.chip_key));
        let pieces = [
            &tlv::encode(tag::OCTET_STRING, self.can.as_bytes())[..],
            &tlv::encode(tag::OCTET_STRING, self.mrz.as_bytes()),
            &tlv::integer(&[self.chip_curve.parameter_id()]),
            &key,
        ];
        Zeroizing::new(tlv::wrap(tag::SEQUENCE, &pieces))
    }

    /// Reads the secrets as the chip stores them.
    ///
    /// # Errors
    /// [`Error`] where they are malformed.
    pub fn parse(bytes: &[u8]) -> Result<Secrets, Error> {
        let mut reader = tlv::only(bytes, tag::SEQUENCE)?.inside();
        let mut text = |what| -> Result<Zeroizing<String>, Error> {
            let value = reader.expect(tag::OCTET_STRING)?.value;
            Ok(Zeroizing::new(core::str::from_utf8(value).map_err(|_| Error::Value { what })?.to_string()))
        };
        let (can, mrz) = (text("access number")?, text("information of the zone")?);
        let curve = Curve::from_parameter_id(tlv::small_integer(reader.expect(tag::INTEGER)?.value)?);
        let key = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        let chip_curve = curve.ok_or(Error::Unsupported { what: "curve" })?;
        if key.len() != chip_curve.coordinate_len() {
            return Err(Error::Value { what: "key of the chip" });
        }
        Ok(Secrets { can, mrz, chip_curve, chip_key: Zeroizing::new(key.to_vec()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn image() -> CardImage {
        CardImage {
            files: BTreeMap::from([(File::CardAccess, alloc::vec![0x31, 0]), (File::Dg2, alloc::vec![0x75; 300])]),
            secrets: Secrets {
                can: Zeroizing::new("123456".into()),
                mrz: Zeroizing::new("0990000176990101839010160".into()),
                chip_curve: Curve::BrainpoolP256r1,
                chip_key: Zeroizing::new(alloc::vec![7; 32]),
            },
        }
    }

    #[test]
    fn round_trip() {
        let bytes = image().encode();
        assert!(bytes.starts_with(b"vandan card 1\n"));
        assert_eq!(CardImage::parse(&bytes).unwrap().encode(), bytes);
    }

    #[test]
    fn a_later_version_is_named() {
        assert_eq!(CardImage::parse(b"vandan card 2\n").err(), Some(Error::ImageVersion { found: 2, known: 1 }));
    }

    #[test]
    fn another_order_of_the_files_and_another_version_text_are_refused() {
        let bytes = image().encode().to_vec();
        let entry = |file: &[u8]| bytes.windows(file.len()).position(|window| window == file).unwrap();
        let first = [0x30, 0x08, 0x02, 0x02, 0x01, 0x1C, 0x04, 0x02, 0x31, 0x00];
        let (begin, end) =
            (entry(&first), bytes.windows(4).position(|window| window == [0x30, 0x48, 0x04, 0x06]).unwrap());
        let mut turned = bytes.clone();
        turned[begin..end].rotate_left(first.len());
        assert_eq!(CardImage::parse(&turned).err(), Some(Error::Value { what: "form of the card image" }));
        let plus = [b"vandan card +1".as_slice(), &bytes[13..]].concat();
        assert_eq!(CardImage::parse(&plus).err(), Some(Error::Value { what: "form of the card image" }));
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_read_or_refused(at: proptest::sample::Index, value: u8) {
            let mut bytes = image().encode();
            let at = at.index(bytes.len());
            bytes[at] = value;
            let _ = CardImage::parse(&bytes);
        }
    }
}
