//! A card in the same process, as a terminal sees it: for read-back, measurements and tests.

use alloc::vec::Vec;

use apdu::{Broken, Transmit};
use eac::Entropy;

use crate::{App, CardImage, Error, MemoryStorage, personalise};

/// A personalised card and its source of random bytes. It does not wait: the time that it would have waited is counted.
pub struct InProcess<E> {
    /// The application.
    pub app: App<MemoryStorage>,
    /// Milliseconds that a real card would have let pass.
    pub waited_ms: u64,
    entropy: E,
}

impl<E: Entropy> InProcess<E> {
    /// A fresh card made from an image, switched on.
    ///
    /// # Errors
    /// [`Error`] where the image cannot be written.
    pub fn insert(image: &CardImage, entropy: E) -> Result<InProcess<E>, Error> {
        let mut storage = MemoryStorage::default();
        personalise(&mut storage, image)?;
        Ok(InProcess { app: App::power_on(storage), waited_ms: 0, entropy })
    }
}

impl<E: Entropy> Transmit for InProcess<E> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let answer = self.app.process(command, &mut self.entropy);
        self.waited_ms += u64::from(answer.delay_ms);
        Ok(answer.bytes)
    }
}
