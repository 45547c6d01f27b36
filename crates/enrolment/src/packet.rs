//! The packet: signed by the kit, sealed to the centre, with a counter.
//!
//! Standards: HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) for the seal, Ed25519 (RFC 8032) for the signature.
//! Form: `VDPK`, version 1, kit id (16), counter (8), encapsulated key (32), length (4), ciphertext, signature (64) over all
//! before it. The signature is checked before anything is opened, and the header is bound into the seal.

use crate::{Application, Error};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use ids::KitId;

/// Bytes in a packet.
pub const BYTES_MAX: usize = 48 << 20;
const MAGIC: &[u8; 4] = b"VDPK";
const VERSION: u8 = 1;
const HEADER: usize = 4 + 1 + 16 + 8 + 32 + 4;
const SIGNATURE: usize = 64;

/// A kit's identity: its id and its Ed25519 secret.
pub struct Kit {
    /// Which kit.
    pub id: KitId,
    key: SigningKey,
}

impl Kit {
    /// The kit with these secret bytes.
    #[must_use]
    pub fn new(id: KitId, secret: &[u8; 32]) -> Kit {
        Kit { id, key: SigningKey::from_bytes(secret) }
    }

    /// The key by which the centre knows the kit.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
}

/// Who sent a packet, readable before it is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sender {
    /// The kit.
    pub kit: KitId,
    /// The kit's count of packets.
    pub counter: u64,
}

/// Random bytes as HPKE takes them.
struct Bytes<'a>(&'a mut dyn FnMut(&mut [u8]));

impl hpke::rand_core::TryRng for Bytes<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        (self.0)(bytes);
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Bytes<'_> {}

/// The centre's public key, which kits seal to, made from the centre's secret.
#[must_use]
pub fn centre_public(secret: &[u8; 32]) -> [u8; 32] {
    let (_, public) = X25519HkdfSha256::derive_keypair(secret);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(&public.to_bytes());
    bytes
}

