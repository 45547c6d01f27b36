//! What a card says about its holder.

use lds::Date;
use lds::mrz::Sex;

/// The facts of an approved application, as the card shows them. Texts are in composed form (NFC); absent ones empty.
#[derive(Clone, PartialEq, Eq)]
pub struct CardHolder {
    /// The twelve-digit personal number.
    pub number: String,
    /// Full name, family name first.
    pub full_name: String,
    /// Birth.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// Nationality in Vietnamese.
    pub nationality: String,
    /// Ethnic group.
    pub ethnic: String,
    /// Religion.
    pub religion: String,
    /// Home town (quê quán).
    pub home_town: String,
    /// Residence (nơi thường trú).
    pub residence: String,
    /// Identifying features (đặc điểm nhận dạng).
    pub features: String,
    /// Day of issue.
    pub issue: Date,
    /// Last day of validity; none for a card without expiry.
    pub expiry: Option<Date>,
    /// Names of father and mother.
    pub parents: [String; 2],
    /// The old nine-digit number.
    pub old_number: String,
    /// The face as a JPEG.
    pub face_jpeg: Vec<u8>,
}

impl core::fmt::Debug for CardHolder {
    /// Everything in it is personal data.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardHolder(…)")
    }
}
