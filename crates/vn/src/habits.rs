//! What the cells of a file say about it: how often each word stands in it, and which old code pages it was written in.
//!
//! Most garbled cells can be meant in one way only: their words are no syllables until they are read in the right code page.
//! Some are real words both ways: TCVN3 writes `Vũ` as `Vò`, VNI `Hồ` as `Hoà`. Those are decided by what is usual in the
//! file and by the other cells of the row.

use crate::codepage::{Damage, mojibake, undo};
use crate::syllable::{Syllable, is_syllable};
use std::borrow::Cow;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Longer cells are left as they are.
const BYTES_MAX: usize = 10_000;
/// Damage in the order in which it is tried.
const DAMAGE: [Damage; 3] = [Damage::Mojibake, Damage::Tcvn3, Damage::Vni];
/// How much likelier than what stands there, in bits, another meaning of real words has to be.
const MARGIN: f64 = 4.0;
/// What a word that was never seen counts.
const UNSEEN: f64 = 0.1;

/// What is usual in a file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Habits {
    /// By word, and whether it begins its cell: families and given names have words of their own.
    words: HashMap<(bool, Syllable), u32>,
    counted: u64,
    clean: u64,
    damaged: [u64; 3],
}

/// A way to read a cell.
struct Reading<'a> {
    text: Cow<'a, str>,
    damage: Option<usize>,
    /// How many of its words with marks are no syllables.
    odd: usize,
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || (c.is_ascii() && !c.is_ascii_alphabetic() && c != '?'))
        .filter(|word| !word.is_empty())
}

/// Whether a text holds a letter that no reading of old bytes has shown: it stands as it was meant.
#[must_use]
pub fn is_certain(text: &str) -> bool {
    text.chars().any(|c| {
        let byte_shown = (c as u32) < 256 || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u{fffd}".contains(c);
        !byte_shown
    })
}

impl Habits {
    /// Learns from a cell, if it can be meant in one way only.
    pub fn learn(&mut self, text: &str) {
        if text.is_ascii() || text.len() > BYTES_MAX {
            return;
        }
        if is_certain(text) {
            self.clean += 1;
            self.count(text);
            return;
        }
        let readings = self.readings(text);
        let least = readings.iter().map(|reading| reading.odd).min().unwrap_or(0);
        let mut best = readings.iter().filter(|reading| reading.odd == least);
        if let (Some(reading), None) = (best.next(), best.next()) {
            let text = reading.text.clone().into_owned();
            match reading.damage {
                None => self.clean += 1,
                Some(at) => self.damaged[at] += 1,
            }
            self.count(&text);
        }
    }

    fn count(&mut self, text: &str) {
        let composed: String = text.nfc().collect();
        for (at, word) in words(&composed).enumerate() {
            let count = self.words.entry((at == 0, Syllable::of(word))).or_default();
            *count = count.saturating_add(1);
            self.counted += 1;
        }
    }

