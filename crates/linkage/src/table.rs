//! Records in rows of equal width: what is compared, packed so that a pair is two short reads of memory.

use crate::maths::{hash, log2, mix};
use crate::spec::{Key, Kind, Part, Spec};
use crate::text::Texts;
use crate::word::{Lexicon, MEANINGS, Meant, Word};
use foldhash::HashMap;
use rayon::prelude::*;
use time::CivilDate;
use vn::{OldNumber, PersonalNumber, Sex};

/// Syllables of a name that are kept; more are put together in the last but one.
pub(crate) const NAME_WORDS: usize = 6;
/// Fields that say enough: two records that agree in so many word for word are about one person.
const KNOWN_ENOUGH: usize = 6;
/// More records than this that are read as the same are a crowd.
const CROWD_MIN: usize = 16;
/// How much likelier than what stands there, in bits, another meaning has to be.
const MARGIN: f64 = 4.0;
/// What a word that was never seen counts.
const UNSEEN: f64 = 0.1;
/// Bytes for patterns, the model and pairs, whatever the number of records.
const FIXED: u64 = 64 << 20;
/// Rarities of a value that agrees.
pub(crate) const BINS: usize = 8;

/// Records, ready to be linked.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) spec: Spec,
    pub(crate) lexicon: Lexicon,
    pub(crate) texts: Texts,
    /// Where each field begins in a row.
    pub(crate) at: Vec<usize>,
    pub(crate) width: usize,
    /// The rows one after the other; the last word of each holds its rarities, four bits a field.
    pub(crate) cells: Vec<u32>,
    /// A number of each row's content, for ties.
    pub(crate) content: Vec<u64>,
    words: Vec<Word>,
    /// Records that are set aside, if any are.
    aside: Vec<bool>,
    /// Cells that can be meant in several ways, of rows that do not tell in which.
    open: Vec<Open>,
    /// How many cells were certainly meant in each way.
    meant: [u64; MEANINGS.len()],
}

/// A cell that can be meant in several ways.
#[derive(Clone, Debug)]
struct Open {
    record: u32,
    field: u8,
    ways: u8,
    cell: Box<str>,
}

/// The words of memory that a field takes.
fn words_of(kind: Kind) -> usize {
    match kind {
        // The words, a number of their letters, and which letters and how many.
        Kind::Name => NAME_WORDS + 2,
        // A word's letters and a number of them.
        Kind::Place | Kind::PersonalNumber | Kind::Word | Kind::Words => 2,
        Kind::Date | Kind::Sex | Kind::Code | Kind::Unit | Kind::Text | Kind::OldNumber => 1,
    }
}

/// How many rarities of a kind's agreement are told apart, and the bits of rarity between them.
pub(crate) fn bins(kind: Kind) -> (usize, f64) {
    match kind {
        Kind::Name | Kind::Word | Kind::Words => (8, 2.0),
        Kind::Place => (4, 2.5),
        Kind::Date | Kind::Code => (2, 3.0),
        Kind::Sex | Kind::Unit | Kind::Text | Kind::OldNumber | Kind::PersonalNumber => (1, 1.0),
    }
}

impl Table {
    /// A table without records.
    #[must_use]
    pub fn new(spec: Spec) -> Table {
        let mut at = Vec::new();
        let mut width = 0;
        for field in &spec.fields {
            at.push(width);
            width += words_of(field.kind);
        }
        // Rarities: eight fields to a word.
        let width = width + spec.fields.len().div_ceil(8);
        Table {
            spec,
            lexicon: Lexicon::default(),
            texts: Texts::default(),
            at,
            width,
            cells: Vec::new(),
            content: Vec::new(),
            words: Vec::new(),
            aside: Vec::new(),
            open: Vec::new(),
            meant: [0; MEANINGS.len()],
        }
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.content.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Bytes of memory that linking these records takes, the records themselves with it.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let keys = self.spec.keys.len();
        // A row and its content; its block by key, and the blocks, of which two thirds were the most seen; what is sorted.
        let record = self.width * 4 + 8 + keys * 4 + keys * 3 + 24;
        (self.len() * record) as u64 + self.lexicon.memory() + self.texts.memory() + FIXED
    }

