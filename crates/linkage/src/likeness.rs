//! How two values of a field agree: a small number, the level.

use crate::spec::Kind;
use crate::table::{NAME_WORDS, Table, words};
use crate::word::{Lexicon, Word, differ_in_a_slip, is_slip, same_letters, unmarked};

/// Nothing is known on one side.
pub(crate) const MISSING: u8 = 0;
/// The values are the same.
pub(crate) const SAME: u8 = 1;

/// Levels of two names.
pub(crate) mod name {
    /// The same letters; one of the two has lost its marks.
    pub(crate) const UNMARKED: u8 = 2;
    /// The same letters under other marks.
    pub(crate) const MARKS: u8 = 3;
    /// A slip of the keys, or a word's twin of another region.
    pub(crate) const SLIP: u8 = 4;
    /// A given name that would be a slip, were not both common.
    pub(crate) const GIVEN_SLIP: u8 = 5;
    /// The same words in another order.
    pub(crate) const ORDER: u8 = 6;
    /// A middle word is missing.
    pub(crate) const SHORTENED: u8 = 7;
    /// Middle words are others.
    pub(crate) const MIDDLE: u8 = 8;
    /// The family name is another.
    pub(crate) const FAMILY: u8 = 9;
    /// The given name is another.
    pub(crate) const GIVEN: u8 = 10;
    /// A word is missing and another has a slip.
    pub(crate) const LOOSE: u8 = 11;
    /// Nothing of this.
    pub(crate) const OTHER: u8 = 12;
}

/// Levels of two dates.
pub(crate) mod date {
    /// Day and month are exchanged.
    pub(crate) const SWAPPED: u8 = 2;
    /// One digit, or one part by one.
    pub(crate) const SLIP: u8 = 3;
    /// The year agrees; day or month is not known on one side.
    pub(crate) const YEAR: u8 = 4;
    /// The years are neighbours; day or month is not known on one side.
    pub(crate) const NEAR: u8 = 5;
    /// The year agrees.
    pub(crate) const DAY: u8 = 6;
    /// Other dates.
    pub(crate) const OTHER: u8 = 7;
}

/// Levels of words in which keys may have slipped.
pub(crate) mod word {
    /// One slip of the keys.
    pub(crate) const SLIP: u8 = 2;
    /// Two slips, or the beginning of the other.
    pub(crate) const NEAR: u8 = 3;
    /// Nothing of this.
    pub(crate) const OTHER: u8 = 4;
}

/// Levels of several words in any order.
pub(crate) mod words {
    /// The same words in another order, or with other spaces.
    pub(crate) const ORDER: u8 = 2;
    /// One slip of the keys in all.
    pub(crate) const SLIP: u8 = 3;
    /// Some are missing on one side.
    pub(crate) const PART: u8 = 4;
    /// Slips in words that are in another order or missing.
    pub(crate) const LOOSE: u8 = 5;
    /// One word is common.
    pub(crate) const COMMON: u8 = 6;
    /// Nothing of this.
    pub(crate) const OTHER: u8 = 7;
}

/// Levels of other kinds.
pub(crate) mod other {
    /// Numbers: one digit, or two neighbours exchanged. Units: near in the list. Places: the larger parts agree.
    pub(crate) const NEAR: u8 = 2;
    /// They differ.
    pub(crate) const DIFFERENT: u8 = 3;
}

/// How two values of a field agree, in a word that a text can be made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alike {
    /// The same.
    Same,
    /// The same letters; one has lost its marks.
    Unmarked,
    /// The same letters under other marks.
    Marks,
    /// One slip of the keys, or a digit.
    Slip,
    /// More than one slip.
    Slips,
    /// The same words in another order.
    Order,
    /// A word is missing.
    Shortened,
    /// A word in the middle is another.
    Middle,
    /// The family name is another.
    Family,
    /// The given name is another.
    Given,
    /// Day and month are exchanged.
    Swapped,
    /// The year agrees; the day is not known on one side.
    Year,
    /// The year agrees, the day does not.
    Day,
    /// The years are neighbours; the day is not known on one side.
    NearYear,
    /// Near each other.
    Near,
    /// A part is common.
    Part,
    /// Different.
    Different,
}

