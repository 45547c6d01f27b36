//! Status words and their meaning.
//!
//! Standard: ISO/IEC 7816-4:2020, 5.6, tables 5 and 6; Doc 9303-11, 9.8.8 for secure messaging.

use core::fmt;

/// SW1 and SW2 of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub u16);

impl Status {
    /// Done.
    pub const OK: Status = Status(0x9000);
    /// The file ended before Le bytes were read; what there was is in the data.
    pub const END_OF_FILE: Status = Status(0x6282);
    /// Authentication failed; this card does not block, it slows down.
    pub const AUTHENTICATION_FAILED: Status = Status(0x6300);
    /// The memory did not take a write, or the card was never personalised.
    pub const MEMORY: Status = Status(0x6581);
    /// Lc or Le do not suit the command.
    pub const WRONG_LENGTH: Status = Status(0x6700);
    /// Logical channels are not supported.
    pub const CHANNEL_UNSUPPORTED: Status = Status(0x6881);
    /// Access rules are not fulfilled.
    pub const SECURITY_NOT_SATISFIED: Status = Status(0x6982);
    /// The command makes no sense in the present state.
    pub const CONDITIONS_NOT_SATISFIED: Status = Status(0x6985);
    /// No file is selected.
    pub const NO_CURRENT_FILE: Status = Status(0x6986);
    /// A secure messaging data object is missing.
    pub const SM_OBJECTS_MISSING: Status = Status(0x6987);
    /// A secure messaging data object is wrong.
    pub const SM_OBJECTS_INCORRECT: Status = Status(0x6988);
    /// The command data are not what the command needs.
    pub const WRONG_DATA: Status = Status(0x6A80);
    /// The function is not supported.
    pub const FUNCTION_UNSUPPORTED: Status = Status(0x6A81);
    /// No such file or application.
    pub const FILE_NOT_FOUND: Status = Status(0x6A82);
    /// P1 or P2 are not supported.
    pub const WRONG_PARAMETERS: Status = Status(0x6A86);
    /// The key or the protocol referenced is not there.
    pub const REFERENCE_NOT_FOUND: Status = Status(0x6A88);
    /// The offset lies outside the file.
    pub const WRONG_OFFSET: Status = Status(0x6B00);
    /// The instruction is not supported.
    pub const INS_UNSUPPORTED: Status = Status(0x6D00);
    /// The class is not supported.
    pub const CLA_UNSUPPORTED: Status = Status(0x6E00);

    /// Whether the answer is complete and without reservation.
    pub fn is_ok(self) -> bool {
        self == Status::OK
    }

    /// Whether the command was carried out, possibly with a warning (61xx, 62xx and 63xx).
    pub fn is_executed(self) -> bool {
        self.is_ok() || matches!(self.0 >> 8, 0x61..=0x63)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}
