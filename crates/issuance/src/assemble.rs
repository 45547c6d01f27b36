//! The files, secrets and signature of one card.
//!
//! Standard: Doc 9303-10, 3 and 4. The order of drawing random bytes is fixed: access number, then the chip's key.
//! Start reading at [`assemble`].

use std::collections::BTreeMap;

use eac::{Entropy, Secret};
use lds::com::Com;
use lds::dg13::{self, Dg13};
use lds::image::Secrets;
use lds::mrz::{Sex, Td1};
use lds::security_info::{SecurityInfo, SecurityInfos};
use lds::{APPLICATION_ID, CardImage, Date, File, PublicKey, dg1, dg2, tlv};
use pki::{Certificate, Sign, Time, ef_sod};
use zeroize::Zeroizing;

use crate::{CardHolder, Error, Profile};

/// The document signer: its certificate, the time of signing, and the way to its key.
pub struct Signer<'a> {
    /// Certificate of the key that `sign` uses.
    pub certificate: &'a Certificate,
    /// When it signs.
    pub at: Time,
    /// Signs a digest.
    pub sign: Sign<'a>,
}

/// What the zone says where a card has no expiry. No official text was seen; cards in circulation show this date.
const NO_EXPIRY_IN_ZONE: Date = Date { year: 2099, month: 12, day: 31 };
/// What DG13 says where a card has no expiry.
const NO_EXPIRY: &str = "Không thời hạn";
/// Commands and answers of up to 4,096 bytes; selection by name, identifier and short identifier; chaining, extended length.
const ATR_INFO: [u8; 16] =
    [0x47, 0x03, 0x94, 0x01, 0xC0, 0x7F, 0x66, 0x08, 0x02, 0x02, 0x10, 0x00, 0x02, 0x02, 0x10, 0x00];

/// The machine-readable zone of a holder's card, as DG1 holds it and the back of the card shows it.
///
/// # Errors
/// [`Error::Holder`] where the data do not fit.
pub fn zone(holder: &CardHolder) -> Result<Td1, Error> {
    let expiry_in_zone = holder.expiry.unwrap_or(NO_EXPIRY_IN_ZONE);
    Td1::of_number(&holder.number, holder.birth, holder.sex, expiry_in_zone, &holder.full_name).map_err(Error::Holder)
}

/// Builds all files of a card, has EF.SOD signed, and draws access number and chip key.
///
/// # Errors
/// [`Error`] where the data do not fit or the signer refuses.
pub fn assemble(
    holder: &CardHolder,
    profile: &Profile,
    entropy: &mut dyn Entropy,
    signer: Signer<'_>,
) -> Result<CardImage, Error> {
    let can = access_number(entropy);
    let chip_key = Secret::generate(profile.chip_curve, entropy);
    let zone = zone(holder)?;
    let pace: Vec<SecurityInfo> =
        profile.pace.iter().map(|(cipher, curve)| SecurityInfo::Pace { cipher: *cipher, curve: *curve }).collect();
    let mut options = pace.clone();
    options.extend(
        profile.chip_ciphers.iter().map(|cipher| SecurityInfo::ChipAuthentication { cipher: *cipher, key_id: None }),
    );
    let key = PublicKey { curve: profile.chip_curve, point: chip_key.public().as_bytes().to_vec() };
    options.push(SecurityInfo::ChipAuthenticationPublicKey { key, key_id: None });

    let groups = [
        (File::Dg1, dg1::encode(&zone)),
        (File::Dg2, dg2::encode(&holder.face_jpeg, holder.sex).map_err(Error::Holder)?),
        (File::Dg13, details(holder).encode()),
        (File::Dg14, SecurityInfos(options).encode_dg14()),
    ];
    let hashed: Vec<(u8, &[u8])> =
        groups.iter().filter_map(|(file, bytes)| Some((file.data_group()?, bytes.as_slice()))).collect();
    let sod = ef_sod::make(&hashed, signer.certificate, signer.at, signer.sign).map_err(Error::Signature)?;

    let mut files = BTreeMap::from([
        (File::CardAccess, SecurityInfos(pace).encode()),
        (File::AtrInfo, ATR_INFO.to_vec()),
        (File::Dir, tlv::encode(0x61, &tlv::encode(0x4F, &APPLICATION_ID))),
        (File::Com, Com::of(&groups.each_ref().map(|(file, _)| *file)).encode()),
        (File::Sod, sod),
    ]);
    files.extend(groups);
    let secrets = Secrets {
        can: Zeroizing::new(can),
        mrz: Zeroizing::new(zone.information().map_err(Error::Holder)?),
        chip_curve: profile.chip_curve,
        chip_key: Zeroizing::new(chip_key.expose().to_vec()),
    };
    Ok(CardImage { files, secrets })
}

fn details(holder: &CardHolder) -> Dg13 {
    Dg13 {
        number: holder.number.clone(),
        full_name: holder.full_name.clone(),
        birth: dg13::date(holder.birth),
        sex: match holder.sex {
            Sex::Male => "Nam".to_owned(),
            Sex::Female => "Nữ".to_owned(),
            Sex::Unspecified => String::new(),
        },
        nationality: holder.nationality.clone(),
        ethnic: holder.ethnic.clone(),
        religion: holder.religion.clone(),
        home_town: holder.home_town.clone(),
        residence: holder.residence.clone(),
        features: holder.features.clone(),
        issue: dg13::date(holder.issue),
        expiry: holder.expiry.map_or_else(|| NO_EXPIRY.to_owned(), dg13::date),
        parents: holder.parents.clone(),
        old_number: holder.old_number.clone(),
    }
}

/// Six digits, each number as likely as any other.
fn access_number(entropy: &mut dyn Entropy) -> String {
    const NUMBERS: u32 = 1_000_000;
    loop {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        let drawn = u32::from_be_bytes(bytes);
        // Draws beyond the last whole multiple would favour small numbers.
        if drawn < u32::MAX / NUMBERS * NUMBERS {
            return format!("{:06}", drawn % NUMBERS);
        }
    }
}
