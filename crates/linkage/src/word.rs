//! Words as numbers: every spelling is taken apart once, and a word is then four bytes.

use crate::maths::{hash, mix};
use foldhash::HashMap;
use vn::{Damage, Syllable};

/// A word: which letters (upper 20 bits, from 1), and which marks on them (lower 12 bits; 0 is none). 0 is no word.
pub(crate) type Word = u32;

/// Bits for the marks.
const MARK_BITS: u32 = 12;

/// Whether two words have the same letters, whatever their marks.
pub(crate) fn same_letters(a: Word, b: Word) -> bool {
    (a ^ b) >> MARK_BITS == 0
}

/// Whether a word has no marks at all.
pub(crate) fn unmarked(word: Word) -> bool {
    word & ((1 << MARK_BITS) - 1) == 0
}

/// What is known of one set of letters.
#[derive(Clone, Debug)]
pub(crate) struct Letters {
    /// The first sixteen, in ASCII or what UTF-8 makes of them; zeros follow.
    pub(crate) text: [u8; 16],
    /// A number of the letters, the same in every run.
    pub(crate) hash: u64,
    /// How often it is a given name.
    pub(crate) given: u32,
    marks: Vec<Syllable>,
}

/// The ways in which a written word can be meant.
pub(crate) const MEANINGS: [Option<Damage>; 4] = [None, Some(Damage::Mojibake), Some(Damage::Tcvn3), Some(Damage::Vni)];

/// How a cell can be meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meant {
    /// It is the same in every code page.
    Anyhow,
    /// In one way, by its position in [`MEANINGS`].
    As(usize),
    /// In one of several ways, a bit each.
    Either(u8),
}

/// A word as written, read in each code page.
#[derive(Clone, Copy, Debug)]
struct Written {
    /// By meaning; [`NONE`] where its bytes cannot be that.
    words: [Word; MEANINGS.len()],
    /// Whether it is no syllable in this reading.
    odd: [bool; MEANINGS.len()],
}

const NONE: Word = Word::MAX;

/// All words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    written: HashMap<Box<str>, Written>,
    by_letters: HashMap<Box<str>, u32>,
    letters: Vec<Letters>,
}

impl Lexicon {
    /// Bytes of memory, about.
    pub(crate) fn memory(&self) -> u64 {
        (self.written.len() * 72 + self.by_letters.len() * 48 + self.letters.len() * 96) as u64
    }

    /// The letters of a word; the word is not 0.
    pub(crate) fn letters(&self, word: Word) -> &Letters {
        &self.letters[(word >> MARK_BITS) as usize - 1]
    }

    /// Counts a word as a given name.
    pub(crate) fn count_given(&mut self, word: Word) {
        let letters = &mut self.letters[(word >> MARK_BITS) as usize - 1];
        letters.given = letters.given.saturating_add(1);
    }

