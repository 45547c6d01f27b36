//! AES in the three key lengths: CBC without padding, one block alone, and CMAC cut to eight bytes.
//!
//! Standard: FIPS 197, NIST SP 800-38A (CBC) and 800-38B (CMAC); ISO/IEC 9797-1 padding method 2.

use aes::cipher::{Array, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use alloc::vec::Vec;
use cmac::{Cmac, Mac};
use lds::security_info::Cipher;

/// Bytes of a block.
pub(crate) const BLOCK: usize = 16;

/// Runs the same expression with the cipher of the right key length. The key was cut to length by [`crate::Keys`]; a key
/// of another length is a programming mistake.
macro_rules! with_cipher {
    ($cipher:expr, $key:expr, $type:ident => $body:expr) => {
        match $cipher {
            Cipher::Aes128 => {
                type $type = Aes128;
                $body
            }
            Cipher::Aes192 => {
                type $type = Aes192;
                $body
            }
            Cipher::Aes256 => {
                type $type = Aes256;
                $body
            }
        }
    };
}

const KEY_LENGTH: &str = "a key has the length of its cipher";

/// Encrypts whole blocks in place.
pub(crate) fn cbc_encrypt(cipher: Cipher, key: &[u8], iv: [u8; BLOCK], data: &mut [u8]) {
    let (blocks, rest) = Array::slice_as_chunks_mut(data);
    assert!(rest.is_empty(), "padded data are whole blocks");
    with_cipher!(cipher, key, C => {
        let inner = <C as KeyInit>::new_from_slice(key).expect(KEY_LENGTH);
        cbc::Encryptor::<C>::inner_iv_init(inner, &iv.into()).encrypt_blocks(blocks);
    });
}

/// Decrypts whole blocks in place; false where the data are not whole blocks.
pub(crate) fn cbc_decrypt(cipher: Cipher, key: &[u8], iv: [u8; BLOCK], data: &mut [u8]) -> bool {
    let (blocks, rest) = Array::slice_as_chunks_mut(data);
    if !rest.is_empty() {
        return false;
    }
    with_cipher!(cipher, key, C => {
        let inner = <C as KeyInit>::new_from_slice(key).expect(KEY_LENGTH);
        cbc::Decryptor::<C>::inner_iv_init(inner, &iv.into()).decrypt_blocks(blocks);
    });
    true
}

/// Encrypts one block.
pub(crate) fn encrypt_block(cipher: Cipher, key: &[u8], block: [u8; BLOCK]) -> [u8; BLOCK] {
    let mut block = Array::from(block);
    with_cipher!(cipher, key, C => <C as KeyInit>::new_from_slice(key).expect(KEY_LENGTH).encrypt_block(&mut block));
    block.into()
}

/// The first eight bytes of the CMAC.
pub(crate) fn cmac(cipher: Cipher, key: &[u8], data: &[u8]) -> [u8; 8] {
    let full: [u8; BLOCK] = with_cipher!(cipher, key, C => {
        let mut mac = <Cmac<C> as KeyInit>::new_from_slice(key).expect(KEY_LENGTH);
        mac.update(data);
        mac.finalize().into_bytes().into()
    });
    let [a, b, c, d, e, f, g, h, ..] = full;
    [a, b, c, d, e, f, g, h]
}

/// Padding method 2: a byte 80, then zeros to the end of the block.
pub(crate) fn pad(data: &mut Vec<u8>) {
    data.push(0x80);
    data.resize(data.len().next_multiple_of(BLOCK), 0);
}

/// Takes the padding off; none where there is no valid padding.
pub(crate) fn unpad(data: &mut Vec<u8>) -> Option<()> {
    let at = data.iter().rposition(|byte| *byte != 0)?;
    (data.get(at) == Some(&0x80) && data.len() - at <= BLOCK).then(|| data.truncate(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_comes_off_as_it_went_on() {
        for len in 0..40 {
            let mut data = alloc::vec![0x80u8; len];
            pad(&mut data);
            assert!(data.len() % BLOCK == 0 && data.len() > len);
            unpad(&mut data).unwrap();
            assert_eq!(data, alloc::vec![0x80u8; len]);
        }
        assert!(unpad(&mut alloc::vec![0; 16]).is_none());
        assert!(unpad(&mut [&[0x80][..], &[0; 31]].concat()).is_none());
    }

    #[test]
    fn cbc_round_trip_with_every_key_length() {
        for cipher in Cipher::ALL {
            let key = alloc::vec![7; cipher.key_len()];
            let mut data = alloc::vec![1; 48];
            cbc_encrypt(cipher, &key, [3; 16], &mut data);
            assert_ne!(data, [1; 48]);
            assert!(cbc_decrypt(cipher, &key, [3; 16], &mut data));
            assert_eq!(data, [1; 48]);
            assert!(!cbc_decrypt(cipher, &key, [3; 16], &mut data[1..]));
        }
    }

    #[test]
    fn cmac_of_sp_800_38b() {
        // Example 2 of the AES-128 CMAC examples: the empty message's and the one-block message's first bytes.
        let key: [u8; 16] = 0x2B7E1516_28AED2A6_ABF71588_09CF4F3C_u128.to_be_bytes();
        assert_eq!(cmac(Cipher::Aes128, &key, &[]), 0xBB1D6929_E9593728_u64.to_be_bytes());
        let block = 0x6BC1BEE2_2E409F96_E93D7E11_7393172A_u128.to_be_bytes();
        assert_eq!(cmac(Cipher::Aes128, &key, &block), 0x070A16B4_6B4D4144_u64.to_be_bytes());
    }
}
