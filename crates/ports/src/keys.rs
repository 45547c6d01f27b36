//! The installation's secret keys: a file for the demo, a hardware module nationally. Keys stay behind the port.

use crate::Fault;
use ledger::{Checkpoint, VerifyingKey};

/// What the keys are asked to do.
pub trait Keys: Send + Sync {
    /// Wraps a data key under the master key; `nonce` is random and never used twice.
    fn wrap(&self, key: &[u8; 32], context: &[u8], nonce: [u8; 24]) -> Vec<u8>;
    /// Opens a wrapped data key.
    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<[u8; 32], Fault>;
    /// HMAC-SHA-256 under a key of its own for each label: search tokens, number permutation, session tokens.
    fn mac(&self, label: &str, data: &[u8]) -> [u8; 32];
    /// Signs a checkpoint of the ledger.
    fn sign(&self, checkpoint: &Checkpoint) -> String;
    /// The key that checks the ledger's checkpoints.
    fn verifying(&self) -> VerifyingKey;
    /// The centre's secret for opening kits' packets (32 bytes of key material).
    fn packet_secret(&self) -> [u8; 32];
}