    pub(crate) fn row(&self, record: u32) -> &[u32] {
        &self.cells[record as usize * self.width..][..self.width]
    }

    /// The description of the records.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Takes in a record: a cell for each field of the description, as it was written. Empty cells say nothing.
    ///
    /// Text in an old code page is read as it was meant. What can be meant in several ways (`Vò` and `Vũ`) is decided by the
    /// other cells of the row, and where they do not tell, by what is usual in all the records ([`crate::link`]).
    pub fn push(&mut self, cells: &[&str]) {
        let begin = self.cells.len();
        self.cells.resize(begin + self.width, 0);
        let mut content = 0;
        let cells = &cells[..cells.len().min(self.spec.fields.len())];
        let (mut seen, mut open) = (0u8, 0u32);
        for (field, cell) in cells.iter().enumerate() {
            content = hash(content ^ field as u64, cell.as_bytes());
            if cell.is_empty() {
                continue;
            }
            match self.read(begin, field, cell, None) {
                Meant::Anyhow => {}
                Meant::As(way) => {
                    seen |= 1 << way;
                    self.meant[way] += 1;
                }
                Meant::Either(_) => open |= 1 << field,
            }
        }
        for (field, cell) in cells.iter().enumerate().filter(|(field, _)| open >> field & 1 == 1) {
            if seen.is_power_of_two() {
                self.read(begin, field, cell, Some(seen.trailing_zeros() as usize));
            } else if let Meant::Either(ways) = self.read(begin, field, cell, None) {
                self.open.push(Open {
                    record: self.content.len() as u32,
                    field: field as u8,
                    ways,
                    cell: (*cell).into(),
                });
            }
        }
        self.content.push(content);
        if let Some(name) = self.spec.name
            && let Some(given) = words(&self.cells[begin + self.at[name]..]).last()
        {
            self.lexicon.count_given(*given);
        }
    }

    /// Decides what rows did not tell: by how often a name begins with a word or holds it, and by how many cells are in each
    /// code page. What stands there is left unless another meaning is much likelier.
    pub(crate) fn settle(&mut self) {
        let open = std::mem::take(&mut self.open);
        if open.is_empty() {
            return;
        }
        let mut counts: HashMap<(bool, Word), u32> = HashMap::default();
        let names = (0..self.spec.fields.len()).filter(|field| self.spec.fields[*field].kind == Kind::Name);
        for at in names.map(|field| self.at[field]) {
            for row in self.cells.chunks_exact(self.width) {
                for (place, word) in words(&row[at..]).iter().enumerate() {
                    *counts.entry((place == 0, *word)).or_default() += 1;
                }
            }
        }
        let (words, cells) =
            (counts.values().map(|count| f64::from(*count)).sum::<f64>(), self.meant.iter().sum::<u64>());
        let mut read: Vec<Word> = Vec::new();
        for Open { record, field, ways, cell } in open {
            let (begin, field) = (record as usize * self.width, usize::from(field));
            let is_name = self.spec.fields[field].kind == Kind::Name;
            let mut likely = |way: usize| {
                self.lexicon.words(&cell, Some(way), &mut read);
                let word = |(place, word): (usize, &Word)| {
                    let count = counts.get(&(place == 0, *word)).copied().unwrap_or(0);
                    log2((f64::from(count) + UNSEEN) / (words + 1.0))
                };
                let done = log2((self.meant[way] as f64 + UNSEEN) / (cells as f64 + 1.0));
                done + if is_name { read.iter().enumerate().map(word).sum() } else { 0.0 }
            };
            let mut found: Vec<(f64, usize)> =
                (0..MEANINGS.len()).filter(|way| ways >> way & 1 == 1).map(|way| (likely(way), way)).collect();
            // As it stands, if it can be meant so.
            if let Some((bits, _)) = found.first_mut().filter(|(_, way)| *way == 0) {
                *bits += MARGIN;
            }
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let way = found.first().map(|(_, way)| *way);
            self.read(begin, field, &cell, way);
        }
    }