impl Alike {
    /// How a level of a kind reads; `None` where one side is not known.
    pub(crate) fn of(kind: Kind, level: u8) -> Option<Alike> {
        if level == MISSING || level == SAME {
            return (level == SAME).then_some(Alike::Same);
        }
        Some(match (kind, level) {
            (Kind::Name, name::UNMARKED) => Alike::Unmarked,
            (Kind::Name, name::MARKS) => Alike::Marks,
            (Kind::Name, name::SLIP | name::GIVEN_SLIP) | (Kind::Date, date::SLIP) => Alike::Slip,
            (Kind::Name, name::ORDER) | (Kind::Words, words::ORDER) => Alike::Order,
            (Kind::Name, name::SHORTENED) | (Kind::Words, words::PART) => Alike::Shortened,
            (Kind::Name, name::MIDDLE) => Alike::Middle,
            (Kind::Name, name::FAMILY) => Alike::Family,
            (Kind::Name, name::GIVEN) => Alike::Given,
            (Kind::Name, name::LOOSE) | (Kind::Words, words::LOOSE) | (Kind::Word, word::NEAR) => Alike::Slips,
            (Kind::Date, date::SWAPPED) => Alike::Swapped,
            (Kind::Date, date::YEAR) => Alike::Year,
            (Kind::Date, date::NEAR) => Alike::NearYear,
            (Kind::Date, date::DAY) => Alike::Day,
            (Kind::Word, word::SLIP) | (Kind::Words, words::SLIP) => Alike::Slip,
            (Kind::OldNumber | Kind::PersonalNumber, other::NEAR) => Alike::Slip,
            (Kind::Unit, other::NEAR) => Alike::Near,
            (Kind::Place, other::NEAR) | (Kind::Words, words::COMMON) => Alike::Part,
            _ => Alike::Different,
        })
    }

    /// Its stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Alike::Same => "same",
            Alike::Unmarked => "unmarked",
            Alike::Marks => "marks",
            Alike::Slip => "slip",
            Alike::Slips => "slips",
            Alike::Order => "order",
            Alike::Shortened => "shortened",
            Alike::Middle => "middle",
            Alike::Family => "family",
            Alike::Given => "given",
            Alike::Swapped => "swapped",
            Alike::Year => "year",
            Alike::Day => "day",
            Alike::NearYear => "near-year",
            Alike::Near => "near",
            Alike::Part => "part",
            Alike::Different => "different",
        }
    }
}

/// How many levels a kind has.
pub(crate) fn levels(kind: Kind) -> usize {
    match kind {
        Kind::Name => 13,
        Kind::Date | Kind::Words => 8,
        Kind::Word => 5,
        Kind::Sex | Kind::Code | Kind::Text | Kind::Unit | Kind::Place | Kind::OldNumber | Kind::PersonalNumber => 4,
    }
}

/// The level of a field in two rows.
pub(crate) fn level(table: &Table, field: usize, a: &[u32], b: &[u32], common: u32) -> u8 {
    let at = table.at[field];
    let (x, y) = (&a[at..], &b[at..]);
    let kind = table.spec.fields[field].kind;
    match kind {
        Kind::Name => {
            if x[0] == 0 || y[0] == 0 {
                return MISSING;
            }
            if x[NAME_WORDS] == y[NAME_WORDS] && x[..NAME_WORDS] == y[..NAME_WORDS] {
                return SAME;
            }
            let alike = sketches(x[NAME_WORDS + 1], y[NAME_WORDS + 1]);
            names(&table.lexicon, words(x), words(y), common, alike)
        }
        Kind::PersonalNumber => {
            if x[1] == 0 || y[1] == 0 {
                return MISSING;
            }
            let number = |cells: &[u32]| u64::from(cells[1] & !(1 << 31)) << 32 | u64::from(cells[0]);
            numbers(number(x), number(y))
        }
        _ if x[0] == 0 || y[0] == 0 => MISSING,
        Kind::Date => dates(x[0], y[0]),
        Kind::OldNumber => numbers(u64::from(x[0] - 1), u64::from(y[0] - 1)),
        Kind::Unit if x[0] == y[0] => SAME,
        Kind::Unit => {
            if x[0].abs_diff(y[0]) <= 60 {
                other::NEAR
            } else {
                other::DIFFERENT
            }
        }
        Kind::Place if x[..2] == y[..2] => SAME,
        Kind::Place => {
            if x[1] == y[1] {
                other::NEAR
            } else {
                other::DIFFERENT
            }
        }
        _ if x[0] == y[0] => SAME,
        Kind::Word => table.texts.word(x[0] - 1, y[0] - 1),
        Kind::Words => table.texts.words(x[0] - 1, y[0] - 1),
        Kind::Sex | Kind::Code | Kind::Text => {
            if x[0] == y[0] {
                SAME
            } else {
                other::DIFFERENT
            }
        }
    }
}

