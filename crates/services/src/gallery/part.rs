//! A part: entries with their index, written once and never changed.
//!
//! In the file: `VDGP`, version (1 byte), three zeros, 16 random bytes, then sealed pieces of 1 MiB, the last of which is marked as the last.
//! Inside, little-endian: the number of entries (4 bytes), their ids in ascending order (16 each), then the persons with their index as
//! `fingerprint::search` writes them.
//! Start reading at [`Part`].

use super::Entry;
use super::sealed::{Sealed, TAG_BYTES};
use fingerprint::search::{Forms, People, Simd};
use ids::ApplicationId;
use ports::Fault;
use std::collections::BTreeSet;
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"VDGP\x01\0\0\0";
const HEAD_BYTES: usize = 24;
const PIECE_BYTES: usize = 1 << 20;

/// Entries with their index. Copies share everything but who is erased.
#[derive(Clone)]
pub(super) struct Part {
    /// Of its file; none where the entries stand in the log alone.
    pub(super) number: Option<u64>,
    /// In ascending order; the place is the person's number in `people`.
    pub(super) ids: Arc<[ApplicationId]>,
    pub(super) people: People,
    pub(super) erased: Arc<BTreeSet<u32>>,
}

impl Part {
    /// A part of entries, each id once, in any order.
    pub(super) fn new(mut entries: Vec<Entry>, simd: Simd) -> Self {
        entries.sort_by_key(|entry| entry.id);
        let ids: Arc<[ApplicationId]> = entries.iter().map(|entry| entry.id).collect();
        let prints: Vec<Forms> = entries.into_iter().map(|entry| entry.prints).collect();
        Self { number: None, ids, people: People::new(&prints, simd), erased: Arc::default() }
    }

    /// Where an entry stands that is not erased.
    pub(super) fn find(&self, id: ApplicationId) -> Option<u32> {
        let at = self.ids.binary_search(&id).ok()? as u32;
        (!self.erased.contains(&at)).then_some(at)
    }

    pub(super) fn erase(&mut self, at: u32) {
        Arc::make_mut(&mut self.erased).insert(at);
    }

    /// Erases whoever stands in another part too.
    pub(super) fn erase_all_of(&mut self, other: &Self) {
        let (Some(first), Some(last)) = (self.ids.first().copied(), self.ids.last().copied()) else { return };
        let from = other.ids.partition_point(|id| *id < first);
        let both = other.ids[from..].iter().take_while(|id| **id <= last);
        let found: Vec<u32> = both.filter_map(|id| self.find(*id)).collect();
        found.into_iter().for_each(|at| self.erase(at));
    }

    /// How many are not erased.
    pub(super) fn alive(&self) -> usize {
        self.ids.len() - self.erased.len()
    }

    /// Whether both are copies of one part.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ids, &other.ids)
    }

    /// The entries that are not erased.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let alive = (0u32..).zip(self.ids.iter()).filter(|(at, _)| !self.erased.contains(at));
        alive.map(|(at, id)| Entry { id: *id, prints: self.people.forms(at) })
    }

    /// The bytes of its file.
    pub(super) fn to_bytes(&self, seal: &Sealed, number: u64, nonce: [u8; 16]) -> Vec<u8> {
        let mut clear = (self.ids.len() as u32).to_le_bytes().to_vec();
        self.ids.iter().for_each(|id| clear.extend_from_slice(id.bytes()));
        clear.extend_from_slice(&self.people.to_bytes());
        let mut out = Vec::with_capacity(HEAD_BYTES + clear.len() + clear.len() / PIECE_BYTES * TAG_BYTES + TAG_BYTES);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&nonce);
        let pieces = clear.chunks(PIECE_BYTES);
        let last = pieces.len() - 1;
        for (at, piece) in pieces.enumerate() {
            out.extend_from_slice(&seal.seal(&context(number, at == last), &nonce, at as u64, piece));
        }
        out
    }

    /// Reads what [`Part::to_bytes`] wrote; the pieces are opened where they lie, since a gallery is gigabytes.
    pub(super) fn from_bytes(seal: &Sealed, number: u64, mut bytes: Vec<u8>) -> Result<Self, Fault> {
        let damaged = |cause: String| Fault::Damaged { what: format!("gallery {}", name(number)), cause };
        let head = bytes.get(..HEAD_BYTES).ok_or_else(|| damaged("cut off".into()))?;
        if &head[..MAGIC.len()] != MAGIC {
            return Err(damaged("not a part".into()));
        }
        let nonce: [u8; 16] = std::array::from_fn(|at| head[MAGIC.len() + at]);
        let (mut from, mut clear, mut piece) = (HEAD_BYTES, HEAD_BYTES, 0);
        while from < bytes.len() {
            let end = (from + PIECE_BYTES + TAG_BYTES).min(bytes.len());
            let last = end == bytes.len();
            let opened = seal.open_in_place(&context(number, last), &nonce, piece, &mut bytes[from..end]);
            let opened = opened.ok_or_else(|| damaged(format!("piece {piece}")))?;
            bytes.copy_within(from..from + opened, clear);
            (from, clear, piece) = (end, clear + opened, piece + 1);
        }
        Self::from_clear(number, &bytes[HEAD_BYTES..clear]).ok_or_else(|| damaged("entries".into()))
    }

    fn from_clear(number: u64, clear: &[u8]) -> Option<Self> {
        let (count, rest) = clear.split_first_chunk::<4>()?;
        let (ids, people) = rest.split_at_checked((u32::from_le_bytes(*count) as usize).checked_mul(16)?)?;
        let ids = ids.chunks_exact(16).map(ApplicationId::from_bytes).collect::<Option<Arc<[_]>>>()?;
        let people = People::from_bytes(people).ok()?;
        let fits = people.len() == ids.len() && ids.is_sorted();
        fits.then(|| Self { number: Some(number), ids, people, erased: Arc::default() })
    }
}

pub(super) fn name(number: u64) -> String {
    format!("part-{number:010}")
}

/// The number in a name of [`name`].
pub(super) fn number(name: &str) -> Option<u64> {
    name.strip_prefix("part-")?.parse().ok()
}

fn context(number: u64, last: bool) -> Vec<u8> {
    [b"gallery part".as_slice(), &number.to_le_bytes(), &[u8::from(last)]].concat()
}