    /// The words of a cell, read in the code page in which most of it makes syllables (of several such in `meaning`, if it is
    /// one of them), and in which ways it can be meant.
    pub(crate) fn words(&mut self, cell: &str, meaning: Option<usize>, words: &mut Vec<Word>) -> Meant {
        words.clear();
        if cell.is_ascii() {
            for text in cell.split(|c: char| !c.is_ascii_alphanumeric()).filter(|text| !text.is_empty()) {
                let written = self.written(text);
                words.push(written.words[0]);
            }
            return Meant::Anyhow;
        }
        if cell.contains(['\u{a0}', '\u{feff}', '\u{200b}']) {
            let repaired = vn::clean(&vn::repair(cell).0);
            if !repaired.contains(['\u{a0}', '\u{feff}', '\u{200b}']) {
                return self.words(&repaired, meaning, words);
            }
        }
        let mut all: [Option<u32>; MEANINGS.len()] = [Some(0); MEANINGS.len()];
        let mut found: [Written; 32] = [Written { words: [0; MEANINGS.len()], odd: [false; MEANINGS.len()] }; 32];
        let mut count = 0;
        for text in cell.split([' ', ',', '.', '-', '/', '\'', '(', ')', '\t', '\n', '\r']) {
            if text.is_empty() || count == found.len() {
                continue;
            }
            let written = self.written(text);
            for (at, sum) in all.iter_mut().enumerate() {
                *sum = sum.filter(|_| written.words[at] != NONE).map(|sum| sum + u32::from(written.odd[at]));
            }
            found[count] = written;
            count += 1;
        }
        let found = &found[..count];
        // The fewest words that are none; what is written is believed first.
        let least = all.iter().flatten().min().copied();
        let best = (0..MEANINGS.len()).find(|at| all[*at] == least).unwrap_or(0);
        let best = meaning.filter(|at| all[*at] == least).unwrap_or(best);
        words.extend(found.iter().map(|written| written.words[best]).filter(|word| *word != 0));
        if vn::is_certain(cell) {
            return Meant::As(0);
        }
        let other = |at: &usize| found.iter().any(|written| written.words[*at] != written.words[best]);
        let others = (0..MEANINGS.len()).filter(|at| all[*at] == least && *at != best).filter(other);
        match others.fold(0, |others, at| others | 1 << at) {
            0 => Meant::As(best),
            others => Meant::Either(others | 1 << best),
        }
    }

    fn written(&mut self, text: &str) -> Written {
        if let Some(written) = self.written.get(text) {
            return *written;
        }
        let mut written = Written { words: [NONE; MEANINGS.len()], odd: [true; MEANINGS.len()] };
        for (at, meaning) in MEANINGS.iter().enumerate() {
            let meant = match meaning {
                None => Some(text.to_owned()),
                Some(_) if text.is_ascii() => Some(text.to_owned()),
                Some(damage) => vn::undo(text, *damage),
            };
            let Some(meant) = meant else { continue };
            let once = meant;
            let mut meant = vn::clean(&once);
            written.odd[at] = is_odd(&meant);
            // A file with cells in old code pages may have been garbled as a whole.
            if written.odd[at] && *meaning == Some(Damage::Mojibake) && !text.is_ascii() {
                let twice = [Damage::Tcvn3, Damage::Vni].into_iter().filter_map(|damage| vn::undo(&once, damage));
                if let Some(twice) = twice.map(|twice| vn::clean(&twice)).find(|twice| !is_odd(twice)) {
                    meant = twice;
                    written.odd[at] = false;
                }
            }
            written.words[at] = self.word(&meant);
        }
        self.written.insert(text.into(), written);
        written
    }

    /// The word for a spelling that is understood; 0 if nothing of it is a letter or a digit.
    fn word(&mut self, text: &str) -> Word {
        let folded = vn::fold(text).replace(' ', "");
        if folded.is_empty() {
            return 0;
        }
        let at = match self.by_letters.get(folded.as_str()) {
            Some(at) => *at,
            None => {
                let at = (self.letters.len() as u32).min((1 << (32 - MARK_BITS)) - 2);
                if at as usize == self.letters.len() {
                    let mut text = [0; 16];
                    let shown = folded.len().min(16);
                    text[..shown].copy_from_slice(&folded.as_bytes()[..shown]);
                    let hash = hash(1, folded.as_bytes());
                    self.letters.push(Letters { text, hash, given: 0, marks: Vec::new() });
                }
                self.by_letters.insert(folded.as_str().into(), at);
                at
            }
        };
        let syllable = Syllable::of(text);
        let marks = &mut self.letters[at as usize].marks;
        let mark = if syllable.tone == 0 && syllable.letters.is_ascii() {
            0
        } else if let Some(known) = marks.iter().position(|known| *known == syllable) {
            known as u32 + 1
        } else {
            marks.push(syllable);
            marks.len() as u32
        };
        ((at + 1) << MARK_BITS) | mark.min((1 << MARK_BITS) - 1)
    }

