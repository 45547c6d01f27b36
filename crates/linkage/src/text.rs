//! Words of any language: each text is kept once, and compared letter by letter.

use crate::likeness::{SAME, word, words};
use crate::maths::{hash, mix};
use foldhash::HashMap;

/// Bytes of a text that are compared; what follows decides only whether it is the same.
const COMPARED_MAX: usize = 64;
/// Words of a text that are compared.
const WORDS_MAX: usize = 12;
/// The shortest word that is taken for the beginning of another, or for one that two texts have in common.
const WORD_MIN: usize = 3;

/// Texts, without their marks and in small letters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    by_text: HashMap<Box<str>, u32>,
    all: Vec<Box<str>>,
}

impl Texts {
    /// Bytes of memory, about.
    pub(crate) fn memory(&self) -> u64 {
        self.all.iter().map(|text| 2 * text.len() as u64 + 64).sum()
    }

    /// A cell's text, and a number of it, or of its words in any order, that is the same in every run. `None` if no letter
    /// or digit is in it.
    pub(crate) fn read(&mut self, cell: &str, in_any_order: bool) -> Option<(u32, u32)> {
        let mut text = vn::fold(cell);
        if !in_any_order {
            text.retain(|c| c != ' ');
        }
        if text.is_empty() {
            return None;
        }
        let number = text.split(' ').fold(0, |sum: u64, word| sum.wrapping_add(mix(hash(3, word.as_bytes()))));
        let at = match self.by_text.get(text.as_str()) {
            Some(at) => *at,
            None => {
                let at = self.all.len() as u32;
                self.all.push(text.as_str().into());
                self.by_text.insert(text.into(), at);
                at
            }
        };
        Some((at, mix(number) as u32 | 1))
    }

    /// A number of the first or last word of a text.
    pub(crate) fn end(&self, text: u32, last: bool) -> u64 {
        let mut words = self.all[text as usize].split(' ');
        let word = if last { words.next_back() } else { words.next() };
        word.map_or(0, |word| hash(3, word.as_bytes()) & 0xffff_ffff | 1)
    }

    /// How two different texts of one word agree.
    pub(crate) fn word(&self, a: u32, b: u32) -> u8 {
        let (a, b) = (shown(&self.all[a as usize]), shown(&self.all[b as usize]));
        let begins = |short: &[u8], long: &[u8]| short.len() >= WORD_MIN && long.starts_with(short);
        match slips(a, b, 2) {
            Some(0) => SAME,
            Some(1) if a.len().min(b.len()) > 1 => word::SLIP,
            Some(2) if a.len().min(b.len()) > 4 => word::NEAR,
            _ if begins(a, b) || begins(b, a) => word::NEAR,
            _ => word::OTHER,
        }
    }

    /// How two different texts of several words agree.
    pub(crate) fn words(&self, a: u32, b: u32) -> u8 {
        let (a, b) = (&*self.all[a as usize], &*self.all[b as usize]);
        let (x, y) = (Several::of(a), Several::of(b));
        let (short, long) = if x.count <= y.count { (&x, &y) } else { (&y, &x) };
        let exact = short.found(long, |p, q| p == q);
        if exact == short.count && short.count == long.count {
            return words::ORDER;
        }
        let joined = |text: &str| text.bytes().filter(|byte| *byte != b' ').take(COMPARED_MAX).collect::<Vec<u8>>();
        let (p, q) = (joined(a), joined(b));
        let most = p.len().min(q.len()) / 8 + 1;
        let slipped = slips(&p, &q, most);
        match slipped {
            Some(0) => return words::ORDER,
            Some(1) => return words::SLIP,
            _ => {}
        }
        if exact == short.count {
            return words::PART;
        }
        let like = |p: &[u8], q: &[u8]| {
            let most = p.len().min(q.len()) / 4;
            slips(p, q, most.min(2)).is_some()
        };
        if slipped.is_some() || short.found(long, like) == short.count {
            return words::LOOSE;
        }
        if short.found(long, |p, q| p.len() >= WORD_MIN && p == q) > 0 { words::COMMON } else { words::OTHER }
    }
}

