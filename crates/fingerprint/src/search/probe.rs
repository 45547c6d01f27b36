//! A print that is searched: in which buckets of each table its minutiae may lie again.
//!
//! A bit of a code changes the likelier the nearer the surroundings lie to its plane. So the buckets that are looked in are not those with
//! the fewest changed bits but those whose changes are likeliest in all (after Lv and others, VLDB 2007).
//! Start reading at [`Probe::new`].

use super::code::{self, BITS, Sides};
use super::form::Form;
use super::print::Print;
use super::rank::rank;
use super::simd::Simd;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Tables of the index, each by 16 bits of the code.
pub(super) const TABLES: usize = BITS / 16;
/// Buckets that are looked in for each minutia and table.
const BUCKETS: usize = 24;

/// A bucket to look in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) bucket: u16,
    /// Which minutia of the probe may lie there.
    pub(super) minutia: u8,
}

/// A print that is searched.
#[derive(Debug, Clone)]
pub struct Probe {
    pub(super) print: Print,
    pub(super) looks: [Vec<Look>; TABLES],
    pub(super) simd: Simd,
}

impl Probe {
    /// Makes a print ready to be searched.
    #[must_use]
    pub fn new(form: &Form, simd: Simd) -> Self {
        let print = Print::new(simd, &form.0);
        let mut looks = [const { Vec::new() }; TABLES];
        let mut sides = [0; BITS];
        for minutia in 0..print.minutiae.count {
            code::sides(&print.minutiae, minutia, &mut sides);
            let code = code::code(&sides);
            for (table, looks) in looks.iter_mut().enumerate() {
                let changes = likeliest(&sides, table);
                let own = code::bucket(code, table);
                looks.extend(changes.map(|change| Look { bucket: own ^ change, minutia: minutia as u8 }));
            }
        }
        // In the order of the buckets memory is read forwards.
        looks.iter_mut().for_each(|looks| looks.sort_by_key(|look| (look.bucket, look.minutia)));
        Self { print, looks, simd }
    }

    /// The ranking score with a print in its search form, in thousandths of a nat, about: what a search gives each print that it
    /// looks at.
    #[must_use]
    pub fn rank(&self, form: &Form) -> i32 {
        rank(self.simd, &self.print, &Print::new(self.simd, &form.0))
    }
}

/// The likeliest sets of changed bits, the empty one first.
fn likeliest(sides: &Sides, table: usize) -> impl Iterator<Item = u16> {
    let mut bits: [(u32, u16); 16] = std::array::from_fn(|bit| {
        let off = u32::from(sides[table * 16 + bit].unsigned_abs());
        (off * off, 1 << bit)
    });
    bits.sort_unstable();
    // From each set two others follow: with the next bit as well, and with the next bit in place of its last. So each comes once.
    let mut waiting = BinaryHeap::from([Reverse((bits[0].0, bits[0].1, 0usize))]);
    std::iter::once(0)
        .chain(std::iter::from_fn(move || {
            let Reverse((cost, set, last)) = waiting.pop()?;
            if let Some(&(next_cost, next)) = bits.get(last + 1) {
                waiting.push(Reverse((cost + next_cost, set | next, last + 1)));
                waiting.push(Reverse((cost + next_cost - bits[last].0, set & !bits[last].1 | next, last + 1)));
            }
            Some(set)
        }))
        .take(BUCKETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_changes_come_once_and_the_likeliest_first() {
        let mut sides = [900i16; BITS];
        (0..16).for_each(|bit| sides[16 + bit] = if bit % 2 == 0 { 10 + bit as i16 } else { -40 - 7 * bit as i16 });
        let sets: Vec<u16> = likeliest(&sides, 1).collect();
        let cost = |set: u16| -> i64 {
            (0..16).filter(|bit| set >> bit & 1 == 1).map(|bit| i64::from(sides[16 + bit]).pow(2)).sum()
        };
        assert_eq!(sets[..2], [0, 1]);
        assert!(sets.windows(2).all(|pair| cost(pair[0]) <= cost(pair[1])));
        let mut all: Vec<u16> = (0..=u16::MAX).collect();
        all.sort_by_key(|set| cost(*set));
        assert_eq!(cost(all[BUCKETS - 1]), cost(sets[BUCKETS - 1]), "nothing likelier is left out");
        let mut once = sets.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), BUCKETS);
    }
}
