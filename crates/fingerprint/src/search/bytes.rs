//! Persons with their index as bytes, so that nothing is built anew when a process starts.
//!
//! Layout, little-endian: `VDSP`, version (1 byte), persons (4); then for each of the ten fingers and for those of unknown position the
//! owners of the prints, the number of segments (4) and the segments. A list is its length (4) and its numbers, of 4 bytes or 2. A segment is
//! where each print begins, the minutiae, and for each table where each bucket begins, the prints and the spots.
//! Invariant: whatever the bytes, what is read points nowhere outside, and takes no more memory than the bytes do.
//! Not here: checksums and seals; whoever keeps the bytes sees to them.
//! Start reading at [`Reader`].

/// The bytes are not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an index of prints, or one that is damaged")]
pub struct Unreadable;

pub(super) const MAGIC: &[u8; 4] = b"VDSP";
pub(super) const VERSION: u8 = 1;

pub(super) fn put_words(out: &mut Vec<u8>, words: &[u32]) {
    put_words_of(out, words, |word| word);
}

pub(super) fn put_words_of<T: Copy>(out: &mut Vec<u8>, all: &[T], word: impl Fn(T) -> u32) {
    out.extend_from_slice(&(all.len() as u32).to_le_bytes());
    out.extend(all.iter().flat_map(|one| word(*one).to_le_bytes()));
}

pub(super) fn put_halves_of<T: Copy>(out: &mut Vec<u8>, all: &[T], half: impl Fn(T) -> u16) {
    out.extend_from_slice(&(all.len() as u32).to_le_bytes());
    out.extend(all.iter().flat_map(|one| half(*one).to_le_bytes()));
}

/// What is left to be read.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn word(&mut self) -> Result<u32, Unreadable> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)))
    }

    pub(super) fn words_of<T>(&mut self, one: impl Fn(u32) -> T) -> Result<Vec<T>, Unreadable> {
        let count = self.word()? as usize;
        let (words, _) = self.take(count.checked_mul(4).ok_or(Unreadable)?)?.as_chunks::<4>();
        Ok(words.iter().map(|word| one(u32::from_le_bytes(*word))).collect())
    }

    pub(super) fn halves_of<T>(&mut self, one: impl Fn(u16) -> T) -> Result<Vec<T>, Unreadable> {
        let count = self.word()? as usize;
        let (halves, _) = self.take(count.checked_mul(2).ok_or(Unreadable)?)?.as_chunks::<2>();
        Ok(halves.iter().map(|half| one(u16::from_le_bytes(*half))).collect())
    }

    /// Words of which none is smaller than the one before it; the first is 0.
    pub(super) fn ascending(&mut self) -> Result<Vec<u32>, Unreadable> {
        let words = self.words_of(|word| word)?;
        let fits = words.first() == Some(&0) && words.is_sorted();
        if fits { Ok(words) } else { Err(Unreadable) }
    }
}
