//! The elementary files of the eMRTD application and of the master file.
//!
//! Standard: Doc 9303-10, 3.9 to 3.11 and table 39 (file identifiers, short identifiers, tags).

/// The identifier of the eMRTD application (Doc 9303-10, 3.6.1).
pub const APPLICATION_ID: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];

/// An elementary file of a travel document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// EF.CardAccess, in the master file: how to open the card.
    CardAccess,
    /// EF.ATR/INFO, in the master file: what the card can do, its buffer sizes among others.
    AtrInfo,
    /// EF.DIR, in the master file: the applications on the card.
    Dir,
    /// EF.COM: version and data groups present.
    Com,
    /// EF.SOD: signed hashes of the data groups.
    Sod,
    /// DG1: the machine readable zone.
    Dg1,
    /// DG2: the face.
    Dg2,
    /// DG3: fingers; needs access rights that are not done here.
    Dg3,
    /// DG4: irises; likewise.
    Dg4,
    /// DG5: displayed portrait.
    Dg5,
    /// DG6: reserved.
    Dg6,
    /// DG7: displayed signature.
    Dg7,
    /// DG8: data features.
    Dg8,
    /// DG9: structure features.
    Dg9,
    /// DG10: substance features.
    Dg10,
    /// DG11: additional personal details.
    Dg11,
    /// DG12: additional document details.
    Dg12,
    /// DG13: optional details, national layout.
    Dg13,
    /// DG14: security options, the chip's public key among them.
    Dg14,
    /// DG15: key of Active Authentication.
    Dg15,
    /// DG16: persons to notify.
    Dg16,
}

/// Tags of the data groups, DG1 first.
const GROUP_TAGS: [u32; 16] =
    [0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70];
const GROUP_NAMES: [&str; 16] = [
    "DG1", "DG2", "DG3", "DG4", "DG5", "DG6", "DG7", "DG8", "DG9", "DG10", "DG11", "DG12", "DG13", "DG14", "DG15",
    "DG16",
];

impl File {
    /// Every file, in the order in which a terminal meets them.
    pub const ALL: [File; 21] = [
        File::CardAccess,
        File::AtrInfo,
        File::Dir,
        File::Com,
        File::Sod,
        File::Dg1,
        File::Dg2,
        File::Dg3,
        File::Dg4,
        File::Dg5,
        File::Dg6,
        File::Dg7,
        File::Dg8,
        File::Dg9,
        File::Dg10,
        File::Dg11,
        File::Dg12,
        File::Dg13,
        File::Dg14,
        File::Dg15,
        File::Dg16,
    ];

    /// The two-byte file identifier.
    pub fn id(self) -> u16 {
        match self {
            File::CardAccess => 0x011C,
            File::AtrInfo => 0x2F01,
            File::Dir => 0x2F00,
            File::Com => 0x011E,
            File::Sod => 0x011D,
            group => 0x0100 | u16::from(group.data_group().unwrap_or(0)),
        }
    }

    /// The short identifier, unique within the file's own directory.
    pub fn short_id(self) -> u8 {
        match self {
            File::AtrInfo => 0x01,
            File::Dir => 0x1E,
            other => (other.id() & 0x1F) as u8,
        }
    }

    /// The tag of the file's one data object. EF.CardAccess is a SET; EF.ATR/INFO and EF.DIR are lists and have none.
    pub fn tag(self) -> Option<u32> {
        match self {
            File::AtrInfo | File::Dir => None,
            File::CardAccess => Some(0x31),
            File::Com => Some(0x60),
            File::Sod => Some(0x77),
            group => GROUP_TAGS.get(usize::from(group.data_group()?) - 1).copied(),
        }
    }

    /// The number of a data group.
    pub fn data_group(self) -> Option<u8> {
        (self >= File::Dg1).then(|| self as u8 - File::Dg1 as u8 + 1)
    }

    /// The data group with this number.
    pub fn from_data_group(number: u32) -> Option<File> {
        File::ALL.into_iter().find(|file| file.data_group().is_some_and(|group| u32::from(group) == number))
    }

    /// Whether the file belongs to the master file, where it may be read before PACE.
    pub fn is_in_master_file(self) -> bool {
        matches!(self, File::CardAccess | File::AtrInfo | File::Dir)
    }

    /// The name that the standard uses.
    pub fn name(self) -> &'static str {
        match self {
            File::CardAccess => "EF.CardAccess",
            File::AtrInfo => "EF.ATR/INFO",
            File::Dir => "EF.DIR",
            File::Com => "EF.COM",
            File::Sod => "EF.SOD",
            group => GROUP_NAMES.get(usize::from(group.data_group().unwrap_or(1)) - 1).copied().unwrap_or_default(),
        }
    }

    /// The file with this identifier.
    pub fn from_id(id: u16) -> Option<File> {
        File::ALL.into_iter().find(|file| file.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_short_identifiers_are_unique_in_their_directory() {
        for a in File::ALL {
            assert_eq!(File::from_id(a.id()), Some(a));
            for b in File::ALL {
                let same_place = a.is_in_master_file() == b.is_in_master_file();
                assert!(a == b || a.id() != b.id() && !(same_place && a.short_id() == b.short_id()), "{a:?} {b:?}");
            }
        }
    }
}
