//! The command APDU in its short and extended forms.
//!
//! Standard: ISO/IEC 7816-4:2020, 5.2 and table 1 (cases 1, 2S, 3S, 4S, 2E, 3E, 4E).
//! Invariant: `encode` then `parse` gives the same command; `parse` accepts nothing that is ambiguous.
//! Start reading at [`Command::parse`].

use alloc::vec::Vec;

use crate::Error;

/// The largest expected length that a short Le can say.
pub const LE_SHORT_MAX: u32 = 256;
/// The largest expected length that an extended Le can say.
pub const LE_EXTENDED_MAX: u32 = 65_536;

/// Which length fields a command uses. An answer to a short command has at most 256 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One-byte length fields.
    Short,
    /// Three-byte (Lc) and two- or three-byte (Le) length fields.
    Extended,
}

/// A command from the terminal to the card.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// Class byte: logical channel, chaining and secure messaging bits.
    pub cla: u8,
    /// Instruction.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// Command data; at most 65,535 bytes.
    pub data: Vec<u8>,
    /// Largest number of bytes expected in the answer: 1 to 65,536, or none.
    pub le: Option<u32>,
    /// Length fields used, or to be used. `encode` switches to `Extended` by itself where `Short` cannot say it.
    pub form: Form,
}

impl core::fmt::Debug for Command {
    /// The data stay out: they may be personal.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Command { cla, ins, p1, p2, data, le, .. } = self;
        write!(f, "Command({cla:02X} {ins:02X} {p1:02X} {p2:02X}, {} bytes, Le {le:?})", data.len())
    }
}

impl Command {
    /// A short command without data.
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Command {
        Command { cla, ins, p1, p2, data: Vec::new(), le: None, form: Form::Short }
    }

    /// The same command carrying `data`.
    #[must_use]
    pub fn with_data(mut self, data: impl Into<Vec<u8>>) -> Command {
        self.data = data.into();
        self
    }

    /// The same command expecting up to `le` bytes.
    #[must_use]
    pub fn expecting(mut self, le: u32) -> Command {
        self.le = Some(le);
        self
    }

    /// Whether bit 5 of the class byte announces further commands of a chain (5.3.3).
    pub fn is_chained(&self) -> bool {
        self.cla & 0x10 != 0 && self.cla & 0xE0 == 0
    }

    /// Whether the class byte announces secure messaging with an authenticated header, as Doc 9303-11, 9.8.4 demands.
    pub fn is_protected(&self) -> bool {
        self.cla & 0xEC == 0x0C
    }

    /// Reads a command from the bytes that a reader sent.
    ///
    /// # Errors
    /// [`Error`] where the bytes fit none of the seven cases.
    pub fn parse(bytes: &[u8]) -> Result<Command, Error> {
        let len = bytes.len();
        let [cla, ins, p1, p2, body @ ..] = bytes else { return Err(Error::TooShort { len }) };
        let (data, le, form) = match body {
            [] => (&[][..], None, Form::Short),
            [le] => (&[][..], Some(short_le(*le)), Form::Short),
            [0, hi, lo] => (&[][..], Some(extended_le(*hi, *lo)), Form::Extended),
            [0, hi, lo, rest @ ..] => {
                let (data, le) = split(rest, usize::from(u16::from_be_bytes([*hi, *lo])), len)?;
                let le = match le {
                    [] => None,
                    [hi, lo] => Some(extended_le(*hi, *lo)),
                    _ => return Err(Error::Length { len }),
                };
                (data, le, Form::Extended)
            }
            [lc, rest @ ..] => {
                let (data, le) = split(rest, usize::from(*lc), len)?;
                let le = match le {
                    [] => None,
                    [le] => Some(short_le(*le)),
                    _ => return Err(Error::Length { len }),
                };
                (data, le, Form::Short)
            }
        };
        Ok(Command { cla: *cla, ins: *ins, p1: *p1, p2: *p2, data: data.to_vec(), le, form })
    }

