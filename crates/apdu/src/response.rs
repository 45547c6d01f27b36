//! The response APDU: data and two status bytes.
//!
//! Standard: ISO/IEC 7816-4:2020, 5.1 and 5.6.
//! Start reading at [`Response::parse`].

use alloc::vec::Vec;

use crate::{Error, Status};

/// The card's answer to one command.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Response data, possibly empty.
    pub data: Vec<u8>,
    /// SW1 and SW2.
    pub status: Status,
}

impl core::fmt::Debug for Response {
    /// The data stay out: they may be personal.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Response({} bytes, {})", self.data.len(), self.status)
    }
}

impl Response {
    /// A successful answer with `data`.
    pub fn ok(data: impl Into<Vec<u8>>) -> Response {
        Response { data: data.into(), status: Status::OK }
    }

    /// Reads an answer: everything but the last two bytes is data.
    ///
    /// # Errors
    /// [`Error::TooShort`] with fewer than two bytes.
    pub fn parse(bytes: &[u8]) -> Result<Response, Error> {
        let (data, sw) = bytes.split_last_chunk::<2>().ok_or(Error::TooShort { len: bytes.len() })?;
        Ok(Response { data: data.to_vec(), status: Status(u16::from_be_bytes(*sw)) })
    }

    /// The bytes of this answer.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data.len() + 2);
        out.extend_from_slice(&self.data);
        out.extend_from_slice(&self.status.0.to_be_bytes());
        out
    }
}

impl From<Status> for Response {
    fn from(status: Status) -> Response {
        Response { data: Vec::new(), status }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_the_last_two_bytes() {
        let response = Response::parse(&[1, 2, 0x90, 0]).unwrap();
        assert_eq!(response, Response::ok([1, 2]));
        assert_eq!(response.encode(), [1, 2, 0x90, 0]);
        assert_eq!(Response::parse(&[0x90]), Err(Error::TooShort { len: 1 }));
    }
}
