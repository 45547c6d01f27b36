//! How the gallery's files are sealed: XChaCha20-Poly1305 in numbered pieces.
//!
//! Standard: RFC 8439 with the extended nonce. The nonce of a piece is the file's 16 random bytes and the piece's number (8 bytes,
//! little-endian), so pieces cannot be left out, exchanged or taken from another file.
//! Start reading at [`Sealed`].

use chacha20poly1305::aead::{Aead, AeadInOut, KeyInit, Payload};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};

/// What a piece is longer by when it is sealed.
pub(super) const TAG_BYTES: usize = 16;

/// The key of a gallery.
pub(super) struct Sealed(XChaCha20Poly1305);

impl Sealed {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    pub(super) fn seal(&self, context: &[u8], file: &[u8; 16], piece: u64, clear: &[u8]) -> Vec<u8> {
        let sealed = self.0.encrypt(&nonce(file, piece), Payload { msg: clear, aad: context });
        sealed.unwrap_or_else(|_| unreachable!("pieces are far below the cipher's 256 GiB"))
    }

    pub(super) fn open(&self, context: &[u8], file: &[u8; 16], piece: u64, sealed: &[u8]) -> Option<Vec<u8>> {
        self.0.decrypt(&nonce(file, piece), Payload { msg: sealed, aad: context }).ok()
    }

    /// Opens a piece where it lies; its clear bytes are the first so many.
    pub(super) fn open_in_place(
        &self,
        context: &[u8],
        file: &[u8; 16],
        piece: u64,
        sealed: &mut [u8],
    ) -> Option<usize> {
        let (body, tag) = sealed.split_last_chunk_mut::<TAG_BYTES>()?;
        let length = body.len();
        self.0.decrypt_inout_detached(&nonce(file, piece), context, body.into(), &Tag::from(*tag)).ok()?;
        Some(length)
    }
}

fn nonce(file: &[u8; 16], piece: u64) -> XNonce {
    let mut nonce = [0; 24];
    nonce[..16].copy_from_slice(file);
    nonce[16..].copy_from_slice(&piece.to_le_bytes());
    XNonce::from(nonce)
}
