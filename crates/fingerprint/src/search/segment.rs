//! Up to 65,536 prints with the index over them: small enough that what a search counts stays near the processor.
//!
//! Memory for a print of n coded minutiae: 4 n bytes of minutiae, 12 n of postings, and 16 for where things begin.
//! Invariant: what a segment answers does not depend on other segments.
//! Start reading at [`Segment::new`], then [`Segment::search`].

use super::bytes::{self, Reader, Unreadable};
use super::code;
use super::form::{Form, Packed};
use super::print::Print;
use super::probe::{Probe, TABLES};
use super::rank::TURN_MAX;
use super::simd::Simd;
use super::surroundings::turned;

/// Prints that a segment has room for.
pub(super) const PRINTS_MAX: usize = 1 << 16;
const BUCKETS: usize = 1 << 16;
/// A bucket with so many times the mean says nothing: everybody is in it.
const CROWDED: usize = 16;
/// Fewest finds with which a print is looked at closer; and the share of a segment that is, at most.
const FINDS_MIN: u8 = 3;
const CLOSER_SHARE: usize = 16;
/// Finds agree when they carry the middle of the probe to within so many pixels, turned alike by so many steps of 1/256 turn.
const AGREE: i32 = 28;
const AGREE_TURN: i32 = 13;
/// Finds of one print that are looked at.
const FINDS_MAX: usize = 96;
/// A step of a rough place, in pixels.
const STEP: i32 = 16;
/// What finds that agree count for, and any.
const AGREEING: u32 = 8;

/// One table of the index.
#[derive(Debug, Clone, Default)]
struct Table {
    /// Where each bucket begins.
    begins: Vec<u32>,
    prints: Vec<u16>,
    spots: Vec<Spot>,
}

/// Where a minutia lies and points, roughly, so that the minutia itself need not be fetched: x in 32 steps of [`STEP`] pixels (5 bits), y in 64
/// (6 bits), the direction in 32 steps (5 bits).
#[derive(Debug, Clone, Copy, Default)]
struct Spot(u16);

impl Spot {
    fn new(minutia: Packed) -> Self {
        let (x, y) = ((minutia.x() / STEP).min(31) as u16, (minutia.y() / STEP).min(63) as u16);
        Self(x << 11 | y << 5 | u16::from(minutia.angle() >> 3))
    }

    /// The middle of the steps.
    fn place(self) -> (i32, i32) {
        let step = |at: u16| i32::from(at) * STEP + STEP / 2;
        (step(self.0 >> 11), step(self.0 >> 5 & 63))
    }

    fn angle(self) -> u8 {
        (self.0 as u8) << 3 | 4
    }
}

/// Prints with their index.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Where the minutiae of each print begin.
    begins: Vec<u32>,
    minutiae: Vec<Packed>,
    tables: [Table; TABLES],
}

/// A print that a probe may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) print: u16,
    /// How well the finds agree.
    pub(super) votes: u32,
}

/// What a search counts in; kept from one segment to the next.
pub(super) struct Counts {
    /// By print; as long as prints can be numbered, so that no number is out of bounds.
    finds: Box<[u8; PRINTS_MAX]>,
    slots: Box<[u32; PRINTS_MAX]>,
    places: Vec<(u8, Spot)>,
}

impl Default for Counts {
    fn default() -> Self {
        Self { finds: Box::new([0; PRINTS_MAX]), slots: Box::new([0; PRINTS_MAX]), places: Vec::new() }
    }
}

