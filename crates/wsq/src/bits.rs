//! Bits of entropy-coded data: after every byte `FF` a zero byte is stuffed, so that no marker appears inside.
//!
//! Start reading at [`BitReader`] or [`BitWriter`].

/// Bits from the highest of each byte, up to the next marker or the end of the input.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl<'a> BitReader<'a> {
    /// Begins at a byte.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, held: 0, count: 0 }
    }

    /// Where the next byte is taken from; at the end of the data, where its marker stands.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Takes in as much as fits, and says how many bits are there; fewer than 16 only at the end.
    pub(crate) fn fill(&mut self) -> u32 {
        while self.count <= 56 {
            let byte = match self.bytes.get(self.at) {
                None => break,
                Some(0xFF) if self.bytes.get(self.at + 1) != Some(&0) => break,
                Some(0xFF) => {
                    self.at += 1;
                    0xFF
                }
                Some(&byte) => byte,
            };
            self.at += 1;
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
        self.count
    }

    /// The next 16 bits; beyond the end of the data they are ones, as writers pad.
    pub(crate) fn peek(&self) -> u16 {
        if self.count >= 16 {
            (self.held >> (self.count - 16)) as u16
        } else {
            let missing = 16 - self.count;
            (self.held << missing) as u16 | ((1u32 << missing) - 1) as u16
        }
    }

    /// Passes over bits that are there.
    pub(crate) fn skip(&mut self, count: u32) {
        self.count = self.count.saturating_sub(count);
    }

    /// A number of 8 or 16 bits, or `None` where the data ends.
    pub(crate) fn number(&mut self, bits: u32) -> Option<u16> {
        if self.fill() < bits {
            return None;
        }
        let number = self.peek() >> (16 - bits);
        self.skip(bits);
        Some(number)
    }
}

/// Writes bits behind what a stream holds already.
pub(crate) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    held: u32,
    count: u32,
}

impl<'a> BitWriter<'a> {
    /// Begins at a byte.
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, held: 0, count: 0 }
    }

    /// Writes the lowest `count` bits of a number, at most 16.
    pub(crate) fn put(&mut self, number: u16, count: u32) {
        self.held = self.held << count | u32::from(number) & ((1 << count) - 1);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            if byte == 0xFF {
                self.out.push(0);
            }
        }
    }

    /// Fills the last byte with ones.
    pub(crate) fn end(mut self) {
        let missing = (8 - self.count) % 8;
        self.put(0xFFFF, missing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back_and_stop_at_the_marker() {
        let mut out = Vec::new();
        let mut writer = BitWriter::new(&mut out);
        writer.put(0b101, 3);
        writer.put(0xFFFF, 16);
        writer.put(0x1234, 16);
        writer.put(0, 1);
        writer.end();
        assert_eq!(out, [0xBF, 0xFF, 0, 0xE2, 0x46, 0x8F]);
        out.extend([0xFF, 0xA1]);
        let mut reader = BitReader::new(&out, 0);
        assert_eq!(reader.fill(), 40);
        assert_eq!(reader.peek() >> 13, 0b101);
        reader.skip(3);
        assert_eq!(reader.number(16), Some(0xFFFF));
        assert_eq!(reader.number(8), Some(0x12));
        assert_eq!(reader.number(16), None);
        assert_eq!((reader.fill(), reader.offset()), (13, 6));
        assert_eq!(reader.peek(), 0b0011_0100_0111_1111);
    }
}