/// Signs and seals an application. `random` fills buffers with random bytes.
pub fn seal(
    application: &Application,
    kit: &Kit,
    counter: u64,
    centre: &[u8; 32],
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, Error> {
    application.check()?;
    let clear = postcard::to_allocvec(application).unwrap_or_default();
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(centre).map_err(|_| Error::Sealed)?;
    let mut packet = Vec::with_capacity(HEADER + clear.len() + 16 + SIGNATURE);
    packet.extend_from_slice(MAGIC);
    packet.push(VERSION);
    packet.extend_from_slice(kit.id.bytes());
    packet.extend_from_slice(&counter.to_be_bytes());
    let (encapsulated, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        b"vandan packet",
        &clear,
        &packet,
        &mut Bytes(random),
    )
    .map_err(|_| Error::Sealed)?;
    packet.extend_from_slice(&encapsulated.to_bytes());
    packet.extend_from_slice(&(sealed.len() as u32).to_be_bytes());
    packet.extend_from_slice(&sealed);
    let signature = kit.key.sign(&packet);
    packet.extend_from_slice(&signature.to_bytes());
    if packet.len() > BYTES_MAX {
        return Err(Error::TooLarge { bytes: packet.len(), bytes_max: BYTES_MAX });
    }
    Ok(packet)
}

/// Who sent a packet; nothing is checked yet but the form.
pub fn sender(packet: &[u8]) -> Result<Sender, Error> {
    if packet.len() > BYTES_MAX {
        return Err(Error::TooLarge { bytes: packet.len(), bytes_max: BYTES_MAX });
    }
    let malformed = |offset, cause| Error::Malformed { offset, cause };
    if packet.len() < HEADER + SIGNATURE {
        return Err(malformed(packet.len(), "it ends too early"));
    }
    if &packet[..4] != MAGIC {
        return Err(malformed(0, "it is not a packet"));
    }
    if packet[4] != VERSION {
        return Err(malformed(4, "its version is not known"));
    }
    let length = u32::from_be_bytes([packet[61], packet[62], packet[63], packet[64]]) as usize;
    if HEADER + length + SIGNATURE != packet.len() {
        return Err(malformed(61, "its length is not the one it states"));
    }
    let kit = KitId::from_bytes(&packet[5..21]).ok_or(malformed(5, "no kit"))?;
    let mut counter = [0; 8];
    counter.copy_from_slice(&packet[21..29]);
    Ok(Sender { kit, counter: u64::from_be_bytes(counter) })
}

/// Checks the kit's signature, opens the seal, and checks the application.
pub fn open(packet: &[u8], kit_public: &[u8; 32], centre_secret: &[u8; 32]) -> Result<(Sender, Application), Error> {
    let sender = sender(packet)?;
    let (signed, signature) = packet.split_at(packet.len() - SIGNATURE);
    let key = VerifyingKey::from_bytes(kit_public).map_err(|_| Error::Signature)?;
    let signature = Signature::from_slice(signature).map_err(|_| Error::Signature)?;
    key.verify_strict(signed, &signature).map_err(|_| Error::Signature)?;
    let (secret, _) = X25519HkdfSha256::derive_keypair(centre_secret);
    let encapsulated =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&packet[29..61]).map_err(|_| Error::Sealed)?;
    let clear = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &encapsulated,
        b"vandan packet",
        &signed[HEADER..],
        &packet[..29],
    )
    .map_err(|_| Error::Sealed)?;
    let application: Application = match postcard::take_from_bytes(&clear) {
        Ok((application, [])) => application,
        _ => return Err(Error::Malformed { offset: HEADER, cause: "what is sealed is not an application" }),
    };
    application.check()?;
    Ok((sender, application))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Capture, Finger, MissingReason};
    use ids::{ApplicationId, Uuid};
    use proptest::prelude::*;
    use time::Instant;

    fn random() -> impl FnMut(&mut [u8]) {
        let mut state = 7u64;
        move |bytes: &mut [u8]| {
            for byte in bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 33) as u8;
            }
        }
    }

    fn example() -> (Application, Kit, Vec<u8>) {
        let application = Application {
            id: ApplicationId(Uuid([1; 16])),
            number: "001192000001".into(),
            enroller: None,
            captured: Instant(5),
            face: vec![1, 2, 3],
            fingers: vec![
                Finger { position: 1, capture: Capture::Image { file: vec![9; 100], dpi: 500 } },
                Finger { position: 2, capture: Capture::Missing(MissingReason::Bandaged) },
            ],
        };
        let kit = Kit::new(KitId(Uuid([2; 16])), &[3; 32]);
        let packet = seal(&application, &kit, 42, &centre_public(&[4; 32]), &mut random()).unwrap();
        (application, kit, packet)
    }

    #[test]
    fn a_packet_opens_for_its_centre_only() {
        let (application, kit, packet) = example();
        let (sender, opened) = open(&packet, &kit.public(), &[4; 32]).unwrap();
        assert_eq!((sender.kit, sender.counter), (kit.id, 42));
        assert!(opened == application);
        assert_eq!(open(&packet, &kit.public(), &[5; 32]), Err(Error::Sealed));
        assert_eq!(open(&packet, &Kit::new(kit.id, &[6; 32]).public(), &[4; 32]), Err(Error::Signature));
        assert!(!packet.windows(12).any(|window| window == b"001192000001"));
    }

    #[test]
    fn a_packet_altered_in_any_byte_is_refused() {
        let (_, kit, packet) = example();
        for at in 0..packet.len() {
            let mut altered = packet.clone();
            altered[at] ^= 1;
            assert!(open(&altered, &kit.public(), &[4; 32]).is_err(), "byte {at}");
        }
        for length in 0..packet.len() {
            assert!(open(&packet[..length], &kit.public(), &[4; 32]).is_err(), "length {length}");
        }
    }

    #[test]
    fn fingers_stand_once() {
        let (mut application, kit, _) = example();
        application.fingers.push(application.fingers[0].clone());
        let refused = seal(&application, &kit, 1, &centre_public(&[4; 32]), &mut random());
        assert_eq!(refused, Err(Error::Position(1)));
        application.fingers = vec![Finger { position: 0, capture: Capture::Missing(MissingReason::Worn) }];
        assert_eq!(application.check(), Err(Error::Position(0)));
        application.fingers.clear();
        assert_eq!(application.check(), Err(Error::NoFinger));
    }

    proptest! {
        #[test]
        fn any_bytes_are_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut packet = b"VDPK\x01".to_vec();
            packet.extend(bytes);
            let _ = open(&packet, &[1; 32], &[2; 32]);
        }
    }
}
