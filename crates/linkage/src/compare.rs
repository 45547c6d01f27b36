//! Two records compared: evidence in bits, field by field.
//!
//! What identifies one person (name, date, sex, numbers) is kept apart from what a family shares (parents, household,
//! commune, home town). A family's evidence is capped, and cannot carry a pair whose given names or dates differ: that is
//! how brothers, parents and twins stay two.

use crate::prepare::{Name, Prepared, Ready};

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// Full name.
    Name,
    /// Date of birth.
    Birth,
    /// Sex.
    Sex,
    /// Twelve-digit number.
    Number,
    /// Nine-digit number.
    OldNumber,
    /// Parents, household, places: capped together.
    Family,
}

/// What speaks for (positive) and against (negative) one person, in bits.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Evidence {
    /// By field; fields that are not known on both sides are left out.
    pub bits: Vec<(Field, f64)>,
    /// A hard rule says no: two valid different numbers.
    pub forbidden: bool,
    /// Looks like kin: only an officer may merge.
    pub kin: bool,
}

impl Evidence {
    /// The sum of all evidence in bits.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.bits.iter().map(|(_, bits)| bits).sum()
    }
}

/// The most that a family's evidence may weigh, in bits.
const FAMILY_MAX: f64 = 15.0;

/// How two names look.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Likeness {
    Different,
    /// Family name and given name agree, a middle name is missing.
    Shortened,
    /// A slip of the keys.
    Slip,
    /// The same letters, other marks.
    Marks,
    Same,
}

pub(crate) fn compare(prepared: &Prepared, a: usize, b: usize) -> Evidence {
    let (a, b) = (&prepared.records[a], &prepared.records[b]);
    let mut evidence = Evidence::default();
    let name = likeness(&a.name, &b.name);
    if let Some(name) = name {
        evidence.bits.push((Field::Name, name_bits(name, a.name.share.max(b.name.share))));
    }
    let birth = birth_bits(a.birth, b.birth);
    if let Some(bits) = birth {
        evidence.bits.push((Field::Birth, bits));
    }
    if a.sex != 0 && b.sex != 0 {
        evidence.bits.push((Field::Sex, if a.sex == b.sex { 0.9 } else { -5.0 }));
    }
    let mut number_agrees = false;
    if a.number != 0 && b.number != 0 {
        number_agrees = a.number == b.number;
        evidence.forbidden = !number_agrees;
        evidence.bits.push((Field::Number, if number_agrees { 24.0 } else { -40.0 }));
    }
    if a.old_number != 0 && b.old_number != 0 {
        let same = a.old_number == b.old_number;
        number_agrees |= same;
        evidence.bits.push((
            Field::OldNumber,
            if same {
                15.0
            } else if one_slip(a.old_number, b.old_number) {
                5.0
            } else {
                -2.0
            },
        ));
    }
    let family = family_bits(a, b);
    evidence.bits.push((Field::Family, family.min(FAMILY_MAX)));
    let names_differ = name.is_some_and(|name| name == Likeness::Different) || given_differs(&a.name, &b.name);
    let dates_differ = birth.is_some_and(|bits| bits < 0.0);
    // A number alone does not make one person of two names: numbers were issued twice.
    evidence.kin = match (names_differ, dates_differ) {
        (true, true) => true,
        (false, false) => false,
        _ => !number_agrees,
    };
    // One number, two names and no more than a year in common: the number was issued twice.
    if names_differ && birth.is_some_and(|bits| bits < 7.0) {
        evidence.kin = true;
    }
    // A date that is not quite the same needs a rare name, both parents or a number beside it; where two old numbers differ
    // in more than a slip, a rare name is not enough.
    let same_date = birth.is_some_and(|bits| bits >= 9.0) || (a.birth == b.birth && birth.is_some());
    let rare = evidence.bits.first().is_some_and(|(field, bits)| *field == Field::Name && *bits >= 5.0);
    let parents = [(&a.father, &b.father), (&a.mother, &b.mother)];
    let both_parents =
        parents.into_iter().all(|(x, y)| likeness(x, y).is_some_and(|likeness| likeness >= Likeness::Slip));
    let other_old = evidence.bits.iter().any(|(field, bits)| *field == Field::OldNumber && *bits < 0.0);
    let carried = number_agrees || same_date || both_parents || (rare && !other_old);
    if !carried {
        evidence.kin = true;
    }
    evidence
}

/// Bits for a name: rare names say more when they agree.
fn name_bits(likeness: Likeness, share: f64) -> f64 {
    let rarity = -share.max(1e-6).log2();
    match likeness {
        Likeness::Same => rarity.min(16.0) - 0.3,
        Likeness::Marks => rarity.min(16.0) - 2.0,
        Likeness::Slip => (rarity - 4.0).min(10.0),
        Likeness::Shortened => (rarity - 6.0).min(8.0),
        Likeness::Different => -8.0,
    }
}

