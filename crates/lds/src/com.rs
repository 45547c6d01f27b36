//! EF.COM: the version of the structure and the list of data groups.
//!
//! Standard: Doc 9303-10, 4.6.1. EF.COM is not signed: the list in EF.SOD decides, this one only helps old readers.
//! Start reading at [`Com::parse`].

use alloc::vec::Vec;

use crate::tlv::{self, Reader};
use crate::{Error, File};

/// The contents of EF.COM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Com {
    /// LDS version, as in `0107`.
    pub lds_version: [u8; 4],
    /// Unicode version, as in `040000`.
    pub unicode_version: [u8; 6],
    /// Tags of the data groups present, in order.
    pub tags: Vec<u8>,
}

impl Com {
    /// LDS version 1.7, Unicode 4.0.0, and these files.
    pub fn of(files: &[File]) -> Com {
        let tags = files.iter().filter(|file| file.data_group().is_some()).filter_map(|file| file.tag());
        Com { lds_version: *b"0107", unicode_version: *b"040000", tags: tags.map(|tag| tag as u8).collect() }
    }

    /// The data groups listed that this system knows.
    pub fn files(&self) -> impl Iterator<Item = File> + '_ {
        File::ALL.into_iter().filter(|file| {
            file.data_group().is_some() && file.tag().is_some_and(|tag| self.tags.iter().any(|t| u32::from(*t) == tag))
        })
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        let pieces = [
            tlv::encode(0x5F01, &self.lds_version),
            tlv::encode(0x5F36, &self.unicode_version),
            tlv::encode(0x5C, &self.tags),
        ];
        tlv::wrap(0x60, &pieces)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`Error`] where it is malformed.
    pub fn parse(bytes: &[u8]) -> Result<Com, Error> {
        let mut reader: Reader<'_> = tlv::only(bytes, 0x60)?.inside();
        let version = reader.expect(0x5F01)?.value.try_into();
        let unicode = reader.expect(0x5F36)?.value.try_into();
        let tags = reader.expect(0x5C)?.value.to_vec();
        reader.finish()?;
        Ok(Com {
            lds_version: version.map_err(|_| Error::Value { what: "LDS version" })?,
            unicode_version: unicode.map_err(|_| Error::Value { what: "Unicode version" })?,
            tags,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let com = Com::of(&[File::Dg1, File::Dg2, File::Dg13, File::Dg14]);
        assert_eq!(com.tags, [0x61, 0x75, 0x6D, 0x6E]);
        assert_eq!(Com::parse(&com.encode()), Ok(com.clone()));
        assert_eq!(com.files().count(), 4);
        // The beginning of the worked example in Doc 9303-11, appendix D.4.
        assert!(Com::parse(&[0x60, 0x14, 0x5F, 0x01]).is_err());
    }
}
