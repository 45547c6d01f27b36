//! Sealing: XChaCha20-Poly1305 under a data key, bound to what the bytes are and whose they are.
//!
//! Standard: RFC 8439 with the extended nonce of draft-irtf-cfrg-xchacha. Form: nonce (24 bytes), ciphertext, tag (16).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ports::Fault;

/// Seals bytes; `context` must be given again to open them.
#[must_use]
pub fn seal(key: &[u8; 32], context: &[u8], nonce: [u8; 24], clear: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(24 + clear.len() + 16);
    sealed.extend_from_slice(&nonce);
    let body = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(nonce), Payload { msg: clear, aad: context });
    sealed.extend(body.unwrap_or_else(|_| unreachable!("bodies are far below the cipher's 256 GiB")));
    sealed
}

/// Opens sealed bytes; damaged, swapped or wrongly addressed ones are refused.
pub fn open(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Fault> {
    let damaged = || Fault::Damaged { what: "sealed body".into(), cause: "does not open under its key".into() };
    let (nonce, body) = sealed.split_at_checked(24).ok_or_else(damaged)?;
    let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
    XChaCha20Poly1305::new(key.into()).decrypt(&nonce, Payload { msg: body, aad: context }).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_context_only() {
        let sealed = seal(&[1; 32], b"person 1", [2; 24], b"body");
        assert_eq!(open(&[1; 32], b"person 1", &sealed), Ok(b"body".to_vec()));
        assert!(open(&[2; 32], b"person 1", &sealed).is_err());
        assert!(open(&[1; 32], b"person 2", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&[1; 32], b"person 1", &changed).is_err(), "byte {at}");
        }
        assert!(open(&[1; 32], b"person 1", &sealed[..30]).is_err());
    }
}
