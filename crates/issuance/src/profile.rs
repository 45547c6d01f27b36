//! What a card offers to terminals.

use lds::Curve;
use lds::security_info::Cipher;

/// The protocols of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Variants of PACE in EF.CardAccess. No two may have the same cipher, so that a terminal which does not name the
    /// curve is understood all the same.
    pub pace: Vec<(Cipher, Curve)>,
    /// Curve of the key of Chip Authentication.
    pub chip_curve: Curve,
    /// Ciphers of Chip Authentication.
    pub chip_ciphers: Vec<Cipher>,
}

impl Default for Profile {
    /// AES-256 on P-256, and for older readers AES-128 on brainpoolP256r1.
    fn default() -> Profile {
        Profile {
            pace: vec![(Cipher::Aes256, Curve::P256), (Cipher::Aes128, Curve::BrainpoolP256r1)],
            chip_curve: Curve::P256,
            chip_ciphers: vec![Cipher::Aes256, Cipher::Aes128],
        }
    }
}