/// What is compared of a text.
fn shown(text: &str) -> &[u8] {
    let bytes = text.as_bytes();
    &bytes[..bytes.len().min(COMPARED_MAX)]
}

/// The words of a text.
struct Several<'a> {
    words: [&'a [u8]; WORDS_MAX],
    count: usize,
}

impl<'a> Several<'a> {
    fn of(text: &'a str) -> Several<'a> {
        let mut several = Several { words: [&[]; WORDS_MAX], count: 0 };
        for (place, word) in several.words.iter_mut().zip(text.split(' ')) {
            *place = shown(word);
            several.count += 1;
        }
        several
    }

    /// How many of these words stand in another text, each taken once.
    fn found(&self, other: &Several<'_>, alike: impl Fn(&[u8], &[u8]) -> bool) -> usize {
        let mut taken = 0u32;
        let own = self.words[..self.count].iter();
        own.filter(|word| {
            let at = (0..other.count).find(|at| taken >> at & 1 == 0 && alike(word, other.words[*at]));
            taken |= at.map_or(0, |at| 1 << at);
            at.is_some()
        })
        .count()
    }
}

/// How many letters must be inserted, dropped, replaced, or exchanged with their neighbour; `None` if more than `most`
/// (the optimal string alignment distance).
fn slips(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most || a.len() > COMPARED_MAX || b.len() > COMPARED_MAX {
        return None;
    }
    let mut before = [0u8; COMPARED_MAX + 1];
    let mut last: [u8; COMPARED_MAX + 1] = std::array::from_fn(|at| at as u8);
    for (i, x) in a.iter().enumerate() {
        let mut row = [0u8; COMPARED_MAX + 1];
        row[0] = i as u8 + 1;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (last[j] + u8::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
            least = least.min(cost);
        }
        if usize::from(least) > most {
            return None;
        }
        (before, last) = (last, row);
    }
    let cost = usize::from(last[b.len()]);
    (cost <= most).then_some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_slips() {
        let check = |a: &str, b: &str, level: u8| {
            let mut texts = Texts::default();
            let (x, y) = (texts.read(a, false).unwrap().0, texts.read(b, false).unwrap().0);
            let found = if x == y { SAME } else { texts.word(x, y) };
            assert_eq!(found, level, "{a} {b}");
            assert_eq!(if x == y { SAME } else { texts.word(y, x) }, level, "{b} {a}");
        };
        check("St. John's", "ST JOHNS", SAME);
        check("mikhayla", "mikhvyla", word::SLIP);
        check("barnaby", "barnayb", word::SLIP);
        check("1804974", "1804794", word::SLIP);
        check("hannagan", "hannaann", word::NEAR);
        check("chris", "christopher", word::NEAR);
        check("nsw", "vic", word::OTHER);
        check("7", "8", word::OTHER);
        check(&"x".repeat(100), &"x".repeat(101), SAME);
    }

    #[test]
    fn words_in_any_order() {
        let check = |a: &str, b: &str, level: u8| {
            let mut texts = Texts::default();
            let ((x, m), (y, n)) = (texts.read(a, true).unwrap(), texts.read(b, true).unwrap());
            let found = if x == y { SAME } else { texts.words(x, y) };
            assert_eq!((found, if x == y { SAME } else { texts.words(y, x) }), (level, level), "{a} {b}");
            let sorted = |text: &str| {
                let mut words: Vec<&str> = text.split(' ').collect();
                words.sort_unstable();
                words.join(" ")
            };
            assert_eq!(m == n, sorted(a) == sorted(b), "{a} {b}");
        };
        check("rupp place", "rupp place", SAME);
        check("hannagan mikhayla", "mikhayla hannagan", words::ORDER);
        check("brentwood vlge", "brentwoodvlge", words::ORDER);
        check("pike place", "pike mlace", words::SLIP);
        check("hurley street kempsey", "hurley street", words::PART);
        check("hannagan mikhvyla", "mikhayla hannagan", words::LOOSE);
        check("lakes retirement estate", "lakes retkremeent estate", words::LOOSE);
        check("light street", "other street", words::COMMON);
        check("light street", "rupp place", words::OTHER);
    }
}
