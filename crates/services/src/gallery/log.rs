//! The log: what was enrolled and erased since the parts were written, in sealed frames.
//!
//! A log begins with `VDGL`, version (1 byte), three zeros and 16 random bytes. A frame is its length (4 bytes, little-endian), the
//! complement of the length mixed with the frame's number (4), the sealed change, and zeros up to a multiple of 8, so that a disk
//! writes a frame's head whole or not. Each frame is durable before the next is begun: only the last can be torn, and a torn frame was
//! never acknowledged. What is damaged before the last frame is named, never skipped.
//! Invariant: a log that was not ended by this process is never added to.
//! Start reading at [`Log::append`] and [`read`].

use super::change::Change;
use super::sealed::Sealed;
use ports::Fault;
use ports::gallery::GalleryFiles;

const MAGIC: &[u8; 8] = b"VDGL\x01\0\0\0";
const HEAD_BYTES: usize = 24;
const FRAME_HEAD_BYTES: usize = 8;
/// No frame of ours is longer.
const FRAME_BYTES_MAX: usize = 16 << 20;
const ALIGNED: usize = 8;

/// The log that is being written.
pub(super) struct Log {
    pub(super) number: u64,
    nonce: [u8; 16],
    frames: u64,
}

impl Log {
    pub(super) fn new(number: u64, nonce: [u8; 16]) -> Self {
        Self { number, nonce, frames: 0 }
    }

    /// Writes a change; durable when it returns. After a fault this log must not be added to.
    pub(super) fn append(&mut self, files: &dyn GalleryFiles, seal: &Sealed, change: &Change) -> Result<(), Fault> {
        let mut out = Vec::new();
        if self.frames == 0 {
            out.extend_from_slice(MAGIC);
            out.extend_from_slice(&self.nonce);
        }
        let body = seal.seal(&context(self.number), &self.nonce, self.frames, &change.to_bytes());
        out.extend_from_slice(&head(body.len() as u32, self.number, self.frames));
        out.extend_from_slice(&body);
        out.resize(out.len().next_multiple_of(ALIGNED), 0);
        files.append(&name(self.number), &out)?;
        self.frames += 1;
        Ok(())
    }
}

pub(super) fn name(number: u64) -> String {
    format!("log-{number:010}")
}

/// The number in a name of [`name`].
pub(super) fn number(name: &str) -> Option<u64> {
    name.strip_prefix("log-")?.parse().ok()
}

fn context(number: u64) -> Vec<u8> {
    [b"gallery log".as_slice(), &number.to_le_bytes()].concat()
}

fn head(length: u32, number: u64, frame: u64) -> [u8; FRAME_HEAD_BYTES] {
    let mixed = !length ^ (number as u32).rotate_left(16) ^ frame as u32;
    let mut out = [0; FRAME_HEAD_BYTES];
    out[..4].copy_from_slice(&length.to_le_bytes());
    out[4..].copy_from_slice(&mixed.to_le_bytes());
    out
}

/// The changes of a log in their order. A torn end is left out.
pub(super) fn read(seal: &Sealed, number: u64, bytes: &[u8]) -> Result<Vec<Change>, Fault> {
    let mut changes = Vec::new();
    let Some((start, mut rest)) = bytes.split_at_checked(HEAD_BYTES) else { return Ok(changes) };
    let nonce: [u8; 16] = std::array::from_fn(|at| start[MAGIC.len() + at]);
    if &start[..MAGIC.len()] != MAGIC {
        // The first write of a log goes into one sector: nothing of it came, or all of its head.
        return if start.iter().all(|byte| *byte == 0) { Ok(changes) } else { Err(damaged(number, 0, 0)) };
    }
    while let Some((head_bytes, after)) = rest.split_first_chunk::<FRAME_HEAD_BYTES>() {
        let at = bytes.len() - rest.len();
        let frame = changes.len() as u64;
        let length = u32::from_le_bytes([head_bytes[0], head_bytes[1], head_bytes[2], head_bytes[3]]);
        if head_bytes.iter().all(|byte| *byte == 0) {
            break;
        }
        if *head_bytes != head(length, number, frame) || length as usize > FRAME_BYTES_MAX {
            return Err(damaged(number, frame, at));
        }
        let padded = (FRAME_HEAD_BYTES + length as usize).next_multiple_of(ALIGNED) - FRAME_HEAD_BYTES;
        let Some((body, left)) = after.split_at_checked(padded) else { break };
        match seal
            .open(&context(number), &nonce, frame, &body[..length as usize])
            .and_then(|clear| Change::from_bytes(&clear))
        {
            Some(change) => changes.push(change),
            None if left.is_empty() => break,
            None => return Err(damaged(number, frame, at)),
        }
        rest = left;
    }
    Ok(changes)
}

fn damaged(number: u64, frame: u64, at: usize) -> Fault {
    Fault::Damaged { what: format!("gallery {}", name(number)), cause: format!("frame {frame} at byte {at}") }
}