impl Segment {
    /// Indexes prints, at most [`PRINTS_MAX`].
    pub(super) fn new(forms: &[Form], simd: Simd) -> Self {
        let forms = &forms[..forms.len().min(PRINTS_MAX)];
        let mut begins = Vec::with_capacity(forms.len() + 1);
        let mut minutiae = Vec::with_capacity(forms.iter().map(|form| form.0.len()).sum());
        let mut codes: Vec<(u64, u16, Spot)> = Vec::with_capacity(minutiae.capacity());
        let mut ready = Print::empty();
        for (print, form) in forms.iter().enumerate() {
            begins.push(minutiae.len() as u32);
            minutiae.extend_from_slice(&form.0);
            super::print::ready(simd, &form.0, &mut ready);
            let own = ready.codes[..ready.minutiae.count].iter().zip(&form.0);
            codes.extend(own.map(|(code, minutia)| (*code, print as u16, Spot::new(*minutia))));
        }
        begins.push(minutiae.len() as u32);
        let tables = std::array::from_fn(|table| Table::new(&codes, table));
        Self { begins, minutiae, tables }
    }

    pub(super) fn len(&self) -> usize {
        self.begins.len() - 1
    }

    /// The minutiae of a print.
    pub(super) fn print(&self, print: u16) -> &[Packed] {
        let at = usize::from(print);
        &self.minutiae[self.begins[at] as usize..self.begins[at + 1] as usize]
    }

    /// Writes the segment; see [`super::bytes`].
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_words(out, &self.begins);
        bytes::put_words_of(out, &self.minutiae, Packed::bits);
        for table in &self.tables {
            bytes::put_words(out, &table.begins);
            bytes::put_halves_of(out, &table.prints, |print| print);
            bytes::put_halves_of(out, &table.spots, |spot: Spot| spot.0);
        }
    }

    /// Reads what [`Segment::write`] wrote; every number that points somewhere is looked at.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let begins = from.ascending()?;
        let prints = begins.len().checked_sub(1).filter(|prints| *prints <= PRINTS_MAX).ok_or(Unreadable)?;
        let minutiae = from.words_of(Packed::from_bits)?;
        if begins.last().is_none_or(|last| *last as usize != minutiae.len()) {
            return Err(Unreadable);
        }
        let mut tables: [Table; TABLES] = Default::default();
        for table in &mut tables {
            *table = Table {
                begins: from.ascending()?,
                prints: from.halves_of(|print| print)?,
                spots: from.halves_of(Spot)?,
            };
            let fits = table.begins.len() == BUCKETS + 1
                && table.begins.last().is_some_and(|last| *last as usize == table.prints.len())
                && table.spots.len() == table.prints.len()
                && table.prints.iter().all(|print| usize::from(*print) < prints);
            if !fits {
                return Err(Unreadable);
            }
        }
        Ok(Self { begins, minutiae, tables })
    }

    /// Bytes that the segment holds.
    pub(super) fn bytes(&self) -> usize {
        let table = |table: &Table| 4 * table.begins.len() + 2 * table.prints.len() + 2 * table.spots.len();
        4 * self.begins.len() + 4 * self.minutiae.len() + self.tables.iter().map(table).sum::<usize>()
    }

    /// Adds to `out` the prints in whose favour most speaks, and how much; in the order of the prints.
    pub(super) fn search(&self, probe: &Probe, counts: &mut Counts, out: &mut impl FnMut(Found)) {
        let Counts { finds, slots, places } = counts;
        let (finds, slots) = (&mut finds[..self.len()], &mut slots[..self.len()]);
        finds.fill(0);
        for (table, looks) in self.tables.iter().zip(&probe.looks) {
            for look in looks {
                for print in table.bucket(look.bucket).0 {
                    let finds = &mut finds[usize::from(*print)];
                    *finds = finds.saturating_add(1);
                }
            }
        }
        let bound = self.bound(finds);
        let mut room = 0;
        for (finds, slot) in finds.iter_mut().zip(slots.iter_mut()) {
            *slot = room;
            *finds = if *finds < bound { 0 } else { (*finds).min(FINDS_MAX as u8) };
            room += u32::from(*finds);
        }
        places.clear();
        places.resize(room as usize, (0, Spot::default()));
        for (table, looks) in self.tables.iter().zip(&probe.looks) {
            for look in looks {
                let (prints, spots) = table.bucket(look.bucket);
                for (print, spot) in prints.iter().zip(spots) {
                    // What is left of the finds that there is room for.
                    let left = &mut finds[usize::from(*print)];
                    if *left > 0 {
                        *left -= 1;
                        let slot = &mut slots[usize::from(*print)];
                        places[*slot as usize] = (look.minutia, *spot);
                        *slot += 1;
                    }
                }
            }
        }
        let mut from = 0;
        for (print, &to) in slots.iter().enumerate() {
            if to as usize > from {
                out(Found { print: print as u16, votes: votes(probe, &places[from..to as usize]) });
                from = to as usize;
            }
        }
    }

    /// The fewest finds with which a print is looked at closer.
    fn bound(&self, finds: &[u8]) -> u8 {
        let mut by_finds = [0usize; 256];
        finds.iter().for_each(|finds| by_finds[usize::from(*finds)] += 1);
        let room = (self.len() / CLOSER_SHARE).max(256);
        let mut sum = 0;
        for finds in (usize::from(FINDS_MIN)..256).rev() {
            sum += by_finds[finds];
            if sum > room {
                return (finds as u8).saturating_add(1);
            }
        }
        FINDS_MIN
    }
}

