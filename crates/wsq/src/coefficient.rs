//! Quantised coefficients as the values of a Huffman table: runs of zeros, small numbers, and escapes for what is larger.
//!
//! Standard: IAFIS-IC-0110, annex C, the table of Huffman coder input symbols.
//! Start reading at [`Symbol`].

/// The shortest run that has no symbol of its own.
const RUN_ESCAPED: usize = 101;
/// The symbol of zero; a small number's is so much larger.
const ZERO: i32 = 180;
/// The numbers that have symbols of their own.
const SMALL: std::ops::RangeInclusive<i32> = -73..=74;
/// The largest number and the longest run that an escape can carry.
pub(crate) const ESCAPED_MAX: i32 = 0xFFFF;

/// What a value of a Huffman table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// So many zeros.
    Zeros(usize),
    /// One small number.
    Number(i32),
    /// The number of so many bits that follow, times this sign.
    Escaped {
        /// Bits that follow: 8 or 16.
        bits: u32,
        /// 1 or -1.
        sign: i32,
    },
    /// As many zeros as the number of so many bits that follow says.
    EscapedZeros {
        /// Bits that follow: 8 or 16.
        bits: u32,
    },
}

impl Symbol {
    /// What a value stands for; `None` for the two that stand for nothing.
    pub(crate) fn of(value: u8) -> Option<Self> {
        match value {
            0 | 255 => None,
            1..=100 => Some(Self::Zeros(value.into())),
            101 => Some(Self::Escaped { bits: 8, sign: 1 }),
            102 => Some(Self::Escaped { bits: 8, sign: -1 }),
            103 => Some(Self::Escaped { bits: 16, sign: 1 }),
            104 => Some(Self::Escaped { bits: 16, sign: -1 }),
            105 => Some(Self::EscapedZeros { bits: 8 }),
            106 => Some(Self::EscapedZeros { bits: 16 }),
            107.. => Some(Self::Number(i32::from(value) - ZERO)),
        }
    }
}

/// A value of the table with the bits that follow its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// The table's value.
    pub(crate) value: u8,
    /// How many bits follow.
    pub(crate) bits: u32,
    /// What they say.
    pub(crate) extra: u16,
}

/// The tokens of a block of coefficients.
pub(crate) fn tokens(coefficients: &[i32]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut zeros = 0;
    for &coefficient in coefficients {
        if coefficient == 0 {
            zeros += 1;
            continue;
        }
        run(std::mem::take(&mut zeros), &mut tokens);
        tokens.push(number(coefficient));
    }
    run(zeros, &mut tokens);
    tokens
}

fn number(coefficient: i32) -> Token {
    if SMALL.contains(&coefficient) {
        return Token { value: (coefficient + ZERO) as u8, bits: 0, extra: 0 };
    }
    let extra = coefficient.unsigned_abs().min(ESCAPED_MAX as u32) as u16;
    let bits = if extra > 0xFF { 16 } else { 8 };
    let value = match (bits, coefficient > 0) {
        (8, true) => 101,
        (8, false) => 102,
        (_, true) => 103,
        (_, false) => 104,
    };
    Token { value, bits, extra }
}

fn run(mut zeros: usize, tokens: &mut Vec<Token>) {
    while zeros > 0 {
        let part = zeros.min(ESCAPED_MAX as usize);
        zeros -= part;
        tokens.push(match part {
            ..RUN_ESCAPED => Token { value: part as u8, bits: 0, extra: 0 },
            RUN_ESCAPED..=0xFF => Token { value: 105, bits: 8, extra: part as u16 },
            _ => Token { value: 106, bits: 16, extra: part as u16 },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stand_for_what_they_were_made_of() {
        let check = |coefficients: &[i32], count: usize| {
            let tokens = tokens(coefficients);
            assert_eq!(tokens.len(), count);
            let mut again = Vec::new();
            for token in tokens {
                match Symbol::of(token.value).unwrap() {
                    Symbol::Zeros(run) => again.resize(again.len() + run, 0),
                    Symbol::Number(number) => again.push(number),
                    Symbol::Escaped { bits, sign } => {
                        assert_eq!(bits, token.bits);
                        again.push(sign * i32::from(token.extra));
                    }
                    Symbol::EscapedZeros { bits } => {
                        assert_eq!(bits, token.bits);
                        again.resize(again.len() + usize::from(token.extra), 0);
                    }
                }
            }
            assert_eq!(again, coefficients);
        };
        check(&[], 0);
        check(&[-73, 74, 1, -1], 4);
        check(&[-74, 75, -255, 255, -256, 256, 65_535, -65_535], 8);
        for (zeros, count) in [(1, 1), (100, 1), (101, 1), (255, 1), (256, 1), (65_535, 1), (65_536, 2), (200_000, 4)] {
            check(&vec![0; zeros], count);
            check(&[vec![0; zeros], vec![5]].concat(), count + 1);
        }
        assert_eq!((Symbol::of(0), Symbol::of(255)), (None, None));
    }
}
