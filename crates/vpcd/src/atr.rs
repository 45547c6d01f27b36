//! What the card says at reset.
//!
//! Standard: ISO/IEC 7816-3:2006, 8.2 (contact); PC/SC part 3, 3.1.3.2.3 (contactless cards are given an ATR by the
//! reader). Historical bytes: card capabilities in compact TLV, as EF.ATR/INFO has them.

/// Which kind of reader the card believes to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interface {
    /// ISO/IEC 14443.
    #[default]
    Contactless,
    /// ISO/IEC 7816-3, protocol T=1.
    Contact,
}

const HISTORICAL: [u8; 5] = [0x80, 0x73, 0x94, 0x01, 0xC0];

impl Interface {
    /// Answer to reset, with its check byte.
    pub(crate) fn atr(self) -> Vec<u8> {
        let interface: &[u8] = match self {
            // Five historical bytes; T=0 and T=1 as PC/SC writes it for contactless cards.
            Interface::Contactless => &[0x85, 0x80, 0x01],
            // TA1 18, TC1 FF, then T=1 with a block of 254 bytes.
            Interface::Contact => &[0xD5, 0x18, 0xFF, 0x81, 0x31, 0xFE, 0x45],
        };
        let mut atr = vec![0x3B];
        atr.extend_from_slice(interface);
        atr.extend_from_slice(&HISTORICAL);
        atr.push(atr.iter().skip(1).fold(0, |check, byte| check ^ byte));
        atr
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_byte_makes_the_sum_zero() {
        for interface in [Interface::Contactless, Interface::Contact] {
            let atr = interface.atr();
            assert_eq!(atr.iter().skip(1).fold(0, |check, byte| check ^ byte), 0);
            assert!(atr.len() <= 33);
        }
    }
}