    /// Which letters words are made of (one bit each, from bit 6), and how many there are (the lower six bits).
    pub(crate) fn sketch(&self, words: &[Word]) -> u32 {
        let letters =
            words.iter().filter(|word| **word != 0).flat_map(|word| self.letters(*word).text).filter(|byte| *byte != 0);
        let (mut set, mut count) = (0, 0);
        for letter in letters {
            set |= 1 << (6 + letter % 26);
            count += 1;
        }
        set | count.min(63)
    }

    /// A number of words without their marks, the same in every run; 0 for no words.
    pub(crate) fn hash(&self, words: &[Word]) -> u64 {
        let known = words.iter().filter(|word| **word != 0);
        let sum = known.fold(0, |sum: u64, word| mix(sum ^ self.letters(*word).hash).wrapping_add(1));
        if words.first().is_none_or(|word| *word == 0) { 0 } else { (sum & 0xffff_ffff) | 1 }
    }
}

/// Whether a word with marks is no syllable.
fn is_odd(text: &str) -> bool {
    !text.is_ascii() && text.split(' ').any(|word| !vn::is_syllable(word))
}

/// Whether two words differ in one slip of the keys: a letter inserted, dropped, replaced, or exchanged with its neighbour.
pub(crate) fn is_slip(a: &[u8; 16], b: &[u8; 16]) -> bool {
    let shown = |text: &[u8; 16]| text.iter().position(|byte| *byte == 0).unwrap_or(16);
    differ_in_a_slip(&a[..shown(a)], &b[..shown(b)])
}

/// The same of any letters. A letter replaced in a word of two makes another word.
pub(crate) fn differ_in_a_slip(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let (short, long) = (a.len(), b.len());
    if long - short > 1 || long < 2 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back = a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (short - front - back, long - front - back) {
        (0, 1) => true,
        (1, 1) => short > 2,
        (2, 2) => a[front] == b[front + 1] && a[front + 1] == b[front],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lexicon: &mut Lexicon, cell: &str) -> Vec<Word> {
        let mut words = Vec::new();
        lexicon.words(cell, None, &mut words);
        words
    }

    #[test]
    fn spellings_of_one_name_have_the_same_words() {
        let mut lexicon = Lexicon::default();
        let meant = words(&mut lexicon, "Nguyễn Thị Phương");
        for cell in [
            "NGUYỄN  THỊ PHƯƠNG",
            "Nguyê\u{303}n Thị Phương",
            "NguyÔn ThÞ Ph\u{ad}¬ng",
            "Nguyeãn Thò Phöông",
            "nguyễn-thị phương",
            "NguyÃ”n ThÃž PhÂ\u{ad}Â¬ng",
        ] {
            assert_eq!(words(&mut lexicon, cell), meant, "{cell}");
        }
        assert_eq!(words(&mut lexicon, "Hòa"), words(&mut lexicon, "Hoà"));
        let plain = words(&mut lexicon, "Nguyen Thi Phuong");
        assert!(plain.iter().zip(&meant).all(|(a, b)| same_letters(*a, *b) && unmarked(*a) && !unmarked(*b)));
        assert_eq!(lexicon.hash(&plain), lexicon.hash(&meant));
    }

    #[test]
    fn slips_of_the_keys() {
        let text = |word: &str| {
            let mut text = [0; 16];
            text[..word.len()].copy_from_slice(word.as_bytes());
            text
        };
        for (a, b) in [("huynh", "hynh"), ("thu", "htu"), ("linh", "lynh"), ("ngoc", "gnoc"), ("le", "lee")] {
            assert!(is_slip(&text(a), &text(b)) && is_slip(&text(b), &text(a)), "{a} {b}");
        }
        for (a, b) in [("ha", "hu"), ("lan", "nam"), ("thu", "uth"), ("an", "lanh"), ("lan", "lan")] {
            assert!(!is_slip(&text(a), &text(b)), "{a} {b}");
        }
    }
}
