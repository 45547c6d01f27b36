//! Typed identifiers: UUIDv7 made from a given instant and given random bytes.
//!
//! Standard: RFC 9562, section 5.7 (UUID version 7).
//! Invariant: an id says nothing about a person; the personal number is an attribute, never a key.
//! Not here: the clock and the randomness; both are arguments.
//! Start reading at [`Uuid::v7`].

use serde::{Deserialize, Serialize};
use std::fmt;

/// A 128-bit identifier, ordered by the instant it was made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// Makes a version 7 identifier from microseconds since 1970 (UTC) and ten random bytes.
    ///
    /// The microseconds within the millisecond fill `rand_a`, as section 6.2, method 3 allows, so ids made by
    /// one process sort by time at that precision.
    #[must_use]
    pub fn v7(unix_us: i64, random: [u8; 10]) -> Uuid {
        let unix_us = unix_us.max(0).unsigned_abs();
        let (millis, within) = (unix_us / 1000, unix_us % 1000);
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        let fraction = within * 4096 / 1000;
        bytes[6] = 0x70 | (fraction >> 8) as u8;
        bytes[7] = fraction as u8;
        bytes[8..].copy_from_slice(&random[..8]);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Uuid(bytes)
    }

    /// When it was made, in microseconds since 1970 (UTC), to the millisecond.
    #[must_use]
    pub fn unix_us(&self) -> i64 {
        self.0[..6].iter().fold(0, |time, byte| time << 8 | i64::from(*byte)) * 1000
    }

    /// Reads the 36-character form; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Uuid> {
        let mut bytes = [0; 16];
        let mut digits = 0;
        for (at, c) in text.bytes().enumerate() {
            if matches!(at, 8 | 13 | 18 | 23) {
                if c != b'-' {
                    return None;
                }
                continue;
            }
            let value = (c as char).to_digit(16)? as u8;
            *bytes.get_mut(digits / 2)? |= if digits % 2 == 0 { value << 4 } else { value };
            digits += 1;
        }
        (digits == 32).then_some(Uuid(bytes))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The sixteen bytes, as stored.
            #[must_use]
            pub fn bytes(&self) -> &[u8; 16] {
                &self.0.0
            }

            /// Reads the stored form; `None` unless there are exactly sixteen bytes.
            #[must_use]
            pub fn from_bytes(bytes: &[u8]) -> Option<$name> {
                Some($name(Uuid(bytes.try_into().ok()?)))
            }

            /// Reads the 36-character form.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                Uuid::parse(text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

ids! {
    /// A person in the register.
    PersonId,
    /// People who live together under one household number.
    HouseholdId,
    /// A file that an office sent, as staged.
    FileId,
    /// One run of `import persons`.
    ImportId,
    /// A question that officers decide.
    CaseId,
    /// A request for a card.
    ApplicationId,
    /// Cards personalised together.
    BatchId,
    /// One chip card.
    CardId,
    /// Somebody who works with the register.
    OfficerId,
    /// A device that enrols.
    KitId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_reproduced() {
        // RFC 9562, appendix A.6: 2022-02-22T19:22:22.00Z, rand_a = 0xCC3, rand_b = 0x18C4DC0C0C07398F.
        let id = Uuid::v7(1_645_557_742_000_000, [0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f, 0, 0]);
        assert_eq!(id.to_string(), "017f22e2-79b0-7000-98c4-dc0c0c07398f");
        assert_eq!(Uuid::parse(&id.to_string()), Some(id));
    }

    #[test]
    fn ids_sort_by_time() {
        let mut last = Uuid::default();
        for us in [1, 999, 1_000, 1_001, 1_999, 2_000, 10_000_000] {
            let id = Uuid::v7(1_600_000_000_000_000 + us * 2, [0; 10]);
            assert!(id > last, "{us}");
            last = id;
        }
    }

    #[test]
    fn what_is_no_uuid_is_refused() {
        for text in ["", "017f22e2-79b0-7000-98c4-dc0c0c07398", "017f22e2_79b0-7000-98c4-dc0c0c07398f", "zz"] {
            assert_eq!(Uuid::parse(text), None, "{text}");
        }
        assert_eq!(Uuid::parse("017f22e2-79b0-7000-98c4-dc0c0c07398f0"), None);
    }
}