/// How many finds agree on one place of the probe on the print.
fn votes(probe: &Probe, finds: &[(u8, Spot)]) -> u32 {
    let own = &probe.print.minutiae;
    let (middle_x, middle_y) = probe.print.middle();
    let mut places = [[0i32; FINDS_MAX]; 3];
    let mut count = 0;
    for &(i, spot) in finds {
        let i = usize::from(i);
        let turn = spot.angle().wrapping_sub(own.angle[i]);
        if turn.wrapping_add(TURN_MAX) > 2 * TURN_MAX {
            continue;
        }
        let ((s, c), (at_x, at_y)) = (turned(turn), spot.place());
        let (x, y) = (i32::from(own.x[i]) - middle_x, i32::from(own.y[i]) - middle_y);
        places[0][count] = at_x - ((x * c + y * s) >> 14);
        places[1][count] = at_y - ((y * c - x * s) >> 14);
        places[2][count] = i32::from(turn as i8);
        count += 1;
    }
    let [xs, ys, turns] = &places;
    let mut best = 0;
    for at in 0..count {
        let mut sum = 0;
        for k in 0..count {
            let off = (xs[k] - xs[at]).abs().max((ys[k] - ys[at]).abs());
            sum += u32::from((off <= AGREE) & ((turns[k] - turns[at]).abs() <= AGREE_TURN));
        }
        best = best.max(sum);
    }
    best * AGREEING + finds.len() as u32
}

impl Table {
    fn new(codes: &[(u64, u16, Spot)], table: usize) -> Self {
        let mut begins = vec![0u32; BUCKETS + 1];
        codes.iter().for_each(|(code, _, _)| begins[usize::from(code::bucket(*code, table)) + 1] += 1);
        for at in 0..BUCKETS {
            begins[at + 1] += begins[at];
        }
        let (mut prints, mut spots) = (vec![0; codes.len()], vec![Spot::default(); codes.len()]);
        let mut next = begins.clone();
        for (code, print, spot) in codes {
            let at = &mut next[usize::from(code::bucket(*code, table))];
            (prints[*at as usize], spots[*at as usize]) = (*print, *spot);
            *at += 1;
        }
        Self { begins, prints, spots }
    }

    /// The prints and the spots of their minutiae in a bucket; none where it is crowded.
    fn bucket(&self, bucket: u16) -> (&[u16], &[Spot]) {
        let at = usize::from(bucket);
        let (from, to) = (self.begins[at] as usize, self.begins[at + 1] as usize);
        if to - from > CROWDED * (self.prints.len() / BUCKETS + 4) {
            return (&[], &[]);
        }
        (&self.prints[from..to], &self.spots[from..to])
    }
}

const _: () = assert!(FINDS_MAX <= u8::MAX as usize);
