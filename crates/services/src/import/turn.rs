//! Imports, corrections of rows and withdrawals take turns: what one of them looks at before it writes is so until it has
//! written.
//!
//! Invariant: whoever has the turn is the only one who enters or withdraws rows. One process writes to a register, so an
//! import that is open while nobody has the turn was cut off.

use crate::Error;
use ports::Fault;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a correction waits for the turn; an import may take minutes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose turn it is.
#[derive(Default)]
pub(crate) struct Turns {
    taken: Mutex<bool>,
    given_back: Condvar,
}

/// The turn, given back when it is dropped.
pub(super) struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.given_back.notify_one();
    }
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn, when it comes.
    pub(super) fn wait(&self) -> Turn<'_> {
        let free = self.given_back.wait_while(self.lock(), |taken| *taken);
        *free.unwrap_or_else(PoisonError::into_inner) = true;
        Turn(self)
    }

    /// The turn, if it comes soon; else the same may be sent again later.
    pub(super) fn soon(&self) -> Result<Turn<'_>, Error> {
        let free = self.given_back.wait_timeout_while(self.lock(), PATIENCE, |taken| *taken);
        let (mut taken, late) = free.unwrap_or_else(PoisonError::into_inner);
        if late.timed_out() {
            return Err(Fault::Busy { code: "import-running" }.into());
        }
        *taken = true;
        drop(taken);
        Ok(Turn(self))
    }

    /// Whether somebody has the turn.
    pub(super) fn taken(&self) -> bool {
        *self.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_get_the_turn_soon_is_told_to_come_again() {
        let turns = Turns::default();
        let turn = turns.wait();
        let late = turns.soon().err();
        assert_eq!(late.as_ref().map(Error::code), Some("import-running"));
        assert!(matches!(late, Some(Error::Fault(fault)) if fault.passes()));
        drop(turn);
        assert!(turns.soon().is_ok());
    }
}
