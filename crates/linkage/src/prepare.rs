//! Records made ready for comparison: words as numbers, frequencies counted.

use std::collections::HashMap;
use vn::{Syllable, fold};

/// A record as the linker takes it; empty cells are empty strings or `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// The name, repaired.
    pub name: String,
    /// Year, month, day of birth; zero where not known.
    pub birth: (u16, u8, u8),
    /// 1 male, 2 female, 0 not known.
    pub sex: u8,
    /// Province of birth registration.
    pub birth_province: u16,
    /// Home town.
    pub home_town: String,
    /// Commune of residence.
    pub ward: u32,
    /// Address within the commune.
    pub address: String,
    /// The old nine-digit number.
    pub old_number: Option<u32>,
    /// The twelve-digit number.
    pub number: Option<u64>,
    /// The father's name.
    pub father: String,
    /// The mother's name.
    pub mother: String,
    /// The household number.
    pub household: u64,
}

/// A name as its syllables.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Name {
    /// Folded, in order.
    pub(crate) folded: Vec<String>,
    /// All folded syllables as one number; 0 for no name.
    pub(crate) key: u64,
    /// The same with tones.
    pub(crate) toned: u64,
    /// Whether the given name is a syllable that exists.
    pub(crate) real: bool,
    /// How often the whole folded name stands in this column, as a share.
    pub(crate) share: f64,
}

pub(crate) struct Prepared {
    pub(crate) records: Vec<Ready>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Ready {
    pub(crate) name: Name,
    pub(crate) father: Name,
    pub(crate) mother: Name,
    pub(crate) birth: (u16, u8, u8),
    pub(crate) sex: u8,
    pub(crate) birth_province: u16,
    /// Folded words of the home town without the words for kinds of unit.
    pub(crate) home: u64,
    pub(crate) ward: u32,
    pub(crate) address: u64,
    pub(crate) old_number: u32,
    pub(crate) number: u64,
    pub(crate) household: u64,
    /// A number of the content, for ties.
    pub(crate) content: u64,
}

/// FNV-1a, 64 bits: the same on every machine.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut value = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0xff]) {
            value = (value ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    // FNV's low bits mix poorly; one round of a finaliser spreads them.
    value ^= value >> 32;
    value.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn name(text: &str) -> Name {
    let folded: Vec<String> = fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if folded.is_empty() {
        return Name::default();
    }
    let toned: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            let Syllable { letters, tone } = Syllable::of(word);
            format!("{letters}{tone}")
        })
        .collect();
    let bytes: Vec<&[u8]> = folded.iter().map(|word| word.as_bytes()).collect();
    let tones: Vec<&[u8]> = toned.iter().map(|word| word.as_bytes()).collect();
    let real = text.split_whitespace().last().is_some_and(vn::is_syllable);
    Name { key: hash(&bytes) | 1, toned: hash(&tones), real, share: 0.0, folded }
}

/// Words for kinds of unit, which offices write, shorten and leave out.
const UNIT_WORDS: &[&str] =
    &["xa", "phuong", "thi", "tran", "huyen", "quan", "tinh", "thanh", "pho", "p", "q", "h", "tx", "tp", "tt", "x"];

fn home(text: &str) -> u64 {
    let folded = fold(text);
    let words: Vec<&[u8]> = folded.split(' ').filter(|word| !UNIT_WORDS.contains(word)).map(str::as_bytes).collect();
    if words.is_empty() { 0 } else { hash(&words) | 1 }
}

pub(crate) fn prepare(records: &[Record]) -> Prepared {
    use rayon::prelude::*;
    let mut ready: Vec<Ready> = records
        .par_iter()
        .map(|record| Ready {
            name: name(&record.name),
            father: name(&record.father),
            mother: name(&record.mother),
            birth: record.birth,
            sex: record.sex,
            birth_province: record.birth_province,
            home: home(&record.home_town),
            ward: record.ward,
            address: if record.address.is_empty() { 0 } else { hash(&[fold(&record.address).as_bytes()]) | 1 },
            old_number: record.old_number.unwrap_or(0),
            number: record.number.unwrap_or(0),
            household: record.household,
            content: content(record),
        })
        .collect();
    type Part = fn(&mut Ready) -> &mut Name;
    let parts: [Part; 3] = [|r| &mut r.name, |r| &mut r.father, |r| &mut r.mother];
    for part in parts {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        let mut all = 0u32;
        for record in &mut ready {
            let key = part(record).key;
            if key != 0 {
                *counts.entry(key).or_default() += 1;
                all += 1;
            }
        }
        for record in &mut ready {
            let name = part(record);
            name.share = f64::from(counts.get(&name.key).copied().unwrap_or(0)) / f64::from(all.max(1));
        }
    }
    Prepared { records: ready }
}

fn content(record: &Record) -> u64 {
    let numbers = format!(
        "{:?} {} {} {} {:?} {:?} {}",
        record.birth,
        record.sex,
        record.birth_province,
        record.ward,
        record.old_number,
        record.number,
        record.household
    );
    let texts = [&record.name, &record.home_town, &record.address, &record.father, &record.mother, &numbers];
    hash(&texts.map(|text| text.as_bytes()))
}
