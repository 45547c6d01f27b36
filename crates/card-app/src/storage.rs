//! The card's memory as the application sees it.
//!
//! Invariant asked of every implementation: after a write that returned, the slot holds exactly what was written. A
//! write during which the power fails may leave anything in its own slot, and changes no other.
//! Start reading at [`Storage`].

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Where a record stands: a file's identifier, or a number above `0xFF00` for the application's own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

impl Slot {
    /// Passwords and the chip's key.
    pub(crate) const SECRETS: Slot = Slot(0xFF01);
    /// The record that makes all others valid.
    pub(crate) const COMMIT: Slot = Slot(0xFF02);
    /// Two places for the count of failures, written in turn.
    pub(crate) const FAILURES: [Slot; 2] = [Slot(0xFF10), Slot(0xFF11)];
}

/// The memory did not take a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write failed")]
pub struct WriteFailed;

/// The card's memory.
pub trait Storage {
    /// What stands in a slot, if anything does.
    fn read(&self, slot: Slot) -> Option<&[u8]>;

    /// Puts a whole record into a slot.
    ///
    /// # Errors
    /// [`WriteFailed`] where the memory did not take it; the slot then holds anything.
    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), WriteFailed>;
}

/// A memory that forgets when dropped: for virtual cards and tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryStorage(BTreeMap<Slot, Vec<u8>>);

impl Storage for MemoryStorage {
    fn read(&self, slot: Slot) -> Option<&[u8]> {
        self.0.get(&slot).map(Vec::as_slice)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), WriteFailed> {
        self.0.insert(slot, bytes.to_vec());
        Ok(())
    }
}
