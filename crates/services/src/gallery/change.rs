//! What a log tells: who was enrolled with which prints, who was erased.
//!
//! Layout, little-endian: kind (1 byte: 0 enrolled, 1 erased), mark (8), count (4), then the entries. An entry is its id (16 bytes) and, of
//! the enrolled, the number of prints (1) and each print: the finger (1; 0 is unknown), the number of minutiae (1), four bytes each.
//! Start reading at [`Change`].

use super::Entry;
use fingerprint::FingerPosition;
use fingerprint::search::{Form, Forms};
use ids::ApplicationId;

/// Entries of a change, at most: what a frame of a log holds.
pub(super) const ENTRIES_MAX: usize = 1_024;
/// Prints of an entry, at most.
pub(super) const PRINTS_MAX: usize = 20;

/// One change of the gallery, and how far its owner has come with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) mark: u64,
    pub(super) what: What,
}

/// See [`Change`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Enrolled(Vec<Entry>),
    Erased(Vec<ApplicationId>),
}

impl What {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            What::Enrolled(entries) => entries.is_empty(),
            What::Erased(ids) => ids.is_empty(),
        }
    }
}

impl Change {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (kind, count) = match &self.what {
            What::Enrolled(entries) => (0, entries.len()),
            What::Erased(ids) => (1, ids.len()),
        };
        let mut out = vec![kind];
        out.extend_from_slice(&self.mark.to_le_bytes());
        out.extend_from_slice(&(count as u32).to_le_bytes());
        match &self.what {
            What::Enrolled(entries) => entries.iter().for_each(|entry| put(&mut out, entry)),
            What::Erased(ids) => ids.iter().for_each(|id| out.extend_from_slice(id.bytes())),
        }
        out
    }

    /// Reads what [`Change::to_bytes`] wrote; none where it is anything else.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let kind = take::<1>(&mut rest)?[0];
        let mark = u64::from_le_bytes(take(&mut rest)?);
        let count = u32::from_le_bytes(take(&mut rest)?) as usize;
        if count > ENTRIES_MAX {
            return None;
        }
        let what = match kind {
            0 => What::Enrolled((0..count).map(|_| entry(&mut rest)).collect::<Option<_>>()?),
            1 => What::Erased((0..count).map(|_| id(&mut rest)).collect::<Option<_>>()?),
            _ => return None,
        };
        rest.is_empty().then_some(Self { mark, what })
    }
}

fn put(out: &mut Vec<u8>, entry: &Entry) {
    out.extend_from_slice(entry.id.bytes());
    out.push(entry.prints.len() as u8);
    for (position, form) in &entry.prints {
        out.extend_from_slice(&[position.map_or(0, FingerPosition::number), form.minutiae() as u8]);
        out.extend_from_slice(&form.to_bytes());
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

fn id(rest: &mut &[u8]) -> Option<ApplicationId> {
    ApplicationId::from_bytes(&take::<16>(rest)?)
}

fn entry(rest: &mut &[u8]) -> Option<Entry> {
    let id = id(rest)?;
    let [count] = take::<1>(rest)?;
    let mut prints = Forms::with_capacity(usize::from(count));
    for _ in 0..count {
        let [finger, minutiae] = take(rest)?;
        let position = if finger == 0 { None } else { Some(FingerPosition::new(finger).ok()?) };
        let (form, left) = rest.split_at_checked(4 * usize::from(minutiae))?;
        *rest = left;
        prints.push((position, Form::from_bytes(form)?));
    }
    (prints.len() <= PRINTS_MAX).then_some(Entry { id, prints })
}
