//! The client data: what the browser says of the page that asked.

use crate::{Error, Site};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use subtle::ConstantTimeEq;

/// What browsers send has some 150 bytes; a few may come to it.
const CLIENT_DATA_BYTES_MAX: usize = 2_048;

/// Registration or sign-in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ceremony {
    /// A passkey is made.
    Create,
    /// A passkey is used.
    Get,
}

/// The client data, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientData {
    bytes: Vec<u8>,
    kind: String,
    challenge: Vec<u8>,
    origin: String,
    framed: bool,
}

/// The members that are looked at; others may come at any time (section 5.8.1).
#[derive(Deserialize)]
struct Members {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
}

impl ClientData {
    /// Reads what the browser sent.
    pub fn parse(bytes: &[u8]) -> Result<ClientData, Error> {
        let malformed = Error::Malformed("client data");
        if bytes.len() > CLIENT_DATA_BYTES_MAX {
            return Err(malformed);
        }
        let members: Members = serde_json::from_slice(bytes).map_err(|_| malformed)?;
        Ok(ClientData {
            bytes: bytes.to_vec(),
            kind: members.kind,
            challenge: URL_SAFE_NO_PAD.decode(members.challenge).map_err(|_| malformed)?,
            origin: members.origin,
            framed: members.cross_origin || members.top_origin.is_some(),
        })
    }

    /// The challenge that was signed.
    #[must_use]
    pub fn challenge(&self) -> &[u8] {
        &self.challenge
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn check(&self, ceremony: Ceremony, site: &Site) -> Result<(), Error> {
        let kind = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        if self.kind != kind {
            return Err(Error::Ceremony);
        }
        let own = bool::from(self.origin.as_bytes().ct_eq(site.origin().as_bytes()));
        if own && !self.framed { Ok(()) } else { Err(Error::Origin) }
    }
}
