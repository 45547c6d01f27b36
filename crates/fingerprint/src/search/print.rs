//! A print made ready for ranking: its minutiae side by side, with their codes.
//!
//! Made from the search form whenever it is needed; it is never stored.
//! Start reading at [`Print::new`].

use super::code::{self, BITS, CODED_MAX};
use super::form::Packed;
use super::simd::{Simd, for_each_simd};

/// Room for minutiae: [`CODED_MAX`], in whole vectors.
pub(super) const ROOM: usize = 64;
/// Where nothing lies: what fills up the room.
const NOWHERE: i16 = 12_000;

/// The coded minutiae of a print; what is beyond their number lies nowhere.
#[derive(Debug, Clone)]
pub(super) struct SideBySide {
    pub(super) count: usize,
    pub(super) x: [i16; ROOM],
    pub(super) y: [i16; ROOM],
    /// In steps of 1/256 turn, counter-clockwise.
    pub(super) angle: [u8; ROOM],
}

impl SideBySide {
    fn empty() -> Self {
        Self { count: 0, x: [NOWHERE; ROOM], y: [NOWHERE; ROOM], angle: [0; ROOM] }
    }

    #[inline(always)]
    fn fill(&mut self, minutiae: &[Packed]) {
        let coded = &minutiae[..minutiae.len().min(CODED_MAX)];
        self.count = coded.len();
        for (at, packed) in coded.iter().enumerate() {
            (self.x[at], self.y[at], self.angle[at]) = (packed.x() as i16, packed.y() as i16, packed.angle());
        }
        self.x[coded.len()..].fill(NOWHERE);
        self.y[coded.len()..].fill(NOWHERE);
    }

    pub(super) fn new(minutiae: &[Packed]) -> Self {
        let mut all = Self::empty();
        all.fill(minutiae);
        all
    }
}

/// A print made ready.
#[derive(Debug, Clone)]
pub(super) struct Print {
    pub(super) minutiae: SideBySide,
    pub(super) codes: [u64; ROOM],
    /// The least and the largest x, then y.
    pub(super) sides: [i16; 4],
}

for_each_simd! {
    /// Makes the print of a search form ready.
    ready = ready_body(minutiae: &[Packed], print: &mut Print) -> ()
}

#[inline(always)]
fn ready_body(minutiae: &[Packed], print: &mut Print) {
    print.minutiae.fill(minutiae);
    let count = print.minutiae.count;
    let mut sides = [0; BITS];
    for at in 0..count {
        code::sides(&print.minutiae, at, &mut sides);
        print.codes[at] = code::code(&sides);
    }
    let edges =
        |places: &[i16]| places.iter().fold((i16::MAX, i16::MIN), |(low, high), &at| (low.min(at), high.max(at)));
    let (x, y) = (edges(&print.minutiae.x[..count]), edges(&print.minutiae.y[..count]));
    print.sides = [x.0, x.1, y.0, y.1];
}

impl Print {
    /// A print without minutiae, to be filled.
    pub(super) fn empty() -> Self {
        Self { minutiae: SideBySide::empty(), codes: [0; ROOM], sides: [0; 4] }
    }

    pub(super) fn new(simd: Simd, minutiae: &[Packed]) -> Self {
        let mut print = Self::empty();
        ready(simd, minutiae, &mut print);
        print
    }

    /// The middle of the minutiae's box.
    pub(super) fn middle(&self) -> (i32, i32) {
        let [left, right, top, bottom] = self.sides.map(i32::from);
        ((left + right) / 2, (top + bottom) / 2)
    }
}
