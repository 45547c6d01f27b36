//! Allotting personal numbers: six digits from a keyed permutation over a counter for each cell.
//!
//! A cell is province, century with sex, and year. The counter runs through 0, 1, 2 …; the permutation scatters it over
//! the million serials, so that neither order of entry nor the count of births can be read from a number.

use vn::{PersonalNumber, Sex};

/// A pseudo-random function under the installation's key.
pub type Prf<'a> = &'a dyn Fn(&[u8]) -> [u8; 32];

/// Rounds of the permutation.
const ROUNDS: u8 = 8;

/// The serial at a position of a cell's permutation: a balanced Feistel network over 1,000 × 1,000.
#[must_use]
pub fn serial(prf: Prf<'_>, cell: u32, position: u32) -> u32 {
    let (mut left, mut right) = (position / 1000 % 1000, position % 1000);
    for round in 0..ROUNDS {
        let mut message = [0; 9];
        message[..4].copy_from_slice(&cell.to_be_bytes());
        message[4] = round;
        message[5..].copy_from_slice(&right.to_be_bytes());
        let digest = prf(&message);
        let value = u64::from_be_bytes([
            digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7],
        ]);
        (left, right) = (right, (left + (value % 1000) as u32) % 1000);
    }
    left * 1000 + right
}

/// The cell of a person: `None` while province, sex or year is not known, and the number stays pending.
#[must_use]
pub fn cell(birth_province: &str, sex: Option<char>, year: Option<i32>) -> Option<PersonalNumber> {
    let province: u16 = birth_province.parse().ok()?;
    let sex = match sex? {
        'M' => Sex::Male,
        _ => Sex::Female,
    };
    PersonalNumber::new(province, sex, year?, 0)
}

/// Takes the next free number of a cell, moving its counter; `None` when the cell's million is used up.
pub fn next(
    prf: Prf<'_>,
    cell: PersonalNumber,
    counter: &mut u32,
    taken: &mut dyn FnMut(PersonalNumber) -> bool,
) -> Option<PersonalNumber> {
    while *counter < 1_000_000 {
        let number = cell.with_serial(serial(prf, cell.cell(), *counter));
        *counter += 1;
        if !taken(number) {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prf(message: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        let mut state = 0xcbf2_9ce4_8422_2325u64;
        for byte in message {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        state = (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        out[..8].copy_from_slice(&(state ^ (state >> 32)).to_be_bytes());
        out
    }

    #[test]
    fn every_serial_comes_exactly_once() {
        let mut seen = vec![false; 1_000_000];
        for position in 0..1_000_000 {
            assert!(!std::mem::replace(&mut seen[serial(&prf, 1_078, position) as usize], true), "{position}");
        }
    }

    #[test]
    fn taken_numbers_are_passed_over_and_a_full_cell_gives_none() {
        let cell = cell("001", Some('F'), Some(1992)).unwrap();
        let mut counter = 0;
        let first = next(&prf, cell, &mut counter, &mut |_| false).unwrap();
        let mut counter = 0;
        let second = next(&prf, cell, &mut counter, &mut |number| number == first).unwrap();
        assert!(second != first && counter == 2);
        assert_eq!((second.province(), second.year()), (1, 1992));
        let mut counter = 999_999;
        assert!(next(&prf, cell, &mut counter, &mut |_| true).is_none());
    }

    #[test]
    fn a_cell_needs_place_sex_and_year() {
        assert!(super::cell("", Some('M'), Some(1990)).is_none());
        assert!(super::cell("001", None, Some(1990)).is_none());
        assert!(super::cell("001", Some('M'), None).is_none());
    }
}
