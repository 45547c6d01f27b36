//! The surroundings of each minutia as 48 bits that are mostly the same in another print of the finger.
//!
//! A bit says on which side of a plane the surroundings lie. The planes are learnt from scale data alone (`examples/planes.rs`): they look where
//! fingers differ more than prints of one finger do. Since every neighbour adds its part, a code is a sum of rows of one table.
//! Invariant: integers only; the same minutiae give the same codes on every machine.
//! Start reading at [`sides`].

use super::print::{ROOM, SideBySide};
use super::surroundings;
use std::sync::LazyLock;

/// Bits of a code.
pub(super) const BITS: usize = 48;
/// Minutiae of a print that get a code, the best first; they are each other's neighbours.
pub(super) const CODED_MAX: usize = 56;
/// What is taken off is written in so many parts of a unit of the slopes.
pub(super) const PARTS: f32 = 32.0;

/// The planes: for each bit, the slope along each number of the surroundings (signed bytes); then for each bit what is
/// taken off (16 bits, big-endian), in parts of the slopes' unit.
static PLANES: &[u8] = include_bytes!("planes.bin");

/// On which side, and how far from, each plane lies.
pub(super) type Sides = [i16; BITS];

/// What a neighbour at each spot adds, and where each sum begins.
struct Table {
    spots: Vec<[i8; BITS]>,
    begin: Sides,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let count = surroundings::count();
    let slope = |bit: usize, number: usize| f32::from(PLANES[bit * count + number] as i8);
    let sums: Vec<[f32; BITS]> = surroundings::shares()
        .iter()
        .map(|shares| std::array::from_fn(|bit| shares.iter().map(|(number, share)| slope(bit, *number) * share).sum()))
        .collect();
    let largest = sums.as_flattened().iter().fold(1.0f32, |largest, sum| largest.max(sum.abs()));
    let unit = 127.0 / largest;
    let whole = |value: f32| (value * unit + 1024.5) as i16 - 1024;
    let begin = std::array::from_fn(|bit| {
        let at = BITS * count + bit * 2;
        whole(-f32::from(i16::from_be_bytes([PLANES[at], PLANES[at + 1]])) / PARTS)
    });
    let spots = sums.iter().map(|sums| sums.map(|sum| whole(sum) as i8)).collect();
    Table { spots, begin }
});

/// The sides of the minutia at `middle`.
#[inline(always)]
pub(super) fn sides(minutiae: &SideBySide, middle: usize, out: &mut Sides) {
    let mut spots = [0; ROOM];
    let count = surroundings::spots(minutiae, middle, &mut spots);
    let table = &*TABLE;
    let mut sums = table.begin;
    for &spot in &spots[..count] {
        add(&mut sums, &table.spots[usize::from(spot)]);
    }
    *out = sums;
}

#[inline(always)]
fn add(sums: &mut Sides, row: &[i8; BITS]) {
    for at in 0..BITS {
        sums[at] = sums[at].wrapping_add(i16::from(row[at]));
    }
}

/// The code that the sides give.
#[inline(always)]
pub(super) fn code(sides: &Sides) -> u64 {
    let mut code = 0;
    for (bit, side) in sides.iter().enumerate() {
        code |= u64::from(*side > 0) << bit;
    }
    code
}

/// The 16 bits of a code under which a table of the index keeps it.
pub(super) fn bucket(code: u64, table: usize) -> u16 {
    (code >> (16 * table)) as u16
}
