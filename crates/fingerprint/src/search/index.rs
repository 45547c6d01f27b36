//! The prints of one finger of many persons, searched in stages.
//!
//! First each segment names the prints on which finds agree (`segment`), then the best of all segments are ranked (`rank`). The
//! decision is the caller's (`people`).
//! Invariant: the answer does not depend on the number of threads; ties go to the print that was added first.
//! Start reading at [`Index::search`].

use super::bytes::{Reader, Unreadable};
use super::form::Form;
use super::print::{self, Print};
use super::probe::Probe;
use super::rank::rank;
use super::segment::{Counts, PRINTS_MAX, Segment};
use super::simd::Simd;
use std::sync::Arc;

/// Prints that are ranked: at least, and one in so many of all.
const RANKED_MIN: usize = 400;
const RANKED_SHARE: usize = 2_500;

/// A print that a search came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Which, in the order in which prints were added.
    pub print: u32,
    /// The ranking score in thousandths of a nat.
    pub score: i32,
}

/// Prints, indexed.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Shared between the copies of an index: no segment ever changes.
    segments: Vec<Arc<Segment>>,
}

impl Index {
    /// Most prints that are indexed at a time; what is added at once is a segment.
    pub const SEGMENT_PRINTS: usize = PRINTS_MAX;

    /// An index of all prints that the segments hold. Each is made of at most [`Index::SEGMENT_PRINTS`] prints.
    pub fn add(&mut self, forms: &[Form], simd: Simd) {
        self.segments.extend(forms.chunks(PRINTS_MAX).map(|forms| Arc::new(Segment::new(forms, simd))));
    }

    /// Takes over the segments of another index, behind the own.
    pub fn append(&mut self, other: Self) {
        self.segments.extend(other.segments);
    }

    /// How many prints there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.segments.iter().map(|segment| segment.bytes()).sum()
    }

    /// A print's search form.
    #[must_use]
    pub fn form(&self, print: u32) -> Option<Form> {
        let (segment, print) = self.find(print)?;
        Some(Form(segment.print(print).to_vec()))
    }

    /// Writes all segments; see [`super::bytes`].
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.segments.len() as u32).to_le_bytes());
        self.segments.iter().for_each(|segment| segment.write(out));
    }

    /// Reads what [`Index::write`] wrote.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let count = from.word()?;
        let segments = (0..count).map(|_| Ok(Arc::new(Segment::read(from)?))).collect::<Result<_, _>>()?;
        Ok(Self { segments })
    }

    fn find(&self, print: u32) -> Option<(&Segment, u16)> {
        let mut left = print as usize;
        for segment in &self.segments {
            if left < segment.len() {
                return Some((segment, left as u16));
            }
            left -= segment.len();
        }
        None
    }

    /// The prints that finds agree on, the best first: as many as are ranked.
    #[must_use]
    pub fn votes(&self, probe: &Probe) -> Vec<Ranked> {
        let room = RANKED_MIN.max(self.len() / RANKED_SHARE);
        let mut found: Vec<u64> = Vec::new();
        let mut counts = Counts::default();
        let mut first = 0u32;
        for segment in &self.segments {
            segment.search(probe, &mut counts, &mut |one| {
                // Votes above, the print below in reverse: the greatest number is the best and the first of its kind.
                found.push(u64::from(one.votes) << 32 | u64::from(u32::MAX - (first + u32::from(one.print))));
            });
            first += segment.len() as u32;
            if found.len() > 4 * room {
                keep(&mut found, room);
            }
        }
        keep(&mut found, room);
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.iter().map(|one| Ranked { print: u32::MAX - *one as u32, score: (one >> 32) as i32 }).collect()
    }

    /// The prints that finds agree on with their ranking scores, the best first.
    #[must_use]
    pub fn search(&self, probe: &Probe) -> Vec<Ranked> {
        let mut ready = Print::empty();
        let mut ranked: Vec<Ranked> = self.votes(probe);
        ranked.sort_unstable_by_key(|one| one.print);
        for one in &mut ranked {
            one.score = match self.find(one.print) {
                Some((segment, print)) => {
                    print::ready(probe.simd, segment.print(print), &mut ready);
                    rank(probe.simd, &probe.print, &ready)
                }
                None => 0,
            };
        }
        ranked.sort_unstable_by_key(|one| (std::cmp::Reverse(one.score), one.print));
        ranked
    }
}

/// Keeps the greatest `room` numbers.
fn keep(found: &mut Vec<u64>, room: usize) {
    if found.len() > room {
        found.select_nth_unstable_by(room, |a, b| b.cmp(a));
        found.truncate(room);
    }
}
