//! Personalisation: files and secrets are written, then one record makes them valid, all or nothing.
//!
//! The commit record holds the list of slots and a SHA-256 over their contents. It is written last. A power cut before
//! it leaves a blank card, which can be personalised again; a torn record does not fit its hash and is none. Afterwards
//! nothing that it covers is ever written again.
//! Start reading at [`personalise`].

use alloc::vec::Vec;
use eac::{Password, Secret};
use lds::File;
use lds::image::Secrets;
use lds::security_info::{Cipher, SecurityInfos};
use lds::tlv::{self, tag};
use sha2::{Digest, Sha256};

use crate::storage::{Slot, Storage};
use crate::{CardImage, Error};

/// Writes an image into a blank card and locks it.
///
/// # Errors
/// [`Error::Locked`] on a personalised card, [`Error::Memory`] where a write failed; the card is then still blank.
pub fn personalise(storage: &mut dyn Storage, image: &CardImage) -> Result<(), Error> {
    if Content::load(storage).is_some() {
        return Err(Error::Locked);
    }
    let mut slots = Vec::new();
    for (file, bytes) in &image.files {
        storage.write(Slot(file.id()), bytes)?;
        slots.push(Slot(file.id()));
    }
    storage.write(Slot::SECRETS, &image.secrets.encode())?;
    slots.push(Slot::SECRETS);
    let list: Vec<u8> = slots.iter().flat_map(|slot| slot.0.to_be_bytes()).collect();
    let hash = hash(storage, &slots).ok_or(crate::WriteFailed)?;
    let record = [tlv::encode(tag::OCTET_STRING, &list), tlv::encode(tag::OCTET_STRING, &hash)];
    storage.write(Slot::COMMIT, &tlv::wrap(tag::SEQUENCE, &record))?;
    Ok(())
}

/// What a personalised card knows about itself after power-on.
pub(crate) struct Content {
    /// Files present.
    pub(crate) files: Vec<File>,
    /// Passwords.
    secrets: Secrets,
    /// The private key of Chip Authentication.
    pub(crate) chip_key: Secret,
    /// Variants of PACE, from EF.CardAccess.
    pub(crate) card_access: SecurityInfos,
    /// Ciphers of Chip Authentication, from DG14.
    pub(crate) chip_authentication: Vec<Cipher>,
}

impl Content {
    /// The content, if the commit record is there and fits.
    pub(crate) fn load(storage: &dyn Storage) -> Option<Content> {
        let mut record = tlv::only(storage.read(Slot::COMMIT)?, tag::SEQUENCE).ok()?.inside();
        let list = record.expect(tag::OCTET_STRING).ok()?.value;
        let expected = record.expect(tag::OCTET_STRING).ok()?.value;
        record.finish().ok()?;
        let slots: Vec<Slot> = list.as_chunks::<2>().0.iter().map(|bytes| Slot(u16::from_be_bytes(*bytes))).collect();
        if hash(storage, &slots)? != expected {
            return None;
        }
        let file = |file: File| storage.read(Slot(file.id())).filter(|_| slots.contains(&Slot(file.id())));
        let dg14 = file(File::Dg14).and_then(|bytes| SecurityInfos::parse_dg14(bytes).ok()).unwrap_or_default();
        let secrets = Secrets::parse(storage.read(Slot::SECRETS)?).ok()?;
        Some(Content {
            files: File::ALL.into_iter().filter(|file| slots.contains(&Slot(file.id()))).collect(),
            chip_key: Secret::from_bytes(secrets.chip_curve, &secrets.chip_key)?,
            secrets,
            card_access: SecurityInfos::parse(file(File::CardAccess)?).ok()?,
            chip_authentication: dg14.chip_authentication_ciphers().collect(),
        })
    }
}

impl Content {
    /// The password with this reference of MSE:SET AT.
    pub(crate) fn password(&self, reference: u8) -> Option<Password> {
        match reference {
            1 => Some(Password::mrz(&self.secrets.mrz)),
            2 => Some(Password::can(&self.secrets.can)),
            _ => None,
        }
    }
}

fn hash(storage: &dyn Storage, slots: &[Slot]) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    for slot in slots {
        let bytes = storage.read(*slot)?;
        hash.update(slot.0.to_be_bytes());
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    Some(hash.finalize().into())
}
