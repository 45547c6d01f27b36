//! Personalisation with the power cut during every write, leaving nothing, half, all, or rubbish in the slot written.

#![allow(clippy::unwrap_used, reason = "a test")]

mod terminal;

use card_app::{App, Error, MemoryStorage, Slot, Storage, WriteFailed, personalise};
use terminal::image;

/// What a write that was cut leaves behind.
#[derive(Clone, Copy)]
enum Torn {
    Untouched,
    Half,
    Complete,
    Rubbish,
}

struct Cut {
    inner: MemoryStorage,
    writes_left: usize,
    torn: Torn,
}

impl Storage for Cut {
    fn read(&self, slot: Slot) -> Option<&[u8]> {
        self.inner.read(slot)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), WriteFailed> {
        if let Some(left) = self.writes_left.checked_sub(1) {
            self.writes_left = left;
            return self.inner.write(slot, bytes);
        }
        match self.torn {
            Torn::Untouched => {}
            Torn::Half => self.inner.write(slot, &bytes[..bytes.len() / 2])?,
            Torn::Complete => self.inner.write(slot, bytes)?,
            Torn::Rubbish => self.inner.write(slot, &vec![0xA5; bytes.len()])?,
        }
        Err(WriteFailed)
    }
}

#[test]
fn a_cut_at_any_write_leaves_a_blank_or_a_complete_card() {
    // Four files, the secrets, the commit record.
    const WRITES: usize = 6;
    for cut_at in 0..WRITES {
        for torn in [Torn::Untouched, Torn::Half, Torn::Complete, Torn::Rubbish] {
            let mut storage = Cut { inner: MemoryStorage::default(), writes_left: cut_at, torn };
            assert_eq!(personalise(&mut storage, &image()), Err(Error::Memory(WriteFailed)));
            let complete = cut_at == WRITES - 1 && matches!(torn, Torn::Complete);
            let mut app = App::power_on(storage.inner);
            assert_eq!(app.is_personalised(), complete, "cut at write {cut_at}");
            if !complete {
                let answer = app.process(&[0x00, 0xB0, 0x9C, 0, 0], &mut terminal::seeded(1));
                assert_eq!(answer.bytes, [0x69, 0x85]);
                let mut storage = app.power_off();
                personalise(&mut storage, &image()).unwrap();
                assert!(App::power_on(storage).is_personalised());
            }
        }
    }
}

#[test]
fn a_personalised_card_is_locked() {
    let mut storage = MemoryStorage::default();
    personalise(&mut storage, &image()).unwrap();
    assert_eq!(personalise(&mut storage, &image()), Err(Error::Locked));
}

#[test]
fn a_card_whose_memory_changed_does_not_start() {
    let mut storage = MemoryStorage::default();
    personalise(&mut storage, &image()).unwrap();
    for file in image().files.keys() {
        let slot = Slot(file.id());
        let mut changed = storage.clone();
        let mut bytes = changed.read(slot).unwrap().to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        changed.write(slot, &bytes).unwrap();
        assert!(!App::power_on(changed).is_personalised());
    }
}
