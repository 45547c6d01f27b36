//! DG1: the machine readable zone, byte for byte.
//!
//! Standard: Doc 9303-10, 4.7.1.

use alloc::vec::Vec;

use crate::mrz::Td1;
use crate::{Error, tlv};

/// The bytes of DG1.
pub fn encode(mrz: &Td1) -> Vec<u8> {
    tlv::encode(0x61, &tlv::encode(0x5F1F, mrz.encode().as_bytes()))
}

/// Reads DG1. Only the TD1 form is known here.
///
/// # Errors
/// [`Error`] where it is malformed or the zone is not one of TD1.
pub fn parse(bytes: &[u8]) -> Result<Td1, Error> {
    let mut reader = tlv::only(bytes, 0x61)?.inside();
    let zone = reader.expect(0x5F1F)?.value;
    reader.finish()?;
    Td1::parse(core::str::from_utf8(zone).map_err(|_| Error::Mrz { what: "character" })?)
}