    /// A cell as it was meant, and the damage that was undone. `row` is what was certainly done to other cells of its row.
    #[must_use]
    pub fn repair<'a>(&self, text: &'a str, row: Option<Damage>) -> (Cow<'a, str>, Option<Damage>) {
        if text.is_ascii() || text.len() > BYTES_MAX || is_certain(text) {
            return (Cow::Borrowed(text), None);
        }
        let mut readings = self.readings(text);
        let least = readings.iter().map(|reading| reading.odd).min().unwrap_or(0);
        readings.retain(|reading| reading.odd == least);
        let stands =
            readings.first().filter(|reading| reading.damage.is_none()).map(|reading| self.likely(reading, row));
        let mut best = 0;
        for at in 1..readings.len() {
            let own = self.likely(&readings[at], row);
            let margin = stands.filter(|_| best == 0).map_or(0.0, |_| MARGIN);
            if own > self.likely(&readings[best], row) + margin {
                best = at;
            }
        }
        let chosen = readings.swap_remove(best);
        (chosen.text, chosen.damage.map(|at| DAMAGE[at]))
    }

    /// The ways to read a cell, as it stands first.
    fn readings<'a>(&self, text: &'a str) -> Vec<Reading<'a>> {
        let often = |word: &str| {
            let syllable = Syllable::of(word);
            let count = |first| self.words.get(&(first, syllable.clone())).copied().unwrap_or(0);
            count(true).saturating_add(count(false))
        };
        let read = |text: Cow<'a, str>, damage| {
            let composed: String = text.nfc().collect();
            let odd = words(&composed).filter(|word| !word.is_ascii() && !is_syllable(word)).count();
            Reading { text, damage, odd }
        };
        let mut readings = vec![read(Cow::Borrowed(text), None)];
        for (at, damage) in DAMAGE.iter().enumerate() {
            let meant = if *damage == Damage::Mojibake { mojibake(text, &often) } else { undo(text, *damage) };
            let Some(meant) = meant.filter(|meant| meant != text) else { continue };
            // A file with cells in old code pages may have been garbled as a whole.
            let twice = [Damage::Tcvn3, Damage::Vni].into_iter().filter(|_| *damage == Damage::Mojibake);
            let twice = twice.filter_map(|damage| undo(&meant, damage)).map(|twice| read(Cow::Owned(twice), Some(at)));
            let least = twice.min_by_key(|reading| reading.odd);
            let once = read(Cow::Owned(meant.clone()), Some(at));
            readings.push(match least {
                Some(twice) if twice.odd < once.odd => twice,
                _ => once,
            });
        }
        readings
    }

    /// How likely a reading is, in bits: the words it has, and what was done to the file and the row.
    fn likely(&self, reading: &Reading<'_>, row: Option<Damage>) -> f64 {
        let composed: String = reading.text.nfc().collect();
        let word = |(at, word): (usize, &str)| {
            let count = self.words.get(&(at == 0, Syllable::of(word))).copied().unwrap_or(0);
            ((f64::from(count) + UNSEEN) / (self.counted as f64 + 1.0)).log2()
        };
        let cells = (self.clean + self.damaged.iter().sum::<u64>()) as f64 + 1.0;
        let done = match reading.damage {
            None => self.clean as f64 + 1.0,
            Some(at) if row == Some(DAMAGE[at]) => cells,
            Some(at) => self.damaged[at] as f64 + UNSEEN,
        };
        words(&composed).enumerate().map(word).sum::<f64>() + (done / cells).log2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Habits {
        let mut habits = Habits::default();
        for cell in [
            "Nguyễn Đình Hải",
            "Hồ Đức Lộc",
            "Võ Đình Dũng",
            "Vũ Thị Hương",
            "Đỗ Hữu Thọ",
            "Lê Thế Hải",
            "Hoàng Văn Thọ",
        ] {
            (0..400).for_each(|_| habits.learn(cell));
        }
        for cell in ["NguyÔn ThÞ Ph\u{ad}¬ng", "TrÇn §×nh QuyÕt", "TRAÀN THÒ HÖÔNG", "Nguyeãn Vaên Ñöùc"]
        {
            (0..30).for_each(|_| habits.learn(cell));
        }
        habits
    }

    #[test]
    fn real_words_are_decided_by_the_file_and_the_row() {
        let habits = file();
        let check = |seen: &str, row, meant: &str| assert_eq!(habits.repair(seen, row).0, meant, "{seen}");
        check("Vò Minh Anh", None, "Vũ Minh Anh");
        check("Phan Minh Dòng", None, "Phan Minh Dũng");
        check("Leâ Minh Anh", None, "Lê Minh Anh");
        check("Hoà Minh", Some(Damage::Vni), "Hồ Minh");
        // Nobody is called so in this file either way: it stays.
        check("Mai Lò", None, "Mai Lò");
        // A letter that no old code page shows stands as it was meant, and its cell with it.
        check("Nguyễn Vò", None, "Nguyễn Vò");
        // A clean file is not doubted.
        let mut clean = Habits::default();
        (0..1_000).for_each(|_| clean.learn("Nguyễn Vũ Hải"));
        assert_eq!(clean.repair("Vò Minh Anh", None), (Cow::Borrowed("Vò Minh Anh"), None));
    }

    #[test]
    fn lost_bytes_become_what_is_usual() {
        let habits = file();
        assert_eq!(habits.repair("Tráº§n Thá»?", None).0, "Trần Thọ");
        assert_eq!(habits.repair("Nguyá»…n Ä?iá»?n", None).0, "Nguyễn Điền");
        assert_eq!(habits.repair("HoÃ\u{a0}ng Anh", None).0, "Hoàng Anh");
        // TCVN3 in a file whose bytes were then taken for another code page's.
        assert_eq!(habits.repair("Phan NhÃ‹t ThÃ¸c", None), ("Phan Nhật Thức".into(), Some(Damage::Mojibake)));
    }
}