    /// Takes in a record whose values count as the rarest, and gives its position: where it agrees with another, the rarity
    /// of the other's value counts.
    pub(crate) fn push_rarest(&mut self, cells: &[&str]) -> u32 {
        self.push(cells);
        // One record tells nothing about what is usual.
        self.open.clear();
        let fields = self.spec.fields.len();
        let slots = self.cells.len() - fields.div_ceil(8);
        for field in 0..fields {
            self.cells[slots + field / 8] |= (BINS as u32 - 1) << (field % 8 * 4);
        }
        self.len() as u32 - 1
    }

    /// Forgets the last record.
    pub(crate) fn pop(&mut self) {
        self.content.pop();
        self.cells.truncate(self.content.len() * self.width);
    }

    /// Reads a cell into the row that begins there, its text in a code page if one is given.
    fn read(&mut self, begin: usize, field: usize, cell: &str, way: Option<usize>) -> Meant {
        let kind = self.spec.fields[field].kind;
        let at = begin + self.at[field];
        let mut meant = Meant::Anyhow;
        match kind {
            Kind::Name => {
                let mut words = std::mem::take(&mut self.words);
                meant = self.lexicon.words(cell, way, &mut words);
                if words.len() > NAME_WORDS {
                    let last = words[words.len() - 1];
                    words.truncate(NAME_WORDS - 1);
                    words.push(last);
                }
                self.cells[at..at + NAME_WORDS].fill(0);
                self.cells[at..at + words.len()].copy_from_slice(&words);
                self.cells[at + NAME_WORDS] = self.lexicon.hash(&words) as u32;
                self.cells[at + NAME_WORDS + 1] = self.lexicon.sketch(&words);
                self.words = words;
            }
            Kind::Date => self.cells[at] = date(cell),
            Kind::Sex => {
                self.cells[at] = match vn::sex(cell) {
                    Some(Sex::Male) => 1,
                    Some(Sex::Female) => 2,
                    None => 0,
                }
            }
            Kind::Code => self.cells[at] = code(cell),
            Kind::Unit => {
                let digits = cell.trim().trim_end_matches(".0");
                self.cells[at] = digits.parse::<u32>().map_or(0, |number| number.saturating_add(1));
            }
            Kind::Place => {
                let mut words = std::mem::take(&mut self.words);
                meant = self.lexicon.words(cell, way, &mut words);
                let mut known: [u64; 24] = [0; 24];
                let mut count = 0;
                for word in &words {
                    let letters = self.lexicon.letters(*word);
                    if count < known.len() && !is_unit_word(&letters.text) {
                        known[count] = letters.hash;
                        count += 1;
                    }
                }
                let number = |words: &[u64]| words.iter().fold(0, |sum: u64, word| mix(sum ^ word)) as u32 | 1;
                if count > 0 {
                    self.cells[at] = number(&known[..count]);
                    self.cells[at + 1] = number(&known[count.saturating_sub(3)..count]);
                }
                self.words = words;
            }
            Kind::Text => {
                let mut words = std::mem::take(&mut self.words);
                meant = self.lexicon.words(cell, way, &mut words);
                self.cells[at] = self.lexicon.hash(&words) as u32;
                self.words = words;
            }
            Kind::Word | Kind::Words => {
                if let Some((text, number)) = self.texts.read(cell, kind == Kind::Words) {
                    self.cells[at] = text + 1;
                    self.cells[at + 1] = number;
                }
            }
            Kind::OldNumber | Kind::PersonalNumber => self.number(begin, cell),
        }
        meant
    }

    /// A number stands where its digits say, whatever its column: twelve digits in the column of nine are twelve digits.
    fn number(&mut self, begin: usize, cell: &str) {
        let place = |kind: Kind| {
            self.spec.fields.iter().position(|field| field.kind == kind).map(|field| begin + self.at[field])
        };
        if let Some((number, _)) = PersonalNumber::read(cell) {
            let value = u64::from(number);
            if let Some(at) = place(Kind::PersonalNumber) {
                self.cells[at] = value as u32;
                self.cells[at + 1] = (value >> 32) as u32 | 1 << 31;
            }
        } else if let Some((number, _)) = OldNumber::read(cell)
            && let Some(at) = place(Kind::OldNumber)
        {
            self.cells[at] = u32::from(number) + 1;
        }
    }