fn numbers(a: u64, b: u64) -> u8 {
    if a == b {
        return SAME;
    }
    let (mut x, mut y) = (a, b);
    let mut different = [(0, 0); 3];
    let mut count = 0;
    for at in 0..12 {
        if x % 10 != y % 10 {
            if count == 2 {
                return other::DIFFERENT;
            }
            different[count] = (at, x % 10 * 10 + y % 10);
            count += 1;
        }
        (x, y) = (x / 10, y / 10);
    }
    let exchanged =
        different[1].0 == different[0].0 + 1 && different[0].1 == different[1].1 % 10 * 10 + different[1].1 / 10;
    if count == 1 || exchanged { other::NEAR } else { other::DIFFERENT }
}

fn dates(a: u32, b: u32) -> u8 {
    if a == b {
        return SAME;
    }
    let parts = |date: u32| (date >> 9, date >> 5 & 15, date & 31);
    let ((y1, m1, d1), (y2, m2, d2)) = (parts(a), parts(b));
    let whole = |m: u32, d: u32| d > 0 && (m, d) != (1, 1);
    if !whole(m1, d1) || !whole(m2, d2) {
        return match y1.abs_diff(y2) {
            0 => date::YEAR,
            1 => date::NEAR,
            _ => date::OTHER,
        };
    }
    if y1 == y2 && (m1, d1) == (d2, m2) {
        return date::SWAPPED;
    }
    let digits = |x: u32, y: u32| {
        u32::from(x % 10 != y % 10) + u32::from(x / 10 % 10 != y / 10 % 10) + u32::from(x / 100 != y / 100)
    };
    let differ = [digits(y1, y2), digits(m1, m2), digits(d1, d2)];
    let by_one = |x: u32, y: u32| u32::from(x.abs_diff(y) != 1);
    match differ {
        [0, 0, n] => {
            if n == 1 || by_one(d1, d2) == 0 {
                date::SLIP
            } else {
                date::DAY
            }
        }
        [0, n, 0] => {
            if n == 1 || by_one(m1, m2) == 0 {
                date::SLIP
            } else {
                date::DAY
            }
        }
        [n, 0, 0] => {
            if n == 1 || by_one(y1, y2) == 0 {
                date::SLIP
            } else {
                date::OTHER
            }
        }
        [0, ..] => date::DAY,
        // A neighbouring year and exchanged parts.
        _ if y1.abs_diff(y2) == 1 && (m1, d1) == (d2, m2) => date::NEAR,
        _ => date::OTHER,
    }
}

/// Twins of two regions, by their letters.
const REGIONAL: [(&str, &str); 11] = [
    ("hoang", "huynh"),
    ("vu", "vo"),
    ("phuc", "phuoc"),
    ("nhat", "nhut"),
    ("chu", "chau"),
    ("canh", "kieng"),
    ("tung", "tong"),
    ("binh", "banh"),
    ("chinh", "chanh"),
    ("phung", "phuong"),
    ("ly", "li"),
];

fn like(lexicon: &Lexicon, a: Word, b: Word) -> bool {
    let (x, y) = (&lexicon.letters(a).text, &lexicon.letters(b).text);
    is_slip(x, y) || is_regional(x, y)
}

fn is_regional(x: &[u8; 16], y: &[u8; 16]) -> bool {
    let is = |text: &[u8; 16], word: &str| text.starts_with(word.as_bytes()) && text[word.len()] == 0;
    REGIONAL.iter().any(|(one, two)| (is(x, one) && is(y, two)) || (is(x, two) && is(y, one)))
}

/// Whether two names could be made of the same letters but for a slip or two.
fn sketches(x: u32, y: u32) -> bool {
    ((x ^ y) >> 6).count_ones() <= 3 && (x & 63).abs_diff(y & 63) <= 2
}