    /// The bytes of this command. Data beyond 65,535 bytes and an Le beyond 65,536 are a programming mistake.
    pub fn encode(&self) -> Vec<u8> {
        assert!(self.data.len() <= 0xFFFF, "command data of {} bytes", self.data.len());
        assert!(self.le.is_none_or(|le| (1..=LE_EXTENDED_MAX).contains(&le)), "Le {:?}", self.le);
        let mut out = Vec::with_capacity(self.data.len() + 9);
        out.extend_from_slice(&[self.cla, self.ins, self.p1, self.p2]);
        // The casts below keep the low byte on purpose: 256 and 65,536 are written as zero.
        if self.form == Form::Extended || self.data.len() > 255 || self.le.is_some_and(|le| le > LE_SHORT_MAX) {
            if self.data.is_empty() {
                if let Some(le) = self.le {
                    out.extend_from_slice(&[0, (le >> 8) as u8, le as u8]);
                }
                return out;
            }
            out.extend_from_slice(&[0, (self.data.len() >> 8) as u8, self.data.len() as u8]);
            out.extend_from_slice(&self.data);
            if let Some(le) = self.le {
                out.extend_from_slice(&[(le >> 8) as u8, le as u8]);
            }
            return out;
        }
        if !self.data.is_empty() {
            out.push(self.data.len() as u8);
            out.extend_from_slice(&self.data);
        }
        if let Some(le) = self.le {
            out.push(le as u8);
        }
        out
    }
}

fn short_le(byte: u8) -> u32 {
    if byte == 0 { LE_SHORT_MAX } else { u32::from(byte) }
}

fn extended_le(hi: u8, lo: u8) -> u32 {
    match u16::from_be_bytes([hi, lo]) {
        0 => LE_EXTENDED_MAX,
        n => u32::from(n),
    }
}

/// The data field and what follows it. An Lc of zero is not a length.
fn split(rest: &[u8], lc: usize, len: usize) -> Result<(&[u8], &[u8]), Error> {
    if lc == 0 { None } else { rest.split_at_checked(lc) }.ok_or(Error::Length { len })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], data: &[u8], le: Option<u32>, form: Form) {
        let command = Command::parse(bytes).unwrap();
        assert_eq!((command.data.as_slice(), command.le, command.form), (data, le, form), "{bytes:02X?}");
        assert_eq!(command.encode(), bytes);
    }

    #[test]
    fn every_case_of_table_1() {
        check(&[0, 0xA4, 0, 0], &[], None, Form::Short);
        check(&[0, 0xB0, 0, 0, 0], &[], Some(256), Form::Short);
        check(&[0, 0xB0, 0, 0, 7], &[], Some(7), Form::Short);
        check(&[0, 0xA4, 2, 12, 2, 1, 30], &[1, 30], None, Form::Short);
        check(&[0, 0xA4, 2, 12, 2, 1, 30, 0], &[1, 30], Some(256), Form::Short);
        check(&[0, 0xB0, 0, 0, 0, 0, 0], &[], Some(65_536), Form::Extended);
        check(&[0, 0xB0, 0, 0, 0, 1, 2], &[], Some(258), Form::Extended);
        check(&[0, 0xA4, 2, 12, 0, 0, 2, 1, 30], &[1, 30], None, Form::Extended);
        check(&[0, 0xA4, 2, 12, 0, 0, 2, 1, 30, 0, 0], &[1, 30], Some(65_536), Form::Extended);
    }

    #[test]
    fn refuses_what_fits_no_case() {
        for bytes in [
            &[][..],
            &[0, 1, 2],
            &[0, 1, 2, 3, 2, 1],
            &[0, 1, 2, 3, 1, 1, 2, 3],
            &[0, 1, 2, 3, 0, 1],
            &[0, 1, 2, 3, 0, 0, 0, 1],
            &[0, 1, 2, 3, 0, 0, 1, 1, 0],
        ] {
            assert!(Command::parse(bytes).is_err(), "{bytes:02X?}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(header: [u8; 4], data in proptest::collection::vec(any::<u8>(), 0..600), le in proptest::option::of(1u32..=65_536)) {
            let mut command = Command::new(header[0], header[1], header[2], header[3]).with_data(data);
            command.le = le;
            let again = Command::parse(&command.encode()).unwrap();
            prop_assert_eq!((&again.data, again.le), (&command.data, command.le));
        }

        #[test]
        fn whatever_parses_encodes_to_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(command) = Command::parse(&bytes) {
                prop_assert_eq!(command.encode(), bytes);
            }
        }
    }
}