    /// Sets aside crowds of records that are read as the same and say enough to be about one person: gives the first of each,
    /// by content, and the others, which are compared with nobody.
    pub(crate) fn set_crowds_aside(&mut self) -> Vec<(u32, Vec<u32>)> {
        let this = &*self;
        let known = |row: &[u32]| this.at.iter().filter(|at| row[**at] != 0).count() >= KNOWN_ENOUGH;
        let values = |record: u32| &this.row(record)[..this.width - this.spec.fields.len().div_ceil(8)];
        let number = |record: u32| values(record).iter().fold(0, |sum, cell| mix(sum ^ u64::from(*cell)));
        let mut keyed: Vec<u64> = (0..this.len() as u32)
            .into_par_iter()
            .filter(|record| known(this.row(*record)))
            .map(|record| number(record) >> 32 << 32 | u64::from(record))
            .collect();
        keyed.par_sort_unstable();
        let mut crowds: Vec<(u32, Vec<u32>)> = Vec::new();
        for group in keyed.chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() > CROWD_MIN) {
            let mut members: Vec<u32> = group.iter().map(|keyed| *keyed as u32).collect();
            members.sort_unstable_by_key(|record| (this.content[*record as usize], *record));
            let first = members[0];
            // What only met by chance is compared as any other.
            let others: Vec<u32> = members[1..].iter().copied().filter(|at| values(*at) == values(first)).collect();
            if others.len() >= CROWD_MIN {
                crowds.push((first, others));
            }
        }
        let all = crowds.iter().flat_map(|(_, others)| others);
        let mut aside = vec![false; if crowds.is_empty() { 0 } else { self.len() }];
        all.for_each(|record| aside[*record as usize] = true);
        self.aside = aside;
        crowds
    }

    /// The records that are compared: all but those set aside.
    pub(crate) fn compared(&self) -> impl Iterator<Item = u32> {
        (0..self.len() as u32).filter(|record| self.is_compared(*record))
    }

    /// Whether a record is compared.
    pub(crate) fn is_compared(&self, record: u32) -> bool {
        self.aside.is_empty() || !self.aside[record as usize]
    }

    /// Whether two records are the same word for word, and say enough to be about one person.
    pub(crate) fn same_words(&self, a: u32, b: u32) -> bool {
        let known = || self.at.iter().filter(|at| self.row(a)[**at] != 0).count();
        self.content[a as usize] == self.content[b as usize] && known() >= KNOWN_ENOUGH
    }

    /// A number of a part of a field, the same in every run; `None` where it is not known.
    pub(crate) fn part(&self, row: &[u32], field: usize, part: Part) -> Option<u64> {
        let cells = &row[self.at[field]..];
        let value = match (self.spec.fields[field].kind, part) {
            (Kind::Name, Part::Last) => self.lexicon.hash(&words(cells)[words(cells).len().saturating_sub(1)..]),
            (Kind::Name, Part::First) => self.lexicon.hash(&words(cells)[..words(cells).len().min(1)]),
            (Kind::Name, _) => u64::from(cells[NAME_WORDS]),
            (Kind::Date, part) => {
                let (year, month, day) = (cells[0] >> 9, cells[0] >> 5 & 15, cells[0] & 31);
                let order = u64::from(month.min(day)) << 5 | u64::from(month.max(day));
                // The first of January stands for a day that is not known.
                let known = day > 0 && (month, day) != (1, 1);
                match part {
                    Part::Year => u64::from(year),
                    Part::DayMonth if known => order,
                    Part::Date | Part::Whole if known => u64::from(year) << 10 | order,
                    _ => 0,
                }
            }
            (Kind::Place | Kind::PersonalNumber, _) => u64::from(cells[0]) | u64::from(cells[1]) << 32,
            (Kind::Words, Part::First | Part::Last) if cells[0] != 0 => {
                self.texts.end(cells[0] - 1, part == Part::Last)
            }
            (Kind::Word | Kind::Words, _) => u64::from(cells[1]),
            _ => u64::from(cells[0]),
        };
        (value != 0).then_some(value)
    }

    /// A number of a key's parts; `None` where one is not known.
    pub(crate) fn key(&self, row: &[u32], key: &Key) -> Option<u64> {
        key.parts
            .iter()
            .try_fold(0, |sum: u64, (field, part)| Some(mix(sum ^ self.part(row, *field, *part)?).wrapping_add(1)))
    }

    /// Counts how often each value stands, and notes in each row how rare its values are.
    pub(crate) fn count(&mut self) -> Vec<Rarity> {
        let fields = self.spec.fields.len();
        let mut all = Vec::with_capacity(fields);
        for field in 0..fields {
            let (bins, step) = bins(self.spec.fields[field].kind);
            let mut rarity = Rarity::default();
            let mut valued: Vec<u64> = self
                .compared()
                .filter_map(|record| {
                    let value = self.part(self.row(record), field, Part::Whole)?;
                    Some(mix(value) >> 32 << 32 | u64::from(record))
                })
                .collect();
            valued.par_sort_unstable();
            rarity.known = valued.len() as u64;
            let slot = self.width - fields.div_ceil(8) + field / 8;
            for group in valued.chunk_by(|a, b| a >> 32 == b >> 32) {
                let count = group.len() as u64;
                // The rarest values have the highest number; the most frequent bits hold the rest.
                let bits = log2(rarity.known as f64 / count as f64);
                let bin = ((bits / step) as usize).saturating_sub(base(bins, step)).min(bins - 1);
                rarity.records[bin] += count;
                rarity.pairs[bin] += count * (count - 1) / 2;
                if bin > 0 {
                    for record in group {
                        self.cells[*record as u32 as usize * self.width + slot] |= (bin as u32) << (field % 8 * 4);
                    }
                }
            }
            all.push(rarity);
        }
        all
    }

    /// How rare a row's value is.
    pub(crate) fn bin(&self, row: &[u32], field: usize) -> usize {
        let slot = self.width - self.spec.fields.len().div_ceil(8) + field / 8;
        (row[slot] >> (field % 8 * 4) & 15) as usize
    }
}