fn likeness(a: &Name, b: &Name) -> Option<Likeness> {
    if a.key == 0 || b.key == 0 {
        return None;
    }
    if a.toned == b.toned {
        return Some(Likeness::Same);
    }
    if a.key == b.key {
        return Some(Likeness::Marks);
    }
    let (x, y) = (a.folded.concat(), b.folded.concat());
    if distance_at_most(x.as_bytes(), y.as_bytes(), 1 + usize::from(x.len() > 14)) {
        return Some(Likeness::Slip);
    }
    let ends = a.folded.first() == b.folded.first() && a.folded.last() == b.folded.last();
    let (short, long) = if a.folded.len() < b.folded.len() { (a, b) } else { (b, a) };
    let mut rest = long.folded.iter();
    if ends && short.folded.len() >= 2 && short.folded.iter().all(|word| rest.any(|other| other == word)) {
        return Some(Likeness::Shortened);
    }
    // Two slips in a name of several words.
    let slips = a.folded.len() == b.folded.len()
        && a.folded.iter().zip(&b.folded).all(|(x, y)| distance_at_most(x.as_bytes(), y.as_bytes(), 1));
    if slips && a.folded.iter().zip(&b.folded).filter(|(x, y)| x != y).count() <= 2 {
        return Some(Likeness::Slip);
    }
    Some(Likeness::Different)
}

/// Two given names that both exist and are not the same letters: twins are called Lan and Lam.
fn given_differs(a: &Name, b: &Name) -> bool {
    a.real && b.real && a.folded.last() != b.folded.last()
}

/// Bits for dates of birth.
fn birth_bits(a: (u16, u8, u8), b: (u16, u8, u8)) -> Option<f64> {
    if a.0 == 0 || b.0 == 0 {
        return None;
    }
    let full = a.2 != 0 && b.2 != 0;
    if !full {
        return Some(if a.0 == b.0 {
            5.0
        } else if a.0.abs_diff(b.0) <= 1 {
            0.5
        } else {
            -5.0
        });
    }
    if a == b {
        // The first of January stands for "not known" in many files.
        return Some(if (a.1, a.2) == (1, 1) { 7.0 } else { 14.0 });
    }
    if a.0 == b.0 && (a.1, a.2) == (b.2, b.1) {
        return Some(9.0);
    }
    let digits = |(year, month, day): (u16, u8, u8)| {
        let (y, m, d) = (u32::from(year), u32::from(month), u32::from(day));
        [y / 1000, y / 100 % 10, y / 10 % 10, y % 10, m / 10, m % 10, d / 10, d % 10]
    };
    let different = digits(a).iter().zip(digits(b)).filter(|(x, y)| **x != *y).count();
    Some(match different {
        1 => 7.0,
        2 if a.0 == b.0 => 2.0,
        _ => -7.0,
    })
}

/// Bits for what a family shares.
fn family_bits(a: &Ready, b: &Ready) -> f64 {
    let mut bits = 0.0;
    for (x, y) in [(&a.father, &b.father), (&a.mother, &b.mother)] {
        if let Some(likeness) = likeness(x, y) {
            let rarity = -x.share.max(y.share).max(1e-6).log2();
            bits += match likeness {
                Likeness::Same | Likeness::Marks => rarity.min(9.0),
                Likeness::Slip | Likeness::Shortened => (rarity - 3.0).min(6.0),
                Likeness::Different => -6.0,
            };
        }
    }
    if a.household != 0 && b.household != 0 {
        bits += if a.household == b.household { 9.0 } else { -0.7 };
    }
    if a.ward != 0 && b.ward != 0 {
        bits += if a.ward == b.ward { 6.0 } else { -1.0 };
    }
    if a.address != 0 && b.address != 0 && a.ward == b.ward && a.address == b.address {
        bits += 2.0;
    }
    if a.home != 0 && b.home != 0 {
        bits += if a.home == b.home { 6.0 } else { -3.0 };
    }
    if a.birth_province != 0 && b.birth_province != 0 {
        bits += if a.birth_province == b.birth_province { 2.0 } else { -3.0 };
    }
    bits
}

/// Whether two numbers differ in one digit or in two neighbours exchanged.
fn one_slip(a: u32, b: u32) -> bool {
    let digits = |number: u32| {
        let mut digits = [0u8; 10];
        let mut rest = number;
        for digit in &mut digits {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
        digits
    };
    let (x, y) = (digits(a), digits(b));
    let different: Vec<usize> = (0..10).filter(|at| x[*at] != y[*at]).collect();
    match different[..] {
        [_] => true,
        [first, second] => second == first + 1 && x[first] == y[second] && x[second] == y[first],
        _ => false,
    }
}

/// Whether at most `limit` letters must be inserted, dropped, replaced or exchanged with their neighbour.
fn distance_at_most(a: &[u8], b: &[u8], limit: usize) -> bool {
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        if row.iter().min().is_some_and(|least| *least > limit) {
            return false;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().is_some_and(|cost| *cost <= limit)
}