/// Two names. `common`: a given name that stands this often is one that people have.
pub(crate) fn names(lexicon: &Lexicon, a: &[Word], b: &[Word], common: u32, alike: bool) -> u8 {
    let (Some(last_a), Some(last_b)) = (a.last(), b.last()) else { return MISSING };
    let given = same_letters(*last_a, *last_b);
    if a.len() == b.len() {
        let mut different = [0; 2];
        let mut count = 0;
        let mut plain = true;
        for (at, (x, y)) in a.iter().zip(b).enumerate() {
            if x == y {
                continue;
            }
            if same_letters(*x, *y) {
                plain &= unmarked(*x) || unmarked(*y);
                continue;
            }
            if count == 2 {
                count = 3;
                break;
            }
            different[count] = at;
            count += 1;
        }
        match count {
            0 => return if plain { name::UNMARKED } else { name::MARKS },
            1 => {
                let at = different[0];
                let alike = like(lexicon, a[at], b[at]);
                if at + 1 == a.len() {
                    let often = |word: Word| lexicon.letters(word).given >= common;
                    return match alike {
                        true if often(a[at]) && often(b[at]) => name::GIVEN_SLIP,
                        true => name::SLIP,
                        false => name::GIVEN,
                    };
                }
                return match (alike, at) {
                    (true, _) => name::SLIP,
                    (false, 0) => name::FAMILY,
                    (false, _) => name::MIDDLE,
                };
            }
            2 => {
                let [x, y] = different;
                if same_letters(a[x], b[y]) && same_letters(a[y], b[x]) {
                    return name::ORDER;
                }
                if like(lexicon, a[x], b[x]) && like(lexicon, a[y], b[y]) {
                    return name::LOOSE;
                }
            }
            _ => {}
        }
        return if alike { loosely(lexicon, a, b) } else { None }.unwrap_or_else(|| ends(a, b, given));
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let family = same_letters(a[0], b[0]);
    if given && family && short.len() > 1 {
        let mut rest = long.iter();
        let contained = short.iter().all(|word| rest.any(|other| same_letters(*word, *other)));
        return if contained { name::SHORTENED } else { name::MIDDLE };
    }
    if short.len() > 1 && ((given && like(lexicon, a[0], b[0])) || (family && like(lexicon, *last_a, *last_b))) {
        let often = |word: Word| lexicon.letters(word).given >= common;
        return if given || !(often(*last_a) && often(*last_b)) { name::LOOSE } else { name::GIVEN };
    }
    if alike { loosely(lexicon, a, b) } else { None }.unwrap_or_else(|| ends(a, b, given))
}

/// Names whose words do not lie side by side: a space lost, put in or hit beside; words in another order with a slip.
fn loosely(lexicon: &Lexicon, a: &[Word], b: &[Word]) -> Option<u8> {
    let (x, y) = (joined(lexicon, a), joined(lexicon, b));
    let (x, y) = (&x.0[..x.1], &y.0[..y.1]);
    if x.len().abs_diff(y.len()) <= 2 && x.first() == y.first() {
        if x == y || (a.len() != b.len() && differ_in_a_slip(x, y)) {
            return Some(name::SLIP);
        }
        // A letter typed for a space.
        if a.len() != b.len() && x.len().abs_diff(y.len()) == 1 && differ_in_a_slip(x, y) {
            return Some(name::SLIP);
        }
    }
    if a.len() != b.len() || a.len() < 3 {
        return None;
    }
    // Every word is found on the other side, but one that is like one.
    let mut taken = 0u32;
    let mut left = None;
    for word in a {
        match (0..b.len()).find(|at| taken >> at & 1 == 0 && same_letters(*word, b[*at])) {
            Some(at) => taken |= 1 << at,
            None if left.is_none() => left = Some(*word),
            None => return None,
        }
    }
    let (word, at) = (left?, (0..b.len()).find(|at| taken >> at & 1 == 0)?);
    like(lexicon, word, b[at]).then_some(name::LOOSE)
}

fn ends(a: &[Word], b: &[Word], given: bool) -> u8 {
    match (same_letters(a[0], b[0]), given) {
        (true, true) => name::MIDDLE,
        (false, true) => name::FAMILY,
        (true, false) => name::GIVEN,
        (false, false) => name::OTHER,
    }
}

fn joined(lexicon: &Lexicon, words: &[Word]) -> ([u8; 64], usize) {
    let mut text = [0; 64];
    let mut length = 0;
    for byte in words.iter().flat_map(|word| lexicon.letters(*word).text).filter(|byte| *byte != 0) {
        if length < text.len() {
            text[length] = byte;
            length += 1;
        }
    }
    (text, length)
}
