//! Dynamic authentication data: the template 7C with one data object, or none.
//!
//! Standard: Doc 9303-11, 4.4.4.2 (table 4) and 6.2.4.3; ISO/IEC 7816-4, 11.5.3.

use alloc::vec::Vec;
use lds::tlv;

use crate::Error;

const TEMPLATE: u32 = 0x7C;

/// The template around one data object.
pub(crate) fn wrap(tag: u32, value: &[u8]) -> Vec<u8> {
    tlv::encode(TEMPLATE, &tlv::encode(tag, value))
}

/// The empty template.
pub(crate) fn empty() -> Vec<u8> {
    tlv::encode(TEMPLATE, &[])
}

/// The value of the one data object, which must have this tag.
pub(crate) fn unwrap(data: &[u8], tag: u32) -> Result<&[u8], Error> {
    Ok(tlv::only(tlv::only(data, TEMPLATE)?.value, tag)?.value)
}

/// Whether the template is there and empty.
pub(crate) fn is_empty(data: &[u8]) -> bool {
    tlv::only(data, TEMPLATE).is_ok_and(|template| template.value.is_empty())
}
