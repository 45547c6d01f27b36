//! The elementary files of the eMRTD application and of the master file.
//!
//! Standard: Doc 9303-10, 3.9 to 3.11 and table 39 (file identifiers, short identifiers, tags).

/// The identifier of the eMRTD application (Doc 9303-10, 3.6.1).
pub const APPLICATION_ID: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];

/// An elementary file that this card knows.
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
    /// DG13: optional details, national layout.
    Dg13,
    /// DG14: security options, the chip's public key among them.
    Dg14,
}

impl File {
    /// Every file, in the order in which a terminal meets them.
    pub const ALL: [File; 9] = [
        File::CardAccess,
        File::AtrInfo,
        File::Dir,
        File::Com,
        File::Sod,
        File::Dg1,
        File::Dg2,
        File::Dg13,
        File::Dg14,
    ];

    /// The two-byte file identifier.
    pub fn id(self) -> u16 {
        match self {
            File::CardAccess => 0x011C,
            File::AtrInfo => 0x2F01,
            File::Dir => 0x2F00,
            File::Com => 0x011E,
            File::Sod => 0x011D,
            File::Dg1 => 0x0101,
            File::Dg2 => 0x0102,
            File::Dg13 => 0x010D,
            File::Dg14 => 0x010E,
        }
    }

    /// The short identifier, unique within the file's own directory.
    pub fn short_id(self) -> u8 {
        match self {
            File::AtrInfo => 0x01,
            File::Dir => 0x1E,
            File::CardAccess => 0x1C,
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
            File::Dg1 => Some(0x61),
            File::Dg2 => Some(0x75),
            File::Dg13 => Some(0x6D),
            File::Dg14 => Some(0x6E),
        }
    }

    /// The number of a data group.
    pub fn data_group(self) -> Option<u8> {
        match self {
            File::Dg1 => Some(1),
            File::Dg2 => Some(2),
            File::Dg13 => Some(13),
            File::Dg14 => Some(14),
            _ => None,
        }
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
            File::Dg1 => "DG1",
            File::Dg2 => "DG2",
            File::Dg13 => "DG13",
            File::Dg14 => "DG14",
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