/// The first bin begins at this many steps: values that everybody shares are one.
fn base(bins: usize, step: f64) -> usize {
    if bins > 4 { (4.0 / step) as usize } else { 0 }
}

/// How a field's values are spread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rarity {
    /// Records with a value.
    pub(crate) known: u64,
    /// Records by how rare their value is.
    pub(crate) records: [u64; BINS],
    /// Pairs of records that agree, by how rare their value is.
    pub(crate) pairs: [u64; BINS],
}

/// The words of a name: up to the first that is none.
pub(crate) fn words(cells: &[u32]) -> &[Word] {
    let cells = &cells[..NAME_WORDS.min(cells.len())];
    &cells[..cells.iter().position(|word| *word == 0).unwrap_or(cells.len())]
}

fn date(cell: &str) -> u32 {
    let Some(reading) = CivilDate::read(cell) else { return 0 };
    let date = reading.date;
    (date.year() as u32) << 9 | u32::from(date.month().unwrap_or(0)) << 5 | u32::from(date.day().unwrap_or(0))
}

/// A code without its lost or added zeros, a word without its marks and case.
fn code(cell: &str) -> u32 {
    let cell = cell.trim();
    let cell = cell.strip_suffix(".0").unwrap_or(cell).trim_start_matches(['0', '\'']);
    if cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return hash(2, cell.as_bytes()) as u32 | 1;
    }
    match vn::fold(cell).as_str() {
        "" => 0,
        folded => hash(2, folded.as_bytes()) as u32 | 1,
    }
}

/// Words for kinds of unit, which offices write, shorten and leave out.
fn is_unit_word(text: &[u8; 16]) -> bool {
    const WORDS: [&[u8]; 16] = [
        b"xa", b"phuong", b"thi", b"tran", b"huyen", b"quan", b"tinh", b"thanh", b"pho", b"p", b"q", b"h", b"tx",
        b"tp", b"tt", b"x",
    ];
    let length = text.iter().position(|byte| *byte == 0).unwrap_or(16);
    WORDS.contains(&&text[..length])
}
